"""Scenes drawn ahead into files, so that training never waits for drawing.

A shard is complete when its last file exists; each is drawn from its own seed, so that any
process may draw any shard and training sees the same pictures in the same order.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector_app.training.embedded_soup import soup
from inspector_app.training.embedded_views import (
    PACKED,
    SIDE,
    as_line,
    facts,
    grids,
    shown,
    windows,
)
from inspector_app.training.scene_parts import Trade
from inspector_app.training.scenes import make_scene

SHARD = 256
"""Pictures (soup) or scenes in a shard."""
VIEWS = 5
"""Views of a scene: whole, near crop, searched crop, stray crop, tile."""

_TRADE_ODDS: tuple[tuple[Trade, float], ...] = (("text", 0.46), ("plate", 0.27), ("tissue", 0.27))
_SMALL_ODDS = 0.3
"""How often a scene surely has a small target: those are the hard ones."""
_ABSENT_ODDS: dict[Trade, float] = {"text": 0.08, "plate": 0.2, "tissue": 0.22}


@dataclass(frozen=True, slots=True)
class SceneShard:
    """Views, patch classes and facts of `SHARD` scenes; arrays are mapped from disk."""

    views: NDArray[np.uint8]
    """(scenes, views, 140, 140, 3)."""
    grids: NDArray[np.uint8]
    """(scenes, views, 700), see `embedded_views.Grids.packed`."""
    facts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SoupShard:
    """Soup pictures and their patch classes."""

    views: NDArray[np.uint8]
    """(pictures, 140, 140, 3)."""
    grids: NDArray[np.uint8]
    """(pictures, 700)."""


def draw_soup(folder: Path, *, index: int, seed: int) -> None:
    """Draw one shard of character soup unless it is there."""
    if (folder / f"soup-{index:04d}-grids.npy").exists():
        return
    rng = np.random.default_rng([seed, 1, index])
    views = np.empty((SHARD, SIDE, SIDE, 3), np.uint8)
    classes = np.empty((SHARD, PACKED), np.uint8)
    for row in range(SHARD):
        views[row], found = soup(rng)
        classes[row] = found.packed()
    _save(folder / f"soup-{index:04d}-views.npy", views)
    _save(folder / f"soup-{index:04d}-grids.npy", classes)


def draw_scenes(folder: Path, *, index: int, seed: int, held_out: bool = False) -> None:
    """Draw one shard of scenes unless it is there."""
    if (folder / f"scenes-{index:04d}-facts.jsonl").exists():
        return
    rng = np.random.default_rng([seed, 2, index])
    views = np.empty((SHARD, VIEWS, SIDE, SIDE, 3), np.uint8)
    classes = np.empty((SHARD, VIEWS, PACKED), np.uint8)
    lines = []
    for row in range(SHARD):
        names, odds = zip(*_TRADE_ODDS, strict=True)
        trade = names[int(rng.choice(len(names), p=odds))]
        largest = 0.02 if rng.random() < _SMALL_ODDS else 0.18
        scene = make_scene(
            trade,
            seed=int(rng.integers(2**31)),
            share=float(np.exp(rng.uniform(np.log(0.0006), np.log(largest)))),
            held_out=held_out,
            absent=bool(rng.random() < _ABSENT_ODDS[trade]),
        )
        cuts = windows(scene, rng=rng)
        for column, cut in enumerate(cuts):
            views[row, column] = shown(scene.pixels, window=cut)
            classes[row, column] = grids(scene.things, window=cut).packed()
        lines.append(as_line(facts(scene, windows=cuts)))
    _save(folder / f"scenes-{index:04d}-views.npy", views)
    _save(folder / f"scenes-{index:04d}-grids.npy", classes)
    _write(folder / f"scenes-{index:04d}-facts.jsonl", "\n".join(lines).encode())


def draw_ahead(folder: Path, *, soups: int, scenes: int, seed: int) -> Iterator[tuple[int, int]]:
    """Draw all shards, scenes and soup in turn, and tell how many of all are done."""
    folder.mkdir(parents=True, exist_ok=True)
    total = soups + scenes
    done = 0
    for index in range(max(soups, scenes)):
        if index < soups:
            draw_soup(folder, index=index, seed=seed)
            done += 1
        if index < scenes:
            draw_scenes(folder, index=index, seed=seed)
            done += 1
        yield done, total


def open_scenes(folder: Path, *, index: int) -> SceneShard | None:
    """A drawn shard, or None while it is not there."""
    facts_file = folder / f"scenes-{index:04d}-facts.jsonl"
    if not facts_file.exists():
        return None
    return SceneShard(
        np.load(folder / f"scenes-{index:04d}-views.npy", mmap_mode="r", allow_pickle=False),
        np.load(folder / f"scenes-{index:04d}-grids.npy", mmap_mode="r", allow_pickle=False),
        tuple(json.loads(line) for line in facts_file.read_text(encoding="utf-8").splitlines()),
    )


def open_soup(folder: Path, *, index: int) -> SoupShard | None:
    """A drawn shard, or None while it is not there."""
    grids_file = folder / f"soup-{index:04d}-grids.npy"
    if not grids_file.exists():
        return None
    return SoupShard(
        np.load(folder / f"soup-{index:04d}-views.npy", mmap_mode="r", allow_pickle=False),
        np.load(grids_file, mmap_mode="r", allow_pickle=False),
    )


def _save(path: Path, array: NDArray[np.uint8]) -> None:
    """Write an array beside its place and rename it, so that half a file is never seen."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.npy")
    np.save(beside, array, allow_pickle=False)
    beside.replace(path)


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
