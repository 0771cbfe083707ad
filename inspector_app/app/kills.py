"""Killing the program at random instants: what it acknowledged must be there afterwards.

The child is the program's own store path: gestures go through `Book`, the bridge of the pen and
the workbench; records through the very call that ends an inspection. It tells through a pipe what
the window would have shown by then. SIGKILL gives it no chance to tidy up.
"""

import contextlib
import dataclasses
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer

from inspector_app.app.parts import samples
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.frame import Frame, Provenance
from inspector_app.domain.gesture import UNDO, Gesture, Judgement, Roi, Verb
from inspector_app.domain.gesture_document import gesture_to_json
from inspector_app.domain.inspection import Inspection, ShownView
from inspector_app.domain.measure import picture_key
from inspector_app.domain.messages import OpenPicture, Request, Step, Steps
from inspector_app.domain.region import Region
from inspector_app.domain.resume import LastSession, Listed
from inspector_app.domain.running import end_of
from inspector_app.domain.shape import Shape
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.book import Book
from inspector_app.gui.papers import ending
from inspector_app.gui.picture import prepare
from inspector_app.gui.worker import Bridge
from inspector_app.resuming import Keeper, read_last
from inspector_app.store.keeping import check
from inspector_app.store.records import Store
from inspector_app.workflow.bench.records import records_made
from inspector_app.workflow.workbench import Workbench

_LONGEST_S = 0.15
"""A life lasts at most so long after its first acknowledgement."""
_STARTS = 3
_ONCE = """
from inspector_app.lasting import lasting
with lasting():
    from inspector_app.app.unattended import start_again_and_leave
start_again_and_leave()
"""


