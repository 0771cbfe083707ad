"""Industrial scenes: a metal plate with screws, holes and marks, and one defect on it."""

from collections.abc import Callable

import cv2
import numpy as np

from inspector_app.domain.region import Region
from inspector_app.training import scene_paint as paint
from inspector_app.training.scene_parts import DEFECTS, Pixels, Thing


def draw(
    rngs: list[np.random.Generator],
    *,
    size: tuple[int, int],
    area: float,
    with_target: bool,
    held_out: bool,
) -> tuple[Pixels, list[Thing]]:
    """Draw a plate; see `scenes.make_scene` and `scene_text.draw` for the arguments."""
    background, others, own = rngs
    pixels = _metal(background, size=size, held_out=held_out)
    defect = str(own.choice(DEFECTS))
    side = min(0.09 * min(size), max(area**0.5 * others.uniform(0.75, 1.25), 0.022 * min(size)))
    pattern = _pattern(others, size=size, side=side, held_out=held_out)
    wide, high = paint.box_size(area=area, aspect=_aspect(own, defect=defect), within=size)
    spot = (own.uniform(wide / 2, size[0] - wide / 2), own.uniform(high / 2, size[1] - high / 2))
    if defect == "missing screw" and own.random() < 0.7:
        spot = pattern[int(own.integers(len(pattern)))]
    target = Region.rectangle_at(spot, size=(wide, high), within=size)
    floor = paint.Floor(size)
    floor.take(target)
    things = _fittings(others, pixels, floor=floor, pattern=pattern, side=side)
    if with_target:
        _DEFECTS[defect](own, pixels, target)
        things.insert(0, Thing(defect, target))
    return paint.add_grain(pixels, rng=background, strength=background.uniform(2, 7)), things


def _aspect(rng: np.random.Generator, *, defect: str) -> float:
    """Width over height of a defect's box."""
    if defect == "missing screw":
        return 1.0
    reach = {"scratch": 1.1, "crack": 0.8, "stain": 0.4}[defect]
    return float(np.exp(rng.uniform(-reach, reach)))


