"""Which way of looking suits one's own pictures: strategy, crops, scales, resolution and gate.

Every candidate inspects every labelled picture. The choice is made on one half and told on the
other, so that the figure is not that of the luckiest; then it is made on all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.studies import Choice
from inspector_app.runtime.devices import machine
from inspector_app.workflow.bench import arms as bench_arms
from inspector_app.workflow.bench.arms import Tried, gated
from inspector_app.workflow.bench.embedded import Tally
from inspector_app.workflow.bench.size import Pictures, cases_of
from inspector_app.workflow.resolving import can_resolve
from inspector_app.workflow.study import StudyCase
from inspector_app.workflow.workbench import Workbench

GATES = (None, 0.99, 0.95, 0.9, 0.8, 0.6)
"""Gates that are tried; None zooms always."""
COUNTS = (1, 2)
SCALES = ((1.0, 2.0), (1.0, 2.0, 4.0))
"""Scales that are tried for tiles: how finely the picture is searched."""
RESOLUTIONS = (1.0, 1.5)
"""Times the model's own side at which the picture is read, where the model can."""
NEAR = 0.02
"""Of choices whose accuracy is within this of the best the cheapest is taken."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A choice with what it gave.

    Attributes:
        choice: Which.
        answers: Right ones of those asked.
        tokens: Prompt tokens a picture, mean.
        ms: Wall time a picture, mean.
    """

    choice: Choice
    answers: Tally
    tokens: float
    ms: float


