"""Ratios, masks and sinks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.attention import TokenGrid
from inspector_app.imaging.maps import clean, high_pass_mask, relative, without_sinks
from inspector_app.imaging.resizing import under_grid

RNG = np.random.default_rng(7)


@given(st.integers(0, 1000))
def test_a_healthy_ratio_is_the_plain_division(seed):
    rng = np.random.default_rng(seed)
    asked = rng.random((24, 24)).astype(np.float32) / 576
    neutral = (rng.random((24, 24)) + 0.01).astype(np.float32) / 576

    assert relative(asked, neutral) == pytest.approx(asked / neutral, rel=1e-5)


def test_a_tiny_neutral_value_counts_as_a_thousandth_of_the_median():
    asked = np.ones((3, 3), np.float32)
    neutral = np.full((3, 3), 2.0, np.float32)
    neutral[1, 1] = 1e-9

    ratio = relative(asked, neutral)

    assert ratio[1, 1] == pytest.approx(1 / (1e-3 * 2.0))
    assert ratio[0, 0] == 0.5


def test_a_neutral_value_flushed_to_zero_counts_as_the_median():
    asked = np.full((3, 3), 6.0, np.float32)
    neutral = np.full((3, 3), 2.0, np.float32)
    neutral[1, 1] = 0

    assert relative(asked, neutral)[1, 1] == 3


@pytest.mark.parametrize("nothing", [0.0, np.nan, np.inf, -1.0])
def test_a_neutral_map_with_nothing_in_it_keeps_the_order_of_places(nothing):
    asked = RNG.random((5, 7)).astype(np.float32)

    ratio = relative(asked, np.full((5, 7), nothing))

    assert np.isfinite(ratio).all()
    assert (np.argsort(ratio.ravel()) == np.argsort(asked.ravel())).all()


def test_a_cell_that_is_not_a_number_does_not_win():
    asked, neutral = np.ones((4, 4), np.float32), np.ones((4, 4), np.float32)
    asked[0, 0], neutral[0, 1], neutral[0, 2] = np.nan, np.nan, np.inf
    asked[2, 3] = 5

    ratio = relative(asked, neutral)

    assert np.isfinite(ratio).all()
    assert np.unravel_index(ratio.argmax(), ratio.shape) == (2, 3)


def test_the_smallest_numbers_of_half_precision_do_not_overflow():
    asked = np.full((2, 2), 6e-8, np.float16)
    asked[0, 0] = 1

    assert np.isfinite(relative(asked, np.full((2, 2), 6e-8, np.float16))).all()
    assert np.isfinite(relative(asked, np.full((2, 2), 1e-40, np.float32))).all()


def test_layers_are_divided_one_by_one():
    asked, neutral = RNG.random((3, 4, 4)) + 0.1, RNG.random((3, 4, 4)) + 0.1

    together = relative(asked, neutral)

    for index in range(3):
        assert (together[index] == relative(asked[index], neutral[index])).all()


def test_cleaning_leaves_good_values_alone():
    values = np.array([[1.5, np.nan, np.inf, -np.inf, -1, 0]], np.float64)

    assert clean(values).tolist() == [[1.5, 0, 0, 0, 0, 0]]


def full(size, rows, cols):
    return TokenGrid(rows, cols, 0, 0, size[0], size[1])


def test_the_mask_is_that_of_the_plain_definition():
    pixels = RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    pixels[:, :25] = 90

    mask = high_pass_mask(pixels, grid=full((50, 40), 40, 50))

    one = np.exp(-((np.arange(-1, 2) / 0.8) ** 2) / 2)
    kernel = np.outer(one, one) / np.outer(one, one).sum()
    wide = np.pad(pixels.astype(float), ((1, 1), (1, 1), (0, 0)), mode="reflect")
    blurred = sum(kernel[i, j] * wide[i : i + 40, j : j + 50] for i in range(3) for j in range(3))
    size = np.sqrt(((pixels - blurred) ** 2).sum(axis=2))
    around = np.pad(size, 3, mode="reflect")
    smooth = np.array(
        [[np.median(around[y : y + 7, x : x + 7]) for x in range(50)] for y in range(40)]
    )
    wanted = smooth > np.median(smooth)
    # Values within float rounding of the threshold may fall either way.
    sure = np.abs(smooth - np.median(smooth)) > 1e-3
    assert (mask == wanted)[sure].all()
    assert sure.mean() > 0.4


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_picture_masks_nothing(level):
    assert high_pass_mask(np.full((30, 30, 3), level, np.uint8), grid=full((30, 30), 28, 28)).all()


def test_texture_is_kept_where_it_lies_under_the_grid():
    pixels = np.full((200, 400, 3), 100, np.uint8)
    pixels[120:160, 300:340] = RNG.integers(0, 256, (40, 40, 3))
    middle_square = TokenGrid(100, 100, 100, 0, 300, 200)
    right_square = TokenGrid(100, 100, 200, 0, 400, 200)

    mask = high_pass_mask(pixels, grid=right_square)

    rows, cols = np.nonzero(mask)
    assert 57 <= rows.min() <= 61
    assert 78 <= rows.max() <= 82
    assert 47 <= cols.min() <= 51
    assert 68 <= cols.max() <= 72
    assert high_pass_mask(pixels, grid=middle_square).all()


def test_cells_off_the_picture_are_masked_and_take_the_nearest_colour():
    pixels = RNG.integers(0, 256, (20, 40, 3), dtype=np.uint8)
    padded = TokenGrid(40, 40, 0, -10, 40, 30)

    seen, inside = under_grid(pixels, grid=padded)

    assert inside.sum() == 20 * 40
    assert (seen[10:30] == pixels).all()
    assert (seen[:10] == pixels[:1]).all()
    assert not high_pass_mask(pixels, grid=padded)[:10].any()


def test_what_lies_under_a_cell_is_its_mean():
    pixels = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)

    seen, _ = under_grid(pixels, grid=TokenGrid(4, 5, 10, 0, 60, 40))

    wanted = pixels[:, 10:].reshape(4, 10, 5, 10, 3).mean(axis=(1, 3))
    assert np.abs(seen - wanted).max() <= 1.01  # rounded once per direction


def test_a_grid_that_lies_beside_the_picture_sees_nothing():
    seen, inside = under_grid(np.zeros((10, 10, 3), np.uint8), grid=TokenGrid(3, 3, 50, 50, 80, 80))

    assert seen.shape == (3, 3, 3)
    assert not inside.any()


def test_a_sink_takes_the_level_around_it():
    values = np.ones((6, 6), np.float32)
    values[2, 2], values[:, 5] = 4, 50
    neutral = np.ones((6, 6), np.float32)
    neutral[:, 5] = 40

    quiet = without_sinks(values, neutral=neutral)

    assert quiet[:, 5].tolist() == [1] * 6
    assert quiet.argmax() == 2 * 6 + 2
    assert (without_sinks(values, neutral=np.ones((6, 6), np.float32)) == values).all()
