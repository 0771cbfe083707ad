"""Where a map stands out: windows of many sizes slid over all positions.

Two ways are kept. `find_windows` is the one used: it picks the size that holds most of what
stands out for its side, grows up to most of the picture, and returns up to four windows that
do not overlap. `published_window` is the search of the method's authors, for comparison.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.attention import Map, TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.maps import clean

PUBLISHED_RATIOS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0)
Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WindowSearch:
    """How windows are searched; the defaults are those used.

    Attributes:
        finest: Smallest box side, margin included, as a part of the model's input side.
            Below 1 a box has fewer pixels than the model takes in: they are enlarged, and
            what they show covers more tokens.
        share: Smallest window side as a part of the picture's shorter side.
        cells: Smallest window side in cells of the map, before the margin.
        growth: Each window size is this many times the one before.
        largest: Largest box, margin included, as a part of the picture's area. A picture so
            small that no window fits below this is not worth a crop.
        reluctance: A larger window must hold side ** reluctance times more of what stands
            out: 0 takes the largest, 2 the densest.
        apart: The least reluctance where several windows may be found: far peaks then get
            a window each instead of one that holds them all.
        background: Quantile of the map that counts as nothing standing out.
        faint: What stands out less than this part of the peak counts as background too.
        power: What stands out is raised to this before it is summed: above 1 favours
            peaks, below 1 spread.
        margin: The box found is widened on each side by this part of its side.
        least: Further windows must hold at least this part of what the best one holds.
        least_peak: The map's highest value over its mean must reach this, or nothing in
            particular is looked at. 1 takes every map that is not flat: how high a peak
            must be differs from model to model.
    """

    finest: float = 0.7
    share: float = 0.08
    cells: float = 1.0
    growth: float = 1.2
    largest: float = 0.75
    reluctance: float = 0.5
    apart: float = 1.0
    background: float = 0.5
    faint: float = 0.1
    power: float = 0.85
    margin: float = 0.0
    least: float = 0.2
    least_peak: float = 1.0

    def __post_init__(self) -> None:
        if self.growth <= 1 or not 0 < self.largest < 1 or not 0 <= self.background < 1:
            raise ValueError(f"no window search can follow {self}")


DEFAULT = WindowSearch()
ATTENTION = WindowSearch(least_peak=3.0)
"""For attention maps. With the embedded model the peaks of plain, noisy and shaded pictures
without anything in them stood at 1.2 to 2.7 times the mean (gradient-weighted: up to 4), those
of 340 held-out scenes at 4.7 times and more (gradient-weighted: 4.0), large targets included."""

ASKED = WindowSearch(least=0.01, power=2.0, reluctance=2.0, margin=0.25)
"""For windows that the model is asked about, each by itself: small ones about every peak, faint
ones too, with some surroundings to tell a thing by."""


@dataclass(frozen=True, slots=True)
class FoundWindow:
    """A window on a map.

    Attributes:
        region: In whole pixels, inside the frame; square unless the frame is narrower.
        score: Mean of the map under the window over its mean everywhere: 1 is average.
        held: Part of all that stands out that lies inside, 0..1.
    """

    region: Region
    score: float
    held: float


@dataclass(frozen=True, slots=True)
class _Place:
    row: int
    col: int
    rows: int
    cols: int
    held: float
    side: float


def find_windows(
    values: Map,
    *,
    grid: TokenGrid,
    size: tuple[int, int],
    input_side: int,
    count: int = 1,
    how: WindowSearch = DEFAULT,
) -> tuple[FoundWindow, ...]:
    """The places that stand out most, best first.

    Args:
        values: (rows, cols) map; NaN, infinities and negative numbers count as 0.
        grid: How its cells lie over the frame; cells off the frame are left out.
        size: (width, height) of the frame.
        input_side: Longest side in pixels that the model takes in.
        count: Most windows.
        how: The search.

    Returns:
        Windows that do not overlap; none where the map is flat, or the picture so small
        that a window would be nearly all of it.
    """
    if count > 1:
        how = replace(how, reluctance=max(how.reluctance, how.apart))
    sides = window_sides(grid=grid, size=size, input_side=input_side, how=how)
    level = np.asarray(np.where(_on_frame(grid, size), clean(values), 0), np.float64)
    standing = _standing_out(level, on_frame=_on_frame(grid, size), how=how)
    found: list[FoundWindow] = []
    while sides and len(found) < count and standing.any():
        places = _best_places(standing, grid=grid, sides=sides, how=how)
        if found and max(place.held for place in places) < how.least * found[0].held:
            break
        boxes = [_box(place, standing, grid=grid, size=size, how=how) for place in places]
        free = [index for index, box in enumerate(boxes) if _is_free(box, found)]
        best = free[0] if free else 0
        if free and (not found or places[best].held >= how.least * found[0].held):
            lift = _lift(level, boxes[best], grid=grid)
            found.append(FoundWindow(boxes[best], lift, places[best].held))
        standing = _without(standing, boxes[best], place=places[best], grid=grid)
    return tuple(found)


def window_sides(
    *, grid: TokenGrid, size: tuple[int, int], input_side: int, how: WindowSearch = DEFAULT
) -> tuple[float, ...]:
    """Window sides in pixels, without margin, small to large; none where all are too large."""
    if max(size) <= input_side:
        # The model has seen every pixel of it already.
        return ()
    wide = 1 + 2 * how.margin
    finest = how.finest * input_side / wide
    smallest = max(finest, how.share * min(size), how.cells * max(grid.cell), 1.0)
    sides = []
    while _share_of(size, side=smallest * wide) <= how.largest:
        sides.append(smallest)
        smallest *= how.growth
    return tuple(sides)


def _share_of(size: tuple[int, int], *, side: float) -> float:
    """The part of a picture that a square of this side takes, at most its whole width."""
    return min(side / size[0], 1) * min(side / size[1], 1)


def window_sums(values: NDArray[np.floating], *, rows: int, cols: int) -> Sums:
    """Sum of every rows x cols window, by its upper left cell.

    Returns:
        (H - rows + 1, W - cols + 1) float64.
    """
    total = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    np.cumsum(np.cumsum(values, axis=0, dtype=np.float64), axis=1, out=total[1:, 1:])
    sums: Sums = (
        total[rows:, cols:] - total[:-rows, cols:] - total[rows:, :-cols] + total[:-rows, :-cols]
    )
    return sums


def published_window(values: Map, *, size: tuple[int, int], side: int = 336) -> Region | None:
    """The window of the method's authors: the ratio with the sharpest best position.

    Args:
        values: (rows, cols) map over the whole frame.
        size: (width, height) of the frame.
        side: Window side at ratio 1 in pixels of the frame.

    Returns:
        A square about the winning window, shifted inside; None where the window covers
        the whole map at ratio 1 (they return the whole picture then) or the map is flat.
        A window is at least one cell, where theirs could have none.

    Source: arXiv:2502.17422, section 5 and its code.
    """
    level = clean(values)
    if np.ptp(level) == 0:
        return None
    rows, cols = level.shape
    width, height = size[0] / cols, size[1] / rows
    best: tuple[float, tuple[float, float], float] | None = None
    for ratio in PUBLISHED_RATIOS:
        across = min(max(int(side * ratio / width), 1), cols)
        down = min(max(int(side * ratio / height), 1), rows)
        if across == cols and down == rows:
            break
        sums = window_sums(level, rows=down, cols=across)
        row, col = (int(at) for at in np.unravel_index(np.argmax(sums), sums.shape))
        sharpness = (sums[row, col] - _around(sums, row, col)) / (across * down)
        if best is None or sharpness > best[0]:
            middle = (col + across / 2) * width, (row + down / 2) * height
            best = float(sharpness), middle, side * ratio
    if best is None:
        return None
    return Region.square_at(best[1], side=round(best[2]), within=size)


def _around(sums: Sums, row: int, col: int) -> float:
    """Mean of the up to four neighbouring windows."""
    beside = [(row, col - 1), (row, col + 1), (row - 1, col), (row + 1, col)]
    inside = [sums[r, c] for r, c in beside if 0 <= r < sums.shape[0] and 0 <= c < sums.shape[1]]
    return float(np.mean(inside))


def _on_frame(grid: TokenGrid, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Cells whose middle lies on the frame: the rest looks at padding."""
    width, height = grid.cell
    x = grid.x0 + (np.arange(grid.cols) + 0.5) * width
    y = grid.y0 + (np.arange(grid.rows) + 0.5) * height
    inside: NDArray[np.bool_] = ((y > 0) & (y < size[1]))[:, None] & ((x > 0) & (x < size[0]))
    return inside


