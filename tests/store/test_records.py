"""Inspections in and out of the database."""

import contextlib
import dataclasses
import json
import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from inspector_app.domain.document import pixels_sha256, to_document
from inspector_app.domain.errors import CannotWrite, UnreadableRecord, WrongUse
from inspector_app.domain.inspection import ShownView
from inspector_app.domain.region import Region
from inspector_app.store import Store
from tests.fakes.records import make_frame, make_inspection, make_map


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "data")
    yield opened
    opened.close()


@contextlib.contextmanager
def behind_the_back(store):
    """The file, opened by something that knows nothing of this program."""
    with contextlib.closing(sqlite3.connect(store.path)) as connection, connection:
        yield connection


def without_triggers(connection):
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in rows:
        connection.execute(f"DROP TRIGGER {name}")


def assert_same(read, saved):
    assert to_document(read) == to_document(saved)
    for one, other in zip(read.views, saved.views, strict=True):
        assert (one.pixels is None) == (other.pixels is None)
        assert one.pixels is None or np.array_equal(one.pixels, other.pixels)
        assert one.pixels is None or not one.pixels.flags.writeable
    if saved.map is not None:
        assert read.map.values.tobytes() == saved.map.values.tobytes()
        assert read.map.layers.tobytes() == saved.map.layers.tobytes()


def test_an_opened_record_is_what_was_saved(store):
    saved = store.save(make_inspection())

    assert saved.id == 1
    assert_same(store.open(saved.id), saved)


def test_records_outlive_the_program(tmp_path):
    first = Store(tmp_path)
    saved = first.save(make_inspection())
    first.close()

    second = Store(tmp_path)

    assert_same(second.open(saved.id), saved)
    second.close()


def test_a_record_without_map_views_zoom_or_verdict_is_kept(store):
    least = make_inspection(regions=(), map=None, views=(), zoomed=None, verdict=None)

    assert_same(store.open(store.save(least).id), dataclasses.replace(least, id=1))


def test_an_inspection_opened_and_saved_again_is_a_new_record_with_the_same_evidence(store):
    saved = store.save(make_inspection())

    again = store.save(store.open(saved.id))

    assert again.id == 2
    assert_same(store.open(2), dataclasses.replace(saved, id=2))


def test_the_list_is_newest_first_and_short(store):
    for number in range(5):
        store.save(make_inspection(question=f"What is it, {number}?"))

    lines = store.list(3)

    assert [line.id for line in lines] == [5, 4, 3]
    assert lines[0].question == "What is it, 4?"
    assert lines[0].answer == "yes"
    assert lines[0].outcome == "CHECK"
    assert lines[0].locator == "/pictures/plate 07.png"
    assert store.list(0) == ()


def test_a_megabyte_of_answer_is_one_short_line_of_the_list_and_whole_in_the_record(store):
    endless = dataclasses.replace(make_inspection().whole, text="a\n\x1b\u202e" * 250_000)
    store.save(make_inspection(zoomed=endless))

    (line,) = store.list()

    assert len(line.answer) <= 300
    assert "\n" not in line.answer
    assert "\u202e" not in line.answer
    assert store.open(1).zoomed.text == endless.text


def test_a_file_name_that_is_not_utf8_is_kept_exactly(store):
    source = dataclasses.replace(make_frame().provenance, locator="/a/\udcff.png")

    store.save(make_inspection(provenance=source))

    assert store.open(1).provenance.locator == "/a/\udcff.png"
    assert store.list()[0].locator == "/a/\\udcff.png"


def test_the_same_picture_is_kept_once(store):
    frame = make_frame()
    for _ in range(4):
        store.save(make_inspection(frame, regions=()))

    with behind_the_back(store) as connection:
        assert connection.execute("SELECT count(*) FROM pictures").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM views").fetchone() == (4,)


