"""What opening pictures costs, and what damaged and hostile files can do: `bench sources`.

Everything goes through the window's own path: a `Decoder`, its process and its limits.
"""

import contextlib
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.messages import Step, Steps
from inspector_app.workflow.bench.figures import Ratio, plain_values
from inspector_app.workflow.decoder import Decoder
from inspector_app.workflow.mutants import Specimen, bombs, copies, photograph, specimens

_LONGEST_S = 5.0
_BOMB_S = 1.0
_BOMB_MB = 256.0
_COLD_MS = 150.0
_TURNS = 7


@dataclass(frozen=True, slots=True)
class Mutants:
    """What became of the bad copies of one file.

    Attributes:
        kind: Of format.
        pictures: How many still gave a picture.
        refused: How many gave a sentence.
        ended: How often the decoder's process died or was ended.
        bugs: First words of every error that was no sentence.
        worst_s: The longest time one took.
    """

    kind: str
    pictures: int
    refused: int
    ended: int
    bugs: tuple[str, ...]
    worst_s: float


@dataclass(frozen=True, slots=True)
class Bomb:
    """What one hostile file did.

    Attributes:
        kind: In words.
        is_refused: Whether it ended in a sentence.
        seconds: Until then.
        grown_mb: By how much the decoder's process was larger meanwhile; None where the system
            does not tell.
    """

    kind: str
    is_refused: bool
    seconds: float
    grown_mb: float | None


