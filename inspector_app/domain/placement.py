"""Where a template picture lies in another picture, and whether that can be trusted."""

import math
from dataclasses import dataclass

from inspector_app.domain.rule import Travel

Matrix = tuple[tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Placement:
    """A shift, rotation and scale from the template's pixels to the picture's.

    Attributes:
        matrix: (x, y, 1) of the template to (x, y) of the picture; pixel centres are whole
            numbers.
        template_size: (width, height) of the template picture.
        picture_size: (width, height) of the picture.
        score: How much of the part looks as in the template, 0..1; see
            `imaging.registration`.
        error: Root mean square distance between where the matrix puts points of the template
            and where they were found, in pixels of a picture whose longer side is 2,000.
        method: How it was found: "marker", "code", "phase" or "features".
        points: How many points agree with it.
    """

    matrix: Matrix
    template_size: tuple[int, int]
    picture_size: tuple[int, int]
    score: float
    error: float
    method: str
    points: int

    @property
    def scale(self) -> float:
        """How much larger the part is than in the template."""
        (a, b, _), (c, d, _) = self.matrix
        return math.sqrt(abs(a * d - b * c))

    @property
    def rotation(self) -> float:
        """How far the part is turned, in degrees, clockwise as the picture is seen."""
        (a, _, _), (c, _, _) = self.matrix
        return math.degrees(math.atan2(c, a))

    @property
    def shift(self) -> tuple[float, float]:
        """(x, y) the template's middle has moved, as a part of the picture's longer side."""
        width, height = self.template_size
        moved = self.point((width - 1) / 2, (height - 1) / 2)
        longer = max(self.picture_size)
        middle = (self.picture_size[0] - 1) / 2, (self.picture_size[1] - 1) / 2
        return (moved[0] - middle[0]) / longer, (moved[1] - middle[1]) / longer

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the template lies in the picture."""
        (a, b, tx), (c, d, ty) = self.matrix
        return a * x + b * y + tx, c * x + d * y + ty

    def doubt(self, travel: Travel) -> str | None:
        """Why the part is not where it may be, in one of the sentences of verdicts; or None."""
        if not (self.score >= travel.least_score and self.error <= travel.largest_error):
            return "the part was not found as in the template"
        # Written so that what is not a number is a doubt too.
        is_near = max(abs(self.shift[0]), abs(self.shift[1])) <= travel.shift
        is_straight = abs(self.rotation) <= travel.rotation
        is_sized = abs(self.scale - 1) <= travel.scale
        if not (is_near and is_straight and is_sized):
            return "the part lies outside the allowed travel"
        return None
