"""Tiles cover a picture exactly and no portrait is left without one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.region import Region
from inspector_app.imaging.tiling import counts, tiles


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_tiles_cover_every_pixel_once(width, height):
    cut = tiles((width, height))

    rows, cols = counts((width, height))
    assert len(cut) == rows * cols
    assert sum(tile.area for tile in cut) == width * height
    covered = np.zeros((rows, cols), int)
    xs, ys = sorted({t.x0 for t in cut}), sorted({t.y0 for t in cut})
    for tile in cut:
        assert tile.clipped((width, height)) == tile
        covered[ys.index(tile.y0), xs.index(tile.x0)] += 1
    assert (covered == 1).all()


@given(st.integers(1, 20000), st.integers(1, 20000))
def test_no_side_is_longer_than_wanted_and_sides_differ_by_one_pixel(width, height):
    rows, cols = counts((width, height))

    assert rows >= 1
    assert cols >= 1
    assert -(-width // cols) <= 1024
    assert -(-height // rows) <= 1024
    edges = [index * width // cols for index in range(cols + 1)]
    assert set(np.diff(edges)) <= {width // cols, width // cols + 1}


@given(st.integers(700, 9000), st.integers(700, 9000))
def test_tiles_are_about_square(width, height):
    for tile in tiles((width, height)):
        assert max(tile.size) <= 2 * min(tile.size) + 1


@pytest.mark.parametrize("size", [(900, 1000), (700, 1000), (1, 1), (1024, 1024), (200, 200)])
def test_a_picture_that_fits_is_one_tile(size):
    assert tiles(size) == (Region.whole(size),)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1000, 2048), (2, 1)),
        ((900, 9000), (9, 1)),
        ((2250, 1500), (2, 3)),
        ((1500, 2250), (3, 2)),
        ((4000, 3000), (3, 4)),
        ((1025, 1024), (2, 2)),
    ],
)
def test_portraits_have_as_many_tiles_as_landscapes(size, expected):
    assert counts(size) == expected
