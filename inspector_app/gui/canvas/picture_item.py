"""The picture itself: paints only what is seen, from the level that fits the zoom."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from inspector_app.gui.canvas.camera import scale_of
from inspector_app.gui.painting import unharmed
from inspector_app.gui.picture import Pyramid, Tone

_CRISP_FROM = 6.0
"""From this many device pixels per picture pixel on, pixels are shown as squares."""

_MOST = 12_000_000
"""Level pixels for one paint; beyond, on very large screens, the next level is sharp enough."""

_MOST_HASTY = 3_000_000
"""The same while a window is dragged."""

_MARGIN = 192
"""Level pixels converted beyond what is seen, so that a pan need not convert again."""


class PictureItem(QGraphicsItem):
    """A pyramid in the Frame's pixels: the item's coordinates are the picture's."""

    def __init__(self) -> None:
        super().__init__()
        self._pyramid: Pyramid | None = None
        self._piece: QImage | None = None
        self._piece_box = QRect()
        self._piece_level = -1
        self._tone = Tone()
        self._is_hasty = False
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_pyramid(self, pyramid: Pyramid | None) -> None:
        """Show another picture."""
        self.prepareGeometryChange()
        self._pyramid = pyramid
        self._piece = None
        self._piece_level = -1
        self.update()

    def set_tone(self, tone: Tone, *, is_hasty: bool = False) -> None:
        """Show through another grey window.

        Args:
            tone: Window and polarity.
            is_hasty: The window is being dragged: on very large screens it is drawn from a
                coarser level until it rests.
        """
        if (tone, is_hasty) != (self._tone, self._is_hasty):
            self._tone, self._is_hasty = tone, is_hasty
            self._piece = None
            self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        if self._pyramid is None:
            return QRectF()
        width, height = self._pyramid.size
        return QRectF(0, 0, width, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,  # noqa: ARG002  Qt's signature
    ) -> None:
        if self._pyramid is not None:
            with unharmed(painter):
                self._paint_seen(painter, option.exposedRect, self._pyramid)

    def _paint_seen(self, painter: QPainter, exposed: QRectF, pyramid: Pyramid) -> None:
        scale = scale_of(painter.deviceTransform())
        width, height = pyramid.size
        seen = exposed.intersected(self.boundingRect())
        level = pyramid.level_for(scale)
        most = _MOST_HASTY if self._is_hasty else _MOST
        while seen.width() * seen.height() / 4**level > most and level < pyramid.last:
            level += 1
        own = pyramid.extent(level)
        across, down = own.width() / width, own.height() / height
        wanted = (
            QRectF(seen.x() * across, seen.y() * down, seen.width() * across, seen.height() * down)
            .toAlignedRect()
            .adjusted(-1, -1, 1, 1)
            .intersected(own)
        )
        if wanted.isEmpty():
            return
        if (
            self._piece is None
            or level != self._piece_level
            or not self._piece_box.contains(wanted)
        ):
            self._piece_level = level
            margin = 0 if self._is_hasty else _MARGIN
            self._piece_box = wanted.adjusted(-margin, -margin, margin, margin).intersected(own)
            self._piece = pyramid.piece(level, self._piece_box, tone=self._tone)
        smooth = scale * width / pyramid.extent(0).width() < _CRISP_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        target = QRectF(
            wanted.x() / across,
            wanted.y() / down,
            wanted.width() / across,
            wanted.height() / down,
        )
        source = wanted.translated(-self._piece_box.topLeft())
        painter.drawImage(target, self._piece, QRectF(source), Qt.ImageConversionFlag.AutoColor)
