"""What was shown enlarged: the program's boxes dashed, those of a person's regions solid."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

from inspector_app.domain.region import Region
from inspector_app.gui.canvas.held_item import HeldItem

_HALO = QColor(0, 0, 0, 150)
_TAG = 20.0


class BoxItem(HeldItem):
    """One region with its letter.

    Args:
        region: Where, in Frame pixels.
        letter: Its tag.
        colour: Of line and tag.
        is_solid: Drawn by a person, not by the program.
    """

    def __init__(
        self,
        region: Region,
        *,
        letter: str,
        colour: str,
        is_solid: bool,
    ) -> None:
        super().__init__(10)
        self.is_solid = is_solid
        self.region = region
        self.letter = letter
        self._colour = QColor(colour)
        self._is_lit = False
        self.on_hover: Callable[[bool], None] = lambda _is_over: None
        self.on_opened: Callable[[Region], None] = lambda _region: None

    def set_lit(self, is_lit: bool) -> None:
        """Stand out, because its card is pointed at."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self.update()

    def _rect(self) -> QRectF:
        r = self.region
        return QRectF(r.x0, r.y0, r.width, r.height)

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        margin = (_TAG + 6) / self._scale()
        return self._rect().adjusted(-margin, -margin, margin, margin)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
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

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: ARG002, N802
        self.on_hover(True)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:  # noqa: ARG002, N802
        self.on_hover(False)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        event.accept()
        self.on_opened(self.region)
