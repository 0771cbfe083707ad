"""Character soup: pictures full of labelled characters, from which reading is learnt."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region
from inspector_app.training import scene_paint as paint
from inspector_app.training.embedded_views import SIDE, Grids, grids
from inspector_app.training.scene_parts import ALPHABET, COLOURS, Pixels, Thing
from inspector_app.training.scene_text import LABEL_COLOURS

_CANVAS = 220


@lru_cache(maxsize=20000)
def _glyph(
    name: str, size: int, how: paint.Print, character: str
) -> tuple[NDArray[np.float32], float]:
    """(h, w) ink of a character cut to its box, and its advance in pixels."""
    face = paint.font(name, size)
    alpha, _ = paint.lettering(character, face=face, tracking=0, how=how)
    return alpha, face.getlength(character) * how.stretch


def soup(rng: np.random.Generator) -> tuple[Pixels, Grids]:
    """One picture: (140, 140, 3), and the classes of its patches."""
    canvas = np.empty((_CANVAS, _CANVAS, 3), np.uint8)
    canvas[:] = rng.integers(30, 220, 3, dtype=np.uint8)
    things: list[Thing] = []
    names = paint.font_names(held_out=False)
    y = int(rng.integers(0, 10))
    base = float(np.exp(rng.uniform(np.log(8), np.log(40))))
    while y < _CANVAS:
        height = max(7, round(base * rng.uniform(0.8, 1.3)))
        pad = max(1, round(height * rng.uniform(0.12, 0.45)))
        _strip(rng, canvas, things, top=y, height=height, pad=pad, font=str(rng.choice(names)))
        y += height + 2 * pad + (int(rng.integers(0, height)) if rng.random() < 0.4 else 0)
    return _bent(rng, canvas, things)


def _strip(  # noqa: PLR0913
    rng: np.random.Generator,
    canvas: Pixels,
    things: list[Thing],
    *,
    top: int,
    height: int,
    pad: int,
    font: str,
) -> None:
    """A row of labels with codes, drawn in place and entered into `things`."""
    size = max(7, round(height / 0.72))
    x = int(rng.integers(-height, height))
    how = paint.any_print(rng)
    bottom = min(_CANVAS, top + height + 2 * pad)
    while x < _CANVAS:
        colour = str(rng.choice(COLOURS))
        code = "".join(rng.choice(list(ALPHABET), size=int(rng.integers(2, 5))))
        base, ink = LABEL_COLOURS[colour]
        glyphs = [_glyph(font, size, how, character) for character in code]
        tracking = size * rng.uniform(0.0, 0.1)
        length = sum(advance for _, advance in glyphs) + tracking * len(code)
        end = round(x + length + 2 * pad)
        left, right = max(0, x), min(_CANVAS, end)
        if right <= left:
            x = end + 1
            continue
        tint = np.clip(np.asarray(base) + rng.uniform(-16, 16, 3), 0, 255)
        canvas[top:bottom, left:right] = tint.astype(np.uint8)
        boxes = []
        pen = float(x + pad)
        for alpha, advance in glyphs:
            at = (round(pen), top + pad)
            _ink(canvas, alpha, at=at, ink=ink)
            high, wide = alpha.shape
            boxes.append((float(at[0]), float(at[1]), float(at[0] + wide), float(at[1] + high)))
            pen += advance + tracking
        label = Region(x, top, max(x + 1, end), max(top + 1, top + height + 2 * pad))
        things.append(Thing("label", label, colour, code, tuple(boxes)))
        x = end + int(rng.integers(0, height + 1))


def _ink(
    canvas: Pixels, alpha: NDArray[np.float32], *, at: tuple[int, int], ink: tuple[int, int, int]
) -> None:
    """Draw a glyph, clipped to the canvas, in place."""
    x, y = at
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + alpha.shape[1], _CANVAS), min(y + alpha.shape[0], _CANVAS)
    if x1 > x0 and y1 > y0:
        paint.stamp(canvas, alpha[y0 - y : y1 - y, x0 - x : x1 - x], at=(x0, y0), colour=ink)


def _bent(rng: np.random.Generator, canvas: Pixels, things: list[Thing]) -> tuple[Pixels, Grids]:
    """Turn, squash, blur and light the canvas; carry the boxes along."""
    turn = cv2.getRotationMatrix2D((_CANVAS / 2, _CANVAS / 2), float(rng.uniform(-9, 9)), 1.0)
    stretch = float(np.exp(rng.uniform(-0.3, 0.3)))
    scale = np.diag([stretch**0.5, stretch**-0.5])
    matrix = np.asarray(scale @ turn, np.float64)
    matrix[:, 2] += SIDE / 2 - scale @ np.array([_CANVAS / 2, _CANVAS / 2])
    blur = rng.uniform(-0.6, 1.1)
    pixels = cv2.warpAffine(canvas, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    if blur > 0.25:
        pixels = cv2.GaussianBlur(pixels, (0, 0), float(blur))
    gain, lift = rng.uniform(0.75, 1.15), rng.uniform(-18, 18)
    pixels = np.clip(pixels * np.float32(gain) + np.float32(lift), 0, 255).astype(np.uint8)
    pixels = paint.add_grain(pixels, rng=rng, strength=rng.uniform(0, 9))
    moved = [
        Thing(
            thing.kind,
            _region(_moved(thing.box.box, matrix)),
            thing.colour,
            thing.code,
            tuple(_moved(box, matrix) for box in thing.characters),
        )
        for thing in things
    ]
    inside = [t for t in moved if t.box.x1 > 0 and t.box.y1 > 0 and t.box.x0 < SIDE > t.box.y0]
    return pixels, grids(tuple(inside), window=(0.0, 0.0, SIDE, SIDE))


def _moved(
    box: tuple[float, float, float, float], matrix: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    """A box under an affine map: same centre image, sides scaled, turning left out."""
    center = matrix @ np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 1.0])
    half_x = (box[2] - box[0]) / 2 * float(np.hypot(matrix[0, 0], matrix[0, 1]))
    half_y = (box[3] - box[1]) / 2 * float(np.hypot(matrix[1, 0], matrix[1, 1]))
    return (
        float(center[0] - half_x), float(center[1] - half_y),
        float(center[0] + half_x), float(center[1] + half_y),
    )  # fmt: skip


def _region(box: tuple[float, float, float, float]) -> Region:
    x0, y0, x1, y1 = (round(v) for v in box)
    return Region(x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))
