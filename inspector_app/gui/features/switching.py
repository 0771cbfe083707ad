"""Switching on and off that everybody has to sign in: only an admin does, and it is kept."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from inspector_app.domain.access import AddUser
from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import Operator, Right, Role
from inspector_app.domain.settings import Settings
from inspector_app.gui.dialogs.new_user import NewUserDialog
from inspector_app.gui.dialogs.proof import ProofDialog
from inspector_app.gui.facts import Notice
from inspector_app.gui.features.access import Access
from inspector_app.gui.session import Session

Then = Callable[[Operator], None]


class Switching(QObject):
    """Follows the setting, and puts it back where nobody may change it.

    Args:
        window: Parent of what asks.
        session: Has the setting.
        access: Stores users.
        who: Who works where nobody has to sign in.

    Signals:
        came: `Operator` who works from now on: sign-in was switched on.
        left: Nobody has to sign in any more.
    """

    came = Signal(object)
    left = Signal()

    def __init__(self, window: QWidget, session: Session, access: Access, who: str) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._access, self._who = access, who
        self.is_on = session.settings.require_sign_in
        self.dialog: NewUserDialog | None = None
        self.proof: ProofDialog | None = None
        session.settings_changed.connect(self._follow)

    def prove_admin(self, then: Then, given_up: Callable[[], None] = lambda: None) -> None:
        """Ask for an admin's password, or for the first admin where there is none."""

        def asked(known: Sequence[Operator]) -> None:
            has_admin = any(one.role is Role.ADMIN and not one.is_retired for one in known)
            ask = self._ask_admin if has_admin else self._ask_first
            ask(then, given_up)

        def refused(problem: Problem) -> None:
            given_up()
            self._say(problem)

        self._access.everybody(asked, refused)

    def _follow(self, settings: Settings) -> None:
        if settings.require_sign_in == self.is_on:
            return
        self.is_on = settings.require_sign_in
        if self.is_on:
            self.prove_admin(self._switch_on, partial(self._back, is_on=False))
        else:
            self._access.require(
                is_on=False,
                by=self._session.presence.who,
                then=self.left.emit,
                refused=partial(self._back, is_on=True),
            )

    def _switch_on(self, admin: Operator) -> None:
        self._access.require(
            is_on=True,
            by=admin.name,
            then=lambda: self.came.emit(admin),
            refused=partial(self._back, is_on=False),
        )

    def _back(self, problem: Problem | None = None, *, is_on: bool) -> None:
        self.is_on = is_on
        self._session.choose("require_sign_in", is_on)
        if problem is not None:
            self._say(problem)

    def _say(self, problem: Problem) -> None:
        self._session.noticed.emit(Notice.of(problem))

    def _ask_first(self, then: Then, given_up: Callable[[], None]) -> None:
        words = self.tr(
            "There are no users yet. The first one looks after all others; without this password "
            "nobody can."
        )
        title = self.tr("Add the first admin")
        dialog = NewUserDialog(title, words, roles=(Role.ADMIN,), parent=self._window)

        def add(name: str, role: Role, password: str) -> None:
            wish = AddUser(name, role, password, by=self._who)
            self._access.change(wish, done, dialog.refuse)

        def done(known: Sequence[Operator]) -> None:
            dialog.accept()
            then(next(one for one in known if one.role is Role.ADMIN and not one.is_retired))

        dialog.given.connect(add)
        dialog.rejected.connect(given_up)
        self.dialog = dialog
        dialog.open()

    def _ask_admin(self, then: Then, given_up: Callable[[], None]) -> None:
        dialog = ProofDialog(self._window)

        def proven(operator: Operator) -> None:
            if operator.may(Right.USERS):
                dialog.accept()
                then(operator)
            else:
                words = "Users are looked after by an admin."
                dialog.refuse(Problem(words, hint="Sign in as one and try again."))

        dialog.given.connect(
            lambda name, password: self._access.sign_in(
                name, password, then=proven, refused=dialog.refuse
            )
        )
        dialog.rejected.connect(given_up)
        self.proof = dialog
        dialog.open()
