"""The live picture itself, and the strip of those that were judged."""

import time

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector_app.domain.live import Shot
from inspector_app.gui.live_session import Judged
from inspector_app.gui.painting import painter_on
from inspector_app.gui.picture import image_of
from inspector_app.gui.theme import Look
from inspector_app.gui.words import outcome_word
from inspector_app.imaging.resizing import for_screen, thumbnail

_KEPT = 24
_CELL = QSize(104, 78)
_GAP = 8
_LARGEST = 8.0
_FADED = 0.35


class LivePicture(QWidget):
    """The newest picture, as large as there is room; faded while it must not be trusted."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shot: Shot | None = None
        self._image: QImage | None = None
        self._words = ""
        self._is_faded = False
        self._is_painted = True
        self.delay_s: float | None = None
        self.setMinimumSize(240, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self.update)

    @property
    def shot(self) -> Shot | None:
        """The one on the screen."""
        return self._shot

    def show_shot(self, shot: Shot | None) -> None:
        """Exchange the picture."""
        self._shot = shot
        self._is_painted = False
        self._fit()
        self.update()

    def show_words(self, words: str, *, is_faded: bool) -> None:
        """What stands over the picture; and whether it is faded."""
        if (words, is_faded) != (self._words, self._is_faded):
            self._words, self._is_faded = words, is_faded
            self.update()

    def _fit(self) -> None:
        if self._shot is None:
            self._image = None
            return
        height, width = self._shot.pixels.shape[:2]
        ratio = self.devicePixelRatioF()
        scale = min(self.width() * ratio / width, self.height() * ratio / height, _LARGEST)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        self._image = image_of(for_screen(self._shot.pixels, size=size))
        self._image.setDevicePixelRatio(ratio)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        with painter_on(self) as painter:
            painter.fillRect(self.rect(), QColor(self._look.colours.canvas))
            if self._image is not None:
                size = self._image.deviceIndependentSize()
                left = (self.width() - size.width()) / 2
                top = (self.height() - size.height()) / 2
                painter.setOpacity(_FADED if self._is_faded else 1.0)
                painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
                painter.setOpacity(1.0)
                if not self._is_painted and self._shot is not None:
                    self._is_painted = True
                    self.delay_s = time.monotonic() - self._shot.taken_s
            if self._words:
                self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        """A banner across the picture: words and colour both say it."""
        font = QFont(self.font())
        font.setPixelSize(20)
        font.setBold(True)
        painter.setFont(font)
        room = self.rect().adjusted(40, 0, -40, 0)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        needed = painter.boundingRect(room, flags, self._words).adjusted(-20, -12, 20, 12)
        colours = self._look.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.check if self._is_faded else colours.accent), 2))
        painter.setBrush(QColor(colours.panel))
        painter.drawRoundedRect(needed, 8, 8)
        painter.setPen(QColor(colours.text))
        painter.drawText(needed, flags, self._words)


class FilmStrip(QWidget):
    """The last judged pictures, newest first, each with its verdict as colour and word.

    Signals:
        chosen: Path of one that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._cells: list[tuple[QImage, str, str]] = []
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_CELL.height() + 2 * _GAP)
        look.changed.connect(self.update)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Newest first."""
        return tuple(outcome for _image, outcome, _path in self._cells)

    def add(self, judged: Judged) -> None:
        """One more."""
        ratio = self.devicePixelRatioF()
        pixels = np.ascontiguousarray(judged.shot.pixels)
        small = image_of(thumbnail(pixels, longest=round(_CELL.width() * ratio)))
        self._cells = [(small, judged.outcome, judged.path), *self._cells][:_KEPT]
        self.setAccessibleName(", ".join(outcome_word(one) or "-" for one in self.outcomes))
        self.update()

    def clear(self) -> None:
        """None."""
        self._cells = []
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        with painter_on(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left = _GAP
            for image, outcome, _path in self._cells:
                cell = QRect(left, _GAP, _CELL.width(), _CELL.height())
                if cell.left() > self.width():
                    break
                self._paint_cell(painter, cell, image, outcome)
                left += _CELL.width() + _GAP

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        at = int(event.position().x() - _GAP) // (_CELL.width() + _GAP)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(self._cells):
            self.chosen.emit(self._cells[at][2])

    def _paint_cell(self, painter: QPainter, cell: QRect, image: QImage, outcome: str) -> None:
        colour = QColor(self._look.colours.outcome(outcome))
        size = image.size().scaled(cell.size(), Qt.AspectRatioMode.KeepAspectRatio)
        spot = QRect(cell.topLeft(), size)
        spot.moveCenter(cell.center())
        painter.fillRect(cell, QColor(self._look.colours.canvas))
        painter.drawImage(spot, image)
        painter.setPen(QPen(colour, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell.adjusted(1, 1, -1, -1))
        if outcome:
            tag = QRect(cell.left(), cell.bottom() - 19, cell.width(), 20)
            painter.fillRect(tag, QColor(self._look.colours.panel))
            painter.fillRect(QRect(tag.left(), tag.top(), tag.width(), 3), colour)
            painter.setPen(QColor(self._look.colours.text))
            painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), outcome_word(outcome))
