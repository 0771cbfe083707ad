"""The worklist: thumbnails, names, verdicts; filtered and sorted."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.wording import inert
from inspector_app.gui.order import Order, Which
from inspector_app.gui.panels.rows import RowPainter
from inspector_app.gui.parts import filter_field, muted, row_list
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.words import outcome_word
from inspector_app.gui.worklist import Index, Role

_ROW = 60
_THUMB = 48
_PAD = 8


class _Row(RowPainter):
    """Paints one picture of the worklist."""

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = self._paint_ground(painter, option)
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            edge = QRect(rect.left(), rect.top(), 3, rect.height())
            painter.fillRect(edge, QColor(self._look.colours.accent))
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
        name = inert(str(index.data(Qt.ItemDataRole.DisplayRole)))
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
        if index.data(Role.FAILURE):
            return self.tr("not inspected"), colours.trouble, "trouble"
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
    """The list, what it is narrowed down to, and its order."""

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._look = look
        self.filter = filter_field()
        self.which, self.order = _chooser(), _chooser()
        self.list = row_list()
        self.list.setItemDelegate(_Row(look, _ROW, self.list))
        self.list.setModel(session.shown)
        self._count = muted()
        # One below the other: side by side their words would not fit.
        choosers = QVBoxLayout()
        choosers.setContentsMargins(10, 0, 10, 0)
        choosers.setSpacing(8)
        choosers.addWidget(self.which)
        choosers.addWidget(self.order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(_indented(self.filter))
        layout.addLayout(choosers)
        layout.addWidget(self.list, 1)
        layout.addWidget(_indented(self._count))
        self.retranslate()
        self._listen()

    def _listen(self) -> None:
        session = self._session
        self.filter.textChanged.connect(session.shown.set_words)
        self.which.currentIndexChanged.connect(
            lambda _at: self._choose(session.shown.set_which, self.which.currentData())
        )
        self.order.currentIndexChanged.connect(
            lambda _at: self._choose(session.shown.set_order, self.order.currentData())
        )
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        session.opening.connect(self._show_current)
        session.shown.rearranged.connect(self._on_rearranged)
        session.worklist.grown.connect(lambda _count: self._show_count())
        self._look.changed.connect(self.list.viewport().update)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.filter.setPlaceholderText(self.tr("Filter by name"))
        self.filter.setAccessibleName(self.tr("Filter by name"))
        self.list.setAccessibleName(self.tr("Worklist"))
        self._fill(self.which, self._which_words())
        self._fill(self.order, self._order_words())
        self.which.setAccessibleName(self.tr("Which pictures are shown"))
        self.which.setToolTip(self.tr("Which pictures are shown"))
        self.order.setAccessibleName(self.tr("In which order"))
        self.order.setToolTip(self.tr("In which order; next and previous follow it"))
        self._show_count()

    def recall(self, *, words: str, which: str, order: str) -> None:
        """Filter and sort as the user did before."""
        self.filter.setText(words)
        for chooser, value in ((self.which, which), (self.order, order)):
            at = next((at for at in range(chooser.count()) if chooser.itemData(at) == value), -1)
            if at >= 0:
                chooser.setCurrentIndex(at)

    def _which_words(self) -> dict[Which, str]:
        return {
            Which.ALL: self.tr("All"),
            Which.FAIL: outcome_word("FAIL"),
            Which.CHECK: outcome_word("CHECK"),
            Which.PASS: outcome_word("PASS"),
            Which.ANSWERED: self.tr("Answered"),
            Which.UNASKED: self.tr("Not asked yet"),
            Which.TROUBLE: self.tr("In trouble"),
        }

    def _order_words(self) -> dict[Order, str]:
        return {
            Order.OPENED: self.tr("As opened"),
            Order.NAME: self.tr("By name"),
            Order.NEWEST: self.tr("Newest first"),
            Order.OLDEST: self.tr("Oldest first"),
            Order.VERDICT: self.tr("By verdict"),
        }

    def _fill(self, chooser: QComboBox, words: Mapping[Which, str] | Mapping[Order, str]) -> None:
        at = max(chooser.currentIndex(), 0)
        with QSignalBlocker(chooser):
            chooser.clear()
            for value, text in words.items():
                chooser.addItem(text, value)
            chooser.setCurrentIndex(at)

    def _choose(self, deed: Callable[[Any], None], value: Any) -> None:
        deed(value)
        if self._session.locator is not None:
            self._show_current(self._session.locator)

    def _on_rearranged(self) -> None:
        self._show_count()
        here = self._session.locator
        # Rows that move by themselves must not take the list from under the mouse.
        if here is not None and self.list.currentIndex().data(Role.LOCATOR) != here:
            self._show_current(here)

    def _show_count(self) -> None:
        shown, whole = self._session.shown.rowCount(), self._session.worklist.rowCount()
        if shown == whole:
            words = self.tr("%n picture(s)", "", whole)
        else:
            words = self.tr("{shown} of {whole}").format(shown=shown, whole=whole)
        self._count.setText(words)

    def _on_chosen(self, index: QModelIndex) -> None:
        locator = index.data(Role.LOCATOR)
        if locator and locator != self._session.locator:
            self._session.go_to(locator)

    def _show_menu(self, place: QPoint) -> None:
        locator = self.list.indexAt(place).data(Role.LOCATOR)
        if not locator or self._session.picture is None:
            return
        menu = QMenu(self)
        menu.addAction(
            self.tr("Compare with the open picture"),
            lambda: self._session.beside_wanted.emit(locator),
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        # Arrow keys walk through the pictures while the list has the focus.
        if self.list.hasFocus() and index.isValid():
            self._on_chosen(index)

    def _show_current(self, locator: str) -> None:
        index = self._session.shown.index(self._session.shown.row_of(locator), 0)
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


def _chooser() -> QComboBox:
    """A narrow list of choices that leaves the width to its neighbour."""
    chooser = QComboBox()
    chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    chooser.setMinimumContentsLength(6)
    chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return chooser


def _indented(widget: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(10, 0, 10, 0)
    layout.addWidget(widget)
    return box
