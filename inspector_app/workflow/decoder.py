"""Pictures, opened in a process of their own with limits on memory and time.

No file can kill or stall the program: a decoder that crashes, hangs or wants too much is
ended and replaced, and the user reads one sentence. The functions are those of
`workflow.open`, with the same arguments, values and errors.
"""

import math
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import Frame
from inspector_app.domain.locator import split
from inspector_app.domain.series import Series
from inspector_app.workflow.wire import Lost, receive, send

PATIENCE_S = 4.5
"""How long a small file may take; large ones get more."""
BUSY = 4
"""How many times as long it may take on a machine that has no time for it."""
_BYTES_A_SECOND = 2_000_000
_LONGEST_S = 300.0
_LISTING_S = 120.0
_MOST_MEMORY = 12 << 30
_SHARE_OF_MEMORY = 0.75
_STARTING_S = 60.0
_LEAVING_S = 5.0
_ROOT = str(Path(__file__).resolve().parents[2])
_BEGIN = (
    "import sys; sys.path.insert(0, {root!r}); "
    "from inspector_app.workflow.decoder_child import main; "
    "main({number}, memory_bytes={memory})"
)


class Pictures(Protocol):
    """Whatever opens pictures: the module `workflow.open` itself, or a `Decoder`."""

    def open_picture(self, locator: str) -> Frame:
        """See `workflow.open.open_picture`."""

    def open_thumbnail(self, locator: str, *, side: int) -> NDArray[np.uint8]:
        """See `workflow.open.open_thumbnail`."""

    def list_pictures(self, folder: str) -> tuple[str, ...]:
        """See `workflow.open.list_pictures`."""

    def pictures_in(self, path: str) -> tuple[str, ...]:
        """See `workflow.open.pictures_in`."""

    def series_in(self, files: Sequence[str]) -> tuple[Series, ...]:
        """See `workflow.open.series_in`."""


