"""Smaller copies of a big picture, so that a screen never scales more than it shows."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SMALLEST = 512
"""No level is made whose longest side would be below this."""


def pyramid(pixels: NDArray[Any], *, smallest: int = SMALLEST) -> list[NDArray[Any]]:
    """Halve a picture again and again, each time by the mean of 2 x 2 pixels.

    Args:
        pixels: (H, W, 3) uint8, or (H, W) uint8, uint16, int16 or float32.
        smallest: Stop before the longest side falls below this.

    Returns:
        Levels from full size (the very same array) to small; level n is (ceil(H / 2^n),
        ceil(W / 2^n), ...) of the same type with sides of at least 1.
    """
    levels = [pixels]
    while max(levels[-1].shape[:2]) >= 2 * smallest:
        height, width = levels[-1].shape[:2]
        size = ((width + 1) // 2, (height + 1) // 2)
        halved = cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA)
        levels.append(np.ascontiguousarray(halved, dtype=pixels.dtype))
    return levels


def resampled(pixels: NDArray[Any], *, size: tuple[int, int]) -> NDArray[Any]:
    """A level in exactly the pixels of the screen; a level is never reduced below its half.

    Args:
        pixels: (H, W) or (H, W, 3) of any type that `pyramid` takes.
        size: (width, height).
    """
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR))


def to_screen(pixels: NDArray[np.uint8], *, out: NDArray[np.uint8]) -> None:
    """Write RGB or grey as screens hold it.

    Args:
        pixels: (H, W, 3) RGB or (H, W) grey.
        out: (H, W, 4) to be filled with blue, green, red, 255.
    """
    code = cv2.COLOR_GRAY2BGRA if pixels.ndim == 2 else cv2.COLOR_RGB2BGRA
    cv2.cvtColor(pixels, code, dst=out)


def single_channel(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """The one channel of a grey picture whose three channels are the same memory, or None.

    Args:
        pixels: (H, W, 3); `windowing.grey_to_rgb` makes such pictures.

    Returns:
        (H, W), the very same memory.
    """
    if pixels.strides[2] == 0:
        return pixels[:, :, 0]
    return None
