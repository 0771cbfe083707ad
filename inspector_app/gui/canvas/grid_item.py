"""The pixel grid, and the values in it where there is room to read them."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from inspector_app.domain.frame import Frame
from inspector_app.gui.canvas.camera import scale_of
from inspector_app.gui.painting import unharmed
from inspector_app.gui.picture import Picture

_GRID_FROM = 12.0
"""Logical screen pixels per picture pixel from which on lines are drawn between pixels."""

_VALUES_FROM = 42.0
"""The same for values: narrower cells would not hold five digits."""


class GridItem(QGraphicsItem):
    """Lines between pixels; lies over the picture and under everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._size = (0, 0)
        self.setZValue(1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_picture(self, picture: Picture | None) -> None:
        """Lie over another picture."""
        self.prepareGeometryChange()
        self._frame = picture.frame if picture is not None else None
        self._size = picture.size if picture is not None else (0, 0)

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        return QRectF(0, 0, *self._size)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,  # noqa: ARG002  Qt's signature
    ) -> None:
        ratio = painter.device().devicePixelRatio()
        scale = scale_of(painter.deviceTransform()) / ratio
        if self._frame is None or scale < _GRID_FROM:
            return
        seen = option.exposedRect.intersected(self.boundingRect()).toAlignedRect()
        with unharmed(painter):
            self._paint_lines(painter, QRectF(seen))
            if scale >= _VALUES_FROM:
                self._paint_values(painter, self._frame, QRectF(seen))

    def _paint_lines(self, painter: QPainter, seen: QRectF) -> None:
        pen = QPen(QColor(128, 128, 128, 110), 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        columns = range(int(seen.left()), int(seen.right()) + 1)
        rows = range(int(seen.top()), int(seen.bottom()) + 1)
        lines = [QLineF(x, seen.top(), x, seen.bottom()) for x in columns]
        painter.drawLines(lines + [QLineF(seen.left(), y, seen.right(), y) for y in rows])

    def _paint_values(self, painter: QPainter, frame: Frame, seen: QRectF) -> None:
        matrix = painter.transform()
        painter.resetTransform()
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor("#ffffff"))
        for y in range(int(seen.top()), min(int(seen.bottom()), frame.height)):
            for x in range(int(seen.left()), min(int(seen.right()), frame.width)):
                place = matrix.map(QPointF(x + 0.5, y + 0.5))
                cell = QRectF(place.x() - 30, place.y() - 24, 60, 48)
                text = pixel_words(frame, x, y).replace(" ", "\n")
                # Readable on any grey, whatever the window.
                box = painter.boundingRect(cell, Qt.AlignmentFlag.AlignCenter, text)
                painter.fillRect(box.adjusted(-2, 0, 2, 0), QColor(0, 0, 0, 150))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)


def pixel_words(frame: Frame, x: int, y: int) -> str:
    """What a pixel holds: its source value, its grey, or red, green and blue."""
    if frame.values is not None:
        return f"{frame.values[y, x]:g}"
    red, green, blue = (int(part) for part in frame.pixels[y, x])
    return str(red) if red == green == blue else f"{red} {green} {blue}"


def value_at(picture: Picture | None, point: QPointF | None) -> tuple[int, int, str] | None:
    """(x, y, value in words) of the pixel under a point, or None outside the picture."""
    if picture is None or point is None:
        return None
    x, y = int(point.x() // 1), int(point.y() // 1)
    width, height = picture.size
    if not (0 <= x < width and 0 <= y < height):
        return None
    if picture.frame is None:
        return x, y, ""
    words = pixel_words(picture.frame, x, y)
    unit = picture.frame.unit
    return x, y, f"{words} {unit}" if unit and picture.frame.values is not None else words
