"""Regions that a person drew: shown with their outlines, asked their own questions, searched in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.messages import Steps
from inspector_app.domain.own_answer import MISSED, OwnAnswer
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.verdict import Evidence
from inspector_app.domain.wording import tag
from inspector_app.workflow.looking import ModelLook
from inspector_app.workflow.zooming import Zoomed

MANUAL = "manual"


def is_drawn(strategy: str, options: Options) -> bool:
    """Whether what is shown enlarged are the regions of the options, in their order."""
    return strategy == MANUAL and bool(options.rois)


def with_crops(evidence: Evidence, zoomed: Zoomed, options: Options, *, drawn: bool) -> Evidence:
    """The evidence with what the crops said, each to the question it was asked.

    Args:
        evidence: Of the picture as a whole.
        zoomed: What the second look gave.
        options: With the questions of single regions.
        drawn: See `is_drawn`.
    """
    common: list[int] = []
    own: list[OwnAnswer] = []
    for index, found in enumerate(zoomed.regions):
        cut = options.cut_of(index)
        if not drawn or not cut.is_asked_alone:
            common.append(index)
        elif index < len(zoomed.by_crop):
            name = cut.name or tag(index)
            asked = cut.question or evidence.question
            said = zoomed.by_crop[index]
            expected = cut.expected if cut.question else ()
            own.append(OwnAnswer(found.region, name, said, expected, cut.checks, asked))
    others = [index for index in range(len(zoomed.regions)) if index not in common]
    answers = tuple(zoomed.by_crop[index] for index in common if index < len(zoomed.by_crop))
    # A region that has a rule and was never asked about may hide what the rule is for.
    demanding = [cut for cut in options.cuts if cut.checks or (cut.question and cut.expected)]
    is_missed = drawn and len(demanding) > sum(one.is_demanded for one in own)
    return replace(
        evidence,
        troubles=evidence.troubles + ((MISSED,) if is_missed else ()),
        zoomed=zoomed.answer,
        by_crop=answers,
        # Those that were asked the common question come first: `by_crop` is in their order.
        regions=tuple(zoomed.regions[index].region for index in (*common, *others)),
        own=tuple(own),
        is_ranked=not drawn,
    )


def kept_inside(found: Iterable[ScoredRegion], rois: Sequence[Region]) -> tuple[ScoredRegion, ...]:
    """What of found regions lies inside drawn ones: of each the part in the one it fills most."""
    kept: dict[Region, ScoredRegion] = {}
    for one in found:
        parts = [part for roi in rois if (part := one.region.intersection(roi)) is not None]
        if parts:
            part = max(parts, key=lambda part: part.area)
            kept.setdefault(part, replace(one, region=part))
    return tuple(kept.values())


@dataclass(frozen=True, slots=True, eq=False)
class InsideLook(ModelLook):
    """Looks at drawn regions only: what the question heats elsewhere counts nothing.

    Attributes:
        rois: The regions.
    """

    rois: tuple[Region, ...] = ()

    def attention(self, question: str, *, is_whole: bool = False) -> Steps[AttentionMap]:
        """The last prompt token's mean row, nothing outside."""
        found = yield from ModelLook.attention(self, question, is_whole=is_whole)
        return self._inside(found, question)

    def gradient(self, question: str) -> Steps[AttentionMap]:
        """The gradient-weighted mean row, nothing outside."""
        found = yield from ModelLook.gradient(self, question)
        return self._inside(found, question)

    def pixel_gradient(self, question: str) -> Steps[AttentionMap]:
        """Gradient size per network pixel, nothing outside."""
        found = yield from ModelLook.pixel_gradient(self, question)
        return self._inside(found, question)

    def resemblance(self, question: str, *, words: str) -> Steps[AttentionMap]:
        """Resemblance to the question's words, nothing outside."""
        found = yield from ModelLook.resemblance(self, question, words=words)
        return self._inside(found, question)

    def _inside(self, found: AttentionMap, question: str) -> AttentionMap:
        # What is divided by stays whole: elsewhere there is nothing to divide.
        if question == self.neutral or not self.rois:
            return found
        touched = cells_of(self.rois, found.grid)
        layers = None if found.layers is None else found.layers * touched
        return replace(found, values=found.values * touched, layers=layers)


def cells_of(rois: Sequence[Region], grid: TokenGrid) -> NDArray[np.float32]:
    """(rows, cols): 1 where a cell has a part inside a region, else 0."""
    width, height = grid.cell
    lefts = grid.x0 + np.arange(grid.cols) * width
    tops = grid.y0 + np.arange(grid.rows) * height
    touched = np.zeros((grid.rows, grid.cols), dtype=np.float32)
    for roi in rois:
        across = (lefts < roi.x1) & (lefts + width > roi.x0)
        down = (tops < roi.y1) & (tops + height > roi.y0)
        touched[np.ix_(down, across)] = 1.0
    return touched
