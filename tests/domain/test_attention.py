"""Grids over the frame, rows and maps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.attention import AttentionMap, AttentionRows, TokenGrid
from inspector_app.domain.region import Region

GRID = TokenGrid(rows=2, cols=4, x0=10, y0=20, x1=90, y1=60)


def test_a_cell_is_its_share_of_the_box():
    assert GRID.cell == (20, 20)
    assert GRID.tokens == 8


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0, 0.999), st.floats(0, 0.999))
def test_the_cell_over_a_point_holds_the_point(rows, cols, u, v):
    grid = TokenGrid(rows, cols, -7.5, 3.25, 812.0, 91.0)
    x, y = -7.5 + u * 819.5, 3.25 + v * 87.75

    place = grid.cell_at(x, y)

    assert place is not None
    width, height = grid.cell
    assert -1e-6 <= x - (-7.5 + place[1] * width) <= width + 1e-6
    assert -1e-6 <= y - (3.25 + place[0] * height) <= height + 1e-6


@pytest.mark.parametrize("point", [(9.9, 30), (90, 30), (50, 19.9), (50, 60)])
def test_no_cell_lies_over_a_point_outside(point):
    assert GRID.cell_at(*point) is None


def test_what_a_grid_has_seen_is_what_lies_inside_grid_and_frame():
    assert GRID.seen((80, 50)) == Region(10, 20, 80, 50)
    assert TokenGrid(1, 1, -5, -5, 7.5, 200).seen((20, 30)) == Region(0, 0, 7, 30)
    assert TokenGrid(1, 1, 30, 0, 40, 10).seen((20, 30)) is None


@pytest.mark.parametrize(
    "broken", [(0, 1, 0, 0, 1, 1), (1, 0, 0, 0, 1, 1), (1, 1, 0, 0, 0, 1), (1, 1, 0, 5, 1, 4)]
)
def test_a_grid_without_cells_or_area_cannot_be_built(broken):
    with pytest.raises(ValueError, match="a grid needs"):
        TokenGrid(*broken)


def test_a_grid_with_an_edge_that_is_not_a_number_cannot_be_built():
    with pytest.raises(ValueError, match="area"):
        TokenGrid(1, 1, float("nan"), 0, 1, 1)


def test_the_mean_map_takes_the_view_and_layer_it_was_asked_for():
    small = TokenGrid(1, 2, 0, 0, 10, 5)
    values = np.zeros((2, 2, 10), np.float32)
    values[1, 0, 8:], values[1, 1, 8:] = [1, 2], [3, 6]
    rows = AttentionRows(values, layers=(4, 7), grids=(GRID, small))

    assert rows.mean_map(layer=7, view=1).tolist() == [[2, 4]]
    assert rows.mean_map(layer=7, view=0).shape == (2, 4)
    with pytest.raises(ValueError, match="not in"):
        rows.mean_map(layer=5)


def test_rows_must_fit_their_layers_and_grids():
    with pytest.raises(ValueError, match="per layer"):
        AttentionRows(np.zeros((1, 2, 8), np.float32), layers=(1, 2), grids=(GRID,))
    with pytest.raises(ValueError, match="per picture token"):
        AttentionRows(np.zeros((1, 2, 9), np.float32), layers=(1,), grids=(GRID,))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_a_map_with_a_value_that_means_nothing_cannot_be_built(bad):
    values = np.ones((2, 4), np.float32)
    values[1, 2] = bad

    with pytest.raises(ValueError, match="finite"):
        AttentionMap(values, GRID, "test")


def test_a_map_must_fit_its_grid_and_cannot_be_written():
    with pytest.raises(ValueError, match="fit"):
        AttentionMap(np.ones((4, 2), np.float32), GRID, "test")
    with pytest.raises(ValueError, match="read-only"):
        AttentionMap(np.ones((2, 4), np.float32), GRID, "test").values[0, 0] = 3


@pytest.mark.parametrize(("peak", "flat"), [(0.0, True), (1.0, False)])
def test_a_map_without_a_peak_is_flat(peak, flat):
    for ground in (0.0, 1e-9, 3.0):
        values = np.full((2, 4), ground, np.float32)
        values[0, 1] += peak

        assert AttentionMap(values, GRID, "test").is_flat is flat


def test_another_layer_is_found_by_its_number():
    layers = np.stack([np.zeros((2, 4), np.float32), np.ones((2, 4), np.float32)])
    looked = AttentionMap(layers[1], GRID, "test", layer=9, layers=layers, layer_numbers=(3, 9))

    assert looked.at_layer(3).max() == 0
    assert looked.at_layer(9).min() == 1
    with pytest.raises(ValueError, match="layer 4"):
        looked.at_layer(4)
