"""The stored inspections, newest first, or those searched for; a click shows one again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QEvent,
    QLocale,
    QModelIndex,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.record_messages import RecordLine
from inspector_app.domain.search import Search
from inspector_app.domain.wording import inert
from inspector_app.gui.panels.rows import RowPainter
from inspector_app.gui.parts import muted, plain_tip, row_list
from inspector_app.gui.search_bar import SearchBar
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.veil import Veil
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.wording.words import outcome_word
from inspector_app.gui.worklist import Index

LINE = Qt.ItemDataRole.UserRole + 1
NAME = Qt.ItemDataRole.UserRole + 2
_ROW = 68
_NOWHERE = QModelIndex()


class _Lines(QAbstractListModel):
    """Record lines as a list model."""

    def __init__(self, veil: Veil, parent: QWidget) -> None:
        super().__init__(parent)
        self._veil = veil
        self._lines: tuple[RecordLine, ...] = ()
        veil.moved.connect(lambda _is_down: self.set_lines(self._lines))

    def set_lines(self, lines: Sequence[RecordLine]) -> None:
        """Exchange all of them."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802  Qt's name
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            # What the filter looks at and a screen reader says.
            name = self._veil.record_name(line)
            parts = (name, line.question, line.answer, line.outcome)
            return inert(" · ".join(part for part in parts if part))
        if role == Qt.ItemDataRole.ToolTipRole:
            place = self._veil.record_name(line) if self._veil.is_down else line.locator
            return plain_tip(inert(f"{place} · {_when(line.created, is_short=False)}"))
        if role == NAME:
            return inert(self._veil.record_name(line))
        return None


class _Row(RowPainter):
    """Paints one stored inspection."""

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE)
        if not isinstance(line, RecordLine):
            return
        colours = self._look.colours
        rect = self._paint_ground(painter, option)
        metrics = painter.fontMetrics()
        height = metrics.height()
        left, width = rect.left() + 12, rect.width() - 24
        top = rect.top() + (_ROW - 3 * height - 4) // 2
        answer = inert(line.answer, limit=200)
        if line.outcome:
            drawn = self._look.pixmap(
                line.outcome.lower(), side=15, colour=colours.outcome(line.outcome)
            )
            painter.drawPixmap(left, top + (height - 15) // 2 + 1, drawn)
            answer = f"{outcome_word(line.outcome)} · {answer}"
        rows = (
            (answer, colours.text, 21 if line.outcome else 0),
            (inert(line.question, limit=200), colours.text, 0),
            (f"{_when(line.created)} · {index.data(NAME)}", colours.muted, 0),
        )
        for at, (words, colour, indent) in enumerate(rows):
            place = QRect(left + indent, top + at * (height + 2), width - indent, height)
            painter.setPen(QColor(colour))
            elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)
        painter.setPen(QColor(colours.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def _when(created: str, *, is_short: bool = True) -> str:
    """A record's time in the place and language of the user."""
    try:
        at = datetime.fromisoformat(created)
    except ValueError:
        return created
    if is_short:
        # As in corners and reports: a short date of a country could be another day elsewhere.
        return at.astimezone().strftime("%Y-%m-%d %H:%M")
    moment = QDateTime.fromSecsSinceEpoch(int(at.timestamp()))
    return QLocale().toString(moment, QLocale.FormatType.LongFormat)


class HistoryPanel(QWidget):
    """Stored inspections: the newest, or all that are searched for."""

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._is_searching = False
        self.bar = SearchBar(columns=1)
        self.list = row_list()
        self.list.setItemDelegate(_Row(look, _ROW, self.list))
        self._lines = _Lines(session.veil, self)
        self.list.setModel(self._lines)
        self.empty = muted()
        top = QVBoxLayout()
        top.setContentsMargins(10, 0, 10, 0)
        top.addWidget(self.bar)
        top.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        self.bar.changed.connect(self._search)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        session.archive.lines_changed.connect(self._on_lines)
        session.read_first.hidden_changed.connect(
            lambda _one: self._on_lines(session.archive.lines)
        )
        look.changed.connect(self.list.viewport().update)
        self.retranslate()
        self._show(session.archive.lines)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.list.setAccessibleName(self.tr("History"))
        self._say(self._lines.rowCount())

    def _search(self, search: Search) -> None:
        self._is_searching = search != Search()
        if self._is_searching:
            self._session.desk.search(search, self._on_found)
        else:
            self._show(self._session.archive.lines)

    def _on_found(self, lines: Sequence[RecordLine]) -> None:
        if self._is_searching:
            # That a word or verdict finds a picture tells what was found in it.
            hides = self._session.read_first.hides
            self._show([line for line in lines if not hides(line.locator)])

    def _on_lines(self, lines: Sequence[RecordLine]) -> None:
        if self._is_searching and self._session.archive.trouble is None:
            self.bar.again()
        else:
            self._show(lines)

    def _show(self, lines: Sequence[RecordLine]) -> None:
        hides = self._session.read_first.hides
        hidden = self.tr("hidden until you have read the picture")
        self._lines.set_lines(
            [
                replace(line, answer=hidden, outcome="") if hides(line.locator) else line
                for line in lines
            ]
        )
        self._say(len(lines))

    def _say(self, count: int) -> None:
        trouble = self._session.archive.trouble
        if trouble is not None:
            words = problem_line(trouble)
        elif self._is_searching and count >= Search().limit:
            words = self.tr("The newest {count} of those found.").format(count=count)
        elif self._is_searching:
            words = self.tr("%n found", "", count)
        else:
            words = self.tr("Every finished inspection is kept and appears here.")
        self.empty.setText(words)
        self.empty.setVisible(not count or trouble is not None or self._is_searching)

    def _on_chosen(self, index: QModelIndex) -> None:
        line = index.data(LINE)
        if isinstance(line, RecordLine):
            self._session.open_record(line.id)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
