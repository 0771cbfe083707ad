"""Shapes under the mouse: what is taken hold of, and what a drag makes of it.

Points are (x, y) in Frame pixels; pixel edges are whole numbers. A grip is "move", "turn", the
edges that are held ("n", "se", ...), or a corner's number as text.
"""

import math
from dataclasses import replace

from inspector_app.domain.region import Region
from inspector_app.domain.shape import Point, Shape, ShapeKind, inside, rotated

TURN, MOVE = "turn", "move"
_FINE, _COARSE = 0.5, 15.0
_OPPOSITE = {"n": "s", "s": "n", "w": "e", "e": "w"}


def grip_at(shape: Shape, at: Point, *, reach: float, stalk: float = 0.0) -> str:
    """What is held at a point; "" where the shape is not.

    Args:
        shape: The shape.
        at: Where the mouse is.
        reach: How far from an edge or corner it still holds.
        stalk: How far over a rectangle its knob for turning stands; 0 for none.
    """
    if shape.kind != ShapeKind.RECTANGLE:
        return _grip_of_corners(shape, at, reach=reach)
    (x0, y0), (x1, y1) = shape.points
    x, y = rotated(at, -shape.angle, about=shape.center)
    if stalk and math.dist((x, y), (shape.center[0], y0 - stalk)) <= reach * 1.4:
        return TURN
    if not (x0 - reach <= x <= x1 + reach and y0 - reach <= y <= y1 + reach):
        return ""
    vertical = "n" if abs(y - y0) <= reach else "s" if abs(y - y1) <= reach else ""
    horizontal = "w" if abs(x - x0) <= reach else "e" if abs(x - x1) <= reach else ""
    return (vertical + horizontal) or MOVE


def _grip_of_corners(shape: Shape, at: Point, *, reach: float) -> str:
    near = [(math.dist(point, at), index) for index, point in enumerate(shape.points)]
    distance, index = min(near)
    if distance <= reach * 1.4:
        return MOVE if shape.kind == ShapeKind.POINT else str(index)
    if shape.kind == ShapeKind.POLYGON and covers(shape, at):
        return MOVE
    pairs = zip(shape.points, (*shape.points[1:], shape.points[0]), strict=True)
    is_near = any(_distance_to(at, start, end) <= reach for start, end in pairs)
    return MOVE if is_near and shape.kind != ShapeKind.POINT else ""


def covers(shape: Shape, at: Point) -> bool:
    """Whether a point lies inside a shape with an area."""
    x, y = at
    # The one pixel whose middle is this very point.
    moved = [(px - x + 0.5, py - y + 0.5) for px, py in shape.outline]
    return shape.has_area and bool(inside(moved, Region(0, 0, 1, 1))[0, 0])


def dragged(
    shape: Shape, grip: str, start: Point, to: Point, *, within: tuple[int, int], is_even: bool
) -> Shape:
    """The shape after a drag from `start` to `to`.

    Args:
        shape: As it was when the drag began.
        grip: What is held.
        start: Where the drag began.
        to: Where the mouse is.
        within: (width, height) of the picture.
        is_even: Sides become equal, turns go by 15 degrees, lines by 45.
    """
    if grip == TURN:
        return _turned(shape, to, step=_COARSE if is_even else _FINE)
    if grip == MOVE:
        dx, dy = to[0] - start[0], to[1] - start[1]
        if shape.kind == ShapeKind.RECTANGLE and not shape.angle:
            dx, dy = math.floor(dx + 0.5), math.floor(dy + 0.5)
        return shape.moved(dx, dy).kept_inside(within)
    if shape.kind == ShapeKind.RECTANGLE:
        return _resized(shape, grip, start, to, within=within, is_even=is_even)
    points = list(shape.points)
    if is_even and shape.kind == ShapeKind.LINE:
        to = evened(points[1 - int(grip)], to)
    points[int(grip)] = _clamped(to, within)
    try:
        return replace(shape, points=tuple(points))
    except ValueError:
        # Its corners lie on one line: it stays as it was.
        return shape


