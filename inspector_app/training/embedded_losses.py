"""Losses of the embedded model: next token, patch classes, where to look, words and patches."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from transformers import LlavaForConditionalGeneration

from inspector_app.training.embedded_network import DenseHeads, Shape, normalized, patches_of
from inspector_app.training.embedded_samples import Batch
from inspector_app.training.embedded_views import GRID, IGNORE
from inspector_app.training.scene_parts import DEFECTS, KINDS, MARGINS

_SIZES = (GRID * GRID, GRID * GRID, GRID * GRID, 2 * GRID * GRID, 2 * GRID * GRID)


@dataclass(frozen=True, slots=True)
class Words:
    """Token ids that patches are aligned with."""

    colours: Tensor
    """(8,)."""
    kinds: Tensor
    """(7,) defects, then margins."""
    characters: Tensor
    """(31,)."""
    bos: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the losses beside the next-token loss, which weighs 1."""

    dense: float = 0.8
    look: float = 0.6
    bind: float = 0.1
    copy: float = 0.4
    align: float = 0.3

    @property
    def supervises_attention(self) -> bool:
        """Whether any of the losses says where to look."""
        return bool(self.look or self.bind or self.copy)


UNSUPERVISED = Weights(look=0, bind=0, copy=0)
"""Nothing says where to look: the control that `inspector bench layers` compares with."""


def split_grids(packed: Tensor) -> list[Tensor]:
    """The five grids of `Grids.packed`: (B, 100) or (B, 200) each."""
    return list(torch.split(packed.long(), list(_SIZES), dim=-1))


