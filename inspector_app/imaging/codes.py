"""Codes in a picture: what they say and where they stand. Read by ZXing-C++ (Apache 2.0).

Kinds whose reader accepts nearly any stripes (ITF, Codabar, Telepen) are left out: scratches and
grids would be read as numbers, and a serial number is never guessed.
"""

from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat as Kind

from inspector_app.domain.code import Code

_SQUARE = (Kind.DataMatrix, Kind.QRCode, Kind.MicroQRCode, Kind.Aztec)
_OTHERS = (
    Kind.RMQRCode,
    Kind.PDF417,
    Kind.Code128,
    Kind.Code39,
    Kind.Code93,
    Kind.EAN13,
    Kind.EAN8,
    Kind.UPCA,
    Kind.UPCE,
)


def read_codes(pixels: NDArray[np.uint8], *, only_square: bool = False) -> tuple[Code, ...]:
    """Every code that can be read: turned, small, or light on dark; from the top down.

    Args:
        pixels: (H, W, 3) RGB, or (H, W) grey.
        only_square: Leave out all but DataMatrix, QR and Aztec codes.

    Returns:
        With corners that are right to about a pixel.
    """
    grey: NDArray[Any] = (
        cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else np.asarray(pixels)
    )
    kinds = _SQUARE if only_square else (*_SQUARE, *_OTHERS)
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey), formats=zxingcpp.BarcodeFormats(list(kinds))
    )
    codes = [_code(one) for one in found if one.valid and one.text.strip()]
    return tuple(sorted(codes, key=lambda code: (code.corners[0][1], code.corners[0][0])))


def _code(found: zxingcpp.Barcode) -> Code:
    at = found.position
    first, second, third, fourth = (
        (float(corner.x), float(corner.y))
        for corner in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    )
    return Code(found.text, found.format.name, (first, second, third, fourth))
