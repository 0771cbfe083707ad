"""A grey window as a table of 65,536 entries, so that a dragged window costs one look-up a pixel.

The table holds for values of 8 or 16 bits; floating values go through the formula itself.
"""

import dataclasses
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.frame import GreyTable, Values, Window
from inspector_app.imaging.windowing import (
    exact_window_to_uint8,
    sigmoid_window_to_uint8,
    window_to_uint8,
)

Grey = NDArray[np.uint8]

_NARROWEST = {"LINEAR": 1.0, "LINEAR_EXACT": 1e-6, "SIGMOID": 1e-6, "TABLE": 1.0}


def grey_of(values: Values, window: Window, *, is_inverted: bool = False) -> Grey:
    """Values through a window, worked out value by value.

    Args:
        values: (H, W) or any other shape, of any number type.
        window: With its curve, or its table.
        is_inverted: Whether high values are shown dark.

    Returns:
        The same shape, 0 is black.
    """
    width = max(window.width, _NARROWEST[window.curve])
    if window.curve == "TABLE" and window.table is not None:
        grey = _looked_up(values, window.table)
    elif window.curve == "LINEAR":
        grey = window_to_uint8(values, center=window.center, width=width)
    elif window.curve == "SIGMOID":
        grey = sigmoid_window_to_uint8(values, center=window.center, width=width)
    else:
        grey = exact_window_to_uint8(values, center=window.center, width=width)
    return 255 - grey if is_inverted else grey


def table_of(window: Window, *, dtype: np.dtype[Any], is_inverted: bool = False) -> Grey | None:
    """The window for every value that `dtype` can hold, or None where it holds too many.

    Returns:
        (256,) for uint8, (65536,) for uint16 and int16, in the order of the unsigned number
        with the same bits; None for every other type.
    """
    if dtype == np.uint8:
        levels: NDArray[Any] = np.arange(256, dtype=np.uint8)
    elif dtype == np.uint16:
        levels = np.arange(65536, dtype=np.uint16)
    elif dtype == np.int16:
        levels = np.arange(65536, dtype=np.uint16).view(np.int16)
    else:
        return None
    return grey_of(levels, window, is_inverted=is_inverted)


def through_grey_table(values: Values, table: Grey) -> Grey:
    """Values through a table that `table_of` made for their type.

    Args:
        values: uint8, uint16 or int16, (H, W), or (H, W, 3) for uint8.
        table: Of this type.
    """
    bits = values.view(np.uint16) if values.dtype == np.int16 else values
    return np.asarray(cv2.LUT(bits, table), dtype=np.uint8)


def inverted_table() -> Grey:
    """(256,) that turns light to dark."""
    return np.arange(255, -1, -1, dtype=np.uint8)


def dragged(window: Window, *, dx: float, dy: float, name: str) -> Window:
    """A window after a drag of the mouse: across for the width, down for the centre.

    Both follow the width there is, so that a drag does as much to narrow windows as to wide
    ones. Right widens, down raises the centre.

    Args:
        window: Before.
        dx: Logical screen pixels to the right.
        dy: Logical screen pixels down.
        name: Of the result.
    """
    curve = "LINEAR" if window.curve == "TABLE" else window.curve
    width = max(window.width * float(np.exp(dx / 250)), _NARROWEST[curve])
    center = window.center + dy * window.width / 400
    return dataclasses.replace(
        window, center=center, width=width, name=name, curve=curve, table=None
    )


def _looked_up(values: Values, table: GreyTable) -> Grey:
    """Source: DICOM PS3.3 C.11.2.1.1."""
    entries = np.asarray(table.entries, np.float64) * 255 / max(table.most, 1)
    grey = np.clip(np.rint(entries), 0, 255).astype(np.uint8)
    at = np.nan_to_num(np.asarray(values, np.float64), nan=float(table.first)) - table.first
    return np.asarray(grey[np.clip(np.rint(at), 0, len(grey) - 1).astype(np.intp)])
