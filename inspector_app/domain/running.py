"""Jobs made of steps, run to their end or told as part of a larger job."""

from typing import TypeVar

from inspector_app.domain.messages import Step, Steps

T = TypeVar("T")


def end_of(steps: Steps[T]) -> T:
    """Run a job to its end, its steps unheard, and take what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value


def of_total(steps: Steps[T], total: int) -> Steps[T]:
    """The same job, which does not know itself how much there is to do."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            value: T = end.value
            return value
        yield Step(step.stage, step.done, total)


def beneath(steps: Steps[T], *, stage: str, done: int, total: int) -> Steps[T]:
    """The same job, each of its steps told as this one of a larger job; its words stay unheard."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value
        yield Step(stage, done, total)
