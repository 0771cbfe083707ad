"""Small widgets that several panels are made of."""

import html
import re

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from inspector_app.gui.painting import painter_on
from inspector_app.gui.theme import Look

_TAG = re.compile(r"<[A-Za-z!/?]")


def caption(text: str = "") -> QLabel:
    """A small heading."""
    return _label(text, role="caption")


def muted(text: str = "") -> QLabel:
    """Words of less weight, wrapped."""
    label = _label(text, role="muted")
    label.setWordWrap(True)
    return label


def plain(text: str = "", *, role: str = "") -> QLabel:
    """Words that come from outside: shown letter by letter, never as markup."""
    label = _label(text, role=role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def plain_tip(text: str) -> str:
    """Words from outside as a tooltip: tooltips guess whether they are markup, and show pictures.

    Returns:
        The very text, or the same with its markup escaped where it would be taken for markup.
    """
    if _TAG.search(text) is None:
        return text
    return f"<p>{html.escape(text)}</p>".replace("\n", "<br>")


def _label(text: str, *, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label


def hairline() -> QFrame:
    """A thin line between parts."""
    line = QFrame()
    line.setProperty("role", "line")
    line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return line


def filter_field() -> QLineEdit:
    """Where a part of a name is typed; a cross empties it."""
    field = QLineEdit()
    field.setClearButtonEnabled(True)
    return field


def row_list() -> QListView:
    """A list of equal rows, one chosen at a time, that never scrolls sideways."""
    rows = QListView()
    rows.setUniformItemSizes(True)
    rows.setMouseTracking(True)
    rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return rows


def let_enter_be(dialog: QWidget) -> None:
    """Keep Enter in a field of a dialog from pressing the first button there is."""
    for button in dialog.findChildren(QPushButton):
        button.setAutoDefault(False)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Bar(QWidget):
    """A probability as a bar from 0 to 1; hollow where none is known."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def set_share(self, share: float | None) -> None:
        """0..1, or None for unknown."""
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return QSize(80, 6)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        with painter_on(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            whole = QRectF(0, 0, self.width(), self.height())
            painter.setBrush(QColor(self._look.colours.edge))
            painter.setOpacity(0.45)
            painter.drawRoundedRect(whole, 3, 3)
            painter.setOpacity(1.0)
            if self._share is not None:
                painter.setBrush(QColor(self._look.colours.accent))
                whole.setWidth(max(3.0, whole.width() * min(max(self._share, 0.0), 1.0)))
                painter.drawRoundedRect(whole, 3, 3)
