"""The window search against a search by brute force, and planted peaks in many pictures."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.joining import frame_grid, join_maps
from inspector_app.imaging.search import (
    ATTENTION,
    PUBLISHED_RATIOS,
    WindowSearch,
    find_windows,
    published_window,
    window_sides,
    window_sums,
)
from inspector_app.imaging.tiling import tiles

SIZES = [
    (512, 512), (640, 480), (480, 640), (1024, 768), (768, 1024), (900, 1000), (700, 1000),
    (1000, 2048), (2250, 1500), (1500, 2250), (200, 200), (200, 300), (300, 200), (160, 900),
    (9000, 9000), (9000, 1200), (1200, 9000), (6000, 4000), (3840, 2160), (4000, 3000),
]  # fmt: skip


def over(size, rows, cols) -> TokenGrid:
    return TokenGrid(rows, cols, 0, 0, size[0], size[1])


def planted(rows, cols, *, row, col, seed=0):
    """Noise between 1 and 2 with one hot cell."""
    values = 1 + np.random.default_rng(seed).random((rows, cols)).astype(np.float32)
    values[row, col] = 40
    return values


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_window_sums_are_those_of_adding_up(height, width, data):
    rows, cols = data.draw(st.integers(1, height)), data.draw(st.integers(1, width))
    values = np.random.default_rng(data.draw(st.integers(0, 99))).random((height, width))

    sums = window_sums(values, rows=rows, cols=cols)

    assert sums.shape == (height - rows + 1, width - cols + 1)
    for y, x in itertools.product(*map(range, sums.shape)):
        assert sums[y, x] == pytest.approx(values[y : y + rows, x : x + cols].sum())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cells", [(10, 10), (24, 24), (16, 16)])
def test_a_planted_peak_is_inside_the_box(size, cells):
    rows, cols = cells
    for number, (u, v) in enumerate([(0, 0), (0.5, 0.4), (1, 1), (0, 1), (0.9, 0.2), (1, 0)]):
        row, col = round(v * (rows - 1)), round(u * (cols - 1))
        grid = over(size, rows, cols)

        (found,) = find_windows(
            planted(rows, cols, row=row, col=col, seed=number),
            grid=grid, size=size, input_side=140,
        )  # fmt: skip

        peak = Region(
            round(col * grid.cell[0]), round(row * grid.cell[1]),
            round((col + 1) * grid.cell[0]), round((row + 1) * grid.cell[1]),
        )  # fmt: skip
        common = found.region.intersection(peak)
        assert found.region.clipped(size) == found.region
        assert common is not None
        assert common.area >= 0.97 * peak.area
        assert found.region != Region.whole(size)


@pytest.mark.parametrize("size", [(9000, 9000), (9000, 1200), (1200, 9000), (900, 9000)])
def test_a_peak_in_one_tile_of_a_large_picture_is_inside_the_box(size):
    cut = tiles(size)
    grids = [TokenGrid(10, 10, t.x0, t.y0, t.x1, t.y1) for t in cut]
    hot = len(cut) // 2 + 1
    maps = [
        1 + np.random.default_rng(i).random((10, 10)).astype(np.float32) for i in range(len(cut))
    ]
    maps[hot][3, 7] = 60
    onto = frame_grid(size, grids=grids)

    (found,) = find_windows(
        join_maps(maps, grids, onto=onto, tiles=cut), grid=onto, size=size, input_side=140
    )

    assert found.region.covers(cut[hot].x0 + 7.5 * grids[hot].cell[0],
                               cut[hot].y0 + 3.5 * grids[hot].cell[1])  # fmt: skip


@given(st.integers(2, 12), st.integers(2, 12), st.integers(0, 300), st.floats(0, 2))
def test_the_best_window_is_that_of_a_search_by_brute_force(rows, cols, seed, reluctance):
    size = (cols * 37, rows * 41)
    values = np.random.default_rng(seed).random((rows, cols)).astype(np.float32) ** 3
    how = WindowSearch(reluctance=reluctance, power=1.0, faint=0, margin=0, background=0.5)
    grid = over(size, rows, cols)

    found = find_windows(values, grid=grid, size=size, input_side=30, how=how)

    sides = window_sides(grid=grid, size=size, input_side=30, how=how)
    above = np.maximum(values.astype(float) - np.quantile(values.astype(float), 0.5), 0)
    above /= above.sum()
    best, best_held = -1.0, 0.0
    for side in sides:
        down = min(rows, max(1, int(side / 41 + 1e-9)))
        across = min(cols, max(1, int(side / 37 + 1e-9)))
        held = max(
            above[y : y + down, x : x + across].sum()
            for y in range(rows - down + 1)
            for x in range(cols - across + 1)
        )
        if held / (side / sides[0]) ** reluctance > best + 1e-12:
            best, best_held = held / (side / sides[0]) ** reluctance, held
    assert bool(found) == bool(sides)
    if found:
        assert found[0].held == pytest.approx(best_held, rel=1e-6)


def broad(size, rows, cols, *, box):
    grid = over(size, rows, cols)
    values = np.ones((rows, cols), np.float32)
    for row, col in itertools.product(range(rows), range(cols)):
        x, y = (col + 0.5) * grid.cell[0], (row + 0.5) * grid.cell[1]
        if box[0] <= x < box[2] and box[1] <= y < box[3]:
            values[row, col] = 10
    return values, grid


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7])
def test_a_window_grows_to_the_size_of_what_it_shows(share):
    side = 1000 * share
    box = (100, 150, 100 + side, 150 + side)
    values, grid = broad((1000, 1000), 20, 20, box=box)

    (found,) = find_windows(values, grid=grid, size=(1000, 1000), input_side=140)

    target = Region(*map(round, box))
    common = found.region.intersection(target)
    assert common is not None
    assert common.area >= 0.9 * target.area
    assert found.region.width <= max(260, 1.7 * side)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -5.0])
def test_a_value_that_means_nothing_does_not_draw_the_window(bad):
    values = planted(12, 12, row=9, col=8)
    values[0, 0] = values[1, 11] = bad

    (found,) = find_windows(values, grid=over((600, 600), 12, 12), size=(600, 600), input_side=100)

    assert found.region.covers(8.5 * 50, 9.5 * 50)


@pytest.mark.parametrize("level", [0.0, 1.0, 3e-9, np.nan, np.inf])
def test_a_flat_map_gives_no_window_instead_of_a_corner(level):
    values = np.full((10, 10), level, np.float32)

    assert find_windows(values, grid=over((500, 500), 10, 10), size=(500, 500), input_side=99) == ()


@pytest.mark.parametrize("size", [(140, 140), (139, 90), (1, 1), (3, 140)])
def test_a_picture_no_larger_than_the_model_takes_gets_no_window(size):
    values = planted(10, 10, row=2, col=2)

    assert find_windows(values, grid=over(size, 10, 10), size=size, input_side=140) == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_map_that_is_even_but_for_noise_gives_no_window_where_a_peak_is_asked_for(seed):
    values = 1 + 0.05 * np.random.default_rng(seed).random((10, 10)).astype(np.float32)
    grid, size = over((800, 600), 10, 10), (800, 600)

    how = WindowSearch(least_peak=1.5)

    assert find_windows(values, grid=grid, size=size, input_side=140, how=how) == ()
    assert len(find_windows(values, grid=grid, size=size, input_side=140)) == 1


def test_no_box_is_nearly_all_of_the_picture():
    values, grid = broad((150, 150), 10, 10, box=(5, 5, 140, 140))

    found = find_windows(values, grid=grid, size=(150, 150), input_side=140)

    assert all(window.region.area <= 0.77 * 150 * 150 for window in found)


def test_the_box_lands_where_a_smaller_grid_really_lies():
    # The processor has cut the sides off: the grid covers the middle square only.
    grid = TokenGrid(10, 10, 300, 0, 900, 600)

    (found,) = find_windows(
        planted(10, 10, row=4, col=0), grid=grid, size=(1200, 600), input_side=100
    )

    assert found.region.covers(330, 270)
    assert abs(found.region.center[0] - 330) <= 31


def test_attention_on_padding_is_no_place_in_the_picture():
    grid = TokenGrid(12, 12, 0, -300, 1200, 900)
    values = planted(12, 12, row=6, col=9)
    values[0, :] = values[11, :] = 500

    (found,) = find_windows(values, grid=grid, size=(1200, 600), input_side=100)

    assert found.region.covers(950, 350)
    assert found.region.clipped((1200, 600)) == found.region


def test_several_peaks_give_several_windows_that_do_not_meet():
    values = 1 + np.random.default_rng(0).random((20, 20)).astype(np.float32)
    for (row, col), height in zip(
        [(3, 3), (3, 16), (16, 10), (9, 9)], [60, 50, 40, 30], strict=True
    ):
        values[row, col] = height

    found = find_windows(values, grid=over((2000, 2000), 20, 20), size=(2000, 2000), input_side=140,
                         count=4)  # fmt: skip

    assert len(found) == 4
    for (row, col), window in zip([(3, 3), (3, 16), (16, 10), (9, 9)], found, strict=True):
        assert window.region.covers(col * 100 + 50, row * 100 + 50)
    for one, two in itertools.combinations(found, 2):
        assert one.region.intersection(two.region) is None


def test_one_peak_gives_one_window_however_many_are_asked_for():
    values = np.ones((20, 20), np.float32)
    values[5, 5] = 100

    found = find_windows(values, grid=over((2000, 2000), 20, 20), size=(2000, 2000), input_side=140,
                         count=4)  # fmt: skip

    assert len(found) == 1
    assert found[0].score > 1
    assert found[0].held == pytest.approx(1)


@given(st.integers(1, 14), st.integers(1, 14), st.integers(0, 500), st.integers(1, 4),
       st.tuples(st.integers(1, 3000), st.integers(1, 3000)), st.integers(1, 400))  # fmt: skip
def test_windows_are_always_inside_and_apart(rows, cols, seed, count, size, input_side):
    values = np.random.default_rng(seed).exponential(size=(rows, cols)).astype(np.float32)

    found = find_windows(values, grid=over(size, rows, cols), size=size, input_side=input_side,
                         count=count)  # fmt: skip

    assert len(found) <= count
    for window in found:
        assert window.region.clipped(size) == window.region
        assert isinstance(window.region.x0, int)
        assert window.region.width == window.region.height or min(window.region.size) == min(size)
        assert window.score > 0
    for one, two in itertools.combinations(found, 2):
        assert one.region.intersection(two.region) is None


def test_a_margin_widens_the_box_about_the_same_place():
    values, grid = planted(20, 20, row=10, col=10), over((2000, 2000), 20, 20)

    (plain, wide) = (
        find_windows(
            values, grid=grid, size=(2000, 2000), input_side=140,
            how=WindowSearch(margin=margin, reluctance=1.5),
        )[0]
        for margin in (0, 0.25)
    )  # fmt: skip

    assert wide.region.width == round(plain.region.width * 1.5)
    assert wide.region.center == pytest.approx(plain.region.center, abs=1)


@pytest.mark.parametrize(
    "broken", [{"growth": 1.0}, {"largest": 0.0}, {"largest": 1.0}, {"background": 1.0}]
)
def test_a_search_that_cannot_end_is_refused(broken):
    with pytest.raises(ValueError, match="window search"):
        WindowSearch(**broken)


def published_by_brute_force(values, size, side):
    """The authors' procedure, written out step by step."""
    rows, cols = values.shape
    width, height = size[0] / cols, size[1] / rows
    choices = []
    for ratio in PUBLISHED_RATIOS:
        across, down = min(int(side * ratio / width), cols), min(int(side * ratio / height), rows)
        if across == cols and down == rows:
            if ratio == 1:
                return None
            continue
        sums = {
            (x, y): values[y : y + down, x : x + across].sum(dtype=np.float64)
            for x in range(cols - across + 1)
            for y in range(rows - down + 1)
        }
        best = max(sums, key=lambda at: sums[at])
        beside = [(best[0] + dx, best[1] + dy) for dx, dy in [(-1, 0), (1, 0), (0, -1), (0, 1)]]
        around = np.mean([sums[at] for at in beside if at in sums])
        choices.append(((sums[best] - around) / (across * down), best, (across, down), ratio))
    _, best, (across, down), ratio = max(choices, key=lambda choice: choice[0])
    center = best[0] * width + across * width / 2, best[1] * height + down * height / 2
    return Region.square_at(center, side=round(side * ratio), within=size)


