"""A hand that drags, rolls and draws on the canvas by script, and how soon it sees what it does."""

import itertools
import math
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from inspector_app.domain.region import Region
from inspector_app.gui.canvas.hands import Tool
from inspector_app.gui.facts import Sample
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.scripted.walk import Walk

_PERIOD_S = 1 / 60
_FETCH_S = 3.0
_CAMERA_S = 10.0
_NONE = Qt.MouseButton.NoButton
_PLAIN = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
Deed = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Delays:
    """From the moment a hand moves to the end of the paint that shows it.

    Attributes:
        events: How many.
        p95_ms: 95 of 100 were shown within this time.
        worst_ms: The slowest.
    """

    events: int
    p95_ms: float
    worst_ms: float

    @classmethod
    def of(cls, delays_ms: list[float]) -> "Delays":
        """Of at least one delay."""
        ordered = sorted(delays_ms)
        at = min(int(0.95 * len(ordered)), len(ordered) - 1)
        return cls(len(ordered), ordered[at], ordered[-1])


@dataclass(frozen=True, slots=True)
class CanvasBench:
    """How the canvas behaves on this machine.

    Attributes:
        delays: By deed and "all".
        inspections: How many the model finished meanwhile.
        camera_rate: Pictures a second that came from the camera meanwhile.
        seconds: How long it went on.
        jpeg_ms: 12-megapixel JPEG, from the wish to the end of its first paint, cold; the median
            of several.
        slowest_ms: The slowest of them.
        prefetched_ms: The same of a picture that was fetched ahead.
        tiff_ms: 10,000 x 10,000 TIFF of 16 bits, first paint.
        tiff_growth: Resident memory gained by it over the size of its raw values.
        machine: In words.
    """

    delays: dict[str, Delays]
    inspections: int
    camera_rate: float
    seconds: float
    jpeg_ms: float
    slowest_ms: float
    prefetched_ms: float
    tiff_ms: float
    tiff_growth: float
    machine: str

    def lines(self) -> list[str]:
        """For people, with the targets."""
        whole = self.delays["all"]
        return [
            f"machine: {self.machine}",
            f"12-megapixel JPEG, cold: {self.jpeg_ms:.0f} ms (target < 150 ms), "
            f"slowest {self.slowest_ms:.0f} ms, "
            f"fetched ahead: {self.prefetched_ms:.0f} ms (target < 40 ms)",
            f"10,000 x 10,000 TIFF of 16 bits: first paint {self.tiff_ms:.0f} ms "
            f"(target < 1500 ms), memory gained {self.tiff_growth:.2f} x its raw size (target < 3)",
            f"event to paint over {self.seconds:.0f} s with {self.inspections} inspections and "
            f"{self.camera_rate:.1f} pictures a second of a camera: "
            f"p95 {whole.p95_ms:.1f} ms (target < 33 ms), worst {whole.worst_ms:.0f} ms "
            f"(target < 100 ms), {whole.events} events",
            *(
                f"  {name}: p95 {one.p95_ms:.1f} ms, worst {one.worst_ms:.0f} ms"
                for name, one in self.delays.items()
                if name != "all"
            ),
        ]

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


