"""`inspector bench engine`: what the shared prefix is worth, as ratios in one run.

Question, map and zoomed answer, once with the engine and once by the published procedure
without it, and the floor: a plain question about the same two pictures, plus decoding the
first answer's tokens. Arms take turns, since the machine may be shared; ratios are taken
within each turn, and the median turn is told.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from types import MappingProxyType

import numpy as np
import torch

from inspector_app.domain.frame import View
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.region import Region
from inspector_app.domain.running import end_of
from inspector_app.runtime.devices import machine
from inspector_app.runtime.local import LocalModel
from inspector_app.workflow.bench import memory as bench_memory
from inspector_app.workflow.bench import network as net
from inspector_app.workflow.bench.figures import Arm, EngineBench, Ratio
from inspector_app.workflow.bench.network import Layout
from inspector_app.workflow.bench.plain import Plain
from inspector_app.workflow.bench.questions import Chain, cut, square_at_peak, two_questions

ENGINE_RELATIVE, PLAIN_RELATIVE = "engine, relative attention", "straightforward, relative"
ENGINE_GRADIENT, PLAIN_GRADIENT = "engine, gradient attention", "straightforward, gradient"
FLOOR, FLOOR_GENERATE = "floor (engine's decoding)", "floor (transformers' generate)"
SECOND = "engine, second question"
ARMS = (
    ENGINE_RELATIVE,
    PLAIN_RELATIVE,
    FLOOR,
    ENGINE_GRADIENT,
    PLAIN_GRADIENT,
    FLOOR_GENERATE,
)
# Where a picture's tokens follow its shape; the layout's own is landscape.
SHAPES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"square": (1225, 1225), "portrait": (1000, 1500)}
)


def run(
    *,
    turns: int = 5,
    layout: Layout | None = None,
    memory: bool = True,
    processor_time: bool = False,
) -> Steps[EngineBench]:
    """Measure; each yield stands between two arms.

    Args:
        turns: How often every arm runs; one more, not counted, goes before.
        layout: The network's proportions.
        memory: Also measure the peak of each arm, in processes of their own (on Linux, and
            of CUDA devices).
        processor_time: Count the time the processor worked instead of the time that
            passed: steadier on a busy machine; with one thread, the same on a quiet one.
    """
    layout = layout or Layout()
    bench = Bench.of(layout, clock=time.process_time if processor_time else time.perf_counter)
    total = step_count(layout, turns=turns, memory=memory)
    shapes = bench.by_shape()
    done = 0
    ran: dict[str, list[Chain]] = {name: [] for name in (*ARMS, SECOND)}
    shaped: dict[str, list[tuple[Chain, Chain]]] = {shape: [] for shape in shapes}
    for turn in range(turns + 1):
        for name in ARMS:
            yield Step("bench", done, total, name)
            done, chains = done + 1, bench.run(name)
            for arm, chain in chains.items() if turn else ():
                ran[arm].append(chain)
        for shape, other in shapes.items():
            yield Step("bench", done, total, f"{shape} picture")
            done, both = done + 1, other.questions(by_gradient=False)
            shaped[shape] += [both] if turn else []
    peaks: dict[str, int] = {}
    for name in ARMS if total > done else ():
        yield Step("bench", done, total, f"memory: {name}")
        done, prepare = done + 1, partial(_prepared, layout)
        peaks[name] = bench_memory.peak_alone(prepare, name, threads=torch.get_num_threads())
    clock = "processor time" if processor_time else "wall time"
    found = _summed_up(ran, peaks, layout=f"{layout}; {clock}")
    return replace(found, ratios=(*found.ratios, *_by_shape(ran, shaped)))


def step_count(layout: Layout, *, turns: int, memory: bool) -> int:
    """How many steps `run` takes."""
    arms = len(ARMS) + (len(SHAPES) if layout.by_shape else 0)
    memory = memory and bench_memory.is_possible(layout.device)
    return (turns + 1) * arms + (len(ARMS) if memory else 0)


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """Two networks of the same weights, one picture, and every arm on them."""

    layout: Layout
    model: LocalModel
    view: View
    plain: Plain
    clock: Callable[[], float]

    @classmethod
    def of(cls, layout: Layout, *, clock: Callable[[], float] = time.perf_counter) -> "Bench":
        """Random weights and a random picture by seed."""
        view = View.of(net.picture(layout))
        return cls(layout, layout.model(), view, layout.plain(), clock)

    def by_shape(self) -> dict[str, "Bench"]:
        """The same on pictures of other shapes, where tokens follow them."""
        if not self.layout.by_shape:
            return {}
        layouts = {name: replace(self.layout, shown=size) for name, size in SHAPES.items()}
        return {
            name: replace(self, layout=layout, view=View.of(net.picture(layout)))
            for name, layout in layouts.items()
        }

    def run(self, name: str) -> dict[str, Chain]:
        """Run an arm; the engine's arms bring the second question along."""
        if name in (ENGINE_RELATIVE, ENGINE_GRADIENT):
            first, second = self.questions(by_gradient=name == ENGINE_GRADIENT)
            return {name: first} | ({SECOND: second} if name == ENGINE_RELATIVE else {})
        if name == FLOOR:
            return {name: self._floor()}
        if name == FLOOR_GENERATE:
            return {name: self._floor_generate()}
        return {name: self._plain(by_gradient=name == PLAIN_GRADIENT)}

    def questions(self, *, by_gradient: bool) -> tuple[Chain, Chain]:
        """Two questions about one picture, by the engine."""
        return two_questions(
            self.model,
            view=self.view,
            layout=self.layout,
            clock=self.clock,
            by_gradient=by_gradient,
        )

    def _plain(self, *, by_gradient: bool) -> Chain:
        chain, plain, question = Chain(self.clock), self.plain, net.QUESTIONS[0]
        layer, neutral, length = self.layout.layer, plain.speech.card.neutral, self.layout.answer
        ask = partial(plain.answer, [self.view], question, length=length)
        chain.answers = [chain.timed("ask", ask)]
        if by_gradient:
            chain.map = chain.timed(
                "map", partial(plain.gradient, self.view, question, layer=layer)
            )
        else:
            asked = chain.timed("map", partial(plain.attention, self.view, question, layer=layer))
            idle = chain.timed("map", partial(plain.attention, self.view, neutral, layer=layer))
            chain.map = asked / idle
        chain.region = square_at_peak(
            chain.map,
            grid=plain.grid(self.view),
            side=self.layout.side,
            within=self.view.region.size,
        )
        views = [self.view, cut(self.view, chain.region)]
        zoom = partial(plain.answer, views, question, length=length)
        chain.answers.append(chain.timed("zoom", zoom))
        return chain

    def _floor(self) -> Chain:
        """Two pictures, one question, and as many decoding steps as two answers take."""
        model, chain, before = self.model, Chain(self.clock), self.model.passes
        reading = chain.timed("read", partial(model.read, self._two()))
        tokens = 2 * self.layout.answer - 1
        ask = reading.ask(net.QUESTIONS[0], max_tokens=tokens)
        chain.timed("ask", partial(end_of, ask))
        chain.passes = model.passes - before
        return chain

    def _floor_generate(self) -> Chain:
        chain, length = Chain(self.clock), 2 * self.layout.answer - 1
        ask = partial(self.plain.answer, self._two(), net.QUESTIONS[0], length=length)
        chain.timed("ask", ask)
        return chain

    def _two(self) -> list[View]:
        region = Region.square_at((700, 500), side=self.layout.side, within=self.view.region.size)
        return [self.view, cut(self.view, region)]


