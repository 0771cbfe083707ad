"""Stored values to 8-bit grey: the windows of DICOM, and automatic ones."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.frame import Curve, Pixels, Values, Window

Grey = NDArray[np.uint8]
Levels = Callable[[NDArray[Any]], NDArray[Any]]
_TABLE_LIMIT = 1 << 20
"""Longest look-up table; values that spread wider are mapped one by one."""
_WORTH_A_FULL_TABLE = 1 << 18
"""From this many 16-bit values on, a table of all levels is cheaper than a search of theirs."""
_STRIP = 1 << 20
"""About so many values are mapped at a time."""
_SHARE_OF_RANGE = 0.25
"""Below this part of a range used by 98 % of the pixels, the range is narrowed."""


def window_to_uint8(values: Values, *, center: float, width: float) -> Grey:
    """Map the values inside a DICOM window to 0..255 and clip the rest.

    Args:
        values: (H, W) rescaled values, in the unit of `center` (HU for CT).
        center: Window Center (0028,1050).
        width: Window Width (0028,1051), at least 1.

    Returns:
        (H, W), 0 is black. What is not a number becomes black.

    Raises:
        ValueError: `width` is below 1.

    Source: DICOM PS3.3 C.11.2.1.2.1 (LINEAR).
    """
    if not width >= 1:
        raise ValueError(f"a linear window is at least 1 wide, not {width}")
    if width == 1:
        return _by_strips(values, lambda strip: (strip > center - 0.5).astype(np.float64))
    # The standard centres the window between two values: hence the 0.5 and the -1.
    return _by_strips(values, lambda strip: (strip - (center - 0.5)) / (width - 1) + 0.5)


def exact_window_to_uint8(values: Values, *, center: float, width: float) -> Grey:
    """Map `center - width / 2` to 0 and `center + width / 2` to 255; clip the rest.

    Raises:
        ValueError: `width` is not above 0.

    Source: DICOM PS3.3 C.11.2.1.3.2 (LINEAR_EXACT).
    """
    if not width > 0:
        raise ValueError(f"an exact window is wider than 0, not {width}")
    return _by_strips(values, lambda strip: (strip - center) / width + 0.5)


def sigmoid_window_to_uint8(values: Values, *, center: float, width: float) -> Grey:
    """Map all values to 0..255 on an S-curve that is steepest at `center`.

    Raises:
        ValueError: `width` is not above 0.

    Source: DICOM PS3.3 C.11.2.1.3.1 (SIGMOID).
    """
    if not width > 0:
        raise ValueError(f"a sigmoid window is wider than 0, not {width}")
    # Beyond +-700 the exponential leaves float64; the curve has long been flat there.
    return _by_strips(
        values,
        lambda strip: 1 / (1 + np.exp(np.clip(-4 * (strip - center) / width, -700, 700))),
    )


def automatic_window(values: Values) -> Window:
    """A window for values that come without one.

    The full range of the type where the picture makes use of it (as any viewer shows a
    16-bit PNG), else the range from the lowest to the highest value, else, where a few
    extreme pixels stretch that range, the 1st to 99th percentile.

    Args:
        values: (H, W) of any number type; what is not finite is left out.
    """
    known = values[np.isfinite(values)] if values.dtype.kind == "f" else values.reshape(-1)
    if not known.size:
        return Window(0.5, 1.0, "full range")
    low, high = float(known.min()), float(known.max())
    # A sample is enough: percentiles of every pixel of a large picture take seconds.
    sample = known.reshape(-1)[:: max(1, known.size // 1_000_000)]
    first, last = (float(edge) for edge in np.percentile(sample, [1, 99]))
    if values.dtype == np.uint16 and last - first >= _SHARE_OF_RANGE * 65535:
        return _between(0.0, 65535.0, name="full range")
    if last > first and last - first < _SHARE_OF_RANGE * (high - low):
        return _between(first, last, name="1-99 %")
    return _between(low, high, name="full range")


def percentile_window(
    values: Values, *, padding: tuple[float, float] | None = None, curve: Curve = "LINEAR_EXACT"
) -> Window:
    """From the 1st to the 99th percentile of about a quarter of a million values.

    Args:
        values: (H, W) of any number type; what is not finite is left out.
        padding: (lowest, highest) of values that are no part of the picture, or None.
        curve: Of the window.
    """
    step = max(1, int((values.size / 250_000) ** 0.5))
    known = _of_picture(values[::step, ::step], padding=padding)
    first, last = (float(edge) for edge in np.percentile(known, [1, 99]))
    if last <= first:
        return full_window(values, padding=padding, curve=curve)
    return replace(_between(first, last, name="1-99 %"), curve=curve)


def full_window(
    values: Values, *, padding: tuple[float, float] | None = None, curve: Curve = "LINEAR_EXACT"
) -> Window:
    """From the lowest to the highest value, `padding` left out; arguments as above."""
    known = values
    if padding is not None or values.dtype.kind == "f":
        known = _of_picture(values, padding=padding)
    return replace(_between(float(known.min()), float(known.max()), name="full range"), curve=curve)


def _of_picture(values: Values, *, padding: tuple[float, float] | None) -> NDArray[Any]:
    """The finite values that are part of the picture, flat; a zero where there are none."""
    known = values.reshape(-1)
    if known.dtype.kind == "f":
        known = known[np.isfinite(known)]
    if padding is not None:
        known = known[(known < padding[0]) | (known > padding[1])]
    return known if known.size else np.zeros(1, np.float32)


def shown(values: Values, window: Window) -> Grey:
    """(H, W) 8-bit grey of `values` through an automatic window, exact to rounding.

    Whole numbers go through a table of all their levels, so that 16-bit pictures of any
    size are mapped in one pass.
    """
    if values.dtype.kind not in "iu":
        return exact_window_to_uint8(values, center=window.center, width=window.width)

    def mapping(levels: NDArray[Any]) -> Grey:
        return exact_window_to_uint8(levels, center=window.center, width=window.width)

    if values.dtype == np.uint16 and values.size >= _WORTH_A_FULL_TABLE and values.ndim == 2:
        # OpenCV looks 16 bits up without an index array, which would be 8 bytes a pixel.
        return np.asarray(cv2.LUT(values, mapping(np.arange(1 << 16, dtype=np.uint16))))
    return through_table(values, mapping)


def through_table(values: Values, mapping: Levels) -> NDArray[Any]:
    """`mapping(values)`, worked out once per level where values are whole numbers.

    Args:
        values: (H, W) of whole numbers.
        mapping: Works element by element on an array of the same type.
    """
    low, high = int(values.min()), int(values.max())
    if high - low >= min(_TABLE_LIMIT, values.size):
        return mapping(values)
    table = mapping(np.arange(low, high + 1, dtype=np.int64).astype(values.dtype))
    return np.take(table, np.subtract(values, low, dtype=np.intp))


def grey_to_rgb(grey: Grey) -> Pixels:
    """(H, W) to (H, W, 3) with three equal channels, which share one memory."""
    return np.broadcast_to(grey[:, :, None], (*grey.shape, 3))


def _between(low: float, high: float, *, name: str) -> Window:
    # A picture of one value only is shown mid-grey by any width.
    return Window((low + high) / 2, high - low if high > low else 1.0, name)


def _by_strips(values: Values, share: Levels) -> Grey:
    """`share` of all values as 0..255; at 8 bytes a number, not of all of them at once."""
    grey = np.empty(values.shape, np.uint8)
    rows = max(1, _STRIP // max(1, values[:1].size))
    for at in range(0, len(values), rows):
        strip = np.asarray(values[at : at + rows], np.float64)
        grey[at : at + rows] = _to_uint8(share(strip))
    return grey


def _to_uint8(share: NDArray[np.float64]) -> Grey:
    """0..1 to 0..255, rounded; what is not a number becomes 0."""
    return np.rint(np.clip(np.nan_to_num(share, nan=0.0), 0, 1) * 255).astype(np.uint8)
