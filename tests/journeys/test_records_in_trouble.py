"""Records that are locked, newer than the program, older by a clock set back, or without picture.

Each is met through the command line: one clear sentence, nothing lost, the chain intact.
"""

import contextlib
import sqlite3
import subprocess
import sys

import pytest

from inspector_app import paths
from inspector_app.domain import document
from inspector_app.domain.gesture import Gesture, Note, Verb
from inspector_app.domain.measure import picture_key
from inspector_app.store.records import Store
from tests.fakes.records import make_frame, make_inspection, stored_records

HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def another_copy_writing():
    """A process of its own that is in the middle of writing into the records."""
    command = [sys.executable, "-c", HOLDER, str(paths.data() / "records.sqlite")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline().strip() == b"held"
        yield
        holder.stdin.close()
        holder.wait()


def keep(**changes):
    with contextlib.closing(Store(paths.data())) as store:
        return store.save(make_inspection(make_frame(), views=(), map=None, **changes))


def sound(run):
    ended = run("records", "verify", "--quiet")
    assert ended.code == 0, ended.err
    return ended


@pytest.fixture
def impatient(monkeypatch):
    """The store waits for another writer a moment only."""
    monkeypatch.setitem(Store.__init__.__kwdefaults__, "patience_ms", 50)


@pytest.fixture
def newer(monkeypatch):
    """A record as a program with a newer form of documents would have written it."""
    with monkeypatch.context() as patch:
        patch.setattr(document, "SCHEMA_VERSION", document.SCHEMA_VERSION + 1)
        return keep()


def test_records_that_another_copy_is_writing_are_said_to_be_held(
    ask, run, photo, tmp_path, impatient
):
    keep()

    with another_copy_writing():
        asked = ask(photo, "--quiet")
        listed = run("records", "list")

    assert asked.code == 5
    assert "Another program holds the file of records" in asked.last
    assert asked.err.count("\n") == 1
    # What was computed is shown all the same.
    assert "Verdict" in asked.out
    assert listed.code == 0, listed.err
    assert [one.id for one in stored_records()] == [1]
    assert ask(photo, "--quiet").code == 0
    assert [one.id for one in stored_records()] == [2, 1]
    sound(run)


def test_records_of_a_newer_program_are_left_as_they_are(run, tmp_path):
    keep()
    with contextlib.closing(sqlite3.connect(paths.data() / "records.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = (paths.data() / "records.sqlite").read_bytes()

    for command in (["list"], ["search", "crack"], ["verify"], ["report", "1", "--out", "a.pdf"]):
        run("records", *command).refused(3, "newer version of this program", "Install the newer")

    assert (paths.data() / "records.sqlite").read_bytes() == before


def test_one_record_of_a_newer_program_is_not_called_damaged(run, newer, tmp_path):
    out = tmp_path / "a.json"

    for command in (["show", newer.id], ["report", newer.id, "--out", out], ["verify", "--quiet"]):
        sentence = run("records", *command).refused(3, "Record 1 was written by a newer version")
        assert "backup" not in sentence

    assert not out.exists()
    assert run("records", "list").code == 0


def test_what_is_said_of_a_picture_is_kept_beside_a_record_of_a_newer_program(newer):
    source = newer.provenance
    picture = picture_key(source.sha256, source.locator)

    with contextlib.closing(Store(paths.data())) as store:
        store.keep_gesture(picture, Gesture(Verb.NOTED, (Note("scratched"),)))
        kept = store.gestures_of(picture).history.marks

    assert Note("scratched") in kept.all


def test_a_clock_that_is_set_back_loses_and_reorders_nothing(run, monkeypatch):
    keep(created="2030-01-01T00:00:00+00:00")

    again = keep(created="2001-01-01T00:00:00+00:00")

    assert [one.id for one in stored_records()] == [again.id, 1]
    ended = sound(run)
    assert "The clock was set back before entry 2." in ended.err
    assert "All sound: 2." in ended.out


def test_a_record_whose_picture_is_gone_is_reported_but_not_made_again(
    ask, run, photo, tmp_path, tiny_model
):
    # Of a folder of its own: pictures of other tests are not near.
    lot = tmp_path / "site" / "lot"
    lot.mkdir(parents=True)
    photo = photo.rename(lot / "photo.png")
    assert ask(photo, "--quiet").code == 0
    (tmp_path / "elsewhere").mkdir()
    photo.rename(tmp_path / "elsewhere" / "photo.png")
    out = tmp_path / "a.json"

    reported = run("records", "report", 1, "--out", out)

    assert reported.code == 0, reported.err
    assert out.is_file()
    run("records", "replay", 1, "--quiet").refused(3, "is gone", "Put the picture")
    far = ("--pictures", tmp_path / "elsewhere", "--model", tiny_model)
    elsewhere = run("records", "replay", 1, "--quiet", *far)
    assert elsewhere.code == 0, elsewhere.err
    assert str(tmp_path / "elsewhere" / "photo.png") in elsewhere.err
    assert "comes out the same" in elsewhere.out
    sound(run)
