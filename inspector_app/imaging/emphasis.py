"""How much more attention each cell of a token grid is to get: an experiment's factors."""

from collections.abc import Sequence

import numpy as np

from inspector_app.domain.attention import AttentionMap, Map, TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.joining import resampled

_HALF = 0.5


def factors_by_regions(grid: TokenGrid, regions: Sequence[Region], *, factor: float) -> Map:
    """(rows, cols): `factor` where a region covers at least half of a cell, else 1.

    A region smaller than that raises the cell it covers most of.

    Args:
        grid: Over the Frame.
        regions: In Frame pixels.
        factor: At least 1.
    """
    factors = np.ones((grid.rows, grid.cols), np.float32)
    for region in regions:
        covered = np.outer(_covered(grid, region, axis=1), _covered(grid, region, axis=0))
        raised = covered >= _HALF
        if not raised.any() and covered.any():
            raised = covered == covered.max()
        factors[raised] = factor
    return factors


def factors_by_map(grid: TokenGrid, seen: AttentionMap, *, factor: float) -> Map:
    """(rows, cols): factor ** (value / highest value), so that the logarithm follows the map.

    A flat map points nowhere and raises nothing.
    """
    values = resampled(seen.values, grid=seen.grid, onto=grid)
    highest = float(values.max())
    if seen.is_flat or highest <= 0:
        return np.ones((grid.rows, grid.cols), np.float32)
    raised: Map = np.power(np.float32(factor), values / highest, dtype=np.float32)
    return raised


def _covered(grid: TokenGrid, region: Region, *, axis: int) -> Map:
    """How much of each column (axis 0) or row (axis 1) a region covers, 0..1."""
    start, end, count = (
        (grid.x0, grid.x1, grid.cols) if axis == 0 else (grid.y0, grid.y1, grid.rows)
    )
    low, high = (region.x0, region.x1) if axis == 0 else (region.y0, region.y1)
    edges = np.linspace(start, end, count + 1)
    shared = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
    return np.clip(shared / ((end - start) / count), 0, 1).astype(np.float32)
