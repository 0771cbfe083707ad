"""A Frame made ready for the screen: made in the worker thread, painted in the window's."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage

from inspector_app.domain.frame import Frame, Provenance, Window
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import MakeThumbnail, OpenPicture, Request
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.domain.region import Region
from inspector_app.imaging.grey_tables import grey_of, table_of, through_grey_table
from inspector_app.imaging.pyramid import pyramid, resampled, single_channel, to_screen


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage of its own memory from (h, w, 3) uint8 RGB or (h, w) grey."""
    height, width = pixels.shape[:2]
    image = QImage(width, height, QImage.Format.Format_RGB32)
    # Qt's own conversion shares the work among threads, and waits for them on a busy machine.
    memory = np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
    to_screen(pixels, out=memory)
    return image


class Pyramid:
    """A picture in full size and halved sizes, over the memory of the arrays themselves.

    A picture with deep values has these in halved sizes too, so that another grey window is a
    look-up of what is seen and nothing more.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        size: (width, height) of the Frame that it shows, where `pixels` are a smaller copy.
        values: (H, W) source values, or None where the picture has none.
        is_inverted: Whether high values are shown dark.
    """

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        *,
        size: tuple[int, int] | None = None,
        values: NDArray[Any] | None = None,
        is_inverted: bool = False,
    ) -> None:
        self.size = size or (int(pixels.shape[1]), int(pixels.shape[0]))
        grey = single_channel(pixels)
        shown = pixels if grey is None else grey
        self._shown = [np.ascontiguousarray(level) for level in pyramid(shown)]
        self._deep = [] if values is None else pyramid(values)
        self._is_inverted = is_inverted
        self._last: tuple[object, NDArray[np.uint8] | None] = (None, None)

    @property
    def last(self) -> int:
        """The smallest level."""
        return len(self._shown) - 1

    @property
    def is_deep(self) -> bool:
        """Whether there are source values behind the 8 bits of the screen."""
        return bool(self._deep)

    @property
    def nbytes(self) -> int:
        """Memory that all levels take, without the source values themselves."""
        return sum(level.nbytes for level in (*self._shown, *self._deep[1:]))

    def level_for(self, scale: float) -> int:
        """The level that is drawn at `scale` device pixels per Frame pixel."""
        scale *= self.size[0] / self._shown[0].shape[1]
        if scale >= 1.0 or scale <= 0.0:
            return 0
        return min(int(math.log2(1.0 / scale)), self.last)

    def piece(
        self,
        level: int,
        box: QRect,
        *,
        tone: "Tone | None" = None,
        size: tuple[int, int] | None = None,
    ) -> QImage:
        """What `box` (in the level's own pixels) shows, ready for the screen.

        Args:
            level: Which.
            box: Inside of it.
            tone: Window and polarity; as it was opened by default.
            size: (width, height) of the image; that of the box by default.
        """
        rows = slice(box.top(), box.top() + box.height())
        cols = slice(box.left(), box.left() + box.width())
        wanted = size or (box.width(), box.height())
        return image_of(self._toned(level, (rows, cols), tone=tone or Tone(), size=wanted))

    def _toned(
        self, level: int, part: tuple[slice, slice], *, tone: "Tone", size: tuple[int, int]
    ) -> NDArray[np.uint8]:
        if tone.window is not None and self._deep:
            values = resampled(self._deep[level][part], size=size)
            is_inverted = self._is_inverted != tone.is_inverted
            table = self._table_for(tone, values.dtype, is_inverted=is_inverted)
            if table is None:
                return grey_of(values, tone.window, is_inverted=is_inverted)
            return through_grey_table(values, table)
        shown = resampled(self._shown[level][part], size=size)
        if tone == Tone():
            return shown
        window = tone.window or Window(127.5, 255.0, "")
        own = Tone(window, is_inverted=tone.is_inverted)
        table = self._table_for(own, shown.dtype, is_inverted=tone.is_inverted)
        return shown if table is None else through_grey_table(shown, table)

    def _table_for(
        self, tone: "Tone", dtype: np.dtype[Any], *, is_inverted: bool
    ) -> NDArray[np.uint8] | None:
        """The table of a tone; that of the last one is kept, for a paint asks again."""
        key = (tone, dtype, is_inverted)
        # Read once: pieces are made by several threads.
        known, table = self._last
        if tone.window is not None and key != known:
            table = table_of(tone.window, dtype=dtype, is_inverted=is_inverted)
            self._last = (key, table)
        return table

    def extent(self, level: int) -> QRect:
        """The level's whole box in its own pixels."""
        height, width = self._shown[level].shape[:2]
        return QRect(0, 0, width, height)

    def portrait(self, region: Region, *, side: int, tone: "Tone | None" = None) -> QImage:
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
        return self.piece(level, box.intersected(own), tone=tone).scaled(
            width,
            height,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )


@dataclass(frozen=True, slots=True)
class Tone:
    """How grey values are shown; it changes nothing that is stored or asked about.

    Attributes:
        window: Or None for the picture as it was opened, and as the model sees it.
        is_inverted: Whether light and dark are exchanged.
    """

    window: Window | None = None
    is_inverted: bool = False


AS_OPENED = Tone()
"""Nothing is changed."""


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
        levels = Pyramid(value.pixels, values=value.values, is_inverted=value.is_inverted)
        return Picture(request.locator, value.provenance, levels, value)
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