def squared(shape: Shape, *, within: tuple[int, int]) -> Shape:
    """A rectangle with sides as long as its longer one, about its middle."""
    if shape.kind != ShapeKind.RECTANGLE:
        return shape
    return placed(shape, center=shape.center, size=(max(shape.size),) * 2, within=within)


def placed(shape: Shape, *, center: Point, size: Point, within: tuple[int, int]) -> Shape:
    """A rectangle of this (width, height) about this point, inside the picture."""
    width, height = (max(1.0, side) for side in size)
    if not shape.angle:
        width, height = (
            float(max(1, min(round(side), limit)))
            for side, limit in zip((width, height), within, strict=True)
        )
    x0, y0 = center[0] - width / 2, center[1] - height / 2
    made = replace(shape, points=((x0, y0), (x0 + width, y0 + height)))
    return made.snapped().kept_inside(within)


def evened(fixed: Point, to: Point) -> Point:
    """The end of a line from `fixed`, on the nearest of eight directions."""
    dx, dy = to[0] - fixed[0], to[1] - fixed[1]
    turn = round(math.atan2(dy, dx) / (math.pi / 4)) * (math.pi / 4)
    length = dx * math.cos(turn) + dy * math.sin(turn)
    return fixed[0] + length * math.cos(turn), fixed[1] + length * math.sin(turn)


def _turned(shape: Shape, to: Point, *, step: float) -> Shape:
    cx, cy = shape.center
    # Straight up is no turn at all.
    angle = math.degrees(math.atan2(to[0] - cx, cy - to[1]))
    return shape.turned_to(round(angle / step) * step).snapped()


def _resized(
    shape: Shape, grip: str, start: Point, to: Point, *, within: tuple[int, int], is_even: bool
) -> Shape:
    (x0, y0), (x1, y1) = shape.points
    before = rotated(start, -shape.angle, about=shape.center)
    now = rotated(to, -shape.angle, about=shape.center)
    dx, dy = now[0] - before[0], now[1] - before[1]
    sides = {"w": x0, "n": y0, "e": x1, "s": y1}
    for edge in grip:
        sides[edge] += dx if edge in "we" else dy
    if not shape.angle:
        for edge, limit in zip("wens", (within[0], within[0], within[1], within[1]), strict=True):
            sides[edge] = float(min(max(math.floor(sides[edge] + 0.5), 0), limit))
    for edge in grip:
        other = sides[_OPPOSITE[edge]]
        sides[edge] = min(sides[edge], other - 1) if edge in "wn" else max(sides[edge], other + 1)
    if is_even and len(grip) == 2:
        _make_even(sides, grip, within=None if shape.angle else within)
    # The corner that is not held stays where it is, however the rectangle is turned.
    middle = (sides["w"] + sides["e"]) / 2, (sides["n"] + sides["s"]) / 2
    there = rotated(middle, shape.angle, about=shape.center)
    by = there[0] - middle[0], there[1] - middle[1]
    corners = ((sides["w"], sides["n"]), (sides["e"], sides["s"]))
    return replace(shape, points=corners).moved(*by) if shape.angle else Shape(shape.kind, corners)


def _make_even(sides: dict[str, float], grip: str, *, within: tuple[int, int] | None) -> None:
    """Both sides as long as the longer one, as far as the picture reaches; in place."""
    side = max(sides["e"] - sides["w"], sides["s"] - sides["n"])
    if within is not None:
        rooms = {
            "w": sides["e"],
            "e": within[0] - sides["w"],
            "n": sides["s"],
            "s": within[1] - sides["n"],
        }
        side = min(side, *(rooms[edge] for edge in grip))
    for edge in grip:
        other = sides[_OPPOSITE[edge]]
        sides[edge] = other - side if edge in "wn" else other + side


def _clamped(point: Point, within: tuple[int, int]) -> Point:
    return min(max(point[0], 0.0), float(within[0])), min(max(point[1], 0.0), float(within[1]))


def _distance_to(at: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    whole = dx * dx + dy * dy
    share = ((at[0] - start[0]) * dx + (at[1] - start[1]) * dy) / whole if whole else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.dist(at, (start[0] + share * dx, start[1] + share * dy))
