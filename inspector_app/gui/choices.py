"""What the user has chosen: question, strategy, options, rectangles, how evidence is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.frame import Window
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import MOST_ROIS, Options, Preset
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.domain.template import Template
from inspector_app.gui.facts import MANUAL, Display, Notice, Pencil, Sample, Strategy
from inspector_app.gui.worker import problem_of
from inspector_app.imaging.overlays import COLOUR_MAPS

GATE = 0.9
"""With "zoom only in doubt": probability of the weakest token from which none is zoomed."""

_QUESTIONS_KEPT = 30
_SAVE_AFTER_MS = 500


class Choices(QObject):
    """The choosing half of the session.

    Args:
        settings: As they were when the program was left.
        save: Stores settings.
        strategies: The crop strategies there are.
        samples: Pictures that come with the program, with questions.
    """

    question_changed = Signal(str)
    strategy_changed = Signal(str)
    options_changed = Signal(object)  # Options
    rois_changed = Signal(tuple)  # of Region
    display_changed = Signal(object)  # Display
    pencil_changed = Signal(object)  # Pencil | None
    settings_changed = Signal(object)  # Settings
    noticed = Signal(object)  # Notice
    preset_changed = Signal(object)  # Preset | None
    beside_wanted = Signal(str)  # locator of a picture to compare with the open one

    def __init__(
        self,
        *,
        settings: Settings,
        save: Callable[[Settings], None],
        strategies: Sequence[Strategy],
        samples: Sequence[Sample] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.strategies = tuple(strategies)
        self.samples = tuple(samples)
        self.locator: str | None = None
        self.is_live_shown = False
        self.question = ""
        self.strategy = settings.strategy
        self.rois: tuple[Region, ...] = ()
        self.options = Options(
            count=settings.count, gate=GATE if settings.zoom_only_in_doubt else None
        )
        self.is_inside = False
        self.shift_notes: tuple[str, ...] = ()
        self.sent_windows: dict[str, Window] = {}
        self.screen_window: Window | None = None
        self.preset: Preset | None = None
        self._template: Template | None = None
        self._laid: tuple[Region, ...] = ()
        self._left_out = 0
        self.pencil: Pencil | None = None
        self.display = Display(
            opacity=settings.heat_opacity,
            colour_map=(
                settings.colour_map if settings.colour_map in COLOUR_MAPS else COLOUR_MAPS[0]
            ),
            smooth=settings.smooth_heat,
        )
        self._save = save
        self._before_manual = self.strategy
        # A slider that is dragged must not write a file for every step.
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(_SAVE_AFTER_MS)
        self._saving.timeout.connect(self._save_now)

    def set_question(self, text: str) -> None:
        """The user's words."""
        if text != self.question:
            self.question = text
            self.question_changed.emit(text)

    def set_strategy(self, name: str) -> None:
        """Where to look closer."""
        if name != self.strategy:
            self.strategy = name
            self.strategy_changed.emit(name)
            if name != MANUAL:
                self._before_manual = name
                self.change_settings(replace(self.settings, strategy=name))

    def set_count(self, count: int) -> None:
        """Most crops."""
        self.options = replace(self.options, count=count)
        self.options_changed.emit(self.options)
        self.change_settings(replace(self.settings, count=count))

    def set_gate(self, *, is_on: bool) -> None:
        """Zoom only in doubt."""
        self.options = replace(self.options, gate=GATE if is_on else None)
        self.options_changed.emit(self.options)
        self.change_settings(replace(self.settings, zoom_only_in_doubt=is_on))

    def try_experiments(
        self, *, factor: float, source: Literal["", "regions", "map"], mixing: float | None
    ) -> None:
        """Experiments that go along with the next inspections; see `Options`."""
        wanted = replace(self.options, reweighting=factor, reweight_by=source, mixing=mixing)
        if wanted != self.options:
            self.options = wanted
            self.options_changed.emit(wanted)

    def send_windows(self, windows: Mapping[str, Window]) -> None:
        """Grey windows through which the model is shown the open picture: wish and window."""
        if dict(windows) != self.sent_windows:
            self.sent_windows = dict(windows)
            self.options = replace(self.options, windows=tuple(windows))
            self.options_changed.emit(self.options)

    def take_preset(self, preset: Preset | None, *, template: Template | None = None) -> None:
        """Work as a preset says from now on; without one, as things stand.

        Args:
            preset: Its regions and grey windows are for whoever knows the picture.
            template: Its prompt template, if it has one.
        """
        if preset is not None and not preset.rois and self.rois == self._laid:
            # Those of the preset before are not this one's.
            self.set_rois(())
        self.preset, self._template, self._laid = preset, template, ()
        self._left_out = 0
        if preset is not None:
            self.options = replace(preset.options, rois=(), windows=self.options.windows)
            self.options_changed.emit(self.options)
            self.set_strategy(preset.strategy)
            ahead = self.settings.inspect_ahead if preset.ahead is None else preset.ahead > 0
            self.change_settings(
                replace(
                    self.settings,
                    inspect_ahead=ahead,
                    read_first=(
                        preset.reading == "first" if preset.reading else self.settings.read_first
                    ),
                    ahead_count=preset.ahead or self.settings.ahead_count,
                    count=preset.options.count,
                    zoom_only_in_doubt=preset.options.gate is not None,
                    model=preset.model or self.settings.model,
                    precision=preset.precision or self.settings.precision,
                )
            )
        name = preset.name if preset is not None else ""
        self.change_settings(replace(self.settings, preset=name))
        self.preset_changed.emit(preset)

    @property
    def leaves_preset(self) -> bool:
        """Whether something was chosen otherwise since a preset was."""
        if self.preset is None:
            return False
        return self.preset_notes != (
            self.preset.note(strategy=self.preset.strategy, options=self.preset.options),
        )

    @property
    def preset_notes(self) -> tuple[str, ...]:
        """What the record says of the preset."""
        return self._notes_of_preset(is_redrawn=self.leaves_regions)

    @property
    def leaves_regions(self) -> bool:
        """Whether other regions than those that the preset laid are asked about."""
        return bool(self.rois) and self.rois != self._laid

    def _notes_of_preset(self, *, is_redrawn: bool) -> tuple[str, ...]:
        if self.preset is None:
            return ()
        note = self.preset.note(
            strategy=self._strategy_meant, options=self.options, is_redrawn=is_redrawn
        )
        return (note,)

    @property
    def _strategy_meant(self) -> str:
        """The strategy; that of the preset while its regions wait for a picture to lie on."""
        preset = self.preset
        waits = preset is not None and bool(preset.rois) and not self.rois
        return preset.strategy if preset is not None and waits else self.strategy

    def put(self, request: Inspect) -> Inspect:
        """A request in the words of the preset, under its rules, with its name for the record."""
        preset = self.preset
        if preset is None:
            return request
        question, template = request.question, self._template
        strays = self._strays(question)
        if template is not None and template.wants_question and not template.made(question):
            question = template.filled(question, variables=dict(preset.wording.variables))
        # What a person drew on this picture lies where it should; only the preset's moves.
        is_laid = request.options.rois == self._laid
        follows = request.strategy == preset.strategy and is_laid
        return replace(
            request,
            question=question,
            neutral=preset.wording.neutral,
            rules=preset.rules,
            template=preset.template_picture if follows else "",
            left_out=self._left_out if is_laid else 0,
            strays=strays,
            notes=(*request.notes, *self.preset_notes),
        )

    def _strays(self, question: str) -> bool:
        """Whether the preset's rules may mean something else for what was typed."""
        preset, template = self.preset, self._template
        if preset is None or preset.rules is None or preset.rules.suit(question):
            return False
        own, words = {preset.question.strip()}, dict(preset.wording.variables)
        if template is not None and not template.empty(preset.question, variables=words):
            own.add(template.filled(preset.question, variables=words))
        return question.strip() not in own

    @property
    def laid(self) -> tuple[Region, ...]:
        """The rectangles that a preset brought last."""
        return self._laid

    def lay_rois(self, rois: Sequence[Region], *, left_out: int = 0) -> None:
        """The rectangles of the preset on the picture that is open.

        Args:
            rois: Those that lie inside.
            left_out: How many do not.
        """
        self._laid, self._left_out = tuple(rois), left_out
        if self._laid == self.rois:
            # The same rectangles may have other names and questions now.
            self.rois_changed.emit(self.rois)
        else:
            self.set_rois(rois)

    def set_rois(self, rois: Sequence[Region]) -> None:
        """Rectangles drawn by hand; having some means asking about them."""
        if tuple(rois) == self.rois:
            return
        self.rois = tuple(rois)
        self.rois_changed.emit(self.rois)
        if self.rois and not self.is_inside:
            self.set_strategy(MANUAL)
        elif self.strategy == MANUAL:
            self.set_strategy(self._before_manual)

    def search_inside(self, *, is_on: bool) -> None:
        """Search only inside the rectangles, or ask about them as they are."""
        if is_on == self.is_inside:
            return
        self.is_inside = is_on
        if self.rois:
            self.set_strategy(self._before_manual if is_on else MANUAL)
        self.rois_changed.emit(self.rois)

    def add_roi(self, region: Region) -> None:
        """One more rectangle drawn by hand; beyond `MOST_ROIS` the oldest goes."""
        self.set_rois((*self.rois, region)[-MOST_ROIS:])

    @property
    def is_drawing(self) -> bool:
        """Whether the next drag or clicks on the picture draw something."""
        return self.pencil is not None

    def take_pencil(self, pencil: Pencil | None) -> None:
        """What the next drag or clicks on the picture draw; None puts it away."""
        if pencil != self.pencil:
            self.pencil = pencil
            self.pencil_changed.emit(pencil)

    def change_display(self, display: Display) -> None:
        """How evidence is drawn."""
        if display == self.display:
            return
        self.display = display
        self.display_changed.emit(display)
        kept = replace(
            self.settings,
            heat_opacity=display.opacity,
            colour_map=display.colour_map,
            smooth_heat=display.smooth,
        )
        self.change_settings(kept)

    def switch_heat(self) -> None:
        """Show the heat, or hide it."""
        self.change_display(replace(self.display, heat=not self.display.heat))

    def switch_boxes(self) -> None:
        """Show the boxes, or hide them."""
        self.change_display(replace(self.display, boxes=not self.display.boxes))

    def switch_grid(self) -> None:
        """Show the token grid, or smooth it."""
        self.change_display(replace(self.display, smooth=not self.display.smooth))

    def choose(self, name: str, value: Any) -> None:
        """Change one setting by its name; what it governs on the screen follows at once."""
        match name:
            case "strategy":
                self.set_strategy(value)
            case "count":
                self.set_count(value)
            case "zoom_only_in_doubt":
                self.set_gate(is_on=value)
            case "heat_opacity":
                self.change_display(replace(self.display, opacity=value))
            case "colour_map":
                self.change_display(replace(self.display, colour_map=value))
            case "smooth_heat":
                self.change_display(replace(self.display, smooth=value))
            case _:
                kind = type(getattr(self.settings, name))
                self.change_settings(replace(self.settings, **{name: kind(value)}))

    def change_settings(self, settings: Settings) -> None:
        """Take over and store settings."""
        if settings == self.settings:
            return
        self.settings = settings
        self._saving.start()
        self.settings_changed.emit(settings)

    def keep_settings(self) -> None:
        """Store what is still to be stored."""
        if self._saving.isActive():
            self._saving.stop()
            self._save_now()

    def _save_now(self) -> None:
        try:
            self._save(self.settings)
        except InspectorError as error:
            self.noticed.emit(Notice.of(problem_of(error)))

    def suggest(self, locator: str) -> None:
        """A sample brings its own question; any other picture keeps the one there is."""
        self.set_question(self.question_for(locator, self.question))

    def question_for(self, locator: str, question: str) -> str:
        """What is asked of a picture while this stands as the question.

        A sample's own comes first, but not before that of a preset whose rules judge its answers.
        """
        preset = self.preset
        if preset is not None and preset.rules is not None and preset.question:
            return question
        own = next((one.questions for one in self.samples if one.path == locator), ())
        return question if question in own or not own else own[0]

    def remember(self, question: str) -> None:
        """A question was asked: it is offered again, before older ones."""
        asked = dict.fromkeys([question, *self.settings.questions])
        self.change_settings(replace(self.settings, questions=tuple(asked)[:_QUESTIONS_KEPT]))

    def suggestions(self) -> tuple[str, ...]:
        """Questions worth offering: the sample's own, then the last ones asked."""
        own = [s.questions for s in self.samples if s.path == self.locator]
        return tuple(dict.fromkeys([*(own[0] if own else ()), *self.settings.questions]))
