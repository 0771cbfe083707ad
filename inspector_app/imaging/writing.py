"""What looks like lines of letters, whatever they say.

A heuristic, not a reader: it tells that there is writing, so that a "no defect" is not believed
which a sentence in the picture may have asked for. At several sizes and for dark and bright ink:

1. thin things stand out of a morphological top-hat (bright) or black-hat (dark): strokes are
   narrower than its square, screws and shades are not (Wu, Hsieh and Chen, 2008);
2. what stands out of the noise about it (mean plus a multiple of the local spread) is cut into
   connected pieces; those with the height, width and fill of letters or strokes stay;
3. neighbours of like height and strength, next to each other at less than a letter's distance,
   are joined to chains, and of a chain those pieces stay that keep to one straight line;
4. twelve figures of the line (how strong and steep its ink is, how thin its strokes, how empty
   its surroundings) are weighed, by weights that were fitted on generated pictures.

The number of letters is the number of pieces, at least the line's length over its height.
"""

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region

_LONGEST = 2048
_HAT = 13
_SIZES = (2.0, 1.0, 0.5, 0.25)
_LOW, _HIGH = 7, 30
_LEAST_PIECES = 4
_ABOUT = 81
_LIKELY = 0.0
# Four pieces in a row are soon found in any texture.
_LIKELY_SHORT = 1.5
# By logistic regression over the lines in 400 generated pictures with and without commands
# (`training.scene_injections`, seeds 5000 to 5159 and 20000 to 20239).
_BIAS = -11.946
_WEIGHTS = MappingProxyType(
    {
        "strength": 1.281,  # of the pieces, log grey levels
        "gradfar": 0.679,  # gradient on the line over that about it, log
        "within": 7.276,  # part of the line that is ink
        "n": 1.734,  # pieces, log
        "fill": 4.1,  # part of a piece's box that is ink
        "stroke": -10.604,  # width of the strokes over the height of the line
        "sep": 1.692,  # ink against paper, over the spread of both
        "gradrel": 2.163,  # gradient over strength, log: printed edges are steep
        "col": 3.237,  # part of the columns that hold ink
        "wid": -0.393,  # width of a piece over the height of the line
        "off": -4.478,  # distance of the pieces from the line, over its height
        "snrfar": 0.274,  # strength of the ink over what stands out about the line, log
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of writing.

    Attributes:
        box: What it covers, in pixels of the picture.
        letters: How many it seems to hold.
    """

    box: Region
    letters: int


def lines_of_writing(pixels: NDArray[np.uint8]) -> tuple[Line, ...]:
    """All lines, the longest first; none lies for the most part in another.

    Args:
        pixels: (H, W, 3) RGB.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    found: list[Line] = []
    for size in _SIZES:
        scale = size * min(1.0, _LONGEST / max(height, width))
        if scale * max(height, width) > _LONGEST or scale * min(height, width) < 16:
            continue
        wanted = max(1, round(width * scale)), max(1, round(height * scale))
        how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        small = cv2.resize(grey, wanted, interpolation=how)
        for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
            found += [_scaled(line, scale, (width, height)) for line in _lines(small, kind)]
    found.sort(key=lambda line: -line.letters)
    kept: list[Line] = []
    for line in found:
        if not any(_lies_in(line.box, other.box) for other in kept):
            kept.append(line)
    return tuple(kept)


def _scaled(line: Line, scale: float, size: tuple[int, int]) -> Line:
    x0, y0, x1, y1 = (round(edge / scale) for edge in line.box.box)
    x0, y0 = min(x0, size[0] - 1), min(y0, size[1] - 1)
    box = Region(x0, y0, max(x0 + 1, min(x1, size[0])), max(y0 + 1, min(y1, size[1])))
    return Line(box, line.letters)


def _lies_in(inner: Region, outer: Region) -> bool:
    common = inner.intersection(outer)
    return common is not None and common.area > 0.5 * inner.area


@dataclass(frozen=True, eq=False)
class _Plane:
    """A picture at one size, for ink of one kind; all (h, w).

    Attributes:
        smooth: The picture, a little softened, in grey levels.
        hat: How far a thin thing stands out, in grey levels.
        mask: 1 where it stands out of the noise.
    """

    smooth: NDArray[Any]
    hat: NDArray[Any]
    mask: NDArray[np.uint8]

    # Most planes hold no chain that could be a line: then nobody asks for these two.

    @cached_property
    def stroke(self) -> NDArray[Any]:
        """Distance to the edge of the ink, in pixels."""
        return cv2.distanceTransform(self.mask, cv2.DIST_L2, 3)

    @cached_property
    def steep(self) -> NDArray[Any]:
        """Size of the gradient, in grey levels a pixel."""
        level = self.smooth.astype(np.float32)
        across = cv2.Sobel(level, cv2.CV_32F, 1, 0, scale=1 / 8)
        return cv2.magnitude(across, cv2.Sobel(level, cv2.CV_32F, 0, 1, scale=1 / 8))


def _plane(grey: NDArray[Any], kind: int) -> _Plane:
    square = cv2.getStructuringElement(cv2.MORPH_RECT, (_HAT, _HAT))
    smooth = cv2.GaussianBlur(grey, (0, 0), 0.7)
    hat = cv2.morphologyEx(smooth, kind, square).astype(np.float32)
    usual = cv2.blur(hat, (_ABOUT, _ABOUT))
    spread = np.sqrt(np.maximum(cv2.blur(hat * hat, (_ABOUT, _ABOUT)) - usual * usual, 0))
    mask = (hat > np.maximum(usual + 1.2 * spread, 10)).astype(np.uint8)
    return _Plane(smooth, hat, mask)


def _lines(grey: NDArray[Any], kind: int) -> list[Line]:
    """Lines of letters of `_LOW` to `_HIGH` pixels."""
    plane = _plane(grey, kind)
    count, _, stats, _ = cv2.connectedComponentsWithStats(plane.mask, connectivity=8)
    if count <= _LEAST_PIECES:
        return []
    pieces = _pieces(stats, plane.hat)
    if len(pieces) < _LEAST_PIECES:
        return []
    chains = _chains(pieces)
    return [line for chain in chains if (line := _line(pieces[chain], plane)) is not None]


def _pieces(stats: NDArray[Any], hat: NDArray[Any]) -> NDArray[np.float64]:
    """(N, 6) middle x and y, width, height, fill, strength of what may be a letter."""
    wide, high, area = (stats[:, at].astype(np.float64) for at in (2, 3, 4))
    fill = area / np.maximum(wide * high, 1)
    is_letter = (high >= _LOW) & (high <= _HIGH) & (wide >= 2) & (wide <= 2.5 * _HIGH)
    is_letter &= (fill > 0.12) & (fill < 0.95) & (wide < 8 * high)
    is_letter[0] = False
    chosen = np.flatnonzero(is_letter)
    found = []
    for at in chosen:
        x, y, w, h = (int(value) for value in stats[at, :4])
        strength = quantile(hat[y : y + h, x : x + w], 0.8)
        found.append((x + w / 2, y + h / 2, w, h, fill[at], strength))
    return np.array(found, np.float64).reshape(-1, 6)


def quantile(values: NDArray[np.float32], part: float) -> float:
    """What `numpy.quantile` gives, within rounding, without its cost for a handful of values.

    Args:
        values: Of any shape, not empty, no NaN.
        part: 0..1; between two values it is interpolated.
    """
    flat = values.ravel()
    place = (flat.size - 1) * part
    low = int(place)
    high = min(low + 1, flat.size - 1)
    ordered = np.partition(flat, (low, high))
    before, after = float(ordered[low]), float(ordered[high])
    return before + (after - before) * (place - low)


def _chains(pieces: NDArray[np.float64]) -> list[list[int]]:
    """Indices of pieces that follow each other, as chains of at least `_LEAST_PIECES`."""
    x, y, wide, high, _, strength = pieces.T
    order = np.argsort(x)
    parent = list(range(len(pieces)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for position, at in enumerate(order):
        others = order[position + 1 :]
        reach = x[at] + wide[at] / 2 + 3.5 * high[at] + 2 * _HIGH
        others = others[x[others] < reach]
        gap = np.abs(x[others] - x[at]) - (wide[others] + wide[at]) / 2
        tall = np.maximum(high[others], high[at])
        short = np.minimum(high[others], high[at])
        rise = np.abs(y[others] - y[at])
        run = np.maximum(np.abs(x[others] - x[at]), 1)
        fits = (
            (gap < 1.0 * tall) & (tall < 2.2 * short) & (rise < np.maximum(0.6 * run, 0.35 * tall))
        )
        fits &= rise < 1.2 * tall
        fits &= np.maximum(strength[others], strength[at]) < 2.0 * np.minimum(
            strength[others], strength[at]
        )
        for other in others[fits]:
            parent[root(int(other))] = root(int(at))
    chains: dict[int, list[int]] = {}
    for at in range(len(pieces)):
        chains.setdefault(root(at), []).append(at)
    return [chain for chain in chains.values() if len(chain) >= _LEAST_PIECES]


def _line(pieces: NDArray[np.float64], plane: _Plane) -> Line | None:
    """The line that a chain makes, or None where it is not one."""
    x, y, _, high = pieces[:, :4].T
    tall = float(np.quantile(high, 0.8))
    slope, base = (float(value) for value in np.polyfit(x, y, 1))
    off = np.abs(y - (slope * x + base)) * np.cos(np.arctan(slope))
    inside = off < 0.5 * tall
    if inside.sum() < _LEAST_PIECES or inside.mean() < 0.8 or abs(slope) > 0.7:
        return None
    x, y, wide, high = pieces[inside, :4].T
    length = float(x.max() - x.min()) * float(np.hypot(1, slope)) + float(wide.mean())
    if length < 2.5 * tall:
        return None
    x0, x1 = float((x - wide / 2).min()), float((x + wide / 2).max())
    y0, y1 = float((y - high / 2).min()), float((y + high / 2).max())
    shape = _Shape(slope, base, (x0, x1), tall, float(off[inside].mean()) / tall)
    wanted = _LIKELY_SHORT if inside.sum() == _LEAST_PIECES else _LIKELY
    if _score(pieces[inside], plane, shape) < wanted:
        return None
    box = Region(int(x0), int(y0), max(int(x1), int(x0) + 1), max(int(y1), int(y0) + 1))
    return Line(box, max(int(inside.sum()), round(length / tall)))


@dataclass(frozen=True, slots=True)
class _Shape:
    """y = slope * x + base, from where to where, how tall, and how far its pieces are off it."""

    slope: float
    base: float
    span: tuple[float, float]
    tall: float
    off: float


def _score(pieces: NDArray[np.float64], plane: _Plane, shape: _Shape) -> float:
    """How much more likely writing than chance, as a logarithm of odds; low where it is not."""
    tall = shape.tall
    along = np.arange(int(shape.span[0]), int(shape.span[1]) + 1)
    straight = 1 / np.sqrt(1 + shape.slope**2)
    rows = np.arange(-2.5 * tall, 2.5 * tall + 1) / straight
    ys = np.rint(shape.slope * along + shape.base + rows[:, None]).astype(np.int64)
    is_there = (ys >= 0) & (ys < plane.mask.shape[0])
    at = np.clip(ys, 0, plane.mask.shape[0] - 1), np.clip(along, 0, plane.mask.shape[1] - 1)
    ink, hat, stroke, steep = (
        np.where(is_there, values[at], 0)
        for values in (plane.mask, plane.hat, plane.stroke, plane.steep)
    )
    away = np.abs(rows) * straight
    core, far = away <= 0.5 * tall, away > 1.25 * tall
    beside = (away > 0.75 * tall) & (away < 1.25 * tall)
    sides = [float(ink[beside & side].mean()) for side in (rows < 0, rows > 0)]
    within, is_ink = float(ink[core].mean()), ink[core] > 0
    # One side may hold the next line of the same text.
    if not (within > 0.15 and min(sides) < 0.35 * within) or is_ink.all():
        return -np.inf
    drawn, blank = hat[core][is_ink], hat[core][~is_ink]
    level = float(drawn.mean())
    told = {
        "strength": np.log(np.median(pieces[:, 5])),
        "gradfar": np.log((steep[core].mean() + 0.1) / (steep[far].mean() + 0.1)),
        "within": within,
        "n": np.log(len(pieces)),
        "fill": pieces[:, 4].mean(),
        "stroke": 2 * stroke[core][is_ink].mean() / tall,
        "sep": (level - blank.mean()) / (drawn.std() + blank.std() + 1e-3),
        "gradrel": np.log(steep[core].mean() / level),
        "col": (ink[core].sum(axis=0) > 0).mean(),
        "wid": pieces[:, 2].mean() / tall,
        "off": shape.off,
        "snrfar": np.log(level / max(0.5, float(hat[far].mean()))),
    }
    return float(_BIAS + sum(_WEIGHTS[name] * value for name, value in told.items()))
