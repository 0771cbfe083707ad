"""Cut a large picture into tiles that a model can read one by one."""

import math

from inspector_app.domain.region import Region

LONGEST = 1024
"""Pictures up to this many pixels on the longer side are read whole."""
_SLIMMEST = 2.0
_SHORTEST_CUT = 336


def tiles(size: tuple[int, int], *, longest: int = LONGEST) -> tuple[Region, ...]:
    """Cover a picture exactly with whole-pixel tiles, about square, row by row.

    Args:
        size: (width, height) of the picture.
        longest: No side of a tile is longer.

    Returns:
        Half-open boxes without gap or overlap; a single one where the picture is small
        enough. Sides differ by one pixel at most within a row or column.

    Source: arXiv:2502.17422 (high-resolution variant) has ceil(H / 1024) rows of
    int(rows * W / H) tiles, which is no tile at all for many portraits; here both counts
    come from the longer side and are at least 1.
    """
    rows, cols = counts(size, longest=longest)
    xs, ys = _edges(size[0], cols), _edges(size[1], rows)
    return tuple(
        Region(xs[col], ys[row], xs[col + 1], ys[row + 1])
        for row in range(rows)
        for col in range(cols)
    )


def counts(size: tuple[int, int], *, longest: int = LONGEST) -> tuple[int, int]:
    """(rows, cols) of the tiles of a picture of (width, height)."""
    if max(size) <= longest:
        return 1, 1
    long, short = max(size), min(size)
    # A strip is cut into pieces no slimmer than 1 : 2, but never into a great many.
    reach = min(float(longest), max(_SLIMMEST * short, float(min(longest, _SHORTEST_CUT))))
    along = math.ceil(long / reach)
    across = max(1, math.ceil(short / longest), round(short * along / long))
    return (along, across) if size[1] >= size[0] else (across, along)


def _edges(length: int, count: int) -> list[int]:
    return [index * length // count for index in range(count + 1)]
