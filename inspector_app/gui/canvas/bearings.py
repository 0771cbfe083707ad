"""Where one is in a picture that is larger than the window: a small map and a ruler."""

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QWidget

from inspector_app.domain.region import Region
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.painting import painter_on
from inspector_app.gui.picture import Picture, Tone
from inspector_app.gui.theme import Look

_LONGEST = 140
_RULER = (170, 30)


class MiniMap(QWidget):
    """The whole picture with a frame about what is seen; a click goes there.

    Signals:
        wanted: Picture point (QPointF) to bring into the middle.
    """

    wanted = Signal(QPointF)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._image = QImage()
        self._size = (1, 1)
        self._picture: Picture | None = None
        self._tone = Tone()
        self._turn = Turn()
        self._seen = QRectF()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_picture(self, picture: Picture | None) -> None:
        """Take over another picture."""
        self._picture = picture
        self._image = QImage()
        self._draw()

    def show_tone(self, tone: Tone) -> None:
        """Show it through another grey window."""
        if tone != self._tone:
            self._tone = tone
            self._draw()

    def show_turn(self, turn: Turn) -> None:
        """Show it another way up."""
        if turn != self._turn:
            self._turn = turn
            self._draw()

    def _draw(self) -> None:
        picture = self._picture
        if picture is None:
            self.hide()
            return
        self._size = picture.size
        ratio = self.devicePixelRatioF()
        side = round(_LONGEST * ratio)
        whole = Region.whole(picture.size)
        image = picture.pyramid.portrait(whole, side=side, tone=self._tone)
        self._image = image.transformed(self._turn.transform())
        self._image.setDevicePixelRatio(ratio)
        scale = _LONGEST / max(picture.size)
        width, height = (max(8, round(part * scale)) + 4 for part in picture.size)
        self.resize(*((height, width) if self._turn.is_sideways else (width, height)))
        self.update()

    def _onto_map(self) -> QTransform:
        """From picture points to places of this widget."""
        whole = self._turn.transform().mapRect(QRectF(0, 0, *self._size))
        made = QTransform.fromTranslate(2, 2)
        made.scale((self.width() - 4) / whole.width(), (self.height() - 4) / whole.height())
        made.translate(-whole.x(), -whole.y())
        return self._turn.transform() * made

    def show_seen(self, seen: QRectF, *, is_fitted: bool) -> None:
        """Frame what is seen (picture pixels); not needed where all of it is."""
        self._seen = seen.intersected(QRectF(0, 0, *self._size))
        is_all = self._seen.size() == QRectF(0, 0, *self._size).size()
        self.setVisible(not (is_fitted or is_all or self._image.isNull()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        with painter_on(self) as painter:
            painter.fillRect(self.rect(), QColor(self._look.colours.overlay))
            painter.drawImage(QRectF(self.rect()).adjusted(2, 2, -2, -2), self._image)
            seen = self._onto_map().mapRect(self._seen)
            seen.setSize(seen.size().expandedTo(QSizeF(3, 3)))
            for colour, width in (
                (QColor(0, 0, 0, 170), 4),
                (QColor(self._look.colours.accent), 2),
            ):
                painter.setPen(QPen(colour, width))
                painter.drawRect(seen)

    def _go(self, event: QMouseEvent) -> None:
        back, _is_possible = self._onto_map().inverted()
        self.wanted.emit(back.map(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)


class Ruler(QWidget):
    """A line of known length: in millimetres where the picture is calibrated, else in pixels."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(*_RULER)
        self.words = ""
        self._length = 0.0
        self.hide()

    def show_scale(self, scale: float, *, mm_per_pixel: float | None) -> None:
        """Logical screen pixels per picture pixel; mm per picture pixel or None."""
        unit = mm_per_pixel if mm_per_pixel is not None else 1.0
        if scale <= 0 or unit <= 0 or not math.isfinite(scale * unit):
            self.hide()
            return
        wanted = round_length(110 * unit / scale)
        self._length = wanted / unit * scale
        self.words = f"{wanted:g} mm" if mm_per_pixel is not None else f"{wanted:g} px"
        self.setAccessibleName(self.words)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        with painter_on(self) as painter:
            right, low = self.width() - 4.0, self.height() - 8.0
            left = right - self._length
            # Dark under light: can be read on film and on paper.
            for colour, width in ((QColor(0, 0, 0, 190), 4), (QColor(255, 255, 255), 2)):
                pen = QPen(colour, width)
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(left, low), QPointF(right, low))
                for end in (left, right):
                    painter.drawLine(QPointF(end, low - 4), QPointF(end, low + 4))
            place = QRectF(0, 0, right, low - 3)
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            # On the same shade as the texts in the corners: an outline of letters is hard to read.
            shade = painter.boundingRect(place, align, self.words).adjusted(-5, -1, 4, 1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 150))
            painter.drawRoundedRect(shade, 4, 4)
            painter.setPen(QColor(244, 244, 244))
            painter.drawText(place, align, self.words)


def round_length(about: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above `about`."""
    power = 10.0 ** math.floor(math.log10(about))
    return max(step * power for step in (1, 2, 5) if step * power <= about * (1 + 1e-9))
