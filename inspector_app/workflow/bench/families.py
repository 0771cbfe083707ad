"""`inspector bench families`: the engine's benchmark for every local family.

Each has the real number of layers and the proportions of a checkpoint that people use, and
fewer channels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Step, Steps
from inspector_app.workflow.bench import engine as bench_engine
from inspector_app.workflow.bench.figures import EngineBench
from inspector_app.workflow.bench.mosaic import MosaicLayout
from inspector_app.workflow.bench.network import Layout
from inspector_app.workflow.bench.patchwork import PatchworkLayout
from inspector_app.workflow.bench.queries import QueriesLayout

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "llava": Layout(),
        "llava_next": MosaicLayout(),
        "qwen2_5_vl": PatchworkLayout(layers=28, layer=17),
        "qwen3_vl": PatchworkLayout(layers=36, layer=22, family="qwen3_vl"),
        "instructblip": QueriesLayout(),
    }
)

# Its queries read the question, so only what the tower saw can be shared between questions.
_WITHOUT_TARGETS = ("instructblip",)


@dataclass(frozen=True, slots=True)
class FamiliesBench:
    """What was measured of each family.

    Attributes:
        found: By family, in order of running.
    """

    found: Mapping[str, EngineBench]

    def lines(self) -> list[str]:
        """For the terminal."""
        said: list[str] = []
        for family, bench in self.found.items():
            said += [f"== {family} ==", *bench.lines(), ""]
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {family: bench.as_json() for family, bench in self.found.items()}


def run(
    *,
    families: Sequence[str] = (),
    turns: int = 3,
    memory: bool = True,
    processor_time: bool = False,
    layouts: Mapping[str, Layout] = LAYOUTS,
) -> Steps[FamiliesBench]:
    """Measure one family after the other; each yield stands between two arms.

    Args:
        families: Which; empty for all.
        turns: How often every arm runs; one more, not counted, goes before.
        memory: Also measure the peak of each arm, in processes of their own.
        processor_time: Count the time the processor worked instead of the time that passed.
        layouts: Proportions by family.

    Raises:
        WrongUse: there is no layout of that name.
    """
    wanted = tuple(families) or tuple(layouts)
    for family in wanted:
        if family not in layouts:
            raise WrongUse(
                f'There is no family "{family}" to measure.',
                hint=f"Choose from: {', '.join(layouts)}.",
            )
    found: dict[str, EngineBench] = {}
    counts = [
        bench_engine.step_count(layouts[family], turns=turns, memory=memory) for family in wanted
    ]
    for at, family in enumerate(wanted):
        steps = bench_engine.run(
            turns=turns, layout=layouts[family], memory=memory, processor_time=processor_time
        )
        found[family] = yield from _named(
            steps, family=family, before=sum(counts[:at]), total=sum(counts)
        )
    return FamiliesBench(MappingProxyType(found))


def _without_targets(bench: EngineBench) -> EngineBench:
    return replace(bench, ratios=tuple(replace(one, target=None) for one in bench.ratios))


def _named(
    steps: Steps[EngineBench], *, family: str, before: int, total: int
) -> Steps[EngineBench]:
    """The steps of one family, counted among those of all."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            bench: EngineBench = end.value
            return _without_targets(bench) if family in _WITHOUT_TARGETS else bench
        yield Step(step.stage, before + step.done, total, f"{family}: {step.sample}")
