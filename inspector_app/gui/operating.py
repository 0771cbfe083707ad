"""Operator mode without its page: one part after the other, its verdict, and the shift's tally."""

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from inspector_app.domain.code import serials
from inspector_app.domain.errors import InspectorError
from inspector_app.domain.gesture import Judgement
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.live import Shot
from inspector_app.domain.locator import split
from inspector_app.domain.measure import picture_key
from inspector_app.domain.messages import Inspect, KeepFailure, Problem
from inspector_app.domain.region import Region
from inspector_app.domain.search import OPERATOR_NOTE
from inspector_app.domain.shift import PART_NOTE, Part, Shift
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.golden import Gate, GoldenGate
from inspector_app.gui.live_session import LiveSession, Mode
from inspector_app.gui.picture import image_of
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.wording.verdict_words import type_words, verdict_words
from inspector_app.imaging.resizing import thumbnail

_SMALL = 160


class Phase(StrEnum):
    """What the page says in its largest letters."""

    READY = "ready"  # nothing was inspected yet
    WHICH = "which"  # the part's serial number is asked for
    BUSY = "busy"  # a part is being inspected; no older verdict is in sight
    TOLD = "told"  # the last part has its verdict


class Operating(QObject):
    """The work of an operator: no choices, one verdict a part.

    Whatever goes wrong with a part is CHECK: a picture that cannot be read, a question that
    cannot be asked, a stop, an answer without a verdict.

    Args:
        session: Opens and inspects.

    Signals:
        phase_changed: `Phase`.
        shift_changed: `Shift`; also when operator mode begins.
        serial_changed: Serial number of the part to come, or "".
        serial_wanted: The serial numbers that the picture holds: none, or several.
        told: A sentence that is no verdict: why nothing happened.
        ended: Operator mode was left.
    """

    phase_changed = Signal(object)
    shift_changed = Signal(object)
    serial_changed = Signal(str)
    serial_wanted = Signal(tuple)
    told = Signal(str)
    ended = Signal()

    def __init__(self, session: LiveSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.shift = Shift("")
        self.phase = Phase.READY
        self.serial = ""
        self.is_on = False
        self.gate = GoldenGate(session, self)
        self._wanted = ""
        self._begun = 0
        self._begun_s = 0.0
        self._keys: dict[int, str] = {}
        self._shot: Shot | None = None
        self._then: Callable[[], None] | None = None
        self._images: dict[int, QImage] = {}
        self.seen: Inspection | None = None
        session.asking.finished.connect(self._on_finished)
        session.asking.failed.connect(self._on_failed)
        session.asking.stopped.connect(self._on_stopped)
        session.refused.connect(self._on_refused)
        session.judging_changed.connect(self._on_judging)
        self.gate.changed.connect(self._on_gate)

    @property
    def last(self) -> Part | None:
        """The newest part of the shift."""
        return self.shift.parts[-1] if self.shift.parts else None

    def image_of(self, part: Part) -> QImage:
        """A small picture of a part that is in sight; a null one where there was no picture."""
        return self._images.get(part.number, QImage())

    def begin(self, operator: str) -> None:
        """Start a shift; a camera that is watched inspects on the trigger from now on."""
        self.shift, self._keys, self._images = Shift(operator.strip()), {}, {}
        self.seen = None
        self._begun += 1
        self.is_on = True
        self._set_phase(Phase.READY)
        self.scan("")
        self._session.before_judging = self._find_serial
        self._session.set_at_line(is_on=True)
        self.gate.begin(self.shift.operator)
        if self._session.eye.is_open:
            self._session.show_live()
            self._session.set_mode(Mode.TRIGGER if self.gate.is_open else Mode.HAND)
        self.shift_changed.emit(self.shift)

    def end(self) -> None:
        """Leave: what is being inspected is stopped, and counts as CHECK."""
        if self.phase is Phase.BUSY:
            self._session.stop()
        self.give_up_serial()
        self._session.before_judging = None
        self._session.set_at_line(is_on=False)
        self.is_on = False
        self.gate.end()
        self._session.shift_notes = ()
        self._session.set_mode(Mode.HAND)
        self.ended.emit()

    def scan(self, serial: str) -> None:
        """The serial number of the part to come."""
        self.serial = serial
        said = (f"{OPERATOR_NOTE}{self.shift.operator}", f"{PART_NOTE}{serial}" if serial else "")
        self._session.shift_notes = tuple(note for note in said if note) if self.is_on else ()
        self.serial_changed.emit(serial)

    # One part ------------------------------------------------------------------------

    def inspect(self) -> None:
        """The next part: the camera's picture of this moment, or the next one of the worklist."""
        session = self._session
        is_idle = self.phase in {Phase.READY, Phase.TOLD}
        if self.is_on and is_idle and not self.gate.is_open:
            # No part goes before the golden samples.
            self.gate.show_samples()
            return
        if self.is_on and session.is_live_shown:
            if self.phase is Phase.WHICH:
                return
            # What comes of it is told by `judging_changed`; one that comes too soon is missed,
            # and counted. Trouble stopped the line: whoever goes on has seen it.
            session.set_mode(Mode.TRIGGER)
            session.trigger()
            return
        if not self.is_on or self.phase in {Phase.BUSY, Phase.WHICH}:
            return
        here = session.locator
        if here is None or self._is_done(here):
            there = session.shown.neighbour(here, by=1)
            if there is None or there == here:
                self.told.emit(self.tr("There is no further picture."))
                return
            session.go_to(there)
        self._shot = None
        self._begin_part(session.locator or "")
        self._find_serial(self._wanted, self._ask)

    def _ask(self) -> None:
        session = self._session
        session.ask()
        if not session.is_opening and not session.asking.is_running:
            self._end_part(Outcome.CHECK, self.tr("The question cannot be asked."))

    # The serial number -----------------------------------------------------------------

    def _find_serial(self, locator: str, then: Callable[[], None]) -> None:
        """Have the part's serial number, from where the preset says, before it is asked about.

        What was scanned before holds.
        """
        preset = self._session.preset
        source = preset.serial if preset is not None else "scanner"
        if self.serial or source == "scanner":
            then()
        elif source == "name":
            self.scan(Path(split(locator)[0]).stem)
            then()
        else:
            number = len(self.shift.parts)
            self._then = then
            self._session.desk.read_codes(
                locator,
                tell=lambda codes: self._on_codes(number, serials(codes)),
                # A picture that cannot be opened is CHECK by itself.
                refused=lambda _problem: self._go_on(number),
            )

    def _on_codes(self, number: int, found: tuple[str, ...]) -> None:
        if self._then is None or number != len(self.shift.parts):
            return
        if len(found) == 1:
            self.scan(found[0])
            self._go_on(number)
        else:
            self._set_phase(Phase.WHICH)
            self.serial_wanted.emit(found)

    def _go_on(self, number: int) -> None:
        then, self._then = self._then, None
        if then is not None and self.is_on and number == len(self.shift.parts):
            then()

    def give_serial(self, serial: str) -> None:
        """The answer to `serial_wanted`; "" inspects the part without a number."""
        if self.phase is Phase.WHICH:
            self.scan(serial.strip())
            # Thinking is no part of the cycle.
            self._begin_part(self._wanted)
            self._go_on(len(self.shift.parts))

    def give_up_serial(self) -> None:
        """Nobody answers `serial_wanted`: the part is not inspected, and counts as CHECK."""
        self._then = None
        if self.phase is Phase.WHICH:
            self._session.leave_judging()
            self._end_part(Outcome.CHECK, self.tr("Nobody said which part it is."))

    def stop(self) -> None:
        """Stop what is going on."""
        self.gate.stop()
        self.give_up_serial()
        self._session.stop()

    def _on_gate(self) -> None:
        """A camera's trigger counts only while parts may be inspected."""
        if self.is_on and self._session.is_live_shown and self.phase is not Phase.BUSY:
            is_open = self.gate.state in {Gate.NONE, Gate.RIGHT}
            self._session.set_mode(Mode.TRIGGER if is_open else Mode.HAND)

    def _is_done(self, locator: str) -> bool:
        return any(part.picture == locator for part in self.shift.parts)

    def _begin_part(self, wanted: str) -> None:
        self._wanted, self._begun_s, self.seen = wanted, time.perf_counter(), None
        self._set_phase(Phase.BUSY)

    def _end_part(self, outcome: Outcome, words: str, inspection: Inspection | None = None) -> None:
        took_ms = (time.perf_counter() - self._begun_s) * 1000
        record = inspection.id if inspection is not None else None
        part = Part(0, self._wanted, outcome, words, self.serial, took_ms, record)
        self.shift = self.shift.added(part)
        self.seen = inspection
        if inspection is not None:
            self._take_record(inspection, self.shift.parts[-1].number)
        else:
            self._keep_failure(self.shift.parts[-1])
        self._images[len(self.shift.parts)] = self._portrait()
        in_sight = {one.number for one in self.shift.film}
        self._images = {n: image for n, image in self._images.items() if n in in_sight}
        self.scan("")
        self._set_phase(Phase.TOLD)
        self.shift_changed.emit(self.shift)

    def _take_record(self, inspection: Inspection, number: int) -> None:
        source = inspection.provenance
        self._keys[number] = picture_key(source.sha256, source.locator)

    def _keep_failure(self, part: Part) -> None:
        """What happened to a part without an answer is a record, too."""
        session, begun = self._session, self._begun

        def on_kept(made: Inspection) -> None:
            if self._begun == begun and made.id is not None:
                self._take_record(made, part.number)
                self.shift = self.shift.recorded(part.number, made.id)
                self.shift_changed.emit(self.shift)
            session.desk.list_records()

        def on_refused(problem: Problem) -> None:
            self.told.emit(problem_line(problem))

        try:
            request = session.request_for(part.picture)
        except InspectorError:
            # Not even the question can be put: what was typed stands in the record.
            request = Inspect(
                part.picture,
                session.question,
                session.strategy,
                session.options.bare,
                notes=session.shift_notes,
            )
        failure = KeepFailure(request, part.words, session.model, part.took_ms)
        session.desk.keep_failure(failure, tell=on_kept, refused=on_refused)

    def _portrait(self) -> QImage:
        picture = self._session.picture
        if self._shot is not None:
            return image_of(thumbnail(np.ascontiguousarray(self._shot.pixels), longest=_SMALL))
        if picture is None or picture.locator != self._wanted:
            return QImage()
        side = min(_SMALL, max(picture.size))
        return picture.pyramid.portrait(Region.whole(picture.size), side=side)

    def _on_judging(self, shot: Shot | None) -> None:
        if self.is_on and shot is not None:
            self._shot = shot
            self._begin_part("")

    def _is_awaited(self, request: Inspect) -> bool:
        if not self.is_on or self.phase is not Phase.BUSY:
            return False
        # The file of a camera's picture gets its name while it is kept.
        self._wanted = self._wanted or request.locator
        return request.locator == self._wanted

    def _on_finished(self, request: Inspect, inspection: Inspection) -> None:
        if not self._is_awaited(request):
            return
        verdict = inspection.verdict
        if verdict is None:
            words = self.tr("No rule says what is good: {answer}").format(
                answer=inspection.answer.text
            )
            self._end_part(Outcome.CHECK, words, inspection)
        else:
            words = verdict_words(verdict)
            # The bare reason is "found": an operator wants to know what.
            if types := ", ".join(dict.fromkeys(type_words(one.type) for one in verdict.findings)):
                words = self.tr("{reason}: {types}").format(reason=words, types=types)
            self._end_part(Outcome(verdict.outcome), words, inspection)

    def _on_failed(self, request: Inspect, problem: Problem) -> None:
        if self._is_awaited(request):
            self._end_part(Outcome.CHECK, problem.text)

    def _on_stopped(self, request: Inspect) -> None:
        if self._is_awaited(request):
            self._end_part(Outcome.CHECK, self.tr("stopped"))

    def _on_refused(self, locator: str, problem: Problem) -> None:
        if self.is_on and self.phase is Phase.BUSY and locator == self._wanted:
            self._end_part(Outcome.CHECK, problem.text)

    # Overruling ----------------------------------------------------------------------

    def overrule(self, number: int, outcome: Outcome, reason: str) -> None:
        """The operator's verdict on a part; it shows once it is on the disk."""
        part = self.shift.parts[number - 1]
        shift = self.shift

        def show() -> None:
            if self.shift.operator == shift.operator and len(self.shift.parts) >= number:
                self.shift = self.shift.overruled(number, outcome, reason)
                self.shift_changed.emit(self.shift)
                self._session.rejudged.emit(part.picture, outcome.value)

        if part.record is None:
            self.told.emit(self.tr("Nothing of this part is stored. Inspect it again."))
            return
        judgement = Judgement(part.record, outcome, reason.strip(), self.shift.operator)
        self._session.book.overrule(self._keys[number], judgement, then=show)

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.phase_changed.emit(phase)
