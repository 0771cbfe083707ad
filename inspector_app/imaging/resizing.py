"""Enlarge and shrink pixels without jagged edges or invented ones."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import Pixels
from inspector_app.imaging.pyramid import single_channel

Box = tuple[float, float, float, float]


def resized(pixels: Pixels, *, size: tuple[int, int], box: Box | None = None) -> Pixels:
    """Resample to (width, height): cubic when enlarging, antialiased when shrinking.

    Args:
        pixels: (H, W, 3) uint8.
        size: (width, height) wanted, at least 1 each.
        box: Part to take, (x0, y0, x1, y1) in pixels, fractions allowed; None for all.
    """
    if box is None and size == (pixels.shape[1], pixels.shape[0]):
        return pixels
    return _pixels(_image(pixels).resize(size, Image.Resampling.BICUBIC, box=box))


def for_screen(pixels: Pixels, *, size: tuple[int, int]) -> Pixels:
    """Resample to (width, height) in a few milliseconds, for pictures that move."""
    shrinks = size[0] < pixels.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=way), dtype=np.uint8)


def fitted(size: tuple[int, int], *, longest: int) -> tuple[int, int]:
    """(width, height) of the same shape whose longest side is `longest`, at least 1 each."""
    scale = longest / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def shrunk(pixels: Pixels, *, longest: int) -> Pixels:
    """At most `longest` pixels on the longer side; smaller pictures stay as they are."""
    size = (pixels.shape[1], pixels.shape[0])
    return pixels if max(size) <= longest else resized(pixels, size=fitted(size, longest=longest))


def enlarged(pixels: Pixels, *, longest: int) -> Pixels:
    """At least `longest` pixels on the longer side; larger pictures stay as they are."""
    size = (pixels.shape[1], pixels.shape[0])
    return pixels if max(size) >= longest else resized(pixels, size=fitted(size, longest=longest))


def thumbnail(pixels: Pixels, *, longest: int) -> Pixels:
    """A small picture for lists; drafts large ones by whole factors first, which is quick."""
    image = _image(pixels)
    image.thumbnail((longest, longest), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return _pixels(image)


def under_grid(pixels: Pixels, *, grid: TokenGrid) -> tuple[Pixels, NDArray[np.bool_]]:
    """What each cell of a grid lies over: the mean colour, and whether it is in the picture.

    Args:
        pixels: (H, W, 3) uint8.
        grid: Any grid over the picture, as fine as wanted; it may reach beyond.

    Returns:
        (rows, cols, 3) uint8 and (rows, cols), False where a cell's middle lies outside;
        there the colour is that of the nearest cell inside.
    """
    width, height = grid.cell
    cols = np.flatnonzero(_within(grid.x0, width, grid.cols, limit=pixels.shape[1]))
    rows = np.flatnonzero(_within(grid.y0, height, grid.rows, limit=pixels.shape[0]))
    inside = np.zeros((grid.rows, grid.cols), np.bool_)
    if not cols.size or not rows.size:
        return np.zeros((grid.rows, grid.cols, 3), np.uint8), inside
    inside[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1] = True
    box = (
        max(0.0, grid.x0 + cols[0] * width),
        max(0.0, grid.y0 + rows[0] * height),
        min(float(pixels.shape[1]), grid.x0 + (cols[-1] + 1) * width),
        min(float(pixels.shape[0]), grid.y0 + (rows[-1] + 1) * height),
    )
    image = _image(pixels)
    covered = _pixels(image.resize((cols.size, rows.size), Image.Resampling.BOX, box=box))
    around = ((rows[0], grid.rows - 1 - rows[-1]), (cols[0], grid.cols - 1 - cols[-1]), (0, 0))
    return np.pad(covered, around, mode="edge"), inside


def _image(pixels: Pixels) -> Image.Image:
    """For Pillow; grey whose three channels are one memory becomes one band over that memory."""
    grey = single_channel(pixels)
    return Image.fromarray(np.ascontiguousarray(pixels if grey is None else grey))


def _pixels(image: Image.Image) -> Pixels:
    """(h, w, 3) of its own memory."""
    return np.array(image if image.mode == "RGB" else image.convert("RGB"))


def _within(start: float, step: float, count: int, *, limit: int) -> NDArray[np.bool_]:
    middles = start + (np.arange(count) + 0.5) * step
    return (middles > 0) & (middles < limit)
