"""Presets in the window: button, editor, and the pace they aim at, joined to the rest."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from inspector_app.domain.preset_document import Shelf
from inspector_app.gui.dialogs.preset_editor import PresetEditor
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.pace import Pace
from inspector_app.gui.panels.pace import PaceChip
from inspector_app.gui.panels.preset import PresetButton
from inspector_app.gui.presets import Presets


class PresetRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Gets a button in its toolbar, an entry in its menu and figures in its status bar.
        shelf: Where presets are kept.
        models: Names of the models that can be chosen.
    """

    def __init__(self, window: MainWindow, shelf: Shelf, *, models: Sequence[str] = ()) -> None:
        super().__init__(window)
        self._models = tuple(models)
        session, look = window.session, window.look
        self._window = window
        self._editor: PresetEditor | None = None
        self.presets = Presets(shelf, session, self)
        self.pace = Pace(session, self)
        self.button = PresetButton(self.presets, look)
        # Before the gap and the words at its right end.
        window.toolbar.insertWidget(window.toolbar.actions()[-2], self.button)
        self.chip = PaceChip(session, self.pace, look)
        window.status.add(self.chip)
        if isinstance(session, LiveSession):
            session.eye.shot_changed.connect(self.presets.lay_on_shot)
        self.presets.windows_wished.connect(window.ask.windows.choose)
        self.button.editor_wanted.connect(self.open_editor)
        window.actions_by_name.on("presets", self.open_editor)
        # Reading files can wait until the window stands.
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        self.presets.refresh()
        self.presets.recall()

    def open_editor(self) -> None:
        """Show the presets and what they say."""
        if self._editor is None:
            self._editor = PresetEditor(
                self.presets,
                self._window.session,
                self._window.look,
                models=self._models,
                parent=self._window,
            )
        self._editor.open_on(self.presets.current)
