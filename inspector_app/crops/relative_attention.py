"""Crop where this question looks more than a neutral one does.

Source: arXiv:2502.17422, section 4.1.
"""

from dataclasses import replace

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion
from inspector_app.imaging.maps import relative, without_sinks
from inspector_app.imaging.search import ATTENTION, find_windows

TITLE = "Relative attention"
NEEDS = ("attend",)

_NAME = "relative_attention"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Divide the question's map by the neutral one and crop where the ratio stands out."""
    asked = yield from look.attention(question.text)
    neutral = yield from look.attention(question.neutral)
    found = _ratio(asked, neutral)
    windows = find_windows(
        found.values,
        grid=found.grid,
        size=frame.size,
        input_side=look.input_side,
        count=options.count,
        how=ATTENTION,
    )
    return tuple(ScoredRegion(at.region, _NAME, at.score) for at in windows), found


def _ratio(asked: AttentionMap, neutral: AttentionMap) -> AttentionMap:
    """The ratio at the layer used, and at every other layer both have.

    Sinks are taken out of the one that is searched only: the others are for people to see.
    """
    values = without_sinks(relative(asked.values, neutral.values), neutral=neutral.values)
    both = asked.layer_numbers == neutral.layer_numbers
    if not both or asked.layers is None or neutral.layers is None:
        return replace(asked, values=values, method=_NAME, layers=None, layer_numbers=())
    layers = relative(asked.layers, neutral.layers)
    return replace(asked, values=values, method=_NAME, layers=layers)
