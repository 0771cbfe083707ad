"""Parts of a part: how a picture is halved and quartered, or laid out in overlapping tiles."""

import math
from collections.abc import Sequence

from inspector_app.domain.region import Region

LONG = 2.0
"""From this ratio of sides on a part is cut into a row of four instead of two by two."""


def quarters(part: Region, *, within: tuple[int, int], margin: float = 0.1) -> tuple[Region, ...]:
    """Four parts that cover a part, each widened so that nothing lies on a cut.

    Two by two, or four in a row where one side is at least `LONG` times the other.

    Args:
        part: What is divided.
        within: (width, height) of the picture; nothing reaches outside.
        margin: Each part is widened on each side by this much of its own side.

    Source: ZoomEye (EMNLP 2025): 2 x 2, or 1 x 4 and 4 x 1; views 1.2 times as large.
    """
    cols, rows = 2, 2
    if part.width >= LONG * part.height:
        cols, rows = 4, 1
    elif part.height >= LONG * part.width:
        cols, rows = 1, 4
    cols, rows = min(cols, part.width), min(rows, part.height)
    xs, ys = _edges(part.x0, part.width, cols), _edges(part.y0, part.height, rows)
    return tuple(
        Region(xs[col], ys[row], xs[col + 1], ys[row + 1]).grown(margin, within=within)
        for row in range(rows)
        for col in range(cols)
    )


def scaled_tiles(
    size: tuple[int, int], *, scale: float, overlap: float = 0.25
) -> tuple[Region, ...]:
    """Overlapping tiles in which a picture is seen `scale` times larger than whole.

    Args:
        size: (width, height) of the picture.
        scale: 1 gives the whole picture; 2 gives tiles of half its width and height.
        overlap: Least part of a tile's side that neighbours share: what is smaller than this
            share of a tile lies whole in one of them.

    Returns:
        Half-open boxes of equal size, row by row.
    """
    if scale <= 1:
        return (Region.whole(size),)
    xs, width = _starts(size[0], scale=scale, overlap=overlap)
    ys, height = _starts(size[1], scale=scale, overlap=overlap)
    return tuple(Region(x, y, x + width, y + height) for y in ys for x in xs)


def _starts(length: int, *, scale: float, overlap: float) -> tuple[Sequence[int], int]:
    """Where tiles begin along one side, and how long they are."""
    side = max(1, math.ceil(length / scale))
    room = length - side
    step = max(1.0, side * (1 - overlap))
    count = math.ceil(room / step) + 1
    if count == 1:
        return [0], side
    return sorted({round(index * room / (count - 1)) for index in range(count)}), side


def _edges(start: int, length: int, count: int) -> list[int]:
    return [start + index * length // count for index in range(count + 1)]
