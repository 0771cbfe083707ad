"""Pixels to PNG bytes and back, without loss."""

import cv2
import numpy as np

from inspector_app.domain.frame import Pixels


def encode_png(pixels: Pixels) -> bytes:
    """(H, W, 3) RGB or (H, W, 4) RGBA uint8 as the bytes of a PNG file."""
    order = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    done, encoded = cv2.imencode(".png", cv2.cvtColor(np.ascontiguousarray(pixels), order))
    if not done:
        raise ValueError(f"pixels of shape {pixels.shape} make no PNG")
    return bytes(encoded)


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
