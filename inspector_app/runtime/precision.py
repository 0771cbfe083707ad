"""Weights of eight bits: half the memory of sixteen for the language part.

Each linear layer of the language model keeps whole numbers of -127 to 127 and a scale for
each of its outputs; activations stay in 16 bits. Embeddings, and a head that shares their
weights, stay as they are, and so does the vision tower, which is small beside the rest.

The kernels are torch's own. torchao would do the same, but where it is installed
transformers imports it with every start: 1.5 s more, and lines on the user's terminal.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

_LARGEST = 127
# Up to so many tokens the kernel that reads eight bits is the faster one on a CPU: 0.21 ms
# against 0.42 in bfloat16 for one token and 2048 x 2048 weights, 27 against 10 for 256.
_FEW_ROWS = 8
_AT_ONCE = 1 << 18


class EightBitLinear(nn.Module):
    """A linear layer whose weights are whole numbers, with a scale for each output.

    Attributes:
        weight: (out, in) int8.
        scale: (out,), what a step of `weight` stands for, in the precision of activations.
        bias: (out,) or None.
    """

    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, linear: nn.Linear, *, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        dtype = linear.weight.dtype if dtype is None else dtype
        whole, step = _rounded(linear.weight.detach(), dtype=dtype)
        self.weight = nn.Parameter(whole, requires_grad=False)
        self.scale = nn.Parameter(step, requires_grad=False)
        self.bias = linear.bias

    def forward(self, states: Tensor) -> Tensor:
        """(..., in) to (..., out)."""
        rows = states.numel() // states.shape[-1]
        is_quick = states.device.type == "cpu" and states.dtype is torch.bfloat16
        # There is no way back through the kernel.
        if is_quick and rows <= _FEW_ROWS and not states.requires_grad:
            flat = states.reshape(rows, self.in_features)
            out = torch._weight_int8pack_mm(flat, self.weight, self.scale)
            out = out.view(*states.shape[:-1], self.out_features)
        else:
            out = functional.linear(states, self.weight.to(states.dtype)) * self.scale
        return out if self.bias is None else out + self.bias


def _rounded(weight: Tensor, *, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """(out, in) int8 and (out,) steps; a few rows at a time, which the processor keeps at hand."""
    whole = torch.empty(weight.shape, dtype=torch.int8, device=weight.device)
    step = torch.empty(len(weight), dtype=dtype, device=weight.device)
    rows = max(1, _AT_ONCE // weight.shape[1])
    for start in range(0, len(weight), rows):
        block = weight[start : start + rows].float()
        low, high = torch.aminmax(block, dim=1)
        kept = (torch.maximum(-low, high) / _LARGEST).to(dtype)
        step[start : start + rows] = kept
        # A row of zeros has no scale, and needs none.
        block.div_(kept.float().masked_fill_(kept == 0, 1.0)[:, None])
        whole[start : start + rows] = block.round_().clamp_(-_LARGEST, _LARGEST)
    return whole, step


def decoder_of(whole: Any) -> nn.Module:
    """The stack of language-model layers of a checkpoint of transformers."""
    decoder: nn.Module = whole.get_decoder()
    return decoder


def to_eight_bits(whole: Any, *, dtype: torch.dtype) -> None:
    """Round the weights of the language part to eight bits, in place.

    Each layer's old weights are let go before the next one's turn.

    Args:
        whole: Of any precision, such as that of its file, which then need not be in memory.
        dtype: Of what is not rounded, of scales and of activations.
    """
    parts = set(_eight_bit_parts(whole))
    # Names and no layers: what is held here would be held to the end.
    places = [
        (parent, name)
        for parent in whole.modules()
        for name, part in parent.named_children()
        if part in parts
    ]
    parts.clear()
    for parent, name in places:
        setattr(parent, name, EightBitLinear(getattr(parent, name), dtype=dtype))
    # What stays as it was is a window into the checkpoint's file, all of which it would hold.
    for weight in whole.parameters():
        kind = dtype if weight.is_floating_point() else weight.dtype
        weight.data = weight.data.to(kind, copy=True)


def _eight_bit_parts(whole: Any) -> tuple[nn.Linear, ...]:
    """The linear layers that eight bits are for: the language model's, and its own head."""
    found = [part for part in decoder_of(whole).modules() if isinstance(part, nn.Linear)]
    head, embeddings = whole.get_output_embeddings(), whole.get_input_embeddings()
    if isinstance(head, nn.Linear) and head.weight is not embeddings.weight:
        found.append(head)
    return tuple(dict.fromkeys(found))


def bytes_of(weights: Iterable[Tensor]) -> int:
    """Memory that weights take; shared ones count once."""
    sizes = {id(one): one.numel() * one.element_size() for one in weights}
    return sum(sizes.values())


def language_bytes(whole: Any) -> int:
    """Memory that the language part takes: its layers, embeddings and head."""
    return bytes_of(_language_weights(whole))


def eight_bit_language_bytes(whole: Any) -> int:
    """What `language_bytes` would be with eight bits beside 16, told from the shapes alone."""
    weights = {id(one): one.numel() for one in _language_weights(whole)}
    sixteen = 2 * sum(weights.values())
    saved = sum(part.weight.numel() - 2 * part.out_features for part in _eight_bit_parts(whole))
    return sixteen - saved


def _language_weights(whole: Any) -> Iterable[Tensor]:
    parts = (decoder_of(whole), whole.get_input_embeddings(), whole.get_output_embeddings())
    return (weight for part in parts for weight in part.parameters())
