"""Decide by itself: zoom only where the first answer is unsure, by the best means at hand.

A model that lets one see where it looks is cropped where this question looks more than a
neutral one; where that map says nothing, where attention mattered for the answer. Any other
model is asked for the place. `inspector bench tune` finds what suits one's own pictures better.
Source of the gate: LookWise, arXiv:2603.00171.
"""

from dataclasses import replace

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion
from inspector_app.domain.target import box_question
from inspector_app.imaging.boxes import with_surroundings
from inspector_app.imaging.maps import relative, without_sinks
from inspector_app.imaging.search import ATTENTION, find_windows
from inspector_app.imaging.suppression import suppress

TITLE = "Automatic"
NEEDS = ("ask",)
GATE = 0.9
"""The picture is left unzoomed where every word of the first answer is this probable, unless
the options say otherwise."""
BUDGET = 0
LONGEST = 128
"""Tokens of an answer that names a box."""

_NAME = "auto"
_LARGEST = 0.9
Found = tuple[tuple[ScoredRegion, ...], AttentionMap | None]


def propose(frame: Frame, question: Question, options: Options, *, look: Look) -> Steps[Found]:
    """By relative attention, else by gradient attention, else by the model's own word."""
    if not look.can_attend:
        return (yield from _named(frame, question, options, look=look))
    asked = yield from look.attention(question.text)
    neutral = yield from look.attention(question.neutral)
    values = without_sinks(relative(asked.values, neutral.values), neutral=neutral.values)
    found = replace(asked, values=values, method=_NAME, layers=None, layer_numbers=())
    regions = _regions(found, frame, options, look=look)
    if not regions and look.can_backpropagate and not found.is_flat:
        weighted = yield from look.gradient(question.text)
        second = _regions(weighted, frame, options, look=look)
        if second:
            return second, replace(weighted, method=_NAME)
    return regions, found


def _regions(
    found: AttentionMap, frame: Frame, options: Options, *, look: Look
) -> tuple[ScoredRegion, ...]:
    windows = find_windows(
        found.values,
        grid=found.grid,
        size=frame.size,
        input_side=look.input_side,
        count=options.count,
        how=ATTENTION,
    )
    return tuple(ScoredRegion(at.region, _NAME, at.score) for at in windows)


def _named(frame: Frame, question: Question, options: Options, *, look: Look) -> Steps[Found]:
    """What the model says must be seen."""
    words = box_question(question.text, form=look.coordinates.words)
    glance = yield from look.ask(words, max_tokens=LONGEST)
    least = look.input_side // 2
    boxes = [
        with_surroundings(box, within=frame.size, least=least)
        for box in look.boxes(glance.answer.text)
    ]
    boxes = [box for box in boxes if box.share_of(frame.size) <= _LARGEST]
    kept = suppress(boxes, [-at for at in range(len(boxes))], overlap=0)
    return tuple(ScoredRegion(boxes[at], _NAME) for at in kept[: options.count]), None
