"""TIFF files of any depth: 8-bit colour, 16-bit and floating grey."""

import io
import logging
import math
import warnings

import numpy as np
import tifffile

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.frame import Frame, Provenance, Values
from inspector_app.imaging.conversion import (
    Upright,
    open_image,
    turned,
    upright_from_image,
    upright_from_values,
)
from inspector_app.imaging.source_bytes import beginning, check_pixels, damaged, read_source
from inspector_app.imaging.windowing import automatic_window, shown

TITLE = "TIFF (8-bit, 16-bit, floating point)"

# What a damaged file makes it say goes to the program's log, not to the user's terminal.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

_SIGNATURES = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_ORIENTATION_TAG = 274
_MINISWHITE = 0


def accepts(locator: str) -> bool:
    """Whether the file begins like a TIFF or BigTIFF."""
    return beginning(locator, length=4).startswith(_SIGNATURES)


def open(locator: str) -> Frame:
    """Decode the first page.

    Raises:
        UnreadablePicture: missing, damaged, too large, or no picture.
    """
    source = read_source(locator)
    name = source.path.name
    try:
        with warnings.catch_warnings(), tifffile.TiffFile(io.BytesIO(source.content)) as file:
            # Odd tags are common and harmless; what matters is checked here.
            warnings.simplefilter("ignore")
            page = file.pages.first
            check_pixels((page.imagewidth, page.imagelength), name=name)
            _check_segments(page, length=len(source.content))
            tag = page.tags.get(_ORIENTATION_TAG)
            orientation = int(tag.value) if tag is not None and 1 <= int(tag.value) <= 8 else 1
            count = len(file.pages)
            if page.dtype in {np.dtype(np.uint8), np.dtype(np.bool_)}:
                upright = _shallow(source.content, page, orientation=orientation)
            else:
                upright = _deep(page, orientation=orientation)
    except InspectorError:
        raise
    except Exception as error:  # decoders raise whatever they like
        raise damaged(name, error) from error
    provenance = Provenance(
        locator,
        source.sha256,
        "TIFF",
        window=upright.window,
        orientation=orientation,
        notes=(*((f"page 1 of {count}",) if count > 1 else ()), *upright.notes),
    )
    return Frame(upright.pixels, provenance, values=upright.values)


def _check_segments(page: tifffile.TiffPage, *, length: int) -> None:
    """Refuse a page of which parts are missing: they would be shown black."""
    if len(page.dataoffsets) < math.prod(page.chunked):
        raise ValueError("strips or tiles are missing")
    ends = (at + count for at, count in zip(page.dataoffsets, page.databytecounts, strict=True))
    if max(ends) > length:
        raise ValueError("the file ends before its picture does")


def _shallow(content: bytes, page: tifffile.TiffPage, *, orientation: int) -> Upright:
    """Pillow knows every palette and colour space; what it cannot unpack, tifffile may."""
    try:
        with open_image(content, formats=("TIFF",), name="") as image:
            # Loading a TIFF turns it upright already.
            return upright_from_image(image, orientation=1)
    except Exception:  # noqa: BLE001  decoders raise whatever they like
        return _deep(page, orientation=orientation)


def _deep(page: tifffile.TiffPage, *, orientation: int) -> Upright:
    """Grey with its values, or colour narrowed to 8 bits."""
    if page.imagedepth > 1:
        raise ValueError("a volume, not a picture")
    values = np.asarray(page.asarray())
    if values.ndim == 3 and page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
        values = np.moveaxis(values, 0, -1)
    if values.ndim == 3 and values.shape[2] < 3:
        values = values[:, :, 0]
    if values.ndim not in {2, 3} or values.dtype.kind not in "biuf":
        raise ValueError(f"no picture: {values.shape} of {values.dtype}")
    values = turned(values, orientation)
    if values.ndim == 3:
        return _deep_colour(values[:, :, :3])
    upright = upright_from_values(values)
    if page.photometric != _MINISWHITE:
        return upright
    return Upright(255 - upright.pixels, upright.values, upright.window, ("0 is shown white",))


def _deep_colour(values: Values) -> Upright:
    """(H, W, 3) of any depth through one window for all channels."""
    if values.dtype == np.uint8:
        return Upright(np.ascontiguousarray(values))
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    window = automatic_window(native)
    flat = shown(native.reshape(native.shape[0], -1), window)
    note = f"{8 * native.dtype.itemsize}-bit colour shown with 8 bits"
    return Upright(flat.reshape(native.shape), window=window, notes=(note,))
