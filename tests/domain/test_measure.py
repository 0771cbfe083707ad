"""Measurements: what they come to."""

import math

import pytest

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.measure import (
    Measure,
    Measured,
    MeasureKind,
    picture_key,
)

ONE = Measure(MeasureKind.LENGTH, ((0.0, 0.0), (3.0, 4.0)))
CROSS = Measure(MeasureKind.SIZE, ((0.0, 0.0), (8.0, 0.0), (4.0, -1.0), (4.0, 2.0)))
CORNER = Measure(MeasureKind.ANGLE, ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0)))
SCALE = Calibration((0.5, 0.25), "pixel spacing")


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


def test_pages_of_one_file_have_measurements_of_their_own(tmp_path):
    path = str(tmp_path / "scan.tif")

    assert picture_key("a", f"{path}#2") == "a#2"
    assert picture_key("a", path) == picture_key("a", f"{path}#1")


def test_a_place_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="no place"):
        Measure(MeasureKind.LENGTH, ((0.0, math.nan), (1.0, 1.0)))
