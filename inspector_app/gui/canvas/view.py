"""The canvas: zoom at the cursor, pan, fit, and a rectangle drawn by hand."""

from PySide6.QtCore import (
    QEasingCurve,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QRubberBand, QWidget

from inspector_app.domain.region import Region

_STEP = 1.2
_LARGEST = 64.0
_MARGIN = 12
_TRAVEL_MS = 150


class View(QGraphicsView):
    """A scene in picture pixels with the habits of a picture viewer.

    The wheel zooms at the cursor, the left or middle button pans, a double click fits.
    While `is_drawing`, the left button draws a rectangle instead.

    Signals:
        zoomed: Logical screen pixels per picture pixel.
        pointed: Picture point under the mouse (QPointF), or None outside the view.
        drawn: A `Region` that was drawn.
        clicked_empty: A click that hit no box.
        moved: Another part of the picture is seen.
    """

    zoomed = Signal(float)
    pointed = Signal(object)
    drawn = Signal(object)
    clicked_empty = Signal()
    moved = Signal()

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
        self._is_fitted = True
        self._is_drawing = False
        self.is_calm = False
        self._pan_from: QPoint | None = None
        self._drawn_from: QPoint | None = None
        self._was_moved = False
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._travel = QVariantAnimation(self)
        self._travel.setDuration(_TRAVEL_MS)
        self._travel.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._travel.valueChanged.connect(self._on_travelled)

    @property
    def scale_now(self) -> float:
        """Logical screen pixels per picture pixel."""
        return float(self.transform().m11())

    @property
    def is_fitted(self) -> bool:
        """Whether the whole picture follows the window's size."""
        return self._is_fitted

    def set_size(self, size: tuple[int, int]) -> None:
        """(width, height) of a new picture, shown whole."""
        self._travel.stop()
        self._size = size
        width, height = size
        # Room about the picture, so that its corners can be brought to the middle.
        self.scene().setSceneRect(-width, -height, 3 * width, 3 * height)
        self.fit()

    def set_drawing(self, *, is_on: bool) -> None:
        """Whether the left button draws."""
        self._is_drawing = is_on
        self._drawn_from = None
        self._band.hide()
        self.viewport().setCursor(
            Qt.CursorShape.CrossCursor if is_on else Qt.CursorShape.ArrowCursor
        )

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

    def zoom(self, factor: float, *, at: QPointF | None = None) -> None:
        """Zoom about a point of the viewport, by default its middle."""
        if 0 in self._size:
            return
        self._travel.stop()
        smallest = min(0.02, 64 / max(self._size))
        wanted = min(max(self.scale_now * factor, smallest), _LARGEST)
        place = at if at is not None else QRectF(self.viewport().rect()).center()
        before = self.mapToScene(place.toPoint())
        self._is_fitted = False
        self.setTransform(QTransform.fromScale(wanted, wanted))
        after = self.mapToScene(place.toPoint())
        shift = after - before
        self._shift(QPointF(shift.x() * wanted, shift.y() * wanted))
        self.zoomed.emit(wanted)

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom(_STEP**2)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom(1 / _STEP**2)

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
        scale = min(room.width() / rect.width(), room.height() / rect.height(), largest)
        self.setTransform(QTransform.fromScale(scale, scale))
        self.centerOn(rect.center())
        self.zoomed.emit(scale)

    def _shift(self, by: QPointF) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - round(by.x()))
        down.setValue(down.value() - round(by.y()))

    def center_on(self, point: QPointF) -> None:
        """Bring a picture point into the middle."""
        self._travel.stop()
        self._is_fitted = False
        self.centerOn(point)

    def pan(self, dx: int, dy: int) -> None:
        """Move the picture by logical screen pixels."""
        self._is_fitted = False
        self._shift(QPointF(dx, dy))

    def _region_of(self, rect: QRect) -> Region | None:
        """What a rectangle of the viewport covers, in whole picture pixels."""
        seen = self.mapToScene(rect).boundingRect()
        x0, y0 = max(0, int(seen.left() + 0.5)), max(0, int(seen.top() + 0.5))
        x1 = min(self._size[0], int(seen.right() + 0.5))
        y1 = min(self._size[1], int(seen.bottom() + 0.5))
        return Region(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802  Qt's name
        super().scrollContentsBy(dx, dy)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  Qt's name
        pixels = event.angleDelta().y()
        if pixels:
            self.zoom(_STEP ** (pixels / 120), at=event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        place = event.position().toPoint()
        self._was_moved = False
        if event.button() == Qt.MouseButton.MiddleButton:
            self._begin_pan(place)
        elif event.button() == Qt.MouseButton.LeftButton and self._is_drawing:
            self._drawn_from = place
            self._band.setGeometry(QRect(place, QSize()))
            self._band.show()
        else:
            super().mousePressEvent(event)
            if not event.isAccepted() and event.button() == Qt.MouseButton.LeftButton:
                self._begin_pan(place)
        event.accept()

    def _begin_pan(self, place: QPoint) -> None:
        self._travel.stop()
        self._pan_from = place

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        place = event.position().toPoint()
        self.pointed.emit(self.mapToScene(place))
        if self._drawn_from is not None:
            self._band.setGeometry(QRect(self._drawn_from, place).normalized())
        elif self._pan_from is not None:
            moved = place - self._pan_from
            if moved.manhattanLength() > 2 or self._was_moved:
                self._was_moved = True
                self._pan_from = place
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
                self.pan(moved.x(), moved.y())
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        place = event.position().toPoint()
        if self._drawn_from is not None:
            rect = QRect(self._drawn_from, place).normalized()
            self._drawn_from = None
            self._band.hide()
            region = self._region_of(rect)
            if region is not None and rect.width() >= 4 and rect.height() >= 4:
                self.drawn.emit(region)
        elif self._pan_from is not None:
            self._pan_from = None
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
            if not self._was_moved:
                self.clicked_empty.emit()
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        event.ignore()
        super().mouseDoubleClickEvent(event)
        if not event.isAccepted():
            self.fit()

    def leaveEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        self.pointed.emit(None)
        super().leaveEvent(event)  # type: ignore[arg-type]
