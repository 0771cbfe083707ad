"""`inspector bench planted`: small things in very large pictures, searched in tiles.

Every scene of 4,000 x 4,000 pixels holds one thing that is asked about, and others that are not.
It is found where a reported box holds its middle. Boxes of the same thing that overlap by more
than half would be the same find told twice; the largest overlap is measured.
"""

import itertools
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inspector_app.crops import tiles
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.preset import Options
from inspector_app.domain.question import NEUTRAL, Question
from inspector_app.domain.region import Region
from inspector_app.domain.running import beneath
from inspector_app.runtime.devices import machine
from inspector_app.training.scene_parts import TRADES, Scene, Trade
from inspector_app.training.scenes import make_scene
from inspector_app.workflow.bench.embedded import Tally
from inspector_app.workflow.looking import ModelLook
from inspector_app.workflow.workbench import Workbench

SIDE = 4000
LEAST_FOUND, MOST_OVERLAP = 0.95, 0.5
"""What is to be reached."""
SCALES = (1.0, 2.0, 4.0)
BUDGET = 200
_SHARES = (0.0005, 0.002)


@dataclass(slots=True, eq=False)
class Found:
    """What the search gave in one trade.

    Attributes:
        trade: Which.
        things: Found of those planted.
        boxes: Reported in each scene.
        overlaps: Largest overlap (IoU) of two boxes of the same scene.
        ms: Wall time of each scene.
    """

    trade: str
    things: Tally = field(default_factory=Tally)
    boxes: list[int] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def add(self, boxes: Sequence[Region], target: Region, *, ms: float) -> None:
        """Count one scene."""
        self.things.add(is_right=any(box.covers(*target.center) for box in boxes))
        self.boxes.append(len(boxes))
        pairs = itertools.combinations(boxes, 2)
        self.overlaps.append(max((one.iou(other) for one, other in pairs), default=0.0))
        self.ms.append(ms)


@dataclass(frozen=True, slots=True)
class PlantedBench:
    """All trades.

    Attributes:
        model: Name and weights.
        machine: Where.
        side: Of the scenes in pixels.
        way: How boxes of several tiles become one: "fused" or "suppressed".
        found: By trade.
    """

    model: str
    machine: str
    side: int
    way: str
    found: tuple[Found, ...]

    @property
    def share(self) -> float:
        """Things found of all that were planted."""
        return sum(one.things.right for one in self.found) / sum(
            one.things.asked for one in self.found
        )

    @property
    def overlap(self) -> float:
        """The largest of two boxes of the same thing in the same scene."""
        return max(max(one.overlaps) for one in self.found)

    def lines(self) -> list[str]:
        """For the terminal."""
        said = [f"{self.model}; scenes of {self.side} x {self.side}; boxes {self.way}"]
        said += [self.machine, "", "| trade | found | 95 % | boxes a scene | largest IoU | ms |"]
        said += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
        for one in self.found:
            low, high = (round(100 * edge) for edge in one.things.interval)
            said.append(
                f"| {one.trade} | {one.things.right} of {one.things.asked} | {low}-{high} "
                f"| {np.mean(one.boxes):.1f} | {max(one.overlaps):.2f} | {np.median(one.ms):.0f} |"
            )
        said += ["", f"Found: {self.share:.1%} (wanted: {LEAST_FOUND:.0%})."]
        said += [f"Largest overlap of two boxes: {self.overlap:.2f} (at most {MOST_OVERLAP})."]
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "model": self.model,
            "machine": self.machine,
            "side": self.side,
            "way": self.way,
            "share": self.share,
            "overlap": self.overlap,
            "trades": [
                {
                    "trade": one.trade,
                    "found": one.things.right,
                    "planted": one.things.asked,
                    "interval": list(one.things.interval),
                    "boxes": one.boxes,
                    "overlaps": one.overlaps,
                    "ms": one.ms,
                }
                for one in self.found
            ],
        }


def run(
    *,
    scenes: int,
    model: str = "embedded",
    trades: Sequence[Trade] = TRADES,
    side: int = SIDE,
    fuse: bool = True,
    seed: int = 0,
) -> Steps[PlantedBench]:
    """Search every scene in tiles of several scales.

    Args:
        scenes: Of each trade.
        model: Name of the model, or its folder.
        trades: Which.
        side: Of the scenes in pixels.
        fuse: Whether boxes of the same thing are averaged; else the best is kept.
        seed: Other seeds draw other scenes.
    """
    workbench = Workbench()
    facts = yield from workbench.load(LoadModel(model))
    options = Options(count=4, scales=SCALES, fuse_boxes=fuse, budget=BUDGET)
    found = []
    for at, trade in enumerate(trades):
        of_trade = Found(trade)
        for number, scene in enumerate(_drawn(trade, count=scenes, side=side, seed=seed)):
            done, total = at * scenes + number, len(trades) * scenes
            yield Step("measure", done, total)
            begun = time.perf_counter()
            steps = _searched(workbench.model_in_use(), scene, options)
            boxes = yield from beneath(steps, stage="measure", done=done, total=total)
            assert scene.box is not None
            of_trade.add(boxes, scene.box, ms=1000 * (time.perf_counter() - begun))
        found.append(of_trade)
    workbench.close()
    name = f"{facts.name} {facts.weights_sha256[:12]}".strip()
    return PlantedBench(name, machine(), side, "fused" if fuse else "suppressed", tuple(found))


def _drawn(trade: Trade, *, count: int, side: int, seed: int) -> Iterator[Scene]:
    """Held-out scenes whose target takes 0.0005 to 0.002 of the picture, evenly by logarithm."""
    rng = np.random.default_rng([seed, TRADES.index(trade), side])
    for _ in range(count):
        share = math.exp(rng.uniform(math.log(_SHARES[0]), math.log(_SHARES[1])))
        number = int(rng.integers(2**31))
        yield make_scene(trade, seed=number, share=share, size=(side, side), held_out=True)


def _searched(model: VisionModel, scene: Scene, options: Options) -> Steps[tuple[Region, ...]]:
    frame = Frame(scene.pixels, Provenance(f"scene {scene.seed}", "", "scene"))
    look = ModelLook(frame, model, model.read([View.of(frame)]), NEUTRAL, layer=model.default_layer)
    boxes = yield from tiles.boxes(frame, Question(scene.question), options, look=look)
    return tuple(one.region for one in boxes)
