"""How much each picture token's value vector resembles those of chosen words.

Values lie in the cache after any forward: no attention row and no gradient is needed, so this
works with every attention kernel and with quantised weights. Source: FOCUS, arXiv:2506.21710.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.network import Network, Prompt
from inspector_app.runtime.probe import Probe


def span_of(words: str, ids: Sequence[int], *, decode: Callable[[list[int]], str]) -> range | None:
    """Which tokens spell the last occurrence of some words; None where they are not there.

    Args:
        words: As they stand in the text; case and surrounding spaces do not count.
        ids: Token numbers.
        decode: Token numbers to text.
    """
    wanted = words.strip().casefold()
    said = [decode(list(ids[:count])).casefold() for count in range(len(ids) + 1)]
    at = said[-1].rfind(wanted)
    if not wanted or at < 0:
        return None
    end = at + len(wanted)
    first = max(count for count, text in enumerate(said) if len(text) <= at)
    last = min(count for count, text in enumerate(said) if len(text) >= end)
    return range(first, max(last, first + 1))


@torch.no_grad()
def resemblances(
    network: Network,
    prompt: Prompt,
    *,
    cache: PromptCache,
    span: range,
    layers: Sequence[int],
) -> Tensor:
    """(layers, words, cells): cosine of the value vectors, all heads of a layer as one vector.

    The mean over the picture's cells is taken from all vectors first: what all values of a layer
    have in common says nothing of any place, and hides what differs (with the embedded model the
    place of a planted target came first in 0.73 instead of 0.42 of 120 small scenes).

    Args:
        network: Runs the prompt as far as the deepest wanted layer.
        prompt: Holds the words behind its pictures.
        cache: Holds it afterwards.
        span: Positions of the words.
        layers: Whose values are compared.
    """
    network.forward(prompt, cache=cache, probe=Probe(leave_at=max(layers)))
    cells = prompt.cells()
    found = []
    for layer in layers:
        buffers = cache.roomy[layer].buffers
        assert buffers is not None
        held = buffers[1][0, :, : len(prompt.ids)].float()  # (heads, tokens, width)
        vectors = held.transpose(0, 1).flatten(1)  # (tokens, heads * width)
        vectors = vectors - vectors[cells].mean(dim=0)
        vectors = torch.nn.functional.normalize(vectors, dim=-1)
        found.append(vectors[list(span)] @ vectors[cells].T)
    return torch.stack(found)
