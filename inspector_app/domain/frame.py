"""A picture as shown to people and models, and where it came from."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region

Pixels = NDArray[np.uint8]
Values = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Window:
    """The grey window that turned stored values into 8-bit pixels.

    Attributes:
        center: In the unit of the values (HU for CT).
        width: At least 1 for integer values, above 0 else.
        name: Where it came from: "file", "full range", "1-99 %", or a preset's name.
    """

    center: float
    width: float
    name: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a Frame came from, for the record.

    Attributes:
        locator: What the user opened: a path or a device address.
        sha256: Of the source's bytes, lower-case hex.
        media: Short name of the format, such as "PNG", "TIFF", "DICOM".
        window: How values became pixels; None where the source was 8-bit.
        orientation: The EXIF orientation (1..8) that was applied; 1 is upright.
        notes: Facts a reader must know: "lossy compressed", "page 1 of 3", ...
    """

    locator: str
    sha256: str
    media: str
    window: Window | None = None
    orientation: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One upright pixel grid; every box, map and crop is stored in its coordinates.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, read-only.
        provenance: Where it came from.
        values: (H, W) untouched source values (uint16, int16, float32) or None.
        mm_per_pixel: (x, y) in millimetres, or None where no valid calibration exists.
    """

    pixels: Pixels
    provenance: Provenance
    values: Values | None = field(default=None)
    mm_per_pixel: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(f"pixels must be (H, W, 3) uint8, got {self.pixels.shape}")
        if not self.pixels.size:
            raise ValueError("a frame needs at least one pixel")
        if self.values is not None and self.values.shape != self.pixels.shape[:2]:
            raise ValueError("values and pixels must have the same height and width")
        for array in (self.pixels, self.values):
            if array is not None:
                array.flags.writeable = False

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.width, self.height

    @property
    def region(self) -> Region:
        """All of it."""
        return Region.whole(self.size)

    def cut(self, region: Region) -> Pixels:
        """The pixels inside `region`, (h, w, 3) uint8, untouched.

        Raises:
            ValueError: `region` reaches outside the frame.
        """
        if region.clipped(self.size) != region:
            raise ValueError(f"{region.box} reaches outside a frame of {self.size}")
        return self.pixels[region.y0 : region.y1, region.x0 : region.x1]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One picture exactly as it is given to a model's processor.

    Attributes:
        pixels: (h, w, 3) uint8 RGB; the region's own pixels, or these resampled.
        region: What of the Frame it shows.
    """

    pixels: Pixels
    region: Region

    @classmethod
    def of(cls, frame: Frame, region: Region | None = None) -> "View":
        """The untouched pixels of `region` (of all the frame when None)."""
        shown = region or frame.region
        return cls(frame.cut(shown), shown)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the pixels given to the processor."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])
