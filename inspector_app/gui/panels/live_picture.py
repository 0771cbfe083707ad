"""The live picture itself, and the strip of those that were judged."""

import time
from collections.abc import Callable

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
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QSizePolicy,
    QStyleOptionGraphicsItem,
    QWidget,
)

from inspector_app.domain.frame import Pixels
from inspector_app.domain.live import Shot
from inspector_app.gui.canvas.camera import scale_of
from inspector_app.gui.canvas.view import View
from inspector_app.gui.live_session import Judged
from inspector_app.gui.painting import painter_on, unharmed
from inspector_app.gui.picture import image_of
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.words import outcome_word
from inspector_app.imaging.resizing import for_screen, thumbnail

_KEPT = 24
_CELL = QSize(104, 78)
_GAP = 8
_FADED = 0.35
_CRISP_FROM = 6.0
"""Device pixels per picture pixel from which on pixels are shown as squares."""


class _LiveItem(QGraphicsItem):
    """The newest picture in its own pixels; what is seen of it is made ready while painting."""

    def __init__(self) -> None:
        super().__init__()
        self._pixels: Pixels | None = None
        self.on_painted: Callable[[], None] = lambda: None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_pixels(self, pixels: Pixels | None) -> None:
        """Exchange the picture."""
        before = None if self._pixels is None else self._pixels.shape
        if before != (None if pixels is None else pixels.shape):
            self.prepareGeometryChange()
        self._pixels = pixels
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        if self._pixels is None:
            return QRectF()
        height, width = self._pixels.shape[:2]
        return QRectF(0, 0, width, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,  # noqa: ARG002  Qt's signature
    ) -> None:
        if self._pixels is not None:
            with unharmed(painter):
                self._paint_seen(painter, option.exposedRect, self._pixels)

    def _paint_seen(self, painter: QPainter, exposed: QRectF, pixels: Pixels) -> None:
        height, width = pixels.shape[:2]
        box = exposed.toAlignedRect().adjusted(-1, -1, 1, 1).intersected(QRect(0, 0, width, height))
        if box.isEmpty():
            return
        scale = scale_of(painter.deviceTransform())
        cut = pixels[box.top() : box.bottom() + 1, box.left() : box.right() + 1]
        # From here on pixels are shown as squares.
        is_crisp = scale >= _CRISP_FROM
        size = box.width(), box.height()
        if not is_crisp:
            size = max(1, round(box.width() * scale)), max(1, round(box.height() * scale))
            cut = for_screen(cut, size=size)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_crisp)
        painter.drawImage(QRectF(box), image_of(np.ascontiguousarray(cut)))
        self.on_painted()


class LivePicture(View):
    """The newest picture, with the habits of the canvas; faded while it must not be trusted.

    It takes no focus: keys are for the page.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shot: Shot | None = None
        self._words = ""
        self._is_faded = False
        self._is_painted = True
        self._item = _LiveItem()
        self._item.on_painted = self._on_shown
        self.scene().addItem(self._item)
        self.delay_s: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(240, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._on_look_changed)
        self._on_look_changed()

    @property
    def shot(self) -> Shot | None:
        """The one on the screen."""
        return self._shot

    def show_shot(self, shot: Shot | None) -> None:
        """Exchange the picture; zoom and place stay while its size does."""
        self._shot = shot
        self._is_painted = False
        self._item.show_pixels(shot.pixels if shot is not None else None)
        if shot is not None:
            height, width = shot.pixels.shape[:2]
            if (width, height) != self.picture_size:
                self.set_size((width, height))
        self.viewport().update()

    def show_words(self, words: str, *, is_faded: bool) -> None:
        """What stands over the picture; and whether it is faded."""
        if (words, is_faded) != (self._words, self._is_faded):
            self._words, self._is_faded = words, is_faded
            self._item.setOpacity(_FADED if is_faded else 1.0)
            self.viewport().update()

    def _on_shown(self) -> None:
        if not self._is_painted and self._shot is not None:
            self._is_painted = True
            self.delay_s = time.monotonic() - self._shot.taken_s

    def _on_look_changed(self) -> None:
        self.setBackgroundBrush(QColor(self._look.colours.canvas))
        self.is_calm = self._look.is_calm

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        super().paintEvent(event)
        if self._words:
            with painter_on(self.viewport()) as painter:
                self._paint_words(painter)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802  Qt's name
        super().scrollContentsBy(dx, dy)
        if self._words:
            # The banner does not move with the picture.
            self.viewport().update()

    def _paint_words(self, painter: QPainter) -> None:
        """A banner across the picture: words and colour both say it."""
        font = QFont(self.font())
        font.setPixelSize(20)
        font.setBold(True)
        painter.setFont(font)
        room = self.viewport().rect().adjusted(40, 0, -40, 0)
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

    def correct(self, path: str, outcome: str) -> None:
        """A person said otherwise of a picture."""
        self._cells = [
            (image, outcome if one == path else was, one) for image, was, one in self._cells
        ]
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
                paint_cell(painter, cell, image, outcome=outcome, look=self._look)
                left += _CELL.width() + _GAP

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        at = int(event.position().x() - _GAP) // (_CELL.width() + _GAP)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(self._cells):
            self.chosen.emit(self._cells[at][2])


def paint_cell(  # noqa: PLR0913  what a cell shows
    painter: QPainter,
    cell: QRect,
    image: QImage,
    *,
    outcome: str,
    look: Look,
    scale: float = 1.0,
    word: str = "",
) -> None:
    """One judged picture of a film: framed in its verdict's colour, with its verdict's word.

    Args:
        painter: Of the film.
        cell: Where it stands there.
        image: The picture.
        outcome: Its verdict; "" for none.
        look: Colours.
        scale: Times the usual size of the letters.
        word: What the verdict is called here; "" for what it is called elsewhere.
    """
    colour = QColor(look.colours.outcome(outcome))
    high = int(20 * scale) if outcome else 0
    room = cell.adjusted(0, 0, 0, -high)
    size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    spot = QRect(room.topLeft(), size)
    spot.moveCenter(room.center())
    painter.fillRect(cell, QColor(look.colours.canvas))
    painter.drawImage(spot, image)
    painter.setPen(QPen(colour, 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(cell.adjusted(1, 1, -2, -2))
    if outcome:
        tag = QRect(cell.left(), cell.bottom() - high + 1, cell.width(), high)
        painter.fillRect(tag, QColor(look.colours.panel))
        painter.fillRect(QRect(tag.left(), tag.top(), tag.width(), 3), colour)
        painter.setPen(QColor(look.colours.text))
        if scale != 1:
            font = QFont(painter.font())
            font.setPixelSize(int(13 * scale))
            painter.setFont(font)
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), word or outcome_word(outcome))
