"""Signing a record: what it means, and name and password once more."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QPushButton, QRadioButton, QVBoxLayout, QWidget

from inspector_app.domain.messages import Problem
from inspector_app.domain.signature import Meaning, Signature, signature_words
from inspector_app.gui.dialogs.credentials import Credentials
from inspector_app.gui.parts import muted, plain
from inspector_app.gui.presence import role_word


class SignDialog(QDialog):
    """Asks who signs, and as what.

    Args:
        record: Number of the inspection.
        name: Who works; proposed.

    Signals:
        given: (`Meaning`, name, password).
    """

    given = Signal(object, str, str)

    def __init__(self, record: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sign record {number}").format(number=record))
        self.before = plain()
        self.before.hide()
        self._meanings = QButtonGroup(self)
        self.meanings: dict[Meaning, QRadioButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.before)
        explained = {
            Meaning.REVIEWED: self.tr("Reviewed: I looked at the picture and what is said of it."),
            Meaning.APPROVED: self.tr("Approved: I stand for the result as it is now."),
        }
        for meaning, words in explained.items():
            button = QRadioButton(words)
            self._meanings.addButton(button)
            self.meanings[meaning] = button
            layout.addWidget(button)
        self.meanings[Meaning.REVIEWED].setChecked(True)
        self.form = Credentials()
        self.form.retranslate(self.tr("Sign"))
        self.form.given.connect(self._on_given)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.form.buttons.addWidget(self.cancel)
        layout.addWidget(self.form)
        # Only what stands in the dialog already can have its first focus.
        self.form.begin(name)
        layout.addWidget(
            muted(
                self.tr(
                    "The signature holds for the record as it is now; a later correction shows. "
                    "It helps meet 21 CFR Part 11."
                )
            )
        )
        self.setMinimumWidth(480)

    def show_before(self, signatures: Sequence[Signature]) -> None:
        """The signatures that there are already."""
        self.before.setText("\n".join(signed_words(one) for one in signatures))
        self.before.setVisible(bool(signatures))

    def refuse(self, problem: Problem) -> None:
        """Say why not, and let it be tried again."""
        self.form.refuse(problem)
        # The reason needs lines of its own; the fields would become lower for them else.
        self.adjustSize()

    def _on_given(self, name: str, password: str) -> None:
        meaning = next(one for one, button in self.meanings.items() if button.isChecked())
        self.given.emit(meaning, name, password)


def signed_words(one: Signature) -> str:
    """A signature in one line, in the language of the moment."""
    return signature_words(one, say=_say)


def _say(text: str) -> str:
    return role_word(text)
