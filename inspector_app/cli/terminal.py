"""What the commands write: results to stdout, progress and warnings to stderr."""

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from inspector_app import files
from inspector_app.domain.errors import CannotWrite
from inspector_app.domain.messages import Steps
from inspector_app.domain.wording import inert

T = TypeVar("T")
# Where there is no bar, a long batch says this often how far it is.
_EVERY_S = 10.0
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
ModelName = Annotated[str, typer.Option("--model", help="Name of a model, or its folder.")]
PresetName = Annotated[
    str, typer.Option("-p", "--preset", help="Begin from a preset: its name or its file.")
]
Asked = Annotated[str, typer.Option("-q", "--question", help="What you want to know.")]
TemplateWords = Annotated[
    list[str] | None,
    typer.Option("--set", help="Words for the preset's prompt template: NAME=WORDS."),
]
Strategy = Annotated[
    str, typer.Option("--crops", help="Crop strategy; `inspector crops` lists them.")
]
Count = Annotated[int | None, typer.Option(help="Most crops, 1 to 4.")]
Gate = Annotated[
    float | None,
    typer.Option(help="Do not zoom when the first answer is at least this sure, 0 to 1."),
]
Budget = Annotated[
    int | None,
    typer.Option(help="Most questions that a search may ask of parts of the picture.", min=1),
]
Reweight = Annotated[
    float | None,
    typer.Option(
        help="Experiment, not judged: ask once more with attention to chosen picture tokens "
        "raised by this factor, 1 to 2."
    ),
]
ReweightBy = Annotated[
    str, typer.Option(help="Which tokens: regions (those looked at closer), or map.")
]
Mix = Annotated[
    float | None,
    typer.Option(
        help="Experiment, not judged: an answer mixed word by word of the whole picture, which "
        "weighs this much, 0 to 1, and the crops alone."
    ),
]
Strategies = Annotated[
    list[str] | None, typer.Option(help="Only this strategy; may be given several times.")
]
Seed = Annotated[int, typer.Option(help="Other seeds draw other scenes.", min=0)]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the figures.")]


def finish(steps: Steps[T], *, quiet: bool) -> T:
    """Run a job to its end and show on stderr how far it is."""
    with progress(quiet=quiet) as told:
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                found: T = end.value
                return found
            told(step.stage, step.done, step.total)


@dataclass(slots=True)
class Pace:
    """How fast a batch goes.

    Attributes:
        clock: Tells the time in seconds.
        begun: When the first picture's turn came, and how many were done before.
        told: When a line was last written about it.
    """

    clock: Callable[[], float] = time.monotonic
    begun: tuple[float, int] | None = None
    told: float = 0.0

    def words(self, done: int) -> str:
        """The rate, once there is one: ", 3.1 a second" or ", 12 a minute"."""
        now = self.clock()
        if self.begun is None:
            self.begun, self.told = (now, done), now
        since, before = self.begun
        if done <= before or now <= since:
            return ""
        rate = (done - before) / (now - since)
        return f", {rate:.1f} a second" if rate >= 1 else f", {60 * rate:.1f} a minute"

    def is_due(self) -> bool:
        """Whether the last line about it was long ago."""
        if self.clock() - self.told < _EVERY_S:
            return False
        self.told = self.clock()
        return True


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar a stage on a terminal, a line a stage elsewhere, nothing when quiet."""
    console, pace = Console(stderr=True, quiet=quiet), Pace()
    begun: dict[str, TaskID] = {}
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:

        def told(stage: str, done: int, total: int) -> None:
            if stage not in begun:
                begun[stage] = bars.add_task(stage, total=None, count="")
                if not console.is_terminal:
                    console.print(stage, markup=False, highlight=False)
            count = f"{done}/{total}" if total > 1 else ""
            if stage == "batch" and total > 1:
                count = f"{count}{pace.words(done)}"
                if not console.is_terminal and pace.is_due():
                    console.print(f"{stage} {count}", markup=False, highlight=False)
            bars.update(begun[stage], completed=done, total=total or None, count=count)

        yield told


def show(measured: Any, json_file: Path | None) -> None:
    """Print a benchmark's lines and write its figures."""
    for line in measured.lines():
        say(line)
    if json_file is not None:
        text = json.dumps(measured.as_json(), indent=2, ensure_ascii=False)
        files.write_whole(json_file, text.encode())


def add(table: Table, *cells: str) -> None:
    """A row of plain text, whatever the cells hold."""
    table.add_row(*(Text(inert(cell, limit=300)) for cell in cells))


def say_table(table: Table) -> None:
    """Write a table to stdout, as wide as the terminal."""
    drawn = io.StringIO()
    Console(file=drawn, width=Console().width).print(table)
    say(drawn.getvalue())


def warn(sentence: str) -> None:
    """Write one sentence to stderr."""
    sys.stderr.write(inert(sentence) + "\n")


def is_unicode() -> bool:
    """Whether stdout takes every letter."""
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def say(text: str) -> None:
    """Write to stdout, now, so that it is known whether it arrived.

    Raises:
        CannotWrite: the disk that stdout goes to is full.
    """
    known = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(known, "replace").decode(known).rstrip("\n") + "\n")
        sys.stdout.flush()
    except OSError as error:
        # What is still waiting would fail once more when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return  # whoever read our output has left
        raise CannotWrite(
            f"The output could not be written: {error.strerror}.", hint="Send it to another place."
        ) from error
