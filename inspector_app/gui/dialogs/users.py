"""Who may work here: listed, added, changed, retired; nobody is ever deleted."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.access import AddUser, ChangeUser
from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import RIGHTS, Operator, Right, Role
from inspector_app.domain.wording import inert
from inspector_app.gui.dialogs.new_user import NewUserDialog
from inspector_app.gui.parts import muted, plain
from inspector_app.gui.presence import role_word
from inspector_app.gui.wording.problems import problem_line

_Everybody = Callable[[Sequence[Operator]], None]
Ask = Callable[[AddUser | ChangeUser, _Everybody, Callable[[Problem], None]], None]
"""Does what is asked, then calls the one function with everybody, or the other with why not."""


class UsersDialog(QDialog):
    """A table of users and what can be done to them.

    Args:
        ask: Stores what is wished.
    """

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._by = ""
        self._known: tuple[Operator, ...] = ()
        self.dialog: NewUserDialog | None = None
        self.table = QTableWidget(0, 4)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.itemSelectionChanged.connect(self._show_abilities)
        self.add, self.role = QPushButton(), QPushButton()
        self.password, self.retire = QPushButton(), QPushButton()
        self._rights, self.trouble = muted(), plain(role="trouble")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.rejected.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button, deed in (
            (self.add, self._add),
            (self.role, self._change_role),
            (self.password, self._change_password),
            (self.retire, self._retire),
        ):
            button.clicked.connect(deed)
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.table, 1)
        layout.addLayout(row)
        for part in (self.trouble, self._rights, self._buttons):
            layout.addWidget(part)
        self.resize(720, 460)
        self.retranslate()

    def open_for(self, by: str, known: Sequence[Operator]) -> None:
        """Show everybody to the one who looks after them."""
        self._by = by
        self.trouble.clear()
        self._show(known)
        self.show()
        self.raise_()
        self.activateWindow()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Users"))
        self.table.setAccessibleName(self.tr("Users"))
        heads = (self.tr("Name"), self.tr("Role"), self.tr("State"), self.tr("Last signed in"))
        self.table.setHorizontalHeaderLabels(heads)
        self.add.setText(self.tr("Add …"))
        self.role.setText(self.tr("Role …"))
        self.password.setText(self.tr("New password …"))
        self._rights.setText("\n".join(map(self._rights_of, Role)))
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        self._show(self._known)

    def _rights_of(self, role: Role) -> str:
        rights = ", ".join(role_word(one) for one in Right if one in RIGHTS[role])
        return self.tr("{role}: {rights}").format(role=role_word(role), rights=rights)

    @property
    def chosen(self) -> Operator | None:
        """The user whose row is selected."""
        at = self.table.currentRow()
        return self._known[at] if 0 <= at < len(self._known) else None

    def _show(self, known: Sequence[Operator]) -> None:
        before = self.chosen
        self._known = tuple(known)
        self.table.setRowCount(len(self._known))
        for at, one in enumerate(self._known):
            state = self.tr("active")
            if one.is_locked:
                state = self.tr("shut after wrong passwords")
            if one.is_retired:
                state = self.tr("retired")
            seen = one.seen[:16].replace("T", " ") or self.tr("never")
            for column, words in enumerate((one.name, role_word(one.role), state, seen)):
                item = QTableWidgetItem(inert(words, limit=80))
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(at, column, item)
        names = [one.name for one in self._known]
        self.table.selectRow(names.index(before.name) if before and before.name in names else 0)
        self._show_abilities()

    def _show_abilities(self) -> None:
        one = self.chosen
        for button in (self.role, self.password):
            button.setEnabled(one is not None and not one.is_retired)
        self.retire.setEnabled(one is not None)
        is_gone = one is not None and one.is_retired
        self.retire.setText(self.tr("Let return") if is_gone else self.tr("Retire"))

    def _add(self) -> None:
        words = self.tr("The name stands in every record, and is never given twice.")
        self._open(NewUserDialog(self.tr("Add a user"), words, parent=self), self._on_new)

    def _change_password(self) -> None:
        if (one := self.chosen) is not None:
            words = self.tr("An account that was shut is open again.")
            title = self.tr("Set the password")
            dialog = NewUserDialog(title, words, name=one.name, roles=(one.role,), parent=self)
            self._open(dialog, self._on_password)

    def _change_role(self) -> None:
        if (one := self.chosen) is not None:
            words = self.tr("The new role goes with a new password.")
            others = tuple(role for role in Role if role is not one.role)
            title = self.tr("Change the role")
            dialog = NewUserDialog(title, words, name=one.name, roles=others, parent=self)
            self._open(dialog, self._on_role)

    def _retire(self) -> None:
        if (one := self.chosen) is not None:
            wish = ChangeUser(one.name, is_retired=not one.is_retired, by=self._by)
            self._ask(wish, self._show, self._refuse)

    def _on_new(self, name: str, role: Role, password: str) -> None:
        self._wish(AddUser(name, role, password, by=self._by))

    def _on_password(self, name: str, _role: Role, password: str) -> None:
        self._wish(ChangeUser(name, password=password, by=self._by))

    def _on_role(self, name: str, role: Role, password: str) -> None:
        self._wish(ChangeUser(name, role=role, password=password, by=self._by))

    def _open(self, dialog: NewUserDialog, on_given: Callable[[str, Role, str], None]) -> None:
        self.trouble.clear()
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.given.connect(on_given)
        dialog.open()

    def _wish(self, wish: AddUser | ChangeUser) -> None:
        dialog = self.dialog
        if dialog is None:
            return

        def done(known: Sequence[Operator]) -> None:
            dialog.accept()
            self._show(known)

        self._ask(wish, done, dialog.refuse)

    def _refuse(self, problem: Problem) -> None:
        self.trouble.setText(problem_line(problem))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
