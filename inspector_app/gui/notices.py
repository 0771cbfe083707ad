"""The one place that speaks to the user about trouble: inline cards, never a modal box."""

import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app import __version__
from inspector_app.domain.wording import inert
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.keys import keep_keys
from inspector_app.gui.parts import muted, plain
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.problems import problem_words, told_words
from inspector_app.log import discreet

_STAYS_MS = 8000
_MOST = 3
_ICONS = {Kind.INFO: "info", Kind.DONE: "done", Kind.TROUBLE: "trouble", Kind.BUG: "trouble"}


class NoticeCard(QFrame):
    """One sentence with its way out.

    Signals:
        closed: The user has read it, or its time is over.
    """

    closed = Signal()

    def __init__(self, notice: Notice, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("kind", notice.kind.value)
        self.notice = notice
        self._look = look
        self._symbol = QLabel()
        self._symbol.setFixedSize(20, 20)
        self.text, self.hint = plain(), muted()
        self.hint.setVisible(bool(notice.hint))
        self.close_button = QToolButton()
        self.close_button.clicked.connect(self.closed)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.text)
        words.addWidget(self.hint)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 9, 8, 9)
        self._layout.addLayout(row)
        self.copy_button = QPushButton()
        if notice.kind == Kind.BUG:
            self._add_trace()
        look.changed.connect(self._draw)
        self._draw()
        self.retranslate()
        keep_keys(self)

    def _add_trace(self) -> None:
        trace = QPlainTextEdit(self.notice.trace)
        trace.setReadOnly(True)
        trace.setMaximumHeight(120)
        trace.hide()
        self._details = QPushButton()
        self._details.setCheckable(True)
        self._details.toggled.connect(trace.setVisible)
        self._details.toggled.connect(lambda _is_on: self._grow())
        for button in (self._details, self.copy_button):
            button.setProperty("role", "flat")
        self.copy_button.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addWidget(self._details)
        row.addStretch()
        self._layout.addLayout(row)
        self._layout.addWidget(trace)

    def height_for(self, width: int) -> int:
        """What it needs at this width, with its sentences wrapped."""
        return self._layout.totalHeightForWidth(width)

    def _grow(self) -> None:
        parent = self.parentWidget()
        if isinstance(parent, Notices):
            parent.place()

    def _copy(self) -> None:
        report = (
            f"Inspector {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n"
            f"{discreet(self.notice.text)}\n\n{discreet(self.notice.trace)}"
        )
        QGuiApplication.clipboard().setText(report)
        self.copy_button.setText(self.tr("Copied"))

    def _draw(self) -> None:
        colours = self._look.colours
        colour = {Kind.INFO: colours.accent, Kind.DONE: colours.passed}.get(
            self.notice.kind, colours.trouble
        )
        self._symbol.setPixmap(self._look.pixmap(_ICONS[self.notice.kind], side=20, colour=colour))
        self.close_button.setIcon(self._look.icon("close"))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.text.setText(inert(problem_words(self.notice.text), limit=600))
        self.hint.setText(inert(told_words(self.notice.hint), limit=600))
        self.setAccessibleName(f"{self.text.text()} {self.hint.text()}".strip())
        self.close_button.setToolTip(self.tr("Close this notice"))
        self.close_button.setAccessibleName(self.tr("Close this notice"))
        if self.notice.kind == Kind.BUG:
            self.text.setText(self.tr("Something in the program went wrong; it goes on running."))
            self.hint.setText(inert(self.notice.text, limit=300))
            self.hint.show()
            self.copy_button.setText(self.tr("Copy for a report"))
            self._details.setText(self.tr("Details"))


class Notices(QWidget):
    """A short stack of notices at the top of the picture."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.cards: list[NoticeCard] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        parent.installEventFilter(self)
        self.hide()

    def say(self, notice: Notice) -> None:
        """Put a notice on top; the same sentence does not stand there twice.

        Nor does one that another gives as its reason: that says what it means for the work, too.
        """
        if any(notice.text in card.notice.hint for card in self.cards):
            return
        for card in list(self.cards):
            # Good news is soon old news: only the newest stays.
            is_old = card.notice.kind == notice.kind == Kind.DONE
            if is_old or card.notice.text == notice.text or card.notice.text in notice.hint:
                self._take_away(card)
        card = NoticeCard(notice, self._look, self)
        card.closed.connect(lambda: self._take_away(card))
        self._layout.insertWidget(0, card)
        self.cards.insert(0, card)
        for old in self.cards[_MOST:]:
            self._take_away(old)
        if notice.kind in (Kind.INFO, Kind.DONE):
            QTimer.singleShot(_STAYS_MS, card, card.closed.emit)
        self.show()
        self.place()

    def clear(self) -> None:
        """Close all."""
        while self.dismiss():
            pass

    def dismiss(self) -> bool:
        """Close the newest; whether there was one."""
        if self.cards:
            self._take_away(self.cards[0])
            return True
        return False

    def _take_away(self, card: NoticeCard) -> None:
        if card in self.cards:
            self.cards.remove(card)
            card.hide()
            card.deleteLater()
        self.setVisible(bool(self.cards))
        self.place()

    def place(self) -> None:
        """Stand in the middle at the top, as wide as is comfortable to read."""
        parent = self.parentWidget()
        if parent is None or not self.cards:
            return
        width = min(560, parent.width() - 32)
        height = sum(card.height_for(width) for card in self.cards)
        height += self._layout.spacing() * (len(self.cards) - 1)
        height = min(height, parent.height() - 24)
        self.setGeometry((parent.width() - width) // 2, 12, width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            for card in self.cards:
                card.retranslate()
        super().changeEvent(event)


class CrashNet(QObject):
    """Catches what nobody caught, in any thread, so that the program stays up.

    Signals:
        caught: A `Notice` with the trace.
    """

    caught = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = (sys.excepthook, threading.excepthook)

    def spread(self) -> None:
        """Take over the hooks."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def fold(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        told = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(told)
        self.caught.emit(Notice(Kind.BUG, f"{kind.__name__}: {error}", trace=told))

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)
