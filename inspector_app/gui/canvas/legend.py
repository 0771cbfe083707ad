"""Small texts over the picture: what the colours mean, what is open."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.wording import inert
from inspector_app.gui.facts import Display
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.words import strategy_title
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
        self._method = "relative_attention"
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
        method = strategy_title(self._method, otherwise=self._method.replace("_", " "))
        self._meaning.setText(self.tr("{method}, not probability").format(method=method))
        self._low.setText(self.tr("less"))
        self._high.setText(self.tr("more"))
        self.adjustSize()

    def show_map(self, attention: AttentionMap | None, display: Display) -> None:
        """Stand there while heat is on the picture."""
        if display.colour_map != self._bar_of:
            self._bar_of = display.colour_map
            self._bar.setPixmap(colour_bar(display.colour_map))
        if attention is not None and attention.method != self._method:
            self._method = attention.method
            self.retranslate()
        self.setVisible(attention is not None and display.heat and not display.is_bare)


def colour_bar(name: str, *, size: tuple[int, int] = _BAR) -> QPixmap:
    """A colour map from low to high, (width, height) in pixels."""
    ramp = np.tile(np.linspace(0.0, 1.0, size[0], dtype=np.float32), (size[1], 1))
    rgba = np.ascontiguousarray(heat_rgba(ramp, size=size, colour_map=name, smooth=False))
    rgba[..., 3] = 255
    image = QImage(rgba.data, *size, 4 * size[0], QImage.Format.Format_RGBA8888)
    return QPixmap.fromImage(image.copy())


class CornerText(QLabel):
    """Lines in the upper left corner: what is open, how near."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("corner")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(6, 2, 6, 3)

    def set_lines(self, lines: Sequence[str]) -> None:
        """Show these, one below the other."""
        self.setText("\n".join(inert(line, limit=80) for line in lines))
        self.adjustSize()

    def fit(self, width: int) -> None:
        """Break lines that are wider than `width` logical pixels."""
        self.setWordWrap(False)
        natural = self.sizeHint()
        if natural.width() > width > 0:
            self.setWordWrap(True)
            natural = QSize(width, self.heightForWidth(width))
        self.resize(natural)
