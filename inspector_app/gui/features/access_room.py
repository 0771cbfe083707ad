"""Joins users to the window: signing in and out, the locked window, users, the trail."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QToolButton

from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import Operator, Right
from inspector_app.domain.settings import Settings
from inspector_app.domain.wording import inert
from inspector_app.gui.dialogs import files
from inspector_app.gui.dialogs.users import UsersDialog
from inspector_app.gui.facts import Notice
from inspector_app.gui.features.access import Access
from inspector_app.gui.features.backup import Backup
from inspector_app.gui.features.lock import Idle, LockScreen
from inspector_app.gui.features.signing import Signing
from inspector_app.gui.features.standing import Standing
from inspector_app.gui.features.switching import Switching
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.presence import role_word
from inspector_app.gui.worker import Bridge, Perform

_GUARDED = {
    "presets": Right.PRESETS,
    "studies": Right.PRESETS,
    "settings": Right.SETTINGS,
    "models": Right.SETTINGS,
    "users": Right.USERS,
    "trail": Right.REVIEW,
    "restore": Right.USERS,
    "wipe_caches": Right.SETTINGS,
    "read_first": Right.SETTINGS,
}
_MINUTE_MS = 60_000


class AccessRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Is locked, and gets the actions.
        perform: Does what is asked about users.
        who: Who works where nobody has to sign in.
    """

    def __init__(self, window: MainWindow, perform: Perform, who: str) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self._presence, self._who = window.session.presence, who
        bridge = Bridge(perform, name="users", parent=self)
        self._session.care_for(bridge)
        self.access = Access(bridge, self)
        self.switching = Switching(window, window.session, self.access, who)
        self.screen = LockScreen(window, window.look)
        self.idle = Idle(self)
        self.standing = Standing(self._presence, self.access, self)
        self.signing = Signing(window, self.access, self)
        self.backup = Backup(window, self.access, self)
        self.users: UsersDialog | None = None
        self.chip = QToolButton()
        self.chip.setObjectName("chip")
        self.chip.setAutoRaise(True)
        self.chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.chip.setIconSize(QSize(16, 16))
        window.status.add(self.chip)
        self._connect()
        self._presence.be("" if self.switching.is_on else who)

    def _connect(self) -> None:
        window, on = self._window, self._window.actions_by_name.on
        self.screen.tried.connect(self._on_tried)
        self.screen.left.connect(window.close)
        window.destroyed.connect(self.screen.deleteLater)
        self.idle.passed.connect(self.lock)
        self.standing.gone.connect(self._on_gone)
        self.switching.came.connect(self._on_signed_in)
        self.switching.left.connect(self._on_switched_off)
        self.chip.clicked.connect(self.sign_out)
        on("users", self.open_users)
        on("lock_window", self.lock)
        on("sign_out", self.sign_out)
        on("trail", self.save_trail)
        self._presence.changed.connect(self._show)
        self._session.read_first.changed.connect(self._show)
        self._session.settings_changed.connect(self._on_settings)
        window.look.changed.connect(self._show)
        window.installEventFilter(self)

    def begin(self) -> None:
        """Ask who works, where somebody has to sign in, before anything can be seen."""
        if self.switching.is_on:
            self.screen.come_down()

    # Signing in and out --------------------------------------------------------------

    def lock(self) -> None:
        """Cover the window; what runs goes on, and what is on its way is stored."""
        self._leave(is_lock=True)

    def sign_out(self) -> None:
        """Let somebody else sign in; the pictures stay where they are."""
        self._leave(is_lock=False)

    def _on_gone(self, problem: Problem) -> None:
        if not self.screen.is_down:
            self.sign_out()
            self.screen.form.refuse(problem)

    def _leave(self, *, is_lock: bool) -> None:
        if self._presence.operator is None or self.screen.is_down:
            return
        self.idle.watch(0)
        who = self._presence.who
        self.access.note(who, is_lock=is_lock)
        self.screen.come_down(who if is_lock else "")

    def _on_tried(self, name: str, password: str) -> None:
        self.access.sign_in(
            name,
            password,
            unlocks=self.screen.locked_for,
            then=self._on_signed_in,
            refused=self.screen.form.refuse,
        )

    def _on_signed_in(self, operator: Operator) -> None:
        is_same = operator.name == self._presence.who
        self._presence.be(operator.name, operator)
        if self.screen.is_down:
            self.screen.lift(brings_back=is_same)
        self._watch()

    def _on_switched_off(self) -> None:
        self._presence.be(self._who)
        self._watch()

    def _on_settings(self, _settings: Settings) -> None:
        self._watch()

    def _watch(self) -> None:
        is_in = self._presence.operator is not None and not self.screen.is_down
        self.idle.watch(self._session.settings.lock_minutes * _MINUTE_MS if is_in else 0)

    # Users and the trail -------------------------------------------------------------

    def open_users(self) -> None:
        """Show the users to whoever looks after them; the first admin is made here, too."""
        operator = self._presence.operator
        if operator is None:
            self.switching.prove_admin(self._open_for)
        elif (refusal := self._presence.refusal(Right.USERS)) is not None:
            self._session.noticed.emit(refusal)
        else:
            self._open_for(operator)

    def _open_for(self, admin: Operator) -> None:
        if self.users is None:
            self.users = UsersDialog(self.access.change, self._window)
        dialog = self.users

        def show(known: Sequence[Operator]) -> None:
            dialog.open_for(admin.name, known)

        self.access.everybody(show, self._say)

    def save_trail(self) -> None:
        """Write who did what and when to a file."""
        if (name := files.trail(self._window)) and not self.screen.is_down:
            hides = self._session.veil.is_down
            self.access.write_trail(name, hides=hides, then=self._on_trail, refused=self._say)

    def _on_trail(self, path: str) -> None:
        self._session.report_written.emit(path)

    def _say(self, problem: Problem) -> None:
        self._session.noticed.emit(Notice.of(problem))

    # Showing -------------------------------------------------------------------------

    def _show(self) -> None:
        operator = self._presence.operator
        for name, right in _GUARDED.items():
            self._window.actions_by_name[name].setEnabled(self._presence.may(right))
        if self._session.read_first.is_hiding:
            # It holds verdicts.
            self._window.actions_by_name["trail"].setEnabled(False)
        for name in ("lock_window", "sign_out"):
            self._window.actions_by_name[name].setEnabled(operator is not None)
        self.chip.setVisible(operator is not None)
        self.chip.setAccessibleName(self.tr("Who works"))
        if operator is not None:
            words = self.tr("{name} · {role}").format(
                name=inert(operator.name, limit=60), role=role_word(operator.role)
            )
            self.chip.setText(words)
            self.chip.setAccessibleName(words)
            self.chip.setToolTip(self.tr("Who works. Press to sign out, or to let others sign in."))
            self.chip.setIcon(self._window.look.icon("lock"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        # The window is told of a change of language, this is not.
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
            self.signing.retranslate()
            if self.users is not None:
                self.users.retranslate()
        return super().eventFilter(watched, event)
