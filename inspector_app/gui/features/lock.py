"""Nobody's pictures stay on the screen of somebody who left: the locked window, and when."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from inspector_app.gui.dialogs.credentials import Credentials
from inspector_app.gui.parts import muted
from inspector_app.gui.theme import Look

_HANDS = {
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TabletMove,
    QEvent.Type.TabletPress,
}
_FLEETING = {Qt.WindowType.Popup, Qt.WindowType.ToolTip}
_WIDTH = 360


class Idle(QObject):
    """Tells when no hand was on mouse or keys for a while.

    It listens to what the system sends to the window in front, not to every event of every
    widget: panning must cost nothing.

    Signals:
        passed: The time is over.
    """

    passed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.passed)
        self._front: QWindow | None = None
        self._is_following = False

    @property
    def is_watching(self) -> bool:
        """Whether time runs."""
        return self._timer.isActive()

    def watch(self, ms: int) -> None:
        """Begin anew; 0 ends it."""
        application = QGuiApplication.instance()
        if not isinstance(application, QGuiApplication):
            return
        if not self._is_following:
            self._is_following = True
            application.focusWindowChanged.connect(self._follow)
        self._listen_to(None)
        self._timer.stop()
        if ms > 0:
            self._timer.setInterval(ms)
            self._timer.start()
            self._follow(QGuiApplication.focusWindow())

    def _follow(self, window: QWindow | None) -> None:
        if window is not None and self._timer.isActive():
            self._timer.start()
            self._listen_to(window)

    def _listen_to(self, window: QWindow | None) -> None:
        if self._front is not None:
            self._front.removeEventFilter(self)
        self._front = window
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._front = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() in _HANDS and self._timer.isActive():
            self._timer.start()
        return super().eventFilter(watched, event)


@dataclass(slots=True, eq=False)
class _Put:
    """A window that was put away, and how it stood."""

    window: QWidget
    is_modal: bool


class LockScreen(QWidget):
    """Stands in the place of the window: no picture, no name of one, no key reaches them.

    The windows behind it are hidden, not closed: what is being done in them goes on.

    Args:
        window: The program's window.
        look: Its colours.

    Signals:
        tried: (name, password).
        left: It was closed: the program is to be closed.
    """

    tried = Signal(str, str)
    left = Signal()

    def __init__(self, window: QWidget, look: Look) -> None:
        super().__init__()
        self._window, self._look = window, look
        self._put: list[_Put] = []
        self.is_down = False
        self._who = ""
        self.icon, self.title, self.words = QLabel(), QLabel(), muted()
        self.form = Credentials()
        self.form.given.connect(self.tried)
        self.title.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        for part in (self.icon, self.title, self.words, self.form):
            part.setMaximumWidth(_WIDTH)
            part.setMinimumWidth(_WIDTH)
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.setSpacing(16)
        layout.addStretch(3)
        look.changed.connect(self.retranslate)
        self.retranslate()

    @property
    def locked_for(self) -> str:
        """In whose stead it is locked; "" where anybody may sign in."""
        return self._who

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.icon.setPixmap(self._look.icon("lock").pixmap(QSize(32, 32)))
        self.setWindowTitle("Inspector")
        if self._who:
            self.title.setText(self.tr("Locked"))
            self.words.setText(
                self.tr("{name} works here. The same person or an admin can go on.").format(
                    name=self._who
                )
            )
            self.form.retranslate(self.tr("Unlock"))
        else:
            self.title.setText(self.tr("Sign in"))
            self.words.setText(self.tr("The name stands in every record."))
            self.form.retranslate(self.tr("Sign in"))

    def come_down(self, who: str = "") -> None:
        """Hide everything else and ask for name and password.

        Args:
            who: The one in whose stead the window is locked; "" for anybody to sign in.
        """
        self._who = who
        self.retranslate()
        if not self.is_down:
            self.is_down = True
            self.setGeometry(self._window.geometry())
            self._put_away()
        self.show()
        self.raise_()
        self.activateWindow()
        self.form.begin(who)

    def lift(self, *, brings_back: bool) -> None:
        """Show what was there.

        Args:
            brings_back: Also the dialogs and pages of whoever worked before; else these are
                closed.
        """
        self.is_down = False
        put, self._put = self._put, []
        self._window.show()
        for one in put:
            if one.window is self._window or not isValid(one.window):
                continue
            if not brings_back:
                one.window.close()
            elif one.is_modal and isinstance(one.window, QDialog):
                one.window.open()
            else:
                one.window.show()
        self.form.begin()
        self.hide()
        self._window.activateWindow()

    def _put_away(self) -> None:
        every = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        # Dialogs first: a dialog whose window is hidden would be hidden with it.
        for one in sorted(every, key=lambda one: one is self._window):
            if not isinstance(one, LockScreen):
                if one.windowType() not in _FLEETING:
                    self._put.append(_Put(one, one.isModal()))
                one.hide()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        super().closeEvent(event)
        if self.is_down:
            self.is_down = False
            self.left.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
