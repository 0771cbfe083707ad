"""Train the embedded model: draw scenes ahead, learn to read patches, then everything at once.

The recipe and what decided it stand in the model's card. Every step's pictures follow from the
seed and the step, so a run that was stopped goes on as if it had not been.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from inspector_app.domain.errors import InspectorError
from inspector_app.training import embedded_state
from inspector_app.training.embedded_cache import (
    SceneShard,
    SoupShard,
    draw_ahead,
    open_scenes,
    open_soup,
)
from inspector_app.training.embedded_losses import (
    Weights,
    Words,
    align_loss,
    dense_loss,
    joint_loss,
)
from inspector_app.training.embedded_network import Shape, normalized, patches_of
from inspector_app.training.embedded_samples import Batches
from inspector_app.training.embedded_state import State
from inspector_app.training.embedded_tokens import build_tokenizer, character_ids, first_token
from inspector_app.training.scene_parts import COLOURS, DEFECTS, MARGINS


@dataclass(frozen=True, slots=True)
class Options:
    """How to train. The card of the shipped model tells the runs that it came out of."""

    work: Path
    """Folder for drawn scenes and the checkpoint."""
    seed: int = 7
    shape: Shape = field(default_factory=Shape)
    weights: Weights = field(default_factory=Weights)
    soup_shards: int = 100
    scene_shards: int = 160
    read_steps: int = 1300
    read_batch: int = 48
    read_rate: float = 2e-3
    start: Path | None = None
    """Model folder whose weights the run starts from instead of learning to read patches."""
    heads_steps: int = 80
    """With `start`: the patch classifiers alone, for a model folder does not hold them."""
    joint_steps: int = 4000
    joint_batch: int = 16
    joint_rate: float = 1.3e-3
    joint_soup: int = 12
    """Soup pictures beside each joint batch, so that reading goes on improving."""
    decay: float = 0.75
    """The last part of the joint stage in which the learning rate falls to almost nothing."""
    keep: float = 0.997
    """Of the smoothed weights, at each step."""
    save_every: int = 100
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of a running training."""

    stage: str
    """"draw", "read", "heads" or "joint"."""
    done: int
    total: int
    loss: float = 0.0
    note: str = ""


def chosen_device(name: str) -> torch.device:
    """The device to train on: CUDA where there is one, unless named."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def train(options: Options) -> Iterator[Progress]:
    """Train from where the work folder stands to the end; yields after every step.

    Raises:
        InspectorError: The work folder cannot be used.
    """
    cache = options.work / "cache"
    try:
        drawn = draw_ahead(
            cache, soups=options.soup_shards, scenes=options.scene_shards, seed=options.seed
        )
        for done, total in drawn:
            yield Progress("draw", done, total)
    except OSError as error:
        raise InspectorError(
            f"Scenes cannot be drawn into {cache}: {error.strerror}.",
            hint="Give a --work folder with about 12 GB of free space.",
        ) from error
    tokenizer = build_tokenizer()
    device = chosen_device(options.device)
    state = embedded_state.fresh(
        options.shape, tokenizer=tokenizer, seed=options.seed, device=device
    )
    if not embedded_state.load(state, folder=options.work) and options.start is not None:
        embedded_state.begin_from(state, folder=options.start)
    shards = _all_scenes(cache, count=options.scene_shards)
    words = words_of(tokenizer, device=device)
    if state.stage == "read":
        yield from _read_stage(state, options, shards=shards, words=words, device=device)
        state.stage, state.step = "joint", 0
    if state.stage == "heads":
        yield from _heads_stage(state, options, shards=shards, device=device)
        state.stage, state.step = "joint", 0
    yield from _joint_stage(
        state, options, shards=shards, words=words, tokenizer=tokenizer, device=device
    )


def words_of(tokenizer: PreTrainedTokenizerFast, *, device: torch.device) -> Words:
    """Token ids of the words that patches are aligned with."""
    colours = [first_token(tokenizer, word=word) for word in COLOURS]
    kinds = [first_token(tokenizer, word=word) for word in (*DEFECTS, *MARGINS)]
    return Words(
        torch.tensor(colours, device=device),
        torch.tensor(kinds, device=device),
        torch.from_numpy(character_ids(tokenizer)).to(device),
        int(tokenizer.bos_token_id),
    )


def _all_soups(options: Options) -> list[SoupShard]:
    cache = options.work / "cache"
    found = [open_soup(cache, index=index) for index in range(options.soup_shards)]
    return [shard for shard in found if shard is not None]


def _all_scenes(cache: Path, *, count: int) -> list[SceneShard]:
    found = [open_scenes(cache, index=index) for index in range(count)]
    return [shard for shard in found if shard is not None]


def _read_stage(
    state: State,
    options: Options,
    *,
    shards: list[SceneShard],
    words: Words,
    device: torch.device,
) -> Iterator[Progress]:
    """The vision tower alone: name what each patch shows, mostly on character soup."""
    soups = _all_soups(options)
    while state.step < options.read_steps:
        rng = np.random.default_rng([options.seed, 4, state.step])
        views, grids = _read_batch(rng, soups=soups, shards=shards, size=options.read_batch)
        gain = brightness(rng, count=len(views)).to(device)
        pixels = torch.from_numpy(views).to(device).float()
        pixels = (pixels * gain[:, 0, None, None, None] + gain[:, 1, None, None, None]).clamp(
            0, 255
        )
        packed = torch.from_numpy(grids).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            patches = patches_of(state.network, pixels=normalized(pixels))
            dense, read = dense_loss(state.heads, patches=patches, packed=packed)
            table = state.network.model.language_model.embed_tokens.weight
            projected = state.network.model.multi_modal_projector(patches)
            align, hue = align_loss(projected, table=table, words=words, packed=packed)
            loss = dense + options.weights.align * align
        loss.backward()  # type: ignore[no-untyped-call]
        warm = min(1.0, (state.step + 1) / 60)
        embedded_state.advance(state, rate=options.read_rate * warm, keep=options.keep)
        if state.step % options.save_every == 0 or state.step == options.read_steps:
            embedded_state.save(state, folder=options.work, note=_noted(options))
        note = f"read {float(read):.3f} hue {float(hue):.3f} align {float(align.detach()):.3f}"
        yield Progress("read", state.step, options.read_steps, float(loss.detach()), note)


def _heads_stage(
    state: State, options: Options, *, shards: list[SceneShard], device: torch.device
) -> Iterator[Progress]:
    """Fit the patch classifiers to a vision tower that can already see; it stays as it is."""
    soups = _all_soups(options)
    while state.step < options.heads_steps:
        rng = np.random.default_rng([options.seed, 6, state.step])
        views, grids = _read_batch(rng, soups=soups, shards=shards, size=options.read_batch)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            with torch.no_grad():
                pixels = normalized(torch.from_numpy(views).to(device))
                patches = patches_of(state.network, pixels=pixels)
            loss, read = dense_loss(
                state.heads, patches=patches, packed=torch.from_numpy(grids).to(device)
            )
        loss.backward()  # type: ignore[no-untyped-call]
        embedded_state.advance(state, rate=2 * options.read_rate, keep=options.keep)
        yield Progress("heads", state.step, options.heads_steps, float(loss.detach()),
                       f"read {float(read):.3f}")  # fmt: skip


def _read_batch(
    rng: np.random.Generator, *, soups: list[SoupShard], shards: list[SceneShard], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(B, 140, 140, 3) pictures and (B, 700) classes: 65 % soup, the rest views of scenes."""
    views, grids = [], []
    for _ in range(size):
        if rng.random() < 0.65:
            soup = soups[int(rng.integers(len(soups)))]
            row = int(rng.integers(len(soup.views)))
            views.append(soup.views[row])
            grids.append(soup.grids[row])
        else:
            shard = shards[int(rng.integers(len(shards)))]
            row = int(rng.integers(len(shard.facts)))
            view = int(rng.choice([0, 1, 2, 2, 3, 4]))
            views.append(shard.views[row, view])
            grids.append(shard.grids[row, view])
    return np.stack(views), np.stack(grids)


