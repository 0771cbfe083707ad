"""A language model with a memory, behind one lock.

A prompt is given whole; only the tokens that the cache does not already share with it go
through the layers. Question, neutral question, gradient and zoomed question are therefore
the same call, and none has to know what was asked before.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.inspection import Passes
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.devices import Placement
from inspector_app.runtime.emphasis import Emphasis, Emphasised
from inspector_app.runtime.probe import LeftEarly, Probe
from inspector_app.runtime.trouble import room_on

Tower = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One view as the language model gets it.

    Attributes:
        features: (tokens, width) after the projector.
        mark: A negative number no other picture has; stands for its tokens in the cache.
        skip: How many of its first tokens belong to no cell (a class token).
        shape: (rows, cols) of its tokens, where the language model counts positions by time,
            row and column; None where it counts all tokens alike.
        deep: (levels, tokens, width) what is added to the tokens behind the first layers, one
            level a layer; None where nothing is.
        cells: Which of its tokens are the cells, row by row; None for all behind `skip`.
    """

    features: Tensor
    mark: int
    skip: int
    shape: tuple[int, int] | None = None
    deep: Tensor | None = None
    cells: tuple[int, ...] | None = None

    @property
    def tokens(self) -> int:
        """Number of prompt tokens."""
        return int(self.features.shape[0])

    def cells_from(self, start: int) -> Sequence[int]:
        """Positions of the cells, row by row, where the picture begins at `start`."""
        if self.cells is None:
            return range(start + self.skip, start + self.tokens)
        return [start + at for at in self.cells]


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """A tokenised prompt and the pictures its placeholders stand for.

    Attributes:
        ids: Token numbers, placeholders expanded.
        pictures: In prompt order.
        starts: Position of the first token of each picture.
        emphasis: What is added to the scores of picture tokens; None adds nothing.
    """

    ids: tuple[int, ...]
    pictures: tuple[Picture, ...]
    starts: tuple[int, ...]
    emphasis: Emphasis | None = None

    def marks(self) -> list[int]:
        """The ids, with the tokens of each picture told apart from any other picture's."""
        marks = list(self.ids)
        for picture, start in zip(self.pictures, self.starts, strict=True):
            marks[start : start + picture.tokens] = [picture.mark] * picture.tokens
        if self.emphasis is not None:
            since, more = self.emphasis.since, self.emphasis.mark
            marks[since:] = [mark + more for mark in marks[since:]]
        return marks

    def cells(self) -> list[int]:
        """Positions of the tokens that are cells of a grid, view after view."""
        return [
            position
            for picture, start in zip(self.pictures, self.starts, strict=True)
            for position in picture.cells_from(start)
        ]

    def followed_by(self, ids: Sequence[int]) -> "Prompt":
        """The same prompt with answer tokens behind it."""
        return replace(self, ids=(*self.ids, *ids))

    def positions(self, start: int = 0) -> Tensor:
        """Of the tokens from `start` on: (1, tokens), or (3, 1, tokens) time, row, column.

        They follow from the prompt alone, so that nothing about a picture need be kept
        between forwards (transformers keeps a difference on the network, which is that of
        the last picture, whichever prompt goes on).
        """
        if not any(picture.shape for picture in self.pictures):
            return torch.arange(start, len(self.ids))[None]
        parts: list[Tensor] = []
        at = turn = 0
        for picture, begin in zip(self.pictures, self.starts, strict=True):
            parts.append(torch.arange(turn, turn + begin - at).expand(3, -1))
            turn += begin - at
            rows, cols = picture.shape or (1, picture.tokens)
            down, across = torch.meshgrid(torch.arange(rows), torch.arange(cols), indexing="ij")
            parts.append(torch.stack([torch.zeros_like(down), down, across]).flatten(1) + turn)
            # The words go on behind the longer side, not behind the number of tokens.
            turn += max(rows, cols)
            at = begin + picture.tokens
        parts.append(torch.arange(turn, turn + len(self.ids) - at).expand(3, -1))
        return torch.cat(parts, dim=1)[:, None, start:]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What a walk through the layers begins with.

    Attributes:
        states: (1, tokens, width) embeddings.
        positions: (1, tokens), or (3, 1, tokens); see `Prompt.positions`.
        pictured: (1, tokens) which of them `deep` is for; None where there is none.
        deep: One (pictured tokens, width) for each of the first layers, added behind it.
    """

    states: Tensor
    positions: Tensor
    pictured: Tensor | None = None
    deep: tuple[Tensor, ...] = ()

    @classmethod
    def joined(cls, parts: "Sequence[Inputs]") -> "Inputs":
        """One after the other."""
        states = torch.cat([part.states for part in parts], dim=1)
        positions = torch.cat([part.positions for part in parts], dim=-1)
        if all(part.pictured is None for part in parts):
            return cls(states, positions)
        pictured = [
            torch.zeros(part.states.shape[:2], dtype=torch.bool, device=states.device)
            if part.pictured is None
            else part.pictured
            for part in parts
        ]
        levels = zip(*(part.deep for part in parts if part.deep), strict=True)
        deep = tuple(torch.cat(level) for level in levels)
        return cls(states, positions, torch.cat(pictured, dim=1), deep)

    def call(self) -> dict[str, Any]:
        """As a decoder stack of transformers wants them."""
        made: dict[str, Any] = {"inputs_embeds": self.states, "position_ids": self.positions}
        if self.pictured is not None:
            made |= {
                "visual_pos_masks": self.pictured,
                "deepstack_visual_embeds": list(self.deep),
            }
        return made


@dataclass(slots=True, eq=False)
class Network:
    """The parts of a checkpoint that read a prompt.

    Attributes:
        language: The decoder stack: embeddings in, last hidden states out.
        head: From a hidden state to the vocabulary.
        embed: From token numbers to embeddings.
        depth: Number of decoder layers.
        context: Most tokens that prompt and answer may have together.
        placement: Where it computes.
        lock: Held during each forward. Caches and passes are safe from other threads.
        passes: All work done since loading.
    """

    language: nn.Module
    head: nn.Module
    embed: nn.Module
    depth: int
    context: int
    placement: Placement
    lock: Any = field(default_factory=threading.RLock)
    passes: Passes = field(default_factory=Passes)

    @contextmanager
    def working(self, doing: str, *, alone: bool = False) -> Iterator[None]:  # noqa: ARG002  see `lockstep`
        """With the network; a full device becomes `OutOfMemory`.

        Args:
            doing: Completes "There was not enough memory on the ... to ...".
            alone: Whether no other reader's forward may be made meanwhile.
        """
        with self.lock, room_on(self.placement.device, doing=doing):
            yield

    def see(self, tower: Tower, pixels: Tensor) -> Tensor:
        """What a vision tower makes of (views, 3, h, w) pixels: (views, tokens, width)."""
        return tower(pixels)

    def count(self, *, vision: int = 0, language: int = 0, prefilled: int = 0) -> None:
        """Add to the work done."""
        self.passes = Passes(
            self.passes.vision + vision,
            self.passes.language + language,
            self.passes.tokens_prefilled + prefilled,
        )

    def forward(
        self,
        prompt: Prompt,
        *,
        cache: PromptCache,
        probe: Probe,
        prompt_tokens: int | None = None,
    ) -> Tensor | None:
        """Bring the cache to the end of the prompt.

        Args:
            prompt: All of it; what the cache shares with it is not computed again.
            cache: Holds the prompt afterwards (in the lower layers only, if left early).
            probe: What else is wanted; it is filled.
            prompt_tokens: How many of the ids are prompt, for counting; None counts all.

        Returns:
            (kept, width) hidden states of the last tokens, as many as the probe keeps (one
            if it does not say), after the last norm; None if left early.
        """
        depth = self.depth if probe.leave_at is None else probe.leave_at + 1
        marks = prompt.marks()
        # What is wanted is computed again even where the cache holds it: only a forward
        # has a result.
        probe.keep = probe.keep or 1
        if prompt.emphasis is not None:
            behind = len(prompt.ids) - prompt.emphasis.since
            probe.emphasised = Emphasised(prompt.emphasis, behind, {})
        start = min(cache.shared_with(marks, depth=depth), len(marks) - probe.keep)
        cache.cut(start)
        known = len(prompt.ids) if prompt_tokens is None else prompt_tokens
        self.count(language=1, prefilled=max(0, known - start))
        hidden = self.run(self.inputs(prompt, start=start), cache=cache, probe=probe)
        if probe.leaf is None:
            cache.marks = tuple(marks)
        else:
            cache.cut(start)
        return hidden

    def run(
        self,
        inputs: Inputs,
        *,
        cache: PromptCache,
        probe: Probe,
        mask: Tensor | None = None,
    ) -> Tensor | None:
        """One walk through the layers; the cache grows, its marks are left to the caller.

        Args:
            inputs: Of the tokens that the cache does not hold.
            cache: Cut back to where it was if anything goes wrong.
            probe: Says how many hidden states to keep; it is filled.
            mask: (1, 1, tokens, keys) who sees what, as `probe.mask_of` makes it; None for
                a plain prompt.

        Returns:
            (kept, width) hidden states after the last norm; None if left early.
        """
        held = len(cache.marks)
        call: Callable[..., Any] = self.language
        try:
            out = call(
                **inputs.call(),
                attention_mask=mask,
                past_key_values=cache,
                use_cache=True,
                probe=probe,
            )
        except LeftEarly:
            return None
        except BaseException:
            # Some layers hold the new tokens and some do not.
            cache.cut(held)
            raise
        hidden: Tensor = out.last_hidden_state[0, -(probe.keep or 0) :]
        return hidden

    def inputs(self, prompt: Prompt, *, start: int = 0) -> Inputs:
        """The prompt from token `start` on, pictures included."""
        device = self.placement.device
        ids = torch.tensor(prompt.ids[start:], device=device)
        pictured = torch.zeros(len(ids), dtype=torch.bool, device=device)
        for begin, picture in zip(prompt.starts, prompt.pictures, strict=True):
            pictured[max(0, begin - start) : max(0, begin + picture.tokens - start)] = True
        # The placeholder need not be in the vocabulary at all.
        words: Tensor = self.embed(ids.masked_fill(pictured, 0))
        parts: list[Tensor] = []
        at = start
        for begin, picture in zip(prompt.starts, prompt.pictures, strict=True):
            if begin + picture.tokens <= start:
                continue
            parts.append(words[at - start : max(begin, at) - start])
            parts.append(picture.features[max(0, at - begin) :].to(words.dtype))
            at = begin + picture.tokens
        parts.append(words[at - start :])
        states, positions = torch.cat(parts)[None], prompt.positions(start).to(device)
        deep = _deep(prompt, start=start)
        return Inputs(states, positions, pictured[None] if deep else None, deep)

    def scores(self, hidden: Tensor) -> Tensor:
        """(tokens, vocabulary) float32 logits of (tokens, width) hidden states."""
        logits: Tensor = self.head(hidden)
        return logits.float()

    def sound_scores(self, hidden: Tensor | None) -> Tensor:
        """The same, checked.

        Raises:
            ModelTrouble: some are not finite.
        """
        if hidden is None:
            raise RuntimeError("a forward that must reach the end left early")
        scores = self.scores(hidden)
        if not scores.isfinite().all():
            raise ModelTrouble(
                f"The model gave numbers that are not finite in {self.placement.dtype_name}.",
                hint="Choose the precision float32 or bfloat16 in the settings.",
            )
        return scores


def _deep(prompt: Prompt, *, start: int) -> tuple[Tensor, ...]:
    """What is added behind the first layers to the picture tokens from `start` on."""
    pairs = zip(prompt.starts, prompt.pictures, strict=True)
    late = [
        picture.deep[:, max(0, start - begin) :]
        for begin, picture in pairs
        if picture.deep is not None and begin + picture.tokens > start
    ]
    return tuple(torch.cat(late, dim=1).unbind()) if late else ()
