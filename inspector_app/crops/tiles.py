"""Search overlapping tiles at several scales, and merge the boxes found.

Every tile is asked whether it shows the thing. In those that do, the box is where the model
looked while it answered; a model that does not tell gives the tile itself. Boxes of several
scales become one by suppression, or by weighted fusion where the options say so.
"""

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.leaning import leaning
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Glance, Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.target import exists_question
from inspector_app.imaging.quarters import scaled_tiles
from inspector_app.imaging.suppression import fuse, suppress
from inspector_app.imaging.verifying import seen_in

TITLE = "Tiles at several scales"
NEEDS = ("ask",)
BUDGET = 80
"""Tiles that are asked about at most, where the options name no other number."""

_NAME = "tiles"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """The best boxes of all tiles, as many as there may be crops."""
    found = yield from boxes(frame, question, options, look=look)
    # Boxes that meet may be two things; enlarged they would show the same place twice.
    apart = suppress([one.region for one in found], [-at for at in range(len(found))], overlap=0)
    return tuple(found[at] for at in apart[: options.count]), None


def boxes(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[ScoredRegion, ...]]:
    """Every box that some tile gave, merged, best first."""
    asked = exists_question(question.text)
    parts = [tile for scale in sorted(options.scales) for tile in _tiles(frame, scale)]
    parts = parts[: options.budget or BUDGET]
    regions: list[Region] = []
    scores: list[float] = []
    yield Step("look", 0, len(parts))
    for tile in parts:
        glance = yield from look.ask(asked, part=tile)
        lean = leaning(glance.answer)
        if lean is None or lean <= 0:
            continue
        for region in _seen(glance, tile, frame=frame, look=look):
            regions.append(region)
            # A small box says more about the place than a large one of the same leaning.
            scores.append(lean * (1 - region.share_of(frame.size)))
    return _merged(regions, scores, options=options)


def _tiles(frame: Frame, scale: float) -> tuple[Region, ...]:
    return scaled_tiles(frame.size, scale=scale)


def _seen(glance: Glance, tile: Region, *, frame: Frame, look: Look) -> tuple[Region, ...]:
    """Where in the tile it is; all of the tile where the model does not tell."""
    seen = seen_in(glance, tile, look=look, count=4)
    has_map = glance.map is not None and max(tile.size) > look.input_side
    return seen if seen or has_map or tile == frame.region else (tile,)


def _merged(
    regions: list[Region], scores: list[float], *, options: Options
) -> tuple[ScoredRegion, ...]:
    if options.fuse_boxes:
        melted = fuse(regions, scores, overlap=options.merge_overlap)
        return tuple(ScoredRegion(one.region, _NAME, one.score) for one in melted)
    kept = suppress(regions, scores, overlap=options.merge_overlap)
    return tuple(ScoredRegion(regions[at], _NAME, scores[at]) for at in kept)
