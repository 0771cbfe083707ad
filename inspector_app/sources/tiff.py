"""TIFF files of any depth: 8-bit colour, 16-bit and floating grey."""

import io
import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import tifffile
from PIL import Image

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.frame import Frame, Provenance, Values
from inspector_app.domain.locator import split
from inspector_app.imaging.conversion import (
    Upright,
    open_image,
    turned,
    upright_from_image,
    upright_from_values,
)
from inspector_app.imaging.source_bytes import (
    beginning,
    check_number,
    check_pixels,
    damaged,
    opened_source,
    read_source,
)
from inspector_app.imaging.windowing import automatic_window, shown

TITLE = "TIFF (8-bit, 16-bit, 32-bit, floating point, several pages)"

# What a damaged file makes it say goes to the program's log, not to the user's terminal.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

_SIGNATURES = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_ORIENTATION_TAG = 274
_PROFILE_TAG = 34675
_MINISWHITE = 0
_NO_PAGE = 1 | 4
"""Bits of NewSubfileType: a smaller copy, a mask. Source: TIFF 6.0, page 36."""
_MOST_PAGES = 10_000
_KNOWN_COLOURS = {
    tifffile.PHOTOMETRIC.MINISWHITE,
    tifffile.PHOTOMETRIC.MINISBLACK,
    tifffile.PHOTOMETRIC.RGB,
    tifffile.PHOTOMETRIC.PALETTE,
    tifffile.PHOTOMETRIC.SEPARATED,
    tifffile.PHOTOMETRIC.YCBCR,
}


def accepts(locator: str) -> bool:
    """Whether the file begins like a TIFF or BigTIFF."""
    return beginning(locator, length=4).startswith(_SIGNATURES)


def count(locator: str) -> int:
    """How many pages the file holds; smaller copies of pages are not counted.

    Raises:
        UnreadablePicture: as `open`.
    """
    with opened_source(locator) as opened, _reading(opened, locator=locator) as file:
        return max(1, len(_pages(file)))


def open(locator: str) -> Frame:
    """Decode one page.

    Raises:
        UnreadablePicture: missing, damaged, too large, or no such page.
    """
    source = read_source(locator)
    name, number = source.path.name, split(locator)[1] or 1
    with _reading(io.BytesIO(source.content), locator=locator) as file:
        at, held = 0, 1
        if number > 1 or len(file.pages) > 1:
            pages = _pages(file)
            held = len(pages)
            check_number(number, held=held, name=name)
            at = pages[number - 1]
        page = file.pages[at]
        if not isinstance(page, tifffile.TiffPage):
            raise ValueError("a page without tags")
        check_pixels((page.imagewidth, page.imagelength), name=name)
        _check_segments(page, length=len(source.content))
        tag = page.tags.get(_ORIENTATION_TAG)
        orientation = int(tag.value) if tag is not None and 1 <= int(tag.value) <= 8 else 1
        if page.dtype in {np.dtype(np.uint8), np.dtype(np.bool_)}:
            upright = _shallow(source.content, page, at=at, orientation=orientation)
        else:
            upright = _deep(page, orientation=orientation)
    provenance = Provenance(
        locator,
        source.sha256,
        "TIFF",
        window=upright.window,
        orientation=orientation,
        notes=(*((f"page {number} of {held}",) if held > 1 else ()), *upright.notes),
    )
    return Frame(
        upright.pixels,
        provenance,
        values=upright.values,
        is_inverted=upright.values is not None and page.photometric == _MINISWHITE,
    )


@contextmanager
def _reading(opened: BinaryIO, *, locator: str) -> Iterator[tifffile.TiffFile]:
    """The opened file; whatever a decoder raises meanwhile becomes words for the user."""
    try:
        with warnings.catch_warnings(), tifffile.TiffFile(opened) as file:
            # Odd tags are common and harmless; what matters is checked here.
            warnings.simplefilter("ignore")
            yield file
    except InspectorError:
        raise
    except Exception as error:  # decoders raise whatever they like
        raise damaged(Path(split(locator)[0]).name, error) from error


def _pages(file: tifffile.TiffFile) -> list[int]:
    """Which of the file's directories are pages, not smaller copies or masks of such."""
    count = min(len(file.pages), _MOST_PAGES)
    kept = []
    for at in range(count):
        page = file.pages[at]
        if isinstance(page, tifffile.TiffPage) and int(page.subfiletype) & _NO_PAGE == 0:
            kept.append(at)
    return kept or [0]


def _check_segments(page: tifffile.TiffPage, *, length: int) -> None:
    """Refuse a page of which parts are missing: they would be shown black."""
    if len(page.dataoffsets) < math.prod(page.chunked):
        raise ValueError("strips or tiles are missing")
    ends = (at + count for at, count in zip(page.dataoffsets, page.databytecounts, strict=True))
    if max(ends) > length:
        raise ValueError("the file ends before its picture does")


