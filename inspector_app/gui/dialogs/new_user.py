"""A new account, another password: name, role, and a password typed twice."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import LONGEST_NAME, Role, shortest
from inspector_app.gui.dialogs.credentials import password_field
from inspector_app.gui.parts import plain, restyle
from inspector_app.gui.presence import role_word
from inspector_app.gui.wording.problems import problem_line


class NewUserDialog(QDialog):
    """Asks for what an account needs.

    Args:
        title: What is about to be done.
        words: Why it is asked.
        name: Of the user whose role or password is changed; "" for a new one.
        roles: Which can be chosen; the first one is proposed, one alone is not asked.

    Signals:
        given: (name, `Role`, password).
    """

    given = Signal(str, object, str)

    def __init__(
        self,
        title: str,
        words: str,
        *,
        name: str = "",
        roles: tuple[Role, ...] = tuple(Role),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.name, self.role = QLineEdit(name), QComboBox()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setReadOnly(bool(name))
        for role in roles:
            self.role.addItem(role_word(role), role)
        self.first, self.second = password_field(), password_field()
        self.hint, self.trouble = plain(role="muted"), plain(role="trouble")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(title)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Cancel"))
        for button in (self.ok, cancel):
            button.setIcon(QIcon())
        self.ok.clicked.connect(self._on_ok)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("Name"), self.name)
        if len(roles) > 1:
            form.addRow(self.tr("Role"), self.role)
        form.addRow(self.tr("New password or PIN"), self.first)
        form.addRow(self.tr("Once more"), self.second)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(plain(words))
        layout.addLayout(form)
        for part in (self.hint, self.trouble, buttons):
            layout.addWidget(part)
        for field in (self.name, self.first, self.second):
            field.textChanged.connect(lambda _text: self._show())
        self.role.currentIndexChanged.connect(lambda _at: self._show())
        self.setMinimumWidth(440)
        self._show()
        (self.first if name else self.name).setFocus()

    @property
    def chosen(self) -> Role:
        """The role."""
        return Role(self.role.currentData())

    def refuse(self, problem: Problem) -> None:
        """Say why not, and let it be tried again."""
        self.trouble.setText(problem_line(problem))
        restyle(self.trouble)
        self.ok.setEnabled(True)

    def _show(self) -> None:
        least = shortest(self.chosen)
        first, second = self.first.text(), self.second.text()
        self.trouble.clear()
        words = self.tr("At least {count} letters or digits.").format(count=least)
        if second and first != second:
            words = self.tr("The two are not the same yet.")
        self.hint.setText(words)
        is_whole = len(first) >= least and first == second
        self.ok.setEnabled(bool(self.name.text().strip()) and is_whole)

    def _on_ok(self) -> None:
        if self.ok.isEnabled():
            self.ok.setEnabled(False)
            self.given.emit(self.name.text().strip(), self.chosen, self.first.text())
