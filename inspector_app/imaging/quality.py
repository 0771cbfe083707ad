"""How good a picture is for judging: blur, burnt-out and black parts.

**Blur** is the standard deviation, in pixels, of the Gaussian that would have made the picture's
edges as soft as they are. At an ideal edge blurred by s, the gradient is proportional to 1/s;
blurred once more by r it is proportional to 1/sqrt(s^2 + r^2). So the ratio q of the two
gradients gives s = r / sqrt(q^2 - 1), whatever the edge's height. Source: Zhuo and Sim, "Defocus
map estimation from a single image", Pattern Recognition 44, 2011, equations 3 to 6. Both gradients
are taken after a first smoothing, so that noise weighs less; what it adds is taken off again. Told
is the value that three in ten of the strongest edges exceed, because fine lines look sharper than
they are: a blur of 4 px reads as about 3 on edges and 2 on fine lines; sharp pictures read as 0
to 1, and soft ones by nature (X-rays) as up to 2.2.

**Burnt out** is a pixel of which every channel is at least 250 of 255 (98 %, where cameras draw
their zebra), **black** one of which every channel is at most 5.
"""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.quality import Quality

BURNT, BLACK = 250, 5
_LONGEST = 2048
_FIRST, _MORE = 1.5, 3.0
# An edge counts from this many grey levels a pixel, and this many times the usual gradient.
_STEEP, _ABOVE = 1.5, 4.0
_LEAST_EDGES = 60
_SOFT = 0.3


def measure(pixels: NDArray[np.uint8], *, is_blur_wanted: bool = True) -> Quality:
    """Blur and exposure of a picture.

    Args:
        pixels: (H, W, 3) RGB.
        is_blur_wanted: Whether to take the time for the blur, which is unknown else.
    """
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    lowest = np.minimum(np.minimum(red, green), blue)
    highest = np.maximum(np.maximum(red, green), blue)
    return Quality(
        blur=blur(pixels) if is_blur_wanted else None,
        overexposed=float((lowest >= BURNT).mean()),
        underexposed=float((highest <= BLACK).mean()),
    )


def blur(pixels: NDArray[np.uint8]) -> float | None:
    """Standard deviation of the blur at the picture's strongest edges, in its pixels.

    Args:
        pixels: (H, W, 3) RGB.

    Returns:
        At least 0; None where there are too few edges to tell by.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    shrink: float = min(1.0, _LONGEST / max(grey.shape))
    if shrink < 1:
        size = tuple(max(1, round(side * shrink)) for side in grey.shape[::-1])
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    if min(grey.shape) < 16:
        return None
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _FIRST)
    first = _gradient(smooth)
    second = _gradient(cv2.GaussianBlur(smooth, (0, 0), _MORE))
    # Only the crest of an edge tells: beside it the ratio is another one.
    crest = first >= cv2.dilate(first, np.ones((5, 5), np.uint8))
    floor = max(_STEEP, _ABOVE * float(np.median(first)))
    ratios = first[crest & (first > floor)] / np.maximum(second[crest & (first > floor)], 1e-6)
    if len(ratios) < _LEAST_EDGES * shrink:
        return None
    ratio = float(np.quantile(ratios, _SOFT))
    if ratio <= 1.0:
        return _LONGEST / shrink
    whole = _MORE / math.sqrt(ratio**2 - 1)
    return math.sqrt(max(0.0, whole**2 - _FIRST**2)) / shrink


def _gradient(values: NDArray[Any]) -> NDArray[np.float32]:
    across = cv2.Sobel(values, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(values, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return np.asarray(cv2.magnitude(across, down), np.float32)
