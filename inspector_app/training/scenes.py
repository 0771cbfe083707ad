"""Synthetic inspection scenes whose contents are known to the pixel."""

from collections.abc import Callable
from functools import partial

import numpy as np

from inspector_app.training import scene_plate, scene_questions, scene_text, scene_tissue
from inspector_app.training.scene_parts import TRADES, Pixels, Scene, Thing, Trade

# Least area of a target's box at which its detail can be read at full resolution.
_LEGIBLE: dict[Trade, float] = {"text": 1300.0, "plate": 700.0, "tissue": 700.0}

SHARE_LIMITS = (0.0005, 0.2)
SIDE_LIMITS = (512, 2048)


def sensible_size(
    trade: Trade, *, share: float, rng: np.random.Generator, largest: int = 2048
) -> tuple[int, int]:
    """A picture size at which a target of this share is legible.

    Args:
        trade: One of `TRADES`.
        share: Area of the target over area of the picture.
        rng: Draws size and aspect ratio (3:4 .. 4:3).
        largest: No side is longer.

    Returns:
        (width, height), each 512..`largest`.
    """
    aspect = float(np.exp(rng.uniform(np.log(3 / 4), np.log(4 / 3))))
    area = max(520.0**2, _LEGIBLE[trade] / share) * rng.uniform(1.0, 1.7)
    width, height = (area * aspect) ** 0.5, (area / aspect) ** 0.5
    shrink = min(1.0, largest / max(width, height))
    low = SIDE_LIMITS[0]
    return max(low, round(width * shrink)), max(low, round(height * shrink))


def make_scene(  # noqa: PLR0913  what a scene is made of
    trade: Trade,
    *,
    seed: int,
    share: float,
    size: tuple[int, int] | None = None,
    held_out: bool = False,
    absent: bool = False,
    as_cut: bool = False,
) -> Scene:
    """Draw one scene; the same arguments give the same pixels.

    Args:
        trade: One of `TRADES`.
        seed: Chooses everything that is not given.
        share: Area of the target's box over the area of the picture, 0.0005 .. 0.2.
        size: (width, height), 512 .. 2048 each (samples may be larger); drawn when None.
        held_out: Use fonts, textures and layouts that training never sees.
        absent: Leave the target out; everything else stays exactly as it is.
        as_cut: Print letters as their fonts were cut, never stretched, slanted or inked.

    Raises:
        ValueError: An unknown trade or a share out of range.
    """
    if trade not in TRADES:
        raise ValueError(f"unknown trade {trade!r}, expected one of {TRADES}")
    if not SHARE_LIMITS[0] <= share <= SHARE_LIMITS[1]:
        raise ValueError(f"share must lie in {SHARE_LIMITS}, got {share}")
    entropy = np.random.SeedSequence([seed, TRADES.index(trade), int(held_out)])
    streams = [np.random.default_rng(child) for child in entropy.spawn(5)]
    if size is None:
        size = sensible_size(trade, share=share, rng=streams[3])
    draws: dict[Trade, Callable[..., tuple[Pixels, list[Thing]]]] = {
        "text": partial(scene_text.draw, as_cut=as_cut),
        "plate": scene_plate.draw,
        "tissue": scene_tissue.draw,
    }
    pixels, things = draws[trade](
        streams[:3],
        size=size,
        area=share * size[0] * size[1],
        with_target=not absent,
        held_out=held_out,
    )
    questions = scene_questions.questions_about(
        trade, things, size=size, has_target=not absent, rng=streams[4]
    )
    return Scene(trade, seed, pixels, tuple(things), questions, not absent, held_out)
