"""Several pictures inspected at the same time, so that their forwards are made together.

Each picture takes the very walk of `inspecting.inspect`; the model makes one forward of what they
want at the same time (see `domain.ports.Sharing`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import psutil

from inspector_app.domain.errors import InspectorError, OutOfMemory
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, Step, Steps
from inspector_app.domain.ports import Sharing, VisionModel
from inspector_app.domain.running import end_of
from inspector_app.workflow.following import Followed
from inspector_app.workflow.forecasting import Counting
from inspector_app.workflow.inspecting import Clock, inspect, opened_through
from inspector_app.workflow.stepping import Room

MOST = 16
"""Pictures that are inspected at the same time."""
_FREE_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One picture and what is asked about it.

    Attributes:
        frame: The picture.
        followed: The request, its regions laid on the part.
        notes: For the record.
    """

    frame: Frame
    followed: Followed
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """What several inspections came to.

    Attributes:
        found: A record each, not stored yet, or what went wrong with it.
        most: Most of them that may go together; less than before where memory ended.
    """

    found: tuple[Inspection | InspectorError, ...]
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Who does it.

    Attributes:
        model: Loaded.
        room: What fits into memory; learns what does not.
        prepare: Opens a request's picture.
        alone: Inspects one picture by itself, stepping down where memory ends.
    """

    model: VisionModel
    room: Room
    prepare: Callable[[Inspect], Asked]
    alone: Callable[[Inspect], Steps[Inspection]]


def inspect_together(requests: Sequence[Inspect], *, work: Work, most: int) -> Steps[Ended]:
    """Inspect all pictures at the same time; those for which memory ends, by themselves.

    Args:
        requests: All for the model in use.
        work: Who does it.
        most: Most of them in one forward; 1 inspects one after the other.
    """
    found: dict[int, Inspection | InspectorError] = {}
    # Experiments change single forwards: they cannot be shared.
    is_plain = not any(request.options.has_experiments for request in requests)
    if most > 1 and len(requests) > 1 and is_plain and isinstance(work.model, Sharing):
        asked: dict[int, Asked] = {}
        for at, request in enumerate(requests):
            yield Step("open", at, len(requests))
            try:
                asked[at] = work.prepare(request)
            except InspectorError as error:
                found[at] = error
        jobs = [partial(_inspected, one, room=work.room) for one in asked.values()]
        ended, left = yield from work.model.in_lockstep(jobs, most=most)
        if any(isinstance(one, OutOfMemory) for one in ended):
            left = min(left, max(1, len(jobs) // 2))
        if left < most:
            note = f"inspected {left} at a time beside others: out of memory"
            ended = [_noted(one, note) for one in ended]
        most = left
        pairs = zip(asked, ended, strict=True)
        found |= {at: one for at, one in pairs if not isinstance(one, OutOfMemory)}
    for at, request in enumerate(requests):
        if at not in found:
            try:
                found[at] = yield from work.alone(replace(request, save=False))
            except InspectorError as error:
                found[at] = error
    return Ended(tuple(found[at] for at in range(len(requests))), most)


def _noted(found: Inspection | InspectorError, note: str) -> Inspection | InspectorError:
    if isinstance(found, InspectorError):
        return found
    return replace(found, notes=(*found.notes, note))


def fitting(model: VisionModel, *, most: int = MOST) -> int:
    """How many pictures may be read at the same time, by the memory that is free.

    A processor's memory does not say that it ends: the whole machine slows down or the program
    is killed. So half of what is free is all that is planned with.
    """
    if not isinstance(model, Counting):
        return most
    # Picture, crops and words of each, at most what the model can have in a prompt at all.
    tokens = min(model.context, 6 * model.picture_tokens + 256)
    each = model.memory_bytes(tokens) - model.memory_bytes(0)
    free = _FREE_SHARE * psutil.virtual_memory().available
    return max(1, min(most, int(free // max(1, each))))


def _inspected(
    asked: Asked, model: VisionModel, now: Callable[[], float], /, *, room: Room
) -> Inspection:
    clock, request = Clock(now=now), asked.followed.request
    with clock.during("read"):
        options = request.options
        opened = opened_through(
            options.windows, asked.frame, model=model, resolution=options.resolution
        )
    read = model.passes
    found = end_of(inspect(opened, asked.followed, clock=clock, notes=asked.notes, room=room))
    return replace(found, passes=found.passes + read)
