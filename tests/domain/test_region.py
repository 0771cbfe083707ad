"""Boxes: half-open, whole pixels, always inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.region import Region

SIDES = st.integers(1, 400)


@st.composite
def regions(draw: st.DrawFn) -> Region:
    x0, y0 = draw(st.integers(-50, 50)), draw(st.integers(-50, 50))
    return Region(x0, y0, x0 + draw(st.integers(1, 40)), y0 + draw(st.integers(1, 40)))


def pixels(region: Region) -> set[tuple[int, int]]:
    return {(x, y) for x in range(region.x0, region.x1) for y in range(region.y0, region.y1)}


@given(regions(), regions())
def test_intersection_and_overlap_count_common_pixels(one, other):
    common = pixels(one) & pixels(other)

    met = one.intersection(other)

    assert (pixels(met) if met else set()) == common
    assert one.iou(other) == pytest.approx(len(common) / len(pixels(one) | pixels(other)))


@given(st.floats(-1000, 1000), st.floats(-1000, 1000), st.integers(1, 600), st.tuples(SIDES, SIDES))
def test_a_square_lies_inside_and_is_square_wherever_the_picture_is_wide_enough(x, y, side, size):
    square = Region.square_at((x, y), side=side, within=size)

    assert square.clipped(size) == square
    assert square.size == (min(side, size[0]), min(side, size[1]))


@given(st.integers(0, 399), st.integers(0, 399), st.integers(1, 399))
def test_a_square_holds_the_point_it_was_asked_for(x, y, side):
    square = Region.square_at((x + 0.5, y + 0.5), side=side, within=(400, 400))

    assert square.covers(x + 0.5, y + 0.5)


def test_a_square_in_the_middle_is_centred():
    assert Region.square_at((50, 40), side=20, within=(100, 100)) == Region(40, 30, 60, 50)
    assert Region.square_at((50.5, 40.5), side=21, within=(100, 100)) == Region(40, 30, 61, 51)


def test_a_square_at_the_edge_is_shifted_and_not_cut():
    assert Region.square_at((1, 99), side=20, within=(100, 100)) == Region(0, 80, 20, 100)


def test_a_picture_narrower_than_the_square_gives_its_whole_width():
    assert Region.square_at((10, 90), side=40, within=(30, 200)) == Region(0, 70, 30, 110)


@pytest.mark.parametrize("box", [(0, 0, 0, 1), (0, 0, 1, 0), (3, 0, 2, 5), (0, 5, 2, 4)])
def test_an_empty_box_cannot_be_built(box):
    with pytest.raises(ValueError, match="at least one pixel"):
        Region(*box)


def test_growing_widens_each_side_by_its_share_and_stops_at_the_edge():
    assert Region(40, 5, 60, 15).grown(0.5, within=(100, 100)) == Region(30, 0, 70, 20)


def test_touching_boxes_have_nothing_in_common():
    assert Region(0, 0, 5, 5).intersection(Region(5, 0, 10, 5)) is None
    assert Region(0, 0, 5, 5).iou(Region(5, 0, 10, 5)) == 0


def test_a_region_outside_the_picture_is_clipped_to_nothing():
    assert Region(-5, -5, 0, 5).clipped((10, 10)) is None
    assert Region(-5, -5, 3, 5).clipped((10, 10)) == Region(0, 0, 3, 5)


def test_the_share_of_a_picture_is_its_part_of_the_area():
    assert Region(0, 0, 10, 20).share_of((100, 100)) == pytest.approx(0.02)
