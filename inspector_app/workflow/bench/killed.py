"""`inspector bench killed`: a batch that is killed again and again, and what it did after all.

The very command that people start runs as a process of its own, in a home of its own; it is
killed without warning after another number of pictures each time, and goes on with --resume.
Then lines and records are counted: each picture must have been inspected exactly once.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime.devices import machine
from inspector_app.store.records import Store
from inspector_app.workflow.batch_lines import Lines
from inspector_app.workflow.batching import RESULTS

_QUESTION = "Is there a label?"
_TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class KilledBench:
    """What became of a batch that was killed again and again.

    Attributes:
        machine: Where.
        pictures: In the folder.
        lines_at: Lines that were there after each kill.
        written: Lines at the end.
        records: Inspections in the store at the end.
        wrong: Pictures that were inspected never, twice, or have no line of their own record.
        seconds: All runs together.
    """

    machine: str
    pictures: int
    lines_at: tuple[int, ...]
    written: int
    records: int
    wrong: tuple[str, ...]
    seconds: float

    def lines(self) -> list[str]:
        """For the terminal."""
        kills = ", ".join(map(str, self.lines_at))
        once = self.pictures - len(self.wrong)
        return [
            f"{self.pictures} pictures; {self.machine}",
            f"Killed {len(self.lines_at)} times, with so many lines written: {kills}.",
            f"At the end: {self.written} lines, {self.records} records, {self.seconds:.0f} s.",
            f"Inspected exactly once: {once} of {self.pictures}.",
            *(f"Wrong: {name}" for name in self.wrong[:20]),
        ]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in KilledBench.__dataclass_fields__}


def run(
    *, pictures: int, kills: int, strategy: str, model: str = "embedded", seed: int = 0
) -> Steps[KilledBench]:
    """Kill `inspector batch` again and again, and count what it did.

    Args:
        pictures: In the folder.
        kills: How often it is killed.
        strategy: Of the batch.
        model: Name of the model, or its folder.
        seed: Other seeds draw other pictures and kill at other moments.

    Raises:
        WrongUse: there are fewer pictures than kills, or the command fails by itself.
    """
    if pictures <= kills:
        raise WrongUse("There are too few pictures to kill a batch so often.", hint="Take more.")
    rng, begun = random.Random(seed), time.monotonic()
    with TemporaryDirectory() as place:
        home, folder, out = (Path(place) / name for name in ("home", "pictures", "out"))
        _draw(folder, count=pictures, seed=seed)
        command = [sys.executable, "-m", "inspector_app", "batch", str(folder), "--out", str(out)]
        command += ["-q", _QUESTION, "--crops", strategy, "--model", model, "--resume", "--quiet"]
        lines_at: list[int] = []
        # Somewhere between two sixteenths of the folder, so that groups are cut in the middle.
        ends = sorted(rng.sample(range(1, pictures), kills))
        for wanted in (*ends, pictures + 1):
            watched = _watched(command, home, out / RESULTS, wanted=wanted, total=pictures)
            if (yield from watched):
                lines_at.append(_count(out / RESULTS))
        seconds = time.monotonic() - begun
        return _counted(out, home, pictures, lines_at=lines_at, seconds=seconds)


def _draw(folder: Path, *, count: int, seed: int) -> None:
    """Small pictures of noise, no two alike."""
    folder.mkdir()
    noise = np.random.default_rng(seed)
    for number in range(count):
        pixels = noise.integers(0, 256, (48, 64, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:05}.png")


def _watched(
    command: Sequence[str], home: Path, results: Path, *, wanted: int, total: int
) -> Steps[bool]:
    """Run the command until there are so many lines, and kill it; whether it was killed."""
    place = {**os.environ, "INSPECTOR_HOME": str(home)}
    child = subprocess.Popen(
        command, env=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    with child:
        try:
            while child.poll() is None and _count(results) < wanted:
                yield Step("measure", min(_count(results), total), total)
                time.sleep(_TICK_S)
        finally:
            # No word of warning: nothing can be tidied up.
            child.kill()
        _, told = child.communicate()
    if child.returncode > 0:
        raise WrongUse(f"The batch failed by itself. {told.strip()}", hint="Look at its message.")
    return child.returncode < 0


def _count(results: Path) -> int:
    """Lines that are finished."""
    return results.read_bytes().count(b"\n") if results.exists() else 0


def _counted(
    out: Path, home: Path, pictures: int, *, lines_at: Sequence[int], seconds: float
) -> KilledBench:
    """Compare what is written with what is stored."""
    written = (out / RESULTS).read_bytes().splitlines()
    lines = Lines.opened(out / RESULTS).done
    store = Store(home / "data")
    records = store.list(limit=10 * pictures)
    store.close()
    ids = {one.id for one in records}
    times = Counter(one.locator for one in records)
    wrong = [
        Path(locator).name
        for locator, line in lines.items()
        if times[locator] != 1 or line["record"] not in ids
    ]
    wrong += [Path(locator).name for locator in times.keys() - lines.keys()]
    wrong += ["a line stands twice"] * (len(written) - len(lines))
    wrong += ["a picture has no line"] * (pictures - len(lines))
    return KilledBench(
        machine(), pictures, tuple(lines_at), len(written), len(records), tuple(wrong), seconds
    )
