"""Heat and boxes: where they lie, to the pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.overlays import (
    COLOUR_MAPS,
    Mark,
    annotate,
    blended,
    colour_table,
    enlarged_part,
    heat_over,
    heat_rgba,
)

GREY = np.full((120, 200, 3), 128, np.uint8)


def looked(values, grid) -> AttentionMap:
    return AttentionMap(np.asarray(values, np.float32), grid, "test")


@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_a_colour_map_grows_lighter_all_the_way(name):
    table = colour_table(name).astype(float)

    lightness = table @ [0.2126, 0.7152, 0.0722]
    assert table.shape == (256, 3)
    assert (np.diff(lightness) >= -0.75).all()
    assert lightness[-1] - lightness[0] > 100


def test_viridis_runs_from_purple_to_yellow_as_published():
    table = colour_table("viridis")

    assert table[0].tolist() == [68, 1, 84]
    assert np.abs(table[255].astype(int) - [253, 231, 37]).max() <= 1


def test_an_unknown_colour_map_is_refused():
    with pytest.raises(ValueError, match="rainbow"):
        heat_rgba(np.ones((2, 2), np.float32), size=(4, 4), colour_map="rainbow")


def test_the_honest_grid_gives_every_pixel_the_colour_of_its_cell():
    values = np.array([[0, 1], [2, 3]], np.float32)

    rgba = heat_rgba(values, size=(6, 4), smooth=False)

    table = colour_table("viridis")
    assert rgba.shape == (4, 6, 4)
    assert rgba[0, 0].tolist() == [*table[0], 0]
    assert (rgba[:2, 3:, :3] == table[85]).all()
    assert (rgba[2:, 3:] == [*table[255], 255]).all()


def test_smooth_heat_passes_through_the_value_at_the_middle_of_each_cell():
    values = np.random.default_rng(0).random((5, 7)).astype(np.float32)

    # Nine pixels a cell: the fifth lies on its middle.
    smooth = heat_rgba(values, size=(63, 45))
    honest = heat_rgba(values, size=(63, 45), smooth=False)

    assert (smooth[4::9, 4::9] == honest[4::9, 4::9]).all()


def test_smooth_heat_of_a_mirrored_map_is_the_mirrored_heat():
    values = np.random.default_rng(1).random((6, 6)).astype(np.float32)

    plain = heat_rgba(values, size=(100, 80))

    assert (heat_rgba(values[:, ::-1], size=(100, 80)) == plain[:, ::-1]).mean() > 0.999
    assert (heat_rgba(values[::-1], size=(100, 80)) == plain[::-1]).mean() > 0.999


@pytest.mark.parametrize("level", [0.0, 3.0])
def test_a_flat_map_is_transparent(level):
    assert not heat_rgba(np.full((4, 4), level, np.float32), size=(20, 20))[:, :, 3].any()


def test_low_heat_fades_and_opacity_is_that_of_the_peak():
    ramp = np.linspace(0, 1, 11, dtype=np.float32)[None]

    alpha = heat_rgba(ramp, size=(11, 1), smooth=False, opacity=0.5)[0, :, 3].astype(int)

    assert alpha[0] == 0
    assert alpha[-1] == 128
    assert (np.diff(alpha) >= 0).all()


def test_a_map_of_one_cell_and_a_picture_of_one_pixel_do_no_harm():
    assert heat_rgba(np.ones((1, 1), np.float32), size=(3, 2)).shape == (2, 3, 4)
    assert heat_rgba(np.eye(4, dtype=np.float32), size=(1, 1)).shape == (1, 1, 4)


@pytest.mark.parametrize(
    "grid",
    [TokenGrid(3, 4, 40, 0, 160, 120), TokenGrid(3, 4, 0, -40, 200, 160)],
    ids=["smaller", "larger"],
)
@pytest.mark.parametrize("smooth", [True, False])
def test_heat_lies_where_the_grid_lies(grid, smooth):
    values = np.zeros((3, 4), np.float32)
    values[1, 2] = 1

    rgba = heat_over(looked(values, grid), region=Region(0, 0, 200, 120), size=(200, 120),
                     smooth=smooth)  # fmt: skip

    alpha = rgba[:, :, 3]
    width, height = grid.cell
    x, y = grid.x0 + 2.5 * width, grid.y0 + 1.5 * height
    rows, cols = np.nonzero(alpha == alpha.max())
    assert cols.mean() + 0.5 == pytest.approx(x, abs=0.01)
    assert rows.mean() + 0.5 == pytest.approx(y, abs=0.01)
    if not smooth:
        assert abs((alpha > 0).sum() - width * height) <= max(width, height)


def test_there_is_no_heat_outside_the_grid():
    grid = TokenGrid(2, 2, 40, 20, 160, 100)
    hot = looked([[3, 3], [3, 0]], grid)

    alpha = heat_over(hot, region=Region(0, 0, 200, 120), size=(200, 120), smooth=False)[:, :, 3]

    assert not alpha[:20].any()
    assert not alpha[100:].any()
    assert not alpha[:, :40].any()
    assert not alpha[:, 160:].any()
    assert (alpha[20:60, 40:160] == 255).all()


@given(st.integers(0, 150), st.integers(0, 80))
def test_a_part_of_the_heat_is_the_heat_of_the_part(x, y):
    values = np.random.default_rng(2).random((6, 10)).astype(np.float32)
    hot = looked(values, TokenGrid(6, 10, 10, 5, 190, 115))

    whole = heat_over(hot, region=Region(0, 0, 200, 120), size=(200, 120))
    part = heat_over(hot, region=Region(x, y, x + 50, y + 40), size=(50, 40))

    assert np.abs(whole[y : y + 40, x : x + 50].astype(int) - part).max() <= 1


def test_blending_is_a_weighted_mean():
    over = np.zeros((120, 200, 4), np.uint8)
    over[:, :, 0], over[:, :, 3] = 255, 51

    mixed = blended(GREY, over)

    assert mixed[0, 0].tolist() == [round(128 * 0.8 + 255 * 0.2), 102, 102]
    assert (blended(GREY, over * np.array([1, 1, 1, 0], np.uint8)) == GREY).all()


@pytest.mark.parametrize("is_solid", [True, False])
def test_a_box_leaves_the_pixels_it_holds_alone(is_solid):
    region = Region(60, 40, 120, 90)

    drawn = annotate(GREY, [Mark(region, "A", is_solid=is_solid)])

    changed = np.argwhere((drawn != GREY).any(axis=2))
    assert (drawn[42:88, 62:118] == 128).all()
    assert changed[:, 0].min() >= 40 - 30
    assert (drawn[36:41, 60:120] != 128).any()
    assert (GREY == 128).all()


def test_a_box_drawn_on_a_smaller_copy_stands_at_the_same_place():
    drawn = annotate(GREY, [Mark(Region(600, 400, 1200, 900))], frame_size=(2000, 1200))

    changed = np.argwhere((drawn != GREY).any(axis=2))
    assert np.abs(changed.min(axis=0) - [40, 60]).max() <= 3
    assert np.abs(changed.max(axis=0) - [89, 119]).max() <= 3


@pytest.mark.parametrize(
    "region", [Region(0, 0, 200, 120), Region(0, 0, 1, 1), Region(199, 119, 200, 120)]
)
def test_boxes_at_the_edge_are_seen_and_their_letters_too(region):
    drawn = annotate(
        GREY, [Mark(region, "B")], heat=looked(np.eye(3), TokenGrid(3, 3, 0, 0, 200, 120))
    )

    assert drawn.shape == GREY.shape
    assert ((drawn == [255, 196, 0]).all(axis=2)).sum() > 20


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1)])
def test_the_smallest_pictures_can_be_drawn_on(shape):
    tiny = np.zeros((*shape, 3), np.uint8)

    drawn = annotate(tiny, [Mark(Region(0, 0, shape[1], shape[0]), "A")])

    assert drawn.shape == tiny.shape


def test_an_enlarged_part_shows_its_region():
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[20:40, 50:60] = 200

    part = enlarged_part(pixels, Region(50, 20, 60, 40), longest=200)

    assert part.shape == (200, 100, 3)
    assert (part == 200).all()
