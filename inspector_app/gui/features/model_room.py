"""Joins the list of models to the window: its thread, its dialog, its action."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector_app.domain.operators import Right
from inspector_app.gui.dialogs.models import ModelsDialog
from inspector_app.gui.models import Models
from inspector_app.gui.worker import Bridge, Perform

if TYPE_CHECKING:
    from inspector_app.gui.main_window import MainWindow


class ModelRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Gets an action for it.
        perform: Does what is asked about models, in a thread that begins with the first.
    """

    def __init__(self, window: "MainWindow", perform: Perform) -> None:
        super().__init__(window)
        self._window = window
        self._perform = perform
        self.models: Models | None = None
        self.dialog: ModelsDialog | None = None
        window.actions_by_name.on("models", self.open)

    def open(self) -> None:
        """Show the models."""
        session = self._window.session
        if (refusal := session.presence.refusal(Right.SETTINGS)) is not None:
            session.noticed.emit(refusal)
            return
        if self.dialog is None:
            bridge = Bridge(self._perform, name="models", parent=self)
            self._window.session.care_for(bridge)
            self.models = Models(bridge, self)
            self.dialog = ModelsDialog(
                self.models, self._window.session, self._window.look, parent=self._window
            )
        self.dialog.open_up()
