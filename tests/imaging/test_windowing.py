"""Windows against pydicom and against values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.pixels import apply_windowing

from inspector_app.imaging.windowing import (
    automatic_window,
    exact_window_to_uint8,
    shown,
    sigmoid_window_to_uint8,
    through_table,
    window_to_uint8,
)

OURS = {
    "LINEAR": window_to_uint8,
    "LINEAR_EXACT": exact_window_to_uint8,
    "SIGMOID": sigmoid_window_to_uint8,
}


def theirs(values, *, center, width, function):
    dataset = Dataset()
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsStored, dataset.PixelRepresentation = 16, 1
    dataset.WindowCenter, dataset.WindowWidth = center, width
    dataset.VOILUTFunction = function
    with np.errstate(over="ignore"):
        scaled = apply_windowing(values, dataset).astype(np.float64)
    return (scaled + 2**15) / (2**16 - 1) * 255


@pytest.mark.parametrize("function", list(OURS))
@pytest.mark.parametrize(
    ("center", "width"), [(40, 400), (-600, 1500), (40.5, 81), (0, 2), (300, 1.5), (1e4, 3e4)]
)
def test_a_window_is_that_of_pydicom_within_rounding(function, center, width):
    values = np.arange(-2000, 3000, dtype=np.int16).reshape(50, 100)

    grey = OURS[function](values, center=center, width=width)

    wanted = theirs(values, center=center, width=width, function=function)
    assert np.abs(grey - wanted).max() <= 0.5 + 1e-6


def test_the_linear_window_400_40_shows_what_a_reading_station_shows():
    # x = -160 is the last black value, 239 the first white one: PS3.3 C.11.2.1.2.1.
    values = np.array([[-161, -160, -159, 39, 40, 238, 239, 240]])

    grey = window_to_uint8(values, center=40, width=400)

    assert grey.tolist() == [[0, 0, 1, 127, 128, 254, 255, 255]]


def test_a_window_of_one_is_a_threshold():
    grey = window_to_uint8(np.array([[8, 9, 10, 11]]), center=10, width=1)

    assert grey.tolist() == [[0, 0, 255, 255]]


@pytest.mark.parametrize("width", [0, 0.5, -3, float("nan")])
def test_a_width_that_makes_no_sense_is_refused(width):
    with pytest.raises(ValueError, match="wide"):
        window_to_uint8(np.zeros((1, 1)), center=0, width=width)
    if not width > 0:
        for mapping in (exact_window_to_uint8, sigmoid_window_to_uint8):
            with pytest.raises(ValueError, match="wider than 0"):
                mapping(np.zeros((1, 1)), center=0, width=width)


@pytest.mark.parametrize("mapping", OURS.values())
def test_what_is_not_a_number_is_black(mapping):
    values = np.array([[np.nan, -np.inf, np.inf, 10.0]], np.float32)

    grey = mapping(values, center=10, width=10)

    assert grey[0, :3].tolist() == [0, 0, 255]


@given(st.floats(-500, 500), st.floats(2, 4000), st.sampled_from(sorted(OURS)))
def test_a_brighter_value_is_never_darker(center, width, function):
    values = np.linspace(-3000, 3000, 400)[None]

    grey = OURS[function](values, center=center, width=width).astype(int)

    assert (np.diff(grey[0]) >= 0).all()


def test_an_eight_bit_picture_saved_with_sixteen_bits_looks_the_same():
    grey = np.random.default_rng(1).integers(0, 256, (40, 50), dtype=np.uint8)
    deep = grey.astype(np.uint16) * 257

    window = automatic_window(deep)

    assert window.name == "full range"
    assert (shown(deep, window) == grey).all()


def test_twelve_bits_in_sixteen_are_stretched_over_what_they_use():
    deep = np.linspace(100, 4095, 4000).astype(np.uint16).reshape(40, 100)

    window = automatic_window(deep)
    grey = shown(deep, window)

    assert (window.center, window.width, window.name) == (2097.5, 3995, "full range")
    assert (grey.min(), grey.max()) == (0, 255)


def test_a_few_hot_pixels_do_not_darken_the_rest():
    deep = np.random.default_rng(2).integers(1000, 1100, (100, 100)).astype(np.uint16)
    deep[3, 4] = 60000

    window = automatic_window(deep)

    assert window.name == "1-99 %"
    assert 95 <= window.width <= 100
    assert shown(deep, window).std() > 50


def test_a_picture_of_one_value_is_shown_grey():
    window = automatic_window(np.full((4, 4), 700, np.uint16))

    assert window.width > 0
    assert (shown(np.full((4, 4), 700, np.uint16), window) == 128).all()


def test_values_that_are_not_finite_do_not_make_the_window():
    values = np.array([[0.0, 1.0, np.nan, np.inf]], np.float32)

    assert automatic_window(values).width == 1.0
    assert automatic_window(np.full((2, 2), np.nan, np.float32)).width > 0


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32])
def test_a_table_gives_what_the_formula_gives(dtype):
    info = np.iinfo(dtype)
    low, high = max(info.min, -30000), min(info.max, 60000)
    values = np.random.default_rng(3).integers(low, high, (200, 200)).astype(dtype)
    mapping = lambda levels: exact_window_to_uint8(levels, center=200, width=5000)  # noqa: E731

    assert (through_table(values, mapping) == mapping(values)).all()
