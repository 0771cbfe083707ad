"""A camera as the window sees it: the newest picture, how it is, and one that stands still.

The window looks into the camera's mailbox at the rate of the screen. It never waits for the
camera, and that a picture is stale shows while the camera's own thread hangs.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inspector_app.domain.live import (
    FindCameras,
    FoundCamera,
    KeepShot,
    Live,
    Liveness,
    Shot,
    not_fresh,
)
from inspector_app.domain.messages import Failed, Finished, Message, Problem
from inspector_app.domain.ports import Watching
from inspector_app.gui.worker import Bridge, Perform

_LOOK_MS = 33


@dataclass(frozen=True, slots=True)
class Cameras:
    """The camera side of what the window is joined to.

    Attributes:
        watch: Begins to watch the camera at an address; returns at once.
        perform: Does `FindCameras` and `KeepShot`.
    """

    watch: Callable[[str], Watching]
    perform: Perform


class Eye(QObject):
    """One camera at a time, live or frozen.

    Args:
        cameras: What it is joined to.
        parent: Qt owner.

    Signals:
        live_changed: `Live` in a way that a user can see, or None when none is watched.
        shot_changed: The `Shot` to show, or None; not while frozen.
        frozen_changed: Whether the picture stands still.
    """

    live_changed = Signal(object)
    shot_changed = Signal(object)
    frozen_changed = Signal(bool)

    def __init__(self, cameras: Cameras, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cameras = cameras
        self._watch: Watching | None = None
        self._left: list[Watching] = []
        self._bridge: Bridge | None = None
        self._frozen: Shot | None = None
        self._told: tuple[object, ...] = ()
        self.shot: Shot | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_open(self) -> bool:
        """Whether a camera is watched."""
        return self._watch is not None

    @property
    def is_frozen(self) -> bool:
        """Whether the picture stands still."""
        return self._frozen is not None

    @property
    def address(self) -> str:
        """Of the camera, without password; empty for none."""
        return self._watch.address if self._watch is not None else ""

    @property
    def live(self) -> Live | None:
        """How the camera is at this moment."""
        return self._watch.live() if self._watch is not None else None

    def open(self, address: str) -> None:
        """Watch another camera; it says itself how it gets on."""
        self.close()
        self._watch = self._cameras.watch(address)
        self._timer.start()
        self._look()

    def close(self) -> None:
        """Watch none."""
        self._timer.stop()
        self.resume()
        if self._watch is not None:
            self._watch.close()
            # A camera that hangs is left to find its own way home.
            self._left = [left for left in self._left if not left.close()] + [self._watch]
        self._watch, self.shot, self._told = None, None, ()
        self.live_changed.emit(None)
        self.shot_changed.emit(None)

    def freeze(self) -> None:
        """Let the newest picture stand still.

        Raises:
            UnreadablePicture: there is none, or it is stale.
        """
        if self._frozen is None:
            self._frozen = self.shot = self.fresh()
            self.shot_changed.emit(self._frozen)
            self.frozen_changed.emit(True)

    def resume(self) -> None:
        """Live again."""
        if self._frozen is not None:
            self._frozen = None
            self.frozen_changed.emit(False)

    def fresh(self) -> Shot:
        """The picture that may be judged: the frozen one, or the newest while it is live.

        Raises:
            UnreadablePicture: there is none, or it is stale.
        """
        if self._frozen is not None:
            return self._frozen
        shot = self._watch.newest() if self._watch is not None else None
        live = self.live
        if shot is None or live is None or not live.is_live:
            raise not_fresh(live or Live(Liveness.CLOSED))
        return shot

    def keep(
        self, shot: Shot, *, then: Callable[[str], None], failed: Callable[[Problem], None]
    ) -> None:
        """Write a picture to a file, off the window's thread."""
        self._ask(KeepShot(shot), then=then, failed=failed)

    def find(self, then: Callable[[tuple[FoundCamera, ...]], None]) -> None:
        """Which cameras are there?"""
        self._ask(FindCameras(), then=then, failed=lambda _problem: then(()))

    def end(self, *, patience_s: float) -> bool:
        """Close everything; whether all threads have ended within `patience_s`."""
        self.close()
        ended = [left.close(patience_s=patience_s) for left in self._left]
        if self._bridge is not None:
            ended.append(self._bridge.close())
        return all(ended)

    def _ask(
        self,
        request: FindCameras | KeepShot,
        *,
        then: Callable[..., None],
        failed: Callable[[Problem], None],
    ) -> None:
        if self._bridge is None:
            self._bridge = Bridge(self._cameras.perform, name="camera desk", parent=self)

        def tell(message: Message) -> None:
            if isinstance(message, Finished):
                then(message.value)
            elif isinstance(message, Failed):
                failed(message.problem)

        self._bridge.submit(request, tell=tell)

    def _look(self) -> None:
        if self._watch is None:
            return
        live, shot = self._watch.live(), self._watch.newest()
        told = (
            live.state,
            None if live.age_s is None else round(live.age_s, 1),
            round(live.fps),
            math.ceil(live.retry_s),
            live.text,
            live.missed,
        )
        if shot is not None and self._frozen is None and shot is not self.shot:
            self.shot = shot
            self.shot_changed.emit(shot)
        if told != self._told:
            self._told = told
            self.live_changed.emit(live)
