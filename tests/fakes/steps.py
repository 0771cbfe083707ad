"""Running a job to its end."""

from inspector_app.domain.messages import Step, Steps, T


def walk(steps: Steps[T]) -> tuple[list[Step], T]:
    """All steps and the value."""
    seen = []
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as end:
            return seen, end.value


def finish(steps: Steps[T]) -> T:
    """The value alone."""
    return walk(steps)[1]
