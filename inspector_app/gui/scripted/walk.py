"""Lets the window work by itself: for a bench, and where nobody sits before a screen."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, LoadModel, Problem
from inspector_app.gui.facts import Sample
from inspector_app.gui.main_window import MainWindow

T = TypeVar("T")

_TICK_MS = 2
_FRAME_MS = 16
_PATIENCE_S = 300.0
_REST_S = 0.4


@dataclass(frozen=True, slots=True)
class Gaps:
    """How long the event loop kept a timer waiting.

    Attributes:
        ticks: How often it came.
        p95_ms: 95 of 100 came within this time of the one before.
        worst_ms: The longest time between two.
    """

    ticks: int
    p95_ms: float
    worst_ms: float


@dataclass(frozen=True, slots=True)
class Leaps:
    """From key to key through pictures that were inspected ahead.

    Attributes:
        count: How many pictures.
        typical_ms: From the key to the end of the paint that shows picture and answer; half of
            them took no longer.
        worst_ms: The slowest.
        prepared: How many had their answer before the key, and needed no work of the model.
        gaps: Of the event loop while they were being inspected and the picture was panned.
    """

    count: int
    typical_ms: float
    worst_ms: float
    prepared: int
    gaps: Gaps

    def lines(self) -> list[str]:
        """For people, with the targets."""
        return [
            f"finished inspection of a picture inspected ahead: {self.typical_ms:.0f} ms after "
            f"the key, worst of {self.count} {self.worst_ms:.0f} ms (target < 100 ms), "
            f"{self.prepared} of them prepared",
            f"event loop while they were inspected: p95 {self.gaps.p95_ms:.1f} ms, "
            f"worst {self.gaps.worst_ms:.0f} ms (target < 100 ms)",
        ]


@dataclass(frozen=True, slots=True)
class WindowBench:
    """How smooth the window is on this machine.

    Attributes:
        start_s: From the start of a process to the window shown and idle.
        is_torch_free: Whether torch was still not imported then.
        loading: Gaps of the event loop while torch is imported and the model loaded.
        running: Gaps while the model runs and the picture is panned.
        inspections: How many were finished meanwhile.
        seconds: How long that was.
        machine: In words.
        leaps: Through pictures that were inspected ahead.
    """

    start_s: float
    is_torch_free: bool
    loading: Gaps
    running: Gaps
    inspections: int
    seconds: float
    machine: str
    leaps: Leaps

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people, with the targets."""
        torch = "torch not imported" if self.is_torch_free else "TORCH WAS IMPORTED"
        return [
            f"machine: {self.machine}",
            f"start to usable window: {self.start_s:.2f} s, {torch} (target < 2 s)",
            f"event loop while torch and the model load: worst {self.loading.worst_ms:.0f} ms "
            "(target < 400 ms)",
            f"event loop over {self.seconds:.0f} s of panning with {self.inspections} "
            f"inspections: p95 {self.running.p95_ms:.1f} ms (target < 25 ms), "
            f"worst {self.running.worst_ms:.0f} ms (target < 100 ms)",
            *self.leaps.lines(),
        ]


