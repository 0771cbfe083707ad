"""The methods by their plain definitions, to compare the engine with.

Transformers' own processor and forward, eager attention of every layer, one whole pass for
everything, and gradients through the full graph.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from transformers import AutoTokenizer, LlavaForConditionalGeneration, logging

from inspector_app.domain.frame import View
from inspector_app.runtime.cards import read_card
from tests.fakes import tiny_llava


class PlainLlava:
    """A checkpoint used in the plain way."""

    picture_token = 3

    def __init__(self, folder: Path, plan: tiny_llava.Plan) -> None:
        logging.disable_progress_bar()
        self.network = LlavaForConditionalGeneration.from_pretrained(
            folder, attn_implementation="eager"
        ).eval()
        self.processor = tiny_llava.processor(plan)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.card = read_card(folder)

    def pixels(self, views: Sequence[View]) -> Tensor:
        pictures = [Image.fromarray(view.pixels) for view in views]
        return self.processor(pictures, return_tensors="pt")["pixel_values"]

    def ids(self, views: Sequence[View], question: str, *, tokens: int) -> Tensor:
        text = self.card.prompt(question, placeholders=tiny_llava.PLACEHOLDER * len(views))
        text = text.replace(tiny_llava.PLACEHOLDER, tiny_llava.PLACEHOLDER * tokens)
        return torch.tensor([self.tokenizer.encode(text)])

    def inputs(self, views: Sequence[View], question: str) -> dict[str, Tensor]:
        pixels = self.pixels(views)
        tokens = self.network.get_image_features(pixels, return_dict=True).pooler_output[0]
        return {
            "pixel_values": pixels,
            "input_ids": self.ids(views, question, tokens=len(tokens)),
        }

    def logits(self, views: Sequence[View], question: str) -> Tensor:
        """(vocabulary,) at the last prompt token."""
        with torch.no_grad():
            return self.network(**self.inputs(views, question)).logits[0, -1].float()

    def rows(self, views: Sequence[View], question: str, *, skip: int = 0) -> np.ndarray:
        """(layers, heads, picture tokens)."""
        inputs = self.inputs(views, question)
        with torch.no_grad():
            out = self.network(**inputs, output_attentions=True)
        return self._picture_part(out.attentions, inputs, views=len(views), skip=skip)

    def gradient(self, views: Sequence[View], question: str, *, layer: int) -> np.ndarray:
        """(heads, picture tokens): A * ReLU(d log p* / d A) of the last row."""
        inputs = self.inputs(views, question)
        out = self.network(**inputs, output_attentions=True)
        scores = out.logits[0, -1].float()
        loss = torch.nn.functional.cross_entropy(scores[None], scores.argmax()[None])
        (gradient,) = torch.autograd.grad(-loss, out.attentions[layer])
        product = out.attentions[layer].detach() * gradient.relu()
        return self._picture_part([product], inputs, views=len(views), skip=0)[0]

    def pixel_gradient(self, views: Sequence[View], question: str) -> np.ndarray:
        """(h, w): length over RGB of d log p* / d pixel of the first view."""
        inputs = self.inputs(views, question)
        inputs["pixel_values"].requires_grad_()
        scores = self.network(**inputs).logits[0, -1].float()
        (gradient,) = torch.autograd.grad(scores.log_softmax(-1).max(), inputs["pixel_values"])
        return gradient[0].norm(dim=0).numpy()

    def answer(self, views: Sequence[View], question: str, *, tokens: int) -> list[int]:
        """Greedy token numbers, by transformers' own generate."""
        inputs = self.inputs(views, question)
        made = self.network.generate(**inputs, max_new_tokens=tokens, do_sample=False)
        return made[0, inputs["input_ids"].shape[1] :].tolist()

    def _picture_part(
        self, attentions: Sequence[Tensor], inputs: dict[str, Tensor], *, views: int, skip: int
    ) -> np.ndarray:
        here = (inputs["input_ids"][0] == self.picture_token).nonzero().flatten()
        if skip:
            here = here.view(views, -1)[:, skip:].flatten()
        rows = torch.stack([layer[0, :, -1] for layer in attentions]).detach()
        return rows[:, :, here].numpy()