class _Child:
    """One decoder process and the line to it."""

    def __init__(self, *, memory_bytes: int) -> None:
        self._is_ready = False
        self.line, theirs = socket.socketpair()
        with theirs:
            can_inherit = os.name != "nt"
            number = theirs.fileno() if can_inherit else 0
            code = _BEGIN.format(root=_ROOT, number=number, memory=memory_bytes)
            self._process = subprocess.Popen(
                # -P: whatever lies in the folder where the program runs is not imported.
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.DEVNULL if can_inherit else subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(number,) if can_inherit else (),
                # Every thread of a library takes address space, of which there is a limit.
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
            if self._process.stdin is not None:
                shared: bytes = theirs.share(self._process.pid)  # type: ignore[attr-defined,unused-ignore]
                with self._process.stdin as told:
                    told.write(shared)

    @property
    def number(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Let it import what it needs; that does not count against a file's time.

        Raises:
            TimeoutError: it does not come up.
            Lost: it has ended.
        """
        if not self._is_ready:
            receive(self.line, patience_s=_STARTING_S)
            self._is_ready = True

    def wait_for_answer(self, limit: float) -> None:
        """Wait until it begins to answer.

        Where it got less than half of the processor meanwhile, the machine is busy and not the
        file at fault: then it gets up to `BUSY` times as long.

        Raises:
            TimeoutError: it has had its time.
        """
        begun = _spent_s(self.number)
        for turn in range(1, BUSY + 1):
            if select.select([self.line], [], [], limit)[0]:
                return
            # Where nothing is told, this difference is no number: then there is no more time.
            if not _spent_s(self.number) - begun < turn * limit / 2:
                break
        raise TimeoutError

    def end(self) -> None:
        """Kill it and wait until it is gone."""
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self._process.kill()
        # One that waits for a drive that does not answer cannot be killed: it is left behind.
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING_S)

    def leave(self) -> None:
        """Let it end by itself where it is idle."""
        self.line.close()
        try:
            self._process.wait(_LEAVING_S)
        except subprocess.TimeoutExpired:
            self.end()


class Decoder:
    """A small pool of decoder processes; may be used from several threads.

    Args:
        most: Processes at the same time; one more is started only when all are busy.
        memory_bytes: Address space each may have; None for three quarters of this machine's
            memory, at most 12 GiB. Without effect where the system has no such limit.
        patience_s: How long a small file may take, on a machine that is not busy.
    """

    def __init__(
        self, *, most: int = 2, memory_bytes: int | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._most = most
        self._memory = _fair_share() if memory_bytes is None else memory_bytes
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._idle: list[_Child] = []
        self._busy: list[_Child] = []
        self._is_closed = False

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def processes(self) -> tuple[int, ...]:
        """Numbers of the processes there are."""
        with self._changed:
            return tuple(child.number for child in (*self._idle, *self._busy))

    def start(self) -> None:
        """Start the first process now, so that the first picture does not wait for it."""
        with self._changed:
            if not self._is_closed and not self._idle and not self._busy:
                self._idle.append(_Child(memory_bytes=self._memory))

    def close(self) -> None:
        """End all processes; whoever still waits for a picture gets a refusal."""
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            for child in self._busy:
                with suppress(OSError):
                    child.line.shutdown(socket.SHUT_RDWR)
            self._changed.notify_all()
        for child in idle:
            child.leave()

    def open_picture(self, locator: str) -> Frame:
        """See `workflow.open.open_picture`.

        Raises:
            UnreadablePicture: as there, or its decoder crashed or took too long.
        """
        return self._asked("open_picture", (locator,), {}, name=locator)  # type: ignore[no-any-return]

    def open_thumbnail(self, locator: str, *, side: int) -> NDArray[np.uint8]:
        """See `workflow.open.open_thumbnail`."""
        return self._asked("open_thumbnail", (locator,), {"side": side}, name=locator)  # type: ignore[no-any-return]

    def list_pictures(self, folder: str) -> tuple[str, ...]:
        """See `workflow.open.list_pictures`."""
        return self._asked("list_pictures", (folder,), {}, name=folder, limit_s=_LISTING_S)  # type: ignore[no-any-return]

    def pictures_in(self, path: str) -> tuple[str, ...]:
        """See `workflow.open.pictures_in`; (path,) where its decoder fails."""
        try:
            return self._asked("pictures_in", (path,), {}, name=path)  # type: ignore[no-any-return]
        except UnreadablePicture:
            return (path,)

    def series_in(self, files: Sequence[str]) -> tuple[Series, ...]:
        """See `workflow.open.series_in`."""
        return self._asked("series_in", (tuple(files),), {}, name="", limit_s=_LISTING_S)  # type: ignore[no-any-return]

    def _asked(
        self,
        function: str,
        given: tuple[Any, ...],
        named: dict[str, Any],
        *,
        name: str,
        limit_s: float | None = None,
    ) -> Any:
        """The value of one of `workflow.open`'s functions, worked out in a child."""
        limit = _limit(name, least=self._patience_s) if limit_s is None else limit_s
        with self._borrowed(name) as child:
            try:
                child.wait_until_ready()
                send(child.line, (function, given, tuple(named.items()), limit))
                child.wait_for_answer(limit)
                answer = receive(child.line, patience_s=limit)
            except TimeoutError as error:
                child.end()
                raise _too_slow(name, limit) from error
            except (OSError, Lost) as error:
                child.end()
                raise _crashed(name) from error
        if answer[0] == "done":
            return answer[1]
        if answer[0] == "refused":
            raise UnreadablePicture(answer[1], hint=answer[2])
        raise RuntimeError(f"a source failed in its process\n{answer[1]}")

    @contextmanager
    def _borrowed(self, name: str) -> Iterator[_Child]:
        """A child of one's own for a while."""
        child = self._borrow(name)
        try:
            yield child
        except BaseException:
            # Whatever state its line is in, nobody else gets it.
            child.end()
            raise
        finally:
            self._give_back(child)

    def _borrow(self, name: str) -> _Child:
        with self._changed:
            while True:
                if self._is_closed:
                    raise _crashed(name)
                while self._idle:
                    child = self._idle.pop()
                    if child.is_alive:
                        self._busy.append(child)
                        return child
                    child.end()
                if len(self._busy) < self._most:
                    child = _Child(memory_bytes=self._memory)
                    self._busy.append(child)
                    return child
                self._changed.wait()

    def _give_back(self, child: _Child) -> None:
        with self._changed:
            self._busy.remove(child)
            if child.is_alive and not self._is_closed:
                self._idle.append(child)
            else:
                child.end()
            self._changed.notify()


def _spent_s(number: int) -> float:
    """Processor time of a process; infinite where the system does not tell."""
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return math.inf


def _fair_share() -> int:
    if os.name == "nt" or "SC_PHYS_PAGES" not in os.sysconf_names:
        return _MOST_MEMORY
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(_MOST_MEMORY, int(_SHARE_OF_MEMORY * memory))


def _limit(locator: str, *, least: float) -> float:
    """Seconds that a file of this size may take."""
    try:
        size = Path(split(locator)[0]).stat().st_size
    except (OSError, ValueError):
        size = 0
    return min(least + size / _BYTES_A_SECOND, max(_LONGEST_S, least))


def _name(locator: str) -> str:
    return Path(locator).name or locator or "The file"


def _too_slow(locator: str, limit: float) -> UnreadablePicture:
    return UnreadablePicture(
        f"{_name(locator)} could not be opened within {limit:.0f} seconds and was given up.",
        hint="It may be damaged or on a drive that does not answer: copy it here and try again.",
    )


def _crashed(locator: str) -> UnreadablePicture:
    return UnreadablePicture(
        f"{_name(locator)} made its decoder fail: it is damaged or wants too much memory.",
        hint="Open it in another program and save it again as PNG or TIFF.",
    )
