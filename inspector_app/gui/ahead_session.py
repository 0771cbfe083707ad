"""The session that works ahead: it reads and inspects the next pictures while one is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from inspector_app.domain.inspection import MADE_AHEAD, Inspection, ModelFacts
from inspector_app.domain.messages import Inspect, Problem, ReadPicture
from inspector_app.domain.preset import Cut, Preset
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.domain.verdict import Outcome, asks_for_unwanted
from inspector_app.gui.ahead import BREATH_MS, SETTLING_MS, Ahead, Plan, Rest
from inspector_app.gui.facts import MANUAL, WHOLE, Notice
from inspector_app.gui.picture import Picture
from inspector_app.gui.regions import are_redrawn
from inspector_app.gui.session import Session
from inspector_app.gui.wording import session_notices
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.worker import Bridge


@dataclass(frozen=True, slots=True)
class _Look:
    """How a picture is looked at closer: parts of an `Inspect`."""

    strategy: str
    rois: tuple[Region, ...] = ()
    cuts: tuple[Cut, ...] = ()
    is_inside: bool = False
    left_out: int = 0


class AheadSession(Session):
    """A session with run-ahead.

    Pictures are inspected with the question that stands: the one that was asked last, or that
    stood in the field when run-ahead was switched on. While another one is being typed, run-ahead
    rests.

    Args:
        model: Bridge to the thread that runs the model.
        more: As for `Session`.
    """

    def __init__(self, *, model: Bridge, **more: Any) -> None:
        super().__init__(model=model, **more)
        self.ahead = Ahead(model, plan=self._plan, is_known=self._has_answer, parent=self)
        self.ahead.switch(is_on=self.settings.inspect_ahead)
        self._followed = (self.settings.inspect_ahead, self.settings.ahead_count)
        self._standing = ""
        ahead = self.ahead
        ahead.running_changed.connect(self.worklist.set_ahead)
        ahead.running_changed.connect(lambda _locator: self.working_changed.emit())
        ahead.finished.connect(self._on_ahead_finished)
        ahead.failed.connect(self._on_ahead_failed)
        ahead.withdrawn.connect(self._on_withdrawn)
        self.opening.connect(lambda _locator: ahead.look(after_ms=BREATH_MS))
        self.picture_changed.connect(lambda _picture: ahead.look(after_ms=BREATH_MS))
        self.question_changed.connect(lambda _text: ahead.look())
        self.strategy_changed.connect(lambda _name: ahead.look(after_ms=SETTLING_MS))
        self.options_changed.connect(lambda _options: ahead.look(after_ms=SETTLING_MS))
        self.regions.changed.connect(self._on_regions)
        self.shown.rearranged.connect(self._on_rearranged)
        self.shown.dates_wanted.connect(self._find_dates)
        self.worklist.grown.connect(lambda _count: self._on_rearranged())
        self.settings_changed.connect(self._follow_settings)
        self.desk.kept.connect(lambda _locator: ahead.look())
        self.asking.running_changed.connect(self._on_asking)
        self.asking.model_changed.connect(self._on_model_changed)
        self.asking.stopped.connect(lambda _request: ahead.pause(is_paused=True))
        self.asking.finished.connect(lambda request, _made: ahead.forget(request.locator))

    # What the user says ----------------------------------------------------------------

    def ask(self) -> None:
        """Inspect the chosen picture; the question stands from now on."""
        self._standing = self.question.strip()
        super().ask()

    def suggest(self, locator: str) -> None:
        """A sample that brings its own question changes nothing of what stands."""
        stood = self._stands
        super().suggest(locator)
        if stood:
            self._standing = self.question.strip()

    def set_ahead(self, *, is_on: bool) -> None:
        """Inspect the next pictures ahead, with the question in the field, or stop it."""
        self.choose("inspect_ahead", is_on)

    @property
    def is_working(self) -> bool:
        """Whether there is something that the user can stop, and sees on the screen."""
        here = self.locator
        return super().is_working or (here is not None and self.is_inspecting(here))

    def is_inspecting(self, locator: str) -> bool:
        """Whether this picture is being inspected, asked for or ahead."""
        return super().is_inspecting(locator) or self.ahead.running == locator

    def stop(self) -> None:
        """Stop the running inspection; run-ahead does not begin it again by itself."""
        super().stop()
        self.ahead.pause(is_paused=True)

    def close(self) -> bool:
        """Stop everything; whether all threads have ended."""
        self.ahead.close()
        return super().close()

    # What there is to do ---------------------------------------------------------------

    @property
    def _stands(self) -> bool:
        """Whether the question in the field is the one that was asked."""
        return bool(self._standing) and self.question.strip() == self._standing

    def _rest(self) -> Rest:
        if self.asking.is_running:
            return Rest.ASKED
        if self.model is None:
            return Rest.MODEL
        if not self._stands or not self.can_serve(self.strategy):
            return Rest.QUESTION
        is_drawn = self.strategy == MANUAL and self._fixed is None
        return Rest.DRAWN if is_drawn else Rest.NONE

    def _plan(self) -> Plan:
        rest, here = self._rest(), self.locator
        if here is None:
            return Plan(rest=rest, model=self.model)
        following = self.shown.following(here, self.settings.ahead_count)
        names = [name for name in (here, *following) if not self.worklist.is_unreadable(name)]
        made = (self._wish(name, self._standing) for name in names if self._standing)
        wishes = tuple(wish for wish in made if wish is not None)
        windows = self.options.windows
        readings = tuple(
            ReadPicture(name, self._model, windows, ahead=name != here) for name in names[:2]
        )
        return Plan(here, wishes, readings, rest, self.model)

    @property
    def _fixed(self) -> Preset | None:
        """The preset, where it brings regions to every picture."""
        return self.preset if self.preset is not None and self.preset.rois else None

    def _is_left_on(self, locator: str) -> bool:
        """Whether this picture is open, and other regions or another strategy chosen on it."""
        here = self.picture
        if here is None or here.locator != locator or self._fixed is None:
            return False
        is_searched = bool(self.rois) and not self.is_inside and self.strategy != MANUAL
        return is_searched or self.regions.is_redrawn

    def _looks_at(self, locator: str) -> _Look | None:
        """How a picture is looked at on which nothing was changed by hand.

        Returns:
            None while it cannot be said: its size is to be known, or a person changed the
            regions on it before, which come back when it is opened.
        """
        searching = self._before_manual if self.strategy == MANUAL else self.strategy
        preset, here = self._fixed, self.picture
        if preset is None:
            return _Look(searching)
        is_here = here is not None and here.locator == locator
        size = here.size if here is not None and is_here else self.desk.size_of(locator)
        if size is None:
            return None
        marks = self.book.marks_of(self.desk.key_of(locator))
        if not is_here and marks.hides_laid and are_redrawn(marks.rois, preset, size=size):
            return None
        laid = preset.laid_on(size)
        left_out = len(preset.rois) - len(laid)
        if self.is_inside or not laid:
            rois = laid if searching != WHOLE else ()
            return _Look(searching, rois, is_inside=bool(rois), left_out=left_out)
        return _Look(MANUAL, laid, preset.cuts_on(size), left_out=left_out)

    def _wish(self, locator: str, question: str) -> Inspect | None:
        """What is asked about a picture ahead of the user; None while that cannot be said.

        It is what would be asked were the picture open: what was changed by hand on one picture
        holds on it, and on no other.
        """
        request = self.request_for(locator, question=self.question_for(locator, question))
        if self._is_left_on(locator):
            return replace(request, notes=(*request.notes, MADE_AHEAD))
        if (look := self._looks_at(locator)) is None:
            return None
        preset, told, template = self.preset, tuple[str, ...](), ""
        if preset is not None:
            # Where none of its regions lies in the picture the preset was not left.
            meant = preset.strategy if preset.rois and not look.rois else look.strategy
            told = (preset.note(strategy=meant, options=self.options),)
            follows = bool(look.rois) and look.strategy == preset.strategy
            template = preset.template_picture if follows else ""
        others = (note for note in request.notes if note not in self.preset_notes)
        return replace(
            request,
            strategy=look.strategy,
            options=replace(request.options, rois=look.rois, cuts=look.cuts, inside=look.is_inside),
            template=template,
            left_out=look.left_out,
            notes=(*others, *told, MADE_AHEAD),
        )

    def _has_answer(self, wish: Inspect) -> bool:
        """Whether nothing has to be made: the user's own answer is never made anew."""
        slim = self.archive.slim_of(wish.locator)
        if slim is None or slim.question != wish.question:
            return False
        if slim.was_made_ahead and not _answers(slim, wish, self.model):
            return False
        shown = self.picture
        if shown is None or shown.locator != wish.locator:
            return True
        return shown.provenance.sha256 == slim.provenance.sha256

    def _next_to(self, locator: str) -> tuple[str, ...]:
        is_on = self.settings.inspect_ahead
        return self.shown.following(locator, self.settings.ahead_count if is_on else 1)

    # What came of it -------------------------------------------------------------------

    def _show(self, picture: Picture | None) -> None:
        super()._show(picture)
        problem = self.ahead.trouble_of(picture.locator) if picture is not None else None
        if problem is not None and self.inspection is None:
            self.noticed.emit(Notice.of(problem))

    def _known_of(self, picture: Picture) -> Inspection | None:
        wish = self._wish(picture.locator, self.question)
        if wish is None:
            return None
        made = self.ahead.answer_to(wish, sha256=picture.provenance.sha256, model=self.model)
        if made is not None and picture.frame is not None:
            whole = made.completed(picture.frame)
            self.archive.keep(picture.locator, whole)
            return whole
        known = super()._known_of(picture) or self._recalled(picture, wish)
        if known is None or (known.was_made_ahead and not _answers(known, wish, self.model)):
            return None
        return known

    def _recalled(self, picture: Picture, wish: Inspect) -> Inspection | None:
        """None; what is known of the picture but not at hand comes from the store, if at all."""
        slim = self.archive.slim_of(picture.locator)
        if (
            slim is None
            or slim.id is None
            or slim.provenance.sha256 != picture.provenance.sha256
            or (slim.was_made_ahead and not _answers(slim, wish, self.model))
        ):
            return None

        def show(inspection: Inspection) -> None:
            is_here = self.picture is picture and self.inspection is None
            if is_here and not self.is_working and self.archive.slim_of(picture.locator) is slim:
                self._show_inspection(inspection)

        self.desk.recall(slim.id, show)
        return None

    def _on_ahead_finished(self, request: Inspect, inspection: Inspection) -> None:
        outcome = inspection.verdict.outcome if inspection.verdict else ""
        self.worklist.set_outcome(request.locator, outcome)
        self.archive.add(request.locator, inspection)
        self._say_if_unstored(inspection)
        picture, shown = self.picture, self.known
        if picture is None or picture.locator != request.locator or self.is_opening:
            return
        if shown is not None and not shown.was_made_ahead and shown.question == request.question:
            # The user's own answer, or a record that was opened, stays on the screen.
            return
        if picture.provenance.sha256 == inspection.provenance.sha256:
            self._show_inspection(self._known_of(picture))
        else:
            self.noticed.emit(session_notices.changed_while_open())
            self.desk.forget(picture.locator)
            self._show_locator(picture.locator)

    def _on_ahead_failed(self, request: Inspect, problem: Problem) -> None:
        doubt = Outcome.CHECK if asks_for_unwanted(request.question) else None
        self.worklist.set_failure(request.locator, problem_line(problem), outcome=doubt)
        is_here = self.picture is not None and self.picture.locator == request.locator
        if problem.trace or is_here:
            self.noticed.emit(Notice.of(problem))

    def _on_withdrawn(self, locator: str) -> None:
        self.worklist.take_back(locator)
        self.archive.forget(locator)
        shown = self.known
        is_here = self.picture is not None and self.picture.locator == locator
        if is_here and shown is not None and shown.was_made_ahead:
            self._show_inspection(None)

    # What changed ----------------------------------------------------------------------

    def _follow_settings(self, settings: Settings) -> None:
        before = self._followed
        self._followed = (settings.inspect_ahead, settings.ahead_count)
        if before == self._followed:
            return
        if settings.inspect_ahead and not before[0]:
            self._standing = self.question.strip()
        self.ahead.switch(is_on=settings.inspect_ahead)
        self._on_rearranged()

    def _on_regions(self, _rois: object) -> None:
        """What a person changes takes a moment; what a preset lays with a picture is meant."""
        self.ahead.look(after_ms=SETTLING_MS if self.regions.is_redrawn else BREATH_MS)

    def _on_rearranged(self) -> None:
        self.ahead.look()
        if self.shown.needs_dates:
            self._find_dates()
        if self.picture is not None and not self.is_opening:
            self.desk.fetch(self._next_to(self.picture.locator))

    def _find_dates(self) -> None:
        if undated := self.worklist.undated:
            self.desk.find_dates(undated, self._on_dates)

    def _on_asking(self, locator: str | None) -> None:
        """Whoever waits goes first, and at once."""
        if locator is not None:
            self.ahead.give_way()
        self.ahead.look()

    def _on_dates(self, dates: Mapping[str, int]) -> None:
        self.worklist.set_dates(dates)
        self.shown.dates_came()

    def _on_model_changed(self, facts: ModelFacts | None) -> None:
        if facts is None:
            self.ahead.forget_model()
        self.ahead.look()


def _answers(inspection: Inspection, wish: Inspect, model: ModelFacts | None) -> bool:
    """Whether an inspection says what asking the loaded model now would say."""
    return (
        inspection.question == wish.question
        and inspection.strategy == wish.strategy
        and inspection.options == wish.options
        and set(wish.notes) - {MADE_AHEAD} <= set(inspection.notes)
        and inspection.model == model
    )
