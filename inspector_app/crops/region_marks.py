"""Crop the parts that the model chooses by number.

Source: VLM-FO1, arXiv:2509.25916: proposals become tokens that the model names, retrieval in the
place of coordinates. Here without its weights: parts are drawn with numbers, large ones on the
picture itself, others on a contact sheet, and each number maps back to exactly its box. Where
the model lets its attention be read, parts are windows of its map; else overlapping tiles.
"""

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.choosing import choice_question, chosen_in
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.imaging.maps import relative, without_sinks
from inspector_app.imaging.marking import PAGE, can_be_marked, marked, sheet
from inspector_app.imaging.quarters import scaled_tiles
from inspector_app.imaging.search import ASKED, find_windows

TITLE = "Choice of numbered parts"
NEEDS = ("ask",)
BUDGET = 4
"""Sheets that are shown at most, where the options name no other number."""
SCALE = 3.0
"""How much larger tiles are seen than whole."""
LONGEST = 32
"""Tokens of an answer that names numbers."""
SIDE = 1008
"""Side of what is drawn, for models that take in as much."""
LEAST_SIDE = 336
UNREADABLE = "the model did not choose among the numbered parts"

_NAME = "region_marks"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Let the model choose on each sheet, and once more among what it chose on several."""
    if max(frame.size) <= look.input_side:
        return (), None
    found, parts = None, list(scaled_tiles(frame.size, scale=SCALE))
    if look.can_attend:
        found, parts = yield from _windows(frame, question, look=look)
    left = options.budget or BUDGET
    pages = [parts[at : at + PAGE] for at in range(0, len(parts), PAGE)][:left]
    chosen: list[Region] = []
    for page in pages:
        chosen += yield from _chosen(frame, page, question, look=look)
        left -= 1
    if len(chosen) > options.count and len(pages) > 1 and left:
        # Each sheet had its best; only side by side can they be compared.
        best = yield from _chosen(frame, chosen[:PAGE], question, look=look)
        chosen = [*best, *(region for region in chosen if region not in best)]
    return tuple(ScoredRegion(region, _NAME) for region in chosen[: options.count]), found


def _windows(
    frame: Frame, question: Question, *, look: Look
) -> Steps[tuple[AttentionMap, list[Region]]]:
    """Relative attention to the whole picture, and its windows."""
    hot = yield from look.attention(question.text, is_whole=True)
    cold = yield from look.attention(question.neutral, is_whole=True)
    values = without_sinks(relative(hot.values, cold.values), neutral=cold.values)
    found = AttentionMap(values, hot.grid, "relative_attention", layer=hot.layer)
    windows = find_windows(
        values, grid=hot.grid, size=frame.size, input_side=look.input_side, count=PAGE, how=ASKED
    )
    return found, [window.region for window in windows]


def _chosen(
    frame: Frame, parts: list[Region], question: Question, *, look: Look
) -> Steps[list[Region]]:
    """Those of a page that the model names; none where its answer cannot be understood."""
    if not parts:
        return []
    side = min(SIDE, max(look.input_side, LEAST_SIDE))
    is_sheet = not can_be_marked(parts, size=frame.size)
    draw = sheet if is_sheet else marked
    asked = choice_question(question.text, count=len(parts), is_sheet=is_sheet)
    glance = yield from look.ask_about(
        asked, pixels=draw(frame.pixels, parts, side=side), max_tokens=LONGEST
    )
    named = chosen_in(glance.answer.text, count=len(parts))
    if named is None:
        look.doubt(UNREADABLE)
    return [parts[number - 1] for number in named or ()]
