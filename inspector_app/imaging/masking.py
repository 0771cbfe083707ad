"""What a model is shown of a region that is no upright rectangle."""

from collections.abc import Sequence

import numpy as np

from inspector_app.domain.frame import Pixels
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Point, inside

GREY = 128
"""Of what lies outside: between black and white, and near the mean that networks take off."""


def masked(pixels: Pixels, region: Region, *, outline: Sequence[Point]) -> Pixels:
    """The pixels of a region with everything outside of an outline in grey.

    Each pixel is either exactly as it was or grey: nothing is turned or resampled, so that what
    was shown can be checked against the picture. A pixel belongs to the side its middle is on.

    Args:
        pixels: (h, w, 3) of `region`.
        region: Where they lie in the Frame.
        outline: Corners in Frame pixels.
    """
    is_inside = inside(outline, region)
    shown = np.where(is_inside[:, :, None], pixels, np.uint8(GREY))
    shown.flags.writeable = False
    return shown