def _shallow(content: bytes, page: tifffile.TiffPage, *, at: int, orientation: int) -> Upright:
    """Pillow knows every palette and colour space; what it cannot unpack, tifffile may."""
    try:
        with open_image(content, formats=("TIFF",), name="") as image:
            image.seek(at)
            # Loading a TIFF turns it upright already.
            return upright_from_image(image, orientation=1)
    except Exception:  # noqa: BLE001  decoders raise whatever they like
        return _deep(page, orientation=orientation)


def _deep(page: tifffile.TiffPage, *, orientation: int) -> Upright:
    """Grey with its values, or colour narrowed to 8 bits."""
    values = turned(_decoded(page), orientation)
    if page.photometric == tifffile.PHOTOMETRIC.PALETTE and page.colormap is not None:
        colours = np.moveaxis(page.colormap, 0, -1)  # (levels, 3) of 16 bits
        return Upright(np.rint(colours[values] / 257).astype(np.uint8))
    if page.photometric == tifffile.PHOTOMETRIC.SEPARATED:
        return _deep_inks(page, values)
    if values.ndim == 3:
        return _deep_colour(values, has_alpha=1 in page.extrasamples or 2 in page.extrasamples)
    return _deep_grey(page, values)


def _decoded(page: tifffile.TiffPage) -> Values:
    """(H, W) or (H, W, channels) as stored."""
    if page.imagedepth > 1:
        raise ValueError("a volume, not a picture")
    if page.photometric not in _KNOWN_COLOURS:
        raise ValueError(f"colours of kind {page.photometric}")
    values = np.asarray(page.asarray())
    if values.ndim == 3 and page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
        values = np.moveaxis(values, 0, -1)
    if values.ndim == 3 and values.shape[2] < 3:
        values = values[:, :, 0]
    if values.ndim not in {2, 3} or values.dtype.kind not in "biuf":
        raise ValueError(f"no picture: {values.shape} of {values.dtype}")
    return values


def _deep_grey(page: tifffile.TiffPage, values: Values) -> Upright:
    upright = upright_from_values(values)
    kept, notes = upright.values, upright.notes
    is_narrowed = kept is not None and kept.dtype == np.float32 and values.dtype.kind != "f"
    if is_narrowed and bool(np.any(kept != values)):
        notes = (*notes, f"{8 * values.dtype.itemsize}-bit values kept to 24 bits")
    if page.photometric == _MINISWHITE:
        return Upright(255 - upright.pixels, kept, upright.window, (*notes, "0 is shown white"))
    return replace(upright, notes=notes)


def _deep_inks(page: tifffile.TiffPage, values: Values) -> Upright:
    """(H, W, 4) cyan, magenta, yellow and black of any depth."""
    if values.ndim != 3 or values.shape[2] < 4 or values.dtype.kind != "u":
        raise ValueError("inks other than the usual four")
    most = np.iinfo(values.dtype).max
    narrow = np.rint(values[:, :, :4].astype(np.float32) * (255 / most)).astype(np.uint8)
    height, width = narrow.shape[:2]
    image = Image.frombytes("CMYK", (width, height), np.ascontiguousarray(narrow).tobytes())
    profile = page.tags.get(_PROFILE_TAG)
    if profile is not None:
        image.info["icc_profile"] = bytes(profile.value)
    upright = upright_from_image(image, orientation=1)
    return Upright(upright.pixels, notes=(_narrowed(values), *upright.notes))


def _deep_colour(values: Values, *, has_alpha: bool) -> Upright:
    """(H, W, 3 or more) of any depth through one window for all channels."""
    colour = values[:, :, :3]
    notes: tuple[str, ...] = ()
    if colour.dtype == np.uint8:
        pixels, window = np.ascontiguousarray(colour), None
    else:
        native = colour.astype(colour.dtype.newbyteorder("="), copy=False)
        window = automatic_window(native)
        flat = shown(np.ascontiguousarray(native).reshape(native.shape[0], -1), window)
        pixels, notes = flat.reshape(native.shape), (_narrowed(values),)
    if has_alpha and values.shape[2] == 4 and values.dtype.kind == "u":
        clear = 1 - values[:, :, 3:].astype(np.float32) / np.iinfo(values.dtype).max
        if clear.any():
            pixels = np.rint(pixels + (255.0 - pixels) * clear).astype(np.uint8)
            notes = (*notes, "transparent parts are shown white")
    return Upright(pixels, window=window, notes=notes)


def _narrowed(values: Values) -> str:
    return f"{8 * values.dtype.itemsize}-bit colour shown with 8 bits"
