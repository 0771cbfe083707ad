"""Heat over a picture, and boxes with letters, exact to the pixel they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from inspector_app.domain.attention import AttentionMap, Map
from inspector_app.domain.frame import Pixels
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Point
from inspector_app.imaging.resizing import resized

Rgba = NDArray[np.uint8]

COLOUR_MAPS = ("viridis", "inferno", "cividis", "magma")
"""Of even lightness steps, so that they read the same to the colour-blind and in print."""

_TABLES = {
    "viridis": cv2.COLORMAP_VIRIDIS,
    "inferno": cv2.COLORMAP_INFERNO,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "magma": cv2.COLORMAP_MAGMA,
}
_OPAQUE_FROM = 0.6
"""Part of the highest value from which the heat is as opaque as it gets."""
_LINE = (255, 196, 0)
_OWN = (79, 216, 255)
_HALO = (16, 16, 16)


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to draw.

    Attributes:
        region: Where, in Frame pixels.
        tag: Its letter; "" for none.
        is_solid: Drawn by a person; the program's own boxes are dashed.
    """

    region: Region
    tag: str = ""
    is_solid: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """What a person drew, to be drawn over a picture.

    Attributes:
        points: (x, y) in Frame pixels: corners of an area in order, ends of a line, one point.
        is_closed: Whether they lie about an area.
        tag: Its number; "" for none.
    """

    points: tuple[Point, ...]
    is_closed: bool = True
    tag: str = ""


def colour_table(name: str) -> NDArray[np.uint8]:
    """(256, 3) RGB from low to high.

    Raises:
        ValueError: no colour map of that name.
    """
    if name not in _TABLES:
        raise ValueError(f'no colour map "{name}"; there are {", ".join(COLOUR_MAPS)}')
    ramp = np.arange(256, dtype=np.uint8)[:, None]
    bgr = cv2.applyColorMap(ramp, _TABLES[name])[:, 0]
    return bgr[:, ::-1].astype(np.uint8)


def heat_rgba(
    values: Map,
    *,
    size: tuple[int, int],
    colour_map: str = "viridis",
    smooth: bool = True,
    opacity: float = 1.0,
) -> Rgba:
    """A map's own grid in colours, from edge to edge of the grid.

    Args:
        values: (rows, cols) map.
        size: (width, height) of the picture made; it covers the grid exactly.
        colour_map: One of `COLOUR_MAPS`.
        smooth: Interpolate between the middles of the cells; else every pixel has the
            colour of the cell it lies in.
        opacity: Of the highest value, 0..1.

    Returns:
        (height, width, 4) uint8 RGBA, not premultiplied, writable. Low values fade to
        transparent; a flat map is transparent everywhere.
    """
    rows, cols = values.shape
    at = _places(size[0], start=0.0, end=cols), _places(size[1], start=0.0, end=rows)
    return _coloured(values, at, colour_map=colour_map, smooth=smooth, opacity=opacity)


def heat_over(
    attention: AttentionMap,
    *,
    region: Region,
    size: tuple[int, int],
    colour_map: str = "viridis",
    smooth: bool = True,
    opacity: float = 1.0,
) -> Rgba:
    """A map's colours over a part of the Frame, wherever the grid lies.

    Args:
        attention: The map with its grid.
        region: The part of the Frame that is drawn.
        size: (width, height) of the picture made of that part.
        colour_map: One of `COLOUR_MAPS`.
        smooth: As in `heat_rgba`.
        opacity: Of the map's highest value, 0..1.

    Returns:
        (height, width, 4) uint8 RGBA, not premultiplied; transparent outside the grid.
    """
    grid = attention.grid
    width, height = grid.cell
    columns = _places(
        size[0], start=(region.x0 - grid.x0) / width, end=(region.x1 - grid.x0) / width
    )
    rows = _places(
        size[1], start=(region.y0 - grid.y0) / height, end=(region.y1 - grid.y0) / height
    )
    rgba = _coloured(
        attention.values, (columns, rows), colour_map=colour_map, smooth=smooth, opacity=opacity
    )
    rgba[:, (columns < 0) | (columns >= grid.cols), 3] = 0
    rgba[(rows < 0) | (rows >= grid.rows), :, 3] = 0
    return rgba


def blended(pixels: Pixels, rgba: Rgba) -> Pixels:
    """(h, w, 3) pixels under (h, w, 4) colours that are not premultiplied."""
    share = rgba[:, :, 3:].astype(np.float32) / 255
    mixed = pixels * (1 - share) + rgba[:, :, :3] * share
    return np.rint(mixed).astype(np.uint8)


