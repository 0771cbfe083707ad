"""A window by table gives exactly what the formula gives, for every value there can be."""

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.pixels.processing import apply_voi_lut

from inspector_app.domain.frame import GreyTable, Window
from inspector_app.imaging.grey_tables import dragged, grey_of, table_of, through_grey_table
from inspector_app.imaging.pyramid import pyramid, single_channel
from inspector_app.imaging.windowing import (
    full_window,
    grey_to_rgb,
    percentile_window,
    shown,
)

curves = st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"])


@settings(max_examples=60)
@given(st.floats(-40_000, 70_000), st.floats(1, 70_000), curves, st.booleans())
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16])
def test_a_table_equals_the_formula_for_every_value(dtype, center, width, curve, is_inverted):
    window = Window(center, width, "test", curve)
    limits = np.iinfo(dtype)
    values = np.linspace(limits.min, limits.max, 4096).astype(dtype).reshape(64, 64)

    table = table_of(window, dtype=values.dtype, is_inverted=is_inverted)

    assert np.array_equal(
        through_grey_table(values, table), grey_of(values, window, is_inverted=is_inverted)
    )


@pytest.mark.parametrize("curve", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("center", "width"), [(40, 400), (-600, 1500), (480, 2500), (80.5, 70)])
def test_signed_values_equal_those_of_pydicom(curve, center, width):
    values = np.arange(-1500, 3000, dtype=np.int16).reshape(45, 100)
    file = pydicom.Dataset()
    file.PhotometricInterpretation = "MONOCHROME2"
    file.BitsStored, file.PixelRepresentation = 16, 1
    file.WindowCenter, file.WindowWidth, file.VOILUTFunction = center, width, curve

    table = table_of(Window(center, width, "file", curve), dtype=values.dtype)
    ours = through_grey_table(values, table).astype(float)

    theirs = apply_voi_lut(values.astype(np.float64), file)
    share = (theirs + 32768) / 65535 * 255
    assert np.abs(ours - share).max() <= 0.51


def test_a_table_of_the_file_holds_its_ends_beyond_its_range():
    window = Window(2.0, 4.0, "file", "TABLE", GreyTable(10, 100, (0, 25, 50, 100)))
    values = np.array([[0, 10, 11, 12, 13, 400]], np.uint16)

    table = table_of(window, dtype=values.dtype)

    assert through_grey_table(values, table).tolist() == [[0, 0, 64, 128, 255, 255]]


def test_floating_values_have_no_table_but_the_formula():
    values = np.array([[0.0, 0.25, 0.5, 1.0, np.nan]], np.float32)
    window = Window(0.5, 1.0, "test")

    assert table_of(window, dtype=values.dtype) is None
    assert grey_of(values, window).tolist() == [[0, 64, 128, 255, 0]]


def test_the_same_drag_does_as_much_to_any_window():
    wide, narrow = Window(0, 4000, "a", "LINEAR"), Window(0, 40, "b", "LINEAR")

    one, other = (dragged(window, dx=50, dy=20, name="hand") for window in (wide, narrow))

    assert one.width / wide.width == pytest.approx(other.width / narrow.width)
    assert one.center / wide.width == pytest.approx(other.center / narrow.width)
    assert one.width > wide.width
    assert one.center > 0
    assert dragged(narrow, dx=-1e5, dy=0, name="hand").width == 1


def test_big_16_bit_pictures_are_shown_as_small_ones_are():
    values = np.random.default_rng(1).integers(0, 65535, (600, 600), dtype=np.uint16)
    window = Window(20_000.5, 30_001, "test")

    assert np.array_equal(shown(values, window), grey_of(values, window))


def test_percentiles_leave_padding_and_what_is_no_number_out():
    values = np.full((100, 100), -2000, np.int16)
    values[20:80, 20:80] = np.arange(3600).reshape(60, 60) % 101

    window = percentile_window(values, padding=(-2000, -2000), curve="LINEAR")

    assert window.center - window.width / 2 == pytest.approx(1, abs=1)
    assert window.center + window.width / 2 == pytest.approx(99, abs=1)
    assert window.curve == "LINEAR"
    whole = full_window(values, padding=(-2000, -2000))
    assert (whole.center, whole.width) == (50, 100)
    nothing = np.full((4, 4), np.nan, np.float32)
    assert full_window(nothing).width > 0
    assert percentile_window(nothing).width > 0


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32])
def test_levels_halve_by_the_mean_and_keep_their_type(dtype):
    values = np.random.default_rng(2).integers(0, 200, (1500, 1100)).astype(dtype)

    levels = pyramid(values)

    assert levels[0] is values
    assert [level.shape for level in levels] == [(1500, 1100), (750, 550)]
    assert all(level.dtype == dtype for level in levels)
    mean = values.astype(np.float64).reshape(750, 2, 550, 2).mean((1, 3))
    assert np.abs(levels[1] - mean).max() <= 0.51


def test_a_grey_picture_keeps_one_channel_of_memory():
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)

    colour = grey_to_rgb(grey)

    assert colour.shape == (3, 4, 3)
    assert np.shares_memory(colour, grey)
    assert np.shares_memory(single_channel(colour), grey)
    assert single_channel(np.repeat(grey[:, :, None], 3, axis=2)) is None
