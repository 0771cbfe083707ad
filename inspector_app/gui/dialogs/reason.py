"""Why: asked before something the program said is put aside."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from inspector_app.gui.parts import plain


class ReasonDialog(QDialog):
    """Asks for a reason; one of the usual ones, or words of one's own.

    Args:
        title: What is about to be done.
        question: What is asked.
        reasons: The usual ones.

    Signals:
        told: The reason; never empty.
    """

    told = Signal(str)

    def __init__(
        self, title: str, *, question: str, reasons: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.reason = QComboBox()
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.reason.addItems(list(reasons))
        self.reason.setCurrentText("")
        self.reason.setAccessibleName(question)
        if (line := self.reason.lineEdit()) is not None:
            line.setMaxLength(400)
        words = plain(question)
        words.setBuddy(self.reason)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(title)
        self._ok.setIcon(QIcon())
        self._ok.setEnabled(False)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Cancel"))
        cancel.setIcon(QIcon())
        self.reason.currentTextChanged.connect(lambda text: self._ok.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for part in (words, self.reason, buttons):
            layout.addWidget(part)
        self.resize(400, 150)

    def accept(self) -> None:
        """Tell the reason; without one nothing is done."""
        text = self.reason.currentText().strip()
        if text:
            self.told.emit(text)
            super().accept()
