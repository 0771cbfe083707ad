"""What the shipped presets do to one picture, by the engine and in the straightforward way.

Each chain is timed by stage. The straightforward way is that of `bench_plain`: whole passes,
and for the maps eager attention with the matrices of every layer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import View
from inspector_app.domain.region import Region
from inspector_app.domain.running import end_of
from inspector_app.runtime.local import LocalModel
from inspector_app.workflow.bench.network import QUESTIONS, Layout
from inspector_app.workflow.bench.plain import Plain
from inspector_app.workflow.bench.questions import Chain, cut


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is done to a picture, and how fast it should be.

    Attributes:
        name: Of the preset.
        method: "gradient", "relative", or "" where the regions are fixed.
        crops: How many parts are shown enlarged.
        target_ms: For one picture.
    """

    name: str
    method: str
    crops: int
    target_ms: int

    def __str__(self) -> str:
        searched = f"{self.method} attention" if self.method else "fixed regions"
        return f"{self.name} ({searched}, {self.crops} crops)"


SCENARIOS = (
    Scenario("medical", "gradient", 3, 300),
    Scenario("industrial", "", 2, 100),
    Scenario("text", "relative", 2, 50),
)


def ours(
    scenario: Scenario,
    model: LocalModel,
    *,
    view: View,
    layout: Layout,
    clock: Callable[[], float],
) -> Chain:
    """The chain by the engine: the picture is read once."""
    chain, question, layer = Chain(clock), QUESTIONS[0], layout.layer
    before = model.passes
    reading = chain.timed("read", partial(model.read, [view]))
    layers = (layer,) if scenario.method == "relative" else ()
    begun = chain.timed("ask", lambda: end_of(reading.begin(question, layers=layers)))
    if scenario.method == "gradient":
        rows = chain.timed("map", partial(reading.gradient, question, layer=layer))
        chain.map = rows.mean_map(layer=layer).ravel()
    elif scenario.method:
        assert begun.rows is not None
        neutral = model.card.neutral
        idle = chain.timed("map", partial(reading.attend, neutral, layers=(layer,)))
        chain.map = (begun.rows.mean_map(layer=layer) / idle.mean_map(layer=layer)).ravel()
    views = _parts(scenario, chain.map, grid=reading.grids[0], view=view, side=layout.side)
    closer = chain.timed("read crops", partial(reading.extended, views))
    zoomed, _ = chain.timed("zoom", lambda: end_of(closer.ask(question, beside=begun)))
    whole = chain.timed("zoom", lambda: end_of(begun.finished()))
    chain.answers, chain.region = [whole.text, zoomed.text], views[0].region
    chain.passes = model.passes - before
    return chain


def eager(
    scenario: Scenario,
    plain: Plain,
    *,
    view: View,
    layout: Layout,
    clock: Callable[[], float],
) -> Chain:
    """The chain without the engine: every pass begins at the pixels."""
    chain, question, layer = Chain(clock), QUESTIONS[0], layout.layer
    length = layout.answer
    chain.answers = [chain.timed("ask", partial(plain.answer, [view], question, length=length))]
    if scenario.method == "gradient":
        chain.map = chain.timed("map", partial(plain.gradient, view, question, layer=layer))
    elif scenario.method:
        neutral = plain.speech.card.neutral
        asked = chain.timed("map", partial(plain.attention, view, question, layer=layer))
        chain.map = asked / chain.timed("map", partial(plain.attention, view, neutral, layer=layer))
    views = _parts(scenario, chain.map, grid=plain.grid(view), view=view, side=layout.side)
    zoom = partial(plain.answer, [view, *views], question, length=length)
    chain.answers.append(chain.timed("zoom", zoom))
    chain.region = views[0].region
    return chain


def _parts(
    scenario: Scenario, values: NDArray[np.float32], *, grid: TokenGrid, view: View, side: int
) -> list[View]:
    """Enlarged parts: squares about the highest cells, or one place at two scales."""
    within = view.region.size
    if not scenario.method:
        center = (within[0] / 2, within[1] / 2)
        sides = [side * (2 + more) // 2 for more in range(scenario.crops)]
        return [cut(view, Region.square_at(center, side=one, within=within)) for one in sides]
    found: list[Region] = []
    for cell in np.argsort(-values, kind="stable"):
        row, col = divmod(int(cell), grid.cols)
        width, height = grid.cell
        at = (grid.x0 + (col + 0.5) * width, grid.y0 + (row + 0.5) * height)
        square = Region.square_at(at, side=side, within=within)
        # Neighbours of a peak are high too: they are in its square already.
        if all(abs(square.x0 - one.x0) + abs(square.y0 - one.y0) > side // 2 for one in found):
            found.append(square)
        if len(found) == scenario.crops:
            break
    return [cut(view, region) for region in found]
