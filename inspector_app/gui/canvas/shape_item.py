"""What a person drew on the picture: regions to look at, and what was found."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFont,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

from inspector_app.domain.gesture import Verb
from inspector_app.domain.shape import Shape, ShapeKind, rotated
from inspector_app.gui.canvas.held_item import HeldItem
from inspector_app.gui.canvas.shaping import MOVE, TURN, dragged, grip_at
from inspector_app.gui.parts import plain_tip

_HALO = QColor(0, 0, 0, 170)
_TAG = 20.0
_REACH = 8.0
"""Logical screen pixels within which an edge or a corner is taken hold of."""
_STALK = 26.0
_LONGEST_TAG = 170.0
_STILL = 3.0


@dataclass(frozen=True, slots=True)
class Style:
    """How a shape is drawn.

    Attributes:
        colour: Of line and tag.
        tag: A letter or a few words.
        is_found: Something a person found: a double line and a round tag, so that it differs
            from regions to look at and from what the model marked, and not by colour alone.
        is_locked: Cannot be changed: without handles, with a padlock.
        tip: Words for the mouse that rests on it.
    """

    colour: str
    tag: str
    is_found: bool = False
    is_locked: bool = False
    tip: str = ""


class ShapeItem(HeldItem):
    """One shape with its tag; while it is chosen, with all handles.

    Args:
        shape: In Frame pixels.
        style: How it is drawn.
        within: (width, height) of the picture.
    """

    def __init__(self, shape: Shape, style: Style, *, within: tuple[int, int]) -> None:
        super().__init__(22 if style.is_found else 20)
        self.shape_now = shape
        self.style = style
        self._within = within
        self._is_chosen = False
        self._is_lit = False
        self._grip = ""
        self._start = (0.0, 0.0)
        self._stored = shape
        self._is_dragged = False
        self._knob_place = QPointF()
        self.setToolTip(plain_tip(style.tip))
        self.on_hover: Callable[[bool], None] = lambda _is_over: None
        self.on_chosen: Callable[[], None] = lambda: None
        self.on_changed: Callable[[Shape, Verb], None] = lambda _shape, _verb: None
        self.on_opened: Callable[[], None] = lambda: None

    def show_shape(self, shape: Shape, style: Style) -> None:
        """What is stored now; a drag that is going on goes on."""
        self.prepareGeometryChange()
        self._stored, self.style = shape, style
        if not self._grip:
            self.shape_now = shape
        self.setToolTip(plain_tip(style.tip))
        self.update()

    def preview(self, shape: Shape) -> None:
        """Stand somewhere else until it is stored."""
        self.prepareGeometryChange()
        self.shape_now = shape
        self.update()

    def set_chosen(self, is_chosen: bool) -> None:
        """Show the handles."""
        if is_chosen != self._is_chosen:
            self.prepareGeometryChange()
            self._is_chosen = is_chosen
            self.setZValue((24 if is_chosen else 20) + 2 * self.style.is_found)
            self.update()

    def set_lit(self, is_lit: bool) -> None:
        """Stand out, because its row or card is pointed at."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self.update()

    @property
    def _can_turn(self) -> bool:
        is_free = self._is_chosen and not self.style.is_locked
        return is_free and self.shape_now.kind == ShapeKind.RECTANGLE

    def _knob(self) -> QPointF:
        shape = self.shape_now
        top = shape.center[0], shape.points[0][1] - _STALK / self._scale()
        return QPointF(*rotated(top, shape.angle, about=shape.center))

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        xs, ys = zip(*self.shape_now.outline, strict=True)
        rect = QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys)))
        margin = (_LONGEST_TAG + 12) / self._scale()
        return rect.adjusted(-margin, -margin, margin, margin)

    def shape(self) -> QPainterPath:
        reach = _REACH / self._scale()
        path = self._path()
        wide = QPainterPathStroker()
        wide.setWidth(2 * reach)
        taken = wide.createStroke(path)
        if self.shape_now.has_area:
            taken = taken.united(path)
        for x, y in self.shape_now.outline:
            taken.addEllipse(QPointF(x, y), reach * 1.4, reach * 1.4)
        if self._can_turn:
            taken.addEllipse(self._knob(), reach * 1.4, reach * 1.4)
        taken.setFillRule(Qt.FillRule.WindingFill)
        return taken

    def _path(self) -> QPainterPath:
        points = [QPointF(*point) for point in self.shape_now.outline]
        path = QPainterPath()
        if self.shape_now.kind == ShapeKind.POINT:
            path.addEllipse(points[0], 1 / self._scale(), 1 / self._scale())
        else:
            path.addPolygon(QPolygonF(points))
        if self.shape_now.has_area:
            path.closeSubpath()
        return path

    # Drawing -------------------------------------------------------------------------

    def _draw(self, painter: QPainter) -> None:
        matrix = painter.transform()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, bool(self.shape_now.angle))
        places = [matrix.map(QPointF(*point)) for point in self.shape_now.outline]
        self._paint_lines(painter, places)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._can_turn:
            self._paint_stalk(painter, matrix)
        if not self.style.is_locked:
            self._paint_grips(painter, places)
        self._paint_tag(painter, places)

    def _paint_lines(self, painter: QPainter, places: list[QPointF]) -> None:
        more = 1.0 if self._is_chosen or self._is_lit else 0.0
        colour = QColor(self.style.colour)
        pens = [QPen(_HALO, 4.0 + more), QPen(colour, 2.0 + more)]
        if self.style.is_found:
            pens = [
                QPen(_HALO, 7.0 + more),
                QPen(colour, 5.0 + more),
                QPen(_HALO, 2.0 + more),
            ]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in pens:
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            if self.shape_now.kind == ShapeKind.POINT:
                self._paint_cross(painter, places[0])
            elif self.shape_now.has_area:
                painter.drawPolygon(QPolygonF(places))
            else:
                painter.drawLine(places[0], places[1])

    def _paint_cross(self, painter: QPainter, place: QPointF) -> None:
        for dx, dy in ((9.0, 0.0), (0.0, 9.0)):
            painter.drawLine(place - QPointF(dx, dy), place - QPointF(dx, dy) / 3)
            painter.drawLine(place + QPointF(dx, dy) / 3, place + QPointF(dx, dy))

    def _paint_stalk(self, painter: QPainter, to_screen: QTransform) -> None:
        self._knob_place = knob = to_screen.map(self._knob())
        outline = self.shape_now.outline
        middle = QPointF(*outline[0]) + (QPointF(*outline[1]) - QPointF(*outline[0])) / 2
        foot = to_screen.map(middle)
        for pen in (QPen(_HALO, 4.0), QPen(QColor(self.style.colour), 1.6)):
            painter.setPen(pen)
            painter.drawLine(foot, knob)
        painter.setPen(QPen(_HALO, 1.5))
        painter.setBrush(QColor(self.style.colour))
        painter.drawEllipse(knob, 5.5, 5.5)

    def _paint_grips(self, painter: QPainter, places: list[QPointF]) -> None:
        if self.shape_now.kind == ShapeKind.POINT:
            return
        half = 5.0 if self._is_chosen else 3.5
        painter.setPen(QPen(_HALO, 1.0))
        painter.setBrush(QColor("#ffffff") if self._is_chosen else QColor(self.style.colour))
        is_round = self.shape_now.kind != ShapeKind.RECTANGLE
        for place in places:
            box = QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half)
            (painter.drawEllipse if is_round else painter.drawRect)(box)

    def _paint_tag(self, painter: QPainter, places: list[QPointF]) -> None:
        font = QFont(painter.font())
        font.setPixelSize(13)
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        room = _LONGEST_TAG - (22 if self.style.is_locked else 8)
        words = metrics.elidedText(self.style.tag, Qt.TextElideMode.ElideRight, int(room))
        padding = 8 if len(words) <= 1 else 14
        lock = 14.0 if self.style.is_locked else 0.0
        width = max(_TAG, metrics.horizontalAdvance(words) + padding + lock)
        left, top = min(p.x() for p in places), min(p.y() for p in places)
        tag = QRectF(left - 1, top - _TAG - 4, width, _TAG)
        if tag.top() < 0:
            tag.moveTop(max(0.0, top + 5))
        if self._can_turn and tag.adjusted(-6, -6, 6, 6).contains(self._knob_place):
            # The knob for turning must not lie under it.
            tag.moveTop(max(p.y() for p in places) + 5)
        if tag.left() < 0:
            tag.moveLeft(0)
        colour = QColor(self.style.colour)
        painter.setPen(QPen(_HALO, 1))
        painter.setBrush(colour)
        radius = _TAG / 2 if self.style.is_found else 4.0
        painter.drawRoundedRect(tag, radius, radius)
        ink = QColor("#0b0b0b") if _is_light(colour) else QColor("#ffffff")
        painter.setPen(ink)
        painter.drawText(tag.adjusted(lock, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, words)
        if self.style.is_locked:
            _paint_padlock(painter, QPointF(tag.left() + 6, tag.center().y()), ink)

    # Mouse ---------------------------------------------------------------------------

    def _held(self, at: QPointF) -> str:
        scale = self._scale()
        stalk = _STALK / scale if self._can_turn else 0.0
        return grip_at(self.shape_now, at.toTuple(), reach=_REACH / scale, stalk=stalk)

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: N802  Qt's name
        grip = "" if self.style.is_locked else self._held(event.pos())
        self.setCursor(self._cursor(grip))

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: ARG002, N802
        self.on_hover(True)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: ARG002, N802
        self.on_hover(False)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        grip = self._held(event.pos())
        if not grip or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        self._is_dragged = False
        self._start = event.pos().toTuple()
        self._grip = "" if self.style.is_locked else grip
        self.on_chosen()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        if not self._grip:
            return
        way = (event.pos() - QPointF(*self._start)).manhattanLength() * self._scale()
        if not self._is_dragged and way < _STILL:
            return
        self._is_dragged = True
        self.preview(
            dragged(
                self._stored,
                self._grip,
                self._start,
                event.pos().toTuple(),
                within=self._within,
                is_even=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
            )
        )

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: ARG002, N802
        grip, self._grip = self._grip, ""
        if grip and self.shape_now != self._stored:
            verb = {MOVE: Verb.MOVED, TURN: Verb.TURNED}.get(grip, Verb.RESIZED)
            self.on_changed(self.shape_now, verb)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        if self._held(event.pos()):
            event.accept()
            self.on_opened()
        else:
            event.ignore()

    def _cursor(self, grip: str) -> QCursor:
        if grip in {"", MOVE}:
            shape = Qt.CursorShape.SizeAllCursor if grip else Qt.CursorShape.ArrowCursor
        elif grip == TURN or grip.isdigit() or self.shape_now.angle:
            shape = Qt.CursorShape.CrossCursor
        else:
            shape = _CURSORS[grip]
        return QCursor(shape)


_CURSORS = {
    "n": Qt.CursorShape.SizeVerCursor,
    "s": Qt.CursorShape.SizeVerCursor,
    "w": Qt.CursorShape.SizeHorCursor,
    "e": Qt.CursorShape.SizeHorCursor,
    "nw": Qt.CursorShape.SizeFDiagCursor,
    "se": Qt.CursorShape.SizeFDiagCursor,
    "ne": Qt.CursorShape.SizeBDiagCursor,
    "sw": Qt.CursorShape.SizeBDiagCursor,
}


def _is_light(colour: QColor) -> bool:
    """Whether black letters can be read better on it than white ones."""
    r, g, b = colour.redF(), colour.greenF(), colour.blueF()
    return 0.299 * r + 0.587 * g + 0.114 * b > 0.48


def _paint_padlock(painter: QPainter, at: QPointF, ink: QColor) -> None:
    painter.setPen(QPen(ink, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(at.x() + 1.5, at.y() - 6, 6, 8), 0, 180 * 16)
    painter.setBrush(ink)
    painter.drawRect(QRectF(at.x(), at.y() - 1.5, 9, 6))
