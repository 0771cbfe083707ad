"""A picture as large as there is room for it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector_app.domain.region import Region
from inspector_app.gui.painting import painter_on

_HALO, _LEAST = "#101010", 16.0


class Still(QWidget):
    """Shows an image whole, in its own shape, in the middle, and frames in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.boxes: tuple[Region, ...] = ()
        self._of, self._colour = (0, 0), ""
        self.setMinimumSize(200, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return QSize(400, 300)

    def show_image(self, image: QImage) -> None:
        """Another image; a null one shows nothing."""
        self.image = image
        self.update()

    def show_boxes(self, boxes: Sequence[Region], *, of: tuple[int, int], colour: str) -> None:
        """Frames about what was found in a picture of (width, height); none where it has none."""
        self.boxes = tuple(boxes) if min(of) > 0 else ()
        self._of, self._colour = of, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        if self.image.isNull():
            return
        size = self.image.size()
        scale = min(self.width() / size.width(), self.height() / size.height())
        target = QRectF(0, 0, size.width() * scale, size.height() * scale)
        target.moveCenter(QRectF(self.rect()).center())
        with painter_on(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, self.image)
            painter.translate(target.topLeft())
            for box in self.boxes:
                self._paint(painter, box, target)

    def _paint(self, painter: QPainter, box: Region, target: QRectF) -> None:
        across, down = target.width() / self._of[0], target.height() / self._of[1]
        frame = QRectF(*(box.x0 * across, box.y0 * down), *(box.width * across, box.height * down))
        # A small finding stays in sight from where an operator stands.
        lacking = max(0.0, _LEAST - min(frame.width(), frame.height())) / 2
        frame.adjust(-lacking, -lacking, lacking, lacking)
        for colour, width in ((_HALO, 7), (self._colour, 3)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(frame)
