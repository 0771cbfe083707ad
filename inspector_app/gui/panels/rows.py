"""What the painted rows of several lists have in common."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from inspector_app.gui.painting import unharmed
from inspector_app.gui.theme import Look
from inspector_app.gui.worklist import Index


class RowPainter(QStyledItemDelegate):
    """Paints rows of one height; what stands in them is told by `_paint` of each list.

    Args:
        look: Colours and symbols.
        height: Of a row.
        parent: The list.
    """

    def __init__(self, look: Look, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._height = height

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        return QSize(160, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        with unharmed(painter):
            self._paint(painter, option, index)

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        raise NotImplementedError

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> QRect:
        """Mark the row that is chosen or pointed at; where the row lies."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(self._look.colours.selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(self._look.colours.hover))
        return rect
