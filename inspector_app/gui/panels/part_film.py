"""The parts of a shift that stay in sight, newest first."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector_app.domain.shift import FILM
from inspector_app.gui.operating import Operating
from inspector_app.gui.painting import painter_on
from inspector_app.gui.panels.live_picture import paint_cell
from inspector_app.gui.panels.verdict_board import board_word
from inspector_app.gui.theme import Look

_GAP = 6
_HEIGHT = 84
_LARGEST = QSize(150, 112)


class PartFilm(QWidget):
    """As many cells as parts stay in sight; failures leave last."""

    def __init__(self, operating: Operating, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operating, self._look = operating, look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._scale = 1.0
        self.set_scale(1.0)
        look.changed.connect(self.update)
        operating.shift_changed.connect(lambda _shift: self._tell())

    def set_scale(self, scale: float) -> None:
        """As many times the usual size."""
        self._scale = scale
        self.setFixedHeight(int(_HEIGHT * scale))
        self.update()

    def cell(self, at: int) -> QRect:
        """Where a part stands; 0 is the newest."""
        widest = int(_LARGEST.width() * self._scale)
        width = min((self.width() + _GAP) // FILM - _GAP, widest)
        return QRect(at * (width + _GAP), 0, width, self.height())

    def _tell(self) -> None:
        words = (f"{part.number} {board_word(part.final)}" for part in self._operating.shift.film)
        self.setAccessibleName(", ".join(words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        with painter_on(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for at, part in enumerate(self._operating.shift.film):
                image = self._operating.image_of(part)
                paint_cell(
                    painter,
                    self.cell(at),
                    image,
                    outcome=part.final,
                    look=self._look,
                    scale=self._scale,
                    word=board_word(part.final),
                )
