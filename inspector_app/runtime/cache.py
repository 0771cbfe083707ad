"""A key-value cache that remembers what it holds, and grows and shrinks without copying.

transformers' `DynamicCache` joins tensors at every step: it copies the whole prefix for
each answer token. Here each layer owns a buffer with room to spare; a forward writes its
tokens behind those it shares with the last one, and a shorter prompt simply moves the end
back. Layers may hold different lengths: a forward that leaves the network early fills the
lower ones only.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import Cache, CacheLayerMixin

# Tokens of room to spare: for one enlarged part (576 in LLaVA-1.5), a question and an answer.
SPARE = 768


class RoomyLayer(CacheLayerMixin):  # type: ignore[no-untyped-call]  # transformers has no types
    """Keys and values of one layer in buffers with spare room.

    Attributes:
        length: How many tokens count; what lies behind them is left over.
        buffers: Keys and values, each (1, heads, room, width); None before the first token.
    """

    is_compileable = False
    is_croppable = True
    is_sliding = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # transformers has no types
        self.length = 0
        self.buffers: tuple[Tensor, Tensor] | None = None

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Make the buffers with room for these tokens too."""
        self._with_room(key_states, value_states)

    def update(
        self, key_states: Tensor, value_states: Tensor, *_args: Any, **_kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Add tokens; returns the keys and values of all tokens so far.

        Tokens that carry a gradient are joined to a copy and not kept: writing into the
        buffer would make it a part of the graph.
        """
        start, end = self.length, self.length + key_states.shape[-2]
        keys, values = self._with_room(key_states, value_states)
        if key_states.requires_grad or value_states.requires_grad:
            return (
                torch.cat([keys[:, :, :start], key_states], dim=-2),
                torch.cat([values[:, :, :start], value_states], dim=-2),
            )
        keys[:, :, start:end] = key_states
        values[:, :, start:end] = value_states
        self.length = end
        return keys[:, :, :end], values[:, :, :end]

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

    def _with_room(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Buffers that can take these tokens; moves to longer ones where needed."""
        needed = self.length + keys.shape[-2]
        old = self.buffers
        if old is not None and needed <= old[0].shape[-2]:
            return old
        shape = (1, keys.shape[1], needed + SPARE)
        fresh = (
            keys.new_empty((*shape, keys.shape[-1])),
            values.new_empty((*shape, values.shape[-1])),
        )
        if old is not None:
            for new, kept in zip(fresh, old, strict=True):
                new[:, :, : self.length] = kept[:, :, : self.length]
        self.buffers = fresh
        self.is_initialized = True
        return fresh


class PromptCache(Cache):
    """One prompt in all layers, and what its tokens were.

    Attributes:
        marks: What was written, token by token: the token number of text, and for picture
            tokens a negative number that no other picture has.
    """

    def __init__(self, depth: int) -> None:
        self.roomy = [RoomyLayer() for _ in range(depth)]
        super().__init__(layers=[*self.roomy])
        self.marks: tuple[int, ...] = ()

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
            layer.length = min(layer.length, length)
        self.marks = self.marks[:length]

    def held_bytes(self) -> int:
        """Memory of all buffers."""
        return sum(buffer.nbytes for layer in self.roomy for buffer in layer.buffers or ())
