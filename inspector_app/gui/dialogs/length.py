"""How long a line is in truth: the one question of a calibration."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QVBoxLayout, QWidget

from inspector_app.gui.parts import plain

_MOST_MM = 1e5


class LengthDialog(QDialog):
    """Asks for millimetres.

    Args:
        pixels: How long the line is on the picture.

    Signals:
        told: The length in millimetres.
    """

    told = Signal(float)

    def __init__(self, pixels: float, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Calibrate"))
        question = self.tr("The last length is {pixels} px long. How many millimetres are these?")
        words = plain(question.format(pixels=f"{pixels:.1f}"))
        self.length = QDoubleSpinBox()
        self.length.setAccessibleName(self.tr("Length in millimetres"))
        self.length.setSuffix(" mm")
        self.length.setDecimals(3)
        self.length.setRange(0.001, _MOST_MM)
        self.length.setValue(10.0)
        words.setBuddy(self.length)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        for which, text in (
            (QDialogButtonBox.StandardButton.Ok, self.tr("Calibrate")),
            (QDialogButtonBox.StandardButton.Cancel, self.tr("Cancel")),
        ):
            buttons.button(which).setText(text)
            buttons.button(which).setIcon(QIcon())
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.told.emit(self.length.value()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for part in (words, self.length, buttons):
            layout.addWidget(part)
        self.resize(380, 150)
        self.length.selectAll()