def annotate(
    pixels: Pixels,
    marks: Sequence[Mark] = (),
    *,
    heat: AttentionMap | None = None,
    frame_size: tuple[int, int] | None = None,
    colour_map: str = "viridis",
    opacity: float = 0.6,
) -> Pixels:
    """Heat, boxes and letters drawn over a picture, for a report.

    Args:
        pixels: (h, w, 3) uint8 of the whole Frame, at its size or another.
        marks: Boxes in Frame pixels; each is drawn just outside the pixels it holds, as
            far as there is room.
        heat: Where the model looked, or None.
        frame_size: (width, height) of the Frame; None where `pixels` are at its size.
        colour_map: One of `COLOUR_MAPS`.
        opacity: Of the heat, 0..1.

    Returns:
        (h, w, 3) uint8; the given pixels stay as they were.
    """
    size = (pixels.shape[1], pixels.shape[0])
    frame = frame_size or size
    if heat is not None:
        whole = Region.whole(frame)
        over = heat_over(heat, region=whole, size=size, colour_map=colour_map, opacity=opacity)
        pixels = blended(pixels, over)
    image = Image.fromarray(np.ascontiguousarray(pixels))
    draw = ImageDraw.Draw(image)
    line = max(1, round(max(size) / 450))
    scale = size[0] / frame[0], size[1] / frame[1]
    boxes = [_outline(mark.region, scale=scale, line=line, size=size) for mark in marks]
    for mark, box in zip(marks, boxes, strict=True):
        _draw_box(draw, box, line=line, is_solid=mark.is_solid)
    for mark, box in zip(marks, boxes, strict=True):
        if mark.tag:
            _draw_tag(draw, mark.tag, box=box, size=size)
    return np.array(image)


def outlined(pixels: Pixels, outlines: Sequence[Outline], *, frame_size: tuple[int, int]) -> Pixels:
    """What people drew, in another colour than the program's boxes and never dashed.

    Args:
        pixels: (h, w, 3) uint8 of the whole Frame, at its size or another.
        outlines: In Frame pixels.
        frame_size: (width, height) of the Frame.

    Returns:
        (h, w, 3) uint8; the given pixels stay as they were.
    """
    size = (pixels.shape[1], pixels.shape[0])
    image = Image.fromarray(np.ascontiguousarray(pixels))
    draw, line = ImageDraw.Draw(image), max(1, round(max(size) / 450))
    x, y = size[0] / frame_size[0], size[1] / frame_size[1]
    for one in outlines:
        path = [(at[0] * x, at[1] * y) for at in one.points]
        if len(path) == 1:
            # A ring about the point, so that what lies there can be seen.
            for colour, width in ((_HALO, 3 * line), (_OWN, line)):
                draw.circle(path[0], 4 * line + width / 2, outline=colour, width=width)
        else:
            closed = [*path, path[0]] if one.is_closed else path
            draw.line(closed, fill=_HALO, width=3 * line, joint="curve")
            draw.line(closed, fill=_OWN, width=line, joint="curve")
        # At the highest point, which lies on the line itself, unlike the corner of a box about it.
        at_x, at_y = min(path, key=lambda at: at[1])
        away = (6 if len(path) == 1 else 1) * line
        box = (at_x, at_y - away, at_x, at_y + away)
        _draw_tag(draw, one.tag, box=box, size=size, fill=_OWN)
    return np.array(image)


def enlarged_part(pixels: Pixels, region: Region, *, longest: int) -> Pixels:
    """The pixels of a region, brought to `longest` on their longer side."""
    part = pixels[region.y0 : region.y1, region.x0 : region.x1]
    scale = longest / max(region.size)
    return resized(
        part, size=(max(1, round(region.width * scale)), max(1, round(region.height * scale)))
    )


def _places(count: int, *, start: float, end: float) -> NDArray[np.float64]:
    """Where the middles of `count` pixels lie, in cells from the grid's edge."""
    middles: NDArray[np.float64] = np.arange(count, dtype=np.float64) + 0.5
    return start + middles * ((end - start) / count)


