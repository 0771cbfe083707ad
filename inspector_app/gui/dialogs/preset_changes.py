"""What a preset says otherwise than the shipped one of its name."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.preset_document import Change
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import muted
from inspector_app.gui.wording.preset_words import change_label

_NOTHING = "\N{EN DASH}"


class ChangesPage(QWidget):
    """A table: entry, shipped, here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = muted()
        self.table = QTableWidget(0, 3)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setWordWrap(True)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._changes: tuple[Change, ...] | None = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.addWidget(self.words)
        layout.addWidget(self.table, 1)
        layout.addStretch()
        self.retranslate()

    def show_changes(self, changes: tuple[Change, ...] | None) -> None:
        """These; None where none is shipped under that name."""
        self._changes = changes
        rows = changes or ()
        self.table.setVisible(bool(rows))
        self.table.setRowCount(len(rows))
        for row, change in enumerate(rows):
            cells = (change_label(change), change.before or _NOTHING, change.after or _NOTHING)
            for column, words in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(inert(words, limit=400)))
        self.table.resizeRowsToContents()
        if changes is None:
            self.words.setText(self.tr("No preset of this name is shipped."))
        elif not changes:
            self.words.setText(self.tr("It says the same as the shipped preset of this name."))
        else:
            self.words.setText(
                self.tr("%n entry(s) differ from the shipped preset of this name:", "", len(rows))
            )

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.table.setAccessibleName(self.tr("Differences"))
        heads = (self.tr("Entry"), self.tr("Shipped"), self.tr("Here"))
        self.table.setHorizontalHeaderLabels(heads)
        self.show_changes(self._changes)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
