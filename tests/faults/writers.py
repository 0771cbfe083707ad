"""Every writer of a file, on a disk that fails at its n-th call; run as a process of its own.

Each writer is called with what is there already, on a disk that fails at the first call that would
change a file, then at the second, until none fails any more. What it left is told as JSON.
"""

import ctypes
import dataclasses
import errno
import hashlib
import json
import logging
import os
import shutil
import sys
from contextlib import closing, suppress
from pathlib import Path

import tomli_w

from inspector_app import log, paths, presets
from inspector_app.cli.terminal import show
from inspector_app.domain.checkpoint import Part, PullModel, Tower
from inspector_app.domain.errors import InspectorError
from inspector_app.domain.gesture import Gesture, Note, Verb
from inspector_app.domain.live import Shot
from inspector_app.domain.operators import Operator, Role
from inspector_app.domain.record_messages import KeepPreview
from inspector_app.domain.resume import LastSession
from inspector_app.domain.settings import Settings
from inspector_app.domain.signature import Meaning
from inspector_app.presets import templates
from inspector_app.resuming import Keeper
from inspector_app.runtime import tower_facts
from inspector_app.settings import save_settings
from inspector_app.store import keeping
from inspector_app.store.accounts import Accounts
from inspector_app.store.records import Store
from inspector_app.workflow import exchange, previewing, reporting, trails, watching
from inspector_app.workflow.batch_lines import Lines
from inspector_app.workflow.fetching import GATHERING, pull
from inspector_app.workflow.manifest import Manifest, write_manifest
from tests.fakes.records import make_frame, make_inspection

ERRORS = (errno.ENOSPC, errno.EACCES, errno.EIO)
CHEAP = {"n": 16, "r": 8, "p": 1}
ALL, STEP, FEW = 12, 16, 28
ON_ITS_WAY = f"/{GATHERING}/"
_LIBRARY = ctypes.CDLL(None)


def finish(steps):
    for _ in steps:
        pass


class Records:
    """A store that was filled once and is copied for each attempt."""

    def __init__(self, master):
        self.master = master
        with closing(Store(master)) as store:
            for seed in range(2):
                store.save(make_inspection(make_frame(seed=seed), views=(), map=None))
        # Small: what is written of it once more for each call that fails.
        self.shown = master.parent / "shown"
        with closing(Store(self.shown)) as store:
            for seed in range(3):
                store.save(make_inspection(make_frame((48, 32), seed=seed), regions=()))

    def copied(self, folder):
        for file in self.master.glob("records.sqlite*"):
            shutil.copy(file, folder / file.name)


def report_of(records, name, count):
    def write(folder, turn):
        with closing(Store(records.master)) as store:
            numbers = range(1, count + 1)
            finish(
                reporting.report(store, numbers, name, folder / f"a.{name}", title=f"Turn {turn}")
                if count > 1
                else reporting.report(store, (turn + 1,), name, folder / f"a.{name}")
            )

    return write


def export_of(records, name):
    def write(folder, turn):
        with closing(Store(records.shown)) as store:
            place = folder / "out"
            if turn:
                finish(exchange.write_export(store, (3,), name, place))

    return write


def in_store(records, deed):
    def write(folder, turn):
        if not turn:
            records.copied(folder)
            return
        with closing(Store(folder)) as store:
            deed(store)

    return write


def backup(records):
    def write(folder, turn):
        if turn:
            keeping.backup(records.master, folder / "backup.sqlite")

    return write


def restore(records):
    def write(folder, turn):
        if not turn:
            records.copied(folder)
            with closing(Store(folder)) as store:
                store.keep_gesture("a", Gesture(Verb.NOTED, (Note("x"),)))
        else:
            keeping.restore(folder, records.master.parent / "backup.sqlite")

    return write


