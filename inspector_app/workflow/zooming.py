"""The second look: the crops are shown enlarged and the question is asked again."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from inspector_app.domain.answer import Answer
from inspector_app.domain.begun import Begun
from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Step, Steps, T, Words
from inspector_app.domain.ports import Reading
from inspector_app.domain.preset import MOST_TOGETHER, Cut, Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.saying import is_yes
from inspector_app.domain.wording import tag
from inspector_app.imaging.masking import masked
from inspector_app.workflow.cropping import Intake, legible, shown_region
from inspector_app.workflow.stepping import Room


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
            return replace(found, notes=notes)
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
    """Ask about each crop by itself, where they are too many to be shown together.

    The last word is that of the crop that says yes most surely; where none does, of the one
    that is least sure: nothing that a single crop shows is lost among the others.
    """
    shown = [closer.shown(index, found.region) for index, found in enumerate(regions)]
    by_crop: list[Answer] = []
    prompts: list[str] = []
    for index, crop in enumerate(shown):
        yield Step("zoom", index, len(shown))
        question = closer.cut_of(index).question or closer.question
        larger = closer.reading.extended(crop)
        try:
            asked = larger.ask(question, max_tokens=closer.options.max_tokens, beside=beside)
            alone, _ = yield from told_as(asked, stage="zoom", whose=tag(index))
        except OutOfMemory:
            if beside is None:
                raise
            alone = None
        if alone is None:
            # One answer after the other takes a little less; the first goes on by itself.
            asked = larger.ask(question, max_tokens=closer.options.max_tokens)
            alone, _ = yield from told_as(asked, stage="zoom", whose=tag(index))
        beside = None
        by_crop.append(alone)
        prompts.append(larger.prompt(question))
    common = [at for at in range(len(shown)) if not closer.cut_of(at).question]
    last = _gravest(by_crop, among=common or list(range(len(shown))))
    views = tuple(itertools.chain.from_iterable(shown))
    note = f"{len(shown)} crops were asked about one by one; the last word is that of {tag(last)}"
    return Zoomed(regions, views, by_crop[last], prompts[last], tuple(by_crop), (note,))


def _gravest(answers: Sequence[Answer], *, among: Sequence[int]) -> int:
    """Number of the answer that counts most of those `among`; see `_ask_each`."""
    sure = {at: answers[at].weakest or 0.0 for at in among}
    yes = [at for at in among if is_yes(answers[at].text)]
    return max(yes, key=lambda at: sure[at]) if yes else min(among, key=lambda at: sure[at])


def _ask(
    closer: Closer, regions: tuple[ScoredRegion, ...], *, beside: Begun | None
) -> Steps[Zoomed]:
    reading, question, longest = closer.reading, closer.question, closer.options.max_tokens
    shown = [closer.shown(index, found.region) for index, found in enumerate(regions)]
    views = tuple(itertools.chain.from_iterable(shown))
    yield Step("zoom", 0, 1)
    larger = reading.extended(views)
    asked = larger.ask(question, max_tokens=longest, beside=beside)
    answer, _ = yield from told_as(asked, stage="zoom", whose="zoomed")
    by_crop: list[Answer] = []
    own = [closer.cut_of(index) for index in range(len(shown))]
    are_own = any(cut.is_asked_alone for cut in own)
    if len(shown) == 1 and not are_own:
        by_crop = [answer]
    elif closer.options.each_crop or are_own:
        for index, crop in enumerate(shown):
            asked = reading.extended(crop).ask(own[index].question or question, max_tokens=longest)
            alone, _ = yield from told_as(asked, stage="zoom", whose=tag(index))
            by_crop.append(alone)
    return Zoomed(regions, views, answer, larger.prompt(question), tuple(by_crop))
