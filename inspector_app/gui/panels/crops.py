"""The places shown enlarged, each with the answer it gave by itself."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector_app.domain.answer import Answer
from inspector_app.domain.messages import Words
from inspector_app.domain.preset import Cut
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.wording import inert, tag
from inspector_app.gui.facts import MANUAL
from inspector_app.gui.keys import keep_keys
from inspector_app.gui.parts import Bar, caption, muted, plain, restyle
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.words import EMPTY, TIMES, percent_words, score_words, sureness

_SIDE = 96
_GREY = 128


class CropCard(QFrame):
    """One crop: picture, letter, answer, probability.

    Signals:
        opened: A click, or Enter while it has the focus.
        pointed: Whether the mouse or the focus is on it.
    """

    opened = Signal()
    pointed = Signal(bool)

    def __init__(self, scored: ScoredRegion, portrait: QPixmap, *, letter: str, look: Look) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("takes_enter", True)
        self.setToolTip(score_words(scored))
        self._letter = letter
        self._picture = QLabel()
        self._picture.setPixmap(portrait)
        self._picture.setFixedSize(_SIDE, _SIDE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = caption(letter)
        self.text = plain(role="answer")
        # A click anywhere on the card opens it, also on its words.
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._bar, self._sure = Bar(look), muted()
        region = scored.region
        self._where = muted(f"{region.width} {TIMES} {region.height} px")
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (self._title, self.text, self._bar, self._sure):
            words.addWidget(part)
        words.addStretch()
        words.addWidget(self._where)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 10, 8)
        layout.setSpacing(10)
        layout.addWidget(self._picture)
        layout.addLayout(words, 1)
        self.show_answer(None)
        keep_keys(self)

    def show_words(self, text: str) -> None:
        """Words as they come."""
        self.text.setText(inert(text, limit=300))
        self.text.show()

    def show_answer(self, answer: Answer | None) -> None:
        """What this crop answered by itself, or nothing where it was not asked."""
        is_told = answer is not None
        for part in (self.text, self._bar, self._sure):
            part.setVisible(is_told)
        if answer is not None:
            share = sureness(answer)
            self.text.setText(inert(answer.text, limit=120) or EMPTY)
            self._bar.set_share(share)
            self._sure.setText(percent_words(share))
        self.setAccessibleName(f"{self._letter}: {self.text.text()}")

    def show_question(self, question: str) -> None:
        """It is asked something of its own."""
        if question:
            self._where.setText(f"{self._where.text()}\n{inert(question, limit=200)}")

    def set_lit(self, *, is_lit: bool) -> None:
        """Stand out, because its box is pointed at."""
        self.setProperty("lit", is_lit)
        restyle(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: ARG002, N802  Qt's name
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002, N802  Qt's name
        self.pointed.emit(False)


def _grey_outside(pixmap: QPixmap, region: Region, cut: Cut) -> None:
    """As the model is shown it: in grey what lies outside of the drawn outline."""
    across, down = pixmap.width() / region.width, pixmap.height() / region.height
    outside = QPainterPath()
    outside.addRect(0, 0, pixmap.width(), pixmap.height())
    outline = [QPointF((x - region.x0) * across, (y - region.y0) * down) for x, y in cut.outline]
    outside.addPolygon(QPolygonF(outline))
    painter = QPainter(pixmap)
    painter.fillPath(outside, QColor(_GREY, _GREY, _GREY))
    painter.end()


class CropStrip(QWidget):
    """A card for each region, in the order of their letters."""

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self.cards: list[CropCard] = []
        self._regions: tuple[ScoredRegion, ...] = ()
        self._answers: tuple[Answer, ...] = ()
        self._title = caption()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._title)
        session.region_lit.connect(self._light)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._title.setText(self.tr("Shown enlarged"))
        self._rebuild()

    def show_regions(self, regions: Sequence[ScoredRegion]) -> None:
        """Make a card for each."""
        self._regions = tuple(regions)
        self._rebuild()

    def show_answers(self, answers: Sequence[Answer]) -> None:
        """Put each crop's own answer on its card."""
        self._answers = tuple(answers)
        for card, answer in zip(self.cards, self._answers, strict=False):
            card.show_answer(answer)

    def show_words(self, words: Words) -> None:
        """Words of one crop's answer as they come."""
        for index, card in enumerate(self.cards):
            if tag(index) == words.whose:
                card.show_words(words.text)

    def _rebuild(self) -> None:
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards.clear()
        picture = self._session.picture
        shown = self._regions if picture is not None else ()
        for index, scored in enumerate(shown):
            cut = self._cut_of(index, scored)
            card = CropCard(scored, self._portrait(scored, cut), letter=tag(index), look=self._look)
            card.show_question(cut.question)
            card.opened.connect(lambda region=scored.region: self._session.zoom_to(region))
            card.pointed.connect(
                lambda is_over, index=index: self._session.light(index if is_over else -1)
            )
            self._layout.addWidget(card)
            self.cards.append(card)
        self.setVisible(bool(self.cards))
        self.show_answers(self._answers)

    def _cut_of(self, index: int, scored: ScoredRegion) -> Cut:
        """What belongs to a region that was drawn by hand."""
        inspection, request = self._session.inspection, self._session.asking.request
        if scored.origin != MANUAL:
            return Cut()
        if inspection is not None:
            return inspection.options.cut_of(index)
        return request.options.cut_of(index) if request is not None else Cut()

    def _portrait(self, scored: ScoredRegion, cut: Cut) -> QPixmap:
        picture = self._session.picture
        region = scored.region.clipped(picture.size) if picture is not None else None
        if picture is None or region is None:
            return QPixmap()
        ratio = self.devicePixelRatioF()
        image = picture.pyramid.portrait(region, side=round(_SIDE * ratio))
        pixmap = QPixmap.fromImage(image)
        if cut.outline:
            _grey_outside(pixmap, region, cut)
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _light(self, index: int) -> None:
        for at, card in enumerate(self.cards):
            card.set_lit(is_lit=at == index)
