"""What people did to measurements is added and sealed, and replayed after a restart."""

import sqlite3

import pytest

from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.measure import Measure, MeasureDeed, MeasureKind
from inspector_app.store import tables
from inspector_app.store.chain import seal_all
from inspector_app.store.records import FILE, Store

ONE = Measure(MeasureKind.LENGTH, ((0.0, 0.0), (3.25, 4.0)))
TWO = Measure(MeasureKind.ANGLE, ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0)))
KEY, OTHER = "a" * 64 + "#1", "a" * 64 + "#2"


def test_measurements_and_the_way_back_are_there_after_a_restart(tmp_path):
    store = Store(tmp_path)
    for deed in (MeasureDeed("set", (ONE,)), MeasureDeed("set", (ONE, TWO)), MeasureDeed("undo")):
        store.keep_measures(KEY, deed)
    store.close()

    again = Store(tmp_path)
    history = again.measures_of(KEY)
    again.close()

    assert history.now == (ONE,)
    assert history.after(MeasureDeed("redo")).now == (ONE, TWO)


def test_pictures_do_not_share_measurements(tmp_path):
    store = Store(tmp_path)
    store.keep_measures(KEY, MeasureDeed("set", (ONE,)))

    assert store.measures_of(OTHER).now == ()
    store.close()


def test_deeds_are_added_and_never_changed(tmp_path):
    store = Store(tmp_path)
    store.keep_measures(KEY, MeasureDeed("set", (ONE,)))
    store.keep_measures(KEY, MeasureDeed("undo"))
    store.close()

    connection = sqlite3.connect(tmp_path / FILE)
    deeds = connection.execute("SELECT deed FROM measures ORDER BY id").fetchall()
    sealed = connection.execute("SELECT count(*) FROM chain WHERE row_table = 'measures'")
    assert deeds == [("set",), ("undo",)]
    assert sealed.fetchone() == (2,)
    for change in ("DELETE FROM measures", "UPDATE measures SET deed = 'redo'"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(change)
    connection.close()


def test_damaged_measurements_are_said_to_be_so(tmp_path):
    store = Store(tmp_path)
    store.close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(
        "INSERT INTO measures (created, picture, deed, measures) VALUES ('', ?, 'set', 'x')", (KEY,)
    )
    connection.commit()
    connection.close()

    store = Store(tmp_path)
    with pytest.raises(UnreadableRecord, match="damaged"):
        store.measures_of(KEY)
    store.close()


def test_records_of_the_version_before_are_taken_over(tmp_path):
    connection = sqlite3.connect(tmp_path / FILE)
    for change in (change for version in tables.MIGRATIONS[:3] for change in version):
        if change is seal_all:
            seal_all(connection)
        else:
            connection.execute(change)
    connection.execute(f"PRAGMA application_id = {tables.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 3")
    connection.commit()
    connection.close()

    store = Store(tmp_path)
    store.keep_measures(KEY, MeasureDeed("set", (TWO,)))

    assert store.measures_of(KEY).now == (TWO,)
    store.close()
