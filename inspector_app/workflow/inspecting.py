"""The main story: read, ask, look, zoom, judge. See DESIGN's walk of one inspection."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import ModuleType

from inspector_app import __version__, crops, plugins
from inspector_app.domain.answer import Answer
from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.begun import Said
from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.frame import Frame, View
from inspector_app.domain.inspection import Inspection, ShownView
from inspector_app.domain.messages import Inspect, Step, Steps
from inspector_app.domain.ports import Reading, VisionModel
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.verdict import REGION_RULES, Evidence, rules_for
from inspector_app.imaging.wishes import through, wished_window
from inspector_app.workflow.cropping import Intake, crops_shown
from inspector_app.workflow.drawn import (
    InsideLook,
    is_drawn,
    kept_inside,
    with_crops,
)
from inspector_app.workflow.following import Followed
from inspector_app.workflow.judging import FOREIGN, STRAYED, judged
from inspector_app.workflow.looking import Key, ModelLook
from inspector_app.workflow.resolving import read_at
from inspector_app.workflow.stepping import REMEMBERED_TILES, Room
from inspector_app.workflow.zooming import Closer, told_as, zoom

SOFTWARE = f"Inspector {__version__}"


@dataclass(slots=True, eq=False)
class Opened:
    """A picture that a model has read; kept, so that further questions start there.

    Attributes:
        frame: The picture, through the first of its windows.
        model: Who read it.
        reading: Of the whole picture, through each window.
        known: Maps made so far, see `ModelLook`.
        others: The picture through each further window that the model is shown.
    """

    frame: Frame
    model: VisionModel
    reading: Reading
    known: dict[Key, AttentionMap] = field(default_factory=dict)
    others: tuple[Frame, ...] = ()

    def views_of(self, region: Region) -> tuple[View, ...]:
        """A part of the picture, once through each window."""
        if self.reading.views[0].window is None:
            return (View.of(self.frame, region),)
        # What only one window shows would else be enlarged where nobody can see it.
        return tuple(
            View(frame.cut(region), region, frame.provenance.window)
            for frame in (self.frame, *self.others)
        )


@dataclass(slots=True)
class Clock:
    """Wall time by stage, in milliseconds, in the order the stages began.

    Attributes:
        spent: Milliseconds by stage.
        now: Tells the time in seconds.
    """

    spent: dict[str, float] = field(default_factory=dict)
    now: Callable[[], float] = time.perf_counter

    @contextmanager
    def during(self, stage: str) -> Iterator[None]:
        """Add the time of the block to `stage`."""
        begun = self.now()
        try:
            yield
        finally:
            more = (self.now() - begun) * 1000
            self.spent[stage] = self.spent.get(stage, 0.0) + more


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """What a strategy found, through which look."""

    look: ModelLook
    regions: tuple[ScoredRegion, ...] = ()
    map: AttentionMap | None = None
    notes: tuple[str, ...] = ()


def inspect(
    opened: Opened,
    asked: Inspect | Followed,
    *,
    clock: Clock,
    notes: tuple[str, ...] = (),
    room: Room | None = None,
) -> Steps[Inspection]:
    """Ask about a picture that was read, look closer, and ask again.

    Args:
        opened: The picture and its reading.
        asked: Question, strategy and options; with where the part lies that they follow.
        clock: Already holds the stages before this one.
        notes: What happened before, for the record.
        room: What fits into memory; learns what does not. None knows nothing yet.

    Returns:
        The record, not stored yet.

    Raises:
        WrongUse: no question, an unknown strategy, one that this model cannot serve, a
            question longer than the context.
        OutOfMemory: not even one crop fits.
    """
    followed = asked if isinstance(asked, Followed) else Followed(asked)
    request, notes = followed.request, notes + followed.notes
    question = question_of(request)
    strategy = strategy_for(request.strategy, model=opened.model)
    options, reading, room = request.options, opened.reading, room or Room()
    look = _look_at(opened, question, request, tiled=room.tiled)
    before = opened.model.passes
    layers = range(opened.model.layers) if _wants_rows(strategy, model=opened.model) else ()
    with clock.during("ask"):
        begun = yield from told_as(
            reading.begin(question.text, layers=tuple(layers), max_tokens=options.max_tokens),
            stage="ask",
            whose="whole",
        )
        whole = None
        if not _can_wait(request, strategy=strategy, look=look):
            whole = yield from told_as(begun.finished(), stage="ask", whose="whole")
    # The gate is for strategies that search; a region drawn by hand is always shown.
    is_sure = bool(strategy.NEEDS) and _is_sure(whole, gate=_gate_of(strategy, request))
    with clock.during("look"):
        yield Step("look", 0, 1)
        looked = yield from _proposed(
            look, question, request, strategy=strategy, room=room, is_sure=is_sure
        )
    look, seen, regions = looked.look, looked.map, looked.regions
    notes += looked.notes
    yield Step("look", 1, 1, seen)
    yield Step("zoom", 0, 1, regions)
    drawn = is_drawn(request.strategy, options)
    intake = Intake.of(opened.model)
    closer = Closer(reading, opened.views_of, question.text, options, is_drawn=drawn, intake=intake)
    with clock.during("zoom"):
        whole, zoomed = yield from zoom(
            closer, regions, whole=begun if whole is None else Said(whole), room=room
        )
    yield Step("judge", 0, 1)
    strayed = (STRAYED,) if request.strays else ()
    foreign = () if all(map(opened.model.facts.understands, closer.questions)) else (FOREIGN,)
    evidence = Evidence(
        question.text,
        whole=whole,
        size=opened.frame.size,
        has_template=followed.has_template,
        placement=followed.placement,
        # Loading the model is not part of an inspection.
        elapsed_ms=sum(took for stage, took in clock.spent.items() if stage != "load"),
        troubles=(*followed.troubles, *strayed, *foreign, *dict.fromkeys(look.doubts)),
    )
    evidence = with_crops(evidence, zoomed, options, drawn=drawn)
    verdict, rules = None, request.rules or rules_for(question.text)
    if rules is None and evidence.is_demanding:
        rules = REGION_RULES
    if rules is not None:
        with clock.during("judge"):
            verdict = yield from judged(evidence, rules, frame=opened.frame, reading=reading)
    views = (*reading.views, *zoomed.views)
    neutral = question.neutral in look.wanted
    return Inspection(
        provenance=opened.frame.provenance,
        size=opened.frame.size,
        model=opened.model.facts,
        question=question.text,
        prompt=reading.prompt(question.text),
        zoomed_prompt=zoomed.prompt,
        neutral_prompt=reading.prompt(question.neutral) if neutral else "",
        strategy=request.strategy,
        options=options,
        regions=zoomed.regions,
        whole=whole,
        zoomed=zoomed.answer,
        crop_answers=zoomed.by_crop,
        verdict=verdict,
        placement=followed.placement,
        map=seen,
        views=tuple(ShownView(view.pixels, view.region, window=view.window) for view in views),
        notes=notes + foreign + zoomed.notes,
        passes=opened.model.passes - before,
        timings_ms=dict(clock.spent),
        created=datetime.now(UTC).isoformat(timespec="milliseconds"),
        software=SOFTWARE,
    )


def opened_through(
    windows: Sequence[str], frame: Frame, *, model: VisionModel, resolution: float = 1.0
) -> Opened:
    """Let the model read a picture through the wished grey windows, each a view of its own.

    Args:
        windows: As texts (see `imaging.wishes`); none shows it as it was opened.
        frame: The picture.
        model: Who reads it.
        resolution: See `Options`.

    Raises:
        WrongUse: the picture has no such window, or the model reads at one resolution only.
    """
    if not windows:
        return Opened(frame, model, read_at(model, [View.of(frame)], resolution=resolution))
    wished = dict.fromkeys(wished_window(wish, frame) for wish in windows)
    first, *others = (through(frame, window) for window in wished)
    shown = [View(one.pixels, one.region, one.provenance.window) for one in (first, *others)]
    reading = read_at(model, shown, resolution=resolution)
    return Opened(first, model, reading, others=tuple(others))


def question_of(request: Inspect) -> Question:
    """The question with its neutral twin.

    Raises:
        WrongUse: it has no words, or bytes that are no text.
    """
    if not request.question.strip():
        raise WrongUse("The question is empty.", hint="Type what you want to know.")
    try:
        request.question.encode()
    except UnicodeEncodeError as error:
        raise WrongUse(
            "The question holds bytes that are no text.", hint="Type it in UTF-8."
        ) from error
    return Question(request.question.strip(), request.neutral)


def strategy_for(name: str, *, model: VisionModel) -> ModuleType:
    """The crop strategy, if this model can serve it.

    Raises:
        WrongUse: no such strategy, or the model cannot do what it needs.
    """
    strategy = plugins.load(crops, name)
    if not can_serve(strategy, model=model):
        served = [each for each in plugins.names(crops) if _serves(each, model=model)]
        raise WrongUse(
            f'"{strategy.TITLE}" needs to see inside the model, and "{model.facts.name}" '
            "does not let it.",
            hint=f"Choose one that this model can serve: {', '.join(served)}.",
        )
    return strategy


def _serves(name: str, *, model: VisionModel) -> bool:
    return can_serve(plugins.load(crops, name), model=model)


def can_serve(strategy: ModuleType, *, model: VisionModel) -> bool:
    """Whether the model does everything that the strategy needs."""
    able = {
        "ask": True,
        "attend": model.can_attend,
        "backpropagate": model.can_backpropagate,
    }
    return all(able[need] for need in strategy.NEEDS)


def _wants_rows(strategy: ModuleType, *, model: VisionModel) -> bool:
    """Whether rows are read while it answers: they cost nothing more, and people see them."""
    return "attend" in strategy.NEEDS or ("ask" in strategy.NEEDS and model.can_attend)


def _look_at(opened: Opened, question: Question, request: Inspect, *, tiled: bool) -> ModelLook:
    layer = request.options.layer
    if layer is not None and not 0 <= layer < opened.model.layers:
        raise WrongUse(
            f"The model has no layer {layer}.",
            hint=f"Choose a layer from 0 to {opened.model.layers - 1}.",
        )
    # Neutral maps stay true for the picture; the others would only pile up.
    known = opened.known
    for key in [key for key in known if key[1] not in {question.neutral, question.text}]:
        del known[key]
    rois = request.options.rois if request.options.inside else ()
    return InsideLook(
        frame=opened.frame,
        model=opened.model,
        reading=opened.reading,
        neutral=question.neutral,
        layer=opened.model.default_layer if layer is None else layer,
        tiled=tiled,
        known=known,
        rois=rois,
    )


def _proposed(
    look: ModelLook,
    question: Question,
    request: Inspect,
    *,
    strategy: ModuleType,
    room: Room,
    is_sure: bool,
) -> Steps[_Looked]:
    """Where to look closer, and a map of where it looked; nowhere if the answer is sure."""
    asks = "ask" in strategy.NEEDS
    if is_sure:
        # Where it looked is shown all the same: the rows of the answer cost nothing more.
        look = replace(look, tiled=False)
    if is_sure and asks:
        looked = yield from _glanced(look, question)
    else:
        looked = yield from _looked(look, question, request, strategy=strategy, room=room)
        if looked.map is None and asks:
            looked = replace(looked, map=(yield from _glanced(look, question)).map)
    if request.options.inside and request.options.rois:
        regions = kept_inside(looked.regions, request.options.rois)
        told = (*looked.notes, "searched inside the drawn regions only")
        looked = replace(looked, regions=regions, notes=told)
    if is_sure:
        notes: tuple[str, ...] = ("not zoomed: the first answer was sure",)
        return replace(looked, regions=(), notes=looked.notes + notes)
    if not looked.regions and request.strategy != "whole":
        notes = ("not zoomed: no part of the picture stands out",)
        return replace(looked, notes=looked.notes + notes)
    views = len(look.reading.views)
    shown, told = crops_shown(looked.regions, request.options, model=look.model, views=views)
    return replace(looked, regions=shown, notes=looked.notes + told)


def _looked(
    look: ModelLook, question: Question, request: Inspect, *, strategy: ModuleType, room: Room
) -> Steps[_Looked]:
    """Let the strategy propose; without tiles where memory does not suffice for them."""
    is_search = bool(strategy.NEEDS)
    notes = (REMEMBERED_TILES,) if is_search and not room.tiled and look.would_tile else ()
    try:
        regions, seen = yield from strategy.propose(
            look.frame, question, request.options, look=look
        )
        return _Looked(look, regions, seen, notes)
    except OutOfMemory:
        if not (is_search and look.tiled and look.would_tile):
            raise
    # Done outside the handler, so that the error no longer holds the tensors.
    smaller = replace(look, tiled=False)
    notes = (room.without_tiles(),)
    regions, seen = yield from strategy.propose(look.frame, question, request.options, look=smaller)
    return _Looked(smaller, regions, seen, notes)


def _glanced(look: ModelLook, question: Question) -> Steps[_Looked]:
    """Where the model looked while it answered, without any search of its own."""
    if not look.can_attend:
        return _Looked(look)
    return _Looked(look, map=(yield from look.attention(question.text, is_whole=True)))


def _can_wait(request: Inspect, *, strategy: ModuleType, look: ModelLook) -> bool:
    """Whether the answer on the whole picture may be said to its end beside the zoomed one.

    Not where the gate has to know it, where nothing is zoomed, or where tiles or questions
    about parts take so long that it would be missed.
    """
    if not strategy.NEEDS:
        return request.strategy != "whole"
    if "ask" in strategy.NEEDS:
        return False
    return request.options.gate is None and not (look.tiled and look.would_tile)


def _gate_of(strategy: ModuleType, request: Inspect) -> float | None:
    """The gate of the options; else that of the strategy, if it has one."""
    usual: float | None = getattr(strategy, "GATE", None)
    return usual if request.options.gate is None else request.options.gate


def _is_sure(answer: Answer | None, *, gate: float | None) -> bool:
    """Whether the gate leaves this answer as it is; an empty answer is never sure."""
    if gate is None or answer is None:
        return False
    return answer.weakest is not None and answer.weakest >= gate
