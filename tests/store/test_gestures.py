"""What people did to pictures is added and sealed, and replayed after a restart."""

import datetime
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from inspector_app.domain.errors import CannotWrite, NotAllowed, UnreadableRecord
from inspector_app.domain.gesture import (
    REDO,
    UNDO,
    Correction,
    Gesture,
    Measurements,
    Note,
    Roi,
    Stand,
    Verb,
)
from inspector_app.domain.gesture_document import gesture_to_json
from inspector_app.domain.measure import Measure, MeasureKind
from inspector_app.domain.operators import Role
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.store import tables
from inspector_app.store.accounts import Accounts
from inspector_app.store.chain import seal, seal_all
from inspector_app.store.deeds import Deed
from inspector_app.store.keeping import check
from inspector_app.store.records import FILE, Store
from tests.fakes.steps import finish

ROI = Roi("a", Shape.of(Region(1, 2, 30, 40)), name="裂纹")
DRAWN = Gesture(Verb.DRAWN, (ROI,))
REJECTED = Gesture(Verb.REJECTED, (Correction(3, 0, Stand.REJECTED, "a scratch of the lens"),))
ONE = Measure(MeasureKind.LENGTH, ((0.0, 0.0), (3.25, 4.0)))
TWO = Measure(MeasureKind.ANGLE, ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0)))
KEY, OTHER = "a" * 64 + "#1", "a" * 64 + "#2"


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    yield made
    made.close()


def test_marks_and_the_way_back_are_there_after_a_restart(tmp_path):
    first = Store(tmp_path)
    for gesture in (DRAWN, REJECTED, UNDO):
        first.keep_gesture(KEY, gesture)
    first.close()

    again = Store(tmp_path)
    found = again.gestures_of(KEY)
    again.close()

    assert found.history.marks.rois == (ROI,)
    assert found.history.marks.corrections_of(3) == ()
    assert found.history.after(REDO).marks.correction(3, 0).reason == "a scratch of the lens"


def test_pictures_do_not_share_marks(store):
    store.keep_gesture(KEY, DRAWN)

    assert store.gestures_of(OTHER).history.marks.all == ()


def test_each_gesture_tells_which_one_was_before_it(store):
    first = store.keep_gesture(KEY, DRAWN)
    store.keep_gesture(OTHER, DRAWN)
    second = store.keep_gesture(KEY, UNDO)

    assert (first.before, second.before) == (0, first.number)
    assert store.gestures_of(KEY).last == second.number


