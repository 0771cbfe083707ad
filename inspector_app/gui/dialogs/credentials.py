"""Name and password: asked in one place, for signing in, unlocking and signing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import LONGEST_NAME
from inspector_app.gui.parts import plain, restyle
from inspector_app.gui.wording.problems import problem_line

_LONGEST = 200


def password_field() -> QLineEdit:
    """Where a password is typed; nobody reads it over a shoulder, and no program completes it."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(_LONGEST)
    field.setInputMethodHints(
        Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
    )
    return field


class Credentials(QWidget):
    """Two fields, a button, and a line for what went wrong.

    Signals:
        given: (name, password); neither is empty.
    """

    given = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.password = QLineEdit(), password_field()
        self.name.setMaxLength(LONGEST_NAME)
        self.go = QPushButton()
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.setAutoDefault(True)
        self.trouble = plain()
        self._labels = (QLabel(), QLabel())
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for label, field in zip(self._labels, (self.name, self.password), strict=True):
            label.setBuddy(field)
            field.textChanged.connect(lambda _text: self._show())
            form.addRow(label, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(self.trouble)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.go)
        layout.addLayout(self.buttons)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._on_go)
        self.go.clicked.connect(self._on_go)
        self.retranslate()
        self._show()

    def retranslate(self, action: str = "") -> None:
        """Say everything in the language of the moment; `action` stands on the button."""
        for label, field, words in zip(
            self._labels,
            (self.name, self.password),
            (self.tr("Name"), self.tr("Password or PIN")),
            strict=True,
        ):
            label.setText(words)
            field.setAccessibleName(words)
        if action:
            self.go.setText(action)

    def begin(self, name: str = "", *, is_fixed: bool = False) -> None:
        """Ask anew."""
        self.name.setText(name)
        self.name.setReadOnly(is_fixed)
        self.password.clear()
        self.set_busy(is_busy=False)
        self.trouble.clear()
        (self.password if name else self.name).setFocus()

    def set_busy(self, *, is_busy: bool) -> None:
        """The password is being compared."""
        for part in (self.name, self.password):
            part.setEnabled(not is_busy)
        self.go.setEnabled(not is_busy)

    def refuse(self, problem: Problem) -> None:
        """Say why not, and let it be tried again."""
        self.set_busy(is_busy=False)
        self.trouble.setProperty("role", "trouble")
        restyle(self.trouble)
        self.trouble.setText(problem_line(problem))
        self.password.clear()
        self.password.setFocus()

    def _show(self) -> None:
        self.go.setEnabled(bool(self.name.text().strip() and self.password.text()))

    def _on_go(self) -> None:
        name, password = self.name.text().strip(), self.password.text()
        if name and password and self.name.isEnabled():
            self.trouble.clear()
            self.set_busy(is_busy=True)
            self.given.emit(name, password)
