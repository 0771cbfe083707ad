"""What is wrong with how a window stands there: clipped words, controls without name or way."""

import math
import re

from PySide6.QtCore import Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

_PLACES = re.compile(r"(\{[^}]*\}|%n|&&|&\w)")
_LONGER = str.maketrans("aeioucnsyAEIOUCNSY", "áéíóúçñšýÁÉÍÓÚÇÑŠÝ")
_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTextEdit,
)


def pseudo(text: str) -> str:
    """Readable, with accents, 40 % longer, its places and mnemonics as they were."""
    parts = _PLACES.split(text)
    spoken = "".join(part if at % 2 else part.translate(_LONGER) for at, part in enumerate(parts))
    more = math.ceil(0.4 * len(_PLACES.sub("", text)))
    if " " in text.strip():
        # Sentences grow by words, which wrap; a single word only gets longer.
        filler = " ".join(["éxtrá"] * (more // 6 + 1))
        return f"{spoken} {filler[: max(more - 1, 1)]}"
    return spoken + "x" * more


class Pseudo(QTranslator):
    """A language of the program's own words, 40 % longer."""

    def translate(self, context, source, disambiguation=None, n=-1):  # noqa: ARG002  Qt's
        return None if context.startswith("Q") else pseudo(source)

    def isEmpty(self):  # noqa: N802  Qt's name
        return False


def clipped(window: QWidget) -> list[str]:
    """Words that have no room, as "Class: words"."""
    found = []
    for part in (window, *window.findChildren(QWidget)):
        is_here = part.window() is window and part.isVisibleTo(window) and part.width() > 0
        if is_here and (words := _lacking(part)):
            found.append(f"{type(part).__name__}: {words}")
    return found


def _lacking(part: QWidget) -> str:
    match part:
        case QLabel():
            return _in_label(part)
        case QPushButton() | QCheckBox() | QRadioButton() | QToolButton():
            is_icon = isinstance(part, QToolButton) and (
                part.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
            )
            lacks = part.text() and not is_icon and part.sizeHint().width() > part.width()
            return part.text() if lacks else ""
        case QComboBox():
            return _in_chooser(part)
        case QTabBar():
            return "; ".join(
                part.tabText(at)
                for at in range(part.count())
                if part.fontMetrics().horizontalAdvance(part.tabText(at)) > part.tabRect(at).width()
            )
        case QLineEdit():
            words = part.placeholderText() if not part.text() else ""
            room = part.contentsRect().width() - 8
            return words if part.fontMetrics().horizontalAdvance(words) > room else ""
    return ""


def _in_label(label: QLabel) -> str:
    if not label.text() or not label.pixmap().isNull():
        return ""
    if not label.wordWrap():
        return label.text() if label.sizeHint().width() > label.width() else ""
    needed = label.heightForWidth(label.width())
    widest = max(
        label.fontMetrics().horizontalAdvance(word)
        # Chinese breaks at any letter.
        for word in re.findall(r"[^\s\u2e80-\uffff]+", label.text()) or [""]
    )
    lacks = needed > label.height() or widest > label.width()
    return label.text() if lacks else ""


def _in_chooser(chooser: QComboBox) -> str:
    words = chooser.currentText()
    if chooser.isEditable() or not words:
        return ""
    option = QStyleOptionComboBox()
    chooser.initStyleOption(option)
    room = chooser.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, chooser
    )
    return words if chooser.fontMetrics().horizontalAdvance(words) > room.width() else ""


def controls(window: QWidget) -> list[QWidget]:
    """What a person can use there."""
    return [
        part
        for part in window.findChildren(QWidget)
        if isinstance(part, _CONTROLS)
        and not isinstance(part, QScrollBar)
        and part.window() is window
        and part.isVisibleTo(window)
        and not _is_inner(part)
    ]


def nameless(window: QWidget) -> list[str]:
    """Controls of which a screen reader could say nothing."""
    return [_told(part) for part in controls(window) if not spoken(part)]


def spoken(part: QWidget) -> str:
    """The name that a screen reader says."""
    reader = QAccessible.queryAccessibleInterface(part)
    return reader.text(QAccessible.Text.Name).strip() if reader is not None else ""


def unreachable(window: QWidget) -> list[str]:
    """Controls that Tab does not come to, and that no entry of a menu does the work of."""
    return [
        _told(part)
        for part in controls(window)
        if part.isEnabledTo(window)
        and not part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not _has_other_way(part)
    ]


def _has_other_way(part: QWidget) -> bool:
    if isinstance(part, QToolButton) and part.defaultAction() is not None:
        return True
    if isinstance(part, QRadioButton):
        # Of a group Tab comes to the chosen one; arrow keys go to the others.
        return True
    # Docks are moved and closed by the View menu.
    return isinstance(part.parentWidget(), QWidget) and isinstance(
        part.parentWidget().parentWidget(), QDockWidget
    )


def _is_inner(part: QWidget) -> bool:
    """A part that another control is made of."""
    parent = part.parentWidget()
    made = (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar, QAbstractScrollArea)
    while parent is not None:
        if isinstance(parent, QAbstractItemView | QAbstractSpinBox | QComboBox | QLineEdit):
            return True
        parent = parent.parentWidget()
    return isinstance(part.parentWidget(), made) or part.objectName().startswith("qt_")


def _told(part: QWidget) -> str:
    owner = part.parentWidget()
    return f"{type(part).__name__} {part.objectName()} in {type(owner).__name__}: {part.toolTip()}"
