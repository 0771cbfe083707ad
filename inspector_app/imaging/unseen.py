"""Where to look next, after parts of a picture were looked at in vain."""

from collections.abc import Iterable

import numpy as np

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.search import Sums, share_under

CELLS = 24
"""Rows and columns in which a picture without a map is counted."""


def unseen_first(
    parts: Iterable[Region],
    *,
    refused: Iterable[Region],
    found: AttentionMap | None,
    size: tuple[int, int],
) -> tuple[Region, ...]:
    """The same parts, each time the one that shows most of what none before it showed.

    One half of the weight lies where the map says; the other evenly, for a map whose best
    places were refused is not to be relied on alone.

    Args:
        parts: In any order; of equals the earlier comes first.
        refused: Parts that do not show the thing.
        found: The map that led to them; None where there is none.
        size: (width, height) of the picture.
    """
    grid = found.grid if found else TokenGrid(CELLS, CELLS, 0.0, 0.0, *map(float, size))
    left = share_under(Region.whole(size), grid=grid)
    left /= left.sum()
    heat = left * found.values if found else left
    if heat.any():
        left = left + heat / heat.sum()
    for part in refused:
        left = left * (1 - share_under(part, grid=grid))
    waiting = [(part, share_under(part, grid=grid)) for part in parts]
    order: list[Region] = []
    while waiting:
        best = int(np.argmax([_shown(left, under) for _, under in waiting]))
        part, under = waiting.pop(best)
        order.append(part)
        left = left * (1 - under)
    return tuple(order)


def _shown(left: Sums, under: Sums) -> float:
    return float((left * under).sum())
