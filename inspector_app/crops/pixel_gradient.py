"""Crop where a change of pixels would change the answer most.

Source: arXiv:2502.17422, section 4.3.
"""

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion
from inspector_app.imaging.joining import block_mean
from inspector_app.imaging.maps import high_pass_mask, relative
from inspector_app.imaging.search import find_windows

TITLE = "Pixel gradient"
NEEDS = ("backpropagate",)
BLOCK = 14
"""Side in network pixels of the blocks that gradients are averaged over."""

_NAME = "pixel_gradient"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Divide the question's gradients by the neutral ones, keep edges, average in blocks."""
    asked = yield from look.pixel_gradient(question.text)
    neutral = yield from look.pixel_gradient(question.neutral)
    fine = asked.grid
    ratio = relative(asked.values, neutral.values)
    # The mask is taken under the very grid of the gradients, whatever the network cut off.
    edges = ratio * high_pass_mask(frame.pixels, grid=fine)
    rows, cols = max(1, round(fine.rows / BLOCK)), max(1, round(fine.cols / BLOCK))
    grid = TokenGrid(rows, cols, fine.x0, fine.y0, fine.x1, fine.y1)
    found = AttentionMap(block_mean(edges, rows=rows, cols=cols), grid, _NAME)
    windows = find_windows(
        found.values,
        grid=grid,
        size=frame.size,
        input_side=look.input_side,
        count=options.count,
    )
    return tuple(ScoredRegion(at.region, _NAME, at.score) for at in windows), found
