"""A coach mark: a ring about a widget and a bubble beside it, which does not bar the work."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector_app.gui.keys import keep_keys
from inspector_app.gui.painting import unharmed
from inspector_app.gui.parts import muted, plain
from inspector_app.gui.theme import Look

_GAP = 12
_WIDTH = 340
_RIM = 3
_HELD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
)


class _Ring(QWidget):
    """A line about what is meant; the mouse goes through it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.changed.connect(self.update)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        painter = QPainter(self)
        with unharmed(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._look.colours.accent), _RIM))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)
        painter.end()


class Coach(QFrame):
    """The bubble: title, words, and back, next and skip.

    Enter and Right go on, Left goes back, Esc ends; the work goes on behind it all the while.

    Args:
        look: For the ring.
        parent: The window.

    Signals:
        next_wanted: The next step, or the end.
        back_wanted: The step before.
        skip_wanted: No more of it.
    """

    next_wanted = Signal()
    back_wanted = Signal()
    skip_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("coach")
        self._target: QWidget | None = None
        self._ring = _Ring(look, parent)
        self.title, self.words, self.count = plain(role="title"), plain(), muted()
        self.back, self.next, self.skip = QPushButton(), QPushButton(), QPushButton()
        self.next.setProperty("role", "primary")
        self.skip.setProperty("role", "flat")
        # Words of the tour are pointed at nowhere else: only the buttons take the focus.
        for label in (self.title, self.words):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        for part in (self.count, self.title, self.words):
            layout.addWidget(part)
        layout.addLayout(row)
        self.next.clicked.connect(self.next_wanted)
        self.back.clicked.connect(self.back_wanted)
        self.skip.clicked.connect(self.skip_wanted)
        for watched in (parent, self.back, self.next, self.skip):
            watched.installEventFilter(self)
        keep_keys(self)
        self.hide()

    def point_at(self, target: QWidget) -> None:
        """Stand beside a widget and draw a ring about it."""
        self._target = target
        self.setFixedWidth(_WIDTH)
        self.show()
        self._ring.show()
        self.place()
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_up(self) -> None:
        """Be gone."""
        self._target = None
        self.hide()
        self._ring.hide()

    def place(self) -> None:
        """Where there is room beside the widget, inside the window."""
        window, target = self.parentWidget(), self._target
        if window is None or target is None:
            return
        whole = window.rect()
        at = QRect(target.mapTo(window, QPoint(0, 0)), target.size()).intersected(whole)
        self._ring.setGeometry(at.adjusted(-_RIM, -_RIM, _RIM, _RIM).intersected(whole))
        self._ring.raise_()
        layout = self.layout()
        height = layout.totalHeightForWidth(_WIDTH) if layout is not None else 0
        self.resize(_WIDTH, max(height, self.sizeHint().height()))
        self.move(self._place_beside(at, whole))
        self.raise_()

    def _place_beside(self, at: QRect, whole: QRect) -> QPoint:
        width, height = self.width(), self.height()
        if at.right() + _GAP + width < whole.right():
            spot = QPoint(at.right() + _GAP, at.top())
        elif at.left() - _GAP - width > whole.left():
            spot = QPoint(at.left() - _GAP - width, at.top())
        elif at.bottom() + _GAP + height < whole.bottom():
            spot = QPoint(at.left(), at.bottom() + _GAP)
        else:
            spot = at.center() - QPoint(width // 2, height // 2)
        x = min(max(spot.x(), _GAP), max(_GAP, whole.width() - width - _GAP))
        y = min(max(spot.y(), _GAP), max(_GAP, whole.height() - height - _GAP))
        return QPoint(x, y)

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether it is a key of the tour; otherwise these are keys of the window."""
        keys = {
            Qt.Key.Key_Escape: self.skip_wanted,
            Qt.Key.Key_Right: self.next_wanted,
            Qt.Key.Key_Left: self.back_wanted,
        }
        wanted = keys.get(Qt.Key(event.key()))
        if wanted is None or event.modifiers() & _HELD:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            wanted.emit()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if watched is not self.parentWidget():
            is_key = event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}
            return is_key and isinstance(event, QKeyEvent) and self._on_key(event)
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self.place()
        return False