def _metal(rng: np.random.Generator, *, size: tuple[int, int], held_out: bool) -> Pixels:
    """The bare plate with its light."""
    kind = str(
        rng.choice(["hammered", "slanted"] if held_out else ["along", "across", "cast", "paint"])
    )
    width, height = size
    light = paint.lighting(rng, size=size, depth=0.25)
    if kind == "along":
        light += paint.grain(rng, size=size, cells=(width // 90 + 2, height)) * 0.035
    elif kind == "across":
        light += paint.grain(rng, size=size, cells=(width, height // 90 + 2)) * 0.035
    elif kind == "cast":
        light += paint.grain(rng, size=size, cells=(width // 5, height // 5)) * 0.035
        light += paint.grain(rng, size=size, cells=(width // 40 + 2, height // 40 + 2)) * 0.025
    elif kind == "paint":
        light += paint.grain(rng, size=size, cells=(width // 12, height // 12)) * 0.012
    elif kind == "hammered":
        light += np.abs(paint.grain(rng, size=size, cells=(width // 18, height // 18))) * 0.05
    else:
        reach = width + height
        brushed = paint.grain(rng, size=(reach, 1), cells=(reach // 2, 2))[0]
        ramp = np.add.outer(np.arange(height), np.arange(width))
        light += brushed[ramp % reach] * 0.03
    tints = ((160, 163, 168), (172, 168, 160), (138, 146, 154), (150, 156, 150))
    if kind == "paint":
        tints = ((126, 142, 134), (142, 148, 160), (170, 164, 148), (120, 130, 146))
    return paint.tinted(light, tint=tints[int(rng.integers(len(tints)))])


def _pattern(
    rng: np.random.Generator, *, size: tuple[int, int], side: float, held_out: bool
) -> list[tuple[float, float]]:
    """Centres of the screw holes: a frame, a grid or scattered; a ring in test scenes."""
    width, height = size
    inset = side * rng.uniform(1.2, 2.4)
    layout = "ring" if held_out else str(rng.choice(["frame", "grid", "scattered"]))
    columns, rows = int(rng.integers(3, 6)), int(rng.integers(3, 5))
    xs = np.linspace(inset, width - inset, columns)
    ys = np.linspace(inset, height - inset, rows)
    if layout == "frame":
        return [
            (float(x), float(y))
            for i, x in enumerate(xs)
            for j, y in enumerate(ys)
            if i in (0, columns - 1) or j in (0, rows - 1)
        ]
    if layout == "grid":
        return [(float(x), float(y)) for x in xs for y in ys if rng.random() < 0.8] or [
            (float(xs[0]), float(ys[0]))
        ]
    if layout == "ring":
        turn, count = rng.uniform(0, 2 * np.pi), int(rng.integers(6, 11))
        angles = turn + np.arange(count) * 2 * np.pi / count
        reach = rng.uniform(0.26, 0.4)
        return [
            (float(width * (0.5 + reach * np.cos(a))), float(height * (0.5 + reach * np.sin(a))))
            for a in angles
        ]
    count = int(rng.integers(5, 12))
    return [
        (float(rng.uniform(inset, width - inset)), float(rng.uniform(inset, height - inset)))
        for _ in range(count)
    ]


def _fittings(
    rng: np.random.Generator,
    pixels: Pixels,
    *,
    floor: paint.Floor,
    pattern: list[tuple[float, float]],
    side: float,
) -> list[Thing]:
    """Screws on the pattern, then drilled holes and harmless marks; drawn in place."""
    things = []
    width = max(5, round(side))
    gap = max(2, round(0.15 * side))
    for center in pattern:
        place = Region.rectangle_at(center, size=(width, width), within=floor.size)
        if floor.is_free(place, gap=gap):
            floor.take(place)
            _screw(rng, pixels, place)
            things.append(Thing("screw", place))
    makers: tuple[tuple[str, Callable[..., None], int], ...] = (
        ("hole", _hole, int(rng.integers(1, 5))),
        ("mark", _mark, int(rng.integers(1, 5))),
    )
    for kind, maker, count in makers:
        for _ in range(count):
            length = max(5, round(side * rng.uniform(0.5, 1.1)))
            place_or_none = floor.free_place(rng, size=(length, length), gap=gap)
            if place_or_none is not None:
                floor.take(place_or_none)
                maker(rng, pixels, place_or_none)
                things.append(Thing(kind, place_or_none))
    return things


def _disc(size: int, *, radius: float, shift: tuple[float, float] = (0.0, 0.0)) -> paint.Alpha:
    """(size, size) alpha of a disc; radius and shift as fractions of half the side."""
    axis = np.arange(size, dtype=np.float32) + np.float32(0.5) - np.float32(size / 2)
    half = size / 2
    distance = np.hypot(axis[None, :] - shift[0] * half, axis[:, None] - shift[1] * half)
    return np.asarray(np.clip(radius * half - distance + 0.5, 0, 1), np.float32)


def _screw(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """A screw head with a slot or a cross."""
    size, at = place.width, (place.x0, place.y0)
    paint.stamp(pixels, _disc(size, radius=1.0) * 0.75, at=at, colour=(52, 54, 58))
    level = int(rng.integers(176, 226))
    head = _disc(size, radius=0.86)
    paint.stamp(pixels, head, at=at, colour=(level, level, level - 4))
    paint.stamp(
        pixels, _disc(size, radius=0.5, shift=(-0.25, -0.25)) * 0.5, at=at, colour=(246, 247, 248)
    )
    slot = np.zeros((size * 2, size * 2), np.uint8)
    turn = rng.uniform(0, np.pi)
    arms = (turn, turn + np.pi / 2) if rng.random() < 0.6 else (turn,)
    for angle in arms:
        dx, dy = np.cos(angle) * size * 0.58, np.sin(angle) * size * 0.58
        ends = (round(size - dx), round(size - dy)), (round(size + dx), round(size + dy))
        cv2.line(slot, *ends, 255, max(2, round(size * 0.28)), cv2.LINE_AA)
    alpha = cv2.resize(slot, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    paint.stamp(pixels, np.asarray(alpha * head, np.float32), at=at, colour=(58, 58, 62))


def _hole(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """A clean drilled hole: dark, with a thin lit edge at the lower right."""
    size, at = place.width, (place.x0, place.y0)
    paint.stamp(pixels, _disc(size, radius=1.0) * 0.55, at=at, colour=(214, 216, 220))
    dark = int(rng.integers(22, 44))
    inner = _disc(size, radius=0.9, shift=(-0.06, -0.06))
    paint.stamp(pixels, inner, at=at, colour=(dark, dark, dark + 2))


def _mark(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """A harmless layout mark: a blue cross, a pen ring or a row of punched dots."""
    size, at = (place.width, place.height), (place.x0, place.y0)
    what = rng.integers(3)
    pen = max(1.0, 0.1 * size[0])
    if what == 0:
        paths = [np.array([[0.0, 0.5], [1.0, 0.5]]), np.array([[0.5, 0.0], [0.5, 1.0]])]
        alpha, colour = paint.strokes(paths, size=size, thickness=pen), (52, 84, 156)
    elif what == 1:
        angles = np.linspace(0, 2 * np.pi, 40)
        ring = [np.stack([np.cos(angles), np.sin(angles)], axis=1)]
        alpha, colour = paint.strokes(ring, size=size, thickness=pen), (60, 92, 150)
    else:
        dot = _disc(size[0], radius=0.2)
        alpha = np.zeros_like(dot)
        for shift in (-0.7, 0.0, 0.7):
            alpha = np.maximum(alpha, _disc(size[0], radius=0.2, shift=(shift, 0.0)))
        colour = (84, 86, 90)
    paint.stamp(pixels, np.asarray(alpha * 0.85, np.float32), at=at, colour=colour)


def _pen(rng: np.random.Generator, *, size: tuple[int, int]) -> float:
    """Thickness of a fine line: relatively thinner in large boxes, never below a pixel."""
    side = (size[0] * size[1]) ** 0.5
    return float(max(1.2, rng.uniform(0.055, 0.085) * side * (60 / max(side, 60)) ** 0.5))


def _scratch(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """One to three bright fine lines, nearly straight, with a dark edge."""
    size, at = (place.width, place.height), (place.x0, place.y0)
    pen = _pen(rng, size=size)
    t = np.linspace(0, 1, 24)
    flip = bool(rng.random() < 0.5)
    paths = []
    for index in range(int(rng.integers(1, 4))):
        bow = rng.uniform(-0.1, 0.1)
        start, end = (0.0, 1.0) if index == 0 else (rng.uniform(0, 0.4), rng.uniform(0.55, 1))
        along = start + (end - start) * t
        off = 0.0 if index == 0 else rng.choice([-1, 1]) * rng.uniform(0.1, 0.2)
        x, y = along, along + off + bow * np.sin(np.pi * t)
        paths.append(np.stack([x, 1 - y if flip else y], axis=1))
    alpha = paint.strokes(paths, size=size, thickness=pen)
    lower = np.roll(alpha, max(1, round(pen / 2)), axis=0)
    lower[: max(1, round(pen / 2))] = 0
    paint.stamp(pixels, np.asarray(lower * 0.6, np.float32), at=at, colour=(60, 60, 62))
    paint.stamp(pixels, alpha, at=at, colour=(250, 251, 252))


def _crack(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """A dark jagged line that branches."""
    size, at = (place.width, place.height), (place.x0, place.y0)
    pen = _pen(rng, size=size)
    steps = int(rng.integers(7, 12))
    along = np.linspace(0, 1, steps)
    wander = np.cumsum(rng.uniform(-0.2, 0.2, steps))
    flip = bool(rng.random() < 0.5)
    main = np.stack([along, along + wander], axis=1)
    paths = [main]
    for _ in range(int(rng.integers(1, 4))):
        root = main[int(rng.integers(1, steps - 1))]
        angle = rng.uniform(0, 2 * np.pi)
        turns = angle + np.cumsum(rng.uniform(-0.9, 0.9, 4))
        hops = np.stack([np.cos(turns), np.sin(turns)], axis=1) * rng.uniform(0.06, 0.12)
        paths.append(root + np.concatenate([np.zeros((1, 2)), np.cumsum(hops, axis=0)]))
    if flip:
        paths = [path * np.array([1.0, -1.0]) for path in paths]
    alpha = paint.strokes(paths, size=size, thickness=pen)
    paint.stamp(pixels, alpha, at=at, colour=(20, 18, 18))


def _missing_screw(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """A bright countersink around an empty threaded hole."""
    size = min(place.width, place.height)
    at = (place.x0, place.y0)
    shape = (place.width, place.height)
    bright = int(rng.integers(222, 246))
    colours = ((58, 58, 62), (bright, bright, bright - 6), (112, 112, 116), (14, 14, 16))
    for radius, colour in zip((1.0, 0.9, 0.56, 0.46), colours, strict=True):
        alpha = cv2.resize(_disc(size, radius=radius), shape, interpolation=cv2.INTER_LINEAR)
        paint.stamp(pixels, np.asarray(alpha, np.float32), at=at, colour=colour)
    glint = _disc(size, radius=0.42, shift=(0.1, 0.12)) - _disc(
        size, radius=0.36, shift=(0.02, 0.03)
    )
    glint = cv2.resize(np.clip(glint, 0, 1), shape, interpolation=cv2.INTER_LINEAR)
    paint.stamp(pixels, np.asarray(glint * 0.8, np.float32), at=at, colour=(150, 146, 140))


def _stain(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """A rusty or oily blot with an uneven edge."""
    cells = 96
    axis = np.linspace(-1, 1, cells, dtype=np.float32)
    radius = np.hypot(axis[None, :], axis[:, None])
    rough = paint.grain(rng, size=(cells, cells), cells=(6, 6)) * 0.16
    rough += paint.grain(rng, size=(cells, cells), cells=(14, 14)) * 0.06
    level = np.clip((0.72 + rough - radius) * 7, 0, 1).astype(np.float32)
    level *= (radius < 0.98).astype(np.float32)
    alpha = paint.fitted(level, size=(place.width, place.height))
    inner = paint.grain(rng, size=(place.width, place.height), cells=(5, 5)) * 0.08
    tints = ((122, 70, 32), (104, 62, 38), (92, 74, 34), (70, 56, 40))
    colour = tints[int(rng.integers(len(tints)))]
    alpha = np.clip(alpha * (0.84 + inner), 0, 1).astype(np.float32)
    paint.stamp(pixels, alpha, at=(place.x0, place.y0), colour=colour)


_DEFECTS: dict[str, Callable[[np.random.Generator, Pixels, Region], None]] = {
    "scratch": _scratch,
    "crack": _crack,
    "missing screw": _missing_screw,
    "stain": _stain,
}