def _prepared(layout: Layout, name: str) -> Callable[[], object]:
    """An arm, ready to run once, after a small forward that wakes the libraries."""
    bench = Bench.of(layout)
    torch.ones(64, 64) @ torch.ones(64, 64)
    return partial(bench.run, name)


def _summed_up(ran: dict[str, list[Chain]], peaks: dict[str, int], *, layout: str) -> EngineBench:
    arms = tuple(_arm(name, chains, peaks.get(name)) for name, chains in ran.items())
    pairs = ((ENGINE_RELATIVE, PLAIN_RELATIVE), (ENGINE_GRADIENT, PLAIN_GRADIENT))
    together = [
        (ours, theirs)
        for engine, plain in pairs
        for ours, theirs in zip(ran[engine], ran[plain], strict=True)
    ]
    relative, gradient = (_difference(ran[engine][0], ran[plain][0]) for engine, plain in pairs)
    return EngineBench(
        machine=machine(),
        layout=layout,
        turns=len(ran[FLOOR]),
        arms=arms,
        ratios=_ratios(ran, peaks),
        map_errors=(relative, gradient),
        same_answers=all(ours.answers == theirs.answers for ours, theirs in together),
        same_regions=all(ours.region == theirs.region for ours, theirs in together),
        memory=bench_memory.HOW if peaks else "",
    )