class GapProbe(QObject):
    """A precise timer that notes when it comes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._last = 0.0
        self._gaps: list[float] = []

    def start(self) -> None:
        """Forget what was and begin."""
        self._gaps.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> Gaps:
        """What was noted since the start."""
        self._timer.stop()
        self._on_tick()
        ordered = sorted(self._gaps)
        at = min(int(0.95 * len(ordered)), len(ordered) - 1)
        return Gaps(len(ordered), ordered[at], ordered[-1])

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append((now - self._last) * 1000)
        self._last = now


class Walk(QObject):
    """Goes through pictures in a window as a person would, without one.

    Args:
        window: Open, joined to its workers.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.done: list[Inspection] = []
        self.problems: list[Problem] = []
        session = window.session
        session.asking.finished.connect(lambda _request, made: self.done.append(made))
        session.asking.failed.connect(lambda _request, problem: self.problems.append(problem))
        session.asking.model_failed.connect(self.problems.append)
        session.refused.connect(lambda _locator, problem: self.problems.append(problem))
        session.desk.failed.connect(self.problems.append)

    def wait(
        self, is_so: Callable[[], bool], *, patience_s: float = _PATIENCE_S, every_ms: int = 5
    ) -> bool:
        """Let the window live until something is so; whether it came to be."""
        loop, end = QEventLoop(), time.monotonic() + patience_s
        timer = QTimer()
        timer.setInterval(every_ms)
        timer.timeout.connect(lambda: loop.quit() if is_so() or time.monotonic() > end else None)
        timer.start()
        loop.exec()
        return is_so()

    def settle(self) -> None:
        """Let layouts and animations come to rest."""
        self.wait(lambda: False, patience_s=_REST_S)

    def wait_for_model(self) -> bool:
        """Until the model is loaded, or is known to be out of reach."""
        self.wait(lambda: self._window.session.model is not None or bool(self.problems))
        return self._window.session.model is not None

    def inspect(self, sample: Sample) -> Inspection | None:
        """Open a sample, ask its main question, wait for the end."""
        session = self._window.session
        before, troubles = len(self.done), len(self.problems)
        session.go_to(sample.path)
        self.wait(
            lambda: (
                (session.picture is not None and session.picture.locator == sample.path)
                or len(self.problems) > troubles
            )
        )
        if len(self.problems) > troubles:
            return None
        session.set_question(sample.questions[0])
        session.ask()
        self.wait(lambda: len(self.done) > before or len(self.problems) > troubles)
        return self.done[-1] if len(self.done) > before else None

    def write(self, destination: Path, *, format: str) -> bool:
        """Write the shown inspection; whether the file is there."""
        written: list[str] = []
        self._window.session.report_written.connect(written.append)
        troubles = len(self.problems)
        self._window.session.write_report(format, str(destination))
        self.wait(lambda: bool(written) or len(self.problems) > troubles)
        self._window.session.report_written.disconnect(written.append)
        return bool(written)

    def keep_asking(self, samples: Sequence[Sample], *, seconds: float) -> Gaps:
        """Ask one question after the other while the picture is panned, and note the gaps."""
        window, session = self._window, self._window.session
        turn = iter(range(1_000_000))

        def ask_next(*_ended: object) -> None:
            at = next(turn)
            sample = samples[at % len(samples)]
            session.set_question(sample.questions[at // len(samples) % len(sample.questions)])
            session.ask()

        begun = time.monotonic()
        pan = QTimer()
        pan.setTimerType(Qt.TimerType.PreciseTimer)
        pan.setInterval(_FRAME_MS)
        pan.timeout.connect(lambda: sway(window, time.monotonic() - begun))
        session.asking.finished.connect(ask_next, Qt.ConnectionType.QueuedConnection)
        probe = GapProbe()
        window.canvas.view.zoom(2.0)
        ask_next()
        pan.start()
        probe.start()
        self.wait(lambda: time.monotonic() - begun > seconds, patience_s=seconds + 60)
        gaps = probe.stop()
        pan.stop()
        session.asking.finished.disconnect(ask_next)
        session.stop()
        self.wait(lambda: not session.asking.is_running)
        return gaps

    def while_asking(self, samples: Sequence[Sample], do: Callable[[], T]) -> T:
        """Do something while one question after the other is asked about samples.

        The open picture stays on the screen: the samples are inspected behind it.
        """
        session = self._window.session
        chosen = session.settings
        model = LoadModel(chosen.model, chosen.device, chosen.precision, chosen.tower)
        # A box that is drawn meanwhile changes what the user would ask, not what is asked here.
        strategy, options = session.strategy, session.options
        turn = iter(range(1_000_000))
        is_over: list[bool] = []

        def ask_next(*_ended: object) -> None:
            at = next(turn)
            sample = samples[at % len(samples)]
            question = sample.questions[at // len(samples) % len(sample.questions)]
            if not is_over:
                session.asking.ask(Inspect(sample.path, question, strategy, options, model=model))

        session.asking.finished.connect(ask_next, Qt.ConnectionType.QueuedConnection)
        ask_next()
        try:
            return do()
        finally:
            is_over.append(True)
            session.asking.finished.disconnect(ask_next)
            session.stop()
            self.wait(lambda: not session.asking.is_running)


def sway(window: MainWindow, at: float) -> None:
    """Pan in a figure that comes back to where it began."""
    window.canvas.view.pan(round(9 * math.cos(at)), round(7 * math.cos(1.7 * at)))
