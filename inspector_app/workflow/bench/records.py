"""How fast many records open, are found and grow, and what reports about them take."""

import dataclasses
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.frame import Provenance
from inspector_app.domain.inspection import Inspection, ModelFacts, Passes, ShownView
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.search import Search
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.store.records import Store
from inspector_app.workflow import reporting
from inspector_app.workflow.bench.figures import plain_values

_SIZE = (640, 480)
_BUNDLE = 1000
_TURNS = 5
_APPENDED = 300
_PARTS = ("scratch", "dent", "crack", "burr", "划痕", "裂纹", "毛刺", "污点")
_PLACES = ("housing", "flange", "bracket", "label", "外壳", "法兰", "支架", "标签")
_NOTHING = "zirconium"
_SEARCHES = {
    "a rare word": Search("needle"),
    "a common word": Search("housing"),
    "two Chinese letters": Search("裂纹"),
    "one Chinese letter": Search("痕"),
    "the middle of a word": Search("ousin"),
    "two words and a verdict": Search("flange crack", outcome="FAIL"),
    "a common word that a date rules out": Search("housing", since="2099-01-01"),
    "a finding": Search(label="burr"),
    "a preset": Search(preset="Industrial 3"),
    "a month": Search(since="2026-03-01", until="2026-04-01"),
    "what is not there": Search(_NOTHING),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Attributes:
        name: Of what.
        value: In `unit`.
        unit: "ms", "s" or "MB".
        target: At most; None where nothing was promised.
    """

    name: str
    value: float
    unit: str
    target: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        return self.target is None or self.value <= self.target


@dataclass(frozen=True, slots=True)
class RecordsBench:
    """Everything that was measured in one run.

    Attributes:
        machine: Where.
        records: In the store.
        pictures: In the large report.
        megabytes: Of the store's file.
        figures: With their targets.
    """

    machine: str
    records: int
    pictures: int
    megabytes: float
    figures: tuple[Figure, ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        said = [f"Machine: {self.machine}"]
        said.append(f"{self.records} records in {self.megabytes:.0f} MB")
        for one in self.figures:
            target = ""
            if one.target is not None:
                target = f"  target <= {one.target:g}: {'yes' if one.is_met else 'NO'}"
            said.append(f"{one.name:<58}{one.value:>9.1f} {one.unit}{target}")
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return plain_values(self, judged="figures")


def run(*, records: int = 100_000, pictures: int = 500, seed: int = 0) -> Steps[RecordsBench]:
    """Measure in a store of its own, which is thrown away.

    Args:
        records: In the store.
        pictures: In the large report.
        seed: Other seeds draw other records.
    """
    # Not above: the process that writes the large report is measured without torch.
    from inspector_app.runtime.devices import machine  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="inspector-bench-") as name:
        folder = Path(name)
        yield from _fill(folder, count=records, seed=seed)
        yield Step("open", 0, 1)
        figures = [*_opened(folder), *_searched(folder)]
        yield Step("save", 0, 1)
        figures += _appended(folder, seed=seed)
        yield Step("report", 0, 1)
        figures += _reported(folder, pictures=pictures, seed=seed)
        size = sum(file.stat().st_size for file in folder.glob("records.sqlite*"))
    return RecordsBench(machine(), records, pictures, size / 1e6, tuple(figures))


def _fill(folder: Path, *, count: int, seed: int) -> Steps[None]:
    store = Store(folder)
    try:
        made = records_made(seed)
        for done in range(0, count, _BUNDLE):
            yield Step("fill", done, count)
            store.save_all([next(made) for _ in range(min(_BUNDLE, count - done))])
        store.save(dataclasses.replace(next(made), question="Where is the needle?"))
    finally:
        store.close()


def _opened(folder: Path) -> Iterator[Figure]:
    def once() -> None:
        store = Store(folder)
        store.list(500)
        store.close()

    yield Figure("open the records and list the last 500, worst", _worst(once), "ms", 1000)


def _searched(folder: Path) -> Iterator[Figure]:
    store = Store(folder)
    try:
        for name, search in _SEARCHES.items():
            took = _worst(partial(store.search, search))
            yield Figure(f"search for {name}, worst", took, "ms", 100)
        yield Figure(
            "count everything for the statistics", _worst(lambda: store.judged(Search())), "ms"
        )
    finally:
        store.close()


def _appended(folder: Path, *, seed: int) -> Iterator[Figure]:
    store, made = Store(folder), records_made(seed + 1)
    pixels = np.random.default_rng(seed).integers(0, 255, (_SIZE[1], _SIZE[0], 3), np.uint8)
    try:
        whole = ShownView(pixels, Region.whole(_SIZE))
        store.save(dataclasses.replace(next(made), views=(whole,)))
        for name, views, target in (
            ("append a record", (), 5.0),
            ("append a record about a picture that is kept, with its map", (whole,), None),
        ):
            took = []
            for _ in range(_APPENDED):
                record = dataclasses.replace(next(made), views=views, map=_map() if views else None)
                took.append(_spent(partial(store.save, record)))
            yield Figure(f"{name}, p95", float(np.percentile(took, 95)), "ms", target)
    finally:
        store.close()
    yield Figure("for comparison: 8 kB and nothing else onto this disk, p95", _disk(folder), "ms")


def _disk(folder: Path) -> float:
    """Milliseconds, p95, that the disk alone takes: what is acknowledged must be on it."""
    took = []
    handle = os.open(folder / "disk", os.O_CREAT | os.O_RDWR)
    try:
        for _ in range(_APPENDED):
            begun = time.perf_counter()
            os.write(handle, bytes(8192))
            os.fsync(handle)
            took.append(1000 * (time.perf_counter() - begun))
    finally:
        os.close(handle)
    return float(np.percentile(took, 95))


def _reported(folder: Path, *, pictures: int, seed: int) -> Iterator[Figure]:
    store, made = Store(folder / "pictures"), records_made(seed + 2)
    random_pixels = np.random.default_rng(seed)
    try:
        for _ in range(pictures):
            store.save(_with_pictures(next(made), random_pixels))
        out = folder / "a.pdf"
        one = _worst(lambda: _run(reporting.report(store, [1], "pdf", out)))
    finally:
        store.close()
    yield Figure("PDF about one picture, worst", one / 1000, "s", 1)
    fresh = multiprocessing.get_context("spawn")
    for name, target in (("pdf", 60.0), ("html", None)):
        with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool:
            seconds, megabytes = pool.submit(
                _book, str(folder / "pictures"), name, pictures
            ).result()
        yield Figure(f"report about {pictures} pictures as {name}", seconds, "s", target)
        yield Figure(
            f"report about {pictures} pictures as {name}, memory",
            megabytes,
            "MB",
            500 if target else None,
        )


def _book(folder: str, name: str, pictures: int) -> tuple[float, float]:
    """(seconds, megabytes at the peak) of a large report, in a process of its own."""
    store = Store(Path(folder))
    out = Path(folder) / f"book.{name}"
    try:
        took = _spent(
            lambda: _run(reporting.report(store, range(1, pictures + 1), name, out, title="Batch"))
        )
    finally:
        store.close()
    status = Path("/proc/self/status")
    if not status.is_file():
        return took / 1000, 0.0
    rows = status.read_text(encoding="ascii").splitlines()
    peak = next(int(row.split()[1]) for row in rows if row.startswith("VmHWM"))
    return took / 1000, peak * 1024 / 1e6


def _with_pictures(record: Inspection, source: np.random.Generator) -> Inspection:
    """A record with a picture that looks like one: soft shapes and some noise."""
    width, height = _SIZE
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = source.random(6) * 6 + 1
    layers = [
        110 + 60 * np.sin(across / width * waves[k] + down / height * waves[k + 3])
        for k in range(3)
    ]
    noise = source.normal(0, 4, (height, width, 3))
    pixels = (np.stack(layers, axis=-1) + noise).clip(0, 255).astype(np.uint8)
    crop = record.regions[0].region
    views = (
        ShownView(pixels, Region.whole(_SIZE)),
        ShownView(pixels[crop.y0 : crop.y1, crop.x0 : crop.x1], crop),
    )
    return dataclasses.replace(record, views=views, map=_map())


def _map() -> AttentionMap:
    values = np.random.default_rng(1).random((24, 24), np.float32)
    return AttentionMap(values, TokenGrid(24, 24, 0, 0, *_SIZE), "relative_attention", 14)


def records_made(seed: int) -> Iterator[Inspection]:
    """Inspections without pictures, of a line that works day and night."""
    choose, number = random.Random(seed), 0
    region = ScoredRegion(Region(200, 120, 360, 280), "relative_attention", 2.5)
    while True:
        number += 1
        part, place = choose.choice(_PARTS), choose.choice(_PLACES)
        outcome = choose.choices(list(Outcome), (80, 12, 8))[0]
        found = () if outcome is Outcome.PASS else (Finding(part, region.region, Severity.MAJOR),)
        text = f"yes, a {part} on the {place}" if found else "no"
        answer = Answer(text, tuple(Token(word, -0.1) for word in text.split()), 0.8, "no", -0.01)
        minute = number % 525_600
        yield Inspection(
            provenance=Provenance(
                f"/pictures/line {number % 7}/{place}-{number:07d}.png",
                f"{number:064x}",
                "PNG",
            ),
            size=_SIZE,
            model=ModelFacts("embedded", "llava", "cpu", "float32", "5" * 64),
            question=f"Is there a {part} on the {place}?",
            prompt=f"<image>\nIs there a {part} on the {place}?",
            neutral_prompt="<image>\nWrite a general description of the image.",
            strategy="relative_attention",
            options=Options(),
            whole=answer,
            zoomed=answer,
            regions=(region,),
            verdict=Verdict(outcome, "the answer is as it should be", "", found),
            notes=(f"preset Industrial {1 + number % 4}",),
            passes=Passes(2, 9, 700),
            timings_ms={"open": 4.0, "read": 90.0, "ask": 40.0, "zoom": 60.0},
            created=f"2026-{1 + minute // 43_800:02d}-{1 + minute % 43_800 // 1565:02d}T"
            f"{minute % 24:02d}:{minute % 60:02d}:00+08:00",
            software="Inspector",
        )


def _run(steps: Steps[Any]) -> None:
    for _ in steps:
        pass


def _spent(do: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - begun)


def _worst(do: Callable[[], object]) -> float:
    """Milliseconds of the slowest of a few turns, the first among them."""
    return max(_spent(do) for _ in range(_TURNS))