def _standing_out(level: Sums, *, on_frame: NDArray[np.bool_], how: WindowSearch) -> Sums:
    """What lies above the background, as parts of 1; all 0 for a flat map."""
    seen = level[on_frame]
    if not seen.size or np.ptp(seen) <= 1e-6 * seen.max():
        return np.zeros_like(level)
    if seen.max() < how.least_peak * seen.mean():
        return np.zeros_like(level)
    above = np.where(on_frame, np.maximum(level - np.quantile(seen, how.background), 0), 0)
    if not above.any():
        return np.zeros_like(level)
    above = np.maximum(above / above.max() - how.faint, 0) ** how.power
    shares: Sums = above / above.sum()
    return shares


def _best_places(
    standing: Sums, *, grid: TokenGrid, sides: tuple[float, ...], how: WindowSearch
) -> list[_Place]:
    """The best position of every size, the best size first."""
    places = [_at_side(standing, grid=grid, side=side) for side in sides]
    return sorted(places, key=lambda place: -place.held / (place.side / sides[0]) ** how.reluctance)


def _is_free(region: Region, found: list[FoundWindow]) -> bool:
    return all(region.intersection(other.region) is None for other in found)


def _at_side(standing: Sums, *, grid: TokenGrid, side: float) -> _Place:
    """The position that holds most, for windows of one side."""
    width, height = grid.cell
    # Rounded down, so that the square in pixels holds the whole window of cells.
    cols = min(max(1, int(side / width + 1e-9)), grid.cols)
    rows = min(max(1, int(side / height + 1e-9)), grid.rows)
    sums = window_sums(standing, rows=rows, cols=cols)
    row, col = (int(at) for at in np.unravel_index(np.argmax(sums), sums.shape))
    return _Place(row, col, rows, cols, min(float(sums[row, col]), 1.0), side)


