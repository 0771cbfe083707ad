"""Help in the window: F1 at the panel that has the focus, and the tour."""

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from inspector_app.gui.dialogs.help import HelpDialog
from inspector_app.gui.features.tour import Tour
from inspector_app.gui.help_pages import section_of
from inspector_app.gui.language import Language
from inspector_app.gui.main_window import MainWindow

_SOON_MS = 600
"""The window has settled, and the welcome page was seen."""


class HelpRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Whose actions open it.
        language: Of the text.
    """

    def __init__(self, window: MainWindow, language: Language) -> None:
        super().__init__(window)
        self._window, self._language = window, language
        self.dialog: HelpDialog | None = None
        self.tour = Tour(window)
        window.actions_by_name.on("help", self.open_here)
        # Dialogs are windows of their own, and there is help about them, too.
        window.actions_by_name["help"].setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        window.actions_by_name.on("tour", self.tour.begin)

    def open_here(self) -> None:
        """Show the section about what has the focus."""
        name = section_of(QApplication.focusWidget())
        if self.dialog is None:
            self.dialog = HelpDialog(
                self._window.look, self._language, keys_of=self._keys_of, parent=self._window
            )
        self.dialog.open_at(name)

    def greet(self) -> None:
        """Lead somebody through the window who never saw it."""
        QTimer.singleShot(_SOON_MS, self, self.tour.begin_once)

    def _keys_of(self, action: str) -> str:
        shown = QKeySequence.SequenceFormat.NativeText
        return self._window.actions_by_name[action].shortcut().toString(shown)
