"""Pictures as the embedded model gets them, and what each of their patches shows."""

import json
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector_app.training.scene_parts import ALPHABET, COLOURS, KINDS, Pixels, Scene, Thing

SIDE = 140
PATCH = 14
GRID = SIDE // PATCH

IGNORE = 255
"""A patch whose class is not clear; no loss there."""

COARSE: dict[str, int] = {
    "background": 0, "label": 1, "scratch": 2, "crack": 2, "missing screw": 2, "stain": 2,
    "screw": 3, "hole": 3, "mark": 3, "smooth": 4, "spiculated": 4, "lobulated": 4, "section": 5,
}  # fmt: skip

# Below these sizes in view pixels a thing's kind, or a character, cannot be told.
LEAST_THING = 5.0
LEAST_CHARACTER = 6.0

Window = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in frame pixels."""


@dataclass(frozen=True, slots=True)
class Grids:
    """Classes per patch; `IGNORE` where unclear, 0 where nothing is."""

    coarse: NDArray[np.uint8]
    """(10, 10), values of `COARSE`."""
    kind: NDArray[np.uint8]
    """(10, 10), index into `KINDS`."""
    colour: NDArray[np.uint8]
    """(10, 10), 1 + index into `COLOURS`."""
    character: NDArray[np.uint8]
    """(10, 20) half patches, 1 + index into `ALPHABET`."""
    order: NDArray[np.uint8]
    """(10, 20) half patches, 1 + place of the character in its code."""

    def packed(self) -> NDArray[np.uint8]:
        """(700,) all grids one after the other."""
        parts = (self.coarse, self.kind, self.colour, self.character, self.order)
        return np.concatenate([part.ravel() for part in parts])


PACKED = 3 * GRID * GRID + 2 * GRID * 2 * GRID


def shown(pixels: Pixels, *, window: tuple[int, int, int, int]) -> Pixels:
    """Cut a window and squash it to the model's input, as the processor does (bicubic).

    Args:
        pixels: (H, W, 3).
        window: (x0, y0, x1, y1) in whole pixels inside the picture.

    Returns:
        (140, 140, 3).
    """
    x0, y0, x1, y1 = window
    cut = pixels[y0:y1, x0:x1]
    # Far reductions start with an area mean, like Pillow's reducing_gap: three times faster.
    fx, fy = max(1, (x1 - x0) // (2 * SIDE)), max(1, (y1 - y0) // (2 * SIDE))
    if fx > 1 or fy > 1:
        small = (round((x1 - x0) / fx), round((y1 - y0) / fy))
        cut = np.asarray(cv2.resize(cut, small, interpolation=cv2.INTER_AREA), np.uint8)
    picture = Image.fromarray(np.ascontiguousarray(cut))
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.uint8)


def in_view(box: Window, *, window: Window) -> Window:
    """A box of the frame in view pixels (0..140), not clipped."""
    fx, fy = SIDE / (window[2] - window[0]), SIDE / (window[3] - window[1])
    return (
        (box[0] - window[0]) * fx,
        (box[1] - window[1]) * fy,
        (box[2] - window[0]) * fx,
        (box[3] - window[1]) * fy,
    )


def visible_part(box: Window) -> float:
    """Which fraction of a box in view pixels lies inside the view."""
    width = min(box[2], SIDE) - max(box[0], 0.0)
    height = min(box[3], SIDE) - max(box[1], 0.0)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / max((box[2] - box[0]) * (box[3] - box[1]), 1e-9)


def cover(box: Window, *, columns: int) -> tuple[NDArray[np.float64], slice, slice]:
    """Area of a box in each cell it touches: (rows, columns) view pixels, and which cells."""
    cell = SIDE / columns
    x0, x1 = max(box[0], 0.0), min(box[2], SIDE - 1e-6)
    y0, y1 = max(box[1], 0.0), min(box[3], SIDE - 1e-6)
    if x1 <= x0 or y1 <= y0:
        return np.zeros((0, 0)), slice(0, 0), slice(0, 0)
    c0, c1 = int(x0 // cell), int(x1 // cell) + 1
    r0, r1 = int(y0 // PATCH), int(y1 // PATCH) + 1
    lefts, tops = np.arange(c0, c1) * cell, np.arange(r0, r1) * float(PATCH)
    across = np.minimum(lefts + cell, x1) - np.maximum(lefts, x0)
    down = np.minimum(tops + PATCH, y1) - np.maximum(tops, y0)
    return np.outer(down, across), slice(r0, r1), slice(c0, c1)


def target_map(box: Window, *, least: float = PATCH) -> NDArray[np.float32] | None:
    """Where the model shall look for a thing: (10, 10), sums to 1, None if it is out of view.

    Each patch weighs as much as the box covers of it. Boxes below a patch are widened to one:
    then the weights of neighbouring patches tell the place of the centre finer than the grid.

    Args:
        box: In view pixels.
        least: Sides are widened to this many view pixels.
    """
    if visible_part(box) < 0.3:
        return None
    grow_x = max(0.0, least - (box[2] - box[0])) / 2
    grow_y = max(0.0, least - (box[3] - box[1])) / 2
    area, rows, columns = cover(
        (box[0] - grow_x, box[1] - grow_y, box[2] + grow_x, box[3] + grow_y), columns=GRID
    )
    weights = np.zeros((GRID, GRID), np.float32)
    weights[rows, columns] = area / area.sum()
    return weights


def grids(things: tuple[Thing, ...], *, window: Window) -> Grids:
    """What each patch of a view shows.

    Args:
        things: Everything drawn in the frame.
        window: What the view shows of it.
    """
    coarse, kind, colour = (np.zeros((GRID, GRID), np.uint8) for _ in range(3))
    character, order = (np.zeros((GRID, 2 * GRID), np.uint8) for _ in range(2))
    for thing in things:
        box = in_view(thing.box.box, window=window)
        area, rows, columns = cover(box, columns=GRID)
        if area.size == 0:
            continue
        own = min(PATCH**2, (box[2] - box[0]) * (box[3] - box[1]))
        clear = (area >= 0.4 * own) | (area == area.max())
        touched = area >= 0.06 * own
        small = min(box[2] - box[0], box[3] - box[1]) < LEAST_THING
        fine = IGNORE if small else KINDS.index(thing.kind)
        hue = 1 + COLOURS.index(thing.colour) if thing.colour else 0
        for grid, value in ((coarse, COARSE[thing.kind]), (kind, fine), (colour, hue)):
            part = grid[rows, columns]
            part[touched & ~clear] = IGNORE
            part[clear] = value
        _write(thing, character=character, order=order, window=window)
    return Grids(coarse, kind, colour, character, order)


def _write(
    thing: Thing, *, character: NDArray[np.uint8], order: NDArray[np.uint8], window: Window
) -> None:
    """Enter the characters of a label, in place."""
    for place, (letter, where) in enumerate(zip(thing.code, thing.characters, strict=True)):
        box = in_view(where, window=window)
        area, rows, columns = cover(box, columns=2 * GRID)
        if area.size == 0:
            continue
        own = min(PATCH**2 / 2, (box[2] - box[0]) * (box[3] - box[1]))
        clear = (area >= 0.4 * own) | (area == area.max())
        touched = area >= 0.1 * own
        unreadable = box[3] - box[1] < LEAST_CHARACTER or visible_part(box) < 0.7
        values = (IGNORE, IGNORE) if unreadable else (1 + ALPHABET.index(letter), 1 + place)
        for grid, value in zip((character, order), values, strict=True):
            part = grid[rows, columns]
            # Where two characters share a half patch, the clearer one stays.
            free = clear & ((part == 0) | (part == IGNORE))
            part[touched & ~clear & (part == 0)] = IGNORE
            part[free] = value


def windows(scene: Scene, *, rng: np.random.Generator) -> list[tuple[int, int, int, int]]:
    """The views that are drawn ahead: whole, near crop, searched crop, stray crop, tile."""
    width, height = scene.size
    subject = scene.box or (scene.things[0].box if scene.things else None)
    if subject is None:
        subject_box: Window = (0.4 * width, 0.4 * height, 0.6 * width, 0.6 * height)
    else:
        subject_box = subject.box
    longest = max(subject_box[2] - subject_box[0], subject_box[3] - subject_box[1])
    # A box drawn by hand is often as tight as the thing itself.
    near = longest * (1.0 if rng.random() < 0.3 else rng.uniform(1.0, 1.9))
    # As the window search does: from a little over one token cell to half of the picture.
    reach = float(np.exp(rng.uniform(np.log(0.11), np.log(0.55)))) * min(width, height)
    searched = max(longest * rng.uniform(0.9, 1.5), reach)
    slack = 0.62 if rng.random() < 0.2 else 0.46
    stray_box = subject_box
    others = [thing.box.box for thing in scene.things[1:]]
    if others and rng.random() < 0.6:
        stray_box = others[int(rng.integers(len(others)))]
    stray, stray_slack = max(20.0, searched * rng.uniform(0.6, 1.2)), 0.4 if others else 9.0
    if rng.random() < 0.35:
        # A crop that cuts through the thing: the rest must be taken from the whole picture.
        stray_box, stray, stray_slack = subject_box, longest * rng.uniform(0.35, 1.0), 1.2
    tile = rng.uniform(0.4, 0.75)
    return [
        (0, 0, width, height),
        _square(subject_box, side=near, slack=0.1, rng=rng, size=scene.size),
        _square(subject_box, side=searched, slack=slack, rng=rng, size=scene.size),
        _square(stray_box, side=stray, slack=stray_slack, rng=rng, size=scene.size),
        _tile(subject_box, fraction=tile, rng=rng, size=scene.size),
    ]


def _square(
    box: Window, *, side: float, slack: float, rng: np.random.Generator, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """A squarish window about a box, off its centre by up to `slack` of the room in it."""
    wide, high = side * rng.uniform(0.88, 1.12), side * rng.uniform(0.88, 1.12)
    wide, high = min(max(wide, 12.0), size[0]), min(max(high, 12.0), size[1])
    room_x = max(abs(wide - (box[2] - box[0])), 0.15 * wide)
    room_y = max(abs(high - (box[3] - box[1])), 0.15 * high)
    center_x = (box[0] + box[2]) / 2 + rng.uniform(-slack, slack) * room_x
    center_y = (box[1] + box[3]) / 2 + rng.uniform(-slack, slack) * room_y
    x0 = round(min(max(center_x - wide / 2, 0), size[0] - wide))
    y0 = round(min(max(center_y - high / 2, 0), size[1] - high))
    return x0, y0, min(size[0], x0 + round(wide)), min(size[1], y0 + round(high))


def _tile(
    box: Window, *, fraction: float, rng: np.random.Generator, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """A part of the picture as the two-stage way reads it; three of four show the target."""
    wide, high = round(size[0] * fraction), round(size[1] * fraction)
    x0, y0 = int(rng.integers(0, size[0] - wide + 1)), int(rng.integers(0, size[1] - high + 1))
    if rng.random() < 0.75:
        x0 = int(np.clip(x0, min(box[2] - wide, box[0]), max(box[2] - wide, box[0])))
        y0 = int(np.clip(y0, min(box[3] - high, box[1]), max(box[3] - high, box[1])))
        x0, y0 = min(max(x0, 0), size[0] - wide), min(max(y0, 0), size[1] - high)
    return x0, y0, x0 + wide, y0 + high


def facts(scene: Scene, *, windows: list[tuple[int, int, int, int]]) -> dict[str, Any]:
    """What training must know of a scene besides its views, ready for JSON."""
    return {
        "trade": scene.trade,
        "size": scene.size,
        "has_target": scene.has_target,
        "windows": windows,
        "things": [
            [t.kind, t.box.box, t.colour, t.code, [[round(v, 2) for v in c] for c in t.characters]]
            for t in scene.things
        ],
        "questions": [[q.kind, q.text, q.answer, q.subject, q.key] for q in scene.questions],
    }


def as_line(record: dict[str, Any]) -> str:
    """One JSON line."""
    return json.dumps(record, separators=(",", ":"))
