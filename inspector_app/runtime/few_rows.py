"""Linear layers that are quick for one word, a draft or a question on a CPU."""

import torch
from torch import Tensor, nn

# Most tokens that take the way for few, and the blocks their weights are read in.
_FEW_ROWS, _BLOCKS = 4, 8
# Most tokens that oneDNN multiplies, those of a question; smaller weights gain nothing by it.
_SOME_ROWS, _LARGE = 64, 1 << 18


class FewRows(nn.Linear):
    """A linear layer that is quick for one word, a draft or a question on a CPU.

    Such a product reads all weights once and waits for memory. For one to four tokens, as one
    matrix it came at 7 to 16 GB/s; as a batch of blocks of outputs, whose kernel reads ahead,
    at 20 to 27. For the tokens of a question oneDNN took a quarter less time than MKL with two
    threads, and the same with one. The values differ by rounding alone.
    """

    def forward(self, states: Tensor) -> Tensor:
        """(..., in) to (..., out)."""
        rows, weight = states.numel() // states.shape[-1], self.weight
        plain = rows > _SOME_ROWS or not weight.is_contiguous() or weight.dtype is not states.dtype
        # The way back is slower through blocks, and there is none through oneDNN's product.
        if plain or states.requires_grad or weight.requires_grad:
            return super().forward(states)
        if rows <= _FEW_ROWS:
            return self._in_blocks(states, rows=rows)
        # It takes about 10 us to begin, which counts where there is little to multiply.
        if weight.numel() >= _LARGE and torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]  # not typed there
            return _by_onednn(states, weight, self.bias)
        return super().forward(states)

    def _in_blocks(self, states: Tensor, *, rows: int) -> Tensor:
        """The product for one to four tokens."""
        width, block = states.shape[-1], self.out_features // _BLOCKS
        out = torch.bmm(
            self.weight.as_strided((_BLOCKS, block, width), (block * width, width, 1)),
            states.contiguous().as_strided((_BLOCKS, width, rows), (0, 1, width)),
        )
        if rows > 1:
            # In order, as the next product wants it: out of order it took five times as long.
            out = out.reshape(-1, rows).t().contiguous()
        out = out.view(*states.shape[:-1], self.out_features)
        return out if self.bias is None else out + self.bias


def _by_onednn(states: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """The product as torch's own compiler calls it; the operator has no public name."""
    product: Tensor = torch.ops.mkldnn._linear_pointwise(states, weight, bias, "none", [], "")
    return product


def quicken(network: nn.Module) -> None:
    """Let the linear layers of a float32 network on a CPU be quick for single words."""
    if not torch.backends.mkl.is_available():  # type: ignore[no-untyped-call]  # not typed there
        return
    for part in network.modules():
        if type(part) is not nn.Linear or part.out_features % _BLOCKS:
            continue
        if part.weight.device.type == "cpu" and part.weight.dtype is torch.float32:
            part.__class__ = FewRows
