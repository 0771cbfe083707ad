"""What a record is made of beside its row: pictures as they are kept, maps, the document."""

import hashlib
import json
import math
from typing import Any

import cv2
import numpy as np

from inspector_app.domain.attention import Map
from inspector_app.domain.document import SCHEMA_VERSION, Document, pixels_sha256
from inspector_app.domain.errors import NewerRecord
from inspector_app.domain.frame import Pixels
from inspector_app.imaging.png import decode_png

EXACT_PIXELS = 16 * 1024 * 1024
"""Pictures of up to this many pixels are kept as they were given to the model."""
REDUCED_PIXELS = 4 * 1024 * 1024
"""Larger ones are kept as a copy of at most this many pixels."""
_LONGEST = 65_500


def within(pixels: Pixels) -> Pixels:
    """The pixels themselves, or a copy averaged down where they are too many to keep."""
    height, width = pixels.shape[:2]
    if width * height <= EXACT_PIXELS and max(width, height) <= _LONGEST:
        return pixels
    share = min(1.0, math.sqrt(REDUCED_PIXELS / (width * height)))
    # A strip stays at least one pixel thin, however long it is.
    size = tuple(min(_LONGEST, max(1, int(side * share))) for side in (width, height))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def read_document(text: str, *, sha256: str, number: int) -> Document:
    """The document of a record, where it is the one that was saved; else a ValueError.

    Raises:
        NewerRecord: a newer version of this program wrote it.
    """
    if hashlib.sha256(text.encode("utf-8")).hexdigest() != sha256:
        raise ValueError("the document is not the one that was saved")
    document: Document = json.loads(text)
    version = document.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise NewerRecord(
            f"Record {number} was written by a newer version of this program.",
            hint="Install the newer version to open it.",
        )
    return document


def read_maps(document: Document, contents: list[bytes]) -> list[Map]:
    """(rows, cols) of each map, where they are those that were saved; else a ValueError."""
    entries: list[dict[str, Any]] = document["maps"]
    maps = []
    for entry, content in zip(entries, contents, strict=True):
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise ValueError("a map is not the one that was saved")
        values = np.frombuffer(content, dtype="<f4").astype(np.float32, copy=True)
        maps.append(values.reshape(entry["grid"]))
    return maps


def read_picture(png: bytes, *, sha256: str) -> Pixels:
    """(h, w, 3) pixels, where they are those that were saved; else a ValueError."""
    pixels = decode_png(png)
    if pixels_sha256(pixels) != sha256:
        raise ValueError("a picture is not the one that was saved")
    return pixels
