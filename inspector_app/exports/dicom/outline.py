"""Shapes as DICOM takes them: points on the image, cut at its edges."""

from collections.abc import Iterator, Sequence

from inspector_app.domain.shape import Point, Shape, ShapeKind

_Line = tuple[int, float, float]
"""(axis, where the edge lies, 1 where the image is above it and -1 where below)."""


def outline_on(shape: Shape, *, size: tuple[int, int]) -> tuple[Point, ...]:
    """The part of an outline that lies on an image, which is all that DICOM allows.

    Our points and DICOM's are the same: 0, 0 is the upper left corner of the first pixel, and
    (columns, rows) the lower right one of the last.

    Args:
        shape: Of any kind.
        size: (width, height) of the image.

    Returns:
        The last point is the first again where the shape has an area; nothing where all of it
        lies outside.

    Source: DICOM PS3.3 C.18.6.1.2 and C.10.5; Sutherland and Hodgman, 1974.
    """
    width, height = size
    points: Sequence[Point] = shape.outline
    if shape.kind is ShapeKind.POINT:
        ((x, y),) = points
        return tuple(points) if 0 <= x <= width and 0 <= y <= height else ()
    left, right, top, bottom = (
        (0, 0.0, 1),
        (0, float(width), -1),
        (1, 0.0, 1),
        (1, float(height), -1),
    )
    for edge in (left, right, top, bottom):
        points = tuple(_kept(points, edge, is_closed=shape.has_area))
    if len(dict.fromkeys(points)) < (3 if shape.has_area else 2):
        return ()
    return (*points, points[0]) if shape.has_area else tuple(points)


def _kept(points: Sequence[Point], edge: _Line, *, is_closed: bool) -> Iterator[Point]:
    """The part of an outline on the inner side of one edge."""
    axis, limit, inward = edge

    def depth(point: Point) -> float:
        return (point[axis] - limit) * inward

    before = points[-1] if is_closed and points else None
    for point in points:
        if before is not None and (depth(before) < 0) != (depth(point) < 0):
            part = depth(before) / (depth(before) - depth(point))
            crossing = [a + part * (b - a) for a, b in zip(before, point, strict=True)]
            # Rounding must not put it beside the edge.
            crossing[axis] = limit
            yield crossing[0], crossing[1]
        if depth(point) >= 0:
            yield point
        before = point
