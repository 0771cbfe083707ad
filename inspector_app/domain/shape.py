"""What a person draws on a picture: rectangles, turned or not, polygons, lines, points.

Points are (x, y) in Frame pixels, y down; pixel edges are whole numbers. Angles are degrees,
clockwise as seen on the upright picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region

Point = tuple[float, float]

MOST_CORNERS = 500
"""Of a polygon."""

_FARTHEST = 1e7
_TINY = 1e-6


class ShapeKind(StrEnum):
    """What was drawn."""

    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    LINE = "line"
    POINT = "point"


_COUNTS = {
    ShapeKind.RECTANGLE: (2, 2),
    ShapeKind.POLYGON: (3, MOST_CORNERS),
    ShapeKind.LINE: (2, 2),
    ShapeKind.POINT: (1, 1),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Something drawn by hand.

    Attributes:
        kind: What it is.
        points: Of a rectangle its upper left and lower right corner before it is turned; of
            a polygon its corners in order; both ends of a line; a point.
        angle: Of a rectangle, about its middle, -180 < angle <= 180; 0 for all others.
    """

    kind: ShapeKind
    points: tuple[Point, ...]
    angle: float = 0.0

    def __post_init__(self) -> None:
        least, most = _COUNTS[ShapeKind(self.kind)]
        if not least <= len(self.points) <= most:
            raise ValueError(f"a {self.kind} of {len(self.points)} points")
        sides = (self.angle, *(side for point in self.points for side in point))
        if not all(math.isfinite(side) and abs(side) <= _FARTHEST for side in sides):
            raise ValueError(f"no place on a picture: {self.points}")
        if self.kind == ShapeKind.RECTANGLE:
            (x0, y0), (x1, y1) = self.points
            if x1 <= x0 or y1 <= y0:
                raise ValueError(f"a rectangle needs an area, got {self.points}")
        elif self.angle:
            raise ValueError(f"a {self.kind} is not turned")
        if self.kind == ShapeKind.POLYGON and not self.area:
            raise ValueError("a polygon needs an area")

    @classmethod
    def of(cls, region: Region) -> "Shape":
        """The upright rectangle of a region."""
        x0, y0, x1, y1 = (float(side) for side in region.box)
        return cls(ShapeKind.RECTANGLE, ((x0, y0), (x1, y1)))

    @property
    def size(self) -> tuple[float, float]:
        """(width, height); of a rectangle before it is turned."""
        xs, ys = zip(*self.points, strict=True)
        return max(xs) - min(xs), max(ys) - min(ys)

    @property
    def center(self) -> Point:
        """The middle of a rectangle or line; of others the middle of the box about them."""
        xs, ys = zip(*self.points, strict=True)
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    @property
    def outline(self) -> tuple[Point, ...]:
        """The corners as they lie on the picture; of a rectangle clockwise from the upper left."""
        if self.kind != ShapeKind.RECTANGLE:
            return self.points
        (x0, y0), (x1, y1) = self.points
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        if not self.angle:
            return corners
        return tuple(rotated(corner, self.angle, about=self.center) for corner in corners)

    @property
    def region(self) -> Region | None:
        """The same as a region; None for all but upright rectangles of whole pixels."""
        if self.kind != ShapeKind.RECTANGLE or self.angle:
            return None
        sides = [side for point in self.points for side in point]
        if not all(float(side).is_integer() for side in sides):
            return None
        return Region(*(int(side) for side in sides))

    @property
    def has_area(self) -> bool:
        """Whether there is an inside."""
        return self.kind in {ShapeKind.RECTANGLE, ShapeKind.POLYGON}

    @property
    def area(self) -> float:
        """In square pixels; 0 for lines and points."""
        return area_of(self.outline) if self.has_area else 0.0

    @property
    def length(self) -> float:
        """Of a line, in pixels; 0 for all others."""
        if self.kind != ShapeKind.LINE:
            return 0.0
        (x0, y0), (x1, y1) = self.points
        return math.hypot(x1 - x0, y1 - y0)

    def bounds(self, within: tuple[int, int]) -> Region | None:
        """The smallest box of whole pixels about it, cut at the picture's edges.

        Args:
            within: (width, height) of the picture.

        Returns:
            None where nothing of it lies in the picture.
        """
        xs, ys = zip(*self.outline, strict=True)
        # What rounding put a hair's breadth over an edge does not take a whole pixel more.
        x0, y0 = math.floor(min(xs) + _TINY), math.floor(min(ys) + _TINY)
        x1, y1 = math.ceil(max(xs) - _TINY), math.ceil(max(ys) - _TINY)
        return Region(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)).clipped(within)

    def moved(self, dx: float, dy: float) -> "Shape":
        """The same somewhere else."""
        return replace(self, points=tuple((x + dx, y + dy) for x, y in self.points))

    def turned_to(self, angle: float) -> "Shape":
        """A rectangle at another angle, about its middle; others stay as they are."""
        if self.kind != ShapeKind.RECTANGLE:
            return self
        return replace(self, angle=principal(angle))

    def snapped(self) -> "Shape":
        """Edges of an upright rectangle on the nearest pixel edges; others stay as they are."""
        if self.kind != ShapeKind.RECTANGLE or self.angle:
            return self
        (x0, y0), (x1, y1) = (tuple(math.floor(s + 0.5) for s in point) for point in self.points)
        corners = ((float(x0), float(y0)), (float(max(x1, x0 + 1)), float(max(y1, y0 + 1))))
        return replace(self, points=corners)

    def kept_inside(self, within: tuple[int, int]) -> "Shape":
        """Shifted as little as possible, so that all of it lies in a picture of this size.

        What is larger than the picture is shifted to its middle.
        """
        by = []
        for axis, limit in enumerate(within):
            sides = [point[axis] for point in self.outline]
            low, high = min(sides), max(sides)
            if high - low > limit:
                by.append((limit - low - high) / 2)
            else:
                by.append(max(0.0, -low) - max(0.0, high - limit))
        return self.moved(*by) if any(by) else self


