"""Boxes in a Frame's own pixels."""

import math
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A half-open box in whole pixels: x0 <= x < x1, y0 <= y < y1; y runs down."""

    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        if self.x1 <= self.x0 or self.y1 <= self.y0:
            raise ValueError(f"a region needs at least one pixel, got {self.box}")

    @classmethod
    def whole(cls, size: tuple[int, int]) -> Self:
        """All of a picture of this (width, height)."""
        return cls(0, 0, *size)

    @classmethod
    def square_at(cls, center: tuple[float, float], *, side: int, within: tuple[int, int]) -> Self:
        """A square of `side` pixels about `center`, shifted (never cut) to lie inside.

        Where the picture is narrower than `side`, that axis takes the whole picture.

        Args:
            center: (x, y) in pixels.
            side: In pixels, at least 1.
            within: (width, height) of the picture.
        """
        return cls.rectangle_at(center, size=(side, side), within=within)

    @classmethod
    def rectangle_at(
        cls, center: tuple[float, float], *, size: tuple[int, int], within: tuple[int, int]
    ) -> Self:
        """A box of `size` (width, height) about `center`, shifted to lie inside `within`."""
        spans = []
        for middle, wanted, limit in zip(center, size, within, strict=True):
            length = max(1, min(wanted, limit))
            start = min(max(math.floor(middle - length / 2 + 0.5), 0), limit - length)
            spans.append((start, start + length))
        (x0, x1), (y0, y1) = spans
        return cls(x0, y0, x1, y1)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(x0, y0, x1, y1)."""
        return self.x0, self.y0, self.x1, self.y1

    @property
    def width(self) -> int:
        """In pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """In pixels."""
        return self.y1 - self.y0

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.width, self.height

    @property
    def area(self) -> int:
        """In square pixels."""
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """(x, y) of the middle; for an even side it lies on a pixel edge."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def share_of(self, size: tuple[int, int]) -> float:
        """This region's part of a picture of (width, height), 0..1."""
        return self.area / (size[0] * size[1])

    def covers(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def intersection(self, other: "Region") -> "Region | None":
        """The common part, or None where the two only touch or miss."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return Region(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def iou(self, other: "Region") -> float:
        """Intersection over union, 0..1."""
        common = self.intersection(other)
        if common is None:
            return 0.0
        return common.area / (self.area + other.area - common.area)

    def clipped(self, size: tuple[int, int]) -> "Region | None":
        """The part inside a picture of (width, height), or None where nothing is."""
        return self.intersection(Region.whole(size))

    def shifted(self, *, dx: int, dy: int) -> "Region":
        """The same box, moved by whole pixels."""
        return Region(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def grown(self, margin: float, *, within: tuple[int, int]) -> "Region":
        """Widened on each side by `margin` times its own side, cut at the picture's edges."""
        dx, dy = round(self.width * margin), round(self.height * margin)
        return Region(
            max(0, self.x0 - dx),
            max(0, self.y0 - dy),
            min(within[0], self.x1 + dx),
            min(within[1], self.y1 + dy),
        )


@dataclass(frozen=True, slots=True)
class ScoredRegion:
    """A region somebody or something pointed at.

    Attributes:
        region: Where, in the Frame's full-resolution pixels.
        origin: Who pointed: a crop strategy's name, or "manual".
        score: How much better than its surroundings it scored, in the strategy's own
            unit; None where no score exists. Never a probability.
    """

    region: Region
    origin: str
    score: float | None = None
