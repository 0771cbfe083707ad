"""Numbered parts of a picture for a model to choose from: marks on it, or a sheet of them all.

Small marks are misread by small models (40 % of four boxes, 63 % with tags of 64 pixels in one
public log), so that tags take a fixed share of what the model sees, and a sheet shows each part
as large as it gets.
"""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inspector_app.domain.frame import Pixels
from inspector_app.domain.region import Region
from inspector_app.imaging.resizing import resized, shrunk

PAGE = 9
"""Parts on a sheet: three by three, so that each is a third as wide as what the model sees."""
TAG = 1 / 14
"""Height of a tag over the longer side of what is shown."""
LEAST_BOX = 1 / 7
"""Boxes of at least this share of the longer side are marked on the picture itself."""
_PAPER, _INK, _PLATE = (255, 255, 255), (16, 16, 16), (255, 196, 0)


def can_be_marked(regions: Sequence[Region], *, size: tuple[int, int]) -> bool:
    """Whether numbers on the picture can be told apart: large boxes that do not meet.

    Args:
        regions: In pixels of the picture.
        size: (width, height) of it.
    """
    large = all(min(region.size) >= LEAST_BOX * max(size) for region in regions)
    apart = all(
        one.intersection(other) is None
        for at, one in enumerate(regions)
        for other in regions[at + 1 :]
    )
    return large and apart


def marked(pixels: Pixels, regions: Sequence[Region], *, side: int) -> Pixels:
    """The picture with each region outlined and numbered from 1, in the order given.

    Args:
        pixels: (H, W, 3) uint8.
        regions: In its pixels.
        side: Longest side of what is made; a smaller picture keeps its size.

    Returns:
        (h, w, 3) uint8.
    """
    shown = shrunk(pixels, longest=side)
    share = shown.shape[1] / pixels.shape[1], shown.shape[0] / pixels.shape[0]
    canvas = Image.fromarray(shown)
    draw = ImageDraw.Draw(canvas)
    line = max(2, round(max(canvas.size) / 200))
    for number, region in enumerate(regions, start=1):
        x0, y0 = round(region.x0 * share[0]), round(region.y0 * share[1])
        x1, y1 = round(region.x1 * share[0]) - 1, round(region.y1 * share[1]) - 1
        draw.rectangle((x0, y0, max(x1, x0), max(y1, y0)), outline=_PLATE, width=line)
        height = _tag_height(canvas.size)
        above, below = y0 - height - 1, y1 + 1
        # A plate in the box would hide what the model is to see there.
        y = above if above >= 0 else below if below + height <= canvas.height else y0
        _tag(draw, number, x=x0, y=y, height=height)
    return np.asarray(canvas)


def sheet(pixels: Pixels, regions: Sequence[Region], *, side: int) -> Pixels:
    """A square sheet of the regions' own pixels, each in its cell below its number, from 1.

    Args:
        pixels: (H, W, 3) uint8.
        regions: In its pixels; at most `PAGE`.
        side: Of the sheet, in pixels.

    Returns:
        (side, side, 3) uint8, white between the cells.

    Raises:
        ValueError: none, or more than fit.
    """
    if not 1 <= len(regions) <= PAGE:
        raise ValueError(f"1 to {PAGE} parts on a sheet, not {len(regions)}")
    across = math.ceil(math.sqrt(len(regions)))
    cell, gap = side // across, max(1, side // 100)
    canvas = Image.new("RGB", (side, side), _PAPER)
    draw = ImageDraw.Draw(canvas)
    for index, region in enumerate(regions):
        row, col = divmod(index, across)
        part = pixels[region.y0 : region.y1, region.x0 : region.x1]
        x, y, tag = col * cell + gap, row * cell + gap, _tag_height(canvas.size)
        room = cell - 2 * gap, cell - 2 * gap - tag
        share = min(room[0] / region.width, room[1] / region.height)
        size = max(1, round(region.width * share)), max(1, round(region.height * share))
        canvas.paste(Image.fromarray(resized(part, size=size)), (x, y + tag))
        _tag(draw, index + 1, x=x, y=y, height=tag)
    return np.asarray(canvas)


def _tag_height(size: tuple[int, int]) -> int:
    return max(11, round(max(size) * TAG))


def _tag(draw: ImageDraw.ImageDraw, number: int, *, x: int, y: int, height: int) -> None:
    """A number on a plate whose upper left corner is at (x, y)."""
    font = ImageFont.load_default(size=0.85 * height)
    width = max(height, round(draw.textlength(str(number), font=font)) + height // 2)
    draw.rectangle((x, y, x + width - 1, y + height - 1), fill=_PLATE, outline=_INK)
    draw.text((x + width / 2, y + height / 2), str(number), fill=_INK, font=font, anchor="mm")
