"""A verdict that is read from three metres: colour, symbol and word, as large as there is room."""

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector_app.domain.verdict import Outcome
from inspector_app.domain.wording import inert
from inspector_app.gui.painting import painter_on
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

_CONTEXT = "board"
_WORDS = {
    Outcome.PASS: (QT_TRANSLATE_NOOP("board", "OK"), "\N{CHECK MARK}"),
    Outcome.FAIL: (QT_TRANSLATE_NOOP("board", "NG"), "\N{MULTIPLICATION X}"),
    Outcome.CHECK: (QT_TRANSLATE_NOOP("board", "CHECK"), "?"),
}
_LARGEST = 400
_LINES = 6


class VerdictBoard(QWidget):
    """Shows one verdict, or a word that is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._outcome: Outcome | None = None
        self._idle = self._words = ""
        self._is_barred = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self.update)

    @property
    def outcome(self) -> Outcome | None:
        """What is shown; None while there is no verdict."""
        return self._outcome

    def show_outcome(self, outcome: Outcome | None, *, words: str = "", idle: str = "") -> None:
        """Show a verdict with its reason, or `idle` where there is none."""
        self._outcome, self._words, self._idle = outcome, inert(words, limit=160), idle
        self._is_barred = False
        self._tell()

    def show_bar(self, idle: str, *, words: str) -> None:
        """Show that nothing goes on: why in several lines, and no verdict of a part."""
        lines = "\n".join(inert(line, limit=160) for line in words.splitlines()[:_LINES])
        self._outcome, self._words, self._idle = None, lines, idle
        self._is_barred = True
        self._tell()

    @property
    def words(self) -> str:
        """What stands below: why."""
        return self._words

    def _tell(self) -> None:
        self.setAccessibleName(self.told)
        self.setAccessibleDescription(self._words)
        self.update()

    @property
    def told(self) -> str:
        """Word and symbol, as they stand there."""
        if self._outcome is None:
            return self._idle
        return f"{board_word(self._outcome)} {_WORDS[self._outcome][1]}"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        colours = self._look.colours
        is_told = self._outcome is not None
        ground = QColor(colours.outcome(self._outcome) if self._outcome else colours.raised)
        ink = _ink_on(ground) if is_told else QColor(colours.muted)
        if self._is_barred:
            ink = QColor(colours.text)
        with painter_on(self) as painter:
            painter.fillRect(self.rect(), ground)
            painter.setPen(ink)
            if self._is_barred:
                self._paint_bar(painter)
            room = self.rect().adjusted(24, 16, -24, -16)
            reason = QRect(room)
            reason.setTop(room.bottom() - room.height() // (2 if self._is_barred else 4))
            if self._words:
                room.setBottom(reason.top())
            share = 0.9 if is_told else 0.5
            self._fit(painter, self.told, room, share=share)
            if self._words:
                painter.setFont(self._font(max(18, self.height() // 22)))
                flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
                painter.drawText(reason, flags, self._words)

    def _paint_bar(self, painter: QPainter) -> None:
        """A frame of slanting stripes: told from every verdict without its colour."""
        wide = max(8, self.height() // 40)
        frame = QRegion(self.rect()) - QRegion(self.rect().adjusted(wide, wide, -wide, -wide))
        painter.save()
        painter.setClipRegion(frame)
        painter.fillRect(self.rect(), QColor(self._look.colours.outcome(Outcome.CHECK)))
        painter.setPen(QPen(QColor("#000000"), wide))
        for x in range(-self.height(), self.width(), 3 * wide):
            painter.drawLine(x, self.height(), x + self.height(), 0)
        painter.restore()

    def _fit(self, painter: QPainter, text: str, room: QRect, *, share: float) -> None:
        """One line, as large as the room allows."""
        font = self._font(100, is_bold=True)
        metrics = QFontMetricsF(font)
        wide = max(metrics.horizontalAdvance(text), 1.0)
        scale = min(room.width() / wide, room.height() * share / metrics.height())
        painter.setFont(self._font(max(12, min(_LARGEST, int(100 * scale))), is_bold=True))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)

    def _font(self, pixels: int, *, is_bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setBold(is_bold)
        return font


def board_word(outcome: Outcome) -> str:
    """What a verdict is called on the line, in the language of the moment."""
    return QCoreApplication.translate(_CONTEXT, _WORDS[outcome][0])


def _ink_on(ground: QColor) -> QColor:
    """Black or white, whichever stands out more (relative luminance, WCAG 2.2)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (ground.redF(), ground.greenF(), ground.blueF())
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    is_light = (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05)
    return QColor("#000000" if is_light else "#ffffff")
