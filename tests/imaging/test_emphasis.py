"""Which cells get more attention: by hand on small grids."""

import numpy as np
import pytest

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.emphasis import factors_by_map, factors_by_regions

GRID = TokenGrid(3, 4, 0.0, 0.0, 40.0, 30.0)


def test_cells_that_a_region_covers_by_half_are_raised():
    # Columns 0 and 1 whole, column 2 by half; row 0 whole, row 1 by four tenths.
    factors = factors_by_regions(GRID, [Region(0, 0, 25, 14)], factor=1.8)
    wanted = np.ones((3, 4), np.float32)
    wanted[0, :3] = 1.8
    assert np.array_equal(factors, wanted)


def test_a_region_smaller_than_a_cell_raises_the_one_it_lies_in():
    factors = factors_by_regions(GRID, [Region(28, 11, 33, 13)], factor=2.0)
    assert np.argwhere(factors > 1).tolist() == [[1, 3]]


def test_several_regions_do_not_add_up():
    both = [Region(0, 0, 20, 20), Region(10, 10, 30, 30)]
    factors = factors_by_regions(GRID, both, factor=1.5)
    assert set(np.unique(factors)) == {1.0, 1.5}
    assert (factors > 1).sum() == 4 + 4 - 1


def test_a_region_outside_the_grid_raises_nothing():
    part = TokenGrid(2, 2, 10.0, 10.0, 20.0, 20.0)
    assert (factors_by_regions(part, [Region(30, 0, 40, 9)], factor=2.0) == 1).all()


def test_by_the_map_the_logarithm_follows_it():
    values = np.array([[0, 1], [2, 4]], np.float32)
    grid = TokenGrid(2, 2, 0.0, 0.0, 8.0, 8.0)
    factors = factors_by_map(grid, AttentionMap(values, grid, "x"), factor=1.8)
    assert np.log(factors) == pytest.approx(np.log(1.8) * values / 4)


def test_a_finer_map_is_averaged_over_each_cell():
    fine = TokenGrid(4, 4, 0.0, 0.0, 8.0, 8.0)
    coarse = TokenGrid(2, 2, 0.0, 0.0, 8.0, 8.0)
    values = np.zeros((4, 4), np.float32)
    values[:2, :2] = 4
    values[2:, 2:] = [[4, 0], [0, 4]]
    factors = factors_by_map(coarse, AttentionMap(values, fine, "x"), factor=2.0)
    assert factors == pytest.approx(np.array([[2, 1], [1, 2**0.5]]))


def test_a_flat_map_raises_nothing():
    flat = AttentionMap(np.full((2, 2), 3, np.float32), TokenGrid(2, 2, 0, 0, 4, 4), "x")
    assert (factors_by_map(GRID, flat, factor=2.0) == 1).all()
