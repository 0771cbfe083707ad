"""`inspector bench batch`: pictures inspected together against one by one.

Both ways inspect the same scenes with the same questions, in turns, and are compared in every
answer, box, verdict and map: what is faster and says something else would not count.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, LoadModel, OpenPicture, Step, Steps
from inspector_app.domain.preset import Options
from inspector_app.runtime.devices import machine
from inspector_app.training.scene_parts import TRADES
from inspector_app.workflow.bench.embedded import scene_of
from inspector_app.workflow.workbench import Workbench

STRATEGIES = ("whole", "relative_attention", "auto")
LEAST_RATIO = 1.3
"""What pictures together are to be faster by."""


@dataclass(frozen=True, slots=True)
class Way:
    """One strategy, together and one by one.

    Attributes:
        strategy: Name.
        alone_s: Seconds a picture one by one, median of the turns.
        together_s: Seconds a picture together, likewise.
        ratio: Of both, median over the turns.
        same: Pictures with the same answers, boxes, verdict and work.
        farthest: Largest difference of two maps' values.
    """

    strategy: str
    alone_s: float
    together_s: float
    ratio: float
    same: int
    farthest: float


@dataclass(frozen=True, slots=True)
class BatchBench:
    """What was measured.

    Attributes:
        model: Name and weights.
        machine: Where.
        pictures: How many at a time.
        clock: "wall time" or "processor time".
        ways: By strategy.
    """

    model: str
    machine: str
    pictures: int
    clock: str
    ways: tuple[Way, ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        said = [f"{self.model}; {self.pictures} pictures together; {self.clock}; {self.machine}"]
        said += ["", "| strategy | one by one ms | together ms | ratio | same | maps differ by |"]
        said += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
        said += [
            f"| {one.strategy} | {1000 * one.alone_s:.0f} | {1000 * one.together_s:.0f} "
            f"| {one.ratio:.2f} | {one.same} of {self.pictures} | {one.farthest:.0e} |"
            for one in self.ways
        ]
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "model": self.model,
            "machine": self.machine,
            "pictures": self.pictures,
            "clock": self.clock,
            "least_ratio": LEAST_RATIO,
            "ways": [
                {name: getattr(one, name) for name in Way.__dataclass_fields__} for one in self.ways
            ],
        }


def run(
    *, strategies: Sequence[str], pictures: int, turns: int, model: str, processor_time: bool
) -> Steps[BatchBench]:
    """Inspect the same scenes together and one by one, in turns.

    Args:
        strategies: Which.
        pictures: How many at a time.
        turns: Repetitions; medians are told.
        model: Name of the model, or its folder.
        processor_time: Count processor time instead of wall time: for busy machines.
    """
    clock = time.process_time if processor_time else time.perf_counter
    workbench = Workbench()
    facts = yield from workbench.load(LoadModel(model))
    ways = []
    with TemporaryDirectory() as folder:
        asked = [
            Inspect(str(path), question, "", Options(), save=False, model=LoadModel(model))
            for path, question in _drawn(Path(folder), count=pictures)
        ]
        # A batch has its pictures decoded by another process meanwhile: both find them open.
        frames = []
        for one in asked:
            frames.append((yield from workbench.perform(OpenPicture(one.locator))))
        for at, strategy in enumerate(strategies):
            now = [replace(one, strategy=strategy) for one in asked]
            taken: list[tuple[float, float]] = []
            # The first of several turns warms up: it fills the allocator's caches.
            for turn in range(-(turns > 1), turns):
                yield Step("measure", at * turns + max(0, turn), len(strategies) * turns)
                alone = yield from _timed(workbench, now, most=1, clock=clock)
                both = yield from _timed(workbench, now, most=pictures, clock=clock)
                taken += [(alone[0], both[0])] if turn >= 0 else []
            ways.append(_way(strategy, taken, alone[1], both[1]))
        del frames
    workbench.close()
    name = f"{facts.name} {facts.weights_sha256[:12]}".strip()
    told = "processor time" if processor_time else "wall time"
    return BatchBench(name, machine(), pictures, told, tuple(ways))


def _drawn(folder: Path, *, count: int) -> list[tuple[Path, str]]:
    """Scenes of all trades and sizes as files, with their questions."""
    rng = np.random.default_rng(7)
    drawn = []
    for number in range(count):
        scene = scene_of(TRADES[number % len(TRADES)], ("small", "medium")[number % 2], rng)
        path = folder / f"{number:04}.png"
        Image.fromarray(scene.pixels).save(path, compress_level=1)
        drawn.append((path, scene.question))
    return drawn


def _timed(
    workbench: Workbench, asked: Sequence[Inspect], *, most: int, clock: Callable[[], float]
) -> Steps[tuple[float, list[Inspection]]]:
    begun = clock()
    ended = yield from workbench.inspect_together(asked, most=most)
    took = clock() - begun
    for one in ended.found:
        if isinstance(one, InspectorError):
            raise one
    return took / len(asked), [one for one in ended.found if isinstance(one, Inspection)]


def _way(
    strategy: str,
    taken: Sequence[tuple[float, float]],
    alone: Sequence[Inspection],
    both: Sequence[Inspection],
) -> Way:
    pairs = list(zip(alone, both, strict=True))
    return Way(
        strategy,
        median(one for one, _ in taken),
        median(both for _, both in taken),
        median(one / both for one, both in taken),
        sum(_essence(one) == _essence(other) for one, other in pairs),
        max(map(_distance, *zip(*pairs, strict=True))),
    )


def _essence(found: Inspection) -> tuple[object, ...]:
    """What must not depend on the company."""
    texts = tuple(one and one.text for one in (found.whole, found.zoomed, *found.crop_answers))
    boxes = tuple(one.region for one in found.regions)
    verdict = found.verdict and (found.verdict.outcome, found.verdict.reason)
    return texts, boxes, verdict, found.passes, found.prompt, found.zoomed_prompt, found.notes


def _distance(one: Inspection, other: Inspection) -> float:
    if one.map is None or other.map is None:
        return 0.0 if one.map is other.map else float("inf")
    return float(np.abs(one.map.values - other.map.values).max())