def _box(
    place: _Place, standing: Sums, *, grid: TokenGrid, size: tuple[int, int], how: WindowSearch
) -> Region:
    """The square in pixels, centred on what stands out inside the window.

    Many positions hold the same peak; the first of them has it in a corner.
    """
    inside = standing[place.row : place.row + place.rows, place.col : place.col + place.cols]
    rows, cols = np.nonzero(inside >= 0.25 * inside.max())
    width, height = grid.cell
    center = (
        grid.x0 + (place.col + (int(cols.min()) + int(cols.max()) + 1) / 2) * width,
        grid.y0 + (place.row + (int(rows.min()) + int(rows.max()) + 1) / 2) * height,
    )
    side = max(1, round(place.side * (1 + 2 * how.margin)))
    return Region.square_at(center, side=side, within=size)


def _lift(level: Sums, region: Region, *, grid: TokenGrid) -> float:
    """Mean of the map under the region over its mean everywhere."""
    under = share_under(region, grid=grid)
    everywhere = float(level.mean())
    if everywhere <= 0 or under.sum() <= 0:
        return 0.0
    return float((level * under).sum() / under.sum() / everywhere)


def share_under(region: Region, *, grid: TokenGrid) -> Sums:
    """(rows, cols): the part of each cell that lies under a region, 0..1."""
    across = _overlaps(region.x0, region.x1, start=grid.x0, step=grid.cell[0], count=grid.cols)
    down = _overlaps(region.y0, region.y1, start=grid.y0, step=grid.cell[1], count=grid.rows)
    shares: Sums = np.outer(down, across)
    return shares


def _overlaps(low: float, high: float, *, start: float, step: float, count: int) -> Sums:
    edges = start + np.arange(count + 1, dtype=np.float64) * step
    inside = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
    covered: Sums = np.clip(inside, 0, None) / step
    return covered


def _without(standing: Sums, region: Region, *, place: _Place, grid: TokenGrid) -> Sums:
    """What is left outside a region and the window it came from."""
    rest = np.where(share_under(region, grid=grid) > 0, 0.0, standing)
    rest[place.row : place.row + place.rows, place.col : place.col + place.cols] = 0
    return rest
