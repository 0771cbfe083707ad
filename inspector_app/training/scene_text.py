"""Text scenes: codes on small coloured labels among the clutter of a bench or a shelf."""

from dataclasses import dataclass

import cv2
import numpy as np

from inspector_app.domain.region import Region
from inspector_app.training import scene_paint as paint
from inspector_app.training.scene_parts import ALPHABET, COLOURS, Pixels, Thing

# RGB of the label and of the ink on it.
LABEL_COLOURS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "red": ((205, 38, 40), (250, 246, 240)),
    "orange": ((240, 132, 28), (38, 24, 12)),
    "yellow": ((246, 216, 44), (34, 30, 18)),
    "green": ((36, 152, 70), (246, 250, 244)),
    "cyan": ((64, 200, 216), (14, 40, 48)),
    "blue": ((40, 78, 196), (244, 246, 252)),
    "purple": ((128, 52, 168), (250, 244, 252)),
    "pink": ((246, 150, 188), (60, 18, 36)),
}

Patch = tuple[Pixels, paint.Alpha, list[tuple[float, float, float, float]]]


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """A label before it is drawn."""

    colour: str
    code: str
    font: str
    angle: float
    """Degrees, counter-clockwise."""
    aspect: float
    """Width over height, unturned."""
    how: paint.Print = paint.AS_CUT
    """The font is printed."""


@dataclass(frozen=True, slots=True)
class _Fonts:
    """What labels may be printed with, and whether only as it was cut."""

    names: tuple[str, ...]
    are_as_cut: bool


def draw(
    rngs: list[np.random.Generator],
    *,
    size: tuple[int, int],
    area: float,
    with_target: bool,
    held_out: bool,
    as_cut: bool = False,
) -> tuple[Pixels, list[Thing]]:
    """Draw a text scene; see `scenes.make_scene`.

    Args:
        rngs: For background, distractors and target.
        size: (width, height).
        area: Of the target's box, in pixels.
        with_target: Leave the target out when False; all else stays as it is.
        held_out: Use the fonts, textures and layouts of the test split.
        as_cut: Print the fonts as they were cut only; those of the test split always are.
    """
    background, others, own = rngs
    pixels = _bench(background, size=size, held_out=held_out)
    colours = [str(name) for name in own.permutation(COLOURS)]
    count = _label_count(others, share=area / (size[0] * size[1]))
    fonts = _Fonts(paint.font_names(held_out=held_out), as_cut or held_out)
    plans = [_plan(own, colour=colours[0], fonts=fonts)]
    plans += [_plan(others, colour=name, fonts=fonts) for name in colours[1:count]]
    floor = paint.Floor(size)
    things = []
    row = 0
    for index, plan in enumerate(plans):
        rng = own if index == 0 else others
        wanted = area
        if index:
            wanted = min(area * rng.uniform(0.6, 1.7), 0.03 * size[0] * size[1])
        wide, high = _unturned(plan, area=wanted)
        patch, alpha, characters = _label(rng, plan=plan, size=(wide, high))
        turned = alpha.shape[1], alpha.shape[0]
        if turned[0] > size[0] or turned[1] > size[1]:
            continue
        gap = max(2, round(0.25 * min(wide, high)))
        place = _place(rng, floor=floor, turned=turned, gap=gap, row=row if held_out else None)
        if place is None:
            continue
        row = place.y0
        floor.take(place)
        if index or with_target:
            paint.stamp(pixels, alpha, at=(place.x0, place.y0), colour=patch)
            moved = tuple(
                (a + place.x0, b + place.y0, c + place.x0, d + place.y0)
                for a, b, c, d in characters
            )
            things.append(Thing("label", place, plan.colour, plan.code, moved))
    return paint.add_grain(pixels, rng=background, strength=background.uniform(2, 8)), things


def _label_count(rng: np.random.Generator, *, share: float) -> int:
    """How many labels in all: one in seven scenes has a single one."""
    if rng.random() < 1 / 7:
        return 1
    return int(rng.integers(2, 7 if share < 0.02 else 5))


def _plan(rng: np.random.Generator, *, colour: str, fonts: _Fonts) -> LabelPlan:
    length = int(rng.choice([2, 3, 4], p=[0.2, 0.5, 0.3]))
    code = "".join(rng.choice(list(ALPHABET), size=length))
    turned = rng.random() < 0.6
    return LabelPlan(
        colour=colour,
        code=code,
        font=fonts.names[int(rng.integers(len(fonts.names)))],
        angle=float(rng.uniform(-8, 8)) if turned else 0.0,
        aspect=float((0.55 + 0.5 * length) * rng.uniform(0.9, 1.25)),
        how=paint.AS_CUT if fonts.are_as_cut else paint.any_print(rng),
    )


def _unturned(plan: LabelPlan, *, area: float) -> tuple[int, int]:
    """(width, height) of the label such that its turned bounding box has this area."""
    cosine, sine = np.cos(np.radians(plan.angle)), abs(np.sin(np.radians(plan.angle)))
    spread = (plan.aspect * cosine + sine) * (plan.aspect * sine + cosine)
    height = (area / spread) ** 0.5
    return max(5, round(height * plan.aspect)), max(3, round(height))


