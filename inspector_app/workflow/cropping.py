"""Which boxes are shown enlarged in the end: places at their scales, as many as there is room."""

import math
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from inspector_app.domain.frame import View
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.imaging.resizing import enlarged, shrunk
from inspector_app.imaging.scales import at_scales

MOST = 4
"""Crops that are shown at once; places that a person drew may be more."""
LEAST_SIDE = 512
"""A part of the picture is enlarged to so many pixels on its longer side before it is shown."""
NO_ROOM = "fewer crops: the token budget has room for {count}"


# From these ratios of the sides on a part is shown with its surroundings; see `shown_region`.
_SLIMMEST, _STRIP = 4 / 3, 4


@runtime_checkable
class Shaping(Protocol):
    """A model that tells what it does to pictures that are no squares."""

    @property
    def keeps_shape(self) -> bool:
        """Whether they are neither squashed nor cut."""


@dataclass(frozen=True, slots=True)
class Intake:
    """How a network takes in a part of the picture.

    Attributes:
        side: Longest side in pixels.
        keeps_shape: Whether what is no square is neither squashed nor cut.
    """

    side: int = 0
    keeps_shape: bool = False

    @classmethod
    def of(cls, model: VisionModel) -> "Intake":
        """That of a model; one that does not tell is taken to squash."""
        return cls(model.input_side, isinstance(model, Shaping) and model.keeps_shape)


@runtime_checkable
class Sized(Protocol):
    """A model whose pictures take a known number of tokens."""

    @property
    def picture_tokens(self) -> int:
        """Tokens that a picture takes in a prompt."""


def crops_shown(
    found: tuple[ScoredRegion, ...], options: Options, *, model: object, views: int
) -> tuple[tuple[ScoredRegion, ...], tuple[str, ...]]:
    """The boxes that are shown for the places that were found, and what is to be said of it.

    Args:
        found: Best first.
        options: Scales, overlap, and the budget of tokens.
        model: Tells what a picture takes, if it can.
        views: Pictures that each place and the whole are shown as, one for each grey window.
    """
    shown = at_scales(
        found, options.crop_scales, overlap=options.merge_overlap, most=max(MOST, len(found))
    )
    room = room_for_crops(options, model=model, views=views)
    if room is None or len(shown) <= room:
        return shown, ()
    return shown[:room], (NO_ROOM.format(count=room),)


def room_for_crops(options: Options, *, model: object, views: int) -> int | None:
    """So many crops fit into the token budget; None where nothing limits them."""
    if options.token_budget is None or not isinstance(model, Sized):
        return None
    return max(0, options.token_budget // (model.picture_tokens * views) - 1)


def most_crops(places: int, options: Options) -> int:
    """So many boxes at most are shown for so many places, the token budget left aside."""
    closer = len({scale for scale in options.crop_scales if scale > 1})
    return min(places * (1 + closer), max(MOST, places))


def shown_region(region: Region, *, size: tuple[int, int], intake: Intake) -> Region:
    """What is cut for a region: itself, or more of its surroundings where it is long and thin.

    Processors of one size squash or cut what is far from square. Source: arXiv:2502.17422,
    human-CROP (the smallest square that holds the box). Where shapes are kept, a line of text
    stays a line, which is read larger so; only a strip is widened.

    Args:
        region: Where to look.
        size: (width, height) of the frame.
        intake: Of the network.
    """
    long, short = max(region.size), min(region.size)
    if intake.keeps_shape:
        least = math.ceil(long / _STRIP)
        wanted = max(region.width, least), max(region.height, least)
        return Region.rectangle_at(region.center, size=wanted, within=size)
    if long <= short * _SLIMMEST:
        return region
    return Region.square_at(region.center, side=long, within=size)


def legible(view: View, *, intake: Intake) -> View:
    """A part of the picture as it is shown: small ones enlarged, with the same region.

    Processors that let a picture have as many tokens as it has pixels, and servers that have
    such models, would else show a small part with few tokens, and nothing were won by cutting
    it out. A network that takes in less than 512 px gets every part enlarged to just that by its
    own processor: to enlarge it before would only soften it.

    Args:
        view: Its pixels at the picture's own scale.
        intake: Of the network. Where it keeps shapes, a part gets as many pixels as a square of
            `LEAST_SIDE` has, or a longer side of twice that.
    """
    if intake.side < LEAST_SIDE:
        return view
    longest = LEAST_SIDE
    if intake.keeps_shape:
        width, height = view.pixels.shape[1::-1]
        alike = max(width, height) * LEAST_SIDE / math.sqrt(width * height)
        longest = min(round(alike), round(LEAST_SIDE * math.sqrt(_STRIP)))
    return replace(view, pixels=enlarged(view.pixels, longest=longest))


def with_less(view: View, *, intake: Intake) -> View:
    """A part of the picture with fewer pixels, for a model that gives fewer tokens for them.

    Args:
        view: As it was to be shown.
        intake: Of the network. Where it keeps shapes, half its side is shown, else as much.
    """
    if not intake.keeps_shape:
        return view
    return replace(view, pixels=shrunk(view.pixels, longest=max(1, intake.side // 2)))