def rotated(point: Point, angle: float, *, about: Point) -> Point:
    """A point turned clockwise by degrees."""
    turn = math.radians(angle)
    dx, dy = point[0] - about[0], point[1] - about[1]
    cos, sin = math.cos(turn), math.sin(turn)
    return about[0] + dx * cos - dy * sin, about[1] + dx * sin + dy * cos


def principal(angle: float) -> float:
    """The same direction, -180 < angle <= 180."""
    turned = math.remainder(angle, 360.0)
    return 180.0 if turned == -180.0 else turned + 0.0


def inside(outline: Sequence[Point], region: Region) -> NDArray[np.bool_]:
    """(h, w) of `region`: which pixels have their middle inside a closed outline.

    Where an outline crosses itself, what it runs round twice is outside (even-odd rule).
    """
    ys = np.arange(region.y0, region.y1, dtype=np.float64)[:, None] + 0.5
    xs = np.arange(region.x0, region.x1, dtype=np.float64)[None, :] + 0.5
    is_inside = np.zeros((region.height, region.width), dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if y0 == y1:
            continue
        is_beside = (ys >= min(y0, y1)) & (ys < max(y0, y1))
        crossing = x0 + (ys - y0) * ((x1 - x0) / (y1 - y0))
        is_inside ^= is_beside & (xs < crossing)
    return is_inside


def clipped(outline: Sequence[Point], within: tuple[int, int]) -> tuple[Point, ...]:
    """What of a closed outline lies in a picture of (width, height); empty where nothing does.

    Of an outline with bays, edges of the picture may run to and fro between its parts.

    Source: Sutherland and Hodgman, Reentrant polygon clipping, 1974.
    """
    kept = list(outline)
    for axis, limit, sign in ((0, 0, 1), (0, within[0], -1), (1, 0, 1), (1, within[1], -1)):
        corners, kept = kept, []
        for before, after in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
            out, now = (sign * (point[axis] - limit) for point in (before, after))
            if out * now < 0:
                part = out / (out - now)
                (x0, y0), (x1, y1) = before, after
                kept.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
            if now >= 0:
                kept.append(after)
    return tuple(kept)


def area_of(outline: Sequence[Point]) -> float:
    """Of a closed outline, in square pixels."""
    return abs(_doubled_area(outline)) / 2 if outline else 0.0


def _doubled_area(outline: Sequence[Point]) -> float:
    pairs = zip(outline, (*outline[1:], outline[0]), strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)
