"""Crop where the attention that carries the answer lies. Source: arXiv:2502.17422, section 4.2."""

from dataclasses import replace

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion
from inspector_app.imaging.search import ATTENTION, find_windows

TITLE = "Gradient attention"
NEEDS = ("attend", "backpropagate")

_NAME = "gradient_attention"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Crop where attention times the answer's rectified gradient stands out."""
    weighted = yield from look.gradient(question.text)
    windows = find_windows(
        weighted.values,
        grid=weighted.grid,
        size=frame.size,
        input_side=look.input_side,
        count=options.count,
        how=ATTENTION,
    )
    regions = tuple(ScoredRegion(at.region, _NAME, at.score) for at in windows)
    return regions, replace(weighted, method=_NAME)
