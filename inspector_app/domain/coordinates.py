"""Boxes as models write them, and back: four ways of counting, none of which ever raises.

    absolute   whole pixels of the picture as it was resized for the model (Qwen2.5-VL)
    thousand   0 to 1000 of width and height (Qwen-VL, Qwen3-VL, InternVL)
    unit       0 to 1 of width and height, three decimals (LLaVA)
    bins       <bin_0> to <bin_999> of width and height (OFA)

Reading is exact to half a bin of the way chosen.
"""

import math
import re
from collections.abc import Iterator
from enum import StrEnum

from inspector_app.domain.region import Region

LONGEST = 20_000
"""Characters of an answer that are searched for boxes."""
_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
# Between numbers of one box: commas, spaces, brackets, quotes, colons and names of corners.
_BETWEEN = r"(?:[\s,;:|()\[\]{}<>\"'=/]|(?:x|y)_?(?:min|max|0|1|2)|left|top|right|bottom)*"
_BETWEEN_AT_LEAST = r"(?:[\s,;:|()\[\]{}<>\"'=/]+" + _BETWEEN + r")"
_FOUR = re.compile(
    rf"(?<![\w.])({_NUMBER}){_BETWEEN_AT_LEAST}({_NUMBER}){_BETWEEN_AT_LEAST}"
    rf"({_NUMBER}){_BETWEEN_AT_LEAST}({_NUMBER})(?![\w.])",
    re.IGNORECASE,
)
_FOUR_BINS = re.compile(r"<bin_([0-9]+)>\s*" * 3 + r"<bin_([0-9]+)>")
Box = tuple[float, float, float, float]


class Coordinates(StrEnum):
    """How a model counts."""

    ABSOLUTE = "absolute"
    THOUSAND = "thousand"
    UNIT = "unit"
    BINS = "bins"

    def steps(self, shown: tuple[int, int]) -> tuple[int, int]:
        """How many steps the counting has over (width, height) of a picture shown so large."""
        fixed = {Coordinates.THOUSAND: 1000, Coordinates.UNIT: 1000, Coordinates.BINS: 999}
        return shown if self is Coordinates.ABSOLUTE else (fixed[self],) * 2

    @property
    def words(self) -> str:
        """How a prompt asks for it."""
        return _WORDS[self]


_WORDS = {
    Coordinates.ABSOLUTE: "[x0, y0, x1, y1] in pixels",
    Coordinates.THOUSAND: "[x0, y0, x1, y1] from 0 to 1000 of the width and height",
    Coordinates.UNIT: "[x0, y0, x1, y1] from 0 to 1 of the width and height",
    Coordinates.BINS: "<bin_x0> <bin_y0> <bin_x1> <bin_y1>",
}


def written(
    region: Region, *, how: Coordinates, size: tuple[int, int], shown: tuple[int, int]
) -> str:
    """A region as a model that counts this way writes it.

    Args:
        region: In pixels of the picture.
        how: The way of counting.
        size: (width, height) of the picture.
        shown: (width, height) to which it is resized for the model.
    """
    steps = how.steps(shown)
    counted = [
        min(max(math.floor(edge * steps[at % 2] / size[at % 2] + 0.5), 0), steps[at % 2])
        for at, edge in enumerate(region.box)
    ]
    if how is Coordinates.BINS:
        return " ".join(f"<bin_{count}>" for count in counted)
    if how is Coordinates.UNIT:
        return "[" + ", ".join(f"{count / 1000:.3f}" for count in counted) + "]"
    return "[" + ", ".join(str(count) for count in counted) + "]"


def boxes_in(
    text: str, *, how: Coordinates, size: tuple[float, float], shown: tuple[int, int]
) -> tuple[Box, ...]:
    """Every box a text names, in pixels of the picture, as floats; whatever the text is.

    Corners may come in any order; what reaches outside is cut, what has no area is left out.

    Args:
        text: What a model said.
        how: The way it counts.
        size: (width, height) of the picture.
        shown: (width, height) to which it is resized for the model.
    """
    steps = how.steps(shown)
    found = []
    for four in _fours(text[:LONGEST], how=how):
        scale = 1000 if how is Coordinates.UNIT else 1
        edges = [
            min(max(value * scale * size[at % 2] / steps[at % 2], 0.0), float(size[at % 2]))
            for at, value in enumerate(four)
        ]
        x0, x1 = sorted(edges[0::2])
        y0, y1 = sorted(edges[1::2])
        if x0 < x1 and y0 < y1:
            found.append((x0, y0, x1, y1))
    return tuple(dict.fromkeys(found))


def regions_in(
    text: str,
    *,
    how: Coordinates,
    size: tuple[int, int],
    shown: tuple[int, int],
    over: Box | None = None,
) -> tuple[Region, ...]:
    """The same as whole pixels, rounded to the nearest and at least one wide and high.

    Args:
        text: What a model said.
        how: The way it counts.
        size: (width, height) of the picture.
        shown: (width, height) of what the model was shown.
        over: (x0, y0, x1, y1) in pixels of the picture that this was; it may reach beyond the
            picture (padding) or be a part of it. None for the whole picture.
    """
    x0, y0, x1, y1 = (0.0, 0.0, float(size[0]), float(size[1])) if over is None else over
    regions = []
    for box in boxes_in(text, how=how, size=(x1 - x0, y1 - y0), shown=shown):
        left, right = (_nearest(edge + x0, limit=size[0]) for edge in box[0::2])
        top, bottom = (_nearest(edge + y0, limit=size[1]) for edge in box[1::2])
        left, top = min(left, size[0] - 1), min(top, size[1] - 1)
        regions.append(Region(left, top, max(right, left + 1), max(bottom, top + 1)))
    return tuple(dict.fromkeys(regions))


def _nearest(edge: float, *, limit: int) -> int:
    return min(max(math.floor(edge + 0.5), 0), limit)


def _fours(text: str, *, how: Coordinates) -> Iterator[tuple[float, ...]]:
    """Four numbers in a row, as often as they stand there."""
    pattern = _FOUR_BINS if how is Coordinates.BINS else _FOUR
    for match in pattern.finditer(_without_names(text)):
        four = tuple(float(number) for number in match.groups())
        if all(math.isfinite(number) and abs(number) < 1e9 for number in four):
            yield four


def _without_names(text: str) -> str:
    """Names of corners and of the box hold digits that are no numbers: bbox_2d, x1, y_2."""
    names = r"\b(?:bbox(?:_?2d)?|box(?:_?2d)?|[xy]_?[0-9])\b"
    return re.sub(names, " ", text, flags=re.IGNORECASE)
