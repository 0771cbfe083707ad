"""Working ahead of the user: one job at a time, in the gaps that the user's own work leaves.

What is to be done is decided anew before every job, so that the newest wish always comes first.
A job that is not wished for any more is stopped at its next step; nothing of it is stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from inspector_app.domain.inspection import Inspection, ModelFacts
from inspector_app.domain.messages import (
    Failed,
    Finished,
    Inspect,
    Message,
    Problem,
    Progressed,
    ReadPicture,
)
from inspector_app.gui.worker import Bridge

_LAST = 9
"""Urgency: after everything that somebody waits for."""

SETTLING_MS = 400
"""A number that is turned from 1 to 4 passes 2 and 3: the pause after which it is meant."""

BREATH_MS = 120
"""A picture that was just opened is on the screen before the next work for it begins."""

_READINGS = 3
"""As many pictures as the model remembers having read."""

_BUSY = frozenset({"asked", "model", "camera"})
"""Rests during which the model does not even read."""


class Rest(StrEnum):
    """Why nothing is inspected ahead at the moment."""

    NONE = ""
    PAUSED = "paused"  # the user said so
    ASKED = "asked"  # the user's own question goes first
    MODEL = "model"  # none is loaded
    CAMERA = "camera"  # a live camera has the model to itself
    QUESTION = "question"  # what stands in the field was not asked yet, or cannot be
    OPERATOR = "operator"  # parts are inspected one after the other
    DRAWN = "drawn"  # every picture needs its own rectangles


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do, as the session sees it.

    Attributes:
        here: The picture on the screen, or None.
        wishes: Inspections, that of the picture on the screen first; empty where nobody asked
            anything yet.
        readings: What the model may read when nothing is to be inspected.
        rest: Why nothing may be inspected, or `Rest.NONE`.
        model: What is loaded.
    """

    here: str | None = None
    wishes: tuple[Inspect, ...] = ()
    readings: tuple[ReadPicture, ...] = ()
    rest: Rest = Rest.NONE
    model: ModelFacts | None = None


@dataclass(frozen=True, slots=True)
class AheadState:
    """How far it is.

    Attributes:
        is_on: Whether the user wants pictures to be inspected ahead.
        done: How many of the next pictures have their answer.
        total: How many shall have it.
        failed: At how many it went wrong.
        rest: Why nothing is done at the moment.
    """

    is_on: bool = False
    done: int = 0
    total: int = 0
    failed: int = 0
    rest: Rest = Rest.NONE


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """An inspection that waits for somebody to look."""

    wish: Inspect
    inspection: Inspection


