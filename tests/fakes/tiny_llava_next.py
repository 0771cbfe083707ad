"""Tiny LLaVA-NeXT checkpoints with random weights, real in every other way."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from transformers import (
    AutoTokenizer,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaNextConfig,
    LlavaNextForConditionalGeneration,
    MistralConfig,
    logging,
)
from transformers.image_processing_utils import select_best_resolution
from transformers.models.llava_next.image_processing_pil_llava_next import (
    LlavaNextImageProcessorPil,
)
from transformers.models.llava_next.modeling_llava_next import unpad_image

from inspector_app.runtime.cards import read_card
from tests.fakes.plain_llava import PlainLlava
from tests.fakes.tiny_llava import PLACEHOLDER, TEMPLATE, tokenizer

SIDE, PATCH = 28, 7


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tiny checkpoint looks like.

    Attributes:
        text: "llama" or "mistral".
        heads: (query heads, key-value heads) of the language part.
        layers: Of the language part.
        context: max_position_embeddings.
        seed: Of the weights.
        gain: Widens the weights' spread: attention and answers become less uniform.
    """

    text: str = "llama"
    heads: tuple[int, int] = (4, 4)
    layers: int = 4
    context: int = 768
    seed: int = 0
    gain: float = 4.0

    @property
    def family(self) -> str:
        """Whose checkpoint it is."""
        return "llava_next"


def shapes() -> list[list[int]]:
    """(height, width) of the canvases: those of the real ones in tiles."""
    return [[SIDE * high, SIDE * wide] for high, wide in ((1, 2), (2, 1), (2, 2), (3, 1), (1, 3))]


def processor() -> LlavaNextImageProcessorPil:
    """The image processor."""
    return LlavaNextImageProcessorPil(
        size={"shortest_edge": SIDE},
        crop_size={"height": SIDE, "width": SIDE},
        image_grid_pinpoints=shapes(),
    )


def config(plan: Plan) -> LlavaNextConfig:
    """The configuration of a plan."""
    kind = MistralConfig if plan.text == "mistral" else LlamaConfig
    more: dict[str, Any] = {"sliding_window": None} if plan.text == "mistral" else {}
    text = kind(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=plan.layers,
        num_attention_heads=plan.heads[0],
        num_key_value_heads=plan.heads[1],
        vocab_size=260,
        max_position_embeddings=plan.context,
        bos_token_id=1,
        eos_token_id=2,
        **more,
    )
    vision = CLIPVisionConfig(
        hidden_size=24,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=3,
        image_size=SIDE,
        patch_size=PATCH,
    )
    return LlavaNextConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=3,
        image_grid_pinpoints=shapes(),
    )


def save(folder: Path, plan: Plan) -> Path:
    """Write a whole model folder; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    made = LlavaNextForConditionalGeneration(config(plan)).eval()
    with torch.no_grad():
        for name, weight in made.named_parameters():
            if weight.dim() > 1 and "embed" not in name:
                weight.mul_(plan.gain)
    made.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    processor().save_pretrained(folder)
    (folder / "card.toml").write_text(
        'name = "tiny"\nfamily = "llava_next"\ntitle = "Tiny"\nlicence = "Apache-2.0"\n'
        f'[prompt]\ntemplate = "{TEMPLATE}"\nsuffix = " One word."\nmax_tokens = 6\n'
        f"[attention]\nlayer = {plan.layers // 2}\n",
        encoding="utf-8",
    )
    return folder


class PlainLlavaNext(PlainLlava):
    """A checkpoint used in the plain way; see `plain_llava`."""

    def __init__(self, folder: Path, _plan: Plan) -> None:
        logging.disable_progress_bar()
        self.network = LlavaNextForConditionalGeneration.from_pretrained(
            folder, attn_implementation="eager"
        ).eval()
        self.processor = processor()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.card = read_card(folder)

    def inputs(self, views, question: str) -> dict[str, Tensor]:
        pictures = [Image.fromarray(view.pixels) for view in views]
        made = dict(self.processor(pictures, return_tensors="pt"))
        features = self.network.get_image_features(**made, return_dict=True).pooler_output
        text = self.card.prompt(question, placeholders=PLACEHOLDER * len(views))
        for one in features:
            text = text.replace(PLACEHOLDER, "§" * len(one), 1)
        ids = torch.tensor([self.tokenizer.encode(text.replace("§", PLACEHOLDER))])
        return {**made, "input_ids": ids}

    def shape(self, high: int, wide: int) -> tuple[int, int]:
        """(rows, cols) of patches that `unpad_image` leaves, by trying it."""
        best = select_best_resolution((high, wide), shapes())
        left = unpad_image(torch.zeros(1, best[0] // PATCH, best[1] // PATCH), (high, wide))
        return left.shape[1], left.shape[2]

    def pixel_gradient(self, views, question: str):
        """(h, w) over the canvas of the first view: length over RGB of d log p* / d pixel."""
        inputs = self.inputs(views, question)
        inputs["pixel_values"].requires_grad_()
        scores = self.network(**inputs).logits[0, -1].float()
        (slope,) = torch.autograd.grad(scores.log_softmax(-1).max(), inputs["pixel_values"])
        high, wide = select_best_resolution(inputs["image_sizes"][0].tolist(), shapes())
        size = torch.zeros(high, wide)
        for at in range((high // SIDE) * (wide // SIDE)):
            y, x = (part * SIDE for part in divmod(at, wide // SIDE))
            # The first tile is the small whole.
            size[y : y + SIDE, x : x + SIDE] = slope[0, 1 + at].norm(dim=0)
        return size.numpy()

    def _picture_part(self, attentions, inputs, *, views: int, skip: int):
        assert not skip
        here = (inputs["input_ids"][0] == self.picture_token).nonzero().flatten().tolist()
        kept = []
        for high, wide in inputs["image_sizes"].tolist():
            rows, cols = self.shape(high, wide)
            here = here[(SIDE // PATCH) ** 2 :]
            for _ in range(rows):
                kept += here[:cols]
                here = here[cols + 1 :]
        assert not here
        assert views == len(inputs["image_sizes"])
        rows = torch.stack([layer[0, :, -1] for layer in attentions]).detach()
        return rows[:, :, kept].numpy()
