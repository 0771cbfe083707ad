"""Records checked, copied and put back."""

import contextlib
import hashlib
import json
import os
import re
import sqlite3
from pathlib import Path

import pytest

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.document import to_document
from inspector_app.domain.errors import CannotWrite, DamagedRecords, UnreadableRecord, WrongUse
from inspector_app.store import Store
from inspector_app.store.chain import ORIGIN
from inspector_app.store.keeping import backup, check, restore
from tests.fakes.records import harmed, make_frame, make_inspection


def finish(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.fixture
def folder(tmp_path):
    """Three inspections and one calibration."""
    place = tmp_path / "data"
    with contextlib.closing(Store(place)) as store:
        for seed in range(3):
            store.save(make_inspection(make_frame(seed=seed)))
        store.keep_calibration("ab" * 32, Calibration((0.5, 0.25), "ruler"))
    return place


def tamper(folder, *statements):
    """Change the file as somebody who knows SQLite would."""
    with contextlib.closing(sqlite3.connect(folder / "records.sqlite")) as connection, connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in rows.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def documents(folder):
    with contextlib.closing(Store(folder)) as store:
        return [to_document(store.open(line.id)) for line in store.list()]


def test_untouched_records_are_sound_and_the_head_is_the_hash_of_the_last_entry(folder):
    found = finish(check(folder))

    assert found.is_sound
    assert found.entries == 4
    with contextlib.closing(sqlite3.connect(folder / "records.sqlite")) as connection:
        rows = connection.execute("SELECT * FROM chain ORDER BY number").fetchall()
    before = ORIGIN
    for number, table, row, digest, told_before, told in rows:
        text = json.dumps([number, table, row, digest, before], separators=(",", ":"))
        assert told_before == before
        assert told == hashlib.sha256(text.encode()).hexdigest()
        before = told
    assert found.head == before


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE inspections SET answer = 'none' WHERE id = 2", "row 2 of inspections was changed"),
        ("UPDATE inspections SET outcome = 'PASS' WHERE id = 1", "Entry 1 .* was changed"),
        ("UPDATE inspections SET document = '{}' WHERE id = 3", "Record 3 is damaged"),
        ("UPDATE maps SET content = zeroblob(length(content)) WHERE inspection = 2", "Record 2"),
        ("UPDATE pictures SET png = zeroblob(9) WHERE id = 1", "Record 1 is damaged"),
        ("UPDATE views SET picture = 1 WHERE inspection = 2", "row 2 of inspections was changed"),
        ("UPDATE calibrations SET mm_x = 1.0", "row 1 of calibrations was changed"),
        ("DELETE FROM calibrations", "row 1 of calibrations is missing"),
        ("DELETE FROM chain WHERE number = 2", "Entry 2 of the chain is missing"),
        ("DELETE FROM chain WHERE number = 4", "Row 1 of calibrations is not in the chain"),
        ("UPDATE chain SET digest = before WHERE number = 3", "Entry 3 of the chain"),
        (
            "INSERT INTO calibrations (created, picture_sha256, name) VALUES ('', '', '')",
            "Row 2 of calibrations is not in the chain",
        ),
    ],
)
def test_whatever_was_changed_behind_the_programs_back_is_named(folder, statement, told):
    tamper(folder, "PRAGMA foreign_keys = OFF", statement)

    found = finish(check(folder))

    assert not found.is_sound
    assert re.search(told, found.trouble)


def test_a_cut_off_end_is_noticed_although_the_rest_fits(folder):
    tamper(folder, "DELETE FROM calibrations", "DELETE FROM chain WHERE number = 4")

    assert "ends at entry 3, but 4 were written" in finish(check(folder)).trouble


def test_a_chain_made_anew_does_not_know_the_hash_that_was_written_down(folder):
    head = finish(check(folder)).head
    with contextlib.closing(Store(folder)) as store:
        store.keep_calibration("cd" * 32, None)
    assert finish(check(folder, expected=head)).is_sound

    (folder / "records.sqlite").unlink()
    with contextlib.closing(Store(folder)) as store:
        store.save(make_inspection(make_frame(seed=7)))

    assert "not in the chain" in finish(check(folder, expected=head)).trouble


def test_records_of_the_version_before_the_chain_are_sealed_when_they_are_opened(folder):
    tamper(
        folder,
        "DROP TABLE chain",
        "DROP TABLE measures",
        "DROP TABLE gestures",
        "DROP TABLE accounts",
        "DROP TABLE signatures",
        "PRAGMA user_version = 2",
    )
    # The triggers that were dropped are not the matter here.

    Store(folder).close()

    found = finish(check(folder))
    assert found.is_sound
    assert found.entries == 4


