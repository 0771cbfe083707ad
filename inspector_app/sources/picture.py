"""Ordinary picture files: PNG, JPEG, WebP, GIF, BMP, JPEG 2000, AVIF, PPM."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import numpy as np
from PIL import Image

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.frame import Frame, Pixels, Provenance
from inspector_app.domain.live import CAMERA_KEY, TAKEN_KEY, without_secret
from inspector_app.domain.locator import split
from inspector_app.domain.wording import inert
from inspector_app.imaging.colours import is_screens_own
from inspector_app.imaging.conversion import (
    Upright,
    open_image,
    orientation_of,
    turned,
    upright_from_image,
    upright_from_shallow,
    upright_from_values,
)
from inspector_app.imaging.jpeg import decode_jpeg
from inspector_app.imaging.resizing import thumbnail
from inspector_app.imaging.source_bytes import (
    beginning,
    check_number,
    damaged,
    opened_source,
    read_source,
)

TITLE = "Pictures (PNG, JPEG, WebP, GIF, BMP, JPEG 2000, AVIF, PPM)"

# Pillow knows more formats; some of them start other programs or read other files.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "JPEG2000", "AVIF", "PPM")
_PNG = b"\x89PNG\r\n\x1a\n"
_LONGEST_TEXT = 300
_JPEG = b"\xff\xd8\xff"
_SIGNATURES = (
    _PNG,
    _JPEG,
    b"GIF87a",
    b"GIF89a",
    b"\x00\x00\x00\x0cjP  ",
    b"\xff\x4f\xff\x51",
)
_AVIF = (b"ftypavif", b"ftypavis")
_GREY_AND_ALPHA = 4


def accepts(locator: str) -> bool:
    """Whether the file begins like one of these formats."""
    start = beginning(locator, length=32)
    return (
        start.startswith(_SIGNATURES)
        or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")
        or (start[:2] == b"BM" and start[6:10] == bytes(4))
        or (start[:1] == b"P" and start[1:2] in b"123456" and start[2:3].isspace())
        or start[4:12] in _AVIF
    )


def count(locator: str) -> int:
    """How many frames the file holds (GIF, WebP, PNG, AVIF).

    Raises:
        UnreadablePicture: as `open`.
    """
    if beginning(locator, length=3) == _JPEG:
        return 1
    with opened_source(locator) as file, _decoding(file, locator=locator) as image:
        return _count(image)


def open(locator: str) -> Frame:
    """Decode one picture of the file.

    Raises:
        UnreadablePicture: missing, damaged, too large, or no such picture.
    """
    source = read_source(locator)
    number = split(locator)[1] or 1
    with _decoding(source.content, locator=locator) as image:
        if image.format == "PNG":
            _check_chunks(source.content)
        held = _count(image)
        check_number(number, held=held, name=source.path.name)
        if number > 1:
            image.seek(number - 1)
        orientation = orientation_of(image)
        media = image.format or ""
        upright = _upright(image, source.content, orientation=orientation)
        camera, taken = (_told(image, key) for key in (CAMERA_KEY, TAKEN_KEY))
    notes = (*((f"frame {number} of {held}",) if held > 1 else ()), *upright.notes)
    provenance = Provenance(
        locator,
        source.sha256,
        "JPEG" if media == "MPO" else media,
        window=upright.window,
        orientation=orientation,
        notes=notes,
        camera=without_secret(camera),
        taken=taken,
    )
    return Frame(upright.pixels, provenance, values=upright.values)


def _told(image: Image.Image, key: str) -> str:
    """What a picture that this program kept of a camera says of itself; "" for all others."""
    told = image.info.get(key, "") if image.format == "PNG" else ""
    return inert(str(told), limit=_LONGEST_TEXT)


def preview(locator: str, *, side: int) -> Pixels:
    """A small upright copy whose longest side is at most `side`.

    A photograph is decoded only as finely as needed, some six times quicker than whole.

    Raises:
        UnreadablePicture: as `open`.
    """
    source = read_source(locator)
    number = split(locator)[1] or 1
    with _decoding(source.content, locator=locator) as image:
        if number > 1:
            check_number(number, held=_count(image), name=source.path.name)
            image.seek(number - 1)
        image.draft("RGB", (2 * side, 2 * side))
        upright = upright_from_image(image, orientation=orientation_of(image))
    return thumbnail(upright.pixels, longest=side)


def _check_chunks(content: bytes) -> None:
    """Refuse a PNG of which a chunk claims to be longer than the file.

    Source: PNG (third edition), 5.3.
    """
    at = len(_PNG)
    while at + 8 <= len(content) and content[at + 4 : at + 8] != b"IEND":
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if at > len(content):
            raise ValueError("a chunk reaches beyond the end of the file")


def _count(image: Image.Image) -> int:
    # A second JPEG in the same file is a camera's own business (depth, brightness).
    return 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))


def _upright(image: Image.Image, content: bytes, *, orientation: int) -> Upright:
    """By the quickest decoder that keeps everything."""
    if image.format in {"JPEG", "MPO"} and is_screens_own(image.info.get("icc_profile")):
        quick = decode_jpeg(content, size=image.size)
        if quick is not None:
            return upright_from_shallow(quick, orientation)
    if image.format == "PNG" and content[24:25] == b"\x10" and not image.mode.startswith("I"):
        return _deep_png(image, content, orientation=orientation)
    if image.format == "JPEG2000" and image.mode.startswith("I;16"):
        # Pillow would stretch 10 or 12 bits to 16; these are the values as they are.
        values = np.asarray(imagecodecs.jpeg2k_decode(content))
        if values.shape == image.size[::-1]:
            return upright_from_values(turned(values, orientation))
    return upright_from_image(image, orientation=orientation)


def _deep_png(image: Image.Image, content: bytes, *, orientation: int) -> Upright:
    """16 bits a channel, of which Pillow keeps 8: said, and for grey with alpha mended."""
    upright = upright_from_image(image, orientation=orientation)
    if content[25] != _GREY_AND_ALPHA:
        return Upright(upright.pixels, notes=("16-bit colour shown with 8 bits", *upright.notes))
    decoded = turned(np.asarray(imagecodecs.png_decode(content)), orientation)
    if decoded.ndim != 3 or decoded.shape != (*upright.pixels.shape[:2], 2):
        raise ValueError(f"grey and alpha of shape {decoded.shape}")
    deep = upright_from_values(decoded[:, :, 0])
    clear = 1 - decoded[:, :, 1:].astype(np.float32) / 65535
    pixels = np.rint(deep.pixels + (255.0 - deep.pixels) * clear).astype(np.uint8)
    return Upright(pixels, deep.values, deep.window, upright.notes)


@contextmanager
def _decoding(content: bytes | BinaryIO, *, locator: str) -> Iterator[Image.Image]:
    """The opened picture; whatever a decoder raises meanwhile becomes words for the user."""
    name = Path(split(locator)[0]).name
    try:
        with warnings.catch_warnings():
            # Odd metadata is common and harmless; broken pixels are an error, not a warning.
            warnings.simplefilter("ignore")
            with open_image(content, formats=_FORMATS, name=name) as image:
                yield image
    except InspectorError:
        raise
    except Exception as error:  # decoders raise whatever they like
        raise damaged(name, error) from error
