"""Arithmetic on maps that survives zeros, NaN and flat pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.attention import Map, TokenGrid
from inspector_app.domain.frame import Pixels
from inspector_app.imaging.resizing import under_grid

FLOOR = 1e-3
"""Neutral values below this part of their median count as this much."""
_MOST = 1e30
"""Highest ratio; a map that goes higher is scaled down to stay within float32."""
_KERNEL_SIGMA = 0.8
_MEDIAN_SIDE = 7
_LEAST_MASK = 0.01


def clean(values: NDArray[np.floating]) -> Map:
    """Float32 without NaN, infinities and negative numbers: these mean nothing and become 0."""
    kept = np.asarray(values, np.float32)
    return np.where(np.isfinite(kept) & (kept > 0), kept, np.float32(0))


def relative(
    asked: NDArray[np.floating], neutral: NDArray[np.floating], *, floor: float = FLOOR
) -> Map:
    """How much more the question heats each place than a neutral question does.

    Args:
        asked: (..., rows, cols) map of the question.
        neutral: The same of the neutral question.
        floor: Smallest neutral value, as a part of the neutral median of the map.

    Returns:
        asked / max(neutral, floor * median), finite everywhere. Where the neutral value is
        0 (flushed by half precision) or not a number, the median stands in: divided by
        almost nothing, noise would win every window. A neutral map with nothing in it
        divides by the mean of the asked one, so that places keep their order.

    Source: arXiv:2502.17422, section 4.1; floor and stand-in are ours.
    """
    hot = np.asarray(clean(asked), np.float64)
    cold = np.asarray(neutral, np.float64)
    usable = np.isfinite(cold) & (cold > 0)
    axes = (-2, -1)
    positive = np.where(usable, cold, np.nan)
    middle = _median(positive, otherwise=hot.mean(axis=axes, keepdims=True))
    filled = np.where(usable, cold, middle)
    ratio = hot / np.maximum(np.maximum(filled, floor * middle), np.finfo(np.float64).tiny)
    # A neutral map of zeros is no map: then the question's own map is all there is.
    empty = ~usable.any(axis=axes, keepdims=True)
    alone = hot / np.maximum(middle, np.finfo(np.float32).tiny)
    ratios = np.where(empty, alone, ratio)
    highest = ratios.max(axis=axes, keepdims=True)
    return clean(ratios * np.minimum(1, _MOST / np.maximum(highest, 1)))


def high_pass_mask(pixels: Pixels, *, grid: TokenGrid) -> NDArray[np.bool_]:
    """Where a picture has edges or texture, seen at the resolution and place of a grid.

    Args:
        pixels: (H, W, 3) uint8 of the frame.
        grid: As fine as the gradient that will be masked, over the same pixels.

    Returns:
        (rows, cols), True where the residual of a small blur is above its own median and
        the cell lies on the picture. A flat picture masks nothing: all True.

    Source: arXiv:2502.17422, section 4.3 and its code: Gaussian 3 x 3 of sigma 0.8,
    Euclidean norm over RGB, median 7 x 7, threshold at the median.
    """
    seen, inside = under_grid(pixels, grid=grid)
    if not inside.any():
        return np.ones_like(inside)
    colours = seen.astype(np.float32)
    blurred = cv2.GaussianBlur(colours, (3, 3), _KERNEL_SIGMA, borderType=cv2.BORDER_REFLECT_101)
    residual = np.sqrt(((colours - blurred) ** 2).sum(axis=2))
    mask = _above_median(residual, inside) & inside
    return mask if mask.sum() >= _LEAST_MASK * inside.sum() else np.ones_like(inside)


def without_sinks(values: Map, *, neutral: Map, times: float = 20.0) -> Map:
    """Give cells that every question heats the level of their surroundings.

    Args:
        values: (rows, cols) map of the question.
        neutral: The same of a neutral question.
        times: A cell is a sink where the neutral map is this many times its median.

    Source: sinks at the first and last columns of a grid draw up to half of the highest
    attention; a ratio alone does not remove them where they move a little.
    """
    level = clean(neutral)
    sinks = level > times * max(float(np.median(level)), float(np.finfo(np.float32).tiny))
    if not sinks.any() or sinks.all():
        return values
    around = np.where(sinks, np.nan, np.asarray(values, np.float64))
    padded = np.pad(around, 1, constant_values=np.nan)
    rows, cols = values.shape
    shifted = np.stack(
        [padded[dy : dy + rows, dx : dx + cols] for dy in range(3) for dx in range(3)], axis=-1
    )  # (rows, cols, 9)
    known = np.isfinite(shifted)
    totals = np.where(known, shifted, 0).sum(axis=-1)
    means = np.divide(totals, known.sum(axis=-1), out=np.zeros((rows, cols)), where=known.any(-1))
    return np.where(sinks, means, values).astype(np.float32)


def _median(values: NDArray[np.float64], *, otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median of the finite values of each map; `otherwise` where a map has none."""
    flat = values.reshape(*values.shape[:-2], -1)
    known = np.isfinite(flat).sum(axis=-1)
    ordered = np.sort(flat, axis=-1)  # NaN comes last
    low, high = np.maximum(known - 1, 0) // 2, known // 2
    at = [np.take_along_axis(ordered, place[..., None], axis=-1) for place in (low, high)]
    middle = ((at[0] + at[1]) / 2)[..., None]
    return np.where((known > 0)[..., None, None], middle, otherwise)


def _above_median(residual: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where the 7 x 7 median of a residual is above the median of these medians inside.

    A median of 49 values is above a level where at least 25 of them are: so the level is
    found by halving, with counts alone, and no window is ever sorted.
    """
    side = _MEDIAN_SIDE
    border = cv2.BORDER_REFLECT_101 if min(residual.shape) > side // 2 else cv2.BORDER_REPLICATE

    def above(level: float) -> NDArray[np.bool_]:
        higher = (residual > level).astype(np.uint8)
        count = cv2.boxFilter(higher, -1, (side, side), normalize=False, borderType=border)
        return np.asarray(count > side * side // 2)

    levels = np.unique(residual)
    half = int(inside.sum()) // 2
    low, high = 0, levels.size - 1
    while low < high:
        middle = (low + high) // 2
        if np.count_nonzero(above(levels[middle]) & inside) <= half:
            high = middle
        else:
            low = middle + 1
    return above(levels[low])