class Stroll(QObject):
    """Moves the mouse on the canvas sixty times a second.

    The beat is given by a thread of its own: a window that hangs does not slow the hand, and a
    beat counts from when it was due.

    Args:
        window: Open, its model loaded.
        walk: Waits for it.
    """

    _beat = Signal(float)

    def __init__(self, window: MainWindow, walk: Walk) -> None:
        super().__init__(window)
        self._window = window
        self._walk = walk
        self._view = window.canvas.view
        self._deed: Deed = _nothing
        self._name = ""
        self._waiting: list[tuple[float, int | None]] = []
        self._delays: dict[str, list[float]] = {}
        self._beat.connect(self._on_beat, Qt.ConnectionType.QueuedConnection)

    def measure(
        self,
        pictures: tuple[Sequence[str], str],
        samples: Sequence[Sample],
        *,
        camera: str,
        seconds: float,
        machine: str,
    ) -> CanvasBench:
        """Open big pictures, then drag the last of them about while samples are inspected.

        Args:
            pictures: Photographs, at least two, and a scan of 16 bits.
            samples: Asked about again and again.
            camera: Address of one that plays meanwhile.
            seconds: How long to drag.
            machine: In words.
        """
        walk, window = self._walk, self._window
        (*photographs, other), scan = pictures
        walk.settle()
        before = _resident()
        tiff_ms = self.time_to_paint(scan)
        walk.settle()
        gained = _resident() - before
        picture = window.session.picture
        values = picture.frame.values if picture is not None and picture.frame else None
        raw = values.nbytes if values is not None else math.nan
        cold_ms = [self.time_to_paint(photograph) for photograph in photographs]
        window.session.desk.fetch((other,))
        walk.wait(lambda: False, patience_s=_FETCH_S)
        prefetched_ms = self.time_to_paint(other)
        rate = self._watch(camera, then=scan)
        delays = walk.while_asking(samples[:1], lambda: self.run(seconds=seconds))
        return CanvasBench(
            delays,
            len(walk.done),
            rate(),
            seconds,
            statistics.median(cold_ms),
            max(cold_ms),
            prefetched_ms,
            tiff_ms,
            gained / raw,
            machine,
        )

    def _watch(self, camera: str, *, then: str) -> Callable[[], float]:
        """Let a camera play behind a picture; what is returned gives its rate since then."""
        session = self._window.session
        if not isinstance(session, LiveSession):
            raise TypeError("only a session that watches cameras can be measured so")
        session.open_camera(camera)
        self._walk.wait(lambda: session.eye.shot is not None, patience_s=_CAMERA_S)
        self.time_to_paint(then)
        begun, first = time.perf_counter(), session.eye.shot

        def rate() -> float:
            last = session.eye.shot
            came = last.number - first.number if first is not None and last is not None else 0
            return came / (time.perf_counter() - begun)

        return rate

    def time_to_paint(self, locator: str) -> float:
        """Milliseconds from the wish to see a picture to the end of its first paint."""
        window, walk = self._window, self._walk
        painted: list[float] = []

        def note() -> None:
            picture = window.session.picture
            is_there = picture is not None and picture.locator == locator
            if is_there and window.canvas.shown.is_fresh:
                painted.append(time.perf_counter())

        self._view.painted.connect(note)
        begun = time.perf_counter()
        window.session.go_to(locator)
        walk.wait(lambda: bool(painted or walk.problems), patience_s=60)
        self._view.painted.disconnect(note)
        return (painted[0] - begun) * 1000 if painted else math.inf

    def run(self, *, seconds: float) -> dict[str, Delays]:
        """Pan, zoom, drag the grey window and a box, each for a quarter of the time."""
        walk, deeds = self._walk, self._deeds()
        self._view.painted.connect(self._on_painted)
        share = seconds / len(deeds)
        for name, begin, deed, end in deeds:
            begin()
            walk.settle()
            self._waiting.clear()
            self._name, self._deed = name, deed
            self._delays[name] = []
            self._beat_for(share)
            walk.settle()
            self._name, self._deed = "", _nothing
            end()
        self._view.painted.disconnect(self._on_painted)
        every = list(itertools.chain.from_iterable(self._delays.values()))
        told = {name: Delays.of(delays) for name, delays in self._delays.items() if delays}
        return {**told, "all": Delays.of(every or [math.inf])}

    def _beat_for(self, seconds: float) -> None:
        stop = threading.Event()
        beat = threading.Thread(target=self._give_beat, args=(stop, seconds), name="beat")
        beat.start()
        self._walk.wait(lambda: not beat.is_alive(), patience_s=seconds + 60)
        stop.set()
        beat.join()

    def _give_beat(self, stop: threading.Event, seconds: float) -> None:
        begun = time.perf_counter()
        for turn in range(int(seconds / _PERIOD_S)):
            due = begun + turn * _PERIOD_S
            if stop.wait(max(0.0, due - time.perf_counter())):
                return
            self._beat.emit(due)

    def _on_beat(self, due: float) -> None:
        self._waiting.append((due, None))
        self._deed(due)

    def _on_painted(self) -> None:
        now = time.perf_counter()
        asked, shown = self._window.canvas.shown.turns
        # What stands in for the picture until it is made does not count.
        waiting = [(due, asked if turn is None else turn) for due, turn in self._waiting]
        seen = [due for due, turn in waiting if turn <= shown]
        self._waiting = [(due, turn) for due, turn in waiting if turn > shown]
        if self._name:
            self._delays[self._name].extend((now - due) * 1000 for due in seen)

    # Deeds ---------------------------------------------------------------------------

    def _deeds(self) -> tuple[tuple[str, Callable[[], None], Deed, Callable[[], None]], ...]:
        middle, left = Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton
        return (
            ("pan", lambda: self._press(middle), self._swayer(middle), lambda: self._let(middle)),
            ("zoom", self._come_near, self._roller(), self._view.fit),
            ("window", self._begin_window, self._swayer(left), lambda: self._let(left)),
            ("box", self._begin_box, self._swayer(left), lambda: self._let(left)),
        )

    @property
    def _middle(self) -> QPointF:
        return QPointF(self._view.viewport().rect().center())

    def _come_near(self) -> None:
        self._view.look(self._view.center, 0.4)

    def _begin_window(self) -> None:
        self._view.set_tool(Tool.WINDOW)
        self._press(Qt.MouseButton.LeftButton)

    def _begin_box(self) -> None:
        """A box in the middle of what is seen, taken hold of."""
        picture = self._window.session.picture
        if picture is None:
            return
        center = self._view.center
        seen = self._view.seen()
        side = max(8, int(min(seen.width(), seen.height()) / 3))
        at = (center.x(), center.y())
        self._window.session.add_roi(Region.square_at(at, side=side, within=picture.size))
        self._press(Qt.MouseButton.LeftButton)

    def _swayer(self, button: Qt.MouseButton) -> Deed:
        begun = time.perf_counter()

        def sway(at: float) -> None:
            # Round and round: where a hand turns back, it rests for a moment, nothing changes,
            # and no paint comes that the wait for it could end with.
            turn = 2.0 * (at - begun)
            by = QPointF(110 * math.sin(turn), 80 * math.cos(turn))
            self._tell(QEvent.Type.MouseMove, self._middle + by, pressed=_NONE, held=button)

        return sway

    def _roller(self) -> Deed:
        turns: Iterator[int] = itertools.cycle([40] * 24 + [-40] * 24)

        def roll(_at: float) -> None:
            place = self._middle
            port = self._view.viewport()
            event = QWheelEvent(
                place,
                QPointF(port.mapToGlobal(place)),
                QPoint(),
                QPoint(0, next(turns)),
                _NONE,
                _CTRL,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(port, event)

        return roll

    def _press(self, button: Qt.MouseButton) -> None:
        self._tell(QEvent.Type.MouseButtonPress, self._middle, pressed=button, held=button)

    def _let(self, button: Qt.MouseButton) -> None:
        self._tell(QEvent.Type.MouseButtonRelease, self._middle, pressed=button, held=_NONE)

    def _tell(
        self,
        kind: QEvent.Type,
        place: QPointF,
        *,
        pressed: Qt.MouseButton,
        held: Qt.MouseButton,
    ) -> None:
        port = self._view.viewport()
        event = QMouseEvent(kind, place, QPointF(port.mapToGlobal(place)), pressed, held, _PLAIN)
        QApplication.sendEvent(port, event)


def _nothing(_at: float) -> None:
    """The hand rests."""


def _resident() -> int:
    """Bytes of memory that this process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
