"""What of a scene in picture pixels is seen: how near, where, and which way up."""

import math

from PySide6.QtCore import (
    QEasingCurve,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from inspector_app.domain.region import Region
from inspector_app.gui.canvas.turn import Turn

STEP = 1.2
"""One notch of the wheel."""

_LARGEST = 64.0
_MARGIN = 12
_TRAVEL_MS = 150


class Camera(QGraphicsView):
    """Zoom, pan, fit and turns; what the mouse does is `View`'s.

    Signals:
        zoomed: Logical screen pixels per picture pixel.
        moved: Another part of the picture is seen.
        turned: The `Turn` in force.
        painted: The view was just drawn.
        resized: It has another size.
    """

    zoomed = Signal(float)
    moved = Signal()
    turned = Signal(object)
    painted = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        # Boxes have a margin that depends on the zoom: an index of places would go stale, and
        # there are too few items to need one.
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self._size = (0, 0)
        self._scale = 1.0
        self._turn = Turn()
        self._is_fitted = True
        self.is_calm = False
        self._travel = QVariantAnimation(self)
        self._travel.setDuration(_TRAVEL_MS)
        self._travel.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._travel.valueChanged.connect(self._on_travelled)

    @property
    def scale_now(self) -> float:
        """Logical screen pixels per picture pixel."""
        return self._scale

    @property
    def picture_size(self) -> tuple[int, int]:
        """(width, height) of the picture; zeros where there is none."""
        return self._size

    @property
    def turn(self) -> Turn:
        """Which way up the picture is shown."""
        return self._turn

    @property
    def is_fitted(self) -> bool:
        """Whether the whole picture follows the window's size."""
        return self._is_fitted

    @property
    def center(self) -> QPointF:
        """The picture point in the middle of the view."""
        return self.scene_point(QRectF(self.viewport().rect()).center())

    def scene_point(self, place: QPointF) -> QPointF:
        """The picture point at a place of the viewport, which may lie between pixels."""
        inverse, _is_possible = self.viewportTransform().inverted()
        return inverse.map(place)

    def set_size(self, size: tuple[int, int]) -> None:
        """(width, height) of a new picture, shown whole."""
        self._travel.stop()
        self._size = size
        width, height = size
        # Room about the picture, so that its corners can be brought to the middle.
        self.scene().setSceneRect(-width, -height, 3 * width, 3 * height)
        self.fit()

    def set_turn(self, turn: Turn) -> None:
        """Show the picture another way up, about the middle of the view."""
        if turn == self._turn:
            return
        self._travel.stop()
        middle = self.center
        self._turn = turn
        if self._is_fitted:
            self.fit()
        else:
            self._set_scale(self._scale)
            self.centerOn(middle)
            self.zoomed.emit(self._scale)
        self.turned.emit(turn)

    def fit(self) -> None:
        """Show the whole picture."""
        self._travel.stop()
        if 0 in self._size:
            return
        self._is_fitted = True
        self._look_at(QRectF(0, 0, *self._size), margin=_MARGIN, largest=8.0)

    def actual_size(self) -> None:
        """One picture pixel on one pixel of the screen, about the middle of the view."""
        self.zoom(1.0 / self.devicePixelRatioF() / self.scale_now)

    def look(self, center: QPointF, scale: float) -> None:
        """Bring a picture point into the middle at this scale."""
        if 0 in self._size:
            return
        self._travel.stop()
        self._is_fitted = False
        self._set_scale(self._bounded(scale))
        self.centerOn(center)
        self.zoomed.emit(self._scale)
        self.moved.emit()

    def _bounded(self, scale: float) -> float:
        smallest = min(0.02, 64 / max(self._size))
        return min(max(scale, smallest), _LARGEST)

    def zoom(self, factor: float, *, at: QPointF | None = None) -> None:
        """Zoom about a point of the viewport, by default its middle."""
        if 0 in self._size:
            return
        self._travel.stop()
        wanted = self._bounded(self._scale * factor)
        place = at if at is not None else QRectF(self.viewport().rect()).center()
        before = self.scene_point(place)
        self._is_fitted = False
        self._set_scale(wanted)
        shift = self.viewportTransform().map(before) - place
        self._shift(-shift)
        self.zoomed.emit(wanted)

    def _set_scale(self, scale: float) -> None:
        self._scale = scale
        self.setTransform(self._turn.transform().scale(scale, scale))

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom(STEP**2)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom(1 / STEP**2)

    def travel_to(self, region: Region) -> None:
        """Bring a region before the eyes with some of its surroundings."""
        if 0 in self._size:
            return
        goal = QRectF(*region.box[:2], region.width, region.height)
        room = 0.35 * max(region.size)
        goal.adjust(-room, -room, room, room)
        self._is_fitted = False
        if self.is_calm:
            self._look_at(goal)
            return
        self._travel.stop()
        self._travel.setStartValue(self.seen())
        self._travel.setEndValue(goal)
        self._travel.start()

    def _on_travelled(self, value: object) -> None:
        if isinstance(value, QRectF):
            self._look_at(value)

    def seen(self) -> QRectF:
        """What of the scene is in the view, in picture pixels."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def _look_at(self, rect: QRectF, *, margin: int = 0, largest: float = _LARGEST) -> None:
        room = self.viewport().size() - QSize(2 * margin, 2 * margin)
        if room.width() <= 0 or room.height() <= 0 or rect.isEmpty():
            return
        width, height = rect.width(), rect.height()
        if self._turn.is_sideways:
            width, height = height, width
        self._set_scale(min(room.width() / width, room.height() / height, largest))
        self.centerOn(rect.center())
        self.zoomed.emit(self._scale)

    def _shift(self, by: QPointF) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - round(by.x()))
        down.setValue(down.value() - round(by.y()))

    def center_on(self, point: QPointF) -> None:
        """Bring a picture point into the middle."""
        self._travel.stop()
        self._is_fitted = False
        self.centerOn(point)

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by logical screen pixels."""
        self._is_fitted = False
        self._shift(QPointF(dx, dy))

    def region_between(self, one: QPointF, other: QPointF) -> Region | None:
        """The box between two corners in picture points: its edges on the nearest pixel edges.

        None where it holds no pixel of the picture.
        """
        width, height = self._size
        xs, ys = sorted((one.x(), other.x())), sorted((one.y(), other.y()))
        x0, x1 = (min(max(math.floor(x + 0.5), 0), width) for x in xs)
        y0, y1 = (min(max(math.floor(y + 0.5), 0), height) for y in ys)
        return Region(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802  Qt's name
        super().scrollContentsBy(dx, dy)
        self.moved.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        super().paintEvent(event)
        self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        self.resized.emit()


def scale_of(matrix: QTransform) -> float:
    """Device pixels per picture pixel of a transform that only scales and turns."""
    determinant = float(matrix.determinant())
    return math.sqrt(abs(determinant)) or 1.0
