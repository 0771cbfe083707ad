"""What a study chose, and putting it into a preset, after asking."""

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMessageBox, QPushButton, QVBoxLayout, QWidget

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.operators import Right
from inspector_app.domain.studies import StudyFound
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.parts import plain
from inspector_app.gui.presets import Presets, title_of
from inspector_app.gui.session import Session
from inspector_app.gui.wording.study_words import way_word
from inspector_app.gui.wording.words import percent_words
from inspector_app.gui.worker import problem_of


class StudyChoice(QWidget):
    """The best way of looking; hidden where a study chose none.

    Args:
        presets: Take the choice.
        session: Is told what was done.
    """

    def __init__(self, presets: Presets, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets, self._session = presets, session
        self._found: StudyFound | None = None
        self.words = plain()
        self.preset, self.apply = QComboBox(), QPushButton()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.preset, 1)
        row.addWidget(self.apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addLayout(row)
        self.apply.setAutoDefault(False)
        self.apply.clicked.connect(self._ask)
        presets.listed.connect(self._list)
        session.presence.changed.connect(self._list)
        self._list()
        self.hide()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.apply.setText(self.tr("Look this way in the preset …"))
        self._list()
        self.show_found(self._found)

    def show_found(self, found: StudyFound | None) -> None:
        """Show what was chosen, if anything was."""
        self._found = found
        choice = None if found is None else found.choice
        self.setVisible(choice is not None)
        if found is None or choice is None:
            return
        words = self.tr("Chosen: {way}.").format(way=way_word(choice.words))
        unseen = found.unseen
        if unseen is None:
            more = self.tr("Label at least 20 pictures to know how it does on others.")
        else:
            share, low, high = map(percent_words, (unseen.share, unseen.low, unseen.high))
            more = self.tr(
                "Chosen on one half of the pictures, it was right on {share} of the other "
                "half ({low} to {high})."
            ).format(share=share, low=low, high=high)
        self.words.setText(f"{words} {more}")

    def _list(self) -> None:
        current = self.preset.currentData() or (
            self._presets.current.name if self._presets.current is not None else ""
        )
        self.preset.clear()
        for entry in self._presets.entries:
            self.preset.addItem(title_of(entry.preset), entry.name)
        self.preset.setCurrentIndex(max(0, self.preset.findData(current)))
        may = self._session.presence.may(Right.PRESETS)
        self.apply.setEnabled(may and self.preset.count() > 0)

    def _ask(self) -> None:
        found, name = self._found, self.preset.currentData()
        entry = self._presets.entry(name) if name else None
        if found is None or found.choice is None or entry is None:
            return
        title = self.tr("Change the preset")
        words = self.tr('Shall the preset "{name}" look this way: {way}?').format(
            name=title_of(entry.preset), way=way_word(found.choice.words)
        )
        if QMessageBox.question(self, title, words) is QMessageBox.StandardButton.Yes:
            self.keep(name)

    def keep(self, name: str) -> None:
        """Put the choice into a preset; one that came with the program becomes the user's own."""
        found, entry = self._found, self._presets.entry(name)
        if found is None or found.choice is None or entry is None:
            return
        try:
            self._presets.shelf.keep(name, found.choice.onto_document(entry.document))
        except InspectorError as error:
            self._session.noticed.emit(Notice.of(problem_of(error)))
            return
        self._presets.refresh()
        current = self._presets.current
        if current is not None and current.name == name:
            self._presets.choose(name)
        words = self.tr('The preset "{name}" looks this way now.').format(name=name)
        self._session.noticed.emit(Notice(Kind.DONE, words))
