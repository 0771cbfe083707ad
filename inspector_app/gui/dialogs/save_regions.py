"""Into which preset the regions of the picture go, and whether they follow the part."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QVBoxLayout,
    QWidget,
)

from inspector_app.gui.parts import muted, plain

_LONGEST = 80


class SaveRegionsDialog(QDialog):
    """Asks for a preset: one of those there are, or the name of a new one.

    Args:
        names: Of the presets there are.
        current: The one in use, or "".
        count: Regions that would be saved.

    Signals:
        chosen: (name, whether the regions follow the part).
    """

    chosen = Signal(str, bool)

    def __init__(
        self, names: Sequence[str], *, current: str, count: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save regions into a preset"))
        words = plain(self.tr("Preset for the %n region(s), or the name of a new one:", "", count))
        self.name = QComboBox()
        self.name.setEditable(True)
        self.name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.name.addItems(list(names))
        self.name.setCurrentText(current)
        self.name.setAccessibleName(words.text())
        if (line := self.name.lineEdit()) is not None:
            line.setMaxLength(_LONGEST)
        words.setBuddy(self.name)
        self.follows = QCheckBox(self.tr("The regions follow the part"))
        self.follows.setChecked(True)
        note = muted(
            self.tr(
                "A copy of this picture is kept with the preset: by it the part is found again "
                "where it was shifted, turned or scaled. The regions of the preset are replaced."
            )
        )
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(self.tr("Save"))
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Cancel"))
        for button in (self.ok, cancel):
            button.setIcon(QIcon())
        self.ok.setEnabled(bool(current.strip()))
        self.name.currentTextChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for part in (words, self.name, self.follows, note, buttons):
            layout.addWidget(part)
        self.resize(480, 290)

    def accept(self) -> None:
        """Tell the name; without one nothing is saved."""
        if name := self.name.currentText().strip():
            self.chosen.emit(name, self.follows.isChecked())
            super().accept()
