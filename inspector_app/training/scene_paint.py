"""Brushes that all trades share: grain, light, soft shapes, glyphs, free places."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from inspector_app.domain.region import Region
from inspector_app.training.scene_parts import Pixels

FONTS = Path(__file__).parent / "fonts"

Alpha = NDArray[np.float32]
Colour = tuple[int, int, int]


def grain(
    rng: np.random.Generator, *, size: tuple[int, int], cells: tuple[int, int]
) -> NDArray[np.float32]:
    """Smooth random field.

    Args:
        rng: Source of randomness.
        size: (width, height) of the field.
        cells: (columns, rows) of independent values under it; fewer is smoother.

    Returns:
        (H, W), about standard normal.
    """
    columns, rows = max(2, cells[0]), max(2, cells[1])
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    if (columns, rows) == size:
        return coarse
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.float32)


def add_grain(pixels: Pixels, *, rng: np.random.Generator, strength: float) -> Pixels:
    """Add fine sensor noise, the same in the three channels.

    Args:
        pixels: (H, W, 3).
        rng: Source of randomness.
        strength: Half width of the uniform noise in grey levels.
    """
    height, width = pixels.shape[:2]
    noise = cv2.convertScaleAbs(
        rng.integers(0, 256, (height, width), dtype=np.uint8), alpha=2 * strength / 255
    )
    bright = cv2.add(pixels, cv2.merge([noise, noise, noise]))
    half = np.uint8(round(strength))
    return np.asarray(cv2.subtract(bright, np.full_like(bright, half)), np.uint8)


def tinted(grey: NDArray[np.float32], *, tint: Colour) -> Pixels:
    """Colour a grey field.

    Args:
        grey: (H, W), 1 where the colour shall be `tint` itself.
        tint: RGB at grey 1.

    Returns:
        (H, W, 3).
    """
    channels = [cv2.convertScaleAbs(grey, alpha=float(level)) for level in tint]
    return np.asarray(cv2.merge(channels), np.uint8)


def lighting(
    rng: np.random.Generator, *, size: tuple[int, int], depth: float
) -> NDArray[np.float32]:
    """A slow gradient of light over the picture: (H, W), about 1 - depth .. 1 + depth."""
    width, height = size
    field_ = grain(rng, size=size, cells=(3, 3)) * (depth * 0.35)
    angle = rng.uniform(0, 2 * np.pi)
    across = np.linspace(-1, 1, width, dtype=np.float32) * np.float32(np.cos(angle) * depth * 0.6)
    down = np.linspace(-1, 1, height, dtype=np.float32) * np.float32(np.sin(angle) * depth * 0.6)
    return np.asarray(field_ + across[None, :] + down[:, None] + 1, np.float32)


def stamp(pixels: Pixels, alpha: Alpha, *, at: tuple[int, int], colour: Colour | Pixels) -> None:
    """Lay a colour over the picture in place.

    Args:
        pixels: (H, W, 3), changed.
        alpha: (h, w), 0..1.
        at: (x, y) of the patch's corner; the patch must lie inside.
        colour: RGB, or (h, w, 3) pixels.
    """
    x, y = at
    height, width = alpha.shape
    below = pixels[y : y + height, x : x + width].astype(np.float32)
    over = np.asarray(colour, np.float32)
    mixed = below + (over - below) * alpha[..., None]
    pixels[y : y + height, x : x + width] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def shade(pixels: Pixels, gain: NDArray[np.float32], *, at: tuple[int, int]) -> None:
    """Add to the picture in place.

    Args:
        pixels: (H, W, 3), changed.
        gain: (h, w) or (h, w, 3) grey levels to add, may be negative.
        at: (x, y) of the patch's corner; the patch must lie inside.
    """
    x, y = at
    height, width = gain.shape[:2]
    if gain.ndim == 2:
        gain = gain[..., None]
    below = pixels[y : y + height, x : x + width].astype(np.float32)
    pixels[y : y + height, x : x + width] = np.clip(below + gain + 0.5, 0, 255).astype(np.uint8)


def fitted(alpha: Alpha, *, size: tuple[int, int], floor: float = 0.02) -> Alpha:
    """Cut a shape to what it covers and stretch it to a box, so that it touches all four sides.

    Args:
        alpha: (h, w), 0..1.
        size: (width, height) of the box.
        floor: Values up to this count as empty.
    """
    rows = np.flatnonzero((alpha > floor).any(axis=1))
    columns = np.flatnonzero((alpha > floor).any(axis=0))
    tight = alpha[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    shrinks = tight.shape[0] > size[1] or tight.shape[1] > size[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(np.clip(cv2.resize(tight, size, interpolation=method), 0, 1), np.float32)


def strokes(paths: list[NDArray[np.float64]], *, size: tuple[int, int], thickness: float) -> Alpha:
    """Draw smooth lines that reach all sides of a box.

    Args:
        paths: Each (n, 2) points (x, y) in any unit; all are mapped together onto the box.
        size: (width, height) of the box.
        thickness: Of the lines, in box pixels.

    Returns:
        (h, w), 0..1.
    """
    zoom = int(np.clip(np.ceil(160 / max(size)), 1, 4))
    width, height = size[0] * zoom, size[1] * zoom
    pen = max(1, round(thickness * zoom))
    every = np.concatenate(paths)
    low, high = every.min(axis=0), every.max(axis=0)
    room = np.maximum(np.array([width, height]) - 1.0 - pen, 1.0)
    canvas = np.zeros((height, width), np.uint8)
    for path in paths:
        points = (path - low) / np.maximum(high - low, 1e-6) * room + pen / 2
        fixed = np.round(points * 16).astype(np.int32)
        cv2.polylines(canvas, [fixed[:, None]], False, 255, pen, cv2.LINE_AA, 4)
    return fitted((canvas / np.float32(255)).astype(np.float32), size=size)


@lru_cache(maxsize=512)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of the shipped fonts at a pixel size."""
    return ImageFont.truetype(str(FONTS / name), size)


