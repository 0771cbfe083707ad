"""The presets there are, and what can be done with the chosen one as a whole."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.preset_document import PresetEntry
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import plain_tip
from inspector_app.gui.presets import about_of, title_of

_WIDTH = 216


class PresetList(QWidget):
    """A list with buttons below it.

    Signals:
        chosen: Name of a preset.
        copy_wanted: A copy of the chosen one under a new name.
        import_wanted: A preset out of a file.
        export_wanted: The chosen one into a file.
        restore_wanted: The user's own is to go: a shipped one shows again, or none.
    """

    chosen = Signal(str)
    copy_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        # As wide as the buttons need in the language of the moment.
        self.list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.copy, self.restore = QPushButton(), QPushButton()
        self.take_in, self.hand_out = QPushButton(), QPushButton()
        self._entries: tuple[PresetEntry, ...] = ()
        self._name = ""
        self._edited: tuple[str, ...] = ()
        buttons = QGridLayout()
        buttons.setSpacing(6)
        for at, button in enumerate((self.copy, self.restore, self.take_in, self.hand_out)):
            button.setAutoDefault(False)
            buttons.addWidget(button, at // 2, at % 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.list.currentItemChanged.connect(self._on_row)
        self.copy.clicked.connect(self.copy_wanted)
        self.restore.clicked.connect(self.restore_wanted)
        self.take_in.clicked.connect(self.import_wanted)
        self.hand_out.clicked.connect(self.export_wanted)
        self.retranslate()

    def show_entries(
        self, entries: tuple[PresetEntry, ...], *, chosen: str, edited: Collection[str] = ()
    ) -> None:
        """List these, those marked of which something typed is not kept; no choice is told."""
        self._entries, self._name, self._edited = entries, chosen, tuple(edited)
        self.list.blockSignals(True)
        self.list.clear()
        for entry in entries:
            title = inert(title_of(entry.preset), limit=60)
            words = f"{title}\n{entry.name} · {self._whose(entry)}"
            if entry.name in self._edited:
                words += " · " + self.tr("not kept")
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, entry.name)
            item.setToolTip(plain_tip(inert(about_of(entry.preset), limit=400)))
            self.list.addItem(item)
            if entry.name == chosen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._show_abilities()

    def _whose(self, entry: PresetEntry) -> str:
        if not entry.is_own:
            return self.tr("shipped")
        return self.tr("changed") if entry.hides_shipped else self.tr("yours")

    def _on_row(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._name = item.data(Qt.ItemDataRole.UserRole)
            self._show_abilities()
            self.chosen.emit(self._name)

    def _show_abilities(self) -> None:
        entry = next((one for one in self._entries if one.name == self._name), None)
        self.restore.setEnabled(entry is not None and entry.is_own)
        would_vanish = entry is not None and entry.is_own and not entry.hides_shipped
        self.restore.setText(self.tr("Remove …") if would_vanish else self.tr("Restore …"))
        for button in (self.copy, self.hand_out):
            button.setEnabled(entry is not None)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.list.setAccessibleName(self.tr("Presets"))
        self.copy.setText(self.tr("Copy …"))
        self.take_in.setText(self.tr("Import …"))
        self.hand_out.setText(self.tr("Export …"))
        self.restore.setToolTip(self.tr("Take your own away; what was shipped shows again."))
        self.show_entries(self._entries, chosen=self._name, edited=self._edited)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
