"""Training batches: pictures of a scene, four questions packed after them, where to look."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from inspector_app.training.embedded_cache import SceneShard
from inspector_app.training.embedded_tokens import ASSISTANT, USER
from inspector_app.training.embedded_views import (
    GRID,
    LEAST_CHARACTER,
    Window,
    in_view,
    target_map,
    visible_part,
)
from inspector_app.training.scene_parts import TRADES, SceneQuestion
from inspector_app.training.scene_questions import NEUTRAL, reworded

QUESTIONS = 4
"""Questions packed after each picture prefix."""
LONGEST_CODE = 4
PICTURE = GRID * GRID

# Which views (see embedded_cache.VIEWS) a sample shows, and how often.
COMPOSITIONS: tuple[tuple[tuple[tuple[int, ...], ...], float], ...] = (
    (((0,), (0,), (4,), (4,), (3,)), 0.38),
    (((1,), (2,)), 0.06),
    (((0, 1), (0, 2), (0, 2), (4, 2), (0, 3)), 0.46),
    (((0, 2, 3), (0, 3, 1), (0, 1, 3)), 0.08),
    (((0, 3, 2, 1), (0, 2, 3, 1)), 0.02),
)

TRADE_ODDS = (0.46, 0.31, 0.23)
"""How often a scene of each of `TRADES` is shown: reading codes takes longest to learn."""
_TRIES = 1000


@dataclass(frozen=True, slots=True)
class Batch:
    """B samples that show the same number n of pictures; P = 1 + 100 n tokens of prefix."""

    views: NDArray[np.uint8]
    """(B, n, 140, 140, 3)."""
    grids: NDArray[np.uint8]
    """(B, n, 700)."""
    ids: NDArray[np.int64]
    """(B, 4, L) question and answer, padded at the end."""
    weights: NDArray[np.float32]
    """(B, 4, L) loss weight of predicting the next token from here."""
    last: NDArray[np.int64]
    """(B, 4) index of the last prompt token in its segment."""
    maps: NDArray[np.float32]
    """(B, 4, 100 n) where it shall look; sums to 1, or all 0 without supervision."""
    keys: NDArray[np.int64]
    """(B, 4) index of the word that says what is meant; -1 without."""
    copies: NDArray[np.float32]
    """(B, 4, 4, 100 n) where the token that predicts character i shall look; or all 0."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """One scene with the views chosen for it."""

    facts: dict[str, Any]
    shown: tuple[int, ...]

    def boxes(self, box: Window) -> list[Window]:
        """A box of the frame in each shown view."""
        return [in_view(box, window=self.facts["windows"][view]) for view in self.shown]

    def is_seen(self, subject: int) -> bool:
        """Whether any shown view holds at least a third of the thing."""
        box = self.facts["things"][subject][1]
        return any(visible_part(found) >= 0.3 for found in self.boxes(box))


class Batches:
    """Draws batches from the shards; the same seed and step give the same batch."""

    def __init__(self, *, tokenizer: PreTrainedTokenizerFast, seed: int, scenes: int) -> None:
        """See `at`.

        Args:
            tokenizer: Of the network.
            seed: Of the run.
            scenes: Samples in a batch of two pictures; batches of one picture hold more.
        """
        self._tokenizer = tokenizer
        self._seed = seed
        self._scenes = scenes
        self._eos = int(tokenizer.eos_token_id)
        self._pad = int(tokenizer.pad_token_id)
        self._encoded: dict[str, tuple[list[int], Any]] = {}

    def at(self, step: int, *, shards: list[SceneShard]) -> Batch:
        """The batch of a step, from the given shards."""
        rng = np.random.default_rng([self._seed, 3, step])
        odds = np.array([odd for _, odd in COMPOSITIONS])
        kinds = COMPOSITIONS[int(rng.choice(len(odds), p=odds))][0]
        count = len(kinds[0])
        size = max(2, round(self._scenes * {1: 1.6, 2: 1.0, 3: 0.7, 4: 0.5}[count]))
        rows = []
        for _ in range(size):
            shard, row = _drawn(shards, rng=rng)
            rows.append((shard, row, kinds[int(rng.integers(len(kinds)))]))
        views = np.stack([shard.views[row][list(shown)] for shard, row, shown in rows])
        grids = np.stack([shard.grids[row][list(shown)] for shard, row, shown in rows])
        samples = [_Sample(shard.facts[row], shown) for shard, row, shown in rows]
        asked = [_chosen(sample, rng=rng) for sample in samples]
        return self._packed(samples, asked, views=views, grids=grids)

    def _packed(
        self,
        samples: list[_Sample],
        asked: list[list[tuple[SceneQuestion | None, float]]],
        *,
        views: NDArray[np.uint8],
        grids: NDArray[np.uint8],
    ) -> Batch:
        """Tokens and targets of the chosen questions."""
        segments = [[self._segment(question) for question, _ in row] for row in asked]
        length = max(len(ids) for row in segments for ids, _, _ in row)
        shape = (len(samples), QUESTIONS)
        tokens = len(samples[0].shown) * PICTURE
        ids = np.full((*shape, length), self._pad, np.int64)
        weights = np.zeros((*shape, length), np.float32)
        last = np.zeros(shape, np.int64)
        keys = np.full(shape, -1, np.int64)
        maps = np.zeros((*shape, tokens), np.float32)
        copies = np.zeros((*shape, LONGEST_CODE, tokens), np.float32)
        for b, (sample, row) in enumerate(zip(samples, asked, strict=True)):
            for q, (question, weight) in enumerate(row):
                segment, end, key = segments[b][q]
                ids[b, q, : len(segment)] = segment
                last[b, q] = end
                if question is None:
                    # The neutral question looks everywhere alike, and at the first picture too.
                    maps[b, q] = 1 / tokens
                    continue
                weights[b, q, end : len(segment) - 1] = weight
                keys[b, q] = key
                if question.subject is None or not sample.is_seen(question.subject):
                    maps[b, q] = 1 / tokens
                    continue
                maps[b, q] = _looked(sample, subject=question.subject)
                if question.kind in ("code", "lone code"):
                    _copied(sample, subject=question.subject, into=copies[b, q])
        return Batch(views, grids, ids, weights, last, maps, keys, copies)

    def _segment(self, question: SceneQuestion | None) -> tuple[list[int], int, int]:
        """Token ids, index of the last prompt token, index of the key word or -1."""
        text = NEUTRAL if question is None else question.text
        prompt = f"{USER} {text}{ASSISTANT}"
        found = self._tokenizer(prompt, add_special_tokens=False)
        ids = list(found["input_ids"])
        end = len(ids) - 1
        if question is None:
            return ids, end, -1
        key = -1
        if question.key:
            at = prompt.rfind(question.key)
            place = found.char_to_token(at) if at >= 0 else None
            key = -1 if place is None else int(place)
        answer = self._tokenizer(f" {question.answer}", add_special_tokens=False)["input_ids"]
        return [*ids, *answer, self._eos], end, key


def _drawn(shards: list[SceneShard], *, rng: np.random.Generator) -> tuple[SceneShard, int]:
    """A scene of a trade that is drawn first, so that the hardest trade comes most often."""
    trade = TRADES[int(rng.choice(len(TRADES), p=TRADE_ODDS))]
    for _ in range(_TRIES):
        shard = shards[int(rng.integers(len(shards)))]
        row = int(rng.integers(len(shard.facts)))
        if shard.facts[row]["trade"] == trade:
            break
    # A handful of scenes may lack a trade; then any scene does.
    return shard, row


def _chosen(
    sample: _Sample, *, rng: np.random.Generator
) -> list[tuple[SceneQuestion | None, float]]:
    """Four questions for a sample with their loss weights; None is the neutral one."""
    pool: list[tuple[SceneQuestion, float, float]] = []
    for kind, text, answer, subject, key in sample.facts["questions"]:
        question = SceneQuestion(kind, text, answer, subject, key)
        fitted = _fitted(question, sample=sample)
        if fitted is not None:
            pool.append(fitted)
    chosen: list[tuple[SceneQuestion | None, float]] = []
    for _ in range(QUESTIONS):
        if not pool or rng.random() < 0.07:
            chosen.append((None, 0.0))
            continue
        odds = np.array([odd for _, _, odd in pool])
        pick = int(rng.choice(len(pool), p=odds / odds.sum()))
        question, weight, odd = pool[pick]
        # Asking the same again in other words is allowed, but rarer.
        pool[pick] = (question, weight, odd * 0.15)
        chosen.append((reworded(question, rng=rng), weight))
    return chosen


def _fitted(
    question: SceneQuestion, *, sample: _Sample
) -> tuple[SceneQuestion, float, float] | None:
    """The question as the shown views answer it: with loss weight and odds of being asked."""
    starts_whole = sample.shown[0] == 0
    subject = question.subject
    if subject is None:
        return question, 1.0, 0.5 if question.kind in ("is label", "is defect") else 1.0
    boxes = sample.boxes(sample.facts["things"][subject][1])
    part = max(visible_part(box) for box in boxes)
    if part < 0.05:
        return _unseen(question)
    if part < 0.55 or (question.kind == "side" and not starts_whole):
        return None
    size = max(min(box[2] - box[0], box[3] - box[1]) for box in boxes if visible_part(box) >= 0.55)
    if question.kind in ("code", "lone code"):
        readable = _readable(sample, subject=subject)
        return (question, 1.0, 2.2) if readable else (question, 0.1, 0.35)
    if question.kind in ("side", "is label", "lone colour", "is nodule", "any defect"):
        return question, 1.0 if size >= 2.5 else 0.4, 0.45
    return question, 1.0 if size >= 6 else 0.25, 1.0


def _unseen(question: SceneQuestion) -> tuple[SceneQuestion, float, float]:
    """A question about something that no shown view holds."""
    if question.kind in ("is label", "is defect", "any defect", "is nodule"):
        denied = SceneQuestion(question.kind, question.text, "no", None, question.key)
        return denied, 1.0, 0.7
    # There is no answer to learn, but that there is nothing to look at: most tiles of a large
    # picture are like that.
    return question, 0.0, 0.6


def _readable(sample: _Sample, *, subject: int) -> bool:
    """Whether one of the shown views holds all characters of a label large enough."""
    for view in sample.shown:
        window = sample.facts["windows"][view]
        boxes = [in_view(c, window=window) for c in sample.facts["things"][subject][4]]
        if all(box[3] - box[1] >= LEAST_CHARACTER and visible_part(box) >= 0.8 for box in boxes):
            return True
    return False


def _looked(sample: _Sample, *, subject: int) -> NDArray[np.float32]:
    """(100 n,) where the last prompt token looks: half at the whole, half at the crops."""
    found = [target_map(box) for box in sample.boxes(sample.facts["things"][subject][1])]
    total = np.zeros((len(found), PICTURE), np.float32)
    crops = sum(1 for grid in found[1:] if grid is not None)
    for index, grid in enumerate(found):
        if grid is None:
            continue
        share = 1.0 if index == 0 or found[0] is None else 0.5
        if index == 0:
            share = 0.5 if crops else 1.0
        else:
            share /= crops
        total[index] = grid.ravel() * share
    return total.ravel()


def _copied(sample: _Sample, *, subject: int, into: NDArray[np.float32]) -> None:
    """Enter where each character of a code stands best, in place: (4, 100 n)."""
    characters = sample.facts["things"][subject][4]
    best, height = -1, LEAST_CHARACTER
    for index, view in enumerate(sample.shown):
        window = sample.facts["windows"][view]
        boxes = [in_view(c, window=window) for c in characters]
        tall = min(box[3] - box[1] for box in boxes)
        if tall >= height and all(visible_part(box) >= 0.7 for box in boxes):
            best, height = index, tall
    if best < 0:
        return
    window = sample.facts["windows"][sample.shown[best]]
    for place, character in enumerate(characters):
        grid = target_map(in_view(character, window=window), least=6.0)
        if grid is not None:
            into[place, best * PICTURE : (best + 1) * PICTURE] = grid.ravel()
