"""The picture itself: only what is seen, from the level that fits the zoom."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
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
"""Level pixels made beyond what is seen, so that a pan need not make them again."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a level as it was drawn last.

    Attributes:
        image: In the screen's own pixels, or in those of the level where these are shown as
            squares or in haste.
        level: Of the pyramid.
        box: In the level's pixels.
        scale: Device pixels per picture pixel that it was made for.
    """

    image: QImage
    level: int
    box: QRect
    scale: float


class PictureItem(QGraphicsItem):
    """A pyramid in the Frame's pixels: the item's coordinates are the picture's.

    What is seen is brought to the pixels of the screen once for a zoom and a window; a pan then
    only copies it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pyramid: Pyramid | None = None
        self._piece: _Piece | None = None
        self._last_scale = 0.0
        self._tone = Tone()
        self._is_hasty = False
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_pyramid(self, pyramid: Pyramid | None) -> None:
        """Show another picture."""
        self.prepareGeometryChange()
        self._pyramid = pyramid
        self._piece = None
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
        seen = exposed.intersected(self.boundingRect())
        # A screen of usual size is drawn as quickly as well.
        is_hasty = self._is_hasty and seen.width() * seen.height() * scale**2 > _MOST_HASTY
        most = _MOST_HASTY if is_hasty else _MOST
        level = _level_for(scale, seen, pyramid, most=most)
        wanted = _box_of(seen, pyramid, level=level)
        if wanted.isEmpty():
            return
        piece = self._piece
        if (
            piece is None
            or (piece.level, piece.scale) != (level, scale)
            or not piece.box.contains(wanted)
        ):
            whole = self._whole_of(seen)
            piece = self._made(whole, pyramid, level=level, scale=scale, is_hasty=is_hasty)
            self._piece = piece
        if is_hasty:
            _draw_stretched(painter, piece, wanted, pyramid, is_smooth=True)
        elif _is_crisp(scale, pyramid):
            _draw_stretched(painter, piece, wanted, pyramid, is_smooth=False)
        else:
            _draw_copy(painter, piece, pyramid)

    def _whole_of(self, exposed: QRectF) -> QRectF:
        """All that is seen, where only a strip of it was laid bare."""
        scene = self.scene()
        for view in scene.views() if scene is not None else []:
            seen = view.mapToScene(view.viewport().rect()).boundingRect()
            if seen.contains(exposed):
                return seen.intersected(self.boundingRect())
        return exposed

    def _made(
        self, seen: QRectF, pyramid: Pyramid, *, level: int, scale: float, is_hasty: bool
    ) -> _Piece:
        # While the zoom changes, a margin would be thrown away with the next step.
        is_panned = scale == self._last_scale and not self._is_hasty
        margin = _MARGIN if is_panned else 0
        self._last_scale = scale
        own = pyramid.extent(level)
        wanted = _box_of(seen, pyramid, level=level)
        box = wanted.adjusted(-margin, -margin, margin, margin).intersected(own)
        size = box.width(), box.height()
        if not is_hasty and not _is_crisp(scale, pyramid):
            across, down = own.width() / pyramid.size[0], own.height() / pyramid.size[1]
            size = (
                max(1, round(box.width() / across * scale)),
                max(1, round(box.height() / down * scale)),
            )
        return _Piece(pyramid.piece(level, box, tone=self._tone, size=size), level, box, scale)


def _level_for(scale: float, seen: QRectF, pyramid: Pyramid, *, most: int) -> int:
    """The level that fits the zoom, or a coarser one where more than `most` pixels are seen."""
    level = pyramid.level_for(scale)
    while seen.width() * seen.height() / 4**level > most and level < pyramid.last:
        level += 1
    return level


def _is_crisp(scale: float, pyramid: Pyramid) -> bool:
    """Whether pixels are shown as squares; those of a smaller copy where there is only that."""
    return scale * pyramid.size[0] / pyramid.extent(0).width() >= _CRISP_FROM


def _box_of(seen: QRectF, pyramid: Pyramid, *, level: int) -> QRect:
    """What of a level shows a part of the picture, in whole pixels."""
    own, (width, height) = pyramid.extent(level), pyramid.size
    across, down = own.width() / width, own.height() / height
    return (
        QRectF(seen.x() * across, seen.y() * down, seen.width() * across, seen.height() * down)
        .toAlignedRect()
        .adjusted(-1, -1, 1, 1)
        .intersected(own)
    )


def _in_picture(box: QRect, pyramid: Pyramid, *, level: int) -> QRectF:
    """A box of a level in picture pixels."""
    own, (width, height) = pyramid.extent(level), pyramid.size
    across, down = own.width() / width, own.height() / height
    return QRectF(box.x() / across, box.y() / down, box.width() / across, box.height() / down)


def _draw_stretched(
    painter: QPainter, piece: _Piece, wanted: QRect, pyramid: Pyramid, *, is_smooth: bool
) -> None:
    """The level's pixels by the painter: as squares, or blended."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
    target = _in_picture(wanted, pyramid, level=piece.level)
    source = QRectF(wanted.translated(-piece.box.topLeft()))
    painter.drawImage(target, piece.image, source, Qt.ImageConversionFlag.AutoColor)


def _draw_copy(painter: QPainter, piece: _Piece, pyramid: Pyramid) -> None:
    """Pixel on pixel: the image has the screen's own, only its turn is left to the painter."""
    ratio = painter.device().devicePixelRatio()
    matrix = painter.transform()
    origin = matrix.map(_in_picture(piece.box, pyramid, level=piece.level).topLeft())
    # Between the pixels of the screen it would have to be interpolated once more.
    corner = QPointF(round(origin.x() * ratio) / ratio, round(origin.y() * ratio) / ratio)
    scale = scale_of(matrix)
    turned = QTransform.fromScale(1 / scale, 1 / scale) * matrix
    turn = QTransform(turned.m11(), turned.m12(), turned.m21(), turned.m22(), 0.0, 0.0)
    painter.setTransform(turn * QTransform.fromTranslate(corner.x(), corner.y()))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    piece.image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(0, 0), piece.image)
