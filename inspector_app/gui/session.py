"""What is open, chosen and running: one signal per fact.

Panels listen to the session and speak to it; they do not know each other, and none of them
knows a worker.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inspector_app.domain.exporting import KnownMasks
from inspector_app.domain.inspection import Inspection, ModelFacts
from inspector_app.domain.messages import Inspect, LoadModel, Problem
from inspector_app.domain.record_messages import WriteReport
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.domain.verdict import Outcome, asks_for_unwanted
from inspector_app.gui.archive import Archive
from inspector_app.gui.asking import Asking
from inspector_app.gui.facts import MANUAL, WHOLE, Evidence, Notice, Sample, Strategy
from inspector_app.gui.masks import Masks
from inspector_app.gui.opening import Opening
from inspector_app.gui.picture import Picture, Reopened
from inspector_app.gui.studies import Studies
from inspector_app.gui.wording import session_notices
from inspector_app.gui.worker import Bridge

_PAINTED_MS = 50
_PATIENCE_MS = 3000
"""A picture that takes longer does not keep the model waiting."""
_ONCE = Qt.ConnectionType.SingleShotConnection


class Session(Opening):
    """The facts of the window.

    Args:
        model: Bridge to the thread that runs the model.
        desk: Bridge to the thread that reads and writes files and records.
        aside: Bridge to the thread for thumbnails and neighbours.
        disk: Bridge to the thread that asks the disk in which state files are.
        pen: Bridge to the thread that stores what people do to pictures.
        settings: As they were when the program was left.
        save: Stores settings.
        strategies: The crop strategies there are.
        samples: Pictures that come with the program.

    Signals carry one value each: see the names.
    """

    inspection_changed = Signal(object)  # Inspection | None
    evidence_changed = Signal(object)  # Evidence
    report_written = Signal(str)
    working_changed = Signal()

    def __init__(  # noqa: PLR0913  everything the session is built from, named
        self,
        *,
        model: Bridge,
        desk: Bridge,
        aside: Bridge,
        disk: Bridge,
        pen: Bridge,
        settings: Settings,
        save: Callable[[Settings], None],
        strategies: Sequence[Strategy],
        samples: Sequence[Sample] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(
            desk=desk,
            aside=aside,
            disk=disk,
            pen=pen,
            settings=settings,
            save=save,
            strategies=strategies,
            samples=samples,
            parent=parent,
        )
        self.asking = Asking(model, self)
        self.studies = Studies(model, self)
        self.archive = Archive(self)
        self.masks = Masks()
        self.inspection: Inspection | None = None
        self.withheld: Inspection | None = None
        self.evidence = Evidence()
        self._has_asked_for_model = False
        self._bridges: tuple[Bridge, ...] = (model, desk, aside, disk)
        self._connect()

    def _connect(self) -> None:
        self.inspection_changed.connect(self.findings.show_inspection)
        self.findings.changed.connect(self._show_outcome)
        self.read_first.changed.connect(lambda: self._show_inspection(self.known))
        self.read_first.hidden_changed.connect(self._hide_outcomes)
        self.worklist.hide_outcomes(self.read_first.hides)
        self.archive.lines_changed.connect(self.read_first.know)
        self.desk.records_listed.connect(self.archive.take)
        self.desk.records_refused.connect(self._on_records_refused)
        self.desk.record_opened.connect(self._on_record_opened)
        self.desk.report_written.connect(self.report_written)
        self.asking.finished.connect(self._on_inspected)
        self.asking.failed.connect(self._on_not_inspected)
        self.asking.stopped.connect(self._on_stopped)
        self.asking.evidence_came.connect(self._on_evidence)
        self.asking.model_failed.connect(self._on_failed)
        self.asking.running_changed.connect(self.worklist.set_running)
        self.asking.running_changed.connect(lambda _locator: self.working_changed.emit())

    def _hide_outcomes(self, locator: str) -> None:
        """A long list is gone through only where any picture of it may have changed."""
        if locator:
            self.worklist.touch(locator)
        else:
            self.worklist.hide_outcomes(self.read_first.hides)

    # Beginning -----------------------------------------------------------------------

    def start(self) -> None:
        """Fetch the history and get the model ready, once the picture to begin with stands there.

        What the model reads from the disk takes its turns from the thread that opens the picture.
        """
        self.desk.list_records()
        if self.is_opening:
            self.picture_changed.connect(self._load_soon, _ONCE)
            QTimer.singleShot(_PATIENCE_MS, self, self._load_first)
        else:
            self._load_first()

    def _load_soon(self, _picture: Picture | None) -> None:
        # It is painted first.
        QTimer.singleShot(_PAINTED_MS, self, self._load_first)

    def _load_first(self) -> None:
        if not self._has_asked_for_model:
            self.load_model()

    def change_settings(self, settings: Settings) -> None:
        before = self._model
        super().change_settings(settings)
        if self._model != before:
            self.load_model()

    def load_model(self) -> None:
        """Get the model of the settings ready."""
        self._has_asked_for_model = True
        self.asking.load(self._model)

    @property
    def _model(self) -> LoadModel:
        chosen = self.settings
        return LoadModel(chosen.model, chosen.device, chosen.precision, chosen.tower)

    def _show(self, picture: Picture | None) -> None:
        awaited, self._awaited = self._awaited, None
        self.take_pencil(None)
        self.inspection = self.withheld = None
        self._turn_to(picture)
        if awaited is not None and picture is not None:
            self._show_record(awaited, picture)
        elif picture is not None:
            self._show_inspection(self._known_of(picture))
            self.suggest(picture.locator)
        else:
            self._show_inspection(None)

    def _known_of(self, picture: Picture) -> Inspection | None:
        """The last inspection of this very picture, while it is at hand."""
        last = self.archive.last_of(picture.locator)
        is_same = last is not None and last.provenance.sha256 == picture.provenance.sha256
        return last if is_same else None

    # Asking --------------------------------------------------------------------------

    def ask(self) -> None:
        """Inspect the chosen picture with the question there is.

        While it is still being opened, the question waits for it: the picture before it is on
        the screen yet, and is not the one that is meant.
        """
        if self.is_opening:
            self._asks_when_open = True
            return
        if (refusal := self._why_not()) is not None:
            self.noticed.emit(refusal)
            return
        assert self.picture is not None
        request = self.request_for(self.picture.locator)
        self.remember(self.question.strip())
        self._show_inspection(None)
        self.asking.ask(request)

    def request_for(self, locator: str, *, question: str | None = None) -> Inspect:
        """What would be asked about a picture, as everything is chosen now."""
        words = (self.question if question is None else question).strip()
        options = self.options
        if self.strategy == MANUAL:
            options = replace(options, rois=self.rois, cuts=self.regions.cuts)
        elif self.is_inside and self.rois and self.strategy != WHOLE:
            options = replace(options, rois=self.rois, inside=True)
        notes = self.shift_notes or self.presence.notes
        wish = Inspect(locator, words, self.strategy, options, model=self._model, notes=notes)
        return self.put(wish)

    def can_serve(self, strategy: str) -> bool:
        """Whether the model that is loaded can do what a strategy needs."""
        known = [one for one in self.strategies if one.name == strategy]
        return bool(known) and known[0].is_served_by(self.model)

    def _why_not(self) -> Notice | None:
        if self.picture is None:
            return session_notices.no_picture()
        return self.why_no_question(self.tr("Press R and draw one, or choose another strategy."))

    def why_no_question(self, draw_first: str) -> Notice | None:
        """What bars the question, whatever picture it is about; `draw_first` tells how to draw."""
        is_served = self.can_serve(self.strategy)
        return session_notices.bar_of(self, is_served=is_served, draw_first=draw_first)

    @property
    def is_working(self) -> bool:
        """Whether there is something that the user can stop."""
        return self.asking.is_running

    def is_inspecting(self, locator: str) -> bool:
        """Whether this picture is being inspected."""
        return self.asking.request is not None and self.asking.request.locator == locator

    def stop(self) -> None:
        """Stop the running inspection."""
        self.asking.stop()

    def _on_evidence(self, locator: str, evidence: Evidence) -> None:
        is_here = self.picture is not None and locator == self.picture.locator
        if is_here and not self.read_first.is_hiding:
            self._show_evidence(evidence)

    def _on_inspected(self, request: Inspect, inspection: Inspection) -> None:
        outcome = inspection.verdict.outcome if inspection.verdict else ""
        self.worklist.set_outcome(request.locator, outcome)
        self.archive.add(request.locator, inspection)
        self._say_if_unstored(inspection)
        if self.picture is None or self.picture.locator != request.locator:
            return
        if self.picture.provenance.sha256 == inspection.provenance.sha256:
            self._show_inspection(inspection)
        else:
            self._read_changed(inspection)

    def _read_changed(self, inspection: Inspection) -> None:
        """The file became another one since it was opened: show what was really inspected."""
        self.noticed.emit(session_notices.changed_while_open())
        locator = inspection.provenance.locator
        self.desk.forget(locator)
        self._awaited = Reopened(inspection, None)
        self._show_locator(locator)

    def _on_not_inspected(self, request: Inspect, problem: Problem) -> None:
        if asks_for_unwanted(request.question):
            self.worklist.set_outcome(request.locator, Outcome.CHECK)
        # Half an answer, or the boxes of a job that failed, must not look like an answer.
        self._clear_if_shown(request, None)
        self.noticed.emit(Notice.of(problem))

    def _on_stopped(self, request: Inspect) -> None:
        if self.picture is not None:
            self._clear_if_shown(request, self._known_of(self.picture))

    def _clear_if_shown(self, request: Inspect, instead: Inspection | None) -> None:
        if self.picture is not None and self.picture.locator == request.locator:
            self._show_inspection(instead)

    @property
    def known(self) -> Inspection | None:
        """What is known of the open picture, shown or withheld until it was read."""
        return self.inspection if self.inspection is not None else self.withheld

    def end_reading(self) -> None:
        """The reader is done: store the first reading, then show what the program found."""
        known = self.withheld
        self.read_first.end(record=known.id if known is not None else None)

    def _show_inspection(self, inspection: Inspection | None) -> None:
        self.withheld = None
        if self.read_first.is_hiding:
            self.withheld, inspection = inspection, None
        elif inspection is not None:
            self.read_first.note_seen()
        self.inspection = inspection
        if self.display.layer is not None:
            self.change_display(replace(self.display, layer=None))
        self.inspection_changed.emit(inspection)
        if inspection is None:
            self._show_evidence(Evidence())
        else:
            self._show_evidence(Evidence(inspection.map, inspection.regions))

    def _show_outcome(self) -> None:
        """A person's verdict is the one that counts in the worklist."""
        inspection, picture = self.inspection, self.picture
        if inspection is None or inspection.id is None or picture is None:
            return
        if inspection.provenance.sha256 == picture.provenance.sha256:
            self.worklist.correct_outcome(picture.locator, self.findings.outcome)

    def _show_evidence(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.evidence_changed.emit(evidence)

    # Records -------------------------------------------------------------------------

    def open_record(self, number: int) -> None:
        """Show a stored inspection again."""
        self.desk.open_record(number)

    def write_report(self, format: str, destination: str, *, language: str = "en") -> None:
        """Write the shown inspection to a file."""
        if self.inspection is not None:
            wanted = WriteReport(
                self.inspection.id,
                format,
                destination,
                language,
                hides_patient=self.settings.hide_patient,
                masks=self.masks_of(self.inspection),
            )
            self.desk.write(self.inspection, wanted)

    def masks_of(self, inspection: Inspection) -> tuple[Region, ...] | None:
        """What reports paint over: what somebody said of its picture, where names are left out."""
        return self.masks.of(inspection) if self.settings.hide_patient else None

    @property
    def known_masks(self) -> KnownMasks:
        """The same of all pictures, for reports about several."""
        return self.masks.all if self.settings.hide_patient else ()

    def _on_records_refused(self, problem: Problem) -> None:
        self.archive.refuse(problem)
        self.noticed.emit(session_notices.history_refused(problem))

    def _say_if_unstored(self, inspection: Inspection) -> None:
        # Where that was said already, the note beside the answer is enough.
        if (reason := inspection.unstored) and self.archive.trouble is None:
            self.noticed.emit(session_notices.not_stored(reason))

    def _on_record_opened(self, reopened: Reopened) -> None:
        self._awaited = reopened
        self._show_locator(reopened.inspection.provenance.locator)

    def _show_record(self, reopened: Reopened, picture: Picture) -> None:
        inspection = reopened.inspection
        kept = reopened.kept
        if picture.provenance.sha256 != inspection.provenance.sha256:
            if kept is not None:
                self._turn_to(kept)
            told = session_notices.record_of_another_state(
                is_gone=False, has_picture=kept is not None
            )
            self.noticed.emit(told)
        elif picture.frame is None:
            self.noticed.emit(session_notices.record_of_another_state(is_gone=True))
        self.set_question(inspection.question)
        self._show_inspection(inspection)

    def show_again(self, inspection: Inspection) -> None:
        """What was said of this very picture before, unless something is shown already."""
        picture = self.picture
        if picture is None or self.known is not None or self.is_working:
            return
        if picture.provenance.sha256 == inspection.provenance.sha256:
            self._show_inspection(inspection)

    # Ending --------------------------------------------------------------------------

    def care_for(self, bridge: Bridge) -> None:
        """Close this bridge, too, when everything ends."""
        self._bridges = (*self._bridges, bridge)

    @property
    def model(self) -> ModelFacts | None:
        """The model that is loaded."""
        return self.asking.model

    def close(self) -> bool:
        """Stop everything; whether all threads have ended."""
        # A window that is closed before its model was asked for waits for none.
        self._has_asked_for_model = True
        self.keep_settings()
        ended = [self.book.close(), *(bridge.close() for bridge in self._bridges)]
        return all(ended)
