"""Boxes and points find their way from the screen to the picture and back, however it is turned."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QTransform

from inspector_app import app
from inspector_app.domain.calibration import Calibration
from inspector_app.domain.frame import Frame, Provenance
from inspector_app.domain.measure import angle, distance
from inspector_app.domain.region import Region
from inspector_app.domain.scan import Edges
from inspector_app.domain.shape import Shape, ShapeKind, principal, rotated
from inspector_app.gui.canvas.hands import Tool
from inspector_app.gui.canvas.measuring import measured, moved, words_of
from inspector_app.gui.canvas.shaping import dragged, evened, grip_at, squared
from inspector_app.gui.canvas.turn import UPRIGHT, Turn
from inspector_app.gui.canvas.view import View
from inspector_app.imaging.conversion import turned

TURNS = [Turn(quarters, is_flipped) for quarters in range(4) for is_flipped in (False, True)]
turns = st.sampled_from(TURNS)
sides = st.integers(40, 3000)
shares = st.floats(0.0, 1.0)


@pytest.fixture(scope="module")
def view():
    app.make_application()
    made = View()
    made.resize(640, 480)
    yield made
    made.deleteLater()


@settings(max_examples=150)
@given(
    size=st.tuples(sides, sides),
    corners=st.tuples(shares, shares, shares, shares),
    turn=turns,
    ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    zoom=st.floats(1.0, 30.0),
    orientation=st.integers(1, 8),
)
def test_a_box_drawn_is_cut_and_mapped_back_within_half_a_pixel(
    view, size, corners, turn, ratio, zoom, orientation
):
    """The mouse tells places in device pixels; a drawn box is stored in whole picture pixels."""
    width, height = size
    view.set_size(size)
    view.set_turn(turn)
    view.look(QPointF(width / 2, height / 2), zoom)
    x0, x1 = sorted((corners[0] * width, corners[1] * width))
    y0, y1 = sorted((corners[2] * height, corners[3] * height))
    assume(x1 - x0 >= 2)
    assume(y1 - y0 >= 2)
    # What the mouse points at is a whole device pixel, told in logical ones.
    to_screen = view.viewportTransform()
    places = [to_screen.map(QPointF(x, y)) for x, y in ((x0, y0), (x1, y1))]
    pressed = [QPointF(round(p.x() * ratio) / ratio, round(p.y() * ratio) / ratio) for p in places]

    region = view.region_between(*(view.scene_point(place) for place in pressed))

    slip = 0.5 + 0.5 / ratio / zoom + 1e-6
    assert region is not None
    for stored, meant in zip(region.box, (x0, y0, x1, y1), strict=True):
        assert abs(stored - meant) <= slip
    # Stored and shown again, it stands where it was drawn.
    shown = to_screen.mapRect(QRectF(region.x0, region.y0, region.width, region.height))
    drawn = QRectF(*places[0].toTuple(), 0, 0).united(QRectF(*places[1].toTuple(), 0, 0))
    drawn = QRectF(
        QPointF(min(p.x() for p in places), min(p.y() for p in places)),
        QPointF(max(p.x() for p in places), max(p.y() for p in places)),
    )
    for side in ("left", "right", "top", "bottom"):
        assert abs(getattr(shown, side)() - getattr(drawn, side)()) <= slip * zoom + 1e-6
    # The crop holds the very pixels of the upright picture that a file turned by EXIF holds.
    ys, xs = np.mgrid[0:height:1, 0:width:1] if width * height < 40_000 else (None, None)
    if xs is not None:
        upright = np.stack([xs % 256, ys % 256, xs // 256 + 16 * (ys // 256)], -1).astype(np.uint8)
        stored_file = turned(upright, {6: 8, 8: 6}.get(orientation, orientation))
        frame = Frame(turned(stored_file, orientation), Provenance("a", "0", "JPEG"))
        cut = frame.cut(region)
        assert cut.shape[:2] == (region.height, region.width)
        assert tuple(cut[0, 0][:2]) == (region.x0 % 256, region.y0 % 256)
        assert tuple(cut[-1, -1][:2]) == ((region.x1 - 1) % 256, (region.y1 - 1) % 256)


@settings(max_examples=100)
@given(size=st.tuples(sides, sides), at=st.tuples(shares, shares), turn=turns, zoom=shares)
def test_a_point_on_the_screen_and_in_the_picture_are_one(view, size, at, turn, zoom):
    view.set_size(size)
    view.set_turn(turn)
    view.look(QPointF(size[0] / 2, size[1] / 2), 0.1 + 20 * zoom)
    point = QPointF(at[0] * size[0], at[1] * size[1])

    back = view.scene_point(view.viewportTransform().map(point))

    assert (back - point).manhattanLength() < 0.01
    assert view.scale_now == pytest.approx(math.sqrt(abs(view.transform().determinant())))


@given(turns, st.lists(st.sampled_from(["rotate", "back", "flip", "upend"]), max_size=8))
def test_turns_do_on_the_screen_what_their_names_say(turn, steps):
    """Each is checked against a matrix of its own, laid on what is seen."""
    acts = {
        "rotate": (lambda t: t.rotated(1), QTransform(0, 1, -1, 0, 0, 0)),
        "back": (lambda t: t.rotated(-1), QTransform(0, -1, 1, 0, 0, 0)),
        "flip": (Turn.mirrored, QTransform(-1, 0, 0, 1, 0, 0)),
        "upend": (Turn.upended, QTransform(1, 0, 0, -1, 0, 0)),
    }
    seen = turn.transform()
    for step in steps:
        act, matrix = acts[step]
        turn, seen = act(turn), seen * matrix

    assert all(
        turn.transform().map(QPointF(x, y)) == seen.map(QPointF(x, y))
        for x, y in ((1, 0), (0, 1), (3, 7))
    )


@pytest.mark.parametrize("turn", TURNS)
def test_letters_stay_with_their_edges(turn):
    places = {"L": (-1, 0), "R": (1, 0), "T": (0, -1), "B": (0, 1)}

    seen = turn.edges(Edges(left="L", right="R", top="T", bottom="B"))

    for side, place in (("left", (-1, 0)), ("right", (1, 0)), ("top", (0, -1)), ("bottom", (0, 1))):
        letter = getattr(seen, side)
        assert turn.transform().map(QPointF(*places[letter])).toTuple() == place


def test_a_sideways_picture_is_fitted_by_its_other_side(view):
    view.set_size((1000, 200))
    view.set_turn(UPRIGHT)
    view.fit()
    wide = view.scale_now
    view.set_turn(Turn(1))

    assert view.is_fitted
    assert view.scale_now < wide
    assert view.seen().contains(QRectF(0, 0, 1000, 200))
    assert view.viewport().size() == QSize(640, 480)


@pytest.mark.parametrize("turn", TURNS)
def test_the_zoom_keeps_its_place_in_a_turned_picture(view, turn):
    view.set_size((900, 700))
    view.set_turn(turn)
    view.fit()
    cursor = QPointF(300, 200)
    before = view.scene_point(cursor)

    for _ in range(6):
        view.zoom(1.3, at=cursor)

    assert (view.scene_point(cursor) - before).manhattanLength() < 4


points = st.tuples(st.floats(0, 500), st.floats(0, 500))


@given(points, points, st.floats(0.2, 5), st.floats(0.05, 2))
def test_the_short_axis_stands_square_on_the_long_one_in_millimetres(start, end, aspect, side):
    assume(distance(start, end) > 1)
    spacing = (side, side * aspect)

    size = measured(Tool.SIZE, start, end, aspect=aspect)
    dragged = moved(size, 3, (end[0] + 30, end[1] - 12), aspect=aspect)

    for one in (size, dragged):
        (ax, ay), (bx, by) = (
            ((q[0] - p[0]) * spacing[0], (q[1] - p[1]) * spacing[1]) for p, q in one.lines()
        )
        assert abs(ax * bx + ay * by) <= 1e-6 * (1 + math.hypot(ax, ay) * math.hypot(bx, by))
    long_side, short_side = (distance(*line, spacing=spacing) for line in size.lines())
    assert short_side == pytest.approx(long_side / 2)


def test_lengths_are_millimetres_only_where_somebody_vouches_for_them():
    length = measured(Tool.LENGTH, (10, 20), (13, 24))
    size = measured(Tool.SIZE, (0, 0), (40, 0))

    assert words_of(length, None) == "5.0 px"
    assert words_of(length, Calibration((0.5, 0.5), "pixel spacing")) == "2.5 mm"
    assert words_of(length, Calibration((1.0, 2.0), "pixel spacing")) == "8.5 mm"
    assert words_of(size, None) == "40.0 × 20.0 px"


@pytest.mark.parametrize(
    ("arm", "degrees"), [((1, 0), 0), ((1, 1), 45), ((0, 1), 90), ((-1, 0), 180), ((0, -3), 90)]
)
def test_an_angle_is_that_between_its_arms(arm, degrees):
    corner = moved(measured(Tool.ANGLE, (1, 0), (0, 0)), 2, arm)

    assert angle(corner) == pytest.approx(degrees)
    assert words_of(corner, None) == f"{degrees:.1f}°"
    flat = moved(measured(Tool.ANGLE, (0, 0), (0, 0)), 2, (0, 0))
    assert angle(flat) == 0


def test_a_long_axis_takes_its_short_one_along():
    size = measured(Tool.SIZE, (0, 0), (40, 0))

    swung = moved(size, 1, (0, 40))

    assert [round(part, 6) for point in swung.points[2:] for part in point] in (
        [10, 20, -10, 20],
        [-10, 20, 10, 20],
    )


def test_a_box_outside_of_the_picture_is_none(view):
    view.set_size((100, 50))

    assert view.region_between(QPointF(-20, -20), QPointF(-1, 30)) is None
    assert view.region_between(QPointF(-20, -20), QPointF(3, 300)) == Region(0, 0, 3, 50)
    for one, other in itertools.product((0.2, 0.4), repeat=2):
        assert view.region_between(QPointF(one, one), QPointF(other, other)) is None


@settings(max_examples=150)
@given(
    size=st.tuples(sides, sides),
    place=st.tuples(shares, shares, st.floats(0.05, 0.5), st.floats(0.05, 0.5)),
    angle=st.floats(-180, 180),
    turn=turns,
    ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    zoom=st.floats(1.0, 30.0),
)
def test_a_turned_rectangle_dragged_on_the_screen_goes_where_the_mouse_goes(
    view, size, place, angle, turn, ratio, zoom
):
    """Whichever way up the picture is, and however many device pixels a logical one has."""
    width, height = size
    view.set_size(size)
    view.set_turn(turn)
    view.look(QPointF(width / 2, height / 2), zoom)
    w, h = max(2.0, place[2] * width), max(2.0, place[3] * height)
    corners = ((place[0] * width, place[1] * height),)
    shape = Shape(
        ShapeKind.RECTANGLE, (*corners, (corners[0][0] + w, corners[0][1] + h)), principal(angle)
    )
    held = shape.outline[2]
    to_screen = view.viewportTransform()
    begun = to_screen.map(QPointF(*held))
    ended = begun + QPointF(round(37 * ratio) / ratio, round(-23 * ratio) / ratio)
    to = view.scene_point(ended).toTuple()

    after = dragged(shape, "se", held, to, within=(10**6, 10**6), is_even=False)

    # The corner that is held is under the mouse, unless the rectangle would have no area.
    local = rotated(to, -shape.angle, about=shape.outline[0])
    is_whole = local[0] - shape.outline[0][0] > 1.01 and local[1] - shape.outline[0][1] > 1.01
    assume(is_whole and shape.angle)
    shown = to_screen.map(QPointF(*after.outline[2]))
    assert abs(shown.x() - ended.x()) <= 0.5
    assert abs(shown.y() - ended.y()) <= 0.5
    # The opposite one stayed.
    assert after.outline[0] == pytest.approx(shape.outline[0], abs=1e-3)
    assert after.angle == shape.angle


@given(turn=turns, angle=st.floats(-179, 179), zoom=st.floats(0.2, 8))
def test_the_knob_turns_a_rectangle_to_where_the_mouse_is(view, turn, angle, zoom):
    view.set_size((800, 600))
    view.set_turn(turn)
    view.look(QPointF(400, 300), zoom)
    shape = Shape.of(Region(350, 260, 450, 340))
    target = rotated((400, 200), angle, about=(400, 300))
    at = view.scene_point(view.viewportTransform().map(QPointF(*target))).toTuple()

    turned_shape = dragged(shape, "turn", (400, 250), at, within=(800, 600), is_even=False)

    assert abs(math.remainder(turned_shape.angle - angle, 360)) <= 0.26
    assert turned_shape.center == pytest.approx(shape.center, abs=0.51)


@given(
    box=st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 60), st.integers(1, 60)),
    grip=st.sampled_from(["n", "s", "e", "w", "nw", "ne", "sw", "se", "move"]),
    by=st.tuples(st.floats(-200, 200), st.floats(-200, 200)),
    is_even=st.booleans(),
)
def test_an_upright_rectangle_stays_in_whole_pixels_of_the_picture(box, grip, by, is_even):
    """Checked against the plain rule for each edge."""
    x, y, w, h = box
    region = Region(x, y, min(x + w, 100), min(y + h, 100))
    start = (50.0, 50.0)
    to = (start[0] + by[0], start[1] + by[1])

    after = dragged(Shape.of(region), grip, start, to, within=(100, 100), is_even=is_even).region

    assert after is not None
    assert after.clipped((100, 100)) == after
    if grip == "move":
        assert after.size == region.size
    for edge, index in (("w", 0), ("n", 1), ("e", 2), ("s", 3)):
        if edge not in grip and grip != "move":
            assert after.box[index] == region.box[index]
    if not is_even and grip == "e":
        assert after.x1 == min(max(math.floor(region.x1 + by[0] + 0.5), region.x0 + 1), 100)
    if is_even and len(grip) == 2:
        assert after.width == after.height or 100 in after.box or 0 in after.box


@pytest.mark.parametrize("angle", [0, 30, -75, 180])
def test_what_is_held_is_found_however_a_rectangle_is_turned(angle):
    shape = Shape.of(Region(100, 100, 200, 160)).turned_to(angle)
    center = shape.center

    def at(x, y):
        return grip_at(shape, rotated((x, y), angle, about=center), reach=5, stalk=20)

    assert at(100, 100) == "nw"
    assert at(203, 130) == "e"
    assert at(150, 130) == "move"
    assert at(150, 80) == "turn"
    assert at(90, 130) == ""


def test_corners_of_a_polygon_are_dragged_one_by_one():
    shape = Shape(ShapeKind.POLYGON, ((10.0, 10.0), (60.0, 10.0), (10.0, 50.0)))

    assert grip_at(shape, (61, 11), reach=4) == "1"
    assert grip_at(shape, (20, 20), reach=4) == "move"
    assert grip_at(shape, (35, 9), reach=4) == "move"
    assert grip_at(shape, (50, 40), reach=4) == ""
    after = dragged(shape, "1", (60, 10), (300, 12), within=(100, 100), is_even=False)
    assert after.points == ((10.0, 10.0), (100.0, 12.0), (10.0, 50.0))


def test_a_line_drawn_evenly_takes_one_of_eight_directions():
    assert evened((0, 0), (10, 1)) == pytest.approx((10, 0), abs=1e-9)
    x, y = evened((0, 0), (10, 8))
    assert x == pytest.approx(y)


def test_a_square_is_as_long_as_the_longer_side_and_inside():
    shape = squared(Shape.of(Region(80, 10, 100, 90)), within=(100, 100))

    assert shape.region == Region(20, 10, 100, 90)
