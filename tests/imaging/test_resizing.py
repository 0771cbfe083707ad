"""Sizes, shapes and untouched pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.imaging.resizing import enlarged, fitted, resized, shrunk, thumbnail


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 1000))
def test_a_fitted_size_has_its_longest_side_as_asked_and_no_side_of_nothing(w, h, longest):
    fit = fitted((w, h), longest=longest)

    assert max(fit) == longest
    assert min(fit) >= 1


def test_pictures_that_are_large_or_small_enough_stay_as_they_are():
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)

    assert shrunk(pixels, longest=40) is pixels
    assert enlarged(pixels, longest=40) is pixels
    assert shrunk(pixels, longest=20).shape == (15, 20, 3)
    assert enlarged(pixels, longest=80).shape == (60, 80, 3)


def test_shrinking_averages_instead_of_dropping_pixels():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255

    small = resized(stripes, size=(8, 8))

    assert np.abs(small[:, 1:-1].astype(int) - 128).max() <= 5


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (300, 400)])
def test_a_thumbnail_fits_and_is_never_empty(shape):
    small = thumbnail(np.zeros((*shape, 3), np.uint8), longest=96)

    assert max(small.shape[:2]) <= 96
    assert min(small.shape[:2]) >= 1
    assert small.dtype == np.uint8


def test_grey_that_lies_once_in_memory_is_resized_as_if_it_lay_there_three_times():
    grey = np.random.default_rng(1).integers(0, 256, (301, 407), dtype=np.uint8)
    once = np.broadcast_to(grey[:, :, None], (*grey.shape, 3))
    thrice = np.ascontiguousarray(once)

    assert np.array_equal(resized(once, size=(90, 70)), resized(thrice, size=(90, 70)))
    assert np.array_equal(thumbnail(once, longest=50), thumbnail(thrice, longest=50))