def _ratios(ran: dict[str, list[Chain]], peaks: dict[str, int]) -> tuple[Ratio, ...]:
    def over(name: str, by: str) -> float:
        pairs = zip(ran[name], ran[by], strict=True)
        return median(one.seconds / other.seconds for one, other in pairs)

    found = [
        Ratio(
            "straightforward / engine, relative", over(PLAIN_RELATIVE, ENGINE_RELATIVE), 2.1, False
        ),
        Ratio(
            "straightforward / engine, gradient", over(PLAIN_GRADIENT, ENGINE_GRADIENT), 2.0, False
        ),
        Ratio("engine / floor, relative", over(ENGINE_RELATIVE, FLOOR), 1.25, True),
        Ratio("engine / floor, gradient", over(ENGINE_GRADIENT, FLOOR), 1.25, True),
        Ratio(
            "engine / floor of generate, relative",
            over(ENGINE_RELATIVE, FLOOR_GENERATE),
            1.25,
            True,
        ),
        Ratio(
            "engine / floor of generate, gradient",
            over(ENGINE_GRADIENT, FLOOR_GENERATE),
            1.25,
            True,
        ),
        Ratio("second question / first, relative", over(SECOND, ENGINE_RELATIVE), 0.6, True),
    ]
    if peaks:
        share = peaks[ENGINE_GRADIENT] / max(1, peaks[PLAIN_GRADIENT])
        found.append(Ratio("peak memory, engine / straightforward, gradient", share, 0.333, True))
    return tuple(found)


def _by_shape(
    ran: dict[str, list[Chain]], shaped: dict[str, list[tuple[Chain, Chain]]]
) -> tuple[Ratio, ...]:
    """The second question over the first, with the tokens that each had to read."""
    if not shaped:
        return ()
    landscape = list(zip(ran[ENGINE_RELATIVE], ran[SECOND], strict=True))
    return tuple(
        Ratio(
            f"second / first, {shape} picture ({second.passes.tokens_prefilled} / "
            f"{first.passes.tokens_prefilled} tokens)",
            median(late.seconds / early.seconds for early, late in pairs),
            None if shape == "landscape" else 0.6,
            True,
        )
        for shape, pairs in {"landscape": landscape, **shaped}.items()
        for first, second in pairs[:1]
    )


def _arm(name: str, chains: Sequence[Chain], peak: int | None) -> Arm:
    seconds = [chain.seconds for chain in chains]
    stages = {stage: median(chain.stages[stage] for chain in chains) for stage in chains[0].stages}
    passes = chains[0].passes if chains[0].passes.language else None
    return Arm(name, median(seconds), min(seconds), max(seconds), stages, passes, peak)


def _difference(ours: Chain, plain: Chain) -> float:
    """Largest difference of two maps as a part of the larger one's peak."""
    return float(np.abs(ours.map - plain.map).max() / np.abs(plain.map).max())