def _label(rng: np.random.Generator, *, plan: LabelPlan, size: tuple[int, int]) -> Patch:
    """Draw one label, turned, tight in its box: pixels, alpha, character boxes."""
    width, height = size
    base, ink = LABEL_COLOURS[plan.colour]
    jitter = rng.uniform(-14, 14, 3)
    patch = np.empty((height, width, 3), np.float32)
    patch[:] = np.clip(np.asarray(base, np.float32) + jitter, 0, 255)
    # Printed paper is a little lighter on one side.
    patch *= np.linspace(1.04, 0.96, height, dtype=np.float32)[:, None, None]
    if rng.random() < 0.5 and height >= 18:
        rim = max(1, height // 22)
        inner = max(1, height // 14)
        cv2.rectangle(
            patch,
            (inner, inner),
            (width - 1 - inner, height - 1 - inner),
            list(map(float, ink)),
            rim,
        )
    ink_alpha, characters = _fitted_lettering(plan, size=size, rng=rng)
    y, x = (height - ink_alpha.shape[0]) // 2, (width - ink_alpha.shape[1]) // 2
    spot = patch[y : y + ink_alpha.shape[0], x : x + ink_alpha.shape[1]]
    spot += (np.asarray(ink, np.float32) - spot) * ink_alpha[..., None]
    moved = [(a + x, b + y, c + x, d + y) for a, b, c, d in characters]
    pixels = np.clip(patch, 0, 255).astype(np.uint8)
    return _turned(pixels, characters=moved, angle=plan.angle)


def _fitted_lettering(
    plan: LabelPlan, *, size: tuple[int, int], rng: np.random.Generator
) -> tuple[paint.Alpha, list[tuple[float, float, float, float]]]:
    """The code as large as the label allows with a margin."""
    width, height = size
    room_x, room_y = width * rng.uniform(0.8, 0.9), height * rng.uniform(0.62, 0.8)
    face = paint.font(plan.font, 64)
    probe, _ = paint.lettering(plan.code, face=face, tracking=4, how=plan.how)
    scale = min(room_x / probe.shape[1], room_y / probe.shape[0])
    points = max(4, int(64 * scale))
    alpha, boxes = paint.lettering(
        plan.code, face=paint.font(plan.font, points), tracking=points * 4 / 64, how=plan.how
    )
    return alpha[:height, :width], boxes


def _turned(
    pixels: Pixels, *, characters: list[tuple[float, float, float, float]], angle: float
) -> Patch:
    """Turn a label about its centre and cut it to its bounding box."""
    height, width = pixels.shape[:2]
    if angle == 0:
        return pixels, np.ones((height, width), np.float32), characters
    cosine, sine = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    wide, high = round(width * cosine + height * sine), round(width * sine + height * cosine)
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
    turned = cv2.warpAffine(
        pixels, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    alpha = cv2.warpAffine(np.ones((height, width), np.float32), matrix, (wide, high))
    boxes = []
    for x0, y0, x1, y1 in characters:
        corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ matrix.T
        (a, b), (c, d) = corners.min(axis=0), corners.max(axis=0)
        boxes.append((float(a), float(b), float(c), float(d)))
    return np.asarray(turned, np.uint8), np.asarray(alpha, np.float32), boxes


def _place(
    rng: np.random.Generator,
    *,
    floor: paint.Floor,
    turned: tuple[int, int],
    gap: int,
    row: int | None,
) -> Region | None:
    """Anywhere free; in test scenes further labels line up in a row where they can."""
    if row is not None and floor.taken:
        room = floor.size[0] - turned[0]
        top = min(row, floor.size[1] - turned[1])
        for _ in range(24):
            x = int(rng.integers(0, room + 1))
            place = Region(x, top, x + turned[0], top + turned[1])
            if floor.is_free(place, gap=gap):
                return place
    if not floor.taken:
        x = int(rng.integers(0, floor.size[0] - turned[0] + 1))
        y = int(rng.integers(0, floor.size[1] - turned[1] + 1))
        return Region(x, y, x + turned[0], y + turned[1])
    return floor.free_place(rng, size=turned, gap=gap)


def _bench(rng: np.random.Generator, *, size: tuple[int, int], held_out: bool) -> Pixels:
    """A table top with clutter on it."""
    kind = str(rng.choice(["card", "mat"] if held_out else ["wood", "concrete", "steel", "felt"]))
    width, height = size
    light = paint.lighting(rng, size=size, depth=0.22)
    if kind == "wood":
        light += paint.grain(rng, size=size, cells=(width // 160 + 2, height // 5)) * 0.05
        light += paint.grain(rng, size=size, cells=(3, height // 40 + 3)) * 0.07
        tint = (176, 138, 98)
    elif kind == "concrete":
        light += paint.grain(rng, size=size, cells=(width // 7, height // 7)) * 0.045
        tint = (150, 150, 146)
    elif kind == "steel":
        light += paint.grain(rng, size=size, cells=(width // 4, 6)) * 0.03
        tint = (128, 136, 144)
    elif kind == "felt":
        light += paint.grain(rng, size=size, cells=(width // 3, height // 3)) * 0.03
        tint = (74, 80, 92)
    elif kind == "card":
        flutes = np.sin(np.arange(width, dtype=np.float32) * np.float32(2 * np.pi / 14)) * 0.035
        light += (
            flutes[None, :] + paint.grain(rng, size=size, cells=(width // 9, height // 9)) * 0.02
        )
        tint = (188, 152, 112)
    else:
        tint = (70, 96, 84)
    pixels = paint.tinted(light, tint=tint)
    if kind == "mat":
        step = max(24, width // 22)
        for x in range(step, width, step):
            cv2.line(pixels, (x, 0), (x, height), (108, 132, 116), 1)
        for y in range(step, height, step):
            cv2.line(pixels, (0, y), (width, y), (108, 132, 116), 1)
    for _ in range(int(rng.integers(6, 14))):
        _clutter(rng, pixels)
    return pixels


def _clutter(rng: np.random.Generator, pixels: Pixels) -> None:
    """One dull object: a box, a sheet of print, a lid, a cable or tape, in place."""
    height, width = pixels.shape[:2]
    scale = min(width, height)
    x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
    side = int(scale * rng.uniform(0.05, 0.24))
    level = rng.uniform(40, 215)
    warm = rng.uniform(-16, 22)
    body = tuple(int(np.clip(v, 0, 255)) for v in (level + warm, level + warm * 0.3, level - warm))
    dark = tuple(int(v * 0.72) for v in body)
    light = tuple(min(255, int(v * 1.12) + 6) for v in body)
    what = rng.integers(5)
    if what == 0:
        corners = cv2.boxPoints(
            ((x, y), (side * rng.uniform(0.7, 1.8), side), rng.uniform(-30, 30))
        )
        points = np.round(corners).astype(np.int32)
        cv2.fillPoly(pixels, [points + max(2, side // 20)], (40, 38, 36), cv2.LINE_AA)
        cv2.fillPoly(pixels, [points], body, cv2.LINE_AA)
        cv2.polylines(pixels, [points], True, dark, max(1, side // 40), cv2.LINE_AA)
        cv2.line(
            pixels,
            tuple(map(int, points[0])),
            tuple(map(int, points[2])),
            light,
            max(1, side // 30),
        )
    elif what == 1:
        _sheet(rng, pixels, at=(x, y), side=side)
    elif what == 2:
        shadow = max(2, side // 16)
        cv2.circle(pixels, (x + shadow, y + shadow), side // 2, (40, 38, 36), -1, cv2.LINE_AA)
        cv2.circle(pixels, (x, y), side // 2, body, -1, cv2.LINE_AA)
        cv2.circle(pixels, (x, y), max(1, int(side * 0.4)), dark, max(1, side // 24), cv2.LINE_AA)
        cv2.circle(pixels, (x - side // 8, y - side // 8), side // 7, light, -1, cv2.LINE_AA)
    elif what == 3:
        t = np.linspace(0, 1, 40)
        sway = rng.uniform(-0.35, 0.35, 4) * scale
        path_x = x + t * sway[0] * 2.4 + np.sin(t * 6) * sway[1] * 0.3
        path_y = y + t * sway[2] * 2.4 + np.cos(t * 5) * sway[3] * 0.3
        path = np.round(np.stack([path_x, path_y], axis=1)).astype(np.int32)
        pen = max(2, int(scale * rng.uniform(0.006, 0.016)))
        cv2.polylines(pixels, [path[:, None]], False, dark, pen + max(1, pen // 3), cv2.LINE_AA)
        cv2.polylines(pixels, [path[:, None]], False, body, pen, cv2.LINE_AA)
    else:
        turn = rng.uniform(-25, 25)
        band = cv2.boxPoints(((x, y), (side * 2.2, side * 0.22), turn))
        cv2.fillPoly(pixels, [np.round(band).astype(np.int32)], light, cv2.LINE_AA)


def _sheet(rng: np.random.Generator, pixels: Pixels, *, at: tuple[int, int], side: int) -> None:
    """A sheet of paper with lines of print too small to read, in place."""
    x, y = at
    wide, high = int(side * rng.uniform(0.7, 1.0)), side
    paper = int(rng.integers(205, 244))
    cv2.rectangle(pixels, (x + 3, y + 3), (x + wide + 3, y + high + 3), (60, 58, 56), -1)
    cv2.rectangle(pixels, (x, y), (x + wide, y + high), (paper, paper, paper - 8), -1)
    step = max(4, high // 12)
    for line in range(y + step, y + high - step // 2, step):
        end = x + int(wide * rng.uniform(0.5, 0.92))
        cv2.line(pixels, (x + wide // 12, line), (end, line), (110, 110, 114), max(1, step // 4))
