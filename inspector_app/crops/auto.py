"""Decide by itself: zoom only where the first answer is unsure, by the best means at hand.

Cheap means are laid one behind the other, and each is paid for only where those before it left
a doubt. Where this question looks, times where value vectors resemble its words, gives windows,
both from the one reading of the whole picture; only where the two point to different places is
a neutral question asked, to tell what attracts every question. A yes/no question about each
window finds the one that holds the thing; and only where none is sure, tiles are asked about,
first what no window showed. A model that tells nothing of its inside is asked for the place.
`inspector bench tune` finds what suits one's own pictures better.
Sources: gate, LookWise, arXiv:2603.00171; relative attention, arXiv:2502.17422; value vectors
and their verification, FOCUS, arXiv:2506.21710. The product of both maps is ours.
"""

from dataclasses import replace

import numpy as np

from inspector_app.domain.attention import AttentionMap, Map
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.target import box_question, compared_words, exists_question
from inspector_app.imaging.boxes import LARGEST, with_surroundings
from inspector_app.imaging.maps import relative, without_sinks
from inspector_app.imaging.quarters import scaled_tiles
from inspector_app.imaging.search import ASKED, find_windows
from inspector_app.imaging.unseen import unseen_first
from inspector_app.imaging.verifying import SURE, best_checked, checked, settled

TITLE = "Automatic"
NEEDS = ("ask",)
GATE = 0.95
"""The picture is left unzoomed where every word of the first answer is this probable, unless
the options say otherwise."""
BUDGET = 24
LONGEST = 128
"""Tokens of an answer that names a box."""
WINDOWS, SCALE = 8, 3.0
"""Windows that are asked about first; and how much larger tiles are seen than whole."""
_NAME = "auto"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Ask about the windows of the map, then about tiles, until the thing is found for sure."""
    if max(frame.size) <= look.input_side:
        return (), None
    asked, left = exists_question(question.text), options.budget or BUDGET
    found, parts = None, []
    if look.can_attend:
        found = yield from _map(question, frame, look=look)
        parts = _windows(found, frame, look=look, count=min(left, WINDOWS))
    else:
        parts = yield from _named(frame, question, look=look)
        if parts:
            # Who names a place looked there already.
            return tuple(ScoredRegion(part, _NAME) for part in parts[: options.count]), None
    heard = yield from checked(parts, asked, size=frame.size, look=look, enough=options.count)
    if not any(one.lean >= SURE for one in heard):
        tiles = unseen_first(
            scaled_tiles(frame.size, scale=SCALE),
            refused=[one.part for one in heard],
            found=found,
            size=frame.size,
        )[: left - len(heard)]
        heard += yield from checked(tiles, asked, size=frame.size, look=look, enough=options.count)
    kept = best_checked(heard, count=options.count)
    regions = yield from settled(kept, asked, size=frame.size, look=look)
    return tuple(
        ScoredRegion(region, _NAME, one.lean) for region, one in zip(regions, kept, strict=True)
    ), found


def _map(question: Question, frame: Frame, *, look: Look) -> Steps[AttentionMap]:
    """Attention, times what resembles the words where that can be had.

    Two maps of different origin that name the same place need no third to correct them.
    """
    hot = yield from look.attention(question.text, is_whole=True)
    resembling = None
    if look.can_compare:
        words, holding = compared_words(question.text)
        resembling = yield from look.resemblance(holding, words=words)
        if _agree(hot, resembling, frame, look=look):
            return _product(hot, hot.values, resembling.values)
    cold = yield from look.attention(question.neutral, is_whole=True)
    values = without_sinks(relative(hot.values, cold.values), neutral=cold.values)
    if resembling is None or resembling.is_flat:
        return replace(
            hot, values=values, method="relative_attention", layers=None, layer_numbers=()
        )
    return _product(hot, values, resembling.values)


def _agree(hot: AttentionMap, resembling: AttentionMap, frame: Frame, *, look: Look) -> bool:
    """Whether the best windows of both maps meet."""
    best = [_windows(one, frame, look=look, count=1) for one in (hot, resembling)]
    return all(best) and best[0][0].intersection(best[1][0]) is not None


def _product(hot: AttentionMap, values: Map, resembling: Map) -> AttentionMap:
    """The geometric mean of two maps."""
    mean = np.sqrt(_shares(values) * _shares(resembling))
    return replace(hot, values=mean, method="attention_and_values", layers=None, layer_numbers=())


def _shares(values: Map) -> Map:
    """Parts of the highest value, so that neither map outweighs the other."""
    highest = values.max()
    return values / highest if highest > 0 else values


def _windows(found: AttentionMap, frame: Frame, *, look: Look, count: int) -> list[Region]:
    windows = find_windows(
        found.values,
        grid=found.grid,
        size=frame.size,
        input_side=look.input_side,
        count=count,
        how=ASKED,
    )
    return [window.region for window in windows]


def _named(frame: Frame, question: Question, *, look: Look) -> Steps[list[Region]]:
    """What the model says must be seen, with some surroundings."""
    words = box_question(question.text, form=look.coordinates.words)
    glance = yield from look.ask(words, max_tokens=LONGEST)
    least = look.input_side // 2
    boxes = [
        with_surroundings(box, within=frame.size, least=least)
        for box in look.boxes(glance.answer.text)
    ]
    return [box for box in boxes if box.share_of(frame.size) <= LARGEST]