@dataclass(frozen=True, slots=True)
class SourcesBench:
    """Everything that was measured in one run.

    Attributes:
        machine: Where.
        count: Bad copies of each format.
        start_ms: Until a new decoder process answers.
        jpeg_ms: Median time of a 12-megapixel JPEG through the decoder.
        jpeg_floor_ms: Median time of its bare decoding.
        mutants: Format by format.
        bombs: One by one.
        ratios: With their targets.
    """

    machine: str
    count: int
    start_ms: float
    jpeg_ms: float
    jpeg_floor_ms: float
    mutants: tuple[Mutants, ...]
    bombs: tuple[Bomb, ...]
    ratios: tuple[Ratio, ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        said = [
            f"Machine: {self.machine}",
            f"Decoder process ready after {self.start_ms:.0f} ms",
            f"12-megapixel JPEG: {self.jpeg_ms:.0f} ms through the decoder, "
            f"{self.jpeg_floor_ms:.0f} ms bare decoding",
            "",
            f"{'damaged copies of':<24}{'pictures':>9}{'refused':>9}{'ended':>7}{'worst s':>9}",
        ]
        for one in self.mutants:
            said.append(
                f"{one.kind:<24}{one.pictures:>9}{one.refused:>9}{one.ended:>7}{one.worst_s:>9.2f}"
            )
            said.extend(f"    BUG: {bug}" for bug in one.bugs[:3])
        said += ["", f"{'bomb':<36}{'refused':>9}{'seconds':>9}{'grown MB':>10}"]
        for bomb in self.bombs:
            grown = "?" if bomb.grown_mb is None else f"{bomb.grown_mb:.0f}"
            refused = "yes" if bomb.is_refused else "NO"
            said.append(f"{bomb.kind:<36}{refused:>9}{bomb.seconds:>9.2f}{grown:>10}")
        said.append("")
        said += [ratio.line for ratio in self.ratios]
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return plain_values(self)


def run(*, count: int, seed: int = 0) -> Steps[SourcesBench]:
    """Time a photograph, then open `count` bad copies of every format, then the bombs.

    Args:
        count: Bad copies of each of some twenty files; 10,000 take a quarter of an hour.
        seed: Other seeds make other copies.
    """
    files = specimens(seed)
    total = len(files) + 2
    with _opened() as (decoder, folder, start_ms):
        yield Step("photograph", 0, total)
        jpeg_ms, floor_ms = _time_photograph(decoder, folder)
        found = []
        for at, specimen in enumerate(files):
            yield Step(specimen.kind, at + 1, total)
            found.append(_maltreat(decoder, folder, specimen, count=count, seed=seed))
        yield Step("bombs", total - 1, total)
        held = tuple(_defuse(decoder, folder, bomb) for bomb in bombs())
    return SourcesBench(
        _machine(), count, start_ms, jpeg_ms, floor_ms, tuple(found), held,
        _ratios(jpeg_ms, floor_ms, tuple(found), held),
    )  # fmt: skip


@contextlib.contextmanager
def _opened() -> Iterator[tuple[Decoder, Path, float]]:
    """A decoder whose process answers, a folder for files, and the ms until it answered."""
    begun = time.perf_counter()
    decoder = Decoder(most=1)
    try:
        with tempfile.TemporaryDirectory() as name:
            decoder.series_in(())
            yield decoder, Path(name), (time.perf_counter() - begun) * 1e3
    finally:
        decoder.close()


def _time_photograph(decoder: Decoder, folder: Path) -> tuple[float, float]:
    content = photograph()
    path = folder / "photograph.jpg"
    path.write_bytes(content)
    through, bare = [], []
    for _ in range(_TURNS):
        begun = time.perf_counter()
        decoder.open_picture(str(path))
        between = time.perf_counter()
        imagecodecs.jpeg8_decode(content)
        through.append(between - begun)
        bare.append(time.perf_counter() - between)
    return statistics.median(through) * 1e3, statistics.median(bare) * 1e3


def _maltreat(
    decoder: Decoder, folder: Path, specimen: Specimen, *, count: int, seed: int
) -> Mutants:
    path = folder / specimen.name
    pictures, refused, ended, worst = 0, 0, 0, 0.0
    bugs: list[str] = []
    for bad in copies(specimen, count=count, seed=seed):
        path.write_bytes(bad)
        before, begun = decoder.processes, time.perf_counter()
        try:
            decoder.open_picture(str(path))
            pictures += 1
        except UnreadablePicture:
            refused += 1
        except RuntimeError as error:
            bugs.append(str(error).strip().rsplit("\n", 1)[-1][:200])
        worst = max(worst, time.perf_counter() - begun)
        if before and decoder.processes != before:
            ended += 1
            decoder.series_in(())
    return Mutants(specimen.kind, pictures, refused, ended, tuple(bugs), worst)


def _defuse(decoder: Decoder, folder: Path, specimen: Specimen) -> Bomb:
    path = folder / specimen.name
    path.write_bytes(specimen.content)
    # A process of the one before may have died: the start of another does not count.
    decoder.series_in(())
    (number,) = decoder.processes
    before = _memory_mb(number, reset=True)
    begun, is_refused = time.perf_counter(), False
    try:
        decoder.open_picture(str(path))
    except UnreadablePicture:
        is_refused = True
    took = time.perf_counter() - begun
    after = _memory_mb(number, reset=False)
    grown = None if before is None or after is None else max(0.0, after - before)
    return Bomb(specimen.kind, is_refused, took, grown)


def _memory_mb(number: int, *, reset: bool) -> float | None:
    """Most resident memory of a process since the last reset, on Linux."""
    try:
        if reset:
            Path(f"/proc/{number}/clear_refs").write_text("5", encoding="ascii")
        lines = Path(f"/proc/{number}/status").read_text(encoding="ascii").splitlines()
        (found,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
        return int(found) / 1e3
    except (OSError, ValueError):
        return None


def _ratios(
    jpeg_ms: float, floor_ms: float, mutants: tuple[Mutants, ...], held: tuple[Bomb, ...]
) -> tuple[Ratio, ...]:
    grown = [bomb.grown_mb for bomb in held if bomb.grown_mb is not None]
    return (
        Ratio("12-megapixel JPEG, ms", jpeg_ms, _COLD_MS, at_most=True),
        Ratio("12-megapixel JPEG / bare decoding", jpeg_ms / floor_ms, 2.5, at_most=True),
        Ratio("damaged files that were bugs", sum(len(m.bugs) for m in mutants), 0, at_most=True),
        Ratio("longest damaged file, s", max(m.worst_s for m in mutants), _LONGEST_S, at_most=True),
        Ratio("bombs not refused", sum(not b.is_refused for b in held), 0, at_most=True),
        Ratio("longest bomb, s", max(b.seconds for b in held), _BOMB_S, at_most=True),
        Ratio("most memory of a bomb, MB", max(grown, default=0.0), _BOMB_MB, at_most=True),
    )


def _machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU cores, "
        f"Python {platform.python_version()}"
    )
