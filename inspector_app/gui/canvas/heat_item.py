"""Where the model looked, laid over the picture."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from inspector_app.domain.attention import AttentionMap, Map, TokenGrid
from inspector_app.gui.facts import Display
from inspector_app.gui.painting import unharmed
from inspector_app.imaging.overlays import heat_rgba

_SMOOTH_SIDE = 256
"""Longest side of the interpolated heat; the painter stretches it over the picture."""

_LARGEST_SIDE = 1024


class HeatItem(QGraphicsItem):
    """A coloured map over the part of the picture that the model has seen."""

    def __init__(self) -> None:
        super().__init__()
        self._map: AttentionMap | None = None
        self._size = (0, 0)
        self._made_of: tuple[object, ...] = ()
        self._image: QImage | None = None
        self._is_smooth = True
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape, enabled=False)

    def set_size(self, size: tuple[int, int]) -> None:
        """(width, height) of the picture: nothing is drawn beyond it."""
        self.prepareGeometryChange()
        self._size = size

    def show_map(self, attention: AttentionMap | None, display: Display) -> None:
        """Colour a map; the same map in the same colours is not coloured again."""
        self.prepareGeometryChange()
        self._map = attention
        self.setVisible(display.heat and not display.is_bare and attention is not None)
        self.setOpacity(display.opacity)
        if attention is None:
            self._image, self._made_of = None, ()
            return
        layer = display.layer
        made_of = (id(attention), layer, display.colour_map, display.smooth)
        if made_of != self._made_of:
            self._made_of = made_of
            self._is_smooth = display.smooth
            self._image = _coloured(values_at(attention, layer), display)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        return QRectF(0, 0, *self._size)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002  Qt's signature
        widget: QWidget | None = None,  # noqa: ARG002  Qt's signature
    ) -> None:
        if self._map is None or self._image is None:
            return
        with unharmed(painter):
            self._paint_image(painter, self._map.grid, self._image)

    def _paint_image(self, painter: QPainter, grid: TokenGrid, image: QImage) -> None:
        painter.setClipRect(self.boundingRect())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth)
        painter.drawImage(QRectF(grid.x0, grid.y0, grid.x1 - grid.x0, grid.y1 - grid.y0), image)


def values_at(attention: AttentionMap, layer: int | None) -> Map:
    """The map at a layer, or as it was used where the layer is None or was not kept."""
    if layer is None or (layer != attention.layer and layer not in attention.layer_numbers):
        return attention.values
    return attention.at_layer(layer)


def _coloured(values: Map, display: Display) -> QImage:
    rows, cols = values.shape
    # A grid finer than that needs no interpolation, only the painter's own.
    is_coarse = max(rows, cols) < _SMOOTH_SIDE
    scale = _SMOOTH_SIDE / max(rows, cols) if display.smooth and is_coarse else 1.0
    scale = min(scale, _LARGEST_SIDE / max(rows, cols))
    size = (max(1, round(cols * scale)), max(1, round(rows * scale)))
    rgba = np.ascontiguousarray(
        heat_rgba(
            values, size=size, colour_map=display.colour_map, smooth=display.smooth and is_coarse
        )
    )
    height, width = rgba.shape[:2]
    wrapped = QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return wrapped.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
