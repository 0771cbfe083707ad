"""What is drawn by hand lies where it was drawn, however it is moved and turned."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.region import Region
from inspector_app.domain.shape import (
    Shape,
    ShapeKind,
    area_of,
    clipped,
    inside,
    principal,
    rotated,
)

places = st.floats(-500, 500)
sides = st.floats(1, 300)
angles = st.floats(-720, 720)


def rectangle(x, y, width, height, angle=0.0):
    corners = ((float(x), float(y)), (float(x + width), float(y + height)))
    return Shape(ShapeKind.RECTANGLE, corners, principal(angle))


def test_a_quarter_turn_exchanges_width_and_height_about_the_middle():
    shape = rectangle(10, 20, 40, 10, 90)

    assert [tuple(map(round, point)) for point in shape.outline] == [
        (35, 5),
        (35, 45),
        (25, 45),
        (25, 5),
    ]
    assert shape.bounds((100, 100)) == Region(25, 5, 35, 45)


def test_degrees_count_clockwise_as_seen():
    """From straight up, a quarter clockwise points to the right: y runs down."""
    assert rotated((0, -1), 90, about=(0, 0)) == pytest.approx((1, 0))


@given(places, places, sides, sides, angles)
def test_turning_changes_neither_middle_nor_area(x, y, width, height, angle):
    shape = rectangle(x, y, width, height)

    turned = shape.turned_to(angle)

    assert turned.center == pytest.approx(shape.center)
    assert turned.area == pytest.approx(width * height, rel=1e-6)
    assert -180 < turned.angle <= 180
    assert math.cos(math.radians(turned.angle)) == pytest.approx(
        math.cos(math.radians(angle)), abs=1e-9
    )


@given(places, places, sides, sides, angles)
def test_the_box_about_a_shape_holds_it_with_less_than_a_pixel_to_spare(x, y, w, h, angle):
    shape = rectangle(x, y, w, h, angle).kept_inside((4000, 4000))

    box = shape.bounds((4000, 4000))

    xs, ys = zip(*shape.outline, strict=True)
    for low, high, least, most in (
        (box.x0, box.x1, min(xs), max(xs)),
        (box.y0, box.y1, min(ys), max(ys)),
    ):
        assert least - 1 <= low <= least + 1e-5
        assert most - 1e-5 <= high <= most + 1


@given(places, places, sides, sides, angles)
def test_a_shape_that_fits_is_kept_inside_whole(x, y, width, height, angle):
    kept = rectangle(x, y, width, height, angle).kept_inside((640, 480))

    for axis, limit in enumerate((640, 480)):
        along = [point[axis] for point in kept.outline]
        if max(along) - min(along) <= limit:
            assert min(along) >= -1e-6
            assert max(along) <= limit + 1e-6


def test_only_upright_whole_pixels_are_a_region():
    assert rectangle(1, 2, 3, 4).region == Region(1, 2, 4, 6)
    assert rectangle(1.5, 2, 3, 4).region is None
    assert rectangle(1.5, 2, 3, 4).snapped().region == Region(2, 2, 5, 6)
    assert rectangle(1, 2, 3, 4, 30).region is None
    assert Shape.of(Region(1, 2, 4, 6)).region == Region(1, 2, 4, 6)


def test_what_lies_outside_the_picture_has_no_box():
    assert rectangle(200, 0, 10, 10).bounds((100, 100)) is None
    assert rectangle(95, 0, 10, 10).bounds((100, 100)) == Region(95, 0, 100, 10)


def test_pixels_inside_are_those_whose_middle_is():
    triangle = ((0.0, 0.0), (4.0, 0.0), (0.0, 4.0))

    found = inside(triangle, Region(0, 0, 4, 4))

    # Middles with x + y < 4.
    assert found.astype(int).tolist() == [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


@given(st.lists(st.tuples(st.integers(-9, 30), st.integers(-9, 30)), min_size=3, max_size=7))
def test_the_inside_is_what_a_ray_crosses_an_odd_number_of_times(corners):
    """Checked pixel by pixel, with a ray going the other way."""
    region = Region(2, 3, 21, 17)

    found = inside(corners, region)

    for row in range(region.height):
        for column in range(region.width):
            x, y = region.x0 + column + 0.5, region.y0 + row + 0.5
            crossed = 0
            for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
                if (y0 <= y) != (y1 <= y):
                    at = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
                    if abs(at - x) < 1e-9:
                        crossed = None
                        break
                    crossed += at < x
            if crossed is not None:
                assert bool(found[row, column]) == bool(crossed % 2)


@pytest.mark.parametrize(
    ("kind", "points", "angle"),
    [
        (ShapeKind.RECTANGLE, ((0, 0), (0, 5)), 0.0),
        (ShapeKind.RECTANGLE, ((0, 0), (5, 5), (6, 6)), 0.0),
        (ShapeKind.POLYGON, ((0, 0), (1, 1), (2, 2)), 0.0),
        (ShapeKind.POLYGON, ((0, 0), (1, 1)), 0.0),
        (ShapeKind.POINT, ((math.nan, 0),), 0.0),
        (ShapeKind.LINE, ((0, 0), (math.inf, 0)), 0.0),
        (ShapeKind.LINE, ((0, 0), (1, 0)), 3.0),
    ],
)
def test_what_has_no_place_or_no_area_is_no_shape(kind, points, angle):
    with pytest.raises(ValueError):  # noqa: PT011  several reasons
        Shape(kind, points, angle)


def test_a_line_has_a_length_and_a_polygon_an_area():
    assert Shape(ShapeKind.LINE, ((0.0, 0.0), (3.0, 4.0))).length == 5.0
    assert Shape(ShapeKind.POLYGON, ((0.0, 0.0), (4.0, 0.0), (0.0, 3.0))).area == 6.0
    assert Shape(ShapeKind.LINE, ((0.0, 0.0), (3.0, 4.0))).area == 0.0
    assert np.isfinite(principal(1e6))


@pytest.mark.parametrize(
    ("outline", "area"),
    [
        (((1, 1), (3, 1), (3, 4), (1, 4)), 6),
        (((-2, 1), (3, 1), (3, 4), (-2, 4)), 9),
        (((-5, -5), (99, -5), (99, 99), (-5, 99)), 80),
        # Half of a square on its corner, cut off by the left edge.
        (((0, 2), (2, 4), (0, 6), (-2, 4)), 4),
        # A U that lies over the upper edge with its closed side: two legs of 1 by 3 are left.
        (((1, -2), (6, -2), (6, 3), (5, 3), (5, -1), (2, -1), (2, 3), (1, 3)), 6),
        (((-9, 1), (-3, 1), (-3, 4)), 0),
        ((), 0),
    ],
)
def test_what_lies_outside_of_a_picture_is_cut_off(outline, area):
    assert area_of(clipped(outline, (10, 8))) == pytest.approx(area)
