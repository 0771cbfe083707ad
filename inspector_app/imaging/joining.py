"""Bring maps from one grid to another, and the maps of tiles onto one grid over the frame."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.attention import Map, TokenGrid
from inspector_app.domain.region import Region

_MOST_CELLS = 2048
_LEAST_COVER = 1e-6


def frame_grid(size: tuple[int, int], *, grids: Sequence[TokenGrid]) -> TokenGrid:
    """A grid over a whole frame with cells about as large as those of the tiles' grids.

    Args:
        size: (width, height) of the frame.
        grids: Of the tiles, at least one.
    """
    width = float(np.median([grid.cell[0] for grid in grids]))
    height = float(np.median([grid.cell[1] for grid in grids]))
    cols = min(max(1, round(size[0] / width)), _MOST_CELLS)
    rows = min(max(1, round(size[1] / height)), _MOST_CELLS)
    return TokenGrid(rows, cols, 0.0, 0.0, float(size[0]), float(size[1]))


def join_maps(
    maps: Sequence[Map],
    grids: Sequence[TokenGrid],
    *,
    onto: TokenGrid,
    tiles: Sequence[Region] | None = None,
) -> Map:
    """Resample the maps of tiles onto one grid, weighted by the area they share.

    Values are not normalised between tiles: each tile is read with the same prompt, and
    what stands out in one tile must be allowed to outshine another. Source:
    arXiv:2502.17422, high-resolution variant.

    Args:
        maps: One (rows, cols) map per tile.
        grids: Where each map's cells lie over the frame.
        onto: The grid to fill.
        tiles: The part of the frame each map speaks for; where given, cells that reach
            beyond their tile (padding) do not leak into the neighbour.

    Returns:
        (onto.rows, onto.cols) float32; cells that no map covers are 0.
    """
    total = np.zeros((onto.rows, onto.cols))
    cover = np.zeros((onto.rows, onto.cols))
    for index, (values, grid) in enumerate(zip(maps, grids, strict=True)):
        tile = tiles[index] if tiles is not None else None
        down = _shares(onto, grid, axis=1, tile=tile)  # (onto.rows, grid.rows)
        across = _shares(onto, grid, axis=0, tile=tile)  # (onto.cols, grid.cols)
        total += down @ np.asarray(values, np.float64) @ across.T
        cover += np.outer(down.sum(axis=1), across.sum(axis=1))
    known = cover > _LEAST_COVER
    joined = np.divide(total, cover, out=np.zeros_like(total), where=known)
    return joined.astype(np.float32)


def resampled(values: Map, *, grid: TokenGrid, onto: TokenGrid) -> Map:
    """One map on another grid: each cell becomes the area-weighted mean of what it covers."""
    return join_maps([values], [grid], onto=onto)


def block_mean(values: Map, *, rows: int, cols: int) -> Map:
    """(rows, cols) means of equal blocks; blocks may cut through cells."""
    height, width = values.shape
    grid = TokenGrid(height, width, 0.0, 0.0, float(width), float(height))
    onto = TokenGrid(rows, cols, 0.0, 0.0, float(width), float(height))
    return resampled(values, grid=grid, onto=onto)


def _shares(
    onto: TokenGrid, grid: TokenGrid, *, axis: int, tile: Region | None
) -> NDArray[np.float64]:
    """How much of each target interval (a row) each source interval (a column) covers, 0..1.

    Axis 0 is x, 1 is y; source intervals are cut at the edges of their tile.
    """
    wanted, given = _edges(onto, axis), _edges(grid, axis)
    if tile is not None:
        low, high = (tile.x0, tile.x1) if axis == 0 else (tile.y0, tile.y1)
        given = np.clip(given, low, high)
    start = np.maximum(wanted[:-1, None], given[None, :-1])
    end = np.minimum(wanted[1:, None], given[None, 1:])
    shares: NDArray[np.float64] = np.maximum(end - start, 0.0) / (wanted[1] - wanted[0])
    return shares


def _edges(grid: TokenGrid, axis: int) -> NDArray[np.float64]:
    if axis == 0:
        return np.linspace(grid.x0, grid.x1, grid.cols + 1)
    return np.linspace(grid.y0, grid.y1, grid.rows + 1)
