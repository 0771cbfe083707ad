"""The gate before an operator's parts: golden samples are shown until each is judged rightly."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.gesture import Gesture, Verb
from inspector_app.domain.golden import LINE, Golden, GoldenCheck, GoldenSample, SampleSeen
from inspector_app.domain.inspection import Inspection, ModelFacts
from inspector_app.domain.messages import Inspect, Problem
from inspector_app.domain.preset import Options
from inspector_app.domain.sampling import on_sample
from inspector_app.domain.search import OPERATOR_NOTE
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.papers import ending
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.wording.verdict_words import verdict_words
from inspector_app.gui.worker import problem_of

_HOUR_MS = 3_600_000
_HOUR_S = 3600.0


class Gate(StrEnum):
    """Where the golden samples stand."""

    NONE = "none"  # the preset demands none
    DUE = "due"  # they must be shown
    SHOWN = "shown"  # they are being shown
    WRONG = "wrong"  # one was judged wrongly, or could not be shown
    RIGHT = "right"  # parts may be inspected


@dataclass(frozen=True, slots=True)
class _Way:
    """What a check holds for: with any of it changed, the samples are due again."""

    preset: str
    golden: Golden
    model: tuple[str, str, str]
    options: Options


class GoldenGate(QObject):
    """Shows the samples one after the other, by the very way parts are inspected.

    Nothing of it counts as a part or stands among the records of parts; each time is stored as
    an event of its own, and the gate opens once that is on the disk.

    Args:
        session: Asks, and knows the preset.

    Signals:
        changed: Where the samples stand, or how far they are.
    """

    changed = Signal()

    def __init__(self, session: LiveSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._operator = ""
        self._state = Gate.NONE
        self.last: GoldenCheck | None = None
        self.why = ""
        self.total = 0
        self._is_on = False
        self._run = 0
        self._job: int | None = None
        self._waiting: list[GoldenSample] = []
        self._seen: list[SampleSeen] = []
        self._way: _Way | None = None
        self._model: ModelFacts | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._look)
        self._until: float | None = None
        session.preset_changed.connect(lambda _preset: self._look())
        session.asking.model_changed.connect(lambda _facts: self._look())
        session.settings_changed.connect(lambda _settings: self._look())

    # Asking it -----------------------------------------------------------------------

    @property
    def state(self) -> Gate:
        """Where the samples stand."""
        return self._state

    @property
    def is_open(self) -> bool:
        """Whether parts may be inspected."""
        self._look()
        return self._state in {Gate.NONE, Gate.RIGHT}

    @property
    def done(self) -> int:
        """How many samples of `total` were shown."""
        return len(self._seen)

    # Doing ---------------------------------------------------------------------------

    def begin(self, operator: str) -> None:
        """A shift begins: what was shown before it does not count."""
        self.end()
        self._operator, self._is_on = operator, True
        self._set(Gate.DUE if self._golden.is_demanded else Gate.NONE)

    def end(self) -> None:
        """The shift is over; samples that are being shown are given up."""
        self._is_on = False
        self._give_up()
        self._again.stop()
        self._way = self._model = None
        self._set(Gate.NONE)

    def show_samples(self) -> None:
        """Show them, from the first."""
        if not self._is_on or self._state in {Gate.NONE, Gate.SHOWN}:
            return
        self._give_up()
        self._seen, self._waiting, self.total, self.why = [], [], 0, ""
        self._way, self._model = self._way_now(), None
        self._set(Gate.SHOWN)
        run = self._run
        self._session.desk.find_golden(
            self._golden,
            tell=lambda found: self._on_found(run, found),
            refused=lambda problem: self._on_refused(run, problem),
        )

    def stop(self) -> None:
        """Show no more of them; they stay due."""
        if self._state is Gate.SHOWN:
            self._give_up()
            self._set(Gate.DUE)

    def _give_up(self) -> None:
        self._run += 1
        if self._job is not None:
            self._session.asking.leave(self._job)
            self._job = None

    def _demand(self, why: str) -> None:
        if self._is_on and self._golden.is_demanded:
            self.why = why
            self._give_up()
            self._set(Gate.DUE)

    @property
    def _golden(self) -> Golden:
        preset = self._session.preset
        return preset.golden if preset is not None else Golden()

    def _way_now(self) -> _Way:
        # Question and strategy follow the picture that happens to be open; nobody can choose
        # others while operator mode is on.
        session, preset = self._session, self._session.preset
        settings = session.settings
        name = f"{preset.name} {preset.version}" if preset is not None else ""
        model = (settings.model, settings.device, settings.precision)
        return _Way(name, self._golden, model, session.options.bare)

    def _look(self) -> None:
        """Whether something changed since the samples were judged."""
        if not self._is_on:
            return
        if not self._golden.is_demanded:
            self._give_up()
            self._set(Gate.NONE)
        elif self._state is Gate.NONE:
            self._demand(self.tr("The preset was changed."))
        elif self._state in {Gate.RIGHT, Gate.SHOWN} and self._way_now() != self._way:
            self._demand(self.tr("The preset or the model was changed."))
        elif self._state is Gate.RIGHT and self._session.model not in (None, self._model):
            self._demand(self.tr("The model was changed."))
        elif self._state is Gate.RIGHT and self._until is not None and time.time() >= self._until:
            self._demand(self.tr("It is time to show them again."))

    # One sample after the other --------------------------------------------------------

    def _on_found(self, run: int, found: Sequence[GoldenSample]) -> None:
        if run == self._run:
            self._waiting, self.total = list(found), len(found)
            self._show_next()

    def _show_next(self) -> None:
        self.changed.emit()
        if not self._waiting:
            self._finish("")
            return
        sample, run = self._waiting.pop(0), self._run
        try:
            request = self._request_for(sample)
        except InspectorError as error:
            self._finish(problem_line(problem_of(error)))
            return
        tell = ending(
            lambda made: self._on_judged(run, sample, made),
            lambda problem: self._on_failed(run, sample, problem),
            lambda: self._on_failed(run, sample, Problem(self.tr("stopped"))),
        )
        self._job = self._session.asking.beside(request, tell=tell)

    def _request_for(self, sample: GoldenSample) -> Inspect:
        """What is asked about a part, asked about a sample; not stored among the parts."""
        session, preset = self._session, self._session.preset
        request = session.request_for(sample.picture)
        notes = tuple(one for one in request.notes if one.startswith(OPERATOR_NOTE))
        request = replace(request, save=False, notes=notes)
        return on_sample(request, preset, sample) if preset is not None else request

    def _on_judged(self, run: int, sample: GoldenSample, made: Inspection) -> None:
        if run != self._run:
            return
        verdict = made.verdict
        outcome = Outcome.CHECK if verdict is None else Outcome(verdict.outcome)
        words = made.answer.text if verdict is None else verdict_words(verdict)
        if self._model is not None and made.model != self._model:
            outcome, words = Outcome.CHECK, self.tr("the model changed in between")
        self._model = made.model
        self._add(sample, outcome, words, sha256=made.provenance.sha256)

    def _on_failed(self, run: int, sample: GoldenSample, problem: Problem) -> None:
        if run == self._run:
            self._add(sample, Outcome.CHECK, problem_line(problem), sha256="")

    def _add(self, sample: GoldenSample, outcome: Outcome, words: str, *, sha256: str) -> None:
        self._job = None
        name = Path(sample.picture).name
        self._seen.append(SampleSeen(name, sha256, sample.expected, outcome, words[:400]))
        self._show_next()

    def _on_refused(self, run: int, problem: Problem) -> None:
        if run == self._run:
            self._finish(problem_line(problem))

    def _finish(self, trouble: str) -> None:
        facts = self._model or self._session.model
        model = "" if facts is None else f"{facts.name} {facts.weights_sha256}"
        preset = "" if self._way is None else self._way.preset
        seen = tuple(self._seen)
        id = f"golden-{uuid.uuid4().hex[:12]}"
        check = GoldenCheck(id, self._operator, preset, model, seen, trouble[:400])
        run = self._run
        self._session.book.log(
            LINE,
            Gesture(Verb.CHECKED, (check,), by=self._operator),
            then=lambda: self._on_stored(run, check),
            failed=lambda problem: self._on_unstored(run, check, problem),
        )

    def _on_stored(self, run: int, check: GoldenCheck) -> None:
        if run != self._run:
            return
        self.last, self.why = check, check.trouble
        if not check.is_passed:
            self._set(Gate.WRONG)
            return
        hours = self._golden.every_hours
        self._until = None if hours is None else time.time() + hours * _HOUR_S
        if hours is not None:
            self._again.start(int(hours * _HOUR_MS) + 1)
        self._set(Gate.RIGHT)
        self._look()

    def _on_unstored(self, run: int, check: GoldenCheck, problem: Problem) -> None:
        if run == self._run:
            self.last, self.why = check, problem_line(problem)
            self._set(Gate.WRONG)

    def _set(self, state: Gate) -> None:
        if state is not self._state:
            self._state = state
            self.changed.emit()
