"""Search overlapping tiles at several scales, and merge the boxes found.

Every tile is asked whether it shows the thing. In those that do, the box is where the model
looked while it answered; a model that does not tell gives the tile itself. Boxes of several
scales become one by suppression, or by weighted fusion where the options say so. Where no tile
says yes, the places at which those that were not sure of their no looked are asked about
enlarged: a model often looks at what it is too far away to name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
from inspector_app.imaging.verifying import SURE_NOT, UNHEARD, seen_in

TITLE = "Tiles at several scales"
NEEDS = ("ask",)
BUDGET = 80
"""Tiles that are asked about at most, where the options name no other number."""

AGAIN = 8
"""Places that are asked about once more at most."""

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
    yield Step("look", 0, len(parts))
    heard = yield from _heard(parts, asked, frame=frame, look=look)
    if not any(one.says_yes for one in heard):
        left = (options.budget or BUDGET) - len(parts)
        again = _doubtful(heard, frame=frame, options=options)[: min(left, AGAIN)]
        heard += yield from _heard(again, asked, frame=frame, look=look)
    found = [(region, one) for one in heard if one.says_yes for region in one.seen]
    # A small box says more about the place than a large one of the same leaning.
    scores = [one.lean * (1 - region.share_of(frame.size)) for region, one in found]
    return _merged([region for region, _ in found], scores, options=options)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a tile gave.

    Attributes:
        tile: Which.
        lean: -1..1 towards yes; `UNHEARD` where it is neither yes nor no.
        seen: Where in it the thing would be; all of it where the model does not tell.
    """

    tile: Region
    lean: float
    seen: tuple[Region, ...]

    @property
    def says_yes(self) -> bool:
        return self.lean > 0


def _heard(parts: Sequence[Region], asked: str, *, frame: Frame, look: Look) -> Steps[list[_Heard]]:
    """Ask about each part."""
    heard = []
    for tile in parts:
        glance = yield from look.ask(asked, part=tile)
        lean = leaning(glance.answer)
        seen = _seen(glance, tile, frame=frame, look=look)
        heard.append(_Heard(tile, UNHEARD if lean is None else lean, seen))
    return heard


def _doubtful(heard: Iterable[_Heard], *, frame: Frame, options: Options) -> list[Region]:
    """Where tiles looked that were not sure of their no, with surroundings, least sure first."""
    places: list[Region] = []
    leans: list[float] = []
    for one in heard:
        if one.lean <= SURE_NOT or not one.seen or one.seen[0] == one.tile:
            continue
        side = 2 * max(one.seen[0].size)
        if side < max(one.tile.size):
            places.append(Region.square_at(one.seen[0].center, side=side, within=frame.size))
            leans.append(one.lean)
    return [places[at] for at in suppress(places, leans, overlap=options.merge_overlap)]


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
