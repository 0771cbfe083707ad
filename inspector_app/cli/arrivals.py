"""Progress of jobs that move bytes."""

from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from inspector_app.domain.messages import Steps
from inspector_app.domain.wording import inert

T = TypeVar("T")


def arriving(steps: Steps[T], *, quiet: bool) -> T:
    """Run a job that moves bytes to its end, telling of bytes instead of steps."""
    console = Console(stderr=True, quiet=quiet)
    said = ("", "", "")
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        bar = bars.add_task("", total=None)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                found: T = end.value
                return found
            sample = step.sample
            name, waits = getattr(sample, "name", ""), getattr(sample, "waits", "")
            words = inert(f"{step.stage} {name} {waits}".strip(), limit=60)
            if not console.is_terminal and (step.stage, name, waits) != said:
                said = (step.stage, name, waits)
                console.print(words, markup=False, highlight=False)
            bars.update(bar, description=words, completed=step.done, total=step.total or None)