@lru_cache(maxsize=2)
def font_names(*, held_out: bool) -> tuple[str, ...]:
    """File names of the fonts of one split."""
    prefix = "held" if held_out else "train"
    return tuple(sorted(path.name for path in FONTS.glob(f"{prefix}*.?tf")))


@dataclass(frozen=True, slots=True)
class Print:
    """How a font is printed: makes many fonts of few."""

    stretch: float = 1.0
    """Factor of the width."""
    slant: float = 0.0
    """Pixels to the right per pixel of height."""
    weight: float = 0.0
    """Ink added about every stroke, as a part of the font size; negative takes ink away."""


AS_CUT = Print()
_PRINTS = tuple(
    Print(stretch, slant, weight)
    for stretch in (0.74, 0.86, 1.0, 1.14, 1.3)
    for slant in (-0.1, 0.0, 0.0, 0.12, 0.22)
    for weight in (-0.014, 0.0, 0.018)
)


def any_print(rng: np.random.Generator) -> Print:
    """One of a few dozen ways of printing; as the font was cut in 2 of 5 cases."""
    return AS_CUT if rng.random() < 0.4 else _PRINTS[int(rng.integers(len(_PRINTS)))]


def lettering(
    code: str, *, face: ImageFont.FreeTypeFont, tracking: float, how: Print = AS_CUT
) -> tuple[Alpha, list[tuple[float, float, float, float]]]:
    """Write a code.

    Args:
        code: Capital letters and digits.
        face: The font at its size.
        tracking: Extra space between characters, in pixels.
        how: The font is printed.

    Returns:
        (h, w) alpha cut to the ink, and one (x0, y0, x1, y1) box per character in it.
    """
    boxes = []
    x = 0.0
    for character in code:
        left, top, right, bottom = face.getbbox(character)
        boxes.append((x + left, float(top), x + right, float(bottom)))
        x += face.getlength(character) + tracking
    x_low, y_low = min(b[0] for b in boxes), min(b[1] for b in boxes)
    width = int(np.ceil(max(b[2] for b in boxes) - x_low)) + 1
    height = int(np.ceil(max(b[3] for b in boxes) - y_low)) + 1
    paper = Image.new("L", (width, height))
    pen = ImageDraw.Draw(paper)
    x = -x_low
    for character in code:
        pen.text((x, -y_low), character, font=face, fill=255)
        x += face.getlength(character) + tracking
    moved = [(a - x_low, b - y_low, c - x_low, d - y_low) for a, b, c, d in boxes]
    ink = (np.asarray(paper) / np.float32(255)).astype(np.float32)
    return (ink, moved) if how == AS_CUT else _printed(ink, boxes=moved, how=how, size=face.size)