def _ladled(
    rng: np.random.Generator, *, soups: list[SoupShard], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(S, 140, 140, 3) soup pictures and (S, 700) classes."""
    chosen = [soups[int(rng.integers(len(soups)))] for _ in range(size)]
    rows = [int(rng.integers(len(soup.views))) for soup in chosen]
    views = np.stack([soup.views[row] for soup, row in zip(chosen, rows, strict=True)])
    return views, np.stack([soup.grids[row] for soup, row in zip(chosen, rows, strict=True)])


def _joint_stage(
    state: State,
    options: Options,
    *,
    shards: list[SceneShard],
    words: Words,
    tokenizer: PreTrainedTokenizerFast,
    device: torch.device,
) -> Iterator[Progress]:
    """Pictures, questions, answers and where to look, all together."""
    soups = _all_soups(options)
    batches = Batches(tokenizer=tokenizer, seed=options.seed, scenes=options.joint_batch)
    while state.step < options.joint_steps:
        batch = batches.at(state.step, shards=shards)
        rng = np.random.default_rng([options.seed, 5, state.step])
        gain = brightness(rng, count=batch.views.shape[0] * batch.views.shape[1]).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            loss, figures = joint_loss(
                state.network,
                state.heads,
                batch=batch,
                words=words,
                shape=options.shape,
                weights=options.weights,
                gain=gain,
                soup=_ladled(rng, soups=soups, size=options.joint_soup),
            )
        loss.backward()  # type: ignore[no-untyped-call]
        rate = options.joint_rate * schedule(
            state.step, total=options.joint_steps, decay=options.decay
        )
        embedded_state.advance(state, rate=rate, keep=options.keep)
        if state.step % options.save_every == 0 or state.step == options.joint_steps:
            embedded_state.save(state, folder=options.work, note=_noted(options))
        note = " ".join(f"{name} {value:.3f}" for name, value in figures.items())
        yield Progress("joint", state.step, options.joint_steps, float(loss.detach()), note)


def schedule(step: int, *, total: int, decay: float) -> float:
    """Factor of the learning rate: a short rise, a plateau, a straight fall to 2 %."""
    rise = min(1.0, (step + 1) / 100)
    start = total * (1 - decay)
    fall = 1.0 if step < start else 1 - 0.98 * (step - start) / max(total - start, 1)
    return rise * fall


def brightness(rng: np.random.Generator, *, count: int) -> Tensor:
    """(count, 2) factor and shift in grey levels; half of the views stay as they are."""
    gain = np.stack([rng.uniform(0.8, 1.2, count), rng.uniform(-20, 20, count)], axis=1)
    gain[rng.random(count) < 0.5] = (1.0, 0.0)
    return torch.from_numpy(gain.astype(np.float32))


def _noted(options: Options) -> dict[str, object]:
    """The options as they go into the checkpoint's JSON."""
    noted = {k: v for k, v in asdict(options).items() if k != "work"}
    return {"options": {**noted, "start": str(options.start or "")}}
