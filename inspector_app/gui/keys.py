"""Which widget gets a key that is also a shortcut of the window."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
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
    """Tab held on the picture shows it bare; a tap of it moves the focus as ever.

    Args:
        widget: The picture, while it has the focus.
        show: Told whether the key is down.
    """

    def __init__(self, widget: QWidget, show: Callable[[bool], None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._show = show
        self._since = QElapsedTimer()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.FocusOut:
            self._show(False)
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Tab:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._since.start()
            self._show(True)
        elif event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            self._show(False)
            if self._since.isValid() and self._since.elapsed() < _TAP_MS:
                self._leave()
        return event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)

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
        if own_keys(part):
            part.installEventFilter(manners)


def own_keys(widget: QObject) -> set[Qt.Key]:
    """The keys that mean something to a widget while it has the focus."""
    if isinstance(widget, QAbstractButton):
        return {Qt.Key.Key_Space}
    if isinstance(widget, QAbstractSlider):
        return _ARROWS
    if isinstance(widget, QAbstractItemView):
        return _ARROWS | _ENTER
    if isinstance(widget, QComboBox):
        return (_ARROWS - {Qt.Key.Key_Left, Qt.Key.Key_Right}) | {Qt.Key.Key_Space}
    if widget.property("takes_enter"):
        return _ENTER | {Qt.Key.Key_Space}
    return set()
