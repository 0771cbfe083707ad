"""A layout of InstructBLIP of reduced width with random weights, to measure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import InstructBlipConfig, InstructBlipForConditionalGeneration

from inspector_app.domain.frame import View
from inspector_app.families import instructblip
from inspector_app.families.instructblip import ENTRY, crosses
from inspector_app.runtime.local import LocalModel
from inspector_app.runtime.pictures import Preprocessing
from inspector_app.runtime.speech import Speech
from inspector_app.workflow.bench.network import (
    BEGIN,
    PICTURE,
    VOCABULARY,
    Layout,
    WordTokens,
    drawn,
    language,
    silence,
    speech,
)
from inspector_app.workflow.bench.plain import Plain

_QUERIES, _GAIN = 32, 3.0


@dataclass(frozen=True, slots=True)
class QueriesLayout(Layout):
    """Proportions of InstructBLIP Vicuna-7B with fewer channels."""

    side: int = 224
    layer: int = 15

    def __str__(self) -> str:
        return (
            f"instructblip, {self.layers} layers of width {self.width}, {self.side} px through "
            f"{_QUERIES} queries, map at layer {self.layer}, answers of {self.answer} tokens, "
            f"{self.precision} on {self.device}"
        )

    @property
    def processing(self) -> Preprocessing:
        """What is done to a picture."""
        square = {"height": self.side, "width": self.side}
        saved = {"image_processor_type": "BlipImageProcessor", "size": square}
        return Preprocessing.from_mapping(saved, where="the benchmark")

    def model(self) -> LocalModel:
        """The network in the engine."""
        return instructblip.assemble(
            network(self),
            placement=self.placement,
            processing=self.processing,
            speech=_pictures_first(speech(self)),
            read=WordTokens().encode,
            weights_sha256="",
        )

    def plain(self) -> Plain:
        """One of the same weights, as transformers makes it."""
        said = _pictures_first(speech(self))
        return PlainQueries(network(self), self.processing, said, self.placement, _QUERIES)


def _pictures_first(said: Speech) -> Speech:
    """The begin mark behind the pictures."""

    def encode(text: str) -> list[int]:
        ids = list(said.encode(text))
        pictures = ids.count(PICTURE)
        return [PICTURE] * pictures + [BEGIN] + ids[1 + pictures :]

    return replace(said, encode=encode)


class PlainQueries(Plain):
    """A checkpoint used in the straightforward way, tower and queries each time."""

    def answer(self, views: Sequence[View], question: str, *, length: int) -> str:
        """Greedy words, by transformers' own `generate` of the language model."""
        inputs = self._inputs(views, question)
        network: Any = self.network
        made = network.generate(**inputs, max_new_tokens=length, do_sample=False)
        return self.speech.decode(made[0, -length:].tolist())

    def attention(self, view: View, question: str, *, layer: int) -> NDArray[np.float32]:
        """(patches,) the row of one layer over the queries, times theirs over the patches."""
        inputs = self._inputs([view], question)
        with self._eager(), torch.no_grad(), self._looked() as kept:
            out: Any = self.network(**inputs, output_attentions=True)
        return _over_patches(out.language_model_outputs.attentions[layer], kept[0])

    def gradient(self, view: View, question: str, *, layer: int) -> NDArray[np.float32]:
        """(patches,) the same, each part times its rectified gradient."""
        inputs = self._inputs([view], question)
        # As loaded: the graph begins at the weights.
        self.network.requires_grad_(requires_grad=True)
        try:
            with self._eager(), torch.enable_grad(), self._looked() as kept:
                out: Any = self.network(**inputs, output_attentions=True)
                row = out.language_model_outputs.attentions[layer]
                target = out.logits[0, -1].float().log_softmax(-1).max()
                slopes = torch.autograd.grad(target, [row, kept[0]])
        finally:
            self.network.requires_grad_(requires_grad=False)
        parts = (row, kept[0])
        weighted = [part.detach() * one.relu() for part, one in zip(parts, slopes, strict=True)]
        return _over_patches(*weighted)

    @contextmanager
    def _looked(self) -> Iterator[list[Tensor]]:
        """Collects the queries' attention to the patches."""
        kept: list[Tensor] = []
        whole: Any = self.network
        handle = crosses(whole)[ENTRY].register_forward_hook(
            lambda _part, _given, made: kept.append(made[1])
        )
        try:
            yield kept
        finally:
            handle.remove()

    def _inputs(self, views: Sequence[View], question: str) -> dict[str, Tensor]:
        words = self.speech.card.prompt(question, placeholders="").strip()
        read = torch.tensor([WordTokens().encode(words)] * len(views))
        read = read.to(self.placement.device)
        told = super()._inputs(views, question)
        return {
            **told,
            "qformer_input_ids": read,
            "qformer_attention_mask": torch.ones_like(read),
        }


def _over_patches(row: Tensor, looked: Tensor) -> NDArray[np.float32]:
    """(patches,) of (1, heads, tokens, keys) and (1, heads, queries, 1 + patches)."""
    onto = row[0, :, -1, :_QUERIES].float().mean(0) @ looked[0].float().mean(0)[:, 1:]
    found: NDArray[np.float32] = onto.detach().cpu().numpy()
    return found


def network(layout: QueriesLayout) -> InstructBlipForConditionalGeneration:
    """Random weights by seed, frozen."""
    config = InstructBlipConfig(
        vision_config={
            "hidden_size": 176,
            "intermediate_size": 768,
            "num_hidden_layers": 39,
            "num_attention_heads": 2,
            "image_size": layout.side,
            "patch_size": 14,
            # The default makes weights of nearly nothing, and all patches the same.
            "initializer_range": 0.02,
        },
        qformer_config={
            "vocab_size": VOCABULARY,
            "hidden_size": 96,
            "num_hidden_layers": 12,
            "num_attention_heads": 3,
            "intermediate_size": 384,
            "encoder_hidden_size": 176,
            "cross_attention_frequency": 2,
        },
        text_config=language(layout).to_dict(),
        num_query_tokens=_QUERIES,
        image_token_index=PICTURE,
    )
    made = drawn(InstructBlipForConditionalGeneration, config, layout=layout)
    silence(made.language_model)
    with torch.no_grad():
        made.query_tokens.normal_()
        # Drawn as usual they look at all patches alike, whatever the question.
        for weight in made.qformer.parameters():
            if weight.dim() > 1:
                weight.mul_(_GAIN)
    return made
