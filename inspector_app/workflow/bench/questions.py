"""Two questions about one picture by the engine, timed stage by stage."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import Passes
from inspector_app.domain.messages import T
from inspector_app.domain.region import Region
from inspector_app.domain.running import end_of
from inspector_app.runtime.local import LocalModel
from inspector_app.workflow.bench.network import QUESTIONS, Layout


@dataclass(slots=True)
class Chain:
    """What one arm did.

    Attributes:
        answers: Whole and zoomed.
        map: (tokens,) that the crop was chosen by.
        region: The crop.
        passes: Work done; zero where it is not counted.
        stages: Seconds by stage, in order.
        clock: What tells the time, in seconds.
    """

    clock: Callable[[], float] = time.perf_counter
    answers: list[str] = field(default_factory=list)
    map: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    region: Region | None = None
    passes: Passes = field(default_factory=Passes)
    stages: dict[str, float] = field(default_factory=dict)

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        """Do it and note the time."""
        begun = self.clock()
        value = work()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.stages[stage] = self.stages.get(stage, 0.0) + self.clock() - begun
        return value

    @property
    def seconds(self) -> float:
        """All stages together."""
        return sum(self.stages.values())


def two_questions(
    model: LocalModel,
    *,
    view: View,
    layout: Layout,
    clock: Callable[[], float] = time.perf_counter,
    by_gradient: bool = False,
) -> tuple[Chain, Chain]:
    """Ask, look where the map is highest, and ask again; then another question likewise.

    Args:
        model: That the layout makes.
        view: The picture.
        layout: Tells the layer of the maps and the side of the crops.
        clock: What tells the time, in seconds.
        by_gradient: Whether the map is that of gradient attention instead of the relative one.
    """
    chains: list[Chain] = []
    reading: Any = None
    for question in QUESTIONS:
        chain, before = Chain(clock), model.passes
        chains.append(chain)
        if reading is None:
            reading = chain.timed("read", partial(model.read, [view]))
        layers = () if by_gradient else (layout.layer,)
        # As in an inspection: the rest of the first answer is said beside the second.
        begun = chain.timed("ask", partial(end_of, reading.begin(question, layers=layers)))
        if by_gradient:
            found = chain.timed("map", partial(reading.gradient, question, layer=layout.layer))
            chain.map = found.mean_map(layer=layout.layer).ravel()
        else:
            idle = chain.timed("map", partial(reading.attend, model.card.neutral, layers=layers))
            asked, neutral = (one.mean_map(layer=layout.layer) for one in (begun.rows, idle))
            chain.map = (asked / neutral).ravel()
        chain.region = square_at_peak(
            chain.map, grid=reading.grids[0], side=layout.side, within=view.region.size
        )
        if chain is not chains[0] and chain.region == chains[0].region:
            # Another question looks elsewhere; random weights may not.
            chain.region = opposite(chain.region, within=view.region.size)
        closer = chain.timed("read crop", partial(reading.extended, [cut(view, chain.region)]))
        zoomed, _ = chain.timed("zoom", partial(end_of, closer.ask(question, beside=begun)))
        whole = chain.timed("zoom", partial(end_of, begun.finished()))
        chain.answers = [whole.text, zoomed.text]
        chain.passes = model.passes - before
    return chains[0], chains[1]


def square_at_peak(
    values: NDArray[np.float32], *, grid: TokenGrid, side: int, within: tuple[int, int]
) -> Region:
    """A square about the highest of (tokens,) values, shifted inside (width, height)."""
    row, col = divmod(int(values.argmax()), grid.cols)
    width, height = grid.cell
    center = (grid.x0 + (col + 0.5) * width, grid.y0 + (row + 0.5) * height)
    return Region.square_at(center, side=side, within=within)


def opposite(region: Region, *, within: tuple[int, int]) -> Region:
    """A region as large, in the corner of (width, height) that is farthest from it."""
    (across, down), (wide, high) = region.center, region.size
    left = 0 if 2 * across > within[0] else within[0] - wide
    top = 0 if 2 * down > within[1] else within[1] - high
    return Region(left, top, left + wide, top + high)


def cut(view: View, region: Region) -> View:
    """A part of a whole picture, pixel by pixel."""
    return View(view.pixels[region.y0 : region.y1, region.x0 : region.x1], region)
