"""The published procedure, implemented honestly and without any of the engine.

Source: arXiv:2502.17422 and its code: whole passes for each answer and each map, pictures
sent through the vision tower each time, eager attention with the matrices of every layer for
the maps, and a gradient through the whole graph. Where the published code wastes effort that
nobody needs to waste, this does not: no graph for relative attention, gradients of one layer
only, the vocabulary for the last token only, and scaled dot-product attention (not eager)
for answers.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedModel

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import View
from inspector_app.runtime.devices import Placement
from inspector_app.runtime.speech import Speech


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A checkpoint used in the straightforward way.

    Attributes:
        network: As transformers makes it.
        processing: What is done to a picture: `Preprocessing`, or what the family has instead.
        speech: Template and tokenizer.
        placement: Where it computes.
        tokens: Of every picture, where they have all as many.
    """

    network: PreTrainedModel
    processing: Any
    speech: Speech
    placement: Placement
    tokens: int

    def answer(self, views: Sequence[View], question: str, *, length: int) -> str:
        """Greedy words by transformers' own `generate`."""
        inputs = self._inputs(views, question)
        network: Any = self.network
        made = network.generate(**inputs, max_new_tokens=length, do_sample=False)
        return self.speech.decode(made[0, inputs["input_ids"].shape[1] :].tolist())

    def attention(self, view: View, question: str, *, layer: int) -> NDArray[np.float32]:
        """(tokens,) mean last row of one layer, from a forward that returns all of them."""
        inputs = self._inputs([view], question)
        with self._eager(), torch.no_grad():
            out = self.network(**inputs, output_attentions=True, logits_to_keep=1)
        return self._mean_row(out.attentions[layer], inputs["input_ids"], view=view)

    def gradient(self, view: View, question: str, *, layer: int) -> NDArray[np.float32]:
        """(tokens,) mean last row of A * ReLU(d log p* / d A), through the whole graph."""
        inputs = self._inputs([view], question)
        # As loaded: the graph begins at the weights.
        self.network.requires_grad_(requires_grad=True)
        try:
            with self._eager(), torch.enable_grad():
                out = self.network(**inputs, output_attentions=True, logits_to_keep=1)
                scores = out.logits[0, -1].float()
                row = out.attentions[layer]
                (slope,) = torch.autograd.grad(scores.log_softmax(-1).max(), row)
        finally:
            self.network.requires_grad_(requires_grad=False)
        return self._mean_row(row.detach() * slope.relu(), inputs["input_ids"], view=view)

    def grid(self, view: View) -> TokenGrid:
        """How the tokens of a picture lie over the Frame."""
        grid: TokenGrid = self.processing.grid(view, patch=14)
        return grid

    def cells(self, view: View) -> list[int]:  # noqa: ARG002  the same for every picture here
        """Which of a picture's tokens are cells of its grid."""
        return list(range(self.tokens))

    def _inputs(self, views: Sequence[View], question: str) -> dict[str, Tensor]:
        place = self.placement
        pixels = np.stack([self.processing.pixels(view) for view in views])
        text = self.speech.card.prompt(
            question, placeholders=self.speech.placeholder * self.tokens * len(views)
        )
        ids = torch.tensor([list(self.speech.encode(text))], device=place.device)
        return {
            "pixel_values": torch.from_numpy(pixels).to(place.device, place.dtype),
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
        }

    def _mean_row(self, attention: Tensor, ids: Tensor, *, view: View) -> NDArray[np.float32]:
        """(cells,) of (1, heads, queries, keys): last query, picture columns, over heads."""
        here = (ids[0] == self.speech.placeholder_id).nonzero().flatten()[self.cells(view)]
        mean: NDArray[np.float32] = attention[0, :, -1, here].mean(0).float().cpu().numpy()
        return mean

    @contextmanager
    def _eager(self) -> Iterator[None]:
        """Eager attention inside, scaled dot-product attention after."""
        self.network.set_attn_implementation("eager")
        try:
            yield
        finally:
            self.network.set_attn_implementation("sdpa")
