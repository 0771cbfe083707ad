"""Boxes on the picture: the program's dashed, a person's solid with handles."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

from inspector_app.domain.region import Region
from inspector_app.gui.canvas.held_item import HeldItem

_HALO = QColor(0, 0, 0, 150)
_TAG = 20.0
_GRIP = 9.0
_REACH = 8.0
"""Device-independent pixels within which an edge or a corner is taken hold of."""


class BoxItem(HeldItem):
    """One region with its letter.

    Args:
        region: Where, in Frame pixels.
        letter: Its tag.
        colour: Of line and tag.
        is_solid: Drawn by a person, not by the program.
        is_movable: Can be moved and resized.
    """

    def __init__(
        self,
        region: Region,
        *,
        letter: str,
        colour: str,
        is_solid: bool,
        is_movable: bool = False,
    ) -> None:
        super().__init__(20 if is_movable else 10)
        self.is_solid = is_solid
        self.region = region
        self.letter = letter
        self._colour = QColor(colour)
        self._is_movable = is_movable
        self._is_lit = False
        self._grip = ""
        self._start = QPointF()
        self._before = region
        self.on_hover: Callable[[bool], None] = lambda _is_over: None
        self.on_changed: Callable[[Region], None] = lambda _region: None
        self.on_opened: Callable[[Region], None] = lambda _region: None
        self.limits = Region.whole((1 << 30, 1 << 30))

    def set_lit(self, is_lit: bool) -> None:
        """Stand out, because its card is pointed at."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self.update()

    def set_region(self, region: Region) -> None:
        """Stand somewhere else."""
        if region != self.region:
            self.prepareGeometryChange()
            self.region = region
            self.update()

    def _rect(self) -> QRectF:
        r = self.region
        return QRectF(r.x0, r.y0, r.width, r.height)

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        margin = (_TAG + 6) / self._scale()
        return self._rect().adjusted(-margin, -margin, margin, margin)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        if self._is_movable:
            reach = _REACH / self._scale()
            path.addRect(self._rect().adjusted(-reach, -reach, reach, reach))
        else:
            path.addRect(self._rect())
        return path

    def _draw(self, painter: QPainter) -> None:
        rect = self._rect()
        # Cosmetic pens count the screen's own pixels, of which doubled screens have more.
        ratio = painter.device().devicePixelRatio()
        halo = QPen(_HALO, (5.0 if self._is_lit else 4.0) * ratio)
        halo.setCosmetic(True)
        halo.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        line = QPen(self._colour, (3.0 if self._is_lit else 2.0) * ratio)
        line.setCosmetic(True)
        line.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        if not self.is_solid:
            line.setDashPattern([5.0, 3.0])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (halo, line):
            painter.setPen(pen)
            painter.drawRect(rect)
        self._paint_tag(painter, rect)
        if self._is_movable:
            self._paint_grips(painter, rect)

    def _paint_tag(self, painter: QPainter, rect: QRectF) -> None:
        """The letter outside the corner, the same size at any zoom."""
        # The upper left corner on the screen, whichever way the picture is turned.
        corner = painter.transform().mapRect(rect).topLeft()
        painter.save()
        painter.resetTransform()
        x, y = corner.x(), corner.y()
        tag = QRectF(x - 1, y - _TAG - 2, _TAG, _TAG)
        if tag.top() < 0:
            tag.moveTop(y + 3)
        if tag.left() < 0:
            tag.moveLeft(0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_HALO, 1))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(tag, 4, 4)
        font = QFont(painter.font())
        font.setPixelSize(13)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("#0b0b0b") if self._colour.lightnessF() > 0.5 else QColor("#ffffff"))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, self.letter)
        painter.restore()

    def _paint_grips(self, painter: QPainter, rect: QRectF) -> None:
        side = _GRIP / self._scale()
        edge = QPen(_HALO, painter.device().devicePixelRatio())
        edge.setCosmetic(True)
        painter.setPen(edge)
        painter.setBrush(self._colour)
        for corner in (rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight()):
            painter.drawRect(QRectF(corner.x() - side / 2, corner.y() - side / 2, side, side))

    def _grip_at(self, at: QPointF) -> str:
        """Which edges a point holds: a mix of "n", "s", "w", "e", or "move"."""
        rect, reach = self._rect(), _REACH / self._scale()
        vertical = "n" if abs(at.y() - rect.top()) <= reach else ""
        vertical = vertical or ("s" if abs(at.y() - rect.bottom()) <= reach else "")
        horizontal = "w" if abs(at.x() - rect.left()) <= reach else ""
        horizontal = horizontal or ("e" if abs(at.x() - rect.right()) <= reach else "")
        return (vertical + horizontal) or "move"

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: N802  Qt's name
        if self._is_movable:
            self.setCursor(_cursor(self._grip_at(event.pos())))

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: ARG002, N802
        self.on_hover(True)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: ARG002, N802
        self.on_hover(False)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        if self._is_movable and event.button() == Qt.MouseButton.LeftButton:
            self._grip = self._grip_at(event.pos())
            self._start, self._before = event.pos(), self.region
            event.accept()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        if self._grip:
            moved = event.pos() - self._start
            self.prepareGeometryChange()
            self.region = dragged(
                self._before, self._grip, (round(moved.x()), round(moved.y())), self.limits
            )
            self.update()

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: ARG002, N802
        self._grip = ""
        if self.region != self._before:
            self.on_changed(self.region)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        event.accept()
        self.on_opened(self.region)


def dragged(box: Region, grip: str, by: tuple[int, int], limits: Region) -> Region:
    """The box after its held edges moved `by` (dx, dy), kept inside `limits`."""
    dx, dy = by
    if grip == "move":
        dx = min(max(dx, limits.x0 - box.x0), limits.x1 - box.x1)
        dy = min(max(dy, limits.y0 - box.y0), limits.y1 - box.y1)
        return box.shifted(dx=dx, dy=dy)
    x0, y0, x1, y1 = box.box
    if "w" in grip:
        x0 = min(max(x0 + dx, limits.x0), x1 - 1)
    if "e" in grip:
        x1 = max(min(x1 + dx, limits.x1), x0 + 1)
    if "n" in grip:
        y0 = min(max(y0 + dy, limits.y0), y1 - 1)
    if "s" in grip:
        y1 = max(min(y1 + dy, limits.y1), y0 + 1)
    return Region(x0, y0, x1, y1)


def _cursor(grip: str) -> QCursor:
    shapes = {
        "n": Qt.CursorShape.SizeVerCursor,
        "s": Qt.CursorShape.SizeVerCursor,
        "w": Qt.CursorShape.SizeHorCursor,
        "e": Qt.CursorShape.SizeHorCursor,
        "nw": Qt.CursorShape.SizeFDiagCursor,
        "se": Qt.CursorShape.SizeFDiagCursor,
        "ne": Qt.CursorShape.SizeBDiagCursor,
        "sw": Qt.CursorShape.SizeBDiagCursor,
    }
    return QCursor(shapes.get(grip, Qt.CursorShape.SizeAllCursor))