def _printed(
    ink: Alpha, *, boxes: list[tuple[float, float, float, float]], how: Print, size: float
) -> tuple[Alpha, list[tuple[float, float, float, float]]]:
    """Ink and character boxes after stretching, slanting and changing the strokes."""
    height, width = ink.shape
    lean = abs(how.slant) * height
    # x' = stretch * x + slant * (height - y), moved so that nothing falls off on the left.
    shift = how.slant * height if how.slant > 0 else 0.0
    offset = lean if how.slant < 0 else 0.0
    matrix = np.array([[how.stretch, -how.slant, shift + offset], [0.0, 1.0, 0.0]])
    wide = max(1, int(np.ceil(width * how.stretch + lean)))
    drawn = np.asarray(cv2.warpAffine(ink, matrix, (wide, height), flags=cv2.INTER_LINEAR))
    radius = round(abs(how.weight) * size)
    if radius > 0:
        brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        drawn = np.asarray((cv2.dilate if how.weight > 0 else cv2.erode)(drawn, brush))
    leant = []
    for x0, y0, x1, y1 in boxes:
        ends = [how.stretch * x - how.slant * y + matrix[0, 2] for x in (x0, x1) for y in (y0, y1)]
        leant.append((float(min(ends)), y0, float(max(ends)), y1))
    return drawn.astype(np.float32), leant


@dataclass(slots=True)
class Floor:
    """Which places of a picture are taken; finds free ones."""

    size: tuple[int, int]
    """(width, height)."""
    taken: list[Region] = field(default_factory=list)

    def free_place(
        self, rng: np.random.Generator, *, size: tuple[int, int], gap: int, tries: int = 24
    ) -> Region | None:
        """A random free box of `size` at least `gap` pixels from what is taken, if one is found."""
        width, height = size
        room_x, room_y = self.size[0] - width - 2 * gap, self.size[1] - height - 2 * gap
        if room_x < 0 or room_y < 0:
            return None
        for _ in range(tries):
            x = gap + int(rng.integers(0, room_x + 1))
            y = gap + int(rng.integers(0, room_y + 1))
            place = Region(x, y, x + width, y + height)
            if self.is_free(place, gap=gap):
                return place
        return None

    def is_free(self, place: Region, *, gap: int) -> bool:
        """Whether nothing taken lies within `gap` pixels of `place`."""
        return not any(
            place.x0 < other.x1 + gap
            and other.x0 < place.x1 + gap
            and place.y0 < other.y1 + gap
            and other.y0 < place.y1 + gap
            for other in self.taken
        )

    def take(self, place: Region) -> None:
        """Mark a place as taken."""
        self.taken.append(place)


def box_size(*, area: float, aspect: float, within: tuple[int, int]) -> tuple[int, int]:
    """(width, height) in whole pixels of about this area and width/height ratio."""
    # A box nearly as wide as the picture could not be placed: bend the ratio instead of the area.
    longest = (0.9 * within[0], 0.9 * within[1])
    aspect = float(np.clip(aspect, area / longest[1] ** 2, longest[0] ** 2 / area))
    width = max(3, round((area * aspect) ** 0.5))
    return width, max(3, round(area / width))
