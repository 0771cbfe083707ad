"""How well a model answers held-out scenes: whole, zoomed by each strategy, and controls.

Every scene goes through the very engine, strategies and window search that users get.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from inspector_app import crops, plugins
from inspector_app.domain.answer import Answer
from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.domain.ports import Reading, VisionModel
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region
from inspector_app.domain.running import end_of
from inspector_app.runtime.devices import machine
from inspector_app.training.scene_parts import TRADES, Scene, Trade
from inspector_app.training.scenes import make_scene
from inspector_app.workflow.cropping import Intake, shown_region
from inspector_app.workflow.looking import ModelLook
from inspector_app.workflow.workbench import Workbench

BINS: dict[str, tuple[float, float]] = {
    "small": (0.0005, 0.005),
    "medium": (0.005, 0.05),
    "large": (0.05, 0.2),
}
METHODS = ("relative_attention", "gradient_attention", "pixel_gradient")
GATE = 0.9
_GATED = ("relative_attention", "gradient_attention")
_SHORT = {
    "whole": "whole",
    "relative_attention": "rel-att",
    "gradient_attention": "grad-att",
    "pixel_gradient": "pixel-grad",
    "true_box": "true box",
    "random_crop": "random",
    "larger": "larger",
    "relative_attention gated": "rel gated",
    "gradient_attention gated": "grad gated",
}
_Z = 1.959964


@dataclass(slots=True)
class Tally:
    """Right answers of one arm."""

    right: int = 0
    asked: int = 0

    def add(self, *, is_right: bool) -> None:
        """Count one answer."""
        self.right += is_right
        self.asked += 1

    @property
    def rate(self) -> float:
        """Part that was right, 0..1; NaN when nothing was asked."""
        return self.right / self.asked if self.asked else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the rate. Source: Wilson, 1927."""
        if not self.asked:
            return math.nan, math.nan
        share, spread = self.rate, _Z**2 / self.asked
        middle = (share + spread / 2) / (1 + spread)
        half = (
            _Z
            / (1 + spread)
            * math.sqrt(share * (1 - share) / self.asked + spread / 4 / self.asked)
        )
        # Rounding must not put the ends outside of what a rate can be.
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Cell:
    """One trade in one size bin.

    Attributes:
        trade: Of the scenes.
        size_bin: "small" (S < 0.005), "medium" or "large" (S >= 0.05).
        arms: Answers by arm; "... gated" zooms only below the gate.
        hits: How often the chosen box held the middle of the target, by strategy.
    """

    trade: Trade
    size_bin: str
    arms: dict[str, Tally] = field(default_factory=dict)
    hits: dict[str, Tally] = field(default_factory=dict)

    def recovered(self, arm: str) -> float:
        """Part of the gap between whole picture and true box that an arm closes; NaN without."""
        gap = self.arms["true_box"].rate - self.arms["whole"].rate
        return (self.arms[arm].rate - self.arms["whole"].rate) / gap if gap > 0 else math.nan


@dataclass(frozen=True, slots=True)
class EmbeddedBench:
    """The whole table.

    Attributes:
        model: Name and weights.
        machine: Where it ran.
        scenes: Per cell.
        seed: Of the first scene.
        cells: By trade and bin.
    """

    model: str
    machine: str
    scenes: int
    seed: int
    cells: tuple[Cell, ...]

    def lines(self) -> list[str]:
        """A Markdown table: accuracy in per cent with 95 % intervals, hits, recovery."""
        arms = list(self.cells[0].arms)
        head = ["trade", "size", *(_SHORT[arm] for arm in arms), "hit rel / grad / pixel"]
        head.append("recovered rel / grad / random")
        rows = [head, ["---"] * len(head), *(_row(cell, arms) for cell in self.cells)]
        title = (
            f"{self.model}; {self.scenes} held-out scenes per cell, seed {self.seed}; "
            f"{self.machine}; gate {GATE}; accuracy in % with 95 % interval"
        )
        return [title, "", *("| " + " | ".join(row) + " |" for row in rows)]

    def as_json(self) -> dict[str, Any]:
        """The figures for a file."""
        return {
            "model": self.model,
            "machine": self.machine,
            "scenes": self.scenes,
            "seed": self.seed,
            "gate": GATE,
            "cells": [
                {
                    "trade": cell.trade,
                    "size_bin": cell.size_bin,
                    "arms": {
                        arm: {**asdict(tally), "rate": tally.rate, "interval": tally.interval}
                        for arm, tally in cell.arms.items()
                    },
                    "hits": {arm: asdict(tally) for arm, tally in cell.hits.items()},
                }
                for cell in self.cells
            ],
        }


