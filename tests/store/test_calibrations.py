"""What a user said of a picture's scale is added, never changed, and found again."""

import sqlite3

import pytest

from inspector_app.domain.calibration import Calibration
from inspector_app.store import tables
from inspector_app.store.records import FILE, Store

BY_HAND = Calibration((0.125, 0.25), "user, 10 mm over 80 px")


def test_the_last_word_holds_and_can_be_taken_back(tmp_path):
    store = Store(tmp_path)
    assert store.calibration_of("a" * 64) is None

    store.keep_calibration("a" * 64, Calibration((1.0, 1.0), "user, first"))
    store.keep_calibration("a" * 64, BY_HAND)
    store.close()
    again = Store(tmp_path)

    assert again.calibration_of("a" * 64) == BY_HAND
    assert again.calibration_of("b" * 64) is None
    again.keep_calibration("a" * 64, None)
    assert again.calibration_of("a" * 64) is None
    again.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        rows = connection.execute("SELECT mm_x, name FROM calibrations ORDER BY id").fetchall()
        assert rows == [(1.0, "user, first"), (0.125, BY_HAND.name), (None, "")]
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute("DELETE FROM calibrations")
    connection.close()


def test_records_of_the_version_before_are_taken_over(tmp_path):
    connection = sqlite3.connect(tmp_path / FILE)
    for statement in tables.MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {tables.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()

    store = Store(tmp_path)
    store.keep_calibration("c" * 64, BY_HAND)

    assert store.calibration_of("c" * 64) == BY_HAND
    assert store.list() == ()
    store.close()


@pytest.mark.parametrize("side", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_that_is_none_is_refused(side):
    with pytest.raises(ValueError, match="no scale"):
        Calibration((1.0, side), "user")
    with pytest.raises(ValueError, match="name"):
        Calibration((1.0, 1.0), "")
