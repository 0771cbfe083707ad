"""A measurement on the picture, with handles and its words."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

from inspector_app.domain.measure import Measure
from inspector_app.gui.canvas.held_item import HeldItem
from inspector_app.gui.canvas.measuring import moved

_HALO = QColor(0, 0, 0, 190)
_LINE = QColor("#7dff9b")
_GRIP = 4.0
_REACH = 9.0
_LABEL = (150.0, 22.0)


class MeasureItem(HeldItem):
    """One measurement; its points can be dragged.

    Args:
        measure: What and where.
        aspect: Height of a pixel over its width.
    """

    def __init__(self, measure: Measure, *, aspect: float = 1.0) -> None:
        super().__init__(30)
        self.measure = measure
        self.words = ""
        self._aspect = aspect
        self._held: int | None = None
        self.on_moving: Callable[[Measure], None] = lambda _measure: None
        self.on_changed: Callable[[Measure], None] = lambda _measure: None

    def show_measure(self, measure: Measure, words: str) -> None:
        """Stand somewhere else, or say something else."""
        self.prepareGeometryChange()
        self.measure, self.words = measure, words
        self.update()

    def _room(self) -> float:
        """Width of the view in logical screen pixels."""
        view = self._view
        return view.viewport().width() if view is not None else math.inf

    def _outline(self) -> QRectF:
        xs = [x for x, _y in self.measure.points]
        ys = [y for _x, y in self.measure.points]
        return QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        # The words stand to one side of the last point, whichever way the picture is turned.
        margin = (_LABEL[0] + 12) / self._scale()
        return self._outline().adjusted(-margin, -margin, margin, margin)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        for start, end in self.measure.lines():
            path.moveTo(*start)
            path.lineTo(*end)
        wide = QPainterPathStroker()
        wide.setWidth(_REACH / self._scale())
        drawn = wide.createStroke(path)
        reach = _REACH / self._scale()
        for point in self.measure.points:
            drawn.addEllipse(QPointF(*point), reach, reach)
        return drawn

    def _draw(self, painter: QPainter) -> None:
        matrix = painter.transform()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = [matrix.map(QPointF(*point)) for point in self.measure.points]
        lines = [
            (matrix.map(QPointF(*start)), matrix.map(QPointF(*end)))
            for start, end in self.measure.lines()
        ]
        for pen in (QPen(_HALO, 4.0), QPen(_LINE, 1.6)):
            painter.setPen(pen)
            for start, end in lines:
                painter.drawLine(start, end)
        painter.setPen(QPen(_HALO, 1.5))
        painter.setBrush(_LINE)
        for place in places:
            painter.drawEllipse(place, _GRIP, _GRIP)
        self._paint_words(painter, max(places, key=lambda place: place.x()))

    def _paint_words(self, painter: QPainter, place: QPointF) -> None:
        if not self.words:
            return
        font = QFont(painter.font())
        font.setPixelSize(13)
        font.setBold(True)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(self.words) + 12
        box = QRectF(place.x() + 9, place.y() - _LABEL[1] / 2, width, _LABEL[1])
        if box.right() > self._room():
            box.moveRight(place.x() - 9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(_LINE)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.words)

    def _grip_at(self, at: QPointF) -> int | None:
        reach = _REACH / self._scale()
        for index, (x, y) in reversed(list(enumerate(self.measure.points))):
            if (at - QPointF(x, y)).manhattanLength() <= reach * 1.4:
                return index
        return None

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: N802  Qt's name
        is_held = self._grip_at(event.pos()) is not None
        shape = Qt.CursorShape.SizeAllCursor if is_held else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        self._held = self._grip_at(event.pos())
        if self._held is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        if self._held is not None:
            to = (event.pos().x(), event.pos().y())
            self.on_moving(moved(self.measure, self._held, to, aspect=self._aspect))

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: ARG002, N802
        if self._held is not None:
            self._held = None
            self.on_changed(self.measure)
