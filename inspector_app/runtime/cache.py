"""A key-value cache that remembers what it holds, and grows and shrinks without copying.

transformers' `DynamicCache` joins tensors at every step: it copies the whole prefix for
each answer token. Here each layer owns a buffer with room to spare; a forward writes its
tokens behind those it shares with the last one, and a shorter prompt simply moves the end
back. Layers may hold different lengths: a forward that leaves the network early fills the
lower ones only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import Cache, CacheLayerMixin

# Tokens of room to spare: for one enlarged part (576 in LLaVA-1.5), a question and an answer.
SPARE = 768


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """A copy of what a cache held of the end of a prompt.

    Positions are turned into keys before they are cached, so that it may lie anywhere.

    Attributes:
        marks: Of the prompt, up to the end of this copy.
        start: Position of its first token.
        layers: Keys and values of each layer, each (1, heads, tokens, width).
    """

    marks: tuple[int, ...]
    start: int
    layers: tuple[tuple[Tensor, Tensor], ...]

    def behind(self, start: int) -> "Tail":
        """Without the tokens before position `start`."""
        cut = start - self.start
        layers = tuple((keys[:, :, cut:], values[:, :, cut:]) for keys, values in self.layers)
        return Tail(self.marks, start, layers)


class RoomyLayer(CacheLayerMixin):  # type: ignore[no-untyped-call]  # transformers has no types
    """Keys and values of one layer in buffers with spare room.

    Attributes:
        length: How many tokens count; what lies behind them is left over.
        buffers: Keys and values, each (1, heads, room, width); None before the first token.
        taken: Half-open stretch of the buffers that is filled already; tokens that come
            there go on behind it. None where nothing lies ahead.
    """

    is_compileable = False
    is_croppable = True
    is_sliding = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # transformers has no types
        self.length = 0
        self.buffers: tuple[Tensor, Tensor] | None = None
        self.taken: tuple[int, int] | None = None

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Make the buffers with room for these tokens too."""
        self._with_room(key_states, value_states, needed=self.length + key_states.shape[-2])

    def update(
        self, key_states: Tensor, value_states: Tensor, *_args: Any, **_kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Add tokens; returns the keys and values of all tokens so far.

        Tokens that carry a gradient are joined to a copy and not kept: writing into the
        buffer would make it a part of the graph.
        """
        start, end = self.length, self.length + key_states.shape[-2]
        if self.taken is not None and end > self.taken[0]:
            return self._around(key_states, value_states)
        keys, values = self._with_room(key_states, value_states, needed=end)
        if key_states.requires_grad or value_states.requires_grad:
            return (
                torch.cat([keys[:, :, :start], key_states], dim=-2),
                torch.cat([values[:, :, :start], value_states], dim=-2),
            )
        keys[:, :, start:end] = key_states
        values[:, :, start:end] = value_states
        self.length = end
        return keys[:, :, :end], values[:, :, :end]

    def lay_ahead(self, key_states: Tensor, value_states: Tensor, *, at: int, room: int) -> None:
        """Fill a stretch that the next tokens have yet to reach.

        Args:
            key_states: (1, heads, tokens, width).
            value_states: Likewise.
            at: Where the stretch begins, no less than `length`.
            room: Tokens that will follow it before anything else is laid there.
        """
        end = at + key_states.shape[-2]
        buffers = self._with_room(key_states, value_states, needed=end + room)
        for buffer, states in zip(buffers, (key_states, value_states), strict=True):
            buffer[:, :, at:end] = states
        self.taken = (at, end)

    def _around(self, key_states: Tensor, value_states: Tensor) -> tuple[Tensor, Tensor]:
        """Add tokens before and behind the stretch that is taken."""
        assert self.taken is not None
        (begin, resume), start = self.taken, self.length
        before = begin - start
        end = resume + key_states.shape[-2] - before
        buffers = self._with_room(key_states, value_states, needed=end)
        for buffer, states in zip(buffers, (key_states, value_states), strict=True):
            buffer[:, :, start:begin] = states[:, :, :before]
            buffer[:, :, resume:end] = states[:, :, before:]
        self.length, self.taken = end, None
        return buffers[0][:, :, :end], buffers[1][:, :, :end]

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """(tokens that queries can see, offset of the first of them)."""
        return self.length + query_length, 0

    def get_seq_length(self) -> int:
        """Tokens held."""
        return self.length

    def get_max_length(self) -> int:
        """No limit."""
        return -1

    def crop(self, tokens_to_remove: int) -> None:
        """Forget this many of the last tokens (a negative number, as transformers has it)."""
        self.length = max(0, self.length - abs(tokens_to_remove))

    def _with_room(self, keys: Tensor, values: Tensor, *, needed: int) -> tuple[Tensor, Tensor]:
        """Buffers of so many tokens of this kind; moves to longer ones where needed."""
        old = self.buffers
        if old is not None and needed <= old[0].shape[-2]:
            return old
        shape = (1, keys.shape[1], needed + SPARE)
        fresh = (
            keys.new_empty((*shape, keys.shape[-1])),
            values.new_empty((*shape, values.shape[-1])),
        )
        if old is not None:
            held = self.length if self.taken is None else self.taken[1]
            for new, kept in zip(fresh, old, strict=True):
                new[:, :, :held] = kept[:, :, :held]
        self.buffers = fresh
        self.is_initialized = True
        return fresh


class PromptCache(Cache):
    """One prompt in all layers, and what its tokens were.

    Attributes:
        marks: What was written, token by token: the token number of text, and for picture
            tokens a negative number that no other picture has. What lies behind them is no
            one's prompt.
        keeper: Who wrote behind the marks and may go on there; None after any cut.
    """

    def __init__(self, depth: int) -> None:
        self.roomy = [RoomyLayer() for _ in range(depth)]
        super().__init__(layers=[*self.roomy])
        self.marks: tuple[int, ...] = ()
        self.keeper: object | None = None

    def shared_with(self, marks: Sequence[int], *, depth: int) -> int:
        """How many of the first `marks` the lowest `depth` layers already hold."""
        held = min(layer.length for layer in self.roomy[:depth])
        limit = min(held, len(self.marks), len(marks))
        if tuple(marks[:limit]) == self.marks[:limit]:
            return limit
        return next(at for at in range(limit) if marks[at] != self.marks[at])

    def cut(self, length: int) -> None:
        """Forget everything behind the first `length` tokens, in every layer."""
        for layer in self.roomy:
            layer.length, layer.taken = min(layer.length, length), None
        self.marks, self.keeper = self.marks[:length], None

    def tail(self, start: int, stop: int) -> Tail:
        """A copy of what all layers hold from token `start` up to `stop`."""
        layers = []
        for layer in self.roomy:
            assert layer.buffers is not None
            keys, values = (buffer[:, :, start:stop].clone() for buffer in layer.buffers)
            layers.append((keys, values))
        return Tail(self.marks[:stop], start, tuple(layers))

    def lay_ahead(self, tail: Tail, *, at: int, room: int) -> None:
        """Put a copy where the next tokens have yet to come; see `RoomyLayer.lay_ahead`."""
        for layer, (keys, values) in zip(self.roomy, tail.layers, strict=True):
            layer.lay_ahead(keys, values, at=at, room=room)

    def held_bytes(self) -> int:
        """Memory of all buffers."""
        return sum(buffer.nbytes for layer in self.roomy for buffer in layer.buffers or ())
