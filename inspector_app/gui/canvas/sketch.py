"""A polygon or line while it is drawn."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsView

from inspector_app.domain.shape import MOST_CORNERS, Point, Shape, ShapeKind
from inspector_app.gui.canvas.held_item import HeldItem
from inspector_app.gui.canvas.shaping import evened

_HALO = QColor(0, 0, 0, 190)
_LINE = QColor("#ffffff")
_NEAR = 10.0
"""Logical screen pixels: a click so near to the first corner closes the polygon."""
_SMALLEST = 2.0
"""Logical screen pixels: a line that is shorter was a slip."""


class Sketch(HeldItem):
    """Corners that stand, and a line from the last of them to the mouse.

    Args:
        view: Where it is drawn; it lies on its scene while there are corners.
    """

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(60)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._on = view
        self.points: tuple[Point, ...] = ()
        self._to: Point | None = None

    @property
    def _size(self) -> tuple[float, float]:
        """(width, height) of the picture: its scene has as much room again on each side."""
        scene = self._on.scene().sceneRect()
        return scene.width() / 3, scene.height() / 3

    def add(self, point: QPointF) -> bool:
        """Set a corner; whether it was set on the first one, which closes the polygon."""
        there = self._inside(point)
        if len(self.points) >= 3 and math.dist(there, self.points[0]) * self._scale() <= _NEAR:
            return True
        if not self.points:
            self._on.scene().addItem(self)
        self.prepareGeometryChange()
        if there not in self.points[-1:]:
            self.points = (*self.points, there)[:MOST_CORNERS]
        self.update()
        return False

    def reach(self, point: QPointF, *, is_even: bool) -> None:
        """The mouse is here."""
        self.prepareGeometryChange()
        there = self._inside(point)
        self._to = self._inside(QPointF(*evened(self.points[-1], there))) if is_even else there
        self.update()

    def take_back(self) -> None:
        """Without the corner that was set last."""
        self.prepareGeometryChange()
        self.points = self.points[:-1]
        if not self.points:
            self.clear()
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self.prepareGeometryChange()
        self.points, self._to = (), None
        if self.scene() is not None:
            self.scene().removeItem(self)

    def ends(self) -> tuple[Point, Point] | None:
        """Both ends of a line; None where they are the same."""
        if not self.points or self._to is None:
            return None
        start, end = self.points[0], self._to
        return (start, end) if math.dist(start, end) * self._scale() >= _SMALLEST else None

    def closed(self) -> Shape | None:
        """The polygon; None where it has no area."""
        try:
            return Shape(ShapeKind.POLYGON, self.points)
        except ValueError:
            return None

    def _inside(self, point: QPointF) -> Point:
        width, height = self._size
        return min(max(point.x(), 0.0), width), min(max(point.y(), 0.0), height)

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        every = [*self.points, *([self._to] if self._to is not None else [])] or [(0.0, 0.0)]
        xs, ys = zip(*every, strict=True)
        margin = 12 / self._scale()
        rect = QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys)))
        return rect.adjusted(-margin, -margin, margin, margin)

    def _draw(self, painter: QPainter) -> None:
        matrix = painter.transform()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corners = [matrix.map(QPointF(*point)) for point in self.points]
        line = [*corners, *([matrix.map(QPointF(*self._to))] if self._to is not None else [])]
        for pen in (QPen(_HALO, 4.0), QPen(_LINE, 1.6)):
            painter.setPen(pen)
            painter.drawPolyline(line)
        painter.setPen(QPen(_HALO, 1.0))
        painter.setBrush(_LINE)
        for at, corner in enumerate(corners):
            side = 5.0 if at == 0 else 3.5
            painter.drawEllipse(corner, side, side)
