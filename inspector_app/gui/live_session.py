"""The session with a camera: freeze, inspect, resume, and one inspection after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.live import Shot, is_camera_address
from inspector_app.domain.messages import Inspect, Problem
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.ahead import Rest
from inspector_app.gui.ahead_session import AheadSession
from inspector_app.gui.eye import Cameras, Eye
from inspector_app.gui.facts import Notice
from inspector_app.gui.wording import session_notices
from inspector_app.gui.worker import problem_of

_PATIENCE_S = 6.0


class Mode(StrEnum):
    """What is inspected while the picture is live."""

    HAND = "hand"  # what the user freezes or picks
    TRIGGER = "trigger"  # one picture whenever the trigger comes
    EVERY = "every"  # the newest picture whenever the model is free


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A picture of a camera that was inspected without leaving the live picture.

    Attributes:
        shot: The picture.
        path: Its file.
        outcome: "PASS", "FAIL", "CHECK", or "" where the question asks for no verdict.
        words: The answer, or what went wrong.
    """

    shot: Shot
    path: str
    outcome: str
    words: str


class LiveSession(AheadSession):
    """A session that can also watch a camera.

    Args:
        cameras: What the camera side is joined to.
        more: As for `Session`.

    Attributes:
        before_judging: Called with the path of a camera's picture before it is asked about, and
            with what goes on then; None goes on at once.

    Signals:
        shown_changed: Whether the live picture stands where pictures stand.
        mode_changed: `Mode`.
        judging_changed: The `Shot` that is being inspected, or None.
        judged: `Judged`.
        rejudged: (path, outcome): an operator said otherwise of a picture that was judged.
        missed_changed: Triggers and files that came while the model was busy.
    """

    shown_changed = Signal(bool)
    mode_changed = Signal(object)
    judging_changed = Signal(object)
    judged = Signal(object)
    rejudged = Signal(str, str)
    missed_changed = Signal(int)

    def __init__(self, *, cameras: Cameras, **more: Any) -> None:
        super().__init__(**more)
        self.eye = Eye(cameras, self)
        self.is_live_shown = False
        self.is_at_line = False
        self.mode = Mode.HAND
        self.missed = 0
        self.before_judging: Callable[[str, Callable[[], None]], None] | None = None
        self._judging: Shot | None = None
        self._path = ""
        self._last = 0
        self.opening.connect(lambda _locator: self._set_shown(is_on=False))
        self.eye.shot_changed.connect(self._on_shot)
        self.eye.live_changed.connect(lambda _live: self.ahead.look())
        self.asking.finished.connect(self._on_judged)
        self.asking.failed.connect(self._on_not_judged)
        self.asking.stopped.connect(self._on_judging_stopped)

    def _rest(self) -> Rest:
        """A camera has the model to itself: its next picture must not wait."""
        if self.is_at_line:
            # What an operator has not asked for is no part, and has no serial number.
            return Rest.OPERATOR
        return Rest.CAMERA if self.eye.is_open else super()._rest()

    def set_at_line(self, *, is_on: bool) -> None:
        """Whether an operator's parts are inspected: nothing is inspected ahead of them."""
        self.is_at_line = is_on
        if is_on:
            self.ahead.give_way()
        self.ahead.look()

    # Watching ------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[str]) -> None:
        """Put files and folders into the worklist; watch a camera, if one is named."""
        cameras = [path for path in paths if is_camera_address(path) and not Path(path).exists()]
        super().open_paths([path for path in paths if path not in cameras])
        if cameras:
            self.open_camera(cameras[-1])

    def open_camera(self, address: str) -> None:
        """Watch a camera and show it."""
        self.set_mode(Mode.HAND)
        self._last, self.missed = 0, 0
        self.missed_changed.emit(0)
        self.eye.open(address)
        self.show_live()

    def show_live(self) -> None:
        """Back to the live picture."""
        if not self.eye.is_open:
            return
        self.eye.resume()
        rois = self.rois
        self.locator, self.is_opening = None, False
        self._show(None)
        # Rectangles drawn on one picture of a camera hold for the next ones.
        self.set_rois(rois)
        self._set_shown(is_on=True)

    def close_camera(self) -> None:
        """Watch none."""
        self.set_mode(Mode.HAND)
        self._set_shown(is_on=False)
        self.eye.close()
        if self.picture is None:
            self.picture_changed.emit(None)

    def switch_frozen(self) -> None:
        """Freeze or resume; a stale picture is not frozen."""
        if self.eye.is_frozen:
            self.eye.resume()
            return
        try:
            self.eye.freeze()
        except UnreadablePicture as error:
            self.noticed.emit(Notice.of(problem_of(error)))

    def close(self) -> bool:
        """Stop everything; whether all threads have ended."""
        self.mode = Mode.HAND
        ended = super().close()
        return self.eye.end(patience_s=_PATIENCE_S) and ended

    def _set_shown(self, *, is_on: bool) -> None:
        if is_on != self.is_live_shown:
            self.is_live_shown = is_on
            if not is_on:
                self.set_mode(Mode.HAND)
            self.shown_changed.emit(is_on)

    # One picture by hand -------------------------------------------------------------

    def ask(self) -> None:
        """Inspect the picture on the screen: the live one is taken, kept and opened first."""
        if not self.is_live_shown:
            super().ask()
            return
        if (refusal := self._why_not_live()) is not None:
            self.noticed.emit(refusal)
            return
        try:
            shot = self.eye.fresh()
        except UnreadablePicture as error:
            self.noticed.emit(Notice.of(problem_of(error)))
            return
        self.eye.keep(shot, then=self._ask_kept, failed=self._on_not_kept)

    def _ask_kept(self, path: str) -> None:
        if self.is_live_shown:
            self.open_paths([path])
            super().ask()

    def _on_not_kept(self, problem: Problem) -> None:
        self._end_judging()
        self.set_mode(Mode.HAND)
        self.noticed.emit(Notice.of(problem))

    def _why_not_live(self) -> Notice | None:
        return self.why_no_question(
            self.tr("Inspect one picture of the camera, draw on it, and come back.")
        )

    # One after the other -------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        """What is inspected from now on; a line's verdicts are not for those who read first."""
        if mode != Mode.HAND and self.read_first.is_on:
            self.noticed.emit(session_notices.reads_first())
            mode = Mode.HAND
        if mode != Mode.HAND and (refusal := self._why_not_live()) is not None:
            self.noticed.emit(refusal)
            mode = Mode.HAND
        if mode != Mode.HAND:
            self.remember(self.question.strip())
        if mode != self.mode:
            self.mode = mode
        # Also when it is the same: a choice that was refused must spring back.
        self.mode_changed.emit(self.mode)

    def trigger(self) -> None:
        """Inspect the picture of this moment; one that comes while the model works is missed."""
        if self.mode is not Mode.TRIGGER:
            return
        if self._is_busy:
            self._miss(1)
            return
        try:
            self._judge(self.eye.fresh())
        except UnreadablePicture as error:
            # A part came and nobody saw it: that is no PASS.
            self._miss(1)
            self.noticed.emit(Notice.of(problem_of(error)))

    @property
    def _is_busy(self) -> bool:
        return self._judging is not None or self.asking.is_running

    def _miss(self, count: int) -> None:
        self.missed += count
        self.missed_changed.emit(self.missed)

    def _on_shot(self, shot: Shot | None) -> None:
        if shot is not None and self.mode is Mode.EVERY and not self._is_busy:
            self._judge_newest()

    def _judge_newest(self) -> None:
        if self.eye.is_frozen:
            return
        try:
            shot = self.eye.fresh()
        except UnreadablePicture:
            # The page says that it is stale; the next fresh one is inspected.
            return
        if shot.number > self._last:
            if shot.path and self._last:
                self._miss(shot.number - self._last - 1)
            self._judge(shot)

    def _judge(self, shot: Shot) -> None:
        self._judging, self._last, self._path = shot, shot.number, ""
        self.judging_changed.emit(shot)
        self.eye.keep(shot, then=self._judge_kept, failed=self._on_not_kept)

    def _judge_kept(self, path: str) -> None:
        if self._judging is None or self.mode is Mode.HAND:
            self._end_judging()
            return
        self._path = path
        if self.before_judging is None:
            self._ask_judging(path)
        else:
            self.before_judging(path, lambda: self._ask_judging(path))

    def _ask_judging(self, path: str) -> None:
        if self._judging is None or self.mode is Mode.HAND:
            self._end_judging()
        elif path == self._path:
            self.asking.ask(self.request_for(path))

    def leave_judging(self) -> None:
        """The picture that waits to be asked about is not asked about."""
        if not self.asking.is_running:
            self._end_judging()

    def _on_judged(self, request: Inspect, inspection: Inspection) -> None:
        if (shot := self._is_about(request)) is None:
            return
        outcome = inspection.verdict.outcome if inspection.verdict else ""
        self._end_judging()
        self.judged.emit(Judged(shot, request.locator, outcome, inspection.answer.text))
        if self.mode is Mode.EVERY:
            self._judge_newest()

    def _on_not_judged(self, request: Inspect, problem: Problem) -> None:
        if (shot := self._is_about(request)) is None:
            return
        self._end_judging()
        # The trouble would come again with every picture: the line stops instead.
        self.set_mode(Mode.HAND)
        self.judged.emit(Judged(shot, request.locator, Outcome.CHECK, problem.text))

    def _on_judging_stopped(self, request: Inspect) -> None:
        if (shot := self._is_about(request)) is None:
            return
        self._end_judging()
        self.set_mode(Mode.HAND)
        self.judged.emit(Judged(shot, request.locator, Outcome.CHECK, self.tr("stopped")))

    def _is_about(self, request: Inspect) -> Shot | None:
        is_ours = bool(self._path) and request.locator == self._path
        return self._judging if is_ours else None

    def _end_judging(self) -> None:
        if self._judging is not None:
            self._judging, self._path = None, ""
            self.judging_changed.emit(None)
