"""Joins the studies to the window: their dialog, their action."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector_app.gui.presets import Presets

if TYPE_CHECKING:
    from inspector_app.gui.dialogs.studies import StudiesDialog
    from inspector_app.gui.main_window import MainWindow


class StudyRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Gets an action for it.
        presets: Take what a study chose.
    """

    def __init__(self, window: "MainWindow", presets: Presets) -> None:
        super().__init__(window)
        self._window, self._presets = window, presets
        self.dialog: StudiesDialog | None = None
        window.actions_by_name.on("studies", self.open)

    def open(self) -> None:
        """Show the studies."""
        if self.dialog is None:
            # Its charts take long to read.
            from inspector_app.gui.dialogs.studies import StudiesDialog  # noqa: PLC0415  late

            window = self._window
            self.dialog = StudiesDialog(window.session, self._presets, window.look, parent=window)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
