"""The second look: the crops are shown enlarged and the question is asked again."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from inspector_app.domain.answer import Answer
from inspector_app.domain.begun import Begun
from inspector_app.domain.errors import OutOfMemory, TooLong, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Step, Steps, T, Words
from inspector_app.domain.ports import Reading
from inspector_app.domain.preset import MOST_TOGETHER, Cut, Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.saying import is_yes
from inspector_app.domain.wording import tag
from inspector_app.imaging.masking import masked
from inspector_app.workflow.cropping import Intake, legible, shown_region, with_less
from inspector_app.workflow.stepping import Room

FEWER_PIXELS = "the enlarged part is shown with fewer pixels: the model has no room for more"


@dataclass(frozen=True, slots=True, eq=False)
class Closer:
    """What is asked again, and about which picture.

    Attributes:
        reading: Of the whole picture.
        views_of: A part of the picture as the model is shown it.
        question: The user's words.
        options: Longest answer, whether each crop is asked by itself, and outlines and
            questions of regions that were drawn by hand.
        intake: How the network takes in what it is shown.
        is_drawn: Whether the regions are those of the options, in their order.
    """

    reading: Reading
    views_of: Callable[[Region], tuple[View, ...]]
    question: str
    options: Options
    intake: Intake
    is_drawn: bool = False

    def cut_of(self, index: int) -> Cut:
        """What belongs to a region that was drawn by hand."""
        return self.options.cut_of(index) if self.is_drawn else Cut()

    def shown(self, index: int, region: Region) -> tuple[View, ...]:
        """A region as the model is shown it, once through each window."""
        views = self.views_of(shown_region(region, size=self.size, intake=self.intake))
        if outline := self.cut_of(index).outline:
            views = tuple(
                replace(view, pixels=masked(view.pixels, view.region, outline=outline))
                for view in views
            )
        return tuple(legible(view, intake=self.intake) for view in views)

    @property
    def questions(self) -> tuple[str, ...]:
        """All that is asked: the user's words, and what regions are asked instead."""
        own = self.options.cuts if self.is_drawn else ()
        return self.question, *(cut.question for cut in own if cut.question)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the picture."""
        return self.reading.views[0].region.size


@dataclass(frozen=True, slots=True)
class Zoomed:
    """What the second look gave."""

    regions: tuple[ScoredRegion, ...] = ()
    views: tuple[View, ...] = ()
    answer: Answer | None = None
    prompt: str = ""
    by_crop: tuple[Answer, ...] = ()
    notes: tuple[str, ...] = ()


def zoom(
    closer: Closer, regions: tuple[ScoredRegion, ...], *, whole: Begun, room: Room
) -> Steps[tuple[Answer, Zoomed]]:
    """Ask again with the crops; with fewer of them where memory does not suffice.

    Args:
        closer: What to ask.
        regions: Best first; none asks nothing.
        whole: The answer on the whole picture; it is said to its end, beside the zoomed one
            where the model can do that.
        room: What fits into memory; learns what does not.

    Returns:
        The answer on the whole picture, and what the second look gave.

    Raises:
        WrongUse: the question is too long with the crops. What was left of the answer on
            the whole picture was told before.
        OutOfMemory: not even one crop fits.
    """
    try:
        zoomed = yield from _zoom(closer, regions, whole=whole, room=room)
    except WrongUse:
        yield from told_as(whole.finished(), stage="ask", whose="whole")
        raise
    stage = "zoom" if regions else "ask"
    return (yield from told_as(whole.finished(), stage=stage, whose="whole")), zoomed


def told_as(steps: Steps[T], *, stage: str, whose: str) -> Steps[T]:
    """The same job told as another stage, its words under another name.

    The words of an answer on the whole picture that goes on in it keep theirs.
    """
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            value: T = end.value
            return value
        sample = step.sample
        if isinstance(sample, Words) and sample.whose != "whole":
            sample = Words(sample.text, whose)
        yield Step(stage, step.done, step.total, sample)


def _zoom(
    closer: Closer, regions: tuple[ScoredRegion, ...], *, whole: Begun, room: Room
) -> Steps[Zoomed]:
    beside: Begun | None = whole
    notes: tuple[str, ...] = ()
    if len(regions) > MOST_TOGETHER:
        return (yield from _ask_each(closer, regions, beside=beside))
    if room.crops is not None and len(regions) > room.crops:
        notes = (room.remembered_crops(len(regions)),)
        regions = regions[: room.crops]
    while regions:
        try:
            found = yield from _ask(closer, regions, beside=beside)
            return replace(found, notes=notes + found.notes)
        except TooLong:
            if len(regions) == 1:
                raise
            found = yield from _ask_each(closer, regions, beside=beside)
            return replace(found, notes=notes + found.notes)
        except OutOfMemory:
            if len(regions) == 1 and beside is None:
                raise
        # Said outside the handler, so that the error no longer holds the tensors.
        if len(regions) == 1:
            # One answer after the other takes a little less.
            beside = None
        else:
            notes += (room.fewer_crops(len(regions)),)
            regions = regions[: room.crops]
    return Zoomed()


def _ask_each(
    closer: Closer, regions: tuple[ScoredRegion, ...], *, beside: Begun | None
) -> Steps[Zoomed]:
    """Ask about each crop by itself, where they are too many or too long to be shown together.

    The last word is that of the crop that says yes most surely; where none does, of the one
    that is least sure: nothing that a single crop shows is lost among the others.
    """
    shown = [closer.shown(index, found.region) for index, found in enumerate(regions)]
    heard: list[_Heard] = []
    for index, crop in enumerate(shown):
        yield Step("zoom", index, len(shown))
        question = closer.cut_of(index).question or closer.question
        ask = partial(_hear, closer, crop, question, whose=tag(index))
        alone = None
        try:
            alone = yield from ask(beside=beside)
        except OutOfMemory:
            if beside is None:
                raise
        if alone is None:
            # One answer after the other takes a little less; the first goes on by itself.
            alone = yield from ask()
        beside = None
        heard.append(alone)
    by_crop = tuple(one.answer for one in heard)
    common = [at for at in range(len(shown)) if not closer.cut_of(at).question]
    last = _gravest(by_crop, among=common or list(range(len(shown))))
    views = tuple(itertools.chain.from_iterable(one.views for one in heard))
    note = f"{len(shown)} crops were asked about one by one; the last word is that of {tag(last)}"
    notes = (note, *dict.fromkeys(one.note for one in heard if one.note))
    return Zoomed(regions, views, by_crop[last], heard[last].prompt, by_crop, notes)


def _gravest(answers: Sequence[Answer], *, among: Sequence[int]) -> int:
    """Number of the answer that counts most of those `among`; see `_ask_each`."""
    sure = {at: answers[at].weakest or 0.0 for at in among}
    yes = [at for at in among if is_yes(answers[at].text)]
    return max(yes, key=lambda at: sure[at]) if yes else min(among, key=lambda at: sure[at])


def _ask(
    closer: Closer, regions: tuple[ScoredRegion, ...], *, beside: Begun | None
) -> Steps[Zoomed]:
    shown = [closer.shown(index, found.region) for index, found in enumerate(regions)]
    views = tuple(itertools.chain.from_iterable(shown))
    yield Step("zoom", 0, 1)
    together = yield from _hear(
        closer, views, closer.question, whose="zoomed", beside=beside, is_one=len(shown) == 1
    )
    by_crop: list[Answer] = []
    own = [closer.cut_of(index) for index in range(len(shown))]
    are_own = any(cut.is_asked_alone for cut in own)
    if len(shown) == 1 and not are_own:
        by_crop = [together.answer]
    elif closer.options.each_crop or are_own:
        for index, crop in enumerate(shown):
            question = own[index].question or closer.question
            alone = yield from _hear(closer, crop, question, whose=tag(index))
            by_crop.append(alone.answer)
    notes = (together.note,) if together.note else ()
    answer = together.answer
    return Zoomed(regions, together.views, answer, together.prompt, tuple(by_crop), notes)


@dataclass(frozen=True, slots=True)
class _Heard:
    """An answer with parts enlarged.

    Attributes:
        answer: What was said.
        prompt: What it was said to.
        views: The parts as they were shown.
        note: What was given up for it, for the record.
    """

    answer: Answer
    prompt: str
    views: tuple[View, ...]
    note: str = ""


def _hear(
    closer: Closer,
    views: tuple[View, ...],
    question: str,
    *,
    whose: str,
    beside: Begun | None = None,
    is_one: bool = True,
) -> Steps[_Heard]:
    """Ask with parts enlarged; one that is too long is shown with fewer pixels, where that helps.

    Raises:
        TooLong: there is no room for the parts.
    """
    larger = closer.reading.extended(views)
    try:
        asked = larger.ask(question, max_tokens=closer.options.max_tokens, beside=beside)
        answer, _ = yield from told_as(asked, stage="zoom", whose=whose)
        return _Heard(answer, larger.prompt(question), views)
    except TooLong:
        less = tuple(with_less(view, intake=closer.intake) for view in views)
        if not is_one or all(
            one.pixels is other.pixels for one, other in zip(less, views, strict=True)
        ):
            raise
    heard = yield from _hear(closer, less, question, whose=whose, beside=beside)
    return replace(heard, note=FEWER_PIXELS)