def run(
    *, scenes: int = 300, model: str = "embedded", seed: int = 0, bins: Sequence[str] = tuple(BINS)
) -> Steps[EmbeddedBench]:
    """Measure a model on held-out scenes.

    Args:
        scenes: Per trade and size bin.
        model: Name of the model, or its folder.
        seed: Other seeds draw other scenes.
        bins: Which size bins.
    """
    workbench = Workbench()
    facts = yield from workbench.load(LoadModel(model))
    loaded = workbench.model_in_use()
    cells: list[Cell] = []
    total = scenes * len(TRADES) * len(bins)
    for trade in TRADES:
        for name in bins:
            cell = Cell(trade, name)
            rng = np.random.default_rng([seed, TRADES.index(trade), list(BINS).index(name)])
            for done in range(scenes):
                yield Step("measure", len(cells) * scenes + done, total)
                _measure(cell, scene_of(trade, name, rng), model=loaded, rng=rng)
            cells.append(cell)
    weights = facts.weights_sha256[:12]
    return EmbeddedBench(f"{facts.name} {weights}", machine(), scenes, seed, tuple(cells))


def scene_of(trade: Trade, size_bin: str, rng: np.random.Generator) -> Scene:
    """A held-out scene whose target has a size of the bin, evenly spread on a log scale."""
    low, high = BINS[size_bin]
    share = float(np.exp(rng.uniform(math.log(low), math.log(high))))
    return make_scene(trade, seed=int(rng.integers(2**31)), share=share, held_out=True)


def _measure(cell: Cell, scene: Scene, *, model: VisionModel, rng: np.random.Generator) -> None:
    """Ask one scene in every arm."""
    box = scene.box
    assert box is not None, "scenes of the benchmark have a target"
    frame = Frame(scene.pixels, Provenance(f"scene {scene.seed}", "", "scene"))
    question = Question(scene.question)
    reading = model.read([View.of(frame)])
    whole, _ = end_of(reading.ask(question.text, layers=range(model.layers)))
    look = ModelLook(frame, model, reading, question.neutral, model.default_layer)
    chosen = {name: _crop(name, frame, question, look=look) for name in METHODS}
    side = max((chosen["relative_attention"] or about(box, frame)).size)
    anywhere = (rng.uniform(0, frame.width), rng.uniform(0, frame.height))
    given: dict[str, Region | None] = {
        **chosen,
        "true_box": about(box, frame),
        "random_crop": Region.square_at(anywhere, side=side, within=frame.size),
    }
    answers = {"whole": whole}
    for arm, region in given.items():
        answers[arm] = whole if region is None else zoomed_answer(reading, frame, region, question)
    larger = larger_answer(model, frame, question, grid=reading.grids[0])
    if larger is not None:
        answers["larger"] = larger
    is_sure = whole.weakest is not None and whole.weakest >= GATE
    for name in _GATED:
        answers[f"{name} gated"] = whole if is_sure else answers[name]
    for arm, answer in answers.items():
        is_right = answer.plain == scene.answer.lower()
        cell.arms.setdefault(arm, Tally()).add(is_right=is_right)
    for name, region in chosen.items():
        is_hit = region is not None and region.covers(*box.center)
        cell.hits.setdefault(name, Tally()).add(is_right=is_hit)


def about(box: Region, frame: Frame) -> Region:
    """The smallest square that holds the true box. Source: arXiv:2502.17422, human-CROP."""
    return Region.square_at(box.center, side=max(box.size), within=frame.size)


def _crop(name: str, frame: Frame, question: Question, *, look: ModelLook) -> Region | None:
    strategy = plugins.load(crops, name)
    regions, _ = end_of(strategy.propose(frame, question, Options(), look=look))
    if not regions:
        return None
    return shown_region(regions[0].region, size=frame.size, intake=Intake.of(look.model))


def zoomed_answer(reading: Reading, frame: Frame, region: Region, question: Question) -> Answer:
    """What is said with a part enlarged beside the whole."""
    answer: Answer = end_of(reading.extended([View.of(frame, region)]).ask(question.text))[0]
    return answer


def cell_side(model: VisionModel, grid: TokenGrid) -> int:
    """Side in network pixels of a token of a whole picture, whose grid this is."""
    told: int = getattr(model, "cell_side", 0)
    return told or model.input_side // max(grid.cols, grid.rows)


def larger_answer(
    model: VisionModel, frame: Frame, question: Question, *, grid: TokenGrid
) -> Answer | None:
    """The same token budget as whole and crop, spent on one larger picture; None if it cannot."""
    read_larger: Callable[..., Reading] | None = getattr(model, "read_larger", None)
    if read_larger is None:
        return None
    side = math.isqrt(2 * grid.tokens) * cell_side(model, grid)
    answer: Answer = end_of(read_larger(View.of(frame), side=side).ask(question.text))[0]
    return answer


def _row(cell: Cell, arms: list[str]) -> list[str]:
    row = [cell.trade, cell.size_bin]
    for arm in arms:
        tally = cell.arms[arm]
        low, high = tally.interval
        row.append(f"{tally.rate * 100:.1f} ({low * 100:.0f}-{high * 100:.0f})")
    row.append(" / ".join(f"{cell.hits[name].rate * 100:.0f}" for name in METHODS))
    shown = ("relative_attention", "gradient_attention", "random_crop")
    row.append(" / ".join(_whole_percent(cell.recovered(arm)) for arm in shown))
    return row


def _whole_percent(share: float) -> str:
    return f"{share * 100:.0f}" if math.isfinite(share) else "-"
