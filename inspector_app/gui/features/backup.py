"""Backups in the window: made while it runs, and put back; what can be made again is wiped."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox

from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import Right
from inspector_app.gui.dialogs import files
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.features.access import Access
from inspector_app.gui.wording.problems import problem_words

if TYPE_CHECKING:
    from inspector_app.gui.main_window import MainWindow


class Backup(QObject):
    """Lives as long as the window.

    Args:
        window: Gets the actions.
        access: Copies the records.
    """

    def __init__(self, window: "MainWindow", access: Access, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._session, self._access = window, window.session, access
        self.question: QMessageBox | None = None
        window.actions_by_name.on("back_up", self.back_up)
        window.actions_by_name.on("restore", self.restore)
        window.actions_by_name.on("wipe_caches", self.wipe_caches)
        # Once, and after what the window itself waits for.
        self._session.desk.records_listed.connect(
            self._look, Qt.ConnectionType.SingleShotConnection
        )

    def _look(self, _lines: object) -> None:
        self._access.look_at_records(self._on_looked)

    def back_up(self) -> None:
        """Copy all records to a new file, while everything goes on."""
        if name := files.backup(self._window):
            self._access.back_up(name, self._session.report_written.emit, self._say)

    def restore(self) -> None:
        """Ask which backup, and once more whether it is meant."""
        if (refusal := self._session.presence.refusal(Right.USERS)) is not None:
            self._session.noticed.emit(refusal)
        elif name := files.backup_to_open(self._window):
            self.ask(name)

    def ask(self, name: str) -> None:
        """Whether a backup is to take the place of the records."""
        words = self.tr(
            "Put this backup in the place of the records? These are kept beside it, and can be put "
            "back in the same way."
        )
        question = QMessageBox(
            QMessageBox.Icon.NoIcon,
            self.tr("Put a backup back"),
            words,
            QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel,
            self._window,
        )
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setInformativeText(name)
        go = question.button(QMessageBox.StandardButton.Ok)
        go.setText(self.tr("Put it back"))
        go.clicked.connect(lambda: self._put_back(name))
        question.button(QMessageBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self.question = question
        question.open()

    def _put_back(self, name: str) -> None:
        operator = self._session.presence.operator
        by = "" if operator is None else operator.name
        self._access.restore(name, by=by, then=self._on_restored, refused=self._say)

    def _on_restored(self, kept: str) -> None:
        text = self.tr("The records are those of the backup.")
        hint = self.tr("The ones before are kept in {path}.").format(path=kept) if kept else ""
        self._session.noticed.emit(Notice(Kind.DONE, text, hint=hint))
        self._session.desk.list_records()
        self._session.book.open(self._session.picture)

    def wipe_caches(self) -> None:
        """Take away what can be made again, and the logs; nothing that people did is in them."""
        if (refusal := self._session.presence.refusal(Right.SETTINGS)) is not None:
            self._session.noticed.emit(refusal)
        else:
            self._access.wipe_caches(self._on_wiped, self._say)

    def _on_wiped(self, count: int) -> None:
        text = self.tr("%n files of logs and caches were taken away.", "", count)
        if not count:
            text = self.tr("There were no logs and caches to take away.")
        hint = self.tr("Records, settings, presets and models are untouched.")
        self._session.noticed.emit(Notice(Kind.DONE, text, hint=hint))

    def _on_looked(self, trouble: str) -> None:
        if trouble:
            text = problem_words(trouble)
            hint = self.tr(
                "What can be read is shown, and nothing is added. Put a backup back: Tools, Put a "
                "backup back."
            )
            self._session.noticed.emit(Notice(Kind.TROUBLE, text, hint=hint))

    def _say(self, problem: Problem) -> None:
        self._session.noticed.emit(Notice.of(problem))
