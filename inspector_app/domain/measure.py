"""What people measured on a picture.

Points are (x, y) in Frame pixels; pixel edges are whole numbers.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.locator import split

Point = tuple[float, float]


class MeasureKind(StrEnum):
    """What is measured."""

    LENGTH = "length"
    SIZE = "size"
    ANGLE = "angle"


_POINTS = {MeasureKind.LENGTH: 2, MeasureKind.SIZE: 4, MeasureKind.ANGLE: 3}


@dataclass(frozen=True, slots=True)
class Measure:
    """Something measured by hand.

    Attributes:
        kind: Of what.
        points: Two ends; the ends of the long and then of the short axis, which stands
            upright on it; one arm's end, the corner, the other arm's end.
    """

    kind: MeasureKind
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) != _POINTS[MeasureKind(self.kind)]:
            raise ValueError(f"a {self.kind} of {len(self.points)} points")
        if not all(math.isfinite(side) for point in self.points for side in point):
            raise ValueError(f"no place to measure: {self.points}")

    def lines(self) -> Iterator[tuple[Point, Point]]:
        """What is drawn."""
        if self.kind == MeasureKind.ANGLE:
            yield self.points[0], self.points[1]
            yield self.points[1], self.points[2]
            return
        yield from zip(self.points[::2], self.points[1::2], strict=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement with what it comes to.

    Attributes:
        measure: Where.
        values: A length, the two axes, or an angle (0..180), in `unit`.
        unit: "mm", "px" or "deg".
        calibration: Who vouches for millimetres, in words; "" for the others.
    """

    measure: Measure
    values: tuple[float, ...]
    unit: str
    calibration: str = ""

    @classmethod
    def of(cls, measure: Measure, calibration: Calibration | None) -> "Measured":
        """In millimetres where somebody vouches for them, else in pixels."""
        spacing = calibration.mm_per_pixel if calibration is not None else (1.0, 1.0)
        named = calibration.name if calibration is not None else ""
        if measure.kind == MeasureKind.ANGLE:
            return cls(measure, (angle(measure, spacing=spacing),), "deg", named)
        values = tuple(distance(*line, spacing=spacing) for line in measure.lines())
        return cls(measure, values, "mm" if calibration is not None else "px", named)

    @property
    def words(self) -> str:
        """In short: "12.5 mm", "12.5 x 4.0 mm", "35.0°"."""
        if self.unit == "deg":
            return f"{self.values[0]:.1f}°"
        sides = " \N{MULTIPLICATION SIGN} ".join(f"{value:.1f}" for value in self.values)
        return f"{sides} {self.unit}"


def picture_key(sha256: str, locator: str) -> str:
    """What tells one picture from all others: its file's hash and its number in the file."""
    return f"{sha256}#{split(locator)[1] or 1}"


def distance(start: Point, end: Point, *, spacing: tuple[float, float] = (1.0, 1.0)) -> float:
    """Between two points, in the unit of `spacing` (x, y)."""
    return math.hypot((end[0] - start[0]) * spacing[0], (end[1] - start[1]) * spacing[1])


def angle(measure: Measure, *, spacing: tuple[float, float] = (1.0, 1.0)) -> float:
    """At the corner, 0..180 degrees; 0 where an arm has no length."""
    one, corner, other = measure.points
    ax, ay = ((a - b) * s for a, b, s in zip(one, corner, spacing, strict=True))
    bx, by = ((a - b) * s for a, b, s in zip(other, corner, spacing, strict=True))
    if not (ax or ay) or not (bx or by):
        return 0.0
    return abs(math.degrees(math.atan2(ax * by - ay * bx, ax * bx + ay * by)))
