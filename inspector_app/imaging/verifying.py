"""Asking about windows one by one whether the thing is there: what several searches share.

The only part of this room that speaks to a model, and only through a strategy's `look`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.leaning import leaning
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Glance, Look
from inspector_app.domain.region import Region
from inspector_app.imaging.search import ATTENTION, find_windows
from inspector_app.imaging.suppression import suppress

SURE = 0.97
"""A window that leans so far towards yes needs no other beside it."""
FULL, LARGE = 0.7, 0.5
"""A place so much as long as the part it is seen in fills it; parts above this share of the
picture are large enough."""
STANDS_OUT = 0.25
"""Of the highest value of a map: what is above lies on the thing."""
SURE_NOT = -0.9
"""A window that leans so far towards no is believed."""
UNHEARD = -0.5
"""What counts for a window of which the model said neither yes nor no."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A window that was asked about.

    Attributes:
        region: Where in the window the model looked while it answered; all of it where that
            says nothing.
        lean: -1..1, how far it leans towards "it is there".
        part: The window.
        fills: Whether the thing fills the window, as far as can be told, and may go on beyond.
    """

    region: Region
    lean: float
    part: Region
    fills: bool = True


def checked(
    windows: Iterable[Region], asked: str, *, size: tuple[int, int], look: Look, enough: int
) -> Steps[tuple[Checked, ...]]:
    """Ask about windows in turn, until enough of them are sure.

    Args:
        windows: Most promising first.
        asked: A yes/no question, such as "Is there a crack?".
        size: (width, height) of the picture.
        look: Asks it.
        enough: So many sure windows end the search.

    Returns:
        All that were asked about, in order.
    """
    heard: list[Checked] = []
    for window in windows:
        yield Step("look", len(heard), 0)
        glance = yield from look.ask(asked, part=window)
        lean = leaning(glance.answer)
        place, fills = _placed(glance, window, size=size, look=look) or (window, True)
        heard.append(Checked(place, UNHEARD if lean is None else lean, window, fills))
        if sum(one.lean >= SURE for one in heard) >= enough:
            break
    return tuple(heard)


def best_checked(heard: Iterable[Checked], *, count: int) -> tuple[Checked, ...]:
    """Those that hold the thing, surest first; the least sure "no" where none seems to.

    Of windows that show the same place the surest is kept. None at all where every "no" is
    sure: then it is not there, or too small to be seen even so.
    """
    order = sorted(heard, key=lambda one: -one.lean)
    kept = suppress([one.region for one in order], [one.lean for one in order], overlap=0.1)
    apart = [order[index] for index in kept]
    holding = [one for one in apart if one.lean > 0]
    doubtful = [one for one in apart[:1] if one.lean > SURE_NOT]
    return tuple((holding or doubtful)[:count])


def settled(
    kept: Iterable[Checked], asked: str, *, size: tuple[int, int], look: Look
) -> Steps[tuple[Region, ...]]:
    """The place of each, looked at anew in a larger part where it fills the one it was seen in.

    Small windows cut large things; what fills a window goes on beyond it.

    Args:
        kept: Windows that hold the thing.
        asked: The yes/no question.
        size: (width, height) of the picture.
        look: Asks it.
    """
    places = []
    for one in kept:
        region, part, fills = one.region, one.part, one.fills
        while look.can_attend and fills and part.share_of(size) < LARGE:
            part = Region.square_at(region.center, side=2 * max(part.size), within=size)
            glance = yield from look.ask(asked, part=part)
            placed = _placed(glance, part, size=size, look=look)
            if placed is None:
                break
            region, fills = placed
        places.append(region)
    return tuple(places)


def _placed(
    glance: Glance, part: Region, *, size: tuple[int, int], look: Look
) -> tuple[Region, bool] | None:
    """Where a part shows the thing, and whether it fills it; None where that cannot be told.

    Where the model sees a part pixel by pixel, no finer map of it can be had. But how far that
    which it looked at reaches tells whether all of it is there: where it is, the place is cut as
    closely as in a larger part, and nothing more has to be asked.
    """
    seen = seen_in(glance, part, look=look)
    if seen:
        return seen[0], _fills(seen[0], part)
    if glance.map is None or max(part.size) > look.input_side:
        return None
    reach = _reach(glance.map, part)
    if reach is None or _fills(reach, part):
        return part, True
    side = max(ATTENTION.finest * look.input_side, max(reach.size) / FULL)
    side = min(round(side), max(part.size))
    return Region.square_at(reach.center, side=side, within=size), False


def _reach(seen: AttentionMap, part: Region) -> Region | None:
    """The box about all that stands out in the map of a part; None where it is flat."""
    if seen.is_flat:
        return None
    rows, cols = np.nonzero(seen.values >= STANDS_OUT * seen.values.max())
    width, height = seen.grid.cell
    x0, y0 = seen.grid.x0 + cols.min() * width, seen.grid.y0 + rows.min() * height
    x1, y1 = seen.grid.x0 + (cols.max() + 1) * width, seen.grid.y0 + (rows.max() + 1) * height
    box = Region(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
    return box.intersection(part)


def _fills(region: Region, part: Region) -> bool:
    return max(region.size) >= FULL * max(part.size)


def seen_in(glance: Glance, part: Region, *, look: Look, count: int = 1) -> tuple[Region, ...]:
    """Where in a part the model looked while it answered; none where that says nothing.

    The map comes with the answer and costs nothing more. It places a thing within the part as
    finely as the part is seen, while what led to the part placed it to a token or two.

    Args:
        glance: What was heard about the part.
        part: Of the picture.
        look: Knows how large a picture the model takes.
        count: Most windows.
    """
    if glance.map is None or max(part.size) <= look.input_side:
        return ()
    grid = glance.map.grid
    # Windows are searched as if the part were the picture: they are as small as it allows.
    within = replace(
        grid,
        x0=grid.x0 - part.x0,
        y0=grid.y0 - part.y0,
        x1=grid.x1 - part.x0,
        y1=grid.y1 - part.y0,
    )
    windows = find_windows(
        glance.map.values,
        grid=within,
        size=part.size,
        input_side=look.input_side,
        count=count,
        how=ATTENTION,
    )
    return tuple(window.region.shifted(dx=part.x0, dy=part.y0) for window in windows)