def checkpoint(folder, name):
    """A folder to pull from, and the card that a computer has before anything came."""
    folder.mkdir()
    (folder / "config.json").write_bytes(b'{"architectures": ["Tiny"]}')
    (folder / "model.safetensors").write_bytes(name.encode() * 9000)
    parts = tuple(
        Part(file.name, file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest())
        for file in sorted(folder.iterdir())
    )
    write_manifest(folder, Manifest("tiny", "some/tiny", "", "", parts))
    card = {
        "name": "tiny",
        "family": "llava",
        "prompt": {"template": "{images} {question}"},
        "attention": {"layer": 2},
        "checkpoint": {"repository": "some/tiny"},
    }
    return folder, tomli_w.dumps(card).encode()


def pulling(source, card, *, damaged=False):
    """A model comes: to where only its card is, or in place of one that is damaged."""

    def write(_folder, turn):
        model = paths.user_models() / "tiny"
        if turn:
            finish(pull(PullModel("tiny", str(source))))
            return
        model.mkdir(parents=True)
        (model / "card.toml").write_bytes(card)
        if damaged:
            finish(pull(PullModel("tiny", str(source))))
            weights = model / "model.safetensors"
            weights.write_bytes(weights.read_bytes()[:-1] + b"!")

    return write


def tower(_folder, turn):
    def made(making):
        (making / "tower.onnx").write_bytes(b"%d" % turn * 9000)
        return Tower("0" * 64, f"{turn}" * 64, "1.0", "CPU", 0.0, 2.0, 1.0, 1, made_of="it")

    tower_facts.written(paths.towers() / "0", made)


def line(folder, turn):
    Lines.opened(folder / "results.jsonl").add({"picture": f"{turn}.png", "outcome": "PASS"})


def logged(folder, turn):
    log.start_log(folder)
    logging.getLogger(log.NAME).warning("turn %d", turn)


@dataclasses.dataclass
class Figures:
    turn: int

    def lines(self):
        return []

    def as_json(self):
        return {"turn": self.turn}


def writers(records):
    """Name -> what writes: once with turn 0 for what is there, then with turn 1."""
    shipped = presets.preset("industrial")
    words = templates.read_templates().templates[0]
    frame = make_frame(seed=5)
    made = {
        "settings": lambda _at, turn: save_settings(Settings(count=1 + turn)),
        "preset": lambda _at, turn: presets.save_preset(
            dataclasses.replace(shipped, name="mine", title=f"Turn {turn}")
        ),
        "template": lambda _at, turn: templates.save_template(
            dataclasses.replace(words, title=f"Turn {turn}")
        ),
        "last session": lambda _at, turn: Keeper().keep(LastSession(question=f"Turn {turn}")),
        "figures": lambda at, turn: show(Figures(turn), at / "a.json"),
        "preview": lambda at, turn: finish(
            previewing.kept(KeepPreview(bytes([turn]) * 9000, str(at / "a.pdf")))
        ),
        "trail": lambda at, turn: trails.write_trail(trail[turn:], at / "trail.csv"),
        "shot": lambda at, turn: watching.keep_shot(
            Shot(turn, 0.0, "2026-03-04T10:00:00+00:00", "usb:0", frame.pixels), at
        ),
        "batch line": line,
        "log": logged,
        "pull": pulling(*checkpoint(records.master.parent / "source", "pull")),
        "pull again": pulling(
            *checkpoint(records.master.parent / "other source", "pull again"), damaged=True
        ),
        "tower": tower,
        "backup": backup(records),
        "restore": restore(records),
        "record": in_store(
            records, lambda store: store.save(make_inspection(frame, views=(), map=None))
        ),
        "gesture": in_store(
            records, lambda store: store.keep_gesture("a", Gesture(Verb.NOTED, (Note("x"),)))
        ),
        "signature": in_store(
            records,
            lambda store: store.sign(1, Meaning.REVIEWED, by=Operator("eva", Role.ENGINEER)),
        ),
        "account": in_store(
            records,
            lambda store: Accounts(store, cost=CHEAP).add("ada", Role.ADMIN, "x" * 8, by="me"),
        ),
    }
    with closing(Store(records.master)) as store:
        trail = trails.lines(store)
    for name in ("json", "csv", "html", "png", "pdf"):
        made[f"report {name}"] = report_of(records, name, 1)
        if name != "png":
            made[f"book {name}"] = report_of(records, name, 2)
    for name in ("coco", "yolo", "voc", "label_studio", "conversations", "dicom"):
        made[f"export {name}"] = export_of(records, name)
    return made


