"""Measurements: what they come to, and what undoing makes of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.measure import (
    Measure,
    Measured,
    MeasureDeed,
    MeasureHistory,
    MeasureKind,
    measures_from_json,
    measures_to_json,
    picture_key,
)

ONE = Measure(MeasureKind.LENGTH, ((0.0, 0.0), (3.0, 4.0)))
CROSS = Measure(MeasureKind.SIZE, ((0.0, 0.0), (8.0, 0.0), (4.0, -1.0), (4.0, 2.0)))
CORNER = Measure(MeasureKind.ANGLE, ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0)))
SCALE = Calibration((0.5, 0.25), "pixel spacing")


def made(*measures):
    return MeasureDeed("set", measures)


UNDO, REDO = MeasureDeed("undo"), MeasureDeed("redo")


@pytest.mark.parametrize(
    ("measure", "scale", "values", "unit"),
    [
        (ONE, None, (5.0,), "px"),
        (ONE, SCALE, (math.hypot(1.5, 1.0),), "mm"),
        (CROSS, None, (8.0, 3.0), "px"),
        (CROSS, SCALE, (4.0, 0.75), "mm"),
        (CORNER, None, (90.0,), "deg"),
    ],
)
def test_a_measurement_comes_to_what_a_ruler_says(measure, scale, values, unit):
    told = Measured.of(measure, scale)

    assert told.values == pytest.approx(values)
    assert told.unit == unit
    assert told.calibration == (SCALE.name if scale is not None else "")


def test_undo_and_redo_walk_through_what_was_done():
    history = MeasureHistory.of([made(ONE), made(ONE, CROSS), UNDO])

    assert history.now == (ONE,)
    assert history.after(UNDO).now == ()
    assert history.after(REDO).now == (ONE, CROSS)
    assert not history.after(UNDO).after(UNDO).can_undo
    assert history.after(made(CORNER)).can_redo is False


def test_removing_everything_can_be_undone():
    assert MeasureHistory.of([made(ONE), made(), UNDO]).now == (ONE,)


@given(st.lists(st.sampled_from([made(ONE), made(CROSS), made(), UNDO, REDO]), max_size=30))
def test_deeds_stored_one_by_one_make_the_same_history(deeds):
    done, undone = [()], []
    for deed in deeds:
        if deed.deed == "set":
            done, undone = [*done, deed.measures], []
        elif deed.deed == "undo" and len(done) > 1:
            undone.append(done.pop())
        elif deed.deed == "redo" and undone:
            done.append(undone.pop())

    history = MeasureHistory.of(deeds)

    assert list(history.done) == done
    assert list(history.undone) == undone


def test_pages_of_one_file_have_measurements_of_their_own(tmp_path):
    path = str(tmp_path / "scan.tif")

    assert picture_key("a", f"{path}#2") == "a#2"
    assert picture_key("a", path) == picture_key("a", f"{path}#1")


def test_measurements_survive_as_text():
    assert measures_from_json(measures_to_json((ONE, CROSS, CORNER))) == (ONE, CROSS, CORNER)
    assert measures_from_json("[]") == ()


@pytest.mark.parametrize("text", ["", "{}x", '[["length", [[1, 2]]]]', '[["area", []]]', "[1]"])
def test_damaged_text_is_no_measurement(text):
    with pytest.raises(ValueError):  # noqa: PT011  several makers of it
        measures_from_json(text)


def test_a_place_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="no place"):
        Measure(MeasureKind.LENGTH, ((0.0, math.nan), (1.0, 1.0)))
