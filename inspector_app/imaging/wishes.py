"""Grey windows by their names: what a person or a preset wishes a model to be shown.

A wish is one of these texts, upper or lower case:

    file            as the picture was opened
    file:2          the second window that the file offers; file:LUNG the one it names so
    auto, full      from the 1st to the 99th of a hundred values; from the lowest to the highest
    lung, bone ...  one of `CT_WINDOWS`
    1500/-600       width and centre, in the unit of the values
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import Curve, Frame, Window
from inspector_app.imaging.grey_tables import grey_of
from inspector_app.imaging.windowing import (
    full_window,
    grey_to_rgb,
    percentile_window,
    through_table,
)

CT_WINDOWS: tuple[tuple[str, float, float], ...] = (
    ("soft tissue", 400.0, 40.0),
    ("lung", 1500.0, -600.0),
    ("liver", 150.0, 90.0),
    ("bone", 2500.0, 480.0),
    ("brain", 80.0, 40.0),
)
"""(name, width, centre) in Hounsfield units. Source: OHIF's defaults."""


def wished_window(wish: str, frame: Frame) -> Window:
    """The window that a wish means on a picture.

    Raises:
        WrongUse: the picture has no values beyond 8 bits, its file offers no such window, or
            the text is no wish.
    """
    if frame.values is None:
        raise WrongUse(
            f'This picture has 8 bits and no grey windows, so "{wish}" cannot be shown.',
            hint="Ask without windows.",
        )
    word, curve = _plain(wish), _curve_of(frame)
    if word == "auto":
        return percentile_window(frame.values, padding=frame.padding, curve=curve)
    if word == "full":
        return full_window(frame.values, padding=frame.padding, curve=curve)
    if word.startswith("file"):
        return _of_file(word.partition(":")[2].strip(), wish, frame)
    for name, width, center in CT_WINDOWS:
        if word == name:
            return Window(center, width, name, curve)
    if (numbers := _numbers(word)) is not None:
        return Window(numbers[1], numbers[0], "by hand", curve)
    raise _unknown(wish)


def wish_of(window: Window) -> str:
    """The text that means a window of this width and centre on any picture."""
    return f"{window.width:.6g}/{window.center:.6g}"


def through(frame: Frame, window: Window) -> Frame:
    """The same picture, its pixels made of its values by another window.

    Args:
        frame: With `values`.
        window: For them.
    """
    if frame.values is None:
        raise ValueError("a picture of 8 bits has no window")
    if window == frame.provenance.window:
        return frame
    values, is_inverted = frame.values, frame.is_inverted

    def mapping(levels: NDArray[np.generic]) -> NDArray[np.uint8]:
        return grey_of(levels, window, is_inverted=is_inverted)

    grey = through_table(values, mapping) if values.dtype.kind in "iu" else mapping(values)
    made_by = replace(frame.provenance, window=window)
    return replace(frame, pixels=grey_to_rgb(grey), provenance=made_by)


def _of_file(named: str, wish: str, frame: Frame) -> Window:
    own = frame.provenance.window or full_window(np.asarray(frame.values))
    offered = frame.windows or (own,)
    if not named:
        return own
    if named.isdecimal() and 1 <= int(named) <= len(offered):
        return offered[int(named) - 1]
    for window in offered:
        if window.name.casefold() == named:
            return window
    names = ", ".join(f"file:{at} ({window.name})" for at, window in enumerate(offered, 1))
    raise WrongUse(f'The file offers no window "{wish}".', hint=f"It offers {names}.")


def _curve_of(frame: Frame) -> Curve:
    """The standard's for scans, exact for others."""
    return "LINEAR" if frame.provenance.media == "DICOM" else "LINEAR_EXACT"


def _plain(wish: str) -> str:
    return " ".join(wish.casefold().split())


def _numbers(word: str) -> tuple[float, float] | None:
    """(width, centre) of "1500/-600", or None."""
    try:
        width, center = (float(part) for part in word.split("/"))
    except ValueError:
        return None
    return (width, center) if width >= 1 and math.isfinite(width + center) else None


def _unknown(wish: str) -> WrongUse:
    names = ", ".join(name for name, *_ in CT_WINDOWS)
    return WrongUse(
        f'"{wish}" is no grey window.',
        hint=f"Use file, auto, full, {names}, or WIDTH/CENTRE such as 1500/-600.",
    )