class Ahead(QObject):
    """Reads and inspects pictures before the user comes to them.

    Args:
        bridge: To the thread of the model, which others use too.
        plan: What there is to do now; asked again before every job.
        is_known: Whether an answer to a wish is at hand without one made here.

    Signals:
        changed: `AheadState`.
        running_changed: Locator of the picture being inspected, or None.
        finished: (`Inspect`, `Inspection` without the pixels of the whole picture).
        failed: (`Inspect`, `Problem`).
        withdrawn: Locator of a picture whose answer does not answer what is asked now.
    """

    changed = Signal(object)
    running_changed = Signal(object)
    finished = Signal(object, object)
    failed = Signal(object, object)
    withdrawn = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        *,
        plan: Callable[[], Plan],
        is_known: Callable[[Inspect], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ask_plan = plan
        self._is_known = is_known
        self._plan = Plan()
        self._job: int | None = None
        self._doing: Inspect | ReadPicture | None = None
        self._leaving: dict[int, Inspect | ReadPicture] = {}
        self._made: dict[str, _Made] = {}
        self._troubles: dict[str, tuple[Inspect, Problem]] = {}
        self._has_read: list[tuple[str, tuple[str, ...]]] = []
        self._is_closed = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._go_on)
        self.is_on = False
        self.is_paused = False
        self.state = AheadState()

    @property
    def running(self) -> str | None:
        """The picture that is being inspected, or None."""
        return self._doing.locator if isinstance(self._doing, Inspect) else None

    # What the session says -------------------------------------------------------------

    def switch(self, *, is_on: bool) -> None:
        """Inspect ahead, or stop it: what runs is given up, what failed is tried again later."""
        if is_on != self.is_on:
            self.is_on, self.is_paused = is_on, False
            self._troubles.clear()
            self.look()

    def pause(self, *, is_paused: bool) -> None:
        """Do nothing ahead for now, or go on."""
        if self.is_on and is_paused != self.is_paused:
            self.is_paused = is_paused
            self.look()

    def look(self, *, after_ms: int = 0) -> None:
        """Something changed: decide anew; a moment later where more changes may follow."""
        if not self._is_closed:
            self._soon.start(after_ms)

    def close(self) -> None:
        """Begin nothing any more."""
        self._is_closed = True
        self._soon.stop()
        self.give_way()

    def give_way(self) -> None:
        """Somebody else needs the model now: what runs stops at its next step.

        A job that had come past its last step is finished all the same, and counts.
        """
        if self._job is not None and self._doing is not None:
            self._bridge.cancel(self._job)
            self._leaving[self._job] = self._doing
            self._end_job()

    def forget_model(self) -> None:
        """Another model is loaded: it has read nothing, and nothing is its answer."""
        self.give_way()
        self._has_read.clear()
        self._troubles.clear()
        for locator in list(self._made):
            self.withdraw(locator)

    def forget(self, locator: str) -> None:
        """The user asked about this picture: what was made here is no news any more."""
        self._made.pop(locator, None)
        self._troubles.pop(locator, None)
        self.look()

    def withdraw(self, locator: str) -> None:
        """An answer that was made here does not hold any more."""
        if self._made.pop(locator, None) is not None:
            self.withdrawn.emit(locator)

    def answer_to(
        self, wish: Inspect, *, sha256: str, model: ModelFacts | None
    ) -> Inspection | None:
        """The answer of this model to this very wish about a picture with these bytes.

        One that was made of other bytes is withdrawn: it is made anew.
        """
        made = self._made.get(wish.locator)
        if made is None:
            return None
        if made.inspection.provenance.sha256 != sha256:
            self.withdraw(wish.locator)
            self.look()
            return None
        holds = made.wish == wish and made.inspection.model == model
        return made.inspection if holds else None

    def trouble_of(self, locator: str) -> Problem | None:
        """Why a picture could not be inspected."""
        found = self._troubles.get(locator)
        return found[1] if found is not None else None

    # What is done ----------------------------------------------------------------------

    def _go_on(self) -> None:
        self._plan = self._ask_plan()
        self._drop_what_is_stale()
        wanted = self._next()
        if self._job is not None and wanted != self._doing:
            self.give_way()
        if self._job is None and wanted is not None:
            self._doing = wanted
            self._job = self._bridge.submit(wanted, tell=self._on_message, urgency=_LAST)
            if isinstance(wanted, Inspect):
                self.running_changed.emit(wanted.locator)
        self._tell()

    def _next(self) -> Inspect | ReadPicture | None:
        """What is to be done now; the job that runs, while it is still the first wish."""
        plan = self._plan
        if self.is_paused or plan.rest in _BUSY:
            return None
        if self.is_on and plan.rest is Rest.NONE:
            for wish in plan.wishes:
                if not self._is_done(wish):
                    return wish
        waiting = (one for one in plan.readings if (one.locator, one.windows) not in self._has_read)
        return next(waiting, None)

    def _is_done(self, wish: Inspect) -> bool:
        made, failed = self._made.get(wish.locator), self._troubles.get(wish.locator)
        if made is not None and made.wish == wish and made.inspection.model == self._plan.model:
            return True
        return (failed is not None and failed[0] == wish) or self._is_known(wish)

    def _drop_what_is_stale(self) -> None:
        """Keep at hand what is wished for; what answers another question is no answer."""
        wishes = {wish.locator: wish for wish in self._plan.wishes}
        for locator, made in list(self._made.items()):
            wish = wishes.get(locator)
            if wish is not None and made.wish != wish:
                self.withdraw(locator)
            elif wish is None and wishes:
                # Its record stays in the store, and is fetched from there.
                del self._made[locator]

    def _on_message(self, message: Message) -> None:
        if isinstance(message, Progressed):
            return
        doing = self._leaving.pop(message.job, None)
        is_given_up = doing is not None
        if message.job == self._job:
            doing = self._doing
            self._end_job()
        if isinstance(doing, ReadPicture) and not is_given_up:
            self._has_read = [*self._has_read, (doing.locator, doing.windows)][-_READINGS:]
        elif isinstance(doing, Inspect):
            self._take(doing, message)
        self.look()

    def _take(self, wish: Inspect, message: Message) -> None:
        if isinstance(message, Finished):
            self._made[wish.locator] = _Made(wish, message.value)
            self._troubles.pop(wish.locator, None)
            self.finished.emit(wish, message.value)
        elif isinstance(message, Failed):
            self._troubles[wish.locator] = (wish, message.problem)
            self.failed.emit(wish, message.problem)

    def _end_job(self) -> None:
        is_inspecting = isinstance(self._doing, Inspect)
        self._job, self._doing = None, None
        if is_inspecting:
            self.running_changed.emit(None)

    def _tell(self) -> None:
        # The picture on the screen is not ahead of anybody.
        wishes = [wish for wish in self._plan.wishes if wish.locator != self._plan.here]
        failed = sum(self._troubles.get(wish.locator, (None,))[0] == wish for wish in wishes)
        done = sum(self._is_done(wish) for wish in wishes) - failed
        rest = Rest.PAUSED if self.is_paused else self._plan.rest
        state = AheadState(self.is_on, done, len(wishes), failed, rest)
        if state != self.state:
            self.state = state
            self.changed.emit(state)
