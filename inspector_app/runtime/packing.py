"""One forward for several prompts, behind one another, each with a cache of its own.

Linear layers, norms and feed-forward parts treat every token alike: one product for the tokens
of all prompts costs little more than that of one, where a single word waits for the weights to
be read. Attention and cache stay apart (see `probe.Part`), so prompts of any length go together,
nothing is padded, and each gets what it would get alone but for the rounding of sums.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import Cache

from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.network import Inputs, Network
from inspector_app.runtime.probe import LeftEarly, Part, Probe


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """One walk through the layers that somebody wants; see `network.Network.run`."""

    inputs: Inputs
    cache: PromptCache
    probe: Probe
    mask: Tensor | None = None


class PackedCache(Cache):
    """Hands each prompt its own keys and values of a forward that carries several.

    Args:
        parts: The prompts, in the order of their tokens.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__(layers=[])
        self.parts = parts

    def update(
        self, key_states: Tensor, value_states: Tensor, layer_idx: int, *_args: Any, **_kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Add the tokens of a layer; what each prompt then holds lies at its part."""
        counts = [part.count for part in self.parts]
        split = (torch.split(states, counts, dim=2) for states in (key_states, value_states))
        for part, keys, values in zip(self.parts, *split, strict=True):
            part.held = part.cache.update(keys, values, layer_idx)
        return key_states, value_states


@torch.no_grad()
def run_packed(network: Network, walks: Sequence[Walk]) -> list[Tensor | None]:
    """All walks in one; they leave the network in the same layer, or none does.

    Returns:
        What `Network.run` returns for each. Should anything go wrong, every cache is as it was.
    """
    parts = tuple(Part(one.probe, one.cache, one.inputs.states.shape[1], one.mask) for one in walks)
    held = [len(one.cache.marks) for one in walks]
    inputs = Inputs.joined([one.inputs for one in walks])
    call: Callable[..., Any] = network.language
    try:
        out = call(
            **inputs.call(),
            # Any mask of four axes keeps transformers from making one for all tokens together.
            attention_mask=inputs.states.new_zeros((1, 1, 1, 1)),
            past_key_values=PackedCache(parts),
            use_cache=True,
            probe=Probe(leave_at=walks[0].probe.leave_at, parts=parts),
        )
    except LeftEarly:
        return [None] * len(walks)
    except BaseException:
        for one, length in zip(walks, held, strict=True):
            one.cache.cut(length)
        raise
    hidden: Tensor = out.last_hidden_state[0]
    counts = [part.kept for part in parts]
    if hidden.shape[0] != sum(counts):
        # Nothing was left out on the way, see `probe.narrow`.
        every = torch.split(hidden, [part.count for part in parts])
        return [rows[-count:] for rows, count in zip(every, counts, strict=True)]
    return list(torch.split(hidden, counts))
