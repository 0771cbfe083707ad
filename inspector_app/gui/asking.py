"""The model worker as the window sees it: one model, a few inspections in a row."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.inspection import Inspection, ModelFacts
from inspector_app.domain.messages import (
    Failed,
    Finished,
    Inspect,
    LoadModel,
    Message,
    Progressed,
    Request,
    Step,
    Words,
)
from inspector_app.domain.region import ScoredRegion
from inspector_app.gui.facts import Evidence, Progress
from inspector_app.gui.worker import Bridge, Tell

_BESIDE = 2
"""Urgency: after the user's own questions."""


class Asking(QObject):
    """Loads the model and walks inspections through the model worker.

    Signals:
        model_changed: `ModelFacts`, or None while another is being loaded.
        model_failed: `Problem`.
        progressed: `Progress`, or None when nothing runs any more.
        words_came: (locator, `Words`).
        evidence_came: (locator, `Evidence`) as it is found.
        running_changed: Locator of the picture being inspected, or None.
        finished: (`Inspect`, `Inspection`).
        failed: (`Inspect`, `Problem`).
        stopped: The `Inspect` that was stopped.
    """

    model_changed = Signal(object)
    model_failed = Signal(object)
    progressed = Signal(object)
    words_came = Signal(str, object)
    evidence_came = Signal(str, object)
    running_changed = Signal(object)
    finished = Signal(object, object)
    failed = Signal(object, object)
    stopped = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._loading: int | None = None
        self._waiting: dict[int, Inspect] = {}
        self._evidence = Evidence()
        self._progress: Progress | None = None
        self._shown: int | None = None
        self.model: ModelFacts | None = None

    @property
    def is_running(self) -> bool:
        """Whether an inspection runs or waits."""
        return bool(self._waiting)

    @property
    def is_loading(self) -> bool:
        """Whether a model is being got ready."""
        return self._loading is not None

    @property
    def request(self) -> Inspect | None:
        """What is being inspected, or None."""
        return None if self._shown is None else self._waiting.get(self._shown)

    @property
    def progress(self) -> Progress | None:
        """How far the running inspection is."""
        return self._progress

    def load(self, request: LoadModel) -> None:
        """Get a model ready."""
        self.model = None
        self.model_changed.emit(None)
        self._loading = self._bridge.submit(
            request, tell=self._on_loading, replaces=self._loading, urgency=-1
        )

    def ask(self, request: Inspect) -> None:
        """Queue an inspection; one of the same picture that has not ended is replaced."""
        older = [job for job, asked in self._waiting.items() if asked.locator == request.locator]
        for job in older:
            self._bridge.drop(job)
            del self._waiting[job]
        was_idle = not self._waiting
        job = self._bridge.submit(request, tell=self._on_inspecting)
        self._waiting[job] = request
        if was_idle:
            self._begin(job)
        else:
            self._set_progress(self._progress)

    def beside(self, request: Request, *, tell: Tell, replaces: int | None = None) -> int:
        """Have something done by the model that nobody else hears of; its job number."""
        return self._bridge.submit(request, tell=tell, replaces=replaces, urgency=_BESIDE)

    def leave(self, job: int) -> None:
        """Nobody waits for this job of `beside` any more."""
        self._bridge.drop(job)

    def stop(self) -> None:
        """Stop the running inspection; those waiting behind it are given up too."""
        for job in self._waiting:
            self._bridge.cancel(job)
        if self._progress is not None:
            self._set_progress(replace(self._progress, is_stopping=True))

    def _begin(self, job: int) -> None:
        request = self._waiting[job]
        self._shown = job
        self._evidence = Evidence()
        self.running_changed.emit(request.locator)
        stage = "wait" if self._loading is not None else "open"
        self._set_progress(Progress(stage, 0, 0, request.locator))

    def _set_progress(self, progress: Progress | None) -> None:
        if progress is not None:
            progress = replace(progress, waiting=max(len(self._waiting) - 1, 0))
        self._progress = progress
        self.progressed.emit(progress)

    def _on_loading(self, message: Message) -> None:
        if isinstance(message, Progressed):
            return
        self._loading = None
        if isinstance(message, Finished):
            self._set_model(message.value)
        elif isinstance(message, Failed):
            self.model_failed.emit(message.problem)

    def _set_model(self, facts: ModelFacts) -> None:
        if facts != self.model:
            self.model = facts
            self.model_changed.emit(facts)

    def _on_inspecting(self, message: Message) -> None:
        request = self._waiting.get(message.job)
        if request is None:
            return
        if isinstance(message, Progressed):
            if self._shown != message.job:
                self._begin(message.job)
            self._on_step(request, message.step)
            return
        self._on_end(request, message)

    def _on_end(self, request: Inspect, message: Message) -> None:
        del self._waiting[message.job]
        if self._waiting:
            self._begin(next(iter(self._waiting)))
        else:
            self._shown = None
            self.running_changed.emit(None)
            self._set_progress(None)
        if isinstance(message, Finished):
            inspection: Inspection = message.value
            self._set_model(inspection.model)
            self.finished.emit(request, inspection)
        elif isinstance(message, Failed):
            self.failed.emit(request, message.problem)
        else:
            self.stopped.emit(request)

    def _on_step(self, request: Inspect, step: Step) -> None:
        is_stopping = self._progress is not None and self._progress.is_stopping
        self._set_progress(
            Progress(step.stage, step.done, step.total, request.locator, is_stopping=is_stopping)
        )
        if step.sample is not None:
            self._on_sample(request, step.sample)

    def _on_sample(self, request: Inspect, sample: Any) -> None:
        match sample:
            case Words():
                self.words_came.emit(request.locator, sample)
            case AttentionMap():
                self._evidence = replace(self._evidence, map=sample)
                self.evidence_came.emit(request.locator, self._evidence)
            case ModelFacts():
                self._set_model(sample)
            case tuple() if sample and all(isinstance(part, ScoredRegion) for part in sample):
                self._evidence = replace(self._evidence, regions=sample)
                self.evidence_came.emit(request.locator, self._evidence)
            case _:
                # A sample of a kind this window does not draw is only progress.
                return
