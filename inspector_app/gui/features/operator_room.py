"""Joins operator mode to the window: its action, the question who works, and its page."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.operating import Operating
from inspector_app.gui.panels.operator import OperatorPage
from inspector_app.gui.parts import plain

_LONGEST = 60


class OperatorRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Stands behind the page meanwhile.
        session: Does the work.
    """

    def __init__(self, window: MainWindow, session: LiveSession) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self.operating = Operating(session, self)
        self.page: OperatorPage | None = None
        self.dialog: BadgeDialog | None = None
        window.actions_by_name.on("operator", self.enter)

    def enter(self) -> None:
        """Ask who works, unless somebody has signed in, then show the page."""
        if self._session.presence.operator is not None:
            self._begin(self._session.presence.who)
            return
        self.dialog = BadgeDialog(self.operating.shift.operator, self._window)
        self.dialog.named.connect(self._begin)
        self.dialog.open()

    def _begin(self, operator: str) -> None:
        if self.page is None:
            self.page = OperatorPage(self._session, self.operating, self._window.look)
            self.page.left.connect(self.operating.end)
            self._window.destroyed.connect(self.page.deleteLater)
        self.operating.begin(operator)
        self.page.open_up()


class BadgeDialog(QDialog):
    """Asks who works; a badge scanner may type it.

    Signals:
        named: The name; never empty.
    """

    named = Signal(str)

    def __init__(self, before: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(before)
        self.name.setMaxLength(_LONGEST)
        self.name.selectAll()
        self._words = plain()
        self._words.setBuddy(self.name)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        for button in (self._ok, self._cancel):
            button.setIcon(QIcon())
        self._ok.setEnabled(bool(before.strip()))
        self.name.textChanged.connect(lambda text: self._ok.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for part in (self._words, self.name, buttons):
            layout.addWidget(part)
        self.retranslate()
        self.resize(400, 150)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Operator mode"))
        self._words.setText(self.tr("Who works? The name stands in every record."))
        self.name.setAccessibleName(self._words.text())
        self._ok.setText(self.tr("Begin the shift"))
        self._cancel.setText(self.tr("Cancel"))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            # The box has its own words by then; ours go before them.
            QTimer.singleShot(0, self, self.retranslate)

    def accept(self) -> None:
        """Tell the name; without one no shift begins."""
        if name := self.name.text().strip():
            self.named.emit(name)
            super().accept()
