"""The same part photographed again: shifted, turned, scaled, blurred, with glare.

What registration is measured on. The camera stands still over a table, so the table does not
move with the part; light, noise and glare are new in every shot.
"""

from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.training import scene_paint as paint
from inspector_app.training.scene_parts import Pixels
from inspector_app.training.scenes import make_scene

Kind = Literal["same", "other", "mirrored", "empty"]
WRONG: tuple[Kind, ...] = ("other", "mirrored", "empty")
SHIFT, ROTATION, SCALE = 0.2, 15.0, 0.1
"""Largest shift (part of the side), turn (degrees) and change of size."""
_SIZE = (2000, 1500)


@dataclass(frozen=True, slots=True, eq=False)
class Shots:
    """A template picture, a second shot, and the truth between them.

    Attributes:
        template: (H, W, 3) the part as it should lie.
        picture: (H, W, 3) the second shot, or one of a wrong part.
        matrix: (2, 3) from template pixels to picture pixels.
        corners: (4, 2) corners of the part in the template, (x, y).
    """

    template: Pixels
    picture: Pixels
    matrix: NDArray[np.float64]
    corners: NDArray[np.float64]

    def error(self, matrix: NDArray[np.float64]) -> float:
        """Largest distance of a part's corner from where it is, in pixels of the picture."""
        there = self.corners @ matrix[:, :2].T + matrix[:, 2]
        truth = self.corners @ self.matrix[:, :2].T + self.matrix[:, 2]
        return float(np.linalg.norm(there - truth, axis=1).max())


def make_shots(*, seed: int, kind: Kind = "same", size: tuple[int, int] = _SIZE) -> Shots:
    """Draw two shots; the same arguments give the same pixels.

    Args:
        seed: Chooses the part, how it moved, blur (up to 3 px at 2,000) and glare (up to two
            burnt spots).
        kind: What lies there the second time: the same part, another plate, the mirrored
            part (turned over), or nothing.
        size: (width, height) of both pictures; the part is 0.7 as large, at least 512.
    """
    rng = np.random.default_rng([seed, 4])
    wide, high = (max(512, round(0.7 * side)) for side in size)
    part = _part(seed, size=(wide, high))
    table = _table(rng, size=size)
    lies = np.array([[1, 0, (size[0] - wide) / 2], [0, 1, (size[1] - high) / 2]], np.float64)
    moved = _moved(rng, size=size)
    template = _shot(part, table, lies, rng=rng)
    second: Pixels | None = part
    if kind == "other":
        second = _part(seed + 1_000_003, size=(wide, high))
    elif kind == "mirrored":
        second = np.ascontiguousarray(part[:, ::-1])
    elif kind == "empty":
        second = None
    placed = np.vstack([moved, [0, 0, 1]]) @ np.vstack([lies, [0, 0, 1]])
    picture = _shot(second, table, placed[:2], rng=rng)
    picture = _spoilt(picture, rng=rng, largest_blur=3.0 * max(size) / 2000)
    x0, y0 = lies[:, 2]
    corners = np.array([[x0, y0], [x0 + wide, y0], [x0, y0 + high], [x0 + wide, y0 + high]])
    return Shots(template, picture, moved, corners)


def _part(seed: int, *, size: tuple[int, int]) -> Pixels:
    return make_scene("plate", seed=seed, share=0.002, size=size, held_out=bool(seed % 2)).pixels


def _table(rng: np.random.Generator, *, size: tuple[int, int]) -> Pixels:
    light = paint.lighting(rng, size=size, depth=0.15)
    light += paint.grain(rng, size=size, cells=(size[0] // 30, size[1] // 30)) * 0.02
    return paint.tinted(light, tint=(96, 98, 104))


def _moved(rng: np.random.Generator, *, size: tuple[int, int]) -> NDArray[np.float64]:
    """(2, 3) a turn and scale about the picture's middle, then a shift."""
    angle, scale = np.radians(rng.uniform(-ROTATION, ROTATION)), rng.uniform(1 - SCALE, 1 + SCALE)
    across, down = rng.uniform(-SHIFT, SHIFT) * size[0], rng.uniform(-SHIFT, SHIFT) * size[1]
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[cos, -sin], [sin, cos]])
    middle = (np.array(size) - 1) / 2
    return np.hstack([turn, (middle - turn @ middle + np.array([across, down]))[:, None]])


def _shot(
    part: Pixels | None, table: Pixels, matrix: NDArray[np.float64], *, rng: np.random.Generator
) -> Pixels:
    """The table with the part on it, and the sensor's noise."""
    size = table.shape[1], table.shape[0]
    seen = table.astype(np.float32)
    if part is not None:
        solid = np.full(part.shape[:2], 1, np.float32)
        cover = cv2.warpAffine(solid, matrix, size)[:, :, None]
        seen = seen * (1 - cover) + cv2.warpAffine(part, matrix, size).astype(np.float32) * cover
    seen += rng.standard_normal(seen.shape, np.float32) * np.float32(rng.uniform(2, 5))
    return np.clip(seen, 0, 255).astype(np.uint8)


def _spoilt(pixels: Pixels, *, rng: np.random.Generator, largest_blur: float) -> Pixels:
    """With glare, then out of focus."""
    height, width = pixels.shape[:2]
    seen: NDArray[Any] = pixels.astype(np.float32)
    for _ in range(int(rng.integers(0, 3))):
        spot: NDArray[Any] = np.zeros((height, width), np.float32)
        center = int(rng.uniform(0.2, 0.8) * width), int(rng.uniform(0.2, 0.8) * height)
        axes = int(rng.uniform(0.06, 0.16) * width), int(rng.uniform(0.03, 0.1) * width)
        cv2.ellipse(spot, center, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
        spot = cv2.GaussianBlur(spot, (0, 0), width / 80)
        seen += spot[:, :, None] * np.float32(rng.uniform(120, 260))
    seen = cv2.GaussianBlur(seen, (0, 0), max(0.1, float(rng.uniform(0, largest_blur))))
    return np.clip(seen, 0, 255).astype(np.uint8)
