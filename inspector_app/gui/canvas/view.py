"""The canvas under the mouse: pan, zoom, window, leaf, draw and measure."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QRubberBand, QWidget

from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.gui.canvas.camera import STEP, Camera
from inspector_app.gui.canvas.hands import Deed, Hands, Roll, Tool
from inspector_app.gui.canvas.measure_item import MeasureItem
from inspector_app.gui.canvas.sketch import Sketch

_STILL = 3
"""Logical screen pixels that a button may move and be a click yet."""

_SMALLEST = 4
"""Logical screen pixels: what is drawn smaller was a slip."""

_NOTCH = 120
_FAR = 10
"""Steps of an arrow key with Shift."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CURSORS = {
    Tool.HAND: Qt.CursorShape.ArrowCursor,
    Tool.WINDOW: Qt.CursorShape.ArrowCursor,
}


class View(Camera):
    """A scene in picture pixels with the habits of a picture viewer.

    Signals:
        pointed: Picture point under the mouse (QPointF), or None outside the view.
        drawn: A `Shape` that was drawn.
        clicked_empty: A click that hit no box.
        windowed: (dx, dy) in logical screen pixels: the grey window is dragged.
        leafed: Steps through the stack, down is on.
        stepped: Steps through the worklist, down is on.
        measuring: (start, end) in picture points while a measurement is drawn; end is None
            where it was given up.
        measured: (start, end) once it is drawn.
        menu_wanted: Where on the screen (QPoint).
        rested: A drag has ended.
        nudged: (dx, dy) in steps on the screen: what is in hand is moved by keys.
        delete_wanted: What is in hand is to go.
    """

    pointed = Signal(object)
    drawn = Signal(object)
    clicked_empty = Signal()
    windowed = Signal(float, float)
    leafed = Signal(int)
    stepped = Signal(int)
    measuring = Signal(object, object)
    measured = Signal(object, object)
    menu_wanted = Signal(object)
    rested = Signal()
    nudged = Signal(int, int)
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hands = Hands()
        self.has_stack = False
        self.has_chosen = False
        self._tool = Tool.HAND
        self._pencil: ShapeKind | None = None
        self._deed: Deed | Tool | None = None
        self._button = Qt.MouseButton.NoButton
        self._begun = QPointF()
        self._last = QPointF()
        self._was_moved = False
        self._is_even = False
        self._rolled = 0
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._sketch = Sketch(self)

    @property
    def tool(self) -> Tool:
        """What the tool's button does now."""
        return Tool.DRAW if self._pencil is not None else self._tool

    def set_tool(self, tool: Tool) -> None:
        """Take another tool."""
        self._give_up()
        self._tool = tool
        self._show_cursor()

    def set_pencil(self, kind: ShapeKind | None) -> None:
        """What the next drag or clicks draw, whatever the tool; None for nothing."""
        self._give_up()
        self._pencil = kind
        self._show_cursor()

    @property
    def is_sketching(self) -> bool:
        """Whether corners of a polygon stand there already."""
        return bool(self._sketch.points)

    def _show_cursor(self) -> None:
        self.viewport().setCursor(_CURSORS.get(self.tool, Qt.CursorShape.CrossCursor))

    def _give_up(self) -> None:
        if isinstance(self._deed, Tool) and self._deed.is_measuring:
            self.measuring.emit(self.scene_point(self._begun), None)
        self._deed = None
        self._band.hide()
        self._sketch.clear()

    # Buttons -------------------------------------------------------------------------

    def _deed_of(self, button: Qt.MouseButton) -> Deed | None:
        return {
            Qt.MouseButton.LeftButton: self.hands.left,
            Qt.MouseButton.MiddleButton: self.hands.middle,
            Qt.MouseButton.RightButton: self.hands.right,
        }.get(button)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        event.accept()
        deed = self._deed_of(event.button())
        if deed is None or self._deed is not None:
            return
        if self._goes_to_items(event, deed):
            super().mousePressEvent(event)
            if event.isAccepted():
                return
            event.accept()
        self._travel.stop()
        self._button = event.button()
        self._begun = self._last = event.position()
        self._was_moved = False
        self._deed = self.tool if deed == Deed.TOOL else deed
        if self._deed == Tool.DRAW:
            self._begin_drawing(event.position())

    def _begin_drawing(self, place: QPointF) -> None:
        if self._pencil == ShapeKind.RECTANGLE:
            self._show_band(place)
        elif self._pencil == ShapeKind.POLYGON and self._sketch.add(self.scene_point(place)):
            self._close_polygon()
        elif self._pencil == ShapeKind.LINE:
            self._sketch.add(self.scene_point(place))

    def _goes_to_items(self, event: QMouseEvent, deed: Deed) -> bool:
        """Boxes and measurements are taken hold of with the left button, before any tool."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if deed == Deed.TOOL and self.tool == Tool.DRAW:
            return False
        if deed == Deed.TOOL and self.tool.is_measuring:
            return isinstance(self.itemAt(event.position().toPoint()), MeasureItem)
        return True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        place = event.position()
        self.pointed.emit(self.scene_point(place))
        self._is_even = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._sketch.points:
            self._sketch.reach(self.scene_point(place), is_even=self._is_even)
        if self._deed is None:
            super().mouseMoveEvent(event)
            return
        if not self._was_moved and (place - self._begun).manhattanLength() < _STILL:
            return
        self._was_moved = True
        by, self._last = place - self._last, place
        self._drag(self._deed, by, place)

    def _drag(self, deed: Deed | Tool, by: QPointF, place: QPointF) -> None:
        if deed in {Deed.PAN, Tool.HAND}:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pan(by.x(), by.y())
        elif deed == Deed.ZOOM:
            # Up comes nearer, about the place where the drag began.
            self.zoom(math.exp(-by.y() / 120), at=self._begun)
        elif deed in {Deed.WINDOW, Tool.WINDOW}:
            self.windowed.emit(by.x(), by.y())
        elif deed == Tool.DRAW:
            if self._pencil == ShapeKind.RECTANGLE:
                self._show_band(place)
        else:
            self.measuring.emit(self.scene_point(self._begun), self.scene_point(place))

    def _show_band(self, place: QPointF) -> None:
        end = self._evened(place).toPoint()
        self._band.setGeometry(QRect(self._begun.toPoint(), end).normalized())
        self._band.show()

    def _evened(self, place: QPointF) -> QPointF:
        """The corner of a square with Shift held."""
        if not self._is_even:
            return place
        by = place - self._begun
        side = max(abs(by.x()), abs(by.y()))
        return self._begun + QPointF(math.copysign(side, by.x()), math.copysign(side, by.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        deed, place = self._deed, event.position()
        if deed is None or event.button() != self._button:
            super().mouseReleaseEvent(event)
            return
        self._deed = None
        self._band.hide()
        self._show_cursor()
        if deed == Tool.DRAW and self._pencil is not None:
            self._finish_drawing(self._pencil, place)
        elif not self._was_moved:
            self._click(event)
        elif isinstance(deed, Tool) and deed.is_measuring:
            self.measured.emit(self.scene_point(self._begun), self.scene_point(place))
        self.rested.emit()

    def _click(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())
        else:
            self.clicked_empty.emit()

    def _finish_drawing(self, kind: ShapeKind, place: QPointF) -> None:
        """The button was let go; a polygon goes on until it is closed."""
        if kind == ShapeKind.RECTANGLE:
            size = place - self._begun
            end = self.scene_point(self._evened(place))
            region = self.region_between(self.scene_point(self._begun), end)
            if region is not None and min(abs(size.x()), abs(size.y())) >= _SMALLEST:
                self.drawn.emit(Shape.of(region))
        elif kind == ShapeKind.POINT:
            self.drawn.emit(Shape(kind, (self._inside(place),)))
        elif kind == ShapeKind.LINE:
            ends = self._sketch.ends()
            self._sketch.clear()
            if self._was_moved and ends is not None:
                self.drawn.emit(Shape(kind, ends))

    def _inside(self, place: QPointF) -> tuple[float, float]:
        """The point of the picture that is nearest to a place of the viewport."""
        point, (width, height) = self.scene_point(place), self._size
        return min(max(point.x(), 0.0), float(width)), min(max(point.y(), 0.0), float(height))

    def _close_polygon(self) -> None:
        shape = self._sketch.closed()
        self._sketch.clear()
        if shape is not None:
            self.drawn.emit(shape)

    # Keys ----------------------------------------------------------------------------

    def _deed_of_key(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does to what is drawn or in hand, before it is anybody else's."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.is_sketching and not held:
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                return self._close_polygon
            if key == Qt.Key.Key_Backspace:
                return self._sketch.take_back
        is_plain = held in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier}
        if not (self.has_chosen and is_plain):
            return None
        if key in _ARROWS:
            steps = _FAR if held else 1
            dx, dy = _ARROWS[Qt.Key(key)]
            return lambda: self.nudged.emit(dx * steps, dy * steps)
        is_gone = key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and not held
        return self.delete_wanted.emit if is_gone else None

    def event(self, event: QEvent) -> bool:
        """Arrows that move what is in hand are not for the next picture."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._deed_of_key(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        deed = self._deed_of_key(event)
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  Qt's name
        # A right button may be the beginning of a drag: its menu comes when it is let go.
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            self.menu_wanted.emit(event.globalPos())
        event.accept()

    # Wheel ---------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  Qt's name
        event.accept()
        # With Alt or Shift some systems turn the wheel sideways.
        turned = event.angleDelta().y() or event.angleDelta().x()
        if not turned:
            return
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ControlModifier:
            roll = self.hands.ctrl_wheel
        elif held & Qt.KeyboardModifier.ShiftModifier:
            roll = self.hands.shift_wheel
        else:
            roll = self.hands.wheel
        if roll == Roll.ZOOM or (roll == Roll.LEAF and not self.has_stack):
            self.zoom(STEP ** (turned / _NOTCH), at=event.position())
        else:
            self._roll(turned, roll)

    def _roll(self, turned: int, roll: Roll) -> None:
        """Fine wheels come in parts of a notch, which are saved up."""
        if turned * self._rolled < 0:
            self._rolled = 0
        self._rolled += turned
        steps = int(self._rolled / _NOTCH)
        if steps:
            self._rolled -= steps * _NOTCH
            (self.leafed if roll == Roll.LEAF else self.stepped).emit(-steps)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        if self.is_sketching and event.button() == Qt.MouseButton.LeftButton:
            # Its first half set the last corner.
            self._close_polygon()
            event.accept()
            return
        is_drawn = self.tool.is_measuring or self.tool == Tool.DRAW
        if is_drawn or event.button() != Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
            return
        event.ignore()
        super().mouseDoubleClickEvent(event)
        if not event.isAccepted():
            self.fit()
        event.accept()

    def leaveEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        self.pointed.emit(None)
        super().leaveEvent(event)  # type: ignore[arg-type]

    def place_of(self, point: QPointF) -> QPoint:
        """The viewport pixel of a picture point."""
        return self.viewportTransform().map(point).toPoint()
