"""Crop the box that the model itself names.

Source: Zoom-Refine, arXiv:2506.01663: the model names a box, sees it enlarged and answers again.
Here it names the box in words of its own way of counting (see `domain.coordinates`); the second
answer is that of every strategy.
"""

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion
from inspector_app.domain.target import box_question
from inspector_app.imaging.boxes import LARGEST, with_surroundings
from inspector_app.imaging.suppression import suppress

TITLE = "The model's own box"
NEEDS = ("ask",)
BUDGET = 0
LONGEST = 128
"""Tokens of the answer that names the box."""

_NAME = "zoom_refine"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Ask for the box and crop it with some surroundings; none where none is named."""
    words = box_question(question.text, form=look.coordinates.words)
    glance = yield from look.ask(words, max_tokens=LONGEST)
    named = look.boxes(glance.answer.text)
    least = look.input_side // 2
    shown = [with_surroundings(box, within=frame.size, least=least) for box in named]
    wanted = [region for region in shown if region.share_of(frame.size) <= LARGEST]
    # In the order they were named; those that meet would show the same twice.
    kept = suppress(wanted, [-at for at in range(len(wanted))], overlap=0)
    regions = tuple(ScoredRegion(wanted[index], _NAME) for index in kept[: options.count])
    return regions, None
