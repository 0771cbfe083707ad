"""Reading one row of attention without computing the others.

An attention function for transformers' registry. Without a `Probe` it is scaled
dot-product attention. With one, chosen layers also compute softmax(q k^T) for a single
query, which costs one row instead of all of them; the network can be left right there, or
the row can be made the leaf of a gradient.

The probe travels as a keyword of the forward, so that nothing is kept between forwards. One
forward may carry several prompts behind one another (see `packing`): each attends by itself,
and all that treats every token alike is done for all of them at once.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from inspector_app.runtime.emphasis import Emphasised

NAME = "inspector_row"
# Queries that share one stretch of keys; about 200 was fastest for 600 queries of 1,200 keys.
_BLOCK = 200
# So few queries, those of a draft, take a way of their own on a CPU.
_FEW_QUERIES = 8


class LeftEarly(Exception):
    """The deepest wanted layer is done."""


@dataclass(slots=True, eq=False)
class Part:
    """One prompt's share of a forward that carries several.

    Attributes:
        probe: What this prompt's forward is to tell.
        cache: Takes keys and values, a layer at a time (see `cache.PromptCache`).
        count: How many of the forward's tokens are this prompt's.
        mask: (1, 1, count, keys) who sees what; None for a plain prompt.
        held: Keys and values of all its tokens, in the layer at hand.
    """

    probe: "Probe"
    cache: Any
    count: int
    mask: Tensor | None = None
    held: tuple[Tensor, Tensor] | None = None

    @property
    def kept(self) -> int:
        """Tokens whose hidden states are wanted."""
        return self.count if self.probe.keep is None else min(self.count, self.probe.keep)

    def divided(self) -> "tuple[Part, Part]":
        """The tokens before the kept ones, and these."""
        early = Part(Probe(), self.cache, self.count - self.kept)
        mask = self.mask if self.mask is None else self.mask[..., -self.kept :, :]
        return early, Part(self.probe, self.cache, self.kept, mask)


@dataclass(slots=True, eq=False)
class Probe:
    """What one forward is to tell besides its result.

    Attributes:
        layers: Layers whose row is wanted.
        drafted: Tokens that follow the query whose row is wanted; it cannot see them.
        leave_at: Leave the network in this layer, once its keys and values are cached and
            its row is read; None walks through.
        keep: How many of the last hidden states are wanted. The last layer computes no
            others: it only caches their keys and values. None computes all.
        guests: How many of the last queries belong to another prompt than those before them.
        unseen: How many of the last keys only these may see.
        emphasised: What is added to the scores of some keys; None adds nothing.
        leaf: Layer whose row becomes `weights`, the leaf of a gradient. The forward must
            then be of one token.
        rows: layer -> (heads, keys) float32 post-softmax attention, filled by the forward.
        weights: (kv heads, group, keys) float32, requires grad; filled at `leaf`.
        parts: The prompts that the forward carries; empty where it is one, and then all else
            here is its own. Of several, `leave_at` alone counts here.
    """

    layers: frozenset[int] = frozenset()
    drafted: int = 0
    leave_at: int | None = None
    keep: int | None = None
    guests: int = 0
    unseen: int = 0
    emphasised: Emphasised | None = None
    leaf: int | None = None
    rows: dict[int, Tensor] = field(default_factory=dict)
    weights: Tensor | None = None
    parts: tuple[Part, ...] = ()


def install() -> str:
    """Make the function known to transformers; returns its name.

    The mask function must be registered under the same name: without it transformers
    gives no mask at all to functions it does not know.
    """
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, additive_mask)
    return NAME


def narrow(last: nn.Module) -> None:
    """Let the last decoder layer compute only the states that a probe keeps.

    Keys and values of all tokens are cached; attention, projection and feed-forward part run
    for the kept ones. Without a probe the layer is unchanged.
    """
    last.register_forward_pre_hook(_narrowed, with_kwargs=True)


def _narrowed(
    layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
    """Cache all tokens but the kept ones, and go on with those."""
    probe: Probe | None = kwargs.get("probe")
    if probe is not None and probe.parts and args:
        return _narrowed_parts(layer, args, kwargs, parts=probe.parts)
    if probe is None or probe.keep is None or not args or args[0].shape[1] <= probe.keep:
        return None
    states: Tensor = args[0]
    cut = states.shape[1] - probe.keep
    early, late = dict(kwargs), dict(kwargs)
    early["probe"] = Probe(leave_at=_number(getattr(layer, "self_attn")))  # noqa: B009  untyped
    early["attention_mask"] = None
    late["attention_mask"] = _last_rows(kwargs["attention_mask"], states=states, keep=probe.keep)
    if kwargs["position_ids"] is not None:
        early["position_ids"], late["position_ids"] = kwargs["position_ids"].tensor_split([cut], -1)
    turns = [turn.tensor_split([cut], 1) for turn in kwargs["position_embeddings"]]
    early["position_embeddings"] = tuple(turn[0] for turn in turns)
    late["position_embeddings"] = tuple(turn[1] for turn in turns)
    with suppress(LeftEarly):
        layer.forward(states[:, :cut], *args[1:], **early)
    return (states[:, cut:], *args[1:]), late


def _narrowed_parts(
    layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], *, parts: tuple[Part, ...]
) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
    """The same for several prompts: the tokens before the kept ones of each go first."""
    states: Tensor = args[0]
    if sum(part.kept for part in parts) == states.shape[1]:
        return None
    late = torch.cat(
        [torch.arange(part.count, device=states.device) >= part.count - part.kept for part in parts]
    )
    divided = tuple(zip(*(part.divided() for part in parts), strict=True))
    calls = []
    for chosen, its in zip((~late, late), divided, strict=True):
        at = chosen.nonzero()[:, 0]
        call = dict(kwargs)
        call["probe"] = Probe(leave_at=_number(getattr(layer, "self_attn")), parts=its)  # noqa: B009  untyped
        if kwargs["position_ids"] is not None:
            call["position_ids"] = kwargs["position_ids"].index_select(-1, at)
        turns = kwargs["position_embeddings"]
        call["position_embeddings"] = tuple(turn.index_select(1, at) for turn in turns)
        calls.append((states.index_select(1, at), call))
    (before, early), (kept, last) = calls
    last["probe"].leave_at = kwargs["probe"].leave_at
    cache = kwargs["past_key_values"]
    cache.parts = divided[0]
    with suppress(LeftEarly):
        layer.forward(before, *args[1:], **early)
    cache.parts = divided[1]
    return (kept, *args[1:]), last


def _last_rows(mask: Tensor | None, *, states: Tensor, keep: int) -> Tensor | None:
    """The mask of the last `keep` queries; None stands for plain causality from the start."""
    if mask is not None:
        return mask[..., -keep:, :]
    if keep == 1:
        return None
    tokens = states.shape[1]
    seen = torch.ones(keep, tokens, dtype=torch.bool, device=states.device)
    return seen.tril_(tokens - keep)[None, None]


def _number(attention: Any) -> int:
    """Which layer an attention module belongs to."""
    return int(attention.layer_idx)


def additive_mask(*args: Any, dtype: torch.dtype = torch.float32, **kwargs: Any) -> Tensor | None:
    """The usual mask of scaled dot-product attention; on a CPU as numbers to add.

    The CPU kernel would turn a mask of truth values into numbers again in every layer.
    """
    mask: Tensor | None = sdpa_mask(*args, dtype=dtype, **kwargs)
    return None if mask is None else mask_of(mask, dtype=dtype)


def mask_of(seen: Tensor, *, dtype: torch.dtype) -> Tensor:
    """(1, 1, queries, keys) truth values as the attention here wants them."""
    if seen.device.type != "cpu":
        return seen
    return torch.zeros(seen.shape, dtype=dtype).masked_fill_(~seen, float("-inf"))


def row_of(
    query: Tensor,
    key: Tensor,
    *,
    scaling: float,
    drafted: int = 0,
    emphasised: Emphasised | None = None,
) -> Tensor:
    """Post-softmax attention of one query, without the rest of the matrix.

    Args:
        query: (1, heads, queries, width).
        key: (1, kv heads, keys, width); `heads` is a multiple of `kv heads`.
        scaling: Of the dot products.
        drafted: How many of the last queries and keys come after the wanted one.
        emphasised: What is added to the scores; the wanted query stands behind all pictures.

    Returns:
        (kv heads, group, keys - drafted) float32; head h is [h // group, h % group].
    """
    kv_heads, keys, width = key.shape[1:]
    last = query[0, :, query.shape[2] - 1 - drafted].float()  # (heads, width)
    seen = key[0, :, : keys - drafted].float()  # (kv heads, seen, width)
    scores = torch.matmul(last.view(kv_heads, -1, width), seen.transpose(1, 2))
    scores = scores * scaling
    if emphasised is not None:
        scores = scores + emphasised.emphasis.row(scores.shape[-1])
    return scores.softmax(-1)


def attend(  # noqa: PLR0913  the registry's call
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float | None = None,
    probe: Probe | None = None,
    **_kwargs: Any,
) -> tuple[Tensor, None]:
    """Attention as the registry wants it: (1, queries, heads, width) and no weights.

    Raises:
        LeftEarly: the probe wanted to leave in this layer.
    """
    scale = scaling if scaling is not None else float(query.shape[-1] ** -0.5)
    layer = _number(module)
    if probe is not None and probe.parts:
        return _apart(module, query, scale=scale, probe=probe), None
    if probe is not None:
        if layer in probe.layers:
            row = row_of(
                query, key, scaling=scale, drafted=probe.drafted, emphasised=probe.emphasised
            )
            probe.rows[layer] = row.detach().flatten(0, 1)
        if layer == probe.leave_at:
            raise LeftEarly
        if layer == probe.leaf:
            return _through_leaf(query, key, value, scale=scale, probe=probe), None
        if probe.emphasised is not None:
            attention_mask = probe.emphasised.onto(attention_mask, query=query, key=key)
    if _is_short(query, mask=attention_mask):
        return _few_queries(query, key, value, mask=attention_mask, scale=scale), None
    return _many_queries(
        module, query, key, value, mask=attention_mask, scale=scale, probe=probe or Probe()
    ), None


def _apart(module: nn.Module, query: Tensor, *, scale: float, probe: Probe) -> Tensor:
    """(1, queries, heads, width): each prompt's queries over its own keys."""
    leaves = probe.leave_at == _number(module)
    rows = torch.split(query, [part.count for part in probe.parts], dim=2)
    out = []
    for part, own in zip(probe.parts, rows, strict=True):
        assert part.held is not None
        keys, values = part.held
        # What only leaves its keys and values here asks for nothing.
        if leaves and not part.probe.layers:
            continue
        mask = part.mask
        if mask is None:
            mask = _causal(own, keys=keys.shape[2])
        with suppress(LeftEarly):
            out.append(attend(module, own, keys, values, mask, scaling=scale, probe=part.probe)[0])
    if leaves:
        raise LeftEarly
    return torch.cat(out, dim=1)


def _causal(query: Tensor, *, keys: int) -> Tensor | None:
    """The mask that transformers makes for the last queries of a plain prompt."""
    count = query.shape[2]
    if count in (1, keys):
        return None
    seen = torch.ones(count, keys, dtype=torch.bool, device=query.device)
    return mask_of(seen.tril_(keys - count)[None, None], dtype=query.dtype)


def _is_short(query: Tensor, *, mask: Tensor | None) -> bool:
    """Whether these few queries on a CPU would wait for memory alone.

    Without a mask only a single query sees all keys; a mask must be one to add.
    """
    most = 1 if mask is None else _FEW_QUERIES if mask.is_floating_point() else 0
    return query.shape[2] <= most and query.device.type == "cpu" and query.dtype is torch.float32


def _few_queries(
    query: Tensor, key: Tensor, value: Tensor, *, mask: Tensor | None, scale: float
) -> Tensor:
    """(1, queries, heads, width) for a word or a draft on a CPU.

    The kernel for many queries copies the keys first; keys times queries, in this order,
    reads them at four times its rate.
    """
    kv_heads, width = key.shape[1], key.shape[-1]
    heads, queries = query.shape[1:3]
    rows = query[0].reshape(kv_heads, -1, width)  # (kv heads, group * queries, width)
    scores = torch.matmul(key[0], rows.transpose(1, 2)) * scale  # (kv heads, keys, ...)
    if mask is not None:
        # (1, 1, queries, keys): the same for all heads.
        seen = mask[0, 0].t().unsqueeze(1)
        scores = (scores.view(*scores.shape[:2], -1, queries) + seen).view(scores.shape)
    weights = scores.softmax(1).transpose(1, 2)
    out = torch.matmul(weights, value[0]).view(1, heads, queries, width)
    return out.transpose(1, 2).contiguous()


def _many_queries(  # noqa: PLR0913  the registry's call
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    *,
    mask: Tensor | None,
    scale: float,
    probe: Probe,
) -> Tensor:
    """(1, queries, heads, width); guests apart, so that blocks stay blocks."""
    guests, unseen = probe.guests, probe.unseen
    if not guests or mask is None or query.shape[2] < 2 * _BLOCK:
        return _in_blocks(module, query, key, value, mask=mask, scale=scale)
    seen = key.shape[2] - unseen
    own = (query[:, :, :-guests], key[:, :, :seen], value[:, :, :seen])
    first = _in_blocks(module, *own, mask=mask[:, :, :-guests, :seen], scale=scale)
    last = query[:, :, -guests:]
    rows = mask[:, :, -guests:]
    others = sdpa_attention_forward(module, last, key, value, rows, scaling=scale)[0]
    return torch.cat([first, others], dim=1)


def _in_blocks(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    *,
    mask: Tensor | None,
    scale: float,
) -> Tensor:
    """(1, queries, heads, width); a long continued prompt is taken in blocks on a CPU.

    There the kernel computes what the mask then removes; a block of queries leaves out the
    keys that come after it.
    """
    queries, keys = query.shape[2], key.shape[2]
    if mask is None or query.device.type != "cpu" or queries < 2 * _BLOCK:
        return sdpa_attention_forward(module, query, key, value, mask, scaling=scale)[0]
    blocks = []
    for start in range(0, queries, _BLOCK):
        end = min(start + _BLOCK, queries)
        seen = keys - queries + end
        part = (query[:, :, start:end], key[:, :, :seen], value[:, :, :seen])
        rows = mask[:, :, start:end, :seen]
        blocks.append(sdpa_attention_forward(module, *part, rows, scaling=scale)[0])
    return torch.cat(blocks, dim=1)


def _through_leaf(
    query: Tensor, key: Tensor, value: Tensor, *, scale: float, probe: Probe
) -> Tensor:
    """One query's output, as a function of its attention weights alone."""
    weights = row_of(query, key, scaling=scale).detach().requires_grad_()
    probe.weights = weights
    out = torch.matmul(weights.to(value.dtype), value[0])  # (kv heads, group, width)
    return out.reshape(1, 1, -1, value.shape[-1])
