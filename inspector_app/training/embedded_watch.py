"""Measure a network on held-out scenes: answers, and where it looked. Small, for use in training.

`inspector bench embedded` measures the whole chain through the engine; this measures the network
alone, with a plain window, so that a training run can be judged while it goes on.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import LlavaForConditionalGeneration, PreTrainedTokenizerFast

from inspector_app.domain.region import Region
from inspector_app.training.embedded_losses import packed_mask
from inspector_app.training.embedded_network import normalized, patches_of
from inspector_app.training.embedded_tokens import ASSISTANT, USER
from inspector_app.training.embedded_views import GRID, shown
from inspector_app.training.scene_parts import TRADES, Pixels, Scene, Trade
from inspector_app.training.scene_questions import NEUTRAL
from inspector_app.training.scenes import make_scene

BINS: dict[str, tuple[float, float]] = {
    "small": (0.0006, 0.005),
    "medium": (0.005, 0.05),
    "large": (0.05, 0.18),
}


@dataclass(frozen=True, slots=True)
class Score:
    """How one trade and size bin did; fractions of `count` scenes."""

    trade: Trade
    size_bin: str
    count: int
    whole: float
    attended: float
    """Answered right from the whole and the crop that relative attention chose."""
    true_box: float
    hit: float
    """The chosen crop holds the centre of the target."""


class Asker:
    """Asks a network greedily about pictures that are already 140 px views."""

    def __init__(
        self,
        network: LlavaForConditionalGeneration,
        *,
        tokenizer: PreTrainedTokenizerFast,
        map_layer: int,
    ) -> None:
        """The network must use `matmul_attention`."""
        self._network = network
        self._tokenizer = tokenizer
        self._map_layer = map_layer
        self._device = next(network.parameters()).device

    @torch.no_grad()
    def read(self, views: NDArray[np.uint8]) -> Tensor:
        """Patches as the language part gets them: (B, 100 n, width) from (B, n, 140, 140, 3)."""
        count, pictures = views.shape[:2]
        pixels = normalized(torch.from_numpy(views).to(self._device).flatten(0, 1))
        patches = patches_of(self._network, pixels=pixels)
        projected: Tensor = self._network.model.multi_modal_projector(patches)
        return projected.reshape(count, pictures * GRID * GRID, -1)

    @torch.no_grad()
    def ask(
        self, pictures: Tensor, *, questions: list[str]
    ) -> tuple[list[str], NDArray[np.float32]]:
        """Answers, and the map of the first picture.

        Args:
            pictures: (B, 100 n, width), see `read`.
            questions: B of them.

        Returns:
            B answers, and (B, 10, 10) mean attention of the last prompt token.
        """
        tokenizer = self._tokenizer
        prompts = [
            tokenizer(f"{USER} {text}{ASSISTANT}", add_special_tokens=False)["input_ids"]
            for text in questions
        ]
        ends = torch.tensor([len(ids) for ids in prompts])
        room = int(ends.max()) + 8
        ids = torch.full((len(prompts), room), int(tokenizer.pad_token_id))
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = torch.tensor(prompt)
        starts, first = ends.clone(), None
        is_open = torch.ones(len(prompts), dtype=torch.bool)
        every = torch.arange(len(prompts))
        for _ in range(7):
            logits, rows = self._forward(pictures, ids=ids)
            if first is None:
                prefix = 1 + pictures.shape[1]
                seen = rows[every, :, prefix + starts - 1, 1 : 1 + GRID * GRID]
                first = seen.float().mean(1).reshape(-1, GRID, GRID)
            token = logits[every, ends - 1].argmax(-1).cpu()
            is_open &= token != int(tokenizer.eos_token_id)
            if not bool(is_open.any()):
                break
            ids[every[is_open], ends[is_open]] = token[is_open]
            ends = ends + is_open.long()
        spoken = [
            str(tokenizer.decode(ids[row, starts[row] : ends[row]])).strip()
            for row in every.tolist()
        ]
        assert first is not None
        return spoken, first.cpu().numpy()

    def _forward(self, pictures: Tensor, *, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the text tokens, and the attention weights of the map layer."""
        language = self._network.model.language_model
        table = language.embed_tokens
        bos = torch.full((len(ids), 1), int(self._tokenizer.bos_token_id), device=self._device)
        tokens = torch.cat([table(bos), pictures, table(ids.to(self._device))], dim=1)
        prefix = 1 + pictures.shape[1]
        rows: dict[int, Tensor | None] = {self._map_layer: None}
        mask = packed_mask(prefix, segments=1, length=ids.shape[1]).to(self._device)
        states = language(
            inputs_embeds=tokens, attention_mask=mask, use_cache=False, rows=rows
        ).last_hidden_state
        seen = rows[self._map_layer]
        assert seen is not None
        return self._network.lm_head(states[:, prefix:]), seen