@dataclasses.dataclass(frozen=True, slots=True)
class KillBench:
    """What many kills left behind.

    Attributes:
        machine: Where.
        kills: How often the program was killed.
        gestures: Acknowledged ROI drags, verdicts and undos.
        records: Acknowledged records.
        stored: Gestures and records that were found, the unacknowledged ones among them.
        lost: Acknowledged ones that were not found as they were.
        damaged: Kills after which SQLite or the chain found anything wrong.
        torn: Kills after which the file of the last session could not be read.
        reopen_ms: Slowest opening of the store after a kill.
        restart_s: From the start of the program to the same picture on the screen, each time;
            and the processor seconds until then, for machines that are busy.
    """

    machine: str
    kills: int
    gestures: int
    records: int
    stored: int
    lost: int
    damaged: int
    torn: int
    reopen_ms: float
    restart_s: tuple[tuple[float, float], ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        restarts = ", ".join(f"{took:.2f}" for took, _worked in self.restart_s)
        worked = ", ".join(f"{worked:.2f}" for _took, worked in self.restart_s)
        is_quick = bool(self.restart_s) and max(took for took, _ in self.restart_s) < 3
        return [
            f"Machine: {self.machine}",
            f"{self.kills} kills; acknowledged: {self.gestures} gestures, {self.records} records; "
            f"found: {self.stored}",
            f"Acknowledged and lost: {self.lost}  target 0: {'yes' if not self.lost else 'NO'}",
            f"Damaged after a kill: {self.damaged}  target 0: "
            f"{'yes' if not self.damaged else 'NO'}",
            f"Last session torn: {self.torn}  target 0: {'yes' if not self.torn else 'NO'}",
            f"Opened again, worst: {self.reopen_ms:.0f} ms",
            f"To the same picture: {restarts} s  target < 3 s: {'yes' if is_quick else 'NO'}",
            f"Processor time until then: {worked} s",
        ]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(slots=True)
class _Tally:
    """What was counted so far."""

    gestures: int = 0
    records: int = 0
    stored: int = 0
    lost: int = 0
    damaged: int = 0
    torn: int = 0
    reopen_ms: float = 0.0


def measure_kills(kills: int, seed: int = 0) -> KillBench:
    """Kill the program so often, each time at another instant, and look what is there.

    Raises:
        WrongUse: this system cannot fork a program that is ready.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        raise WrongUse("This system cannot start programs quickly enough for this.", hint="")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    choose, tally = random.Random(seed), _Tally()
    with tempfile.TemporaryDirectory(prefix="inspector-kills-") as name, _home(name) as data:
        for life in range(kills):
            ours, theirs = context.Pipe(duplex=False)
            child = context.Process(target=live, args=(name, life, theirs), daemon=True)
            child.start()
            theirs.close()
            said = _killed(child, ours, after_s=choose.uniform(0.0, _LONGEST_S))
            _look(data, life, said, tally)
        # Every link, every document and every map of all lives.
        tally.damaged += not end_of(check(data)).is_sound
        restarts = tuple(_restarts())
    from inspector_app.runtime.devices import machine  # noqa: PLC0415  reads torch

    return KillBench(machine(), kills, **dataclasses.asdict(tally), restart_s=restarts)


@contextlib.contextmanager
def _home(folder: str) -> Iterator[Path]:
    before = os.environ.get("INSPECTOR_HOME")
    os.environ["INSPECTOR_HOME"] = folder
    try:
        yield Path(folder) / "data"
    finally:
        if before is None:
            del os.environ["INSPECTOR_HOME"]
        else:
            os.environ["INSPECTOR_HOME"] = before


# The child ---------------------------------------------------------------------------


def live(home: str, life: int, told: Connection) -> None:
    """Draw, judge, undo and save as fast as the disk allows, until killed."""
    os.environ["INSPECTOR_HOME"] = home
    application = QCoreApplication([])
    bench = Workbench()
    pen = Bridge(bench.perform, name="pen")
    model = Bridge(_Saving(bench).perform, name="model")
    book = Book(pen)
    picture = prepare(OpenPicture("a.png"), _frame(life))
    hand = _Hand(life, book, model, told)
    book.refused.connect(hand.fail)
    book.changed.connect(lambda _marks: hand.tell())
    book.open(picture)
    QTimer.singleShot(0, application, hand.go_on)
    application.exec()


class _Saving:
    """The end of an inspection, without the model that takes a second before it."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def perform(self, request: Request) -> Steps[Inspection]:
        """Store the record that a request asks for."""
        assert isinstance(request, OpenPicture)
        yield Step("save", 0, 1)
        return self._bench.stored(record_of(int(request.locator)))


class _Hand:
    """A person who never stops, and who is told what is on the disk."""

    def __init__(self, life: int, book: Book, model: Bridge, told: Connection) -> None:
        self._life, self._book, self._model, self._told = life, book, model, told
        self._given = self._kept = self._saved = 0
        self._history = book.history

    def fail(self, _problem: object) -> None:
        """The store refused: that is no acknowledgement."""
        self._told.send(("failed", 0))

    def go_on(self) -> None:
        """One more gesture, now and then a record and the session."""
        if self._given == 0:
            self._save()
        self._book.do(gesture_of(self._life, self._given))
        self._given += 1
        if self._given % 3 == 0:
            self._book.keep_last(session_of(self._life, self._given))

    def tell(self) -> None:
        """What the window shows now is on the disk."""
        if self._book.history == self._history:
            return
        self._history = self._book.history
        self._kept += 1
        self._told.send(("gesture", self._kept))
        self.go_on()

    def _save(self) -> None:
        number = self._life * 1000 + self._saved
        self._saved += 1

        def done(_record: Inspection) -> None:
            self._told.send(("record", number))
            self._save()

        self._model.submit(OpenPicture(str(number)), tell=ending(done, self.fail))


def gesture_of(life: int, number: int) -> Gesture:
    """What is done at which step: drags of one region, verdicts, and now and then an undo."""
    if number % 9 == 8:
        return UNDO
    if number % 4 == 3:
        outcome = list(Outcome)[number % 3]
        return Gesture(Verb.JUDGED, (Judgement(life + 1, outcome, f"reason {number}"),))
    at = number % 300
    shape = Shape.of(Region(at, at, at + 40, at + 30))
    verb = Verb.DRAWN if number == 0 else Verb.MOVED
    return Gesture(verb, (Roi("roi", shape, name=f"{life}.{number}"),))


def record_of(number: int) -> Inspection:
    """A record that can be told from all others."""
    pixels = np.full((480, 640, 3), number % 251, np.uint8)
    view = ShownView(pixels, Region.whole((640, 480)))
    made = next(records_made(number))
    return dataclasses.replace(made, question=question_of(number), views=(view,))


def question_of(number: int) -> str:
    """What a record asks."""
    return f"Is {number} there?"


def session_of(life: int, number: int) -> LastSession:
    """What is open."""
    return LastSession((Listed("a.png", size=1),), "a.png", question=f"{life}.{number}")


def _frame(life: int) -> Frame:
    pixels = np.zeros((400, 400, 3), np.uint8)
    return Frame(pixels, Provenance("a.png", f"{life:064x}", "PNG"))


# The one who looks -------------------------------------------------------------------


def _killed(child: Any, told: Connection, *, after_s: float) -> dict[str, list[int]]:
    """Kill a child at an instant after its first acknowledgement; all that it had told."""
    said: dict[str, list[int]] = {"gesture": [], "record": [], "failed": []}
    if told.poll(60):
        deadline = time.perf_counter() + after_s
        while time.perf_counter() < deadline:
            _hear(told, said, deadline - time.perf_counter())
    os.kill(child.pid, signal.SIGKILL)
    with contextlib.suppress(EOFError, OSError):
        # What it said before its end is in the pipe yet; half a word at the end is none.
        while True:
            kind, number = told.recv()
            said[kind].append(number)
    child.join()
    return said


def _hear(told: Connection, said: dict[str, list[int]], patience_s: float) -> None:
    if told.poll(max(0.0, patience_s)):
        kind, number = told.recv()
        said[kind].append(number)


def _look(data: Path, life: int, said: dict[str, list[int]], tally: _Tally) -> None:
    begun = time.perf_counter()
    store = Store(data)
    tally.reopen_ms = max(tally.reopen_ms, 1000 * (time.perf_counter() - begun))
    key = picture_key(f"{life:064x}", "a.png")
    with contextlib.closing(store), store.using() as connection:
        rows = connection.execute(
            "SELECT verb, content FROM gestures WHERE picture = ? ORDER BY id", (key,)
        ).fetchall()
        found = {
            question
            for (question,) in connection.execute(
                "SELECT question FROM inspections WHERE id > (SELECT max(id) FROM inspections) - ?",
                (len(said["record"]) + 10,),
            )
        }
        (whole,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    meant = [gesture_of(life, at) for at in range(len(rows))]
    told = [(str(one.verb), gesture_to_json(one)) for one in meant]
    sound = next((at for at, row in enumerate(rows) if row != told[at]), len(rows))
    kept = max(said["gesture"], default=0)
    missing = [number for number in said["record"] if question_of(number) not in found]
    tally.gestures += kept
    tally.records += len(said["record"])
    tally.stored += len(rows) + sum(question_of(life * 1000 + at) in found for at in range(1000))
    tally.lost += max(0, kept - sound) + len(missing)
    tally.damaged += whole != "ok" or bool(said["failed"])
    last = data / "last-session.json"
    tally.torn += last.exists() and read_last() is None


def _restarts() -> Iterator[tuple[float, float]]:
    """(seconds, processor seconds) until the picture that was open stands there again."""
    sample = str(next(iter(samples())).path)
    Keeper().keep(LastSession((Listed(sample),), sample, question="Where were we?"))
    for _ in range(_STARTS):
        begun = time.perf_counter()
        command = [sys.executable, "-c", _ONCE]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            said = child.stdout.readline().strip() if child.stdout is not None else ""
            took = time.perf_counter() - begun
        shown, _, worked = said.partition("\t")
        if shown != sample:
            raise CannotWrite(f"The program came up with {shown or 'nothing'}, not {sample}.")
        yield took, float(worked)