def test_flat_pictures_of_equal_bytes_and_other_shape_are_not_confused(store):
    shapes = [(2, 6), (6, 2), (3, 4)]
    views = tuple(
        ShownView(np.zeros((height, width, 3), np.uint8), Region(0, 0, width, height))
        for width, height in shapes
    )

    store.save(make_inspection(views=views))

    assert [view.size for view in store.open(1).views] == shapes


def test_a_picture_of_sixteen_megapixels_is_exact_and_a_larger_one_is_reduced(store):
    rows = np.arange(4096, dtype=np.uint8)[:, None, None]
    exact = np.broadcast_to(rows, (4096, 4096, 3)).copy()
    large = np.broadcast_to(rows, (4096, 4097, 3)).copy()
    views = tuple(
        ShownView(pixels, Region(0, 0, pixels.shape[1], pixels.shape[0]))
        for pixels in (exact, large)
    )

    saved = store.save(make_inspection(views=views))

    first, second = store.open(1).views
    assert first.given is None
    assert np.array_equal(first.pixels, exact)
    assert second.given == (4097, 4096)
    assert second.sha256 == pixels_sha256(large)
    assert second.pixels.shape[0] * second.pixels.shape[1] <= 4 * 1024 * 1024
    assert second.pixels.shape[:2] == (2047, 2048)
    assert to_document(store.open(1)) == to_document(saved)


def test_records_cannot_be_changed_or_deleted(store):
    store.save(make_inspection())

    for table in ("inspections", "pictures", "views", "maps"):
        column = "inspection" if table in {"views", "maps"} else "id"
        for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with (
                pytest.raises(sqlite3.IntegrityError, match="never changed"),
                behind_the_back(store) as connection,
            ):
                connection.execute(deed)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE inspections SET document = replace(document, 'CHECK', 'PASS')",
        "UPDATE maps SET content = zeroblob(length(content)) WHERE position = 1",
        "UPDATE pictures SET png = (SELECT png FROM pictures WHERE id = 2) WHERE id = 1",
        "UPDATE pictures SET png = x'00'",
        "UPDATE pictures SET png = x''",
        "DELETE FROM maps WHERE position = 2",
    ],
)
def test_a_record_that_was_tampered_with_is_not_shown(store, forgery):
    store.save(make_inspection())
    with behind_the_back(store) as connection:
        without_triggers(connection)
        connection.execute(forgery)

    with pytest.raises(UnreadableRecord, match="Record 1 is damaged"):
        store.open(1)


@pytest.mark.parametrize("number", [0, -1, 99, 2**70])
def test_an_unknown_record_is_refused(store, number):
    with pytest.raises(WrongUse, match=f"no record {number}"):
        store.open(number)


def test_two_threads_save_and_list_at_once(store):
    frame = make_frame()

    def save(number):
        return store.save(make_inspection(frame, question=f"{number}?")).id

    with ThreadPoolExecutor(4) as pool:
        saving = [pool.submit(save, number) for number in range(24)]
        listing = [pool.submit(store.list, 10) for _ in range(24)]

    assert sorted(one.result() for one in saving) == list(range(1, 25))
    assert all(len(one.result()) <= 10 for one in listing)


def test_two_programs_share_the_records(tmp_path):
    with contextlib.closing(Store(tmp_path)) as one, contextlib.closing(Store(tmp_path)) as two:
        one.save(make_inspection())
        two.save(make_inspection())

        assert len(one.list()) == len(two.list()) == 2


def test_another_program_that_holds_the_file_is_named(tmp_path):
    with contextlib.closing(Store(tmp_path, patience_ms=10)) as store:
        with contextlib.closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(CannotWrite, match="Another program holds"):
                store.save(make_inspection())

        assert store.save(make_inspection()).id == 1


def test_a_full_disk_keeps_nothing_of_the_record_and_all_of_the_others(tmp_path):
    store = Store(tmp_path)
    store.save(make_inspection())
    store.close()
    with contextlib.closing(Store(tmp_path)) as store:
        # The pages that SQLite may use are what a full disk leaves it.
        store._connection.execute("PRAGMA max_page_count = 1")
        noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
        view = ShownView(noise, Region(0, 0, 200, 200))

        with pytest.raises(CannotWrite, match="no room left on the disk") as refused:
            store.save(make_inspection(views=(view,)))

        assert refused.value.hint
        assert [line.id for line in store.list()] == [1]
        store._connection.execute("PRAGMA max_page_count = 1000000")
        assert store.save(make_inspection(views=(view,))).id == 2


