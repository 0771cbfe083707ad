"""Presets in the window: button, editor, and the pace they aim at, joined to the rest."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.operators import Right
from inspector_app.domain.preset_document import Shelf
from inspector_app.gui.dialogs.preset_editor import PresetEditor
from inspector_app.gui.dialogs.save_regions import SaveRegionsDialog
from inspector_app.gui.dialogs.template_match import TemplateMatch
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.pace import Pace
from inspector_app.gui.panels.pace import PaceChip
from inspector_app.gui.panels.preset import PresetButton
from inspector_app.gui.preset_regions import keep_regions
from inspector_app.gui.presets import Presets
from inspector_app.gui.worker import problem_of


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
        self.dialog: SaveRegionsDialog | None = None
        self._match: TemplateMatch | None = None
        self.presets = Presets(shelf, session, self)
        self.pace = Pace(session, self)
        self.button = PresetButton(self.presets, look)
        # Before the words at its right end.
        window.toolbar.insertWidget(window.toolbar.actions()[-1], self.button)
        self.chip = PaceChip(session, self.pace, look)
        window.status.add(self.chip)
        if isinstance(session, LiveSession):
            session.eye.shot_changed.connect(self.presets.lay_on_shot)
        self.presets.windows_wished.connect(window.ask.windows.choose)
        self.button.editor_wanted.connect(self.open_editor)
        self.button.match_wanted.connect(self.open_match)
        window.actions_by_name.on("presets", self.open_editor)
        window.actions_by_name.on("save_regions", self.ask_where)
        window.actions_by_name["save_regions"].setEnabled(False)
        session.regions.changed.connect(
            lambda rois: window.actions_by_name["save_regions"].setEnabled(bool(rois))
        )
        # Reading files can wait until the window stands.
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        self.presets.refresh()
        self.presets.recall()

    def ask_where(self) -> None:
        """Ask into which preset the regions of the open picture go."""
        if (refusal := self._window.session.presence.refusal(Right.PRESETS)) is not None:
            self._window.session.noticed.emit(refusal)
            return
        session, current = self._window.session, self.presets.current
        names = [entry.name for entry in self.presets.entries]
        self.dialog = SaveRegionsDialog(
            names,
            current=current.name if current is not None else "",
            count=len(session.regions.all),
            parent=self._window,
        )
        self.dialog.chosen.connect(self._save_regions)
        self.dialog.open()

    def _save_regions(self, name: str, follows: bool) -> None:
        session = self._window.session
        try:
            is_kept = keep_regions(self.presets, session, name=name, follows=follows)
        except InspectorError as error:
            session.noticed.emit(Notice.of(problem_of(error)))
            return
        if is_kept:
            words = self.tr('The regions are kept in the preset "{name}".').format(name=name)
            session.noticed.emit(Notice(Kind.DONE, words))

    def open_editor(self) -> None:
        """Show the presets and what they say."""
        session = self._window.session
        if (refusal := session.presence.refusal(Right.PRESETS)) is not None:
            session.noticed.emit(refusal)
            return
        if self._editor is None:
            self._editor = PresetEditor(
                self.presets,
                self._window.session,
                self._window.look,
                models=self._models,
                parent=self._window,
            )
        self._editor.open_on(self.presets.current)

    def open_match(self) -> None:
        """Compare two prompt templates on labelled pictures."""
        if self._match is None:
            self._match = TemplateMatch(self.presets, self._window.session, self._window)
        self._match.show()
        self._match.raise_()
        self._match.activateWindow()
