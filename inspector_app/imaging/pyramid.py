"""Smaller copies of a big picture, so that a screen never scales more than it shows."""

import cv2
import numpy as np
from numpy.typing import NDArray

SMALLEST = 512
"""No level is made whose longest side would be below this."""


def pyramid(pixels: NDArray[np.uint8], *, smallest: int = SMALLEST) -> list[NDArray[np.uint8]]:
    """Halve a picture again and again, each time by the mean of 2 x 2 pixels.

    Args:
        pixels: (H, W, 3) uint8.
        smallest: Stop before the longest side falls below this.

    Returns:
        Levels from full size (the very same array) to small; level n is (ceil(H / 2^n),
        ceil(W / 2^n), 3) uint8 with sides of at least 1.
    """
    levels = [pixels]
    while max(levels[-1].shape[:2]) >= 2 * smallest:
        height, width = levels[-1].shape[:2]
        size = ((width + 1) // 2, (height + 1) // 2)
        halved = cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA)
        levels.append(np.ascontiguousarray(halved, dtype=np.uint8))
    return levels
