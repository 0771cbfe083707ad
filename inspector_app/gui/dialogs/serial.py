"""Which part? Asked where the picture holds no code, or several."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.code import LONGEST
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import plain

_MOST = 6
_WIDTH = 560


class SerialDialog(QDialog):
    """Offers what the picture holds; a scanner or a person may type another number.

    Args:
        found: Serial numbers in the picture.

    Signals:
        given: The number; "" for none.
    """

    given = Signal(str)

    def __init__(self, found: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Which part?"))
        told = (
            self.tr("The picture holds %n codes. Choose the part's, or scan it.", "", len(found))
            if found
            else self.tr("No code could be read in the picture. Scan or type the part's number.")
        )
        words = plain(told, role="word")
        self.choices = [self._choice(serial) for serial in found[:_MOST]]
        self.line = QLineEdit()
        self.line.setObjectName("serial")
        self.line.setMaxLength(LONGEST)
        self.line.setAccessibleName(told)
        self.line.setPlaceholderText(self.tr("Scan or type a number"))
        words.setBuddy(self.line)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(self.tr("Inspect"))
        self._ok.setEnabled(False)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Do not inspect"))
        self.without = QPushButton(self.tr("Without a number"))
        buttons.addButton(self.without, QDialogButtonBox.ButtonRole.ActionRole)
        for button in (self._ok, cancel, self.without, *self.choices):
            button.setIcon(QIcon())
            button.setProperty("role", "touch primary" if button is self._ok else "touch")
            button.setAutoDefault(button is self._ok)
        self.without.clicked.connect(lambda: self._give(""))
        self.line.textChanged.connect(lambda text: self._ok.setEnabled(bool(text.strip())))
        buttons.accepted.connect(lambda: self._give(self.line.text().strip()))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(14)
        for part in (words, *self.choices, self.line, buttons):
            layout.addWidget(part)
        self.setMinimumWidth(_WIDTH)
        self.line.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """As large as its words and buttons, which grow with the page behind it."""
        super().showEvent(event)
        hint = self.sizeHint()
        wide = max(_WIDTH, hint.width())
        layout = self.layout()
        high = layout.totalHeightForWidth(wide) if layout is not None else hint.height()
        self.resize(wide, max(high, self.minimumSizeHint().height()))

    def _choice(self, serial: str) -> QPushButton:
        button = QPushButton(inert(serial, limit=60).replace("&", "&&"))
        button.clicked.connect(lambda: self._give(serial))
        return button

    def _give(self, serial: str) -> None:
        self.given.emit(serial)
        super().accept()
