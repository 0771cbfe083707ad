"""Several jobs with one network, whose forwards are made together.

Each job sits in a thread and works with a model of its own, which is the loaded one but for
where its forwards go: instead of making one, it waits. When all of them wait, all that is wanted
is made in as few forwards as can be, and everybody goes on. So every strategy, question and
second look is the very code that one picture alone runs through, and what is wanted at the same
time, such as sixteen first words, costs one walk through the weights.

Who is there at a time follows from the jobs alone, never from how fast a thread runs: a job
computes the same, in the same company, each time.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from torch import Tensor

from inspector_app.domain.errors import InspectorError, OutOfMemory
from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.network import Inputs, Network, Tower
from inspector_app.runtime.packing import Walk, run_packed
from inspector_app.runtime.probe import Probe
from inspector_app.runtime.trouble import room_on

T = TypeVar("T")
_READ, _ANSWER = "read the pictures", "answer the question"


class _Sent(BaseException):
    """The jobs are given up; not an error that a job could handle."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    """Pixels that somebody wants the tower to see."""

    tower: Tower
    pixels: Tensor


@dataclass(slots=True, eq=False)
class _Wanted:
    """What one job waits for."""

    what: Walk | _Sight
    ready: threading.Event = field(default_factory=threading.Event)
    value: Tensor | None = None
    error: Exception | None = None
    share_s: float = 0.0

    @property
    def kind(self) -> object:
        """Only what is of the same kind goes into the same forward."""
        if isinstance(self.what, Walk):
            return self.what.probe.leave_at
        # Every seat has eyes of its own, and all of them the same tower.
        tower: Any = self.what.tower
        return getattr(tower, "__func__", tower), tuple(self.what.pixels.shape[1:])


@dataclass(slots=True, eq=False)
class Table:
    """Where jobs wait for each other.

    Attributes:
        network: The one they share.
        most: Most of them in one forward; halved where memory ends.
        seated: How many are not done.
        waiting: What they wait for, by seat.
        changed: Told whenever one of both changes.
        is_left: Whether all is given up.
    """

    network: Network
    most: int
    seated: int
    waiting: dict[int, _Wanted] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    is_left: bool = False

    def share(self, wanted: _Wanted, *, seat: int) -> Tensor | None:
        """Wait until it is done; called by the jobs."""
        with self.changed:
            if self.is_left:
                raise _Sent
            self.waiting[seat] = wanted
            self.changed.notify()
        wanted.ready.wait()
        if wanted.error is not None:
            raise wanted.error
        if self.is_left:
            raise _Sent
        return wanted.value

    def stand_up(self) -> None:
        """A job is done."""
        with self.changed:
            self.seated -= 1
            self.changed.notify()

    def serve(self) -> bool:
        """Wait until all that are not done wait, and make what some want; False if none is left.

        Of several kinds the rarest is made and the others wait on: who fell behind, or took
        a step more, so comes to want what most of them want, and goes on with them.
        """
        with self.changed:
            self.changed.wait_for(lambda: len(self.waiting) == self.seated)
            kinds: dict[object, list[int]] = {}
            for seat in sorted(self.waiting):
                kinds.setdefault(self.waiting[seat].kind, []).append(seat)
            rarest = min(kinds.values(), key=len, default=[])
            alike = [self.waiting.pop(seat) for seat in rarest]
        try:
            self._make(alike)
        except BaseException:
            self.leave()
            raise
        finally:
            for one in alike:
                one.ready.set()
        return bool(alike)

    def leave(self) -> None:
        """Send everybody home."""
        with self.changed:
            self.is_left = True
            for one in self.waiting.values():
                one.ready.set()
            self.waiting.clear()

    def _make(self, alike: list[_Wanted]) -> None:
        """As few forwards as can be; smaller ones where memory ends."""
        while alike:
            now = alike[: self.most]
            begun = time.perf_counter()
            try:
                values = self._together([one.what for one in now])
            except OutOfMemory as error:
                if len(now) > 1:
                    self.most = len(now) // 2
                    continue
                values, now[0].error = [None], error
            except Exception as error:  # noqa: BLE001  a bug of ours: each job says it
                values = [None] * len(now)
                for one in now:
                    # An error of its own: raised in several threads, its trace would be theirs.
                    one.error = RuntimeError("a forward for several jobs failed")
                    one.error.__cause__ = error
            share = (time.perf_counter() - begun) / len(now)
            for one, value in zip(now, values, strict=True):
                one.value, one.share_s = value, share
            alike = alike[len(now) :]

    def _together(self, what: Sequence[Any]) -> list[Tensor | None]:
        doing = _READ if isinstance(what[0], _Sight) else _ANSWER
        network = self.network
        with network.lock, room_on(network.placement.device, doing=doing), torch.no_grad():
            if not isinstance(what[0], _Sight):
                return run_packed(network, what)
            seen = what[0].tower(torch.cat([one.pixels for one in what]))
            return list(torch.split(seen, [len(one.pixels) for one in what]))


@dataclass(slots=True, eq=False)
class SeatNetwork(Network):
    """The network as one of the jobs has it; what needs a gradient it does by itself.

    Attributes:
        table: Where the others are.
        seat: Its number.
        is_alone: Whether the others wait for it.
        saved_s: Time that the others' work took while this one waited.
    """

    table: Table = field(kw_only=True)
    seat: int = field(kw_only=True)
    is_alone: bool = False
    saved_s: float = 0.0

    def now(self) -> float:
        """Seconds by a clock that counts of each common forward this job's share."""
        return time.perf_counter() - self.saved_s

    @contextmanager
    def working(self, doing: str, *, alone: bool = False) -> Iterator[None]:
        """See `Network.working`; the others are kept out only where it must be alone."""
        with self.lock, room_on(self.placement.device, doing=doing):
            if not alone or self.is_alone:
                yield
                return
            with self.table.network.lock:
                self.is_alone = True
                try:
                    yield
                finally:
                    self.is_alone = False

    def see(self, tower: Tower, pixels: Tensor) -> Tensor:
        """The same pictures as alone, beside those of the others."""
        if self.is_alone or torch.is_grad_enabled():
            return tower(pixels)
        seen = self._shared(_Sight(tower, pixels))
        assert seen is not None
        return seen

    def run(
        self, inputs: Inputs, *, cache: PromptCache, probe: Probe, mask: Tensor | None = None
    ) -> Tensor | None:
        """The same walk as alone, beside those of the others."""
        if not self.is_alone and not torch.is_grad_enabled():
            return self._shared(Walk(inputs, cache, probe, mask))
        with self.table.network.lock:
            return Network.run(self, inputs, cache=cache, probe=probe, mask=mask)

    def _shared(self, what: Walk | _Sight) -> Tensor | None:
        wanted, begun = _Wanted(what), time.perf_counter()
        try:
            return self.table.share(wanted, seat=self.seat)
        finally:
            self.saved_s += time.perf_counter() - begun - wanted.share_s


