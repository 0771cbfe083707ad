"""Whether whoever works with the window may do so yet: an admin can change that from elsewhere."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import Operator
from inspector_app.gui.features.access import Access
from inspector_app.gui.presence import Presence

_EVERY_MS = 10_000


class Standing(QObject):
    """Asks now and then while somebody is signed in; a role that changed holds at once.

    Args:
        presence: Who works.
        access: Knows the accounts.

    Signals:
        gone: `Problem`: this person was retired, and has to leave.
    """

    gone = Signal(object)

    def __init__(self, presence: Presence, access: Access, parent: QObject) -> None:
        super().__init__(parent)
        self._presence, self._access = presence, access
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        presence.changed.connect(self._on_changed)

    def look(self) -> None:
        """Ask now."""
        # Records that cannot be read are told of where they are listed.
        self._access.everybody(self._compare, lambda _problem: None)

    def _on_changed(self) -> None:
        if self._presence.operator is None:
            self._timer.stop()
        else:
            self._timer.start()

    def _compare(self, known: Sequence[Operator]) -> None:
        who = self._presence.operator
        now = next((one for one in known if who is not None and one.name == who.name), None)
        if who is None or now is None:
            return
        if now.is_retired:
            words = f"{now.name} works here no more."
            self.gone.emit(Problem(words, hint="Let somebody else sign in."))
        elif now.role is not who.role:
            self._presence.be(now.name, now)
