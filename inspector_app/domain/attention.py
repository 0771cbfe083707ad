"""Where the model looked: token grids laid over the Frame, and maps on them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenGrid:
    """How a picture's tokens lie over the Frame.

    The grid is `rows` x `cols` equal cells over the box (x0, y0, x1, y1) in Frame pixels
    (floats, y down). The box may be smaller than the Frame (a processor that cuts the
    sides off) or reach beyond it (one that pads); nothing outside it was seen.
    """

    rows: int
    cols: int
    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if self.rows < 1 or self.cols < 1:
            raise ValueError(f"a grid needs at least one cell, got {self.rows} x {self.cols}")
        # Written so that an edge that is not a number is refused too.
        if not (self.x0 < self.x1 and self.y0 < self.y1):
            raise ValueError(f"a grid needs an area, got {self.x0, self.y0, self.x1, self.y1}")

    @property
    def cell(self) -> tuple[float, float]:
        """(width, height) of one cell in Frame pixels."""
        return (self.x1 - self.x0) / self.cols, (self.y1 - self.y0) / self.rows

    @property
    def tokens(self) -> int:
        """Number of cells."""
        return self.rows * self.cols

    def seen(self, size: tuple[int, int]) -> Region | None:
        """The whole pixels of a Frame of (width, height) that lie inside the grid."""
        x0, y0 = max(0, int(np.ceil(self.x0 - 1e-6))), max(0, int(np.ceil(self.y0 - 1e-6)))
        x1 = min(size[0], int(np.floor(self.x1 + 1e-6)))
        y1 = min(size[1], int(np.floor(self.y1 + 1e-6)))
        return Region(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(row, col) of the cell over a point, or None outside the grid."""
        if not (self.x0 <= x < self.x1 and self.y0 <= y < self.y1):
            return None
        width, height = self.cell
        return (
            min(int((y - self.y0) / height), self.rows - 1),
            min(int((x - self.x0) / width), self.cols - 1),
        )


@dataclass(frozen=True, slots=True, eq=False)
class AttentionRows:
    """What the last prompt token looked at, per layer and head.

    Attributes:
        values: (layers, heads, tokens) float32 post-softmax attention (or its
            gradient-weighted form) over the picture tokens of all views, view after view,
            each view's tokens in row-major grid order.
        layers: Which language-model layers, in the order of the first axis.
        grids: One grid per view, in order.
    """

    values: NDArray[np.float32]
    layers: tuple[int, ...]
    grids: tuple[TokenGrid, ...]

    def __post_init__(self) -> None:
        if self.values.shape[0] != len(self.layers):
            raise ValueError("one row of values per layer")
        if self.values.shape[2] != sum(grid.tokens for grid in self.grids):
            raise ValueError("one value per picture token")

    def mean_map(self, *, layer: int, view: int = 0) -> Map:
        """(rows, cols): the mean over heads at `layer` for one view.

        Raises:
            ValueError: `layer` was not captured.
        """
        start = sum(grid.tokens for grid in self.grids[:view])
        grid = self.grids[view]
        row = self.values[self.layers.index(layer), :, start : start + grid.tokens]
        mean: Map = row.mean(axis=0, dtype=np.float32).reshape(grid.rows, grid.cols)
        return mean


@dataclass(frozen=True, slots=True, eq=False)
class AttentionMap:
    """A map of where the model looked. It is no probability and no confidence.

    Attributes:
        values: (rows, cols) float32, finite and not negative.
        grid: How the cells lie over the Frame.
        method: The strategy that made it, such as "relative_attention".
        layer: The language-model layer it was read from, or None (pixel gradients).
        layers: (n, rows, cols) the same map at other layers for the layer slider, or None.
        layer_numbers: Which layers these are, one per entry of `layers`.
    """

    values: Map
    grid: TokenGrid
    method: str
    layer: int | None = None
    layers: NDArray[np.float32] | None = None
    layer_numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.values.shape != (self.grid.rows, self.grid.cols):
            raise ValueError(f"map {self.values.shape} does not fit its grid")
        if not np.isfinite(self.values).all() or (self.values < 0).any():
            raise ValueError("a map must be finite and not negative")
        self.values.flags.writeable = False

    @property
    def is_flat(self) -> bool:
        """Whether no place stands out at all."""
        return bool(np.ptp(self.values) <= 1e-6 * max(float(self.values.max()), 1e-30))

    def at_layer(self, layer: int) -> Map:
        """(rows, cols) of another captured layer.

        Raises:
            ValueError: that layer was not kept.
        """
        if layer == self.layer:
            return self.values
        if self.layers is None or layer not in self.layer_numbers:
            raise ValueError(f"layer {layer} was not captured")
        kept: Map = self.layers[self.layer_numbers.index(layer)]
        return kept
