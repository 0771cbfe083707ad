"""One question asked in many ways, each charged with all that it takes.

Every arm is a whole inspection by the very engine users get, from the picture on: its vision
passes, tokens and time include the answer on the whole picture.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from inspector_app import crops, plugins
from inspector_app.domain.answer import Answer
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import Inspection, Passes
from inspector_app.domain.messages import Inspect
from inspector_app.domain.ports import Reading, VisionModel
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.domain.rule import Rules
from inspector_app.domain.running import end_of
from inspector_app.workflow.bench.embedded import Tally, about, cell_side
from inspector_app.workflow.inspecting import Clock, Opened, can_serve, inspect, strategy_for
from inspector_app.workflow.resolving import read_at
from inspector_app.workflow.study import StudyCase
from inspector_app.workflow.trials import inspect_and_try

CONTROLS = (
    "whole",
    "true_box",
    "random_crop",
    "larger",
    "larger_most",
    "raised",
    "raised_true",
    "mixed",
)
"""Arms that are no strategies: what a strategy is measured against, and experiments."""
FACTOR, SHARE = 1.8, 0.5
"""Of the experiments: of the attention, and of the whole picture in mixed answers."""
# More than the context holds cannot be spent on one picture, nor is more than this ever tried.
_MOST_TOKENS, _ROOM_FOR_WORDS = 4096, 96


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One arm's answer to one case.

    Attributes:
        answer: The last word.
        whole: The answer on the whole picture alone.
        regions: Where it was zoomed.
        passes: All work done.
        ms: Wall time.
    """

    answer: Answer
    whole: Answer
    regions: tuple[Region, ...]
    passes: Passes
    ms: float

    def hits(self, box: Region) -> bool:
        """Whether a crop holds the middle of the box."""
        return any(region.covers(*box.center) for region in self.regions)


@dataclass(slots=True, eq=False)
class ArmTally:
    """All cases of one arm in one cell of the table.

    Attributes:
        answers: Right ones of those asked.
        hits: How often a crop held the middle of the true box.
        vision: Pictures read.
        tokens: Prompt tokens read.
        language: Forwards through the language model.
        ms: Wall time of each case.
    """

    answers: Tally = field(default_factory=Tally)
    hits: Tally = field(default_factory=Tally)
    vision: int = 0
    tokens: int = 0
    language: int = 0
    ms: list[float] = field(default_factory=list)

    def add(self, tried: Tried, case: StudyCase) -> None:
        """Count one case."""
        self.answers.add(is_right=case.accepts(tried.answer.text))
        if case.box is not None:
            self.hits.add(is_right=tried.hits(case.box))
        self.vision += tried.passes.vision
        self.tokens += tried.passes.tokens_prefilled
        self.language += tried.passes.language
        self.ms.append(tried.ms)

    @property
    def median_ms(self) -> float:
        """Wall time of the middle case; NaN without any."""
        ordered = sorted(self.ms)
        return ordered[len(ordered) // 2] if ordered else math.nan

    def per_case(self, total: int) -> float:
        """A total over the number of cases; NaN without any."""
        return total / self.answers.asked if self.answers.asked else math.nan


def searches(model: VisionModel) -> tuple[str, ...]:
    """The strategies that search and that a model can serve."""
    known = ((name, plugins.load(crops, name)) for name in plugins.names(crops))
    return tuple(name for name, one in known if one.NEEDS and can_serve(one, model=model))


def check(strategies: Sequence[str], *, model: VisionModel) -> None:
    """Refuse what cannot be measured.

    Raises:
        WrongUse: a strategy is not known, searches nothing, or cannot be served by the model.
    """
    for name in strategies:
        if not strategy_for(name, model=model).NEEDS:
            raise WrongUse(
                f'"{name}" searches nothing by itself.',
                hint=f"Choose from: {', '.join(searches(model))}.",
            )


def by_strategy(
    model: VisionModel, case: StudyCase, *, strategy: str, options: Options | None = None
) -> Tried:
    """Inspect a case from the picture on, by one strategy.

    Raises:
        InspectorError: see `workflow.inspecting.inspect`.
    """
    before, begun = model.passes, time.perf_counter()
    chosen = options or Options()
    reading = read_at(model, [View.of(case.frame)], resolution=chosen.resolution)
    opened = Opened(case.frame, model, reading)
    # No checks: a verdict may ask more of the model, and is not what is measured.
    request = Inspect(case.name, case.question, strategy, chosen, save=False, rules=Rules())
    found: Inspection = end_of(inspect(opened, request, clock=Clock()))
    took = (time.perf_counter() - begun) * 1000
    regions = tuple(one.region for one in found.regions)
    return Tried(found.answer, found.whole, regions, model.passes - before, took)


def by_trial(
    model: VisionModel, case: StudyCase, *, strategy: str, options: Options
) -> Tried | None:
    """What an experiment beside a strategy answers, charged with all before it.

    The whole answer where no region was found; None where the model cannot serve it.
    """
    before, begun = model.passes, time.perf_counter()
    opened = Opened(case.frame, model, model.read([View.of(case.frame)]))
    request = Inspect(case.name, case.question, strategy, options, save=False, rules=Rules())
    try:
        found: Inspection = end_of(inspect_and_try(opened, request, clock=Clock()))
    except WrongUse:
        return None
    took = (time.perf_counter() - begun) * 1000
    answer = found.trials[0].answer if found.trials else found.whole
    return Tried(answer, found.whole, (), model.passes - before, took)


def by_boxes(model: VisionModel, case: StudyCase, boxes: Sequence[Region]) -> Tried:
    """The same with given boxes enlarged."""
    return by_strategy(model, case, strategy="manual", options=Options(rois=tuple(boxes)))


def true_box(model: VisionModel, case: StudyCase) -> Tried | None:
    """With the smallest square about the true box; None where it is not known."""
    return None if case.box is None else by_boxes(model, case, [about(case.box, case.frame)])


def larger(model: VisionModel, case: StudyCase, *, tokens: int) -> Tried | None:
    """One larger picture of about so many tokens and no crop; None if the model cannot."""
    read_larger: Callable[..., Reading] | None = getattr(model, "read_larger", None)
    if read_larger is None:
        return None
    grid = model.read([View.of(case.frame)]).grids[0]
    room = getattr(model, "context", _MOST_TOKENS) - _ROOM_FOR_WORDS
    side = math.isqrt(max(1, min(tokens, room, _MOST_TOKENS))) * cell_side(model, grid)
    before, begun = model.passes, time.perf_counter()
    try:
        reading = read_larger(View.of(case.frame), side=side)
        answer: Answer = end_of(reading.ask(case.question))[0]
    except WrongUse:
        # A question so long that it does not fit beside so large a picture.
        return None
    took = (time.perf_counter() - begun) * 1000
    return Tried(answer, answer, (), model.passes - before, took)


def picture_tokens(model: VisionModel, case: StudyCase) -> int:
    """Tokens of the whole picture."""
    return model.read([View.of(case.frame)]).grids[0].tokens


def gated(tried: Tried, *, whole: Tried, gate: float) -> Tried:
    """What a strategy gives behind a gate: the whole answer, where it is sure enough."""
    weakest = whole.answer.weakest
    if weakest is not None and weakest >= gate:
        return whole
    return replace(tried)