def _coloured(
    values: Map,
    at: tuple[NDArray[np.float64], NDArray[np.float64]],
    *,
    colour_map: str,
    smooth: bool,
    opacity: float,
) -> Rgba:
    level = _levels(values)
    columns, rows = at
    if smooth:
        down = _weights(rows, level.shape[0])
        across = _weights(columns, level.shape[1])
        shares: NDArray[np.float32] = np.clip(down @ level @ across.T, 0, 1)
    else:
        shares = level[_cells(rows, level.shape[0])][:, _cells(columns, level.shape[1])]
    rgba = np.empty((*shares.shape, 4), np.uint8)
    rgba[:, :, :3] = colour_table(colour_map)[np.rint(shares * 255).astype(np.uint8)]
    fading = np.minimum(shares / _OPAQUE_FROM, 1) * (255 * min(max(opacity, 0.0), 1.0))
    rgba[:, :, 3] = np.rint(fading)
    return rgba


def _levels(values: Map) -> NDArray[np.float32]:
    """0 for the lowest value, 1 for the highest; all 0 where nothing stands out."""
    known = np.nan_to_num(np.asarray(values, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(known.min()), float(known.max())
    if high - low <= 1e-6 * max(abs(high), 1e-30):
        return np.zeros(known.shape, np.float32)
    return (known - low) / (high - low)


def _cells(places: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    return np.clip(np.floor(places), 0, count - 1).astype(np.intp)


def _weights(places: NDArray[np.float64], count: int) -> NDArray[np.float32]:
    """(pixels, cells): cubic interpolation between the middles of the cells.

    Source: Keys 1981 with a = -0.5, which goes through the given values; beyond the first
    and last middle the edge value goes on.
    """
    middle = np.clip(places - 0.5, 0, count - 1)
    first = np.floor(middle).astype(np.intp)
    t = middle - first
    taps = (
        (-t + 2 * t**2 - t**3) / 2,
        (2 - 5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2,
        (-(t**2) + t**3) / 2,
    )
    weights = np.zeros((places.size, count), np.float32)
    for offset, tap in enumerate(taps, start=-1):
        cell = np.clip(first + offset, 0, count - 1)
        np.add.at(weights, (np.arange(places.size), cell), tap)
    return weights


Box = tuple[float, float, float, float]


def _outline(
    region: Region, *, scale: tuple[float, float], line: int, size: tuple[int, int]
) -> Box:
    """Middle of the line round a region: outside its pixels, but never off the picture."""
    out = line / 2
    return (
        max(region.x0 * scale[0] - out, out),
        max(region.y0 * scale[1] - out, out),
        min(region.x1 * scale[0] - 1 + out, size[0] - 1 - out),
        min(region.y1 * scale[1] - 1 + out, size[1] - 1 - out),
    )


def _draw_box(draw: ImageDraw.ImageDraw, box: Box, *, line: int, is_solid: bool) -> None:
    x0, y0, x1, y1 = box
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    halo = line + 2 * max(1, line // 2)
    for start, end in pairwise(corners):
        draw.line([start, end], fill=_HALO, width=halo)
    for start, end in pairwise(corners):
        for piece in [(start, end)] if is_solid else _dashes(start, end, length=6 * line):
            draw.line(piece, fill=_LINE, width=line)


def _dashes(
    start: tuple[float, float], end: tuple[float, float], *, length: float
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Pieces of a line, with half as much gap; it begins and ends with a piece."""
    (x0, y0), (x1, y1) = start, end
    whole = max(abs(x1 - x0), abs(y1 - y0))
    count = max(1, round((whole / length + 0.5) / 1.5))
    piece = 1 / (1.5 * count - 0.5)
    spans = [(1.5 * index * piece, (1.5 * index + 1) * piece) for index in range(count)]
    return [
        ((x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b))
        for a, b in spans
    ]


def _draw_tag(
    draw: ImageDraw.ImageDraw,
    tag: str,
    *,
    box: Box,
    size: tuple[int, int],
    fill: tuple[int, int, int] = _LINE,
) -> None:
    """A letter on a plate above the box; below or inside where there is no room above."""
    height = max(11, round(max(size) / 42))
    font = ImageFont.load_default(size=0.8 * height)
    width = max(height, round(draw.textlength(tag, font=font)) + height // 2)
    x0, y0, _, y1 = box
    x = min(max(x0, 0), max(0, size[0] - width))
    above, below = y0 - height - 2, y1 + 2
    y = above if above >= 0 else below if below + height <= size[1] else max(y0, 0) + 2
    plate = (x, y, x + width - 1, y + height - 1)
    draw.rectangle(plate, fill=fill, outline=_HALO)
    middle = (x + width / 2, y + height / 2)
    draw.text(middle, tag, fill=_HALO, font=font, anchor="mm")