@dataclass(frozen=True, slots=True)
class TuneBench:
    """What suits these pictures.

    Attributes:
        model: Name and weights.
        machine: Where it ran.
        study: Name of the file, or "scenes".
        chosen: On all pictures.
        unseen: What the choice made on one half gave on the other; None with too few pictures.
        tried: All choices, best first.
        skipped: A sentence for each picture that was left out.
    """

    model: str
    machine: str
    study: str
    chosen: Choice
    unseen: Measured | None
    tried: tuple[Measured, ...]
    skipped: tuple[str, ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        said = [f"{self.model}; {self.study}; {self.machine}", ""]
        said += ["| choice | right % | 95 % | tokens | ms |", "| --- | ---: | ---: | ---: | ---: |"]
        for one in self.tried[:15]:
            low, high = (round(100 * edge) for edge in one.answers.interval)
            said.append(
                f"| {one.choice.words} | {100 * one.answers.rate:.1f} | {low}-{high} "
                f"| {one.tokens:.0f} | {one.ms:.0f} |"
            )
        said += ["", f"Chosen: {self.chosen.words}."]
        if self.unseen is None:
            said.append("Too few pictures to tell how it does on others: label at least 20.")
        else:
            low, high = (round(100 * edge) for edge in self.unseen.answers.interval)
            said.append(
                f"Chosen on one half ({self.unseen.choice.words}), it was right on "
                f"{100 * self.unseen.answers.rate:.1f} % ({low}-{high}) of the other half."
            )
        return said + [f"Left out: {reason}" for reason in self.skipped[:20]]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "model": self.model,
            "machine": self.machine,
            "study": self.study,
            "chosen": _choice(self.chosen),
            "unseen": None if self.unseen is None else _measured(self.unseen),
            "tried": [_measured(one) for one in self.tried],
            "skipped": list(self.skipped),
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """What every choice gave on one picture."""

    case: StudyCase
    tried: dict[Choice, Tried] = field(default_factory=dict)

    def under(self, choice: Choice) -> Tried:
        """What a choice gives, its gate included."""
        tried = self.tried[choice.bare]
        if choice.gate is None:
            return tried
        return gated(tried, whole=self.tried[choice.alone], gate=choice.gate)


def run(
    pictures: Pictures,
    *,
    model: LoadModel | str = "embedded",
    strategies: Sequence[str] = (),
    resolutions: Sequence[float] = RESOLUTIONS,
    workbench: Workbench | None = None,
) -> Steps[TuneBench]:
    """Try all choices on labelled pictures, and choose.

    Args:
        pictures: A study, or scenes to see how it works.
        model: Name of the model, or its folder.
        strategies: Which; empty for all that the model can serve.
        resolutions: Times the model's own side; where it reads at that only, nothing else.
        workbench: Holds the model; None for one of its own.

    Raises:
        WrongUse: an unknown strategy, or no picture that can be used.
    """
    workbench = workbench or Workbench()
    facts = yield from workbench.load(LoadModel(model) if isinstance(model, str) else model)
    loaded = workbench.model_in_use()
    chosen = tuple(dict.fromkeys(strategies)) or bench_arms.searches(loaded)
    bench_arms.check(chosen, model=loaded)
    sides = tuple(resolutions) if can_resolve(loaded) else (1.0,)
    open_gates = tuple(_open_gates(chosen, resolutions=sides))
    skipped: list[str] = []
    cases: list[_Case] = []
    total, drawn = cases_of(pictures, skipped=skipped)
    for done, case in enumerate(drawn):
        yield Step("measure", done, total)
        if case is None:
            continue
        try:
            cases.append((yield from _tried(case, open_gates, model=loaded, at=(done, total))))
        except InspectorError as error:
            skipped.append(f"{case.name}: {error}")
    if not cases:
        raise WrongUse(
            f"Not one of {total} pictures could be tried. {skipped[0]}",
            hint="Correct the study's file.",
        )
    choices = tuple(_with_gates(open_gates))
    found = sorted(
        (_over(cases, choice) for choice in choices),
        key=lambda one: (-one.answers.right, one.tokens),
    )
    return TuneBench(
        f"{facts.name} {facts.weights_sha256[:12]}".strip(),
        machine(),
        "scenes" if pictures.study is None else pictures.study.name,
        best_of(found).choice,
        _on_unseen(cases, choices, seed=pictures.seed),
        tuple(found),
        tuple(skipped),
    )


def best_of(found: Sequence[Measured]) -> Measured:
    """The cheapest of those within `NEAR` of the best accuracy."""
    best = max(one.answers.rate for one in found)
    near = [one for one in found if one.answers.rate >= best - NEAR]
    return min(near, key=lambda one: (one.tokens, -one.answers.right))


def _open_gates(strategies: Sequence[str], *, resolutions: Sequence[float]) -> Iterator[Choice]:
    """Every choice but its gate."""
    for side in resolutions:
        yield Choice("whole", resolution=side)
        for name in strategies:
            for count in COUNTS:
                for scales in SCALES if name == "tiles" else ((),):
                    yield Choice(name, count, scales, resolution=side)


def _with_gates(choices: Sequence[Choice]) -> Iterator[Choice]:
    for one in choices:
        for gate in GATES if one.strategy != "whole" else (None,):
            yield replace(one, gate=gate)


def _tried(
    case: StudyCase, choices: Sequence[Choice], *, model: VisionModel, at: tuple[int, int]
) -> Steps[_Case]:
    found = _Case(case)
    for choice in choices:
        yield Step("measure", *at)
        found.tried[choice] = bench_arms.by_strategy(
            model, case, strategy=choice.strategy, options=choice.options
        )
    return found


def _over(cases: Sequence[_Case], choice: Choice) -> Measured:
    """What a choice gives on these cases."""
    tried = [(one.case, one.under(choice)) for one in cases]
    answers = Tally()
    for case, given in tried:
        answers.add(is_right=case.accepts(given.answer.text))
    tokens = sum(given.passes.tokens_prefilled for _, given in tried) / len(tried)
    return Measured(choice, answers, tokens, sum(given.ms for _, given in tried) / len(tried))


def _on_unseen(
    cases: Sequence[_Case], choices: Sequence[Choice], *, seed: int, least: int = 20
) -> Measured | None:
    """What the choice made on one half gives on the other; None with fewer than `least` cases."""
    if len(cases) < least:
        return None
    order = np.random.default_rng([seed, 11]).permutation(len(cases))
    first, second = ([cases[index] for index in half] for half in np.array_split(order, 2))
    chosen = best_of([_over(first, choice) for choice in choices]).choice
    return _over(second, chosen)


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "strategy": choice.strategy,
        "count": choice.count,
        "scales": list(choice.scales),
        "gate": choice.gate,
        "resolution": choice.resolution,
    }


def _measured(one: Measured) -> dict[str, Any]:
    low, high = one.answers.interval
    return {
        **_choice(one.choice),
        "right": one.answers.right,
        "asked": one.answers.asked,
        "accuracy": one.answers.rate,
        "interval": [low, high],
        "tokens": one.tokens,
        "ms": one.ms,
    }