def test_gestures_are_sealed_and_never_changed(tmp_path, store):
    store.keep_gesture(KEY, DRAWN)
    store.keep_gesture(KEY, UNDO)

    connection = sqlite3.connect(tmp_path / FILE)
    verbs = connection.execute("SELECT verb FROM gestures ORDER BY id").fetchall()
    assert verbs == [("drawn",), ("undo",)]
    for change in ("DELETE FROM gestures", "UPDATE gestures SET verb = 'redo'"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(change)
    connection.close()
    assert finish(check(tmp_path)).entries == 2


def test_a_gesture_changed_behind_the_programs_back_shows(tmp_path, store):
    store.keep_gesture(KEY, DRAWN)
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("DROP TRIGGER gestures_refuse_update")
    connection.execute("UPDATE gestures SET content = replace(content, '30', '31')")
    connection.commit()
    connection.close()

    found = finish(check(tmp_path))

    assert not found.is_sound


@pytest.mark.parametrize("text", ["x", "{}", '{"marks":[{"is":"region"}],"removed":[]}', "[1]"])
def test_damaged_gestures_are_said_to_be_so(tmp_path, store, text):
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(
        "INSERT INTO gestures (created, picture, verb, content) VALUES ('', ?, 'drawn', ?)",
        (KEY, text),
    )
    connection.commit()
    connection.close()

    with pytest.raises(UnreadableRecord, match="damaged"):
        store.gestures_of(KEY)


def test_a_full_disk_keeps_nothing_of_a_gesture(tmp_path, store):
    store.keep_gesture(KEY, DRAWN)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    note = Gesture(Verb.NOTED, (Note("x" * 2000),))

    def fill():
        while True:
            store.keep_gesture(KEY, note)

    with pytest.raises(CannotWrite, match="no room"):
        fill()

    recalled = store.gestures_of(KEY)
    assert (
        len(recalled.history.done) - 1
        == store._connection.execute(
            "SELECT count(*) FROM chain WHERE row_table = 'gestures'"
        ).fetchone()[0]
    )


def _tables_of(version, tmp_path):
    connection = sqlite3.connect(tmp_path / FILE)
    for change in (change for each in tables.MIGRATIONS[:version] for change in each):
        if change is seal_all:
            seal_all(connection)
        else:
            connection.execute(change)
    connection.execute(f"PRAGMA application_id = {tables.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


def test_measurements_of_the_version_before_are_taken_over_with_their_way_back(tmp_path):
    connection = _tables_of(4, tmp_path)
    created = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC).isoformat()
    length = '[["length", [[0.0, 0.0], [3.25, 4.0]]]]'
    both = (
        '[["length", [[0.0, 0.0], [3.25, 4.0]]], ["angle", [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]]]'
    )
    for deed, text in (("set", length), ("set", both), ("undo", "[]")):
        cursor = connection.execute(
            "INSERT INTO measures (created, picture, deed, measures) VALUES (?, ?, ?, ?)",
            (created, KEY, deed, text),
        )
        seal(connection, "measures", cursor.lastrowid)
    connection.commit()
    connection.close()

    store = Store(tmp_path)
    history = store.gestures_of(KEY).history
    store.close()

    assert history.marks.measures == (ONE,)
    assert history.after(REDO).marks.measures == (ONE, TWO)
    assert history.after(UNDO).marks.measures == ()
    found = finish(check(tmp_path))
    assert found.is_sound
    assert found.entries == 6


def test_tables_of_the_first_chain_are_taken_over(tmp_path):
    _tables_of(3, tmp_path).close()

    store = Store(tmp_path)
    store.keep_gesture(KEY, Gesture(Verb.MEASURED, (Measurements((TWO,)),)))

    assert store.gestures_of(KEY).history.marks.measures == (TWO,)
    store.close()


_KILLED = """
import sys
from pathlib import Path
from inspector_app.domain.gesture_document import gesture_from_json
from inspector_app.store.records import Store

store = Store(Path(sys.argv[1]))
gesture = gesture_from_json("drawn", sys.argv[3])
while True:
    store.keep_gesture(sys.argv[2], gesture)
    print("kept", flush=True)
"""


def test_no_acknowledged_gesture_is_lost_when_the_program_is_killed(tmp_path):
    for turn in range(1, 4):
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(tmp_path), f"{turn}", gesture_to_json(DRAWN)],
            stdout=subprocess.PIPE,
            text=True,
        )
        acknowledged = sum(child.stdout.readline() == "kept\n" for _ in range(7 * turn))
        os.kill(child.pid, signal.SIGKILL)
        acknowledged += child.stdout.read().count("kept\n")
        child.stdout.close()
        child.wait()

        store = Store(tmp_path)
        kept = len(store.gestures_of(f"{turn}").history.done) - 1
        store.close()
        # The last one may have been written and not told of yet.
        assert acknowledged <= kept <= acknowledged + 1
        assert finish(check(tmp_path)).is_sound


def test_nothing_is_kept_of_whoever_was_retired_where_everybody_signs_in(store):
    accounts = Accounts(store, cost={"n": 16, "r": 8, "p": 1})
    accounts.add("ada", Role.ADMIN, "correct horse", by="")
    accounts.add("ben", Role.OPERATOR, "1234", by="ada")
    done = Gesture(Verb.NOTED, (Note("seen"),), by="ben")
    accounts.retire("ben", by="ada")
    store.keep_gesture("p", done)
    accounts.note("ada", Deed.SWITCHED_ON)

    with pytest.raises(NotAllowed, match="ben works here no more"):
        store.keep_gesture("p", done)
    accounts.let_return("ben", by="ada")
    store.keep_gesture("p", done)

    assert len(store.gestures_of("p").history.done) == 3