@pytest.mark.parametrize("harm", [b"not a database at all" * 100, b"SQLite format 3\0" * 300])
def test_a_damaged_file_is_named_and_left_alone(tmp_path, harm):
    (tmp_path / "records.sqlite").write_bytes(harm)

    with pytest.raises(UnreadableRecord, match="is damaged"):
        Store(tmp_path)

    assert (tmp_path / "records.sqlite").read_bytes() == harm


def test_a_file_damaged_in_the_middle_is_named(tmp_path):
    with contextlib.closing(Store(tmp_path)) as store:
        for number in range(20):
            store.save(make_inspection(make_frame(seed=number)))
    path = tmp_path / "records.sqlite"
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = random.Random(0).randbytes(len(content) - 4096 * 2)
    path.write_bytes(content)

    with pytest.raises(UnreadableRecord), contextlib.closing(Store(tmp_path)) as store:
        store.list()


def test_records_of_a_newer_program_are_refused(tmp_path):
    with contextlib.closing(Store(tmp_path)) as store, behind_the_back(store) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(UnreadableRecord, match="newer version"):
        Store(tmp_path)


def test_a_database_of_another_program_is_refused(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "records.sqlite")) as connection:
        connection.execute("CREATE TABLE cookies (name TEXT)")

    with pytest.raises(UnreadableRecord, match="another program"):
        Store(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "data").write_bytes(b"")

    with pytest.raises(CannotWrite):
        Store(tmp_path / "data")


def test_only_the_user_may_read_the_records(store):
    assert store.path.stat().st_mode & 0o077 == 0


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(store):
    def asked(pragma):
        return store._connection.execute(f"PRAGMA {pragma}").fetchone()[0]

    assert asked("journal_mode") == "wal"
    assert asked("synchronous") == 2
    assert asked("foreign_keys") == 1
    assert asked("user_version") == 7


SAVE_FOR_EVER = """
import sys
from pathlib import Path
from inspector_app.store import Store
from tests.fakes.records import make_frame, make_inspection

store = Store(Path(sys.argv[1]))
for number in range(10_000):
    frame = make_frame((48, 40), seed=number)
    saved = store.save(make_inspection(frame, regions=((4, 4, 20, 20),)))
    print(saved.id, flush=True)
"""


def test_killing_the_program_at_any_moment_loses_no_acknowledged_record(tmp_path):
    root = Path(__file__).parents[2]
    chance = random.Random(7)
    acknowledged = set()

    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", SAVE_FOR_EVER, str(tmp_path)],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Reading k lines and then some time of our own work lands in any phase of a save.
        for _ in range(chance.randint(1, 40)):
            acknowledged.add(int(child.stdout.readline()))
        sum(range(chance.randint(0, 200_000)))
        child.kill()
        # A line that the child had no time to end was not acknowledged.
        acknowledged |= {int(n) for n in child.communicate()[0].split("\n")[:-1]}

    with contextlib.closing(Store(tmp_path)) as store:
        kept = {line.id for line in store.list(100_000)}
        assert acknowledged <= kept
        assert len(kept) - len(acknowledged) <= 6
        for number in kept:
            assert json.dumps(to_document(store.open(number)))
        with behind_the_back(store) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_maps_and_pictures_of_a_record_are_small(store):
    frame = make_frame((640, 480))
    looked = make_map(frame, rows=24, cols=24, layers=tuple(range(32)))

    store.save(make_inspection(frame, map=looked))

    with behind_the_back(store) as connection:
        (kept,) = connection.execute("SELECT sum(length(content)) FROM maps").fetchone()
    assert kept == 32 * 24 * 24 * 4
