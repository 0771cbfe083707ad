"""Asks the room behind the window about users, signatures and the trail."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from inspector_app.domain.access import (
    AccessRequest,
    AddUser,
    BackUpRecords,
    ChangeUser,
    FindSignatures,
    ListUsers,
    LookAtRecords,
    NoteAccess,
    RequireSignIn,
    RestoreRecords,
    SignIn,
    SignRecord,
    WipeCaches,
    WriteTrail,
)
from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import Operator
from inspector_app.domain.signature import Meaning, Signature
from inspector_app.gui.papers import ending
from inspector_app.gui.worker import Bridge

Everybody = Callable[[Sequence[Operator]], None]
Signed = Callable[[Sequence[Signature]], None]
Refused = Callable[[Problem], None]


class Access(QObject):
    """One thread, because comparing a password takes a while on purpose.

    Args:
        bridge: To that thread.
    """

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge

    def sign_in(
        self,
        name: str,
        password: str,
        *,
        unlocks: str = "",
        then: Callable[[Operator], None],
        refused: Refused,
    ) -> None:
        """Prove who works; `unlocks` names the one in whose stead a window is opened."""
        self._ask(SignIn(name, password, unlocks), then, refused)

    def note(self, name: str, *, is_lock: bool) -> None:
        """Keep that a window was locked, or that somebody signed out."""
        self._ask(NoteAccess(name, is_lock), lambda _none: None, lambda _problem: None)

    def everybody(self, then: Everybody, refused: Refused) -> None:
        """All accounts there are."""
        self._ask(ListUsers(), then, refused)

    def change(self, wish: AddUser | ChangeUser, then: Everybody, refused: Refused) -> None:
        """Add a user, or change one."""
        self._ask(wish, then, refused)

    def require(self, *, is_on: bool, by: str, then: Callable[[], None], refused: Refused) -> None:
        """Keep that sign-in was switched on or off."""
        self._ask(RequireSignIn(is_on, by), lambda _none: then(), refused)

    def sign(
        self,
        record: int,
        meaning: Meaning,
        name: str,
        password: str,
        *,
        then: Signed,
        refused: Refused,
    ) -> None:
        """Sign a record as it stands now."""
        self._ask(SignRecord(record, meaning, name, password), then, refused)

    def signatures(self, record: int, then: Signed, refused: Refused) -> None:
        """The signatures under a record."""
        self._ask(FindSignatures(record), then, refused)

    def write_trail(
        self, destination: str, *, hides: bool, then: Callable[[str], None], refused: Refused
    ) -> None:
        """Write everything that was ever done."""
        self._ask(WriteTrail(destination, hides), then, refused)

    def look_at_records(self, then: Callable[[str], None]) -> None:
        """Whether the file of records is damaged."""
        # A file that cannot be opened at all is told where records are listed.
        self._ask(LookAtRecords(), then, lambda _problem: None)

    def back_up(self, destination: str, then: Callable[[str], None], refused: Refused) -> None:
        """Copy all records to a new file."""
        self._ask(BackUpRecords(destination), then, refused)

    def restore(
        self, source: str, *, by: str, then: Callable[[str], None], refused: Refused
    ) -> None:
        """Put a backup in the place of the records."""
        self._ask(RestoreRecords(source, by), then, refused)

    def wipe_caches(self, then: Callable[[int], None], refused: Refused) -> None:
        """Take away what can be made again, and the logs."""
        self._ask(WipeCaches(), then, refused)

    def _ask(self, request: AccessRequest, then: Callable[..., None], refused: Refused) -> None:
        self._bridge.submit(request, tell=ending(then, refused))
