"""Medical-like scenes: grey tissue with vessels and one nodule. No real anatomy is modelled."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region
from inspector_app.training import scene_paint as paint
from inspector_app.training.scene_parts import MARGINS, Pixels, Thing


def draw(
    rngs: list[np.random.Generator],
    *,
    size: tuple[int, int],
    area: float,
    with_target: bool,
    held_out: bool,
) -> tuple[Pixels, list[Thing]]:
    """Draw a tissue scene; see `scenes.make_scene` and `scene_text.draw` for the arguments."""
    background, others, own = rngs
    pixels = _tissue(background, size=size, held_out=held_out)
    margin = str(own.choice(MARGINS))
    density = str(own.choice(["dense", "faint"]))
    aspect = float(np.exp(own.uniform(-0.22, 0.22)))
    wide, high = paint.box_size(area=area, aspect=aspect, within=size)
    spot = _aside(own, size=size, box=(wide, high))
    target = Region.rectangle_at(spot, size=(wide, high), within=size)
    floor = paint.Floor(size)
    floor.take(target)
    things = []
    side = min(max(area**0.5 * 0.5, 0.012 * min(size)), 0.035 * min(size))
    for _ in range(int(others.integers(4, 11))):
        width = max(4, round(side * others.uniform(0.6, 1.25)))
        place = floor.free_place(others, size=(width, width), gap=max(3, width // 3))
        if place is not None:
            floor.take(place)
            _section(others, pixels, place)
            things.append(Thing("section", place))
    if with_target:
        level = own.uniform(88, 112) if density == "dense" else own.uniform(44, 58)
        _nodule(own, pixels, target, margin=margin, level=float(level))
        things.insert(0, Thing(margin, target, density=density))
    strength = background.uniform(3, 9)
    return paint.add_grain(pixels, rng=background, strength=strength), things


def _aside(
    rng: np.random.Generator, *, size: tuple[int, int], box: tuple[int, int]
) -> tuple[float, float]:
    """A centre clearly left or right of the middle, so that the side is never in doubt."""
    width, height = size
    low, high = box[0] / 2, width * 0.46
    x = rng.uniform(min(low, high), high)
    if rng.random() < 0.5:
        x = width - x
    return float(x), float(rng.uniform(box[1] / 2, height - box[1] / 2))


def _tissue(rng: np.random.Generator, *, size: tuple[int, int], held_out: bool) -> Pixels:
    """The background: cloudy tissue with branching vessels, drawn at half size."""
    width, height = size
    half = (width // 2 + 1, height // 2 + 1)
    kinds = ["banded", "spongy"] if held_out else ["lung", "liver", "breast"]
    kind = str(rng.choice(kinds))
    base = {"lung": 58.0, "liver": 104.0, "breast": 84.0, "banded": 88.0, "spongy": 68.0}[kind]
    values = np.full((half[1], half[0]), base, np.float32)
    for cells, strength in ((4, 13.0), (9, 8.0), (22, 5.0), (60, 3.5)):
        values += paint.grain(rng, size=half, cells=(cells, cells)) * strength
    if kind == "breast":
        values += paint.grain(rng, size=half, cells=(8, 60)) * 7
    elif kind == "banded":
        slow = paint.grain(rng, size=half, cells=(5, 5)) * 2.2
        values += np.sin(slow * 3) * 9
    elif kind == "spongy":
        values += np.abs(paint.grain(rng, size=half, cells=(80, 80))) * 9
    vessels = np.zeros((half[1], half[0]), np.uint8)
    for _ in range(int(rng.integers(3, 6))):
        _vessel(rng, vessels)
    reach = max(3, min(half) // 260 * 2 + 1)
    vessels = np.asarray(cv2.GaussianBlur(vessels, (reach, reach), 0), np.uint8)
    values += vessels.astype(np.float32) * (-0.13 if kind == "liver" else 0.2)
    edge_x = np.abs(np.linspace(-1, 1, half[0], dtype=np.float32)) ** 4
    edge_y = np.abs(np.linspace(-1, 1, half[1], dtype=np.float32)) ** 4
    values *= 1 - 0.35 * np.clip(edge_x[None, :] + edge_y[:, None], 0, 1)
    values = np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), np.float32)
    warm = rng.uniform(-0.02, 0.02)
    return paint.tinted(
        np.asarray(np.clip(values, 4, 235) / 128, np.float32),
        tint=(round(128 * (1 + warm)), 128, round(128 * (1 - warm))),
    )


def _vessel(rng: np.random.Generator, canvas: NDArray[np.uint8]) -> None:
    """A branching tree of tapering lines from one edge, in place."""
    height, width = canvas.shape
    scale = min(width, height)
    edge = int(rng.integers(4))
    along = rng.uniform(0.1, 0.9)
    start = [(along, 0.0), (along, 1.0), (0.0, along), (1.0, along)][edge]
    heading = float(np.arctan2(0.5 - start[1], 0.5 - start[0]) + rng.uniform(-0.6, 0.6))
    stack = [(start[0] * width, start[1] * height, heading, scale * rng.uniform(0.008, 0.018))]
    budget = 13
    while stack and budget:
        budget -= 1
        x, y, heading, pen = stack.pop(0)
        if pen < 0.8:
            continue
        turns = heading + np.cumsum(rng.uniform(-0.16, 0.16, 10))
        stride = scale * rng.uniform(0.014, 0.03)
        xs, ys = x + np.cumsum(np.cos(turns)) * stride, y + np.cumsum(np.sin(turns)) * stride
        points = np.round(np.stack([xs, ys], axis=1) * 16).astype(np.int32)
        level = int(rng.integers(150, 235))
        cv2.polylines(canvas, [points[:, None]], False, level, max(1, round(pen)), cv2.LINE_AA, 4)
        fork = rng.uniform(0.25, 0.6)
        end = float(xs[-1]), float(ys[-1])
        stack.append((*end, float(turns[-1] + fork), pen * 0.72))
        stack.append((*end, float(turns[-1] - fork), pen * 0.68))


def _section(rng: np.random.Generator, pixels: Pixels, place: Region) -> None:
    """A vessel cut across: a small even disc, brighter than a nodule."""
    size = place.width
    axis = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / np.float32(size / 2) - 1
    radius = np.hypot(axis[None, :], axis[:, None])
    gain = np.clip((1 - radius) * 3.5, 0, 1) * rng.uniform(70, 105)
    paint.shade(pixels, np.asarray(gain, np.float32), at=(place.x0, place.y0))


def outline(
    rng: np.random.Generator, *, margin: str, angles: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Radius of a nodule's edge over the angle, at most about 1.

    Args:
        rng: Source of randomness.
        margin: One of `MARGINS`.
        angles: (h, w) in radians.
    """
    turn = rng.uniform(0, 2 * np.pi)
    if margin == "smooth":
        return np.asarray(0.9 + 0.03 * np.cos(2 * (angles - turn)), np.float32)
    if margin == "lobulated":
        lobes = int(rng.integers(3, 6))
        return np.asarray(0.76 + 0.2 * np.cos(lobes * (angles - turn)), np.float32)
    rays = int(rng.integers(9, 15))
    phase = (angles - turn) * (rays / (2 * np.pi))
    lengths = rng.uniform(0.55, 1.0, rays)[np.floor(phase + 0.5).astype(int) % rays]
    spike = np.cos(np.pi * phase) ** 10
    core = 0.5 + 0.05 * np.cos(3 * angles + turn)
    return np.asarray(core + 0.42 * spike * lengths, np.float32)


def _nodule(
    rng: np.random.Generator, pixels: Pixels, place: Region, *, margin: str, level: float
) -> None:
    """A nodule with its margin, added to the tissue."""
    cells = int(np.clip(2 * max(place.width, place.height), 96, 384))
    axis = np.linspace(-1.02, 1.02, cells, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    edge = outline(rng, margin=margin, angles=np.arctan2(y, x).astype(np.float32))
    alpha = np.clip((edge - np.hypot(x, y)) * 9, 0, 1).astype(np.float32)
    shape = paint.fitted(alpha, size=(place.width, place.height), floor=0.05)
    body = paint.grain(rng, size=(place.width, place.height), cells=(6, 6)) * 0.06
    gain = np.asarray(shape * level * (1 + body), np.float32)
    paint.shade(pixels, gain, at=(place.x0, place.y0))
