"""What a pixel measures, and who says so."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """A scale that somebody vouches for.

    Attributes:
        mm_per_pixel: (x, y) in millimetres, finite and above 0.
        name: Who vouches for it, in words; never empty.
    """

    mm_per_pixel: tuple[float, float]
    name: str

    def __post_init__(self) -> None:
        if not all(math.isfinite(side) and side > 0 for side in self.mm_per_pixel):
            raise ValueError(f"no scale: {self.mm_per_pixel}")
        if not self.name:
            raise ValueError("a calibration needs a name")