def window_of(
    asked: NDArray[np.float32], *, neutral: NDArray[np.float32], size: tuple[int, int]
) -> Region:
    """A window about the peak of relative attention, as large as the peak is spread.

    Args:
        asked: (10, 10) attention for the question.
        neutral: (10, 10) for the neutral question.
        size: (width, height) of the picture.
    """
    ratio = asked / np.maximum(neutral, 1e-3 * float(np.median(neutral)) + 1e-9)
    ratio = np.clip(ratio - 2 * float(np.median(ratio)), 1e-6, None)
    row, column = np.unravel_index(int(ratio.argmax()), ratio.shape)
    # Only what hangs together with the peak counts for its centre and spread.
    rows, columns = np.mgrid[0:GRID, 0:GRID]
    near = ratio * (ratio > 0.1 * ratio.max()) * (np.hypot(rows - row, columns - column) < 3.6)
    near /= near.sum()
    cy, cx = float((near * (rows + 0.5)).sum()), float((near * (columns + 0.5)).sum())
    spread_y = float(np.sqrt((near * (rows + 0.5 - cy) ** 2).sum()))
    spread_x = float(np.sqrt((near * (columns + 0.5 - cx) ** 2).sum()))
    width = (1.0 + 3.4 * spread_x) / GRID * size[0]
    height = (1.0 + 3.4 * spread_y) / GRID * size[1]
    side = max(width, height)
    return Region.rectangle_at(
        (cx / GRID * size[0], cy / GRID * size[1]), size=(round(side), round(side)), within=size
    )


def square_about(box: Region, *, margin: float, within: tuple[int, int]) -> Region:
    """The smallest square that holds a box, larger by `margin`."""
    side = max(8, round(max(box.width, box.height) * margin))
    center = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return Region.square_at(center, side=side, within=within)


@dataclass(frozen=True, slots=True)
class Trial:
    """Held-out scenes of one trade and bin, with the views that do not depend on the network."""

    trade: Trade
    size_bin: str
    scenes: tuple[Scene, ...]
    wholes: NDArray[np.uint8]
    """(N, 1, 140, 140, 3)."""
    boxes: NDArray[np.uint8]
    """(N, 1, 140, 140, 3) the true box."""


def trials(*, count: int, seed: int, bins: tuple[str, ...] = tuple(BINS)) -> list[Trial]:
    """Draw held-out scenes: `count` for each trade and bin."""
    found = []
    for trade in TRADES:
        for name in bins:
            low, high = BINS[name]
            rng = np.random.default_rng([seed, TRADES.index(trade), list(BINS).index(name)])
            scenes = []
            for _ in range(count):
                share = float(np.exp(rng.uniform(np.log(low), np.log(high))))
                number = int(rng.integers(2**31))
                scenes.append(make_scene(trade, seed=number, share=share, held_out=True))
            wholes = np.stack([_whole(scene.pixels) for scene in scenes])[:, None]
            boxes = np.stack([_true_box(scene) for scene in scenes])[:, None]
            found.append(Trial(trade, name, tuple(scenes), wholes, boxes))
    return found


def _whole(pixels: Pixels) -> Pixels:
    return shown(pixels, window=(0, 0, pixels.shape[1], pixels.shape[0]))


def _true_box(scene: Scene) -> Pixels:
    assert scene.box is not None
    window = square_about(scene.box, margin=1.1, within=scene.size)
    return shown(scene.pixels, window=window.box)


def measure(asker: Asker, *, trial: Trial) -> Score:
    """Ask everything once about one trial."""
    questions = [scene.question for scene in trial.scenes]
    answers = [scene.answer for scene in trial.scenes]
    count = len(questions)
    wholes = asker.read(trial.wholes)
    whole, asked = asker.ask(wholes, questions=questions)
    _, neutral = asker.ask(wholes, questions=[NEUTRAL] * count)
    windows = [
        window_of(asked[row], neutral=neutral[row], size=scene.size)
        for row, scene in enumerate(trial.scenes)
    ]
    crops = np.stack(
        [
            shown(scene.pixels, window=window.box)
            for scene, window in zip(trial.scenes, windows, strict=True)
        ]
    )[:, None]
    attended, _ = asker.ask(torch.cat([wholes, asker.read(crops)], dim=1), questions=questions)
    true_box, _ = asker.ask(
        torch.cat([wholes, asker.read(trial.boxes)], dim=1), questions=questions
    )
    hits = [_holds(window, scene.box) for window, scene in zip(windows, trial.scenes, strict=True)]
    return Score(
        trial.trade,
        trial.size_bin,
        count,
        _right(whole, answers),
        _right(attended, answers),
        _right(true_box, answers),
        float(np.mean(hits)),
    )


def _holds(window: Region, box: Region | None) -> bool:
    assert box is not None
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return window.x0 <= x < window.x1 and window.y0 <= y < window.y1


def _right(given: list[str], wanted: list[str]) -> float:
    return float(np.mean([a == b for a, b in zip(given, wanted, strict=True)]))


def as_row(score: Score) -> dict[str, Any]:
    """A score for JSON."""
    return {name: getattr(score, name) for name in Score.__slots__}
