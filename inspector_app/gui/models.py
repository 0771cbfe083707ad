"""The models as the window knows them, and the one thing that is being done to one of them."""

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.checkpoint import (
    AddModel,
    Arriving,
    ExportTower,
    ListModels,
    ModelList,
    ModelRequest,
    PullModel,
    VerifyModel,
)
from inspector_app.domain.messages import Failed, Finished, Message, Problem, Progressed, Step
from inspector_app.gui.worker import Bridge


class Models(QObject):
    """Lists, pulls, compares, adds and exports models; one deed at a time.

    Args:
        bridge: To a thread of its own: a pull may take an hour.
        parent: Qt owner.

    Signals:
        listed: A `ModelList`.
        began: What is being done now: a `ModelRequest`.
        arriving: (stage, `Arriving`).
        ended: (the `ModelRequest`, what it gave).
        stopped: The `ModelRequest` that the user stopped.
        failed: (the `ModelRequest`, `Problem`).
    """

    listed = Signal(object)
    began = Signal(object)
    arriving = Signal(str, object)
    ended = Signal(object, object)
    stopped = Signal(object)
    failed = Signal(object, object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._job: int | None = None
        self.doing: ModelRequest | None = None
        self.known: ModelList | None = None

    def refresh(self) -> None:
        """Look again which models there are."""
        self._bridge.submit(ListModels(), tell=self._on_list, urgency=-1)

    def pull(self, name: str, *, source: str = "") -> None:
        """Bring a model's files here, or go on bringing them."""
        self._begin(PullModel(name, source))

    def verify(self, name: str) -> None:
        """Compare a model's files with what came."""
        self._begin(VerifyModel(name))

    def add(self, folder: str) -> None:
        """Copy a checkpoint of the user's to the models."""
        self._begin(AddModel(folder))

    def export(self, name: str) -> None:
        """Export a model's vision tower for ONNX Runtime."""
        self._begin(ExportTower(name))

    def stop(self) -> None:
        """Stop what is being done; a pull goes on from there later."""
        if self._job is not None:
            self._bridge.cancel(self._job)

    def _begin(self, request: ModelRequest) -> None:
        if self.doing is not None:
            return
        self.doing = request
        self._job = self._bridge.submit(request, tell=self._on_deed)
        self.began.emit(request)

    def _on_list(self, message: Message) -> None:
        if isinstance(message, Finished):
            self.known = message.value
            self.listed.emit(message.value)
        elif isinstance(message, Failed):
            self.failed.emit(ListModels(), message.problem)

    def _on_deed(self, message: Message) -> None:
        if isinstance(message, Progressed):
            self._tell(message.step)
            return
        request, self.doing, self._job = self.doing, None, None
        if isinstance(message, Finished):
            self.ended.emit(request, message.value)
        elif isinstance(message, Failed):
            problem: Problem = message.problem
            self.failed.emit(request, problem)
        else:
            self.stopped.emit(request)
        self.refresh()

    def _tell(self, step: Step) -> None:
        sample = step.sample
        if not isinstance(sample, Arriving):
            sample = Arriving("", step.done, step.total)
        self.arriving.emit(step.stage, sample)