def state(folder):
    """Relative name -> hash; of records, what they say: SQLite's own files change all the time.

    What has come of a model that is not whole yet is no state of the model; see `tried`.
    """
    found = {}
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        if ON_ITS_WAY in f"/{name}/":
            continue
        name = "records-before" if name.startswith("records-before") else name
        if name.startswith("records.sqlite"):
            continue
        found[name] = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "folder"
    if (folder / "records.sqlite").exists():
        with closing(Store(folder)) as store, store.using() as connection:
            whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            rows = connection.execute("SELECT count(*), max(hash) FROM chain").fetchone()
        found["records"] = f"{whole} {rows[0]}"
    return found


def _alike(now, after, old):
    """Whether all is as after a write without trouble; what holds a time differs each time."""
    return now.keys() == after.keys() and all(
        now[name] == after[name] or (now[name] != old.get(name) and name != "records")
        for name in now
    )


def attempt(write, home, *, fails_at, error):
    """One attempt: what stood before, what stands after, and what was said."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    os.environ["INSPECTOR_HOME"] = str(home)
    write(home, 0)
    before, told = state(home), None
    _LIBRARY.fault_arm(str(home).encode(), fails_at, error)
    try:
        write(home, 1)
    except InspectorError as refused:
        told = (type(refused).__name__, str(refused), refused.hint)
    except BaseException as bug:  # noqa: BLE001  a bug of ours: told as one
        told = ("BUG", f"{type(bug).__name__}: {bug}", "")
    finally:
        calls = _LIBRARY.fault_calls()
        _LIBRARY.fault_arm(b"", 0, 0)
    for handler in list(logging.getLogger(log.NAME).handlers):
        with suppress(OSError):
            handler.close()
        logging.getLogger(log.NAME).removeHandler(handler)
    return before, state(home), told, calls


def _continued(write, home, *, said, stands, after):
    """What stands, unless a pull that failed hides what came, or cannot be gone on with."""
    came = [file for file in home.rglob(f"{GATHERING}/*/*") if file.name != ".busy"]
    if came and "pull it again" not in said[2]:
        return "kept something and said nothing"
    write(home, 1)
    if state(home) != after or list(home.rglob(f"{GATHERING}/*")):
        return "not to be continued"
    return stands


def _turns(calls):
    """The numbers of the calls that fail: all, until none does.

    SQLite writes page after page, a hundred alike: of more calls than a few the first and the last
    are tried, and between them every sixteenth.
    """
    return [
        number
        for number in range(1, calls + 2)
        if calls <= FEW or number <= ALL or number > calls - ALL or number % STEP == 0
    ]


def tried(write, home):
    """All attempts of a writer: (n, error, what was said, old | new | mixed)."""
    before, after, told, calls = attempt(write, home, fails_at=0, error=0)
    assert told is None, told
    assert calls > 0
    rows = []
    for number in _turns(calls):
        error = ERRORS[number % 3]
        old, now, said, made = attempt(write, home, fails_at=number, error=error)
        stands = "new" if _alike(now, after, old) else "mixed"
        stands = "old" if now == old else stands
        if said is None and stands == "old" and before != after:
            stands = "kept nothing and said nothing"
        if made < number:
            continue
        if said is not None and list(home.rglob(GATHERING)):
            stands = _continued(write, home, said=said, stands=stands, after=after)
        rows.append((number, errno.errorcode[error], said, stands, sorted(now)))
    return rows


def main(folder, wanted):
    master = folder / "master"
    os.environ["INSPECTOR_HOME"] = str(folder / "outside")
    records = Records(master)
    keeping.backup(master, folder / "backup.sqlite")
    told = {}
    for name, write in writers(records).items():
        if not wanted or name in wanted:
            told[name] = tried(write, folder / "home")
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
