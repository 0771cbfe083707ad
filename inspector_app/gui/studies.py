"""The study that runs: begun, told how far it is, stopped."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.messages import Cancelled, Failed, Finished, Message, Progressed
from inspector_app.domain.studies import RunStudy
from inspector_app.gui.worker import Bridge


class Studies(QObject):
    """Runs studies in the model's worker; one at a time.

    Args:
        bridge: To the thread that runs the model.
        clock: Tells the time in seconds.
        parent: Qt owner.

    Signals:
        began: `RunStudy`.
        went_on: (done, all, seconds left or None while nobody knows).
        ended: `StudyFound`.
        failed: `Problem`.
        stopped: The user stopped it.
    """

    began = Signal(object)
    went_on = Signal(int, int, object)
    ended = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(
        self,
        bridge: Bridge,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = clock
        self._job: int | None = None
        self._since = 0.0

    @property
    def is_running(self) -> bool:
        """Whether a study runs or waits for its turn."""
        return self._job is not None

    def begin(self, request: RunStudy) -> None:
        """Run a study; nothing happens while another one does."""
        if self._job is not None:
            return
        self._since = 0.0
        self._job = self._bridge.submit(request, tell=self._on_message)
        self.began.emit(request)

    def stop(self) -> None:
        """Stop it at its next picture or answer; what was measured is given up."""
        if self._job is not None:
            self._bridge.cancel(self._job)

    def _on_message(self, message: Message) -> None:
        if isinstance(message, Progressed):
            step = message.step
            if step.stage == "measure" and step.total:
                self._tell(step.done, step.total)
            return
        self._job = None
        if isinstance(message, Finished):
            self.ended.emit(message.value)
        elif isinstance(message, Failed):
            self.failed.emit(message.problem)
        elif isinstance(message, Cancelled):
            self.stopped.emit()

    def _tell(self, done: int, total: int) -> None:
        now = self._clock()
        # The first picture warms up; what came before it is no measure of the rest.
        self._since = self._since or now
        left = (now - self._since) / done * (total - done) if done else None
        self.went_on.emit(done, total, left)
