"""The bridge to a worker thread: numbered requests out, frozen messages back.

Rooms behind the bridge know nothing of threads: a job is a generator of steps, and between
two steps the bridge looks whether somebody wants it to stop. Messages pickle, so moving the
work to a process of its own later changes this file only.
"""

import itertools
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.messages import (
    Cancelled,
    Failed,
    Finished,
    Message,
    Problem,
    Progressed,
    Request,
    Steps,
)

Perform = Callable[[Request], Steps[Any]]
Prepare = Callable[[Request, Any], Any]
Tell = Callable[[Message], None]

_LAST = sys.maxsize
"""Urgency of the order to go home: after everything else in the queue."""


@dataclass(order=True, slots=True)
class _Job:
    """A queued request; the smallest (urgency, turn) is done first."""

    urgency: int
    turn: int
    number: int = field(compare=False)
    request: Request | None = field(compare=False)
    tell: Tell | None = field(default=None, compare=False)
    stop: threading.Event = field(default_factory=threading.Event, compare=False)


def _as_it_is(_request: Request, value: Any) -> Any:
    return value


class Bridge(QObject):
    """One worker thread and the jobs it does, one after the other.

    Args:
        perform: Turns a request into its steps; called in the worker thread only.
        name: Of the thread, for logs and debuggers.
        prepare: Called in the worker thread with a finished job's request and value; what
            it returns is sent instead. Heavy work for the screen belongs here.
        niceness: How much the thread stands back for others where the system can tell
            threads apart (Linux), 0..19.
        parent: Qt owner.

    Signals:
        arrived: A `Message` of a job nobody replaced, in the thread that made the bridge.
        busy_changed: Whether any job is queued or running.
    """

    arrived = Signal(object)
    busy_changed = Signal(bool)
    _posted = Signal(object)

    def __init__(
        self,
        perform: Perform,
        *,
        name: str,
        prepare: Prepare = _as_it_is,
        niceness: int = 0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._perform = perform
        self._prepare = prepare
        self._niceness = niceness
        self._queue: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count(1)
        self._open: dict[int, _Job] = {}
        self._replaced: set[int] = set()
        self._is_closed = False
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether any job is queued or running."""
        return bool(self._open)

    def submit(
        self,
        request: Request,
        *,
        tell: Tell | None = None,
        replaces: int | None = None,
        urgency: int = 0,
        newest_first: bool = False,
    ) -> int:
        """Queue a request and return its job number.

        Args:
            request: What to do.
            tell: Called with each message of this job, in the window's thread.
            replaces: A job whose answer is no longer wanted: it is stopped, and nothing
                more is heard of it.
            urgency: Smaller goes first among the waiting.
            newest_first: Among the same urgency, go before those already waiting.
        """
        if replaces is not None:
            self.drop(replaces)
        number = next(self._numbers)
        job = _Job(urgency, -number if newest_first else number, number, request, tell)
        was_busy = self.is_busy
        self._open[number] = job
        self._queue.put(job)
        if not was_busy:
            self.busy_changed.emit(True)
        return number

    def cancel(self, number: int) -> None:
        """Ask a job to stop at its next step; its ending still comes."""
        if (job := self._open.get(number)) is not None:
            job.stop.set()

    def drop(self, number: int) -> None:
        """Stop a job and hear nothing more of it."""
        if number in self._open:
            self._replaced.add(number)
            self.cancel(number)

    def close(self, *, patience_s: float = 30.0, drops: bool = True) -> bool:
        """Stop all jobs and send the thread home.

        Args:
            patience_s: How long to wait for the step that is being done.
            drops: Whether what waits is given up; else it is still done.

        Returns:
            Whether the thread has ended.
        """
        if not self._is_closed:
            self._is_closed = True
            for job in self._open.values() if drops else ():
                job.stop.set()
            self._queue.put(_Job(_LAST, 0, 0, None))
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _on_posted(self, message: Message) -> None:
        is_wanted = message.job not in self._replaced
        job = self._open.get(message.job)
        if not isinstance(message, Progressed):
            self._open.pop(message.job, None)
            self._replaced.discard(message.job)
        if is_wanted:
            if job is not None and job.tell is not None:
                job.tell(message)
            self.arrived.emit(message)
        if not self._open and not isinstance(message, Progressed):
            self.busy_changed.emit(False)

    def _work(self) -> None:
        _stand_back(self._niceness)
        while (job := self._queue.get()).request is not None:
            self._send(_ending(job, self._perform, self._prepare, post=self._posted))

    def _send(self, message: Message) -> None:
        try:
            self._posted.emit(message)
        except RuntimeError:
            # The window was torn down without close(): nobody is left to be told.
            return


def _ending(job: _Job, perform: Perform, prepare: Prepare, *, post: SignalInstance) -> Message:
    """Do a job in this thread and return its one ending."""
    request = job.request
    if job.stop.is_set() or request is None:
        return Cancelled(job.number)
    try:
        steps = perform(request)
        while not job.stop.is_set():
            try:
                step = next(steps)
            except StopIteration as end:
                return Finished(job.number, prepare(request, end.value))
            post.emit(Progressed(job.number, step))
        steps.close()
    except BaseException as error:  # noqa: BLE001  whatever it was, the job must end
        return Failed(job.number, problem_of(error))
    return Cancelled(job.number)


def problem_of(error: BaseException) -> Problem:
    """What to tell the user: the world's trouble in its own words, a bug with its trace."""
    if isinstance(error, InspectorError):
        return Problem(str(error), hint=error.hint)
    if isinstance(error, MemoryError):
        return Problem(
            "There is not enough memory for this picture.",
            hint="Close other programs, or open a smaller copy of the picture.",
        )
    trace = "".join(traceback.format_exception(error))
    return Problem(f"{type(error).__name__}: {error}", trace=trace)


def _stand_back(niceness: int) -> None:
    """Let the window's thread go first where Linux can rank threads of one process."""
    if niceness and sys.platform.startswith("linux"):
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
        except OSError:
            # A sandbox forbids it: the window is only a little less smooth.
            return
