"""How soon the finished inspection of a picture that was inspected ahead stands on the screen."""

import math
import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from inspector_app.gui.ahead_session import AheadSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.scripted.walk import GapProbe, Gaps, Leaps, Walk, sway

_FRAME_MS = 16
_PATIENCE_S = 300.0
_LEAP_S = 10.0


class Leap(QObject):
    """Lets pictures be inspected ahead, then goes through them with a key.

    Args:
        window: Open, its model loaded.
        session: The window's.
        walk: Waits for it.
    """

    def __init__(self, window: MainWindow, session: AheadSession, walk: Walk) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._walk = walk
        self._is_drawn = {"picture": False, "answer": False}
        self._made = 0
        session.ahead.finished.connect(self._on_made)

    def measure(self, pictures: Sequence[str], *, question: str) -> Leaps:
        """Open pictures, ask about the first, wait for the others, leap from one to the next.

        Args:
            pictures: At least two, at most as many as the settings let be inspected ahead.
            question: Asked of all.
        """
        session, walk, window = self._session, self._walk, self._window
        session.clear()
        session.open_paths(pictures)
        walk.wait(lambda: session.picture is not None and not session.is_opening)
        session.set_question(question)
        gaps = self._prepare(len(pictures) - 1)
        prepared = self._made
        took = []
        window.canvas.view.painted.connect(self._on_painted)
        window.answers.viewport().installEventFilter(self)
        for locator in pictures[1:]:
            walk.settle()
            took.append(self._leap_to(locator))
        window.canvas.view.painted.disconnect(self._on_painted)
        window.answers.viewport().removeEventFilter(self)
        session.set_ahead(is_on=False)
        late = self._made - prepared
        ordered = sorted(took)
        return Leaps(len(ordered), ordered[len(ordered) // 2], ordered[-1], len(took) - late, gaps)

    def _prepare(self, count: int) -> Gaps:
        """Wait until so many pictures are inspected and opened, panning meanwhile."""
        session, window = self._session, self._window
        begun = time.monotonic()
        pan = QTimer()
        pan.setTimerType(Qt.TimerType.PreciseTimer)
        pan.setInterval(_FRAME_MS)
        pan.timeout.connect(lambda: sway(window, time.monotonic() - begun))
        probe = GapProbe()
        window.canvas.view.zoom(2.0)
        session.set_ahead(is_on=True)
        pan.start()
        probe.start()
        self._walk.wait(
            lambda: session.ahead.state.done == count and not session.desk.is_fetching,
            patience_s=_PATIENCE_S,
        )
        gaps = probe.stop()
        pan.stop()
        window.canvas.view.fit()
        return gaps

    def _leap_to(self, locator: str) -> float:
        """Milliseconds from the key to the end of the paint that shows picture and answer."""
        self._is_drawn = dict.fromkeys(self._is_drawn, False)
        begun = time.perf_counter()
        ended: list[float] = []

        def is_there() -> bool:
            if all(self._is_drawn.values()) and not ended and self._is_shown(locator):
                ended.append(time.perf_counter())
            return bool(ended)

        if self._window.isActiveWindow():
            QTest.keyClick(self._window.canvas.view, Qt.Key.Key_N)
        else:
            # Without a window manager no window has the keyboard: what the key does is done.
            self._session.go(1)
        self._walk.wait(is_there, patience_s=_LEAP_S, every_ms=1)
        return (ended[0] - begun) * 1000 if ended else math.inf

    def _is_shown(self, locator: str) -> bool:
        made = self._session.inspection
        return (
            made is not None
            and made.provenance.locator == locator
            and self._session.locator == locator
        )

    def _on_made(self, _request: object, _inspection: object) -> None:
        self._made += 1

    def _on_painted(self) -> None:
        locator = self._session.locator
        if locator is not None and self._is_shown(locator) and self._window.canvas.shown.is_fresh:
            self._is_drawn["picture"] = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """The answer is painted after its event was handed on: counted when the loop is back."""
        locator = self._session.locator
        if event.type() == QEvent.Type.Paint and locator is not None and self._is_shown(locator):
            self._is_drawn["answer"] = True
        return super().eventFilter(watched, event)
