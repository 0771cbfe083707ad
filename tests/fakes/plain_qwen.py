"""Qwen's checkpoints by the plain definitions; see `plain_llava`."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from transformers import AutoModelForImageTextToText, AutoTokenizer, logging

from inspector_app.domain.frame import View
from inspector_app.runtime.cards import read_card
from tests.fakes import tiny_qwen
from tests.fakes.plain_llava import PlainLlava

FRAMED = tiny_qwen.BEFORE + tiny_qwen.PICTURE + tiny_qwen.BEHIND


class PlainQwen(PlainLlava):
    """A checkpoint used in the plain way."""

    picture_token = tiny_qwen.MARKS.index(tiny_qwen.PICTURE)

    def __init__(self, folder: Path, plan: tiny_qwen.Plan) -> None:
        logging.disable_progress_bar()
        self.network = AutoModelForImageTextToText.from_pretrained(
            folder, attn_implementation="eager"
        ).eval()
        self.processor = tiny_qwen.processor(plan)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.card = read_card(folder)

    def inputs(self, views: Sequence[View], question: str) -> dict[str, Tensor]:
        pictures = [Image.fromarray(view.pixels) for view in views]
        made = self.processor(pictures, return_tensors="pt")
        text = self.card.prompt(question, placeholders=FRAMED * len(views))
        for thw in made["image_grid_thw"]:
            tokens = int(thw.prod()) // self.processor.merge_size**2
            text = text.replace(tiny_qwen.PICTURE, "§" * tokens, 1)
        ids = torch.tensor([self.tokenizer.encode(text.replace("§", tiny_qwen.PICTURE))])
        # Whatever picture went through before must not count for this one.
        self.network.model.rope_deltas = None
        return {
            "pixel_values": made["pixel_values"],
            "image_grid_thw": made["image_grid_thw"],
            "input_ids": ids,
            "mm_token_type_ids": (ids == self.picture_token).int(),
        }

    def pixel_gradient(self, views: Sequence[View], question: str) -> np.ndarray:
        """(h, w): length over RGB of d log p* / d pixel of the first view."""
        inputs = self.inputs(views, question)
        inputs["pixel_values"].requires_grad_()
        scores = self.network(**inputs).logits[0, -1].float()
        (slope,) = torch.autograd.grad(scores.log_softmax(-1).max(), inputs["pixel_values"])
        _, rows, cols = inputs["image_grid_thw"][0].tolist()
        side, merge = self.processor.patch_size, self.processor.merge_size
        size = np.zeros((rows * side, cols * side), np.float32)
        for number in range(rows * cols):
            # Patches come cell by cell; a still picture is two equal frames.
            cell, within = divmod(number, merge**2)
            row = cell // (cols // merge) * merge + within // merge
            col = cell % (cols // merge) * merge + within % merge
            patch = slope[number].view(3, 2, side, side).sum(dim=1).norm(dim=0)
            size[row * side : (row + 1) * side, col * side : (col + 1) * side] = patch
        return size
