"""How long inspections took under the preset in use, beside what it aims at."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect
from inspector_app.gui.session import Session

KEPT = 200
"""Inspections that the figures are about, the newest."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Attributes:
        count: Of inspections.
        p50_ms: Half of them took no longer.
        p95_ms: Ninety-five of a hundred took no longer; with fewer than twenty, the longest.
        target_ms: What the preset aims at; None where it aims at nothing.
    """

    count: int
    p50_ms: float
    p95_ms: float
    target_ms: float | None = None

    @property
    def is_in_time(self) -> bool | None:
        """Whether 95 of 100 are as fast as they should be; None without a target."""
        return None if self.target_ms is None else self.p95_ms <= self.target_ms


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0..1) of all does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spent_ms(timings: Mapping[str, float]) -> float:
    """From the question to the last word: everything but getting the model ready."""
    return sum(ms for stage, ms in timings.items() if stage not in {"load", "total"})


class Pace(QObject):
    """Collects the times of inspections by preset; a preset that was changed counts anew.

    Signals:
        changed: `Figures`, or None where nothing was measured under the preset in use.
    """

    changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._spent: dict[tuple[str, ...], deque[float]] = {}
        session.asking.finished.connect(self._on_inspected)
        for signal in (session.preset_changed, session.strategy_changed, session.options_changed):
            signal.connect(self._tell)
        session.regions.changed.connect(self._tell)

    @property
    def figures(self) -> Figures | None:
        """Of the preset in use, as it is used; None where nothing was measured."""
        preset = self._session.preset
        spent = self._spent.get(self._session.preset_notes) if preset is not None else None
        if preset is None or not spent:
            return None
        target = preset.targets.latency_ms
        return Figures(len(spent), percentile(spent, 0.5), percentile(spent, 0.95), target)

    def _on_inspected(self, request: Inspect, inspection: Inspection) -> None:
        notes = tuple(note for note in request.notes if note in self._session.preset_notes)
        if notes and inspection.timings_ms:
            spent = self._spent.setdefault(notes, deque(maxlen=KEPT))
            spent.append(spent_ms(inspection.timings_ms))
            self._tell()

    def _tell(self, _value: object = None) -> None:
        self.changed.emit(self.figures)
