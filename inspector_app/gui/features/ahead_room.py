"""Run-ahead in the window: its strip in the line below and its actions, joined to the session."""

from PySide6.QtCore import QObject

from inspector_app.gui.ahead import AheadState, Rest
from inspector_app.gui.ahead_session import AheadSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.panels.ahead import AheadStrip


class AheadRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Gets a strip in its status bar.
        session: Works ahead.
    """

    def __init__(self, window: MainWindow, session: AheadSession) -> None:
        super().__init__(window)
        self._actions = window.actions_by_name
        self.strip = AheadStrip(session, window.look)
        window.status.add(self.strip)
        self._actions.on("ahead", lambda: session.set_ahead(is_on=not session.ahead.is_on))
        self._actions.on(
            "pause_ahead", lambda: session.ahead.pause(is_paused=not session.ahead.is_paused)
        )
        session.ahead.changed.connect(self._show)
        session.working_changed.connect(lambda: self._actions.show_abilities(session))
        self._show(session.ahead.state)

    def _show(self, state: AheadState) -> None:
        self._actions["ahead"].setChecked(state.is_on)
        self._actions["pause_ahead"].setChecked(state.rest is Rest.PAUSED)
        self._actions["pause_ahead"].setEnabled(state.is_on)
