"""Which widget gets a key that is also a shortcut of the window."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QWidget,
)

_ARROWS = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_PLAIN = {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}


_TAP_MS = 250
"""A Tab shorter than this moves the focus on; a longer one showed the bare picture."""


class BareWhileHeld(QObject):
    """A key held on the picture shows it bare; a tap of Tab moves the focus as ever.

    Args:
        widget: The picture, while it has the focus.
        show: Told whether the key is down.
    """

    def __init__(self, widget: QWidget, show: Callable[[bool], None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._show = show
        self._keys: set[int] = set()
        self._since = QElapsedTimer()
        widget.installEventFilter(self)

    def set_keys(self, keys: Sequence[str]) -> None:
        """Which keys, as portable text; those with Ctrl, Alt or Shift cannot be held."""
        # PySide's types do not know that the parts of a sequence can be had by number.
        found: list[Any] = [QKeySequence(key) for key in keys]
        self._keys = {
            one[0].key().value
            for one in found
            if one.count() and one[0].keyboardModifiers() == Qt.KeyboardModifier.NoModifier
        }

    def takes(self, event: QKeyEvent) -> bool:
        """Whether it was such a key; then it was dealt with."""
        is_key = event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
        if not is_key or event.key() not in self._keys:
            return False
        if not event.isAutoRepeat():
            self._show(event.type() == QEvent.Type.KeyPress)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.FocusOut:
            self._show(False)
        if not isinstance(event, QKeyEvent) or not self.takes(event):
            return super().eventFilter(watched, event)
        is_tab = event.key() == Qt.Key.Key_Tab and not event.isAutoRepeat()
        if is_tab and event.type() == QEvent.Type.KeyPress:
            self._since.start()
        elif is_tab and self._since.isValid() and self._since.elapsed() < _TAP_MS:
            self._leave()
        return True

    def _leave(self) -> None:
        following = self._widget.nextInFocusChain()
        while following is not None and following is not self._widget:
            if following.isVisible() and following.focusPolicy() & Qt.FocusPolicy.TabFocus:
                following.setFocus(Qt.FocusReason.TabFocusReason)
                return
            following = following.nextInFocusChain()


class KeyManners(QObject):
    """Leaves a focused button its space bar and a focused slider its arrows.

    Without this, the keys for the next picture would keep people without a mouse from using
    half of the window. It watches single widgets: a filter on the whole program would need the
    interpreter for every event, while the model's thread holds it.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() in _PLAIN
            and event.key() in own_keys(watched)
        ):
            event.accept()
            return True
        return False


def keep_keys(widget: QWidget) -> None:
    """Let a widget and those in it keep the keys they live by."""
    manners = KeyManners(widget)
    for part in (widget, *widget.findChildren(QWidget)):
        # A list that opens under its field chooses at the very event that is watched here.
        if own_keys(part) and part.window() is widget.window():
            part.installEventFilter(manners)


def own_keys(widget: QObject) -> set[Qt.Key]:
    """The keys that mean something to a widget while it has the focus."""
    if isinstance(widget, QAbstractButton):
        return {Qt.Key.Key_Space}
    if isinstance(widget, QAbstractSlider):
        return _ARROWS
    if isinstance(widget, QAbstractItemView | QAbstractSpinBox):
        return _ARROWS | _ENTER
    if isinstance(widget, QComboBox):
        return (_ARROWS - {Qt.Key.Key_Left, Qt.Key.Key_Right}) | {Qt.Key.Key_Space}
    if widget.property("takes_enter"):
        return _ENTER | {Qt.Key.Key_Space}
    return set()
