"""Ordinary picture files: PNG, JPEG, WebP, GIF, BMP, JPEG 2000, AVIF, PPM."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.frame import Frame, Pixels, Provenance
from inspector_app.imaging.conversion import open_image, orientation_of, upright_from_image
from inspector_app.imaging.resizing import thumbnail
from inspector_app.imaging.source_bytes import SourceBytes, beginning, damaged, read_source

TITLE = "Pictures (PNG, JPEG, WebP, GIF, BMP, JPEG 2000, AVIF, PPM)"

# Pillow knows more formats; some of them start other programs or read other files.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "JPEG2000", "AVIF", "PPM")
_SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"\x00\x00\x00\x0cjP  ",
    b"\xff\x4f\xff\x51",
)
_AVIF = (b"ftypavif", b"ftypavis")


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


def open(locator: str) -> Frame:
    """Decode the first picture in the file.

    Raises:
        UnreadablePicture: missing, damaged, too large, or no picture.
    """
    source = read_source(locator)
    with _decoding(source) as image:
        orientation = orientation_of(image)
        media, count = image.format or "", getattr(image, "n_frames", 1)
        shallow = _lost_depth(source.content, mode=image.mode)
        upright = upright_from_image(image, orientation=orientation)
    notes = (
        *((f"frame 1 of {count}",) if count > 1 else ()),
        *(("16-bit colour shown with 8 bits",) if shallow else ()),
        *upright.notes,
    )
    provenance = Provenance(
        locator,
        source.sha256,
        "JPEG" if media == "MPO" else media,
        window=upright.window,
        orientation=orientation,
        notes=notes,
    )
    return Frame(upright.pixels, provenance, values=upright.values)


def preview(locator: str, *, side: int) -> Pixels:
    """A small upright copy whose longest side is at most `side`.

    A photograph is decoded only as finely as needed, some six times quicker than whole.

    Raises:
        UnreadablePicture: as `open`.
    """
    with _decoding(read_source(locator)) as image:
        image.draft("RGB", (2 * side, 2 * side))
        upright = upright_from_image(image, orientation=orientation_of(image))
    return thumbnail(upright.pixels, longest=side)


@contextmanager
def _decoding(source: SourceBytes) -> Iterator[Image.Image]:
    """The opened picture; whatever a decoder raises meanwhile becomes words for the user."""
    name = source.path.name
    try:
        with warnings.catch_warnings():
            # Odd metadata is common and harmless; broken pixels are an error, not a warning.
            warnings.simplefilter("ignore")
            with open_image(source.content, formats=_FORMATS, name=name) as image:
                yield image
    except InspectorError:
        raise
    except Exception as error:  # decoders raise whatever they like
        raise damaged(name, error) from error


def _lost_depth(content: bytes, *, mode: str) -> bool:
    """Whether this is a PNG with 16 bits a channel of which Pillow keeps 8."""
    is_png = content.startswith(_SIGNATURES[0])
    return is_png and content[24:25] == b"\x10" and not mode.startswith("I")