def seats(network: Network, *, count: int, most: int) -> tuple[Table, list[SeatNetwork]]:
    """A table with so many seats about a network.

    Args:
        network: The loaded one.
        count: Of jobs.
        most: Most of them in one forward.
    """
    table = Table(network, max(1, most), count)
    parts = (network.language, network.head, network.embed)
    sizes = (network.depth, network.context)
    made = [
        SeatNetwork(*parts, *sizes, network.placement, table=table, seat=seat)
        for seat in range(count)
    ]
    return table, made


def run(
    table: Table, jobs: Sequence[Callable[[], T]], *, seated: Sequence[SeatNetwork]
) -> Steps[list[T | InspectorError]]:
    """Do all jobs to their end, each in its seat.

    Returns:
        What each gave, or what went wrong with it; others go on meanwhile.
    """

    def sit(job: Callable[[], T]) -> T:
        try:
            return job()
        finally:
            table.stand_up()

    with ThreadPoolExecutor(max_workers=len(jobs), thread_name_prefix="seat") as room:
        futures = [room.submit(sit, job) for job in jobs]
        try:
            yield Step("read", 0, len(jobs))
            while table.serve():
                done = sum(future.done() for future in futures)
                yield Step("ask", done, len(jobs))
        finally:
            # A job that was stopped in the middle must not be waited for.
            table.leave()
    for own in seated:
        spent = own.passes
        table.network.count(
            vision=spent.vision, language=spent.language, prefilled=spent.tokens_prefilled
        )
    ended: list[T | InspectorError] = []
    for future in futures:
        try:
            ended.append(future.result())
        except InspectorError as error:
            ended.append(error)
    return ended