def dense_loss(heads: DenseHeads, *, patches: Tensor, packed: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy of patch classes, and the fraction of characters read.

    Args:
        heads: The classifiers.
        patches: (B, 100, width).
        packed: (B, 700).
    """
    total = patches.new_zeros((), dtype=torch.float32)
    read = patches.new_zeros(())
    logits = heads(patches)
    for index, (scores, classes) in enumerate(zip(logits, split_grids(packed), strict=True)):
        flat, wanted = scores.flatten(0, 1), classes.flatten()
        filled = (wanted > 0) & (wanted != IGNORE)
        # The background would drown the few patches that show something.
        empty = (wanted == 0) & (torch.arange(len(wanted), device=wanted.device) % 4 == 0)
        chosen = (filled | empty).nonzero()[:, 0]
        if len(chosen) == 0:
            continue
        picked = flat[chosen].float()
        loss = functional.cross_entropy(picked, wanted[chosen])
        total = total + loss * (1.6 if index == 3 else 0.5)
        if index == 3:
            right = (picked.argmax(-1) == wanted[chosen]) & filled[chosen]
            read = right.sum() / filled.sum().clamp(min=1)
    return total, read


def align_loss(
    projected: Tensor, *, table: Tensor, words: Words, packed: Tensor
) -> tuple[Tensor, Tensor]:
    """Make a patch point along the embedding of the word for what it shows.

    Args:
        projected: (B, 100, width) patches as the language part gets them.
        table: (vocabulary, width) input embeddings.
        words: Token ids.
        packed: (B, 700) patch classes.

    Returns:
        The loss, and how often the colour is right.
    """
    _, kind, colour, character, _ = split_grids(packed)
    patches = functional.normalize(projected.float(), dim=-1).flatten(0, 1)
    total = patches.new_zeros(())
    right = patches.new_zeros(())
    named = [KINDS.index(name) for name in (*DEFECTS, *MARGINS)]
    lookup = torch.full((256,), -1, device=kind.device)
    lookup[torch.tensor(named, device=kind.device)] = torch.arange(len(named), device=kind.device)
    halves = character.reshape(-1, 2)
    # One character to a patch: both halves the same, or the other half empty.
    same = (halves[:, 0] == halves[:, 1]) | (halves[:, 1] == 0)
    letter = torch.where(same & (halves[:, 0] != IGNORE), halves[:, 0] - 1, -1)
    hue = torch.where(colour == IGNORE, 0, colour).flatten() - 1
    for index, (ids, wanted) in enumerate(
        ((words.colours, hue), (words.kinds, lookup[kind].flatten()), (words.characters, letter))
    ):
        chosen = (wanted >= 0).nonzero()[:, 0]
        if len(chosen) == 0:
            continue
        targets = functional.normalize(table[ids].float(), dim=-1)
        scores = patches[chosen] @ targets.T * 12
        total = total + functional.cross_entropy(scores, wanted[chosen])
        if index == 0:
            right = (scores.argmax(-1) == wanted[chosen]).float().mean()
    return total, right


@lru_cache(maxsize=256)
def packed_mask(prefix: int, *, segments: int, length: int) -> Tensor:
    """Additive mask (1, 1, T, T): causal, and packed questions do not see each other."""
    total = prefix + segments * length
    allowed = torch.ones(total, total, dtype=torch.bool).tril()
    owner = torch.cat([torch.full((prefix,), -1), torch.arange(segments).repeat_interleave(length)])
    same = (owner[None, :] == owner[:, None]) | (owner[None, :] == -1)
    return torch.zeros(1, 1, total, total).masked_fill(~(allowed & same), -torch.inf)


def packed_positions(prefix: int, *, segments: int, length: int) -> Tensor:
    """(1, T) positions: every question follows right after the prefix."""
    return torch.cat([torch.arange(prefix), prefix + torch.arange(length).repeat(segments)])[None]


def _looking(rows: Tensor, *, wanted: Tensor, heads: int | None = None) -> Tensor:
    """Cross-entropy between attention and where to look.

    Args:
        rows: (N, heads, keys) attention weights of N tokens.
        wanted: (N, keys), sums to 1; rows of zeros are left out.
        heads: Only the first so many heads; all when None.
    """
    mean = rows[:, :heads].float().mean(1)
    loss = -(wanted * torch.log(mean + 1e-5)).sum(-1)
    # Less the entropy of the target: 0 when the attention is right.
    loss = loss + (wanted * torch.log(wanted.clamp(min=1e-9))).sum(-1)
    used = wanted.sum(-1) > 0
    return (loss * used).sum() / used.sum().clamp(min=1)


def joint_loss(  # noqa: PLR0913
    network: LlavaForConditionalGeneration,
    heads: DenseHeads,
    *,
    batch: Batch,
    words: Words,
    shape: Shape,
    weights: Weights,
    gain: Tensor,
    soup: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None,
) -> tuple[Tensor, dict[str, float]]:
    """Everything at once.

    Args:
        network: With `matmul_attention` in use.
        heads: Patch classifiers.
        batch: See `Batch`.
        words: Token ids to align with.
        shape: Says which layers are supervised.
        weights: Of the losses.
        gain: (B n, 2) factor and shift of the brightness of each view.
        soup: Further pictures (S, 140, 140, 3) and classes (S, 700) for the patch loss alone.

    Returns:
        The loss, and figures to report.
    """
    device = gain.device
    count, pictures = batch.views.shape[:2]
    views = torch.from_numpy(batch.views).to(device).flatten(0, 1).float()
    pixels = normalized(
        (views * gain[:, 0, None, None, None] + gain[:, 1, None, None, None]).clamp(0, 255)
    )
    packed = torch.from_numpy(batch.grids).to(device).flatten(0, 1)
    shown = len(pixels)
    classes = packed
    if soup is not None:
        pixels = torch.cat([pixels, normalized(torch.from_numpy(soup[0]).to(device))])
        classes = torch.cat([packed, torch.from_numpy(soup[1]).to(device)])
    patches = patches_of(network, pixels=pixels)
    dense, read = dense_loss(heads, patches=patches, packed=classes)
    patches = patches[:shown]
    projected = network.model.multi_modal_projector(patches)
    table = network.model.language_model.embed_tokens.weight
    align, hue = align_loss(projected, table=table, words=words, packed=packed)

    ids = torch.from_numpy(batch.ids).to(device)
    segments, length = ids.shape[1:]
    prefix = 1 + 100 * pictures
    start = table[words.bos].expand(count, 1, -1)
    text = table[ids.flatten(1)]
    tokens = torch.cat([start, projected.reshape(count, 100 * pictures, -1), text], dim=1)
    rows: dict[int, Tensor | None] = {
        shape.binding_layer: None, shape.map_layer: None, shape.copy_layer: None
    }  # fmt: skip
    states = network.model.language_model(
        inputs_embeds=tokens,
        attention_mask=packed_mask(prefix, segments=segments, length=length).to(device),
        position_ids=packed_positions(prefix, segments=segments, length=length).to(device),
        use_cache=False,
        rows=rows,
    ).last_hidden_state[:, prefix:]
    scale = torch.from_numpy(batch.weights).to(device).flatten()
    asked = scale.nonzero()[:, 0]
    wanted = ids.roll(-1, dims=2).flatten()[asked]
    logits = network.lm_head(states.flatten(0, 1)[asked]).float()
    each = functional.cross_entropy(logits, wanted, reduction="none")
    spoken = (each * scale[asked]).sum() / scale[asked].sum().clamp(min=1e-6)
    clear = scale[asked] > 0.9
    right = ((logits.argmax(-1) == wanted) & clear).sum() / clear.sum().clamp(min=1)

    # Where nothing says where to look, how well it does is still reported.
    with torch.set_grad_enabled(weights.supervises_attention):
        look, bind, copy = _attention_losses(
            rows, batch=batch, shape=shape, prefix=prefix, device=device
        )
    total = spoken + weights.dense * dense + weights.align * align
    if weights.supervises_attention:
        total = total + weights.look * look + weights.bind * bind + weights.copy * copy
    figures = {
        "answer": spoken, "right": right, "dense": dense, "read": read, "align": align,
        "hue": hue, "look": look, "bind": bind, "copy": copy,
    }  # fmt: skip
    return total, {name: float(value.detach()) for name, value in figures.items()}


def _attention_losses(
    rows: dict[int, Tensor | None], *, batch: Batch, shape: Shape, prefix: int, device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    """Where to look, which word is meant, which character to copy."""
    binding, mapping, copying = (
        rows[layer] for layer in (shape.binding_layer, shape.map_layer, shape.copy_layer)
    )
    assert binding is not None
    assert mapping is not None
    assert copying is not None
    count, segments, length = batch.ids.shape
    base = prefix + torch.arange(segments, device=device) * length
    last = base + torch.from_numpy(batch.last).to(device)  # (B, 4)
    sample = torch.arange(count, device=device)[:, None]
    maps = torch.from_numpy(batch.maps).to(device).flatten(0, 1)
    picture = slice(1, prefix)
    look = _looking(mapping[sample, :, last][..., picture].flatten(0, 1), wanted=maps)

    keys = torch.from_numpy(batch.keys).to(device)
    places = torch.where(keys >= 0, base + keys, 0)
    meant = binding[sample, :, last].gather(
        -1, places[:, :, None, None].expand(-1, -1, binding.shape[1], 1)
    )
    bound = -torch.log(meant[..., 0].float()[..., :3].mean(-1) + 1e-5)
    bind = (bound * (keys >= 0)).sum() / (keys >= 0).sum().clamp(min=1)

    copies = torch.from_numpy(batch.copies).to(device)  # (B, 4, 4, 100 n)
    steps = last[:, :, None] + torch.arange(copies.shape[2], device=device)
    steps = steps.clamp(max=prefix + segments * length - 1).flatten(1)
    named = copying[sample, :, steps][..., picture].flatten(0, 1)
    copy = _looking(named, wanted=copies.flatten(0, 2), heads=4)
    # Later characters are looked for at the map layer too; there the first looks at the label.
    later = copies.clone()
    later[:, :, 0] = 0
    found = mapping[sample, :, steps][..., picture].flatten(0, 1)
    copy = copy + _looking(found, wanted=later.flatten(0, 2))
    return look, bind, copy
