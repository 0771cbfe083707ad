"""The panels about the picture: movable, collapsible, remembered."""

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QTabWidget,
    QToolButton,
    QWidget,
)

from inspector_app import paths
from inspector_app.gui.theme import Look

LAYOUT_VERSION = 2
"""Counted up when docks come or go, so that an older layout is not forced on them."""


class _Title(QWidget):
    """A slim title with two outline buttons."""

    def __init__(self, dock: QDockWidget, look: Look) -> None:
        super().__init__(dock)
        self.setObjectName("dock_title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self.label = QLabel()
        self.float_button, self.close_button = QToolButton(), QToolButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(0)
        row.addWidget(self.label, 1)
        for button in (self.float_button, self.close_button):
            button.setIconSize(QSize(12, 12))
            # Reached from the View menu by keys; in the tab order they would only be in the way.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        self.float_button.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self.close_button.clicked.connect(dock.close)
        look.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        colour = self._look.colours.muted
        self.float_button.setIcon(self._look.icon("float", colour=colour))
        self.close_button.setIcon(self._look.icon("close", colour=colour))


class Dock(QDockWidget):
    """A dock whose title is said in the language of the moment."""

    def __init__(self, name: str, inside: QWidget, look: Look, parent: QMainWindow) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._title = _Title(self, look)
        self.setTitleBarWidget(self._title)
        self.setWidget(inside)

    def set_title(self, title: str) -> None:
        """In its bar, in the View menu, and for screen readers."""
        self.setWindowTitle(title)
        self._title.label.setText(title)
        for button, words in (
            (self._title.float_button, self.tr("Take out of the window, or put back")),
            (self._title.close_button, self.tr("Hide this panel (View shows it again)")),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)


class Docks:
    """All docks of the window and what is remembered of them.

    Args:
        window: Where they stand.
        look: For their buttons.
        left: Tabs of the left dock, in order.
        right: Panels of the right side by dock name, from top to bottom.
    """

    def __init__(
        self,
        window: QMainWindow,
        look: Look,
        *,
        left: tuple[QWidget, ...],
        right: dict[str, QWidget],
    ) -> None:
        self._window = window
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setMinimumWidth(224)
        for part in left:
            self.tabs.addTab(part, "")
        self.pictures = Dock("pictures", self.tabs, look, window)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.pictures)
        self.right = {name: Dock(name, inside, look, window) for name, inside in right.items()}
        for dock in self.right.values():
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        for name in ("findings", "regions"):
            if name in self.right:
                window.tabifyDockWidget(self.right["answer"], self.right[name])
        if "answer" in self.right:
            self.right["answer"].raise_()
        window.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._first = QByteArray()
        self._hidden: list[QWidget] = []

    @property
    def all(self) -> tuple[Dock, ...]:
        """Left to right, top to bottom."""
        return (self.pictures, *self.right.values())

    def arrange(self) -> None:
        """The layout a new user meets."""
        rights = list(self.right.values())
        self._window.resizeDocks([self.pictures, rights[0]], [248, 352], Qt.Orientation.Horizontal)
        self._window.resizeDocks(rights[1:2], [2000], Qt.Orientation.Vertical)
        self._first = self._window.saveState(LAYOUT_VERSION)

    def bring(self, name: str, focus: QWidget) -> None:
        """Bring a panel of the right side to the front, with the focus where it is used."""
        dock = self.right[name]
        dock.show()
        dock.raise_()
        focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reset(self) -> None:
        """Back to the layout a new user meets."""
        self._window.restoreState(self._first, LAYOUT_VERSION)

    def remember(self) -> None:
        """Store size and layout in the user's own settings folder."""
        kept = _stored()
        kept.setValue("geometry", self._window.saveGeometry())
        if not self._hidden:
            kept.setValue("layout", self._window.saveState(LAYOUT_VERSION))
        kept.sync()

    def recall_geometry(self) -> None:
        """Put the window where it was."""
        geometry = _stored().value("geometry")
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)

    def recall_layout(self) -> None:
        """Put the panels where they were; widths hold only once the window has its size."""
        layout = _stored().value("layout")
        if isinstance(layout, QByteArray):
            self._window.restoreState(layout, LAYOUT_VERSION)

    def set_alone(self, *, is_on: bool, others: tuple[QWidget, ...]) -> None:
        """Leave the picture alone, or put back what was hidden for it."""
        if is_on and not self._hidden:
            self._hidden = [part for part in (*self.all, *others) if part.isVisible()]
            for part in self._hidden:
                part.hide()
        elif not is_on:
            for part in self._hidden:
                part.show()
            self._hidden = []


def _stored() -> QSettings:
    return QSettings(str(paths.config() / "window.ini"), QSettings.Format.IniFormat)
