"""A Frame made ready for the screen: made in the worker thread, painted in the window's."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage

from inspector_app.domain.frame import Frame, Provenance
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import MakeThumbnail, OpenPicture, OpenRecord, Request
from inspector_app.domain.region import Region
from inspector_app.imaging.pyramid import pyramid


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage of its own memory from (h, w, 3) uint8 RGB."""
    packed = np.ascontiguousarray(pixels)
    height, width = packed.shape[:2]
    wrapped = QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)


class Pyramid:
    """A picture in full size and halved sizes, over the memory of the arrays themselves.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        size: (width, height) of the Frame that it shows, where `pixels` are a smaller copy.
    """

    def __init__(self, pixels: NDArray[np.uint8], *, size: tuple[int, int] | None = None) -> None:
        self.size = size or (int(pixels.shape[1]), int(pixels.shape[0]))
        # The arrays are kept because the images only point into them.
        self._arrays = [np.ascontiguousarray(level) for level in pyramid(pixels)]
        self._images = [
            QImage(
                level.data,
                level.shape[1],
                level.shape[0],
                3 * level.shape[1],
                QImage.Format.Format_RGB888,
            )
            for level in self._arrays
        ]

    @property
    def last(self) -> int:
        """The smallest level."""
        return len(self._images) - 1

    @property
    def nbytes(self) -> int:
        """Memory that all levels take."""
        return sum(level.nbytes for level in self._arrays)

    def level_for(self, scale: float) -> int:
        """The level that is drawn at `scale` device pixels per Frame pixel."""
        scale *= self.size[0] / self._images[0].width()
        if scale >= 1.0 or scale <= 0.0:
            return 0
        return min(int(math.log2(1.0 / scale)), len(self._images) - 1)

    def piece(self, level: int, box: QRect) -> QImage:
        """What `box` (in the level's own pixels) shows, ready for the screen."""
        return self._images[level].copy(box).convertToFormat(QImage.Format.Format_RGB32)

    def extent(self, level: int) -> QRect:
        """The level's whole box in its own pixels."""
        return self._images[level].rect()

    def portrait(self, region: Region, *, side: int) -> QImage:
        """A region as a small picture whose longest side is `side` pixels."""
        scale = side / max(region.size)
        level = self.level_for(scale)
        full_width, full_height = self.size
        own = self.extent(level)
        across, down = own.width() / full_width, own.height() / full_height
        box = QRectF(
            region.x0 * across,
            region.y0 * down,
            max(region.width * across, 1.0),
            max(region.height * down, 1.0),
        ).toAlignedRect()
        width = max(1, round(region.width * scale))
        height = max(1, round(region.height * scale))
        return self.piece(level, box.intersected(own)).scaled(
            width,
            height,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the canvas shows: an open Frame, or the copy that a record kept.

    Attributes:
        locator: What was asked for.
        provenance: Where it came from.
        pyramid: For the screen.
        frame: The Frame with its values; None where only a record's copy is left.
    """

    locator: str
    provenance: Provenance
    pyramid: Pyramid
    frame: Frame | None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the Frame."""
        return self.pyramid.size

    @property
    def nbytes(self) -> int:
        """Memory taken, source values included."""
        values = self.frame.values if self.frame is not None else None
        return self.pyramid.nbytes + (values.nbytes if values is not None else 0)


@dataclass(frozen=True, slots=True, eq=False)
class Reopened:
    """A stored inspection with the picture it kept of the whole, where it kept one."""

    inspection: Inspection
    kept: Picture | None


def prepare(request: Request, value: Any) -> Any:
    """Make a finished job's value ready for the screen; runs in the worker thread."""
    if isinstance(request, OpenPicture):
        return Picture(request.locator, value.provenance, Pyramid(value.pixels), value)
    if isinstance(request, MakeThumbnail):
        return image_of(value)
    if isinstance(request, OpenRecord):
        return Reopened(value, _kept(value))
    return value


def _kept(inspection: Inspection) -> Picture | None:
    for view in inspection.views:
        if view.pixels is not None and view.region == Region.whole(inspection.size):
            pyramid = Pyramid(view.pixels, size=inspection.size)
            locator = inspection.provenance.locator
            return Picture(locator, inspection.provenance, pyramid, None)
    return None
