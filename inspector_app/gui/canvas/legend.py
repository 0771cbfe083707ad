"""Small texts over the picture: what the colours mean, what is open."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector_app.domain.attention import AttentionMap
from inspector_app.gui.facts import Display
from inspector_app.gui.theme import Look
from inspector_app.imaging.overlays import heat_rgba

_BAR = (120, 8)


class Legend(QFrame):
    """Says what the heat is, and what it is not."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._look = look
        self._title = QLabel()
        self._meaning = QLabel()
        self._meaning.setProperty("role", "muted")
        self._low, self._high = QLabel(), QLabel()
        for end in (self._low, self._high):
            end.setProperty("role", "muted")
        self._bar = QLabel()
        self._bar_of = ""
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._low)
        row.addWidget(self._bar)
        row.addWidget(self._high)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 7, 12, 8)
        layout.setSpacing(3)
        layout.addWidget(self._title)
        layout.addWidget(self._meaning)
        layout.addLayout(row)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._title.setText(self.tr("Where the model looked"))
        self._meaning.setText(self.tr("relative attention, not probability"))
        self._low.setText(self.tr("less"))
        self._high.setText(self.tr("more"))
        self.adjustSize()

    def show_map(self, attention: AttentionMap | None, display: Display) -> None:
        """Stand there while heat is on the picture."""
        if display.colour_map != self._bar_of:
            self._bar_of = display.colour_map
            self._bar.setPixmap(colour_bar(display.colour_map))
        self.setVisible(attention is not None and display.heat and not display.is_bare)


def colour_bar(name: str, *, size: tuple[int, int] = _BAR) -> QPixmap:
    """A colour map from low to high, (width, height) in pixels."""
    ramp = np.tile(np.linspace(0.0, 1.0, size[0], dtype=np.float32), (size[1], 1))
    rgba = np.ascontiguousarray(heat_rgba(ramp, size=size, colour_map=name, smooth=False))
    rgba[..., 3] = 255
    image = QImage(rgba.data, *size, 4 * size[0], QImage.Format.Format_RGBA8888)
    return QPixmap.fromImage(image.copy())


class CornerText(QWidget):
    """Lines in the upper left corner, readable on any picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lines: tuple[str, ...] = ()

    def set_lines(self, lines: Sequence[str]) -> None:
        """Show these, one below the other."""
        self._lines = tuple(lines)
        metrics = self.fontMetrics()
        width = max((metrics.horizontalAdvance(line) for line in self._lines), default=0)
        self.resize(width + 12, metrics.height() * len(self._lines) + 8)
        self.setAccessibleName("\n".join(self._lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        path = QPainterPath()
        for at, line in enumerate(self._lines):
            baseline = QPointF(4, 2 + at * metrics.height() + metrics.ascent())
            path.addText(baseline, QFont(self.font()), line)
        # White with a dark rim can be read on black film and on white paper alike.
        rim = QPen(QColor(0, 0, 0, 190), 3.0)
        rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, rim)
        painter.fillPath(path, QColor("#ffffff"))
        painter.end()
