"""Joins the camera's page, its dialog and its actions to the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector_app.domain.live import Live
from inspector_app.gui.dialogs.camera import CameraDialog
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.panels.camera import CameraPage

if TYPE_CHECKING:
    from inspector_app.gui.main_window import MainWindow


class CameraRoom(QObject):
    """What the window does with cameras.

    Args:
        window: Gets one more page.
        session: Knows the camera.
    """

    def __init__(self, window: "MainWindow", session: LiveSession) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._dialog: CameraDialog | None = None
        self.page = CameraPage(session, window.look)
        window.stack.addWidget(self.page)
        actions = window.actions_by_name
        actions.on("camera", self.choose)
        actions.on("live", session.show_live)
        actions.on("close_camera", session.close_camera)
        actions.on("freeze", self._freeze)
        actions.on("trigger", session.trigger)
        session.shown_changed.connect(self._on_shown)
        session.picture_changed.connect(lambda _picture: self._keep_page())
        session.eye.live_changed.connect(self._show_abilities)
        self._show_abilities(None)

    def choose(self) -> None:
        """Ask for a camera and watch it."""
        if self._dialog is None:
            self._dialog = CameraDialog(self._window)
            self._dialog.chosen.connect(self._session.open_camera)
        dialog = self._dialog
        self._session.eye.find(dialog.show_devices)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _freeze(self) -> None:
        if self._session.is_live_shown:
            self._session.switch_frozen()

    def _on_shown(self, is_shown: bool) -> None:
        # The keys for zooming are for the picture that is seen.
        self._window.looking.instead = self.page.picture if is_shown else None
        self._window.actions_by_name.show_abilities(self._session)
        if is_shown:
            self._keep_page()
            self.page.setFocus()
        elif self._window.stack.currentWidget() is self.page:
            shown = self._session.picture
            self._window.stack.setCurrentWidget(
                self._window.welcome if shown is None else self._window.canvas
            )

    def _keep_page(self) -> None:
        if self._session.is_live_shown:
            self._window.stack.setCurrentWidget(self.page)

    def _show_abilities(self, live: Live | None) -> None:
        for name in ("live", "close_camera", "freeze", "trigger"):
            self._window.actions_by_name[name].setEnabled(live is not None)
