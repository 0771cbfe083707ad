"""Which boxes are shown enlarged in the end: places at their scales, as many as there is room."""

from dataclasses import replace
from typing import Protocol, runtime_checkable

from inspector_app.domain.frame import View
from inspector_app.domain.preset import Options
from inspector_app.domain.region import ScoredRegion
from inspector_app.imaging.resizing import enlarged
from inspector_app.imaging.scales import at_scales

MOST = 4
"""Crops that are shown at once; places that a person drew may be more."""
LEAST_SIDE = 512
"""A part of the picture is enlarged to so many pixels on its longer side before it is shown."""
NO_ROOM = "fewer crops: the token budget has room for {count}"


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


def legible(view: View, *, input_side: int) -> View:
    """A part of the picture as it is shown: small ones enlarged, with the same region.

    Processors that let a picture have as many tokens as it has pixels, and servers that have
    such models, would else show a small part with few tokens, and nothing were won by cutting
    it out. A network that takes in less than 512 px gets every part enlarged to just that by its
    own processor: to enlarge it before would only soften it.

    Args:
        view: Its pixels at the picture's own scale.
        input_side: Of what the network takes in, in pixels.
    """
    if input_side < LEAST_SIDE:
        return view
    return replace(view, pixels=enlarged(view.pixels, longest=LEAST_SIDE))
