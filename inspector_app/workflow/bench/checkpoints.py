"""`inspector bench checkpoints`: published layouts with random weights, on a real device.

The network is built from the architecture on a model's card, directly where it computes: time
and memory do not depend on what the weights say. Each preset's chain is measured by the engine
and in the straightforward way, one network after the other, so that only one is in memory.
"""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from statistics import median
from typing import Any

import torch

from inspector_app.domain.card import Card
from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime import devices, sizes
from inspector_app.runtime.cards import read_card
from inspector_app.runtime.trouble import room_on
from inspector_app.workflow.bench import memory as bench_memory
from inspector_app.workflow.bench import network as net
from inspector_app.workflow.bench import scenarios as bench_scenarios
from inspector_app.workflow.bench.figures import Ratio
from inspector_app.workflow.bench.mosaic import MosaicLayout
from inspector_app.workflow.bench.narrow import narrowed
from inspector_app.workflow.bench.network import Layout
from inspector_app.workflow.bench.patchwork import PatchworkLayout
from inspector_app.workflow.bench.questions import Chain, two_questions
from inspector_app.workflow.bench.scenarios import SCENARIOS, Scenario
from inspector_app.workflow.fitting import free_on
from inspector_app.workflow.loading import model_folder

MODELS = ("llava-1.5-7b", "qwen2.5-vl-7b", "qwen3-vl-8b", "qwen3-vl-2b")
OURS, EAGER = "engine", "eager"
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Told:
    """One preset's chain on one checkpoint.

    Attributes:
        scenario: Name of the preset.
        way: `OURS` or `EAGER`.
        target_ms: For one picture.
        ms: Median; None where the memory was too small.
        stages_ms: Median by stage.
        peak_bytes: Beyond the weights; None where it cannot be told.
    """

    scenario: str
    way: str
    target_ms: int
    ms: float | None
    stages_ms: Mapping[str, float]
    peak_bytes: int | None

    @property
    def is_met(self) -> bool:
        """Whether it is as fast as it should be; what did not fit is not."""
        return self.ms is not None and self.ms <= self.target_ms

    def line(self, *, judged: bool) -> str:
        """For the terminal.

        Args:
            judged: Whether to say if the target is met.
        """
        said = "yes" if self.is_met else "NO"
        if not judged:
            said = "-"
        if self.ms is None:
            return f"{self.scenario:<44}{self.way:<8}  out of memory  <= {self.target_ms}: {said}"
        peak = "" if self.peak_bytes is None else f"{self.peak_bytes / 1e6:.0f}"
        stages = ", ".join(f"{name} {took:.0f}" for name, took in self.stages_ms.items())
        return (
            f"{self.scenario:<44}{self.way:<8}{self.ms:>9.0f}{peak:>9}  "
            f"<= {self.target_ms}: {said:<5}{stages}"
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """One checkpoint.

    Attributes:
        name: Of its card.
        parameters: Of the network that was measured.
        layout: In words.
        same: Whether both ways gave the same answers, where both ran.
        told: Each preset, each way.
        second: The engine's second question over its first; None where memory was too small.
    """

    name: str
    parameters: int
    layout: str
    same: bool
    told: tuple[Told, ...]
    second: Ratio | None


@dataclass(frozen=True, slots=True)
class CheckpointsBench:
    """Everything that was measured in one run.

    Attributes:
        machine: Where.
        scale: How many times narrower and shallower than published; 1 for as published.
        turns: How often every chain ran.
        found: By checkpoint.
    """

    machine: str
    scale: int
    turns: int
    found: tuple[Measured, ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        said = [f"Machine: {self.machine}; {self.turns} turns; random weights"]
        if self.scale > 1:
            said.append(
                f"NOT AS PUBLISHED: {self.scale} times narrower and shallower, to try the "
                "benchmark. Its times say nothing about the checkpoints."
            )
        for one in self.found:
            said += ["", f"== {one.name}: {one.parameters / 1e9:.2f} billion weights =="]
            same = "the same answers both ways" if one.same else "answers differ between the ways"
            said += [f"{one.layout}; {same}", ""]
            said.append(f"{'preset':<44}{'way':<8}{'ms':>9}{'peak MB':>9}  target      stages (ms)")
            said += [told.line(judged=self.scale == 1) for told in one.told]
            if one.second is not None:
                judged = one.second if self.scale == 1 else replace(one.second, target=None)
                said += ["", judged.line]
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        plain = asdict(self)
        for one, values in zip(self.found, plain["found"], strict=True):
            for told, line in zip(one.told, values["told"], strict=True):
                line["is_met"] = told.is_met if self.scale == 1 else None
            if one.second is not None:
                values["second"]["is_met"] = one.second.is_met if self.scale == 1 else None
        return plain


def run(
    *,
    models: Sequence[str] = (),
    device: str = "auto",
    precision: str = "auto",
    turns: int = 5,
    scale: int = 1,
    shown: tuple[int, int] = (1500, 1000),
) -> Steps[CheckpointsBench]:
    """Measure one checkpoint after the other; each yield stands before a chain.

    Args:
        models: Names of cards; empty for `MODELS`.
        device: "auto", "cpu", "cuda" or "cuda:N".
        precision: "auto", "float32", "bfloat16" or "float16".
        turns: How often every chain runs; one more, not counted, goes before.
        scale: Divides width and depth, to try the benchmark on a small computer.
        shown: (width, height) of the picture.

    Raises:
        WrongUse: no such card, or none with an architecture that can be built.
        OutOfMemory: a network has no room on the device.
    """
    place = devices.choose(device, precision)
    if place.eight_bit:
        raise WrongUse(
            "Random weights are not measured in int8.",
            hint="Choose bfloat16, or use: inspector bench precision.",
        )
    layouts = [layout_of(name, placement=place, scale=scale) for name in models or MODELS]
    # Each preset's chain both ways, and two questions by the engine.
    total = len(layouts) * (2 * len(SCENARIOS) + 1) * (turns + 1)
    found = []
    for at, (card, plain) in enumerate(layouts):
        before, layout = (at * total // len(layouts), total), replace(plain, shown=shown)
        found.append((yield from _checkpoint(card, layout, turns=turns, before=before)))
    return CheckpointsBench(devices.machine(), scale, turns, tuple(found))


def layout_of(name: str, *, placement: devices.Placement, scale: int) -> tuple[Card, Layout]:
    """A card, and its published layout with the family's own processing of pictures.

    Raises:
        WrongUse: its family has no such layout, or its card tells no architecture.
        ModelTrouble: there is no such card.
    """
    card = read_card(model_folder(name))
    facts: Any = card.facts or {}
    whole = facts.get("architecture")
    if not whole or card.family not in _LAYOUTS:
        raise WrongUse(
            f'"{card.name}" has no published layout that can be built with random weights.',
            hint=f"Choose from: {', '.join(MODELS)}.",
        )
    architecture = narrowed(whole, scale=scale)
    text = architecture["text_config"]
    depth, deepest = int(text["num_hidden_layers"]), int(whole["text_config"]["num_hidden_layers"])
    layout = replace(
        _LAYOUTS[card.family],
        layers=depth,
        width=int(text["hidden_size"]),
        layer=min(depth - 1, card.layer * depth // deepest),
        device=str(placement.device),
        precision=placement.dtype_name,
        architecture=architecture,
    )
    return card, layout


# As in the checkpoints' own processor files: a picture may have 16,384 tokens.
_LAYOUTS: Mapping[str, Layout] = {
    "llava": Layout(),
    "llava_next": MosaicLayout(tile=336, side=672),
    "qwen2_5_vl": PatchworkLayout(least=4, most=16384),
    "qwen3_vl": PatchworkLayout(least=64, most=16384, family="qwen3_vl"),
}


def _checkpoint(
    card: Card, layout: Layout, *, turns: int, before: tuple[int, int]
) -> Steps[Measured]:
    """Both ways, one network after the other."""
    count = _check_room(card, layout)
    view = View.of(net.picture(layout))
    done, total = before
    second: Ratio | None = None
    told: dict[tuple[str, str], Told] = {}
    said: dict[str, list[list[str]]] = {OURS: [], EAGER: []}
    for way in (OURS, EAGER):
        with room_on(layout.placement.device, doing=f'build "{card.name}" with random weights'):
            chain_of, two = _prepared(layout, way, view=view)
        for scenario in SCENARIOS:
            ran: list[Chain] | None = []
            peak = 0
            for turn in range(turns + 1):
                yield Step("bench", done + turn, total, f"{card.name}, {way}: {scenario.name}")
                if ran is not None:
                    ran, peak = _turn(partial(chain_of, scenario), ran, peak=peak, layout=layout)
            done += turns + 1
            said[way].append(ran[0].answers if ran else [])
            told[way, scenario.name] = _told(scenario, way, ran[1:] if ran else None, peak=peak)
        if two is not None:
            at = (done, total)
            second = yield from _second(two, name=card.name, turns=turns, layout=layout, at=at)
            done += turns + 1
        # The next one needs the room.
        del chain_of, two
        _give_back(layout)
    pairs = zip(said[OURS], said[EAGER], strict=True)
    same = all(one == other for one, other in pairs if one and other)
    ordered = tuple(told[way, one.name] for one in SCENARIOS for way in (OURS, EAGER))
    return Measured(card.name, count, str(layout), same, ordered, second)


def _prepared(
    layout: Layout, way: str, *, view: View
) -> tuple[Callable[[Scenario], Chain], Callable[[], tuple[Chain, Chain]] | None]:
    """A preset's chain, and by the engine two questions, on a network drawn for them."""
    clock = time.perf_counter
    if way == OURS:
        model = layout.model()
        return (
            lambda one: bench_scenarios.ours(one, model, view=view, layout=layout, clock=clock),
            lambda: two_questions(model, view=view, layout=layout, clock=clock),
        )
    plain = layout.plain()
    return (
        lambda one: bench_scenarios.eager(one, plain, view=view, layout=layout, clock=clock),
        None,
    )


def _second(
    two: Callable[[], tuple[Chain, Chain]],
    *,
    name: str,
    turns: int,
    layout: Layout,
    at: tuple[int, int],
) -> Steps[Ratio | None]:
    """The second question on a picture over the first; None where memory is too small."""
    pairs: list[tuple[Chain, Chain]] = []
    for turn in range(turns + 1):
        yield Step("bench", at[0] + turn, at[1], f"{name}, {OURS}: two questions")
        try:
            with room_on(layout.placement.device, doing="measure"):
                pairs.append(two())
        except OutOfMemory:
            _give_back(layout)
            return None
    early, late = (one.passes.tokens_prefilled for one in pairs[0])
    return Ratio(
        f"second question / first, relative ({late} / {early} tokens)",
        median(second.seconds / first.seconds for first, second in pairs[1:]),
        0.6,
        at_most=True,
    )


def _turn(
    work: Callable[[], Chain], ran: list[Chain], *, peak: int, layout: Layout
) -> tuple[list[Chain] | None, int]:
    """One more chain and the highest peak; None where the memory was too small."""
    try:
        with room_on(layout.placement.device, doing="measure"):
            took, chain = bench_memory.peak_here(work, device=layout.device)
    except OutOfMemory:
        _give_back(layout)
        return None, 0
    return [*ran, chain], max(peak, took)


def _told(scenario: Scenario, way: str, chains: list[Chain] | None, *, peak: int) -> Told:
    """Medians over the turns."""
    if chains is None:
        return Told(str(scenario), way, scenario.target_ms, None, {}, None)
    stages = {
        stage: median(1e3 * chain.stages[stage] for chain in chains) for stage in chains[0].stages
    }
    whole = median(1e3 * chain.seconds for chain in chains)
    return Told(str(scenario), way, scenario.target_ms, whole, stages, peak or None)


def _check_room(card: Card, layout: Layout) -> int:
    """The number of weights.

    Raises:
        OutOfMemory: they do not fit; said before minutes are spent on drawing them.
    """
    assert layout.architecture is not None
    count = sizes.parameters(sizes.on_paper(layout.architecture))
    need = count * layout.placement.dtype.itemsize // _MIB
    free = free_on(layout.placement.device)
    if need > free:
        raise OutOfMemory(
            f'"{card.name}" needs {need * _MIB / 1e9:.1f} GB for its weights in '
            f"{layout.precision}, and {free * _MIB / 1e9:.1f} GB are free.",
            hint="Take a larger device, a smaller model, or try the benchmark with: --scale 16.",
        )
    return count


def _give_back(layout: Layout) -> None:
    gc.collect()
    if layout.placement.device.type == "cuda":
        torch.cuda.empty_cache()