@given(st.integers(0, 1000), st.sampled_from([(640, 480), (480, 640), (1000, 1000), (350, 900)]))
def test_the_published_search_is_that_of_its_authors(seed, size):
    values = np.random.default_rng(seed).exponential(size=(24, 24)).astype(np.float32)

    assert published_window(values, size=size, side=100) == published_by_brute_force(
        values, size, 100
    )


def test_the_published_search_has_no_window_of_no_cells():
    values = planted(24, 24, row=20, col=17)

    found = published_window(values, size=(9000, 9000))

    assert found is not None
    assert found.covers(17.5 * 375, 20.5 * 375)


def test_the_published_search_takes_no_corner_of_a_flat_map_and_no_window_of_everything():
    assert published_window(np.ones((24, 24), np.float32), size=(2000, 2000)) is None
    assert published_window(planted(24, 24, row=2, col=2), size=(300, 300)) is None


@pytest.mark.parametrize(("peak", "windows"), [(1.5, 0), (2.7, 0), (4.7, 1), (50.0, 1)])
def test_an_attention_map_must_stand_out_three_times_to_be_followed(peak, windows):
    # A peak of p over n - 1 cells of 1 stands p * n / (n - 1 + p) times above the mean.
    cells = 20 * 20
    height = peak * (cells - 1) / (cells - peak)
    values = np.ones((20, 20), np.float32)
    values[12, 7] = height
    grid = TokenGrid(20, 20, 0, 0, 1000, 1000)

    found = find_windows(values, grid=grid, size=(1000, 1000), input_side=140, how=ATTENTION)

    assert values.max() / values.mean() == pytest.approx(peak, rel=1e-4)
    assert len(found) == windows
    for window in found:
        assert window.region.covers(375.0, 625.0)
