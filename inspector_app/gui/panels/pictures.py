"""The worklist: thumbnails, names, verdicts, and a filter."""

from bisect import bisect_right
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector_app.gui.painting import unharmed
from inspector_app.gui.parts import filter_field, muted, row_list
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.words import outcome_word
from inspector_app.gui.worklist import Index, Role

_ROW = 60
_THUMB = 48
_PAD = 8


class _Row(QStyledItemDelegate):
    """Paints one picture of the worklist."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        return QSize(160, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        with unharmed(painter):
            self._paint(painter, option, index)

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = self._look.colours
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.selected))
            painter.fillRect(
                QRect(rect.left(), rect.top(), 3, rect.height()), QColor(colours.accent)
            )
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.hover))
        place = QRect(rect.left() + _PAD + 2, rect.top() + (_ROW - _THUMB) // 2, _THUMB, _THUMB)
        self._paint_thumbnail(painter, place, index)
        self._paint_words(painter, rect, place, index)

    def _paint_thumbnail(self, painter: QPainter, place: QRect, index: Index) -> None:
        image: Any = index.data(Role.THUMBNAIL)
        painter.fillRect(place, QColor(self._look.colours.canvas))
        if isinstance(image, QImage):
            size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            inside = QRect(place.topLeft(), size)
            inside.moveCenter(place.center())
            painter.drawImage(inside, image)
        else:
            name = "trouble" if index.data(Role.TROUBLE) else "picture"
            drawn = self._look.pixmap(name, side=20, colour=self._look.colours.muted)
            painter.drawPixmap(place.center().x() - 10, place.center().y() - 10, drawn)

    def _paint_words(self, painter: QPainter, rect: QRect, place: QRect, index: Index) -> None:
        colours = self._look.colours
        left = place.right() + 10
        width = rect.right() - left - _PAD
        metrics = painter.fontMetrics()
        name = str(index.data(Qt.ItemDataRole.DisplayRole))
        state, colour, symbol = self._state_of(index)
        words = in_two_lines(name, metrics, width=width)
        lines = len(words) + bool(state)
        top = rect.top() + (_ROW - lines * metrics.height() - 2) // 2
        painter.setPen(QColor(colours.text))
        line = QRect(left, top, width, metrics.height())
        for part in words:
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, part)
            line.translate(0, metrics.height())
        if not state:
            return
        line.translate(0, 2)
        if symbol:
            drawn = self._look.pixmap(symbol, side=14, colour=colour)
            painter.drawPixmap(left, line.center().y() - 6, drawn)
            line.setLeft(left + 19)
        painter.setPen(QColor(colour))
        painter.drawText(
            line,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(state, Qt.TextElideMode.ElideRight, line.width()),
        )

    def _state_of(self, index: Index) -> tuple[str, str, str]:
        """(words, colour, icon) of what is known about a picture."""
        colours = self._look.colours
        if index.data(Role.IS_RUNNING):
            return self.tr("being inspected …"), colours.accent, ""
        if index.data(Role.TROUBLE):
            return self.tr("cannot be read"), colours.trouble, ""
        outcome = str(index.data(Role.OUTCOME))
        if outcome:
            return outcome_word(outcome), colours.outcome(outcome), outcome.lower()
        if index.data(Role.IS_ASKED):
            return self.tr("asked"), colours.muted, "done"
        return "", colours.muted, ""


def in_two_lines(name: str, metrics: QFontMetrics, *, width: int) -> list[str]:
    """A name in one line, or in two of which the second keeps its end.

    Names of one series begin and end alike; what tells them apart stands between.

    Args:
        name: Of a file.
        metrics: Of the font it is painted in.
        width: Of a line in pixels.
    """
    if metrics.horizontalAdvance(name) <= width:
        return [name]
    fits = bisect_right(
        range(len(name)), width, key=lambda count: metrics.horizontalAdvance(name[:count])
    )
    end = max(fits - 1, 1)
    space = name.rfind(" ", 1, end + 1)
    if space > end // 2:
        end = space
    rest = name[end:].lstrip()
    return [name[:end], metrics.elidedText(rest, Qt.TextElideMode.ElideMiddle, width)]


class PicturesPanel(QWidget):
    """The list with its filter field."""

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._look = look
        self.filter = filter_field()
        self.list = row_list()
        self.list.setItemDelegate(_Row(look, self.list))
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(session.worklist)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list.setModel(self._proxy)
        self._count = muted()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(_indented(self.filter))
        layout.addWidget(self.list, 1)
        layout.addWidget(_indented(self._count))
        self._listen()
        self.retranslate()

    def _listen(self) -> None:
        session = self._session
        self.filter.textChanged.connect(self._on_filter)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        session.opening.connect(self._show_current)
        session.worklist.grown.connect(lambda _count: self._show_count())
        self._look.changed.connect(self.list.viewport().update)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.filter.setPlaceholderText(self.tr("Filter by name"))
        self.filter.setAccessibleName(self.tr("Filter by name"))
        self.list.setAccessibleName(self.tr("Worklist"))
        self._show_count()

    def _on_filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text)
        self._show_count()

    def _show_count(self) -> None:
        shown, whole = self._proxy.rowCount(), self._session.worklist.rowCount()
        if shown == whole:
            words = self.tr("%n picture(s)", "", whole)
        else:
            words = self.tr("{shown} of {whole}").format(shown=shown, whole=whole)
        self._count.setText(words)

    def _on_chosen(self, index: QModelIndex) -> None:
        locator = index.data(Role.LOCATOR)
        if locator and locator != self._session.locator:
            self._session.go_to(locator)

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        # Arrow keys walk through the pictures while the list has the focus.
        if self.list.hasFocus() and index.isValid():
            self._on_chosen(index)

    def _show_current(self, locator: str) -> None:
        row = self._session.worklist.row_of(locator)
        index = self._proxy.mapFromSource(self._session.worklist.index(row))
        if index.isValid():
            self.list.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.list.scrollTo(index)
        else:
            self.list.clearSelection()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _indented(widget: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(10, 0, 10, 0)
    layout.addWidget(widget)
    return box