def test_what_is_stored_during_the_check_is_no_trouble(folder):
    steps = check(folder)
    next(steps)
    with contextlib.closing(Store(folder)) as store:
        store.save(make_inspection(make_frame(seed=9)))

    assert finish(steps).is_sound


def test_a_backup_of_open_records_is_whole_and_sound(folder, tmp_path):
    copy = tmp_path / "copy.sqlite"
    with contextlib.closing(Store(folder)) as store:
        store.save(make_inspection(make_frame(seed=5)))
        backup(folder, copy)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite", "data"]
    assert copy.stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    assert restore(other, copy) is None
    assert documents(other) == documents(folder)
    assert finish(check(other)).is_sound


def test_a_restored_backup_brings_the_old_state_and_keeps_the_present_one_beside(folder, tmp_path):
    backup(folder, tmp_path / "copy.sqlite")
    before = documents(folder)
    with contextlib.closing(Store(folder)) as open_in_a_window:
        open_in_a_window.save(make_inspection(make_frame(seed=5)))
        later = documents(folder)

        kept = restore(folder, tmp_path / "copy.sqlite")

        # The window goes on with what was restored.
        assert len(open_in_a_window.list()) == 3
        assert open_in_a_window.save(make_inspection(make_frame(seed=6))).id == 4
    assert documents(folder)[1:] == before
    assert finish(check(folder)).is_sound
    third = tmp_path / "third"
    restore(third, kept)
    assert documents(third) == later


def test_a_damaged_file_is_set_aside_when_a_backup_is_restored(folder, tmp_path):
    backup(folder, tmp_path / "copy.sqlite")
    wanted = documents(folder)
    (folder / "records.sqlite").write_bytes(b"no database at all" * 500)

    kept = restore(folder, tmp_path / "copy.sqlite")

    assert kept.read_bytes().startswith(b"no database")
    assert documents(folder) == wanted


def test_a_backup_takes_no_files_place(folder, tmp_path):
    place = tmp_path / "mine.txt"
    place.write_text("mine")

    with pytest.raises(CannotWrite, match="there already"):
        backup(folder, place)

    assert place.read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_refuses_is_named(folder, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)

    with pytest.raises(CannotWrite, match="does not let"):
        backup(folder, closed / "copy.sqlite")


def test_where_no_folder_is_nothing_is_written(folder, tmp_path):
    with pytest.raises(CannotWrite, match="no folder"):
        backup(folder, tmp_path / "nowhere" / "copy.sqlite")


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\0" + b"\0" * 5000])
def test_what_is_no_backup_changes_nothing(folder, tmp_path, content):
    wanted = documents(folder)
    false = tmp_path / "false.sqlite"
    false.write_bytes(content)

    with pytest.raises(UnreadableRecord):
        restore(folder, false)

    assert documents(folder) == wanted
    assert [path.name for path in Path(folder).glob("records-before*")] == []


def test_where_nothing_is_there_is_nothing_to_check_or_to_copy(tmp_path):
    with pytest.raises(WrongUse):
        finish(check(tmp_path))
    with pytest.raises(WrongUse):
        backup(tmp_path, tmp_path / "copy.sqlite")
    with pytest.raises(WrongUse):
        restore(tmp_path, tmp_path / "no.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_only_read_and_a_backup_takes_its_place(folder, tmp_path):
    backup(folder, tmp_path / "backup.sqlite")
    content = harmed(folder)

    with contextlib.closing(Store(folder)) as store:
        listed, opened = store.list(), store.open(1)
        with pytest.raises(CannotWrite, match=r"is damaged\. Nothing is added to it"):
            store.save(make_inspection())
        untouched = (folder / "records.sqlite").read_bytes() == content
        restore(folder, tmp_path / "backup.sqlite")
        is_current = store.is_current

    assert [line.id for line in listed][-1] == opened.id == 1
    assert untouched
    assert not is_current
    with contextlib.closing(Store(folder)) as store:
        assert store.trouble is None
        store.save(make_inspection())


def test_what_is_no_backup_is_refused_as_a_backup_and_not_as_the_records(folder, tmp_path):
    (tmp_path / "copy.sqlite").write_bytes(bytes(range(256)) * 20)

    with pytest.raises(UnreadableRecord, match="is no sound backup of records") as refused:
        restore(folder, tmp_path / "copy.sqlite")
    assert refused.value.hint == "Take another backup."
    assert not isinstance(refused.value, DamagedRecords)
