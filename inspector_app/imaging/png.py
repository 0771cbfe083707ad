"""Pixels to PNG bytes and back, without loss."""

import zlib
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from inspector_app.domain.frame import Pixels
from inspector_app.files import make_folder, write_whole


def encode_png(pixels: Pixels) -> bytes:
    """(H, W, 3) RGB or (H, W, 4) RGBA uint8 as the bytes of a PNG file."""
    order = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    done, encoded = cv2.imencode(".png", cv2.cvtColor(np.ascontiguousarray(pixels), order))
    if not done:
        raise ValueError(f"pixels of shape {pixels.shape} make no PNG")
    return bytes(encoded)


def write_png(pixels: Pixels, place: Path) -> None:
    """Write pixels as a PNG file, making its folder where there is none.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    make_folder(place.parent)
    write_whole(place, encode_png(pixels))


def with_texts(content: bytes, texts: Mapping[str, str]) -> bytes:
    """A PNG with texts in it, by keyword, before its pixels.

    Args:
        content: Of a PNG file.
        texts: Keywords of 1 to 79 Latin letters, digits and hyphens.

    Source: PNG (third edition), 11.3.3.4 (iTXt).
    """
    # The signature and the header, which always comes first: 8 + 4 + 4 + 13 + 4 bytes.
    head, rest = content[:33], content[33:]
    chunks = b""
    for keyword, text in texts.items():
        body = keyword.encode("latin-1") + bytes(5) + text.encode("utf-8", "replace")
        chunk = b"iTXt" + body
        chunks += len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return head + chunks + rest


def decode_png(content: bytes) -> Pixels:
    """(H, W, 3) RGB uint8 of a PNG that this program wrote.

    Raises:
        ValueError: the bytes are no PNG or are damaged.
    """
    packed = np.frombuffer(content, dtype=np.uint8)
    decoded = cv2.imdecode(packed, cv2.IMREAD_COLOR) if packed.size else None
    if decoded is None:
        raise ValueError("not a PNG")
    pixels: Pixels = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
    return pixels
