"""Measurements while they are drawn and dragged.

Points are (x, y) in Frame pixels; pixel edges are whole numbers.
"""

from dataclasses import replace

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.measure import Measure, Measured, MeasureKind, Point
from inspector_app.gui.canvas.hands import Tool


def measured(kind: Tool, start: Point, end: Point, *, aspect: float = 1.0) -> Measure:
    """A measurement as it stands when its first line is drawn.

    The short axis begins in the middle with half the length, the second arm square to the
    first one; both are then dragged to where they belong.

    Args:
        kind: LENGTH, SIZE or ANGLE.
        start: Where the drag began.
        end: Where it ended.
        aspect: Height of a pixel over its width.
    """
    what = MeasureKind(kind)
    if what == MeasureKind.LENGTH:
        return Measure(what, (start, end))
    across = _square_to(start, end, aspect=aspect)
    if what == MeasureKind.ANGLE:
        return Measure(what, (start, end, _added(end, across, 0.75)))
    middle = _added(start, _between(start, end), 0.5)
    short = (_added(middle, across, -0.25), _added(middle, across, 0.25))
    return Measure(what, (start, end, *short))


def moved(measure: Measure, index: int, to: Point, *, aspect: float = 1.0) -> Measure:
    """After one of its points was dragged; the axes of a size stay square to each other."""
    points = list(measure.points)
    if measure.kind != MeasureKind.SIZE:
        points[index] = to
        return replace(measure, points=tuple(points))
    along, reaches = _short_axis(measure, aspect=aspect)
    if index < 2:
        points[index] = to
    else:
        along, reach = _shares(points[0], points[1], to, aspect=aspect)
        along = min(max(along, 0.0), 1.0)
        reaches = (reach, reaches[1]) if index == 2 else (reaches[0], reach)
    start, end = points[:2]
    foot = _added(start, _between(start, end), along)
    across = _square_to(start, end, aspect=aspect)
    ends = tuple(_added(foot, across, reach) for reach in reaches)
    return Measure(measure.kind, (start, end, *ends))


def words_of(measure: Measure, calibration: Calibration | None) -> str:
    """The measurement in words: mm with a calibration, else px; degrees for angles."""
    return Measured.of(measure, calibration).words


def _short_axis(measure: Measure, *, aspect: float) -> tuple[float, tuple[float, float]]:
    """Where along the long axis the short one stands, and how far its two ends reach."""
    start, end = measure.points[:2]
    along, one = _shares(start, end, measure.points[2], aspect=aspect)
    _, other = _shares(start, end, measure.points[3], aspect=aspect)
    return along, (one, other)


def _shares(start: Point, end: Point, point: Point, *, aspect: float) -> tuple[float, float]:
    """A point as parts of the axis: along it and square to it."""
    dx, dy = _between(start, end)
    dy *= aspect
    whole = dx * dx + dy * dy
    if not whole:
        return 0.5, 0.0
    px, py = point[0] - start[0], (point[1] - start[1]) * aspect
    return (px * dx + py * dy) / whole, (py * dx - px * dy) / whole


def _square_to(start: Point, end: Point, *, aspect: float) -> Point:
    """A step as long as the line and square to it, on the thing and not on the pixels."""
    dx, dy = _between(start, end)
    return -dy * aspect, dx / aspect


def _between(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def _added(point: Point, step: Point, times: float) -> Point:
    return point[0] + step[0] * times, point[1] + step[1] * times
