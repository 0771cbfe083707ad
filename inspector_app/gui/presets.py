"""Which preset is in use: chosen from the shelf, laid on every picture, told when left."""

from PySide6.QtCore import QLocale, QObject, Signal

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.live import Shot
from inspector_app.domain.preset import Preset
from inspector_app.domain.preset_document import PresetEntry, Shelf
from inspector_app.domain.template import Template
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.picture import Picture
from inspector_app.gui.session import Session
from inspector_app.gui.worker import problem_of


class Presets(QObject):
    """The presets there are, and the one in use.

    Args:
        shelf: Where they are kept.
        session: Works by them.

    Signals:
        listed: The presets there are were read anew.
        shown: Another one is in use, or what is chosen left it or came back to it.
        windows_wished: Grey windows of the preset, as texts.
    """

    listed = Signal()
    shown = Signal()
    windows_wished = Signal(tuple)

    def __init__(self, shelf: Shelf, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shelf = shelf
        self._session = session
        self.entries: tuple[PresetEntry, ...] = ()
        self._laid_on = (0, 0)
        session.picture_changed.connect(self._lay_regions)
        session.preset_changed.connect(lambda _preset: self.shown.emit())
        session.strategy_changed.connect(lambda _name: self.shown.emit())
        session.options_changed.connect(lambda _options: self.shown.emit())
        session.regions.changed.connect(lambda _rois: self.shown.emit())

    @property
    def current(self) -> Preset | None:
        """The one in use."""
        return self._session.preset

    @property
    def is_left(self) -> bool:
        """Whether something was chosen otherwise since it is in use."""
        return self._session.leaves_preset

    def refresh(self) -> None:
        """Read the files again, and say what is wrong with any of them."""
        self.entries = self.shelf.entries()
        for sentence in self.shelf.notices():
            self._session.noticed.emit(Notice(Kind.TROUBLE, sentence))
        self.listed.emit()

    def recall(self) -> None:
        """Go on with the preset that was in use when the program was left."""
        if name := self._session.settings.preset:
            self.choose(name)

    def choose(self, name: str) -> None:
        """Work by the preset of this name; "" for none."""
        if not name:
            self._session.take_preset(None)
            return
        entry = self.entry(name)
        if entry is None:
            self._session.take_preset(None)
            return
        faults = self.shelf.faults(entry.document)
        if faults:
            text = self.tr('The preset "{name}" cannot be used here.').format(name=name)
            self._session.noticed.emit(Notice(Kind.TROUBLE, text, hint=faults[0].sentence))
            return
        try:
            self._take(entry.preset)
        except InspectorError as error:
            self._session.noticed.emit(Notice.of(problem_of(error)))

    def _take(self, preset: Preset) -> None:
        session = self._session
        begins_with = self.shelf.asked(preset, "")
        template = self.template_of(preset)
        session.take_preset(preset, template=template)
        # A template that is put about the user's words is not to be seen among them.
        words = preset.question if template and template.wants_question else begins_with
        if words:
            session.set_question(words)
        if session.locator is not None:
            session.suggest(session.locator)
        self.windows_wished.emit(preset.options.windows)
        self._lay_regions(session.picture)

    def template_of(self, preset: Preset) -> Template | None:
        """The prompt template that a preset names, or None."""
        wording = preset.wording
        wanted = (wording.template, wording.language)
        for one in self.shelf.templates() if wording.template else ():
            if (one.name, one.language) == wanted:
                return one
        return None

    def entry(self, name: str) -> PresetEntry | None:
        """The preset of this name, or None."""
        return next((one for one in self.entries if one.name == name), None)

    def _lay_regions(self, picture: Picture | None) -> None:
        if picture is not None:
            self._lay(picture.size)

    def lay_on_shot(self, shot: Shot | None) -> None:
        """Lay the regions on a live picture, unless a person drew others."""
        session = self._session
        if shot is None or session.picture is not None or session.rois not in ((), session.laid):
            return
        height, width = shot.pixels.shape[:2]
        if (width, height) != self._laid_on or not session.rois:
            self._lay((width, height))

    def _lay(self, size: tuple[int, int]) -> None:
        preset = self.current
        if preset is None or not preset.rois:
            return
        self._laid_on = size
        laid = preset.options_for(size).rois
        inside = tuple(region for region in laid if region.clipped(size) == region)
        if len(inside) < len(laid):
            text = self.tr("Regions of the preset reach outside this picture.")
            hint = self.tr("They were left out; give them in per cent to fit every picture.")
            self._session.noticed.emit(Notice(Kind.TROUBLE, text, hint=hint))
        self._session.lay_rois(inside, left_out=len(laid) - len(inside))


def about_of(preset: Preset) -> str:
    """What a preset is for, in the language of the moment."""
    is_chinese = QLocale().language() == QLocale.Language.Chinese
    return preset.about_zh if is_chinese and preset.about_zh else preset.about


def title_of(preset: Preset) -> str:
    """A preset's title in the language of the moment."""
    is_chinese = QLocale().language() == QLocale.Language.Chinese
    return preset.title_zh if is_chinese and preset.title_zh else preset.title
