"""A picture as shown to people and models, and where it came from."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region
from inspector_app.domain.scan import Scan
from inspector_app.domain.stamp import FileStamp

Pixels = NDArray[np.uint8]
Values = NDArray[Any]
Curve = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID", "TABLE"]
"""How a window maps values to grey. Source: DICOM PS3.3 C.11.2."""


@dataclass(frozen=True, slots=True)
class GreyTable:
    """A table in the file that maps whole values to grey.

    Attributes:
        first: The value that the first entry stands for; lower ones get that entry too.
        most: The entry that is shown white.
        entries: Grey per value from `first` on; higher values get the last entry.
    """

    first: int
    most: int
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The grey window that turned stored values into 8-bit pixels.

    Attributes:
        center: In the unit of the values (HU for CT).
        width: At least 1 for integer values, above 0 else.
        name: Where it came from: "file", "full range", "1-99 %", a preset's name, or the
            file's own explanation ("LUNG").
        curve: Which formula; automatic windows are exact.
        table: What "TABLE" looks up; `center` and `width` then only say what it spans.
    """

    center: float
    width: float
    name: str
    curve: Curve = "LINEAR_EXACT"
    table: GreyTable | None = None


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
        camera: Address of the camera that took it, without password; "" where none did.
        taken: When it did, ISO 8601; "" where none did.
    """

    locator: str
    sha256: str
    media: str
    window: Window | None = None
    orientation: int = 1
    notes: tuple[str, ...] = ()
    camera: str = ""
    taken: str = ""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Frame:
    """One upright pixel grid; every box, map and crop is stored in its coordinates.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, read-only.
        provenance: Where it came from.
        values: (H, W) untouched source values (uint16, int16, float32) or None.
        mm_per_pixel: (x, y) in millimetres, or None where no valid calibration exists.
        calibration: Who vouches for `mm_per_pixel`, in words; "" where that is None.
        windows: All that the file offers, the first of them shown; empty where it has none.
        is_inverted: Whether high `values` are shown dark (after the window).
        padding: (lowest, highest) of `values` that are no part of the picture, or None.
        unit: Of the values: "HU", ...; "" where unknown.
        scan: What a medical file says around the picture, or None.
        stamp: In which state its file was, asked before it was read; None where nobody asked.
    """

    pixels: Pixels
    provenance: Provenance
    values: Values | None = field(default=None)
    mm_per_pixel: tuple[float, float] | None = None
    calibration: str = ""
    windows: tuple[Window, ...] = ()
    is_inverted: bool = False
    padding: tuple[float, float] | None = None
    unit: str = ""
    scan: Scan | None = None
    stamp: FileStamp | None = None

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
        window: The grey window it is shown through, where several are sent; else None.
    """

    pixels: Pixels
    region: Region
    window: Window | None = None

    @classmethod
    def of(cls, frame: Frame, region: Region | None = None) -> "View":
        """The untouched pixels of `region` (of all the frame when None)."""
        shown = region or frame.region
        return cls(frame.cut(shown), shown)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the pixels given to the processor."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])
