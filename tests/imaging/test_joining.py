"""Maps from one grid to another, against counting by hand and pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.joining import block_mean, frame_grid, join_maps, resampled
from inspector_app.imaging.tiling import tiles


def painted(values, grid: TokenGrid, size):
    """Every pixel gets the value of its cell; NaN where no cell lies."""
    canvas = np.full((size[1], size[0]), np.nan)
    for y in range(size[1]):
        for x in range(size[0]):
            place = grid.cell_at(x + 0.5, y + 0.5)
            if place is not None:
                canvas[y, x] = values[place]
    return canvas


def test_equal_tiles_are_put_side_by_side():
    left, right = np.array([[1, 2], [3, 4]], np.float32), np.array([[5, 6], [7, 8]], np.float32)
    grids = [TokenGrid(2, 2, 0, 0, 10, 10), TokenGrid(2, 2, 10, 0, 20, 10)]

    onto = frame_grid((20, 10), grids=grids)
    joined = join_maps([left, right], grids, onto=onto)

    assert (onto.rows, onto.cols) == (2, 4)
    assert joined.tolist() == [[1, 2, 5, 6], [3, 4, 7, 8]]


def test_what_no_tile_has_seen_is_zero():
    middle = TokenGrid(1, 1, 4, 0, 6, 4)

    joined = join_maps(
        [np.full((1, 1), 3, np.float32)], [middle], onto=TokenGrid(1, 5, 0, 0, 10, 4)
    )

    assert joined.tolist() == [[0, 0, 3, 0, 0]]


def test_padding_of_one_tile_does_not_leak_into_its_neighbour():
    # The left grid reaches 5 pixels beyond its tile, with a hot cell there.
    grids = [TokenGrid(1, 3, 0, 0, 15, 10), TokenGrid(1, 2, 10, 0, 20, 10)]
    maps = [np.array([[1, 1, 99]], np.float32), np.array([[2, 2]], np.float32)]
    cut = [Region(0, 0, 10, 10), Region(10, 0, 20, 10)]

    joined = join_maps(maps, grids, onto=TokenGrid(1, 4, 0, 0, 20, 10), tiles=cut)

    assert joined.tolist() == [[1, 1, 2, 2]]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 7), st.integers(1, 7), st.data())
def test_resampling_means_over_the_pixels_of_each_target_cell(rows, cols, down, across, data):
    width, height = cols * across * 2, rows * down * 2
    seed = data.draw(st.integers(0, 99))
    values = np.random.default_rng(seed).random((rows, cols)).astype(np.float32)
    grid = TokenGrid(rows, cols, 0, 0, width, height)
    onto = TokenGrid(down, across, 0, 0, width, height)

    got = resampled(values, grid=grid, onto=onto)

    pixels = painted(values, grid, (width, height))
    wanted = pixels.reshape(down, height // down, across, width // across).mean(axis=(1, 3))
    assert got == pytest.approx(wanted, rel=1e-5)


def test_a_grid_over_the_middle_is_laid_where_it_is():
    grid = TokenGrid(2, 2, 5, 5, 15, 15)
    values = np.array([[1, 2], [3, 4]], np.float32)

    got = resampled(values, grid=grid, onto=TokenGrid(20, 20, 0, 0, 20, 20))

    wanted = np.nan_to_num(painted(values, grid, (20, 20)))
    assert (got == wanted).all()


@pytest.mark.parametrize("size", [(1000, 2048), (2250, 1500), (9000, 200), (3000, 4000)])
def test_the_sum_over_area_is_kept_for_tiles_that_cover_all(size):
    cut = tiles(size)
    grids = [TokenGrid(10, 10, t.x0, t.y0, t.x1, t.y1) for t in cut]
    rng = np.random.default_rng(5)
    maps = [rng.random((10, 10)).astype(np.float32) for _ in cut]

    onto = frame_grid(size, grids=grids)
    joined = join_maps(maps, grids, onto=onto, tiles=cut)

    before = sum(float(m.mean()) * t.area for m, t in zip(maps, cut, strict=True))
    assert float(joined.mean()) * size[0] * size[1] == pytest.approx(before, rel=1e-4)


def test_blocks_of_a_fine_map_are_averaged():
    fine = np.arange(28 * 42, dtype=np.float32).reshape(28, 42)

    assert block_mean(fine, rows=2, cols=3) == pytest.approx(
        fine.reshape(2, 14, 3, 14).mean(axis=(1, 3))
    )
