"""Any Pillow picture to one upright RGB grid, with its deep values where it has them."""

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector_app.domain.frame import Pixels, Values, Window
from inspector_app.imaging.colours import managed
from inspector_app.imaging.source_bytes import MOST_PIXELS, check_pixels, too_many_pixels
from inspector_app.imaging.windowing import automatic_window, grey_to_rgb, shown

# Pillow refuses at twice its own limit, below ours, before we can see the size.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_CLEAR = {"RGBA", "LA", "PA", "La", "RGBa"}
_ORIENTATION_TAG = 0x0112


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A decoded picture as a Frame wants it.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        values: (H, W) deep values, or None where the picture was 8-bit.
        window: How values became pixels, or None.
        notes: Facts a reader must know.
    """

    pixels: Pixels
    values: Values | None = None
    window: Window | None = None
    notes: tuple[str, ...] = ()


def open_image(content: bytes | BinaryIO, *, formats: tuple[str, ...], name: str) -> Image.Image:
    """Read a picture's header; its pixels are decoded later.

    Args:
        content: A file's bytes, or the open file.
        formats: Names of the Pillow formats that are tried, no other.
        name: Of the file, for the user.

    Raises:
        UnreadablePicture: more pixels than this program opens.
        Exception: whatever Pillow raises for bytes it cannot read.
    """
    try:
        with warnings.catch_warnings():
            # Above the limit Pillow warns first; here that is an error with its own words.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file = io.BytesIO(content) if isinstance(content, bytes) else content
            image = Image.open(file, formats=formats)
    except Image.DecompressionBombError as error:
        raise too_many_pixels(name) from error
    check_pixels(image.size, name=name)
    return image


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1..8; 1 where there is none or it makes no sense."""
    found = image.getexif().get(_ORIENTATION_TAG, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def upright_from_image(image: Image.Image, *, orientation: int) -> Upright:
    """Decode, turn upright and bring to sRGB.

    Palettes, grey, 1-bit, CMYK, YCbCr, CIELAB and embedded profiles become RGB. What is
    transparent is laid over white. Grey with more than 8 bits keeps its values and goes
    through a window.
    """
    image.load()
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return upright_from_values(turned(np.asarray(image), orientation))
    image, notes = managed(image)
    if image.mode in _CLEAR or "transparency" in image.info:
        image, notes = _over_white(image.convert("RGBA"), notes=notes)
    if image.mode in {"1", "L"}:
        return upright_from_shallow(np.asarray(image.convert("L")), orientation, notes=notes)
    colour = image if image.mode == "RGB" else image.convert("RGB")
    return upright_from_shallow(np.asarray(colour), orientation, notes=notes)


def upright_from_shallow(
    decoded: NDArray[np.uint8], orientation: int, *, notes: tuple[str, ...] = ()
) -> Upright:
    """8-bit (H, W) grey or (H, W, 3) sRGB that only has to be turned."""
    upright = turned(decoded, orientation)
    return Upright(grey_to_rgb(upright) if upright.ndim == 2 else upright, notes=notes)


def upright_from_values(values: Values) -> Upright:
    """Deep grey values to pixels through an automatic window.

    Args:
        values: (H, W), whole or floating numbers of any width; NaN is shown black.
    """
    kept = compact(values)
    if kept.dtype == np.uint8:
        return Upright(grey_to_rgb(kept))
    window = automatic_window(kept)
    return Upright(grey_to_rgb(shown(kept, window)), kept, window)


def compact(values: Values) -> Values:
    """The same numbers as uint8, uint16, int16 or float32, whichever holds them first."""
    if values.dtype.kind == "b":
        return values.astype(np.uint8) * np.uint8(255)
    # Byte order of the file is not that of the machine.
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    if native.dtype == np.uint8:
        return native
    if native.dtype.kind in "iu":
        low, high = int(native.min()), int(native.max())
        for fitting in (np.uint16, np.int16):
            if np.iinfo(fitting).min <= low and high <= np.iinfo(fitting).max:
                return native.astype(fitting, copy=False)
    return native.astype(np.float32, copy=False)


def turned(array: Values, orientation: int) -> Values:
    """(H, W, ...) array turned upright as EXIF orientation 1..8 asks.

    Source: EXIF 2.32, tag 0x0112.
    """
    if orientation >= 5:
        array = array.swapaxes(0, 1)
    if orientation in {2, 3, 6, 7}:
        array = array[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        array = array[::-1]
    return np.ascontiguousarray(array)


def _over_white(
    image: Image.Image, *, notes: tuple[str, ...]
) -> tuple[Image.Image, tuple[str, ...]]:
    if image.getchannel("A").getextrema() != (255, 255):
        notes = (*notes, "transparent parts are shown white")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB"), notes
