"""Tiny InstructBLIP checkpoints with random weights, real in every other way."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from transformers import (
    AutoTokenizer,
    InstructBlipConfig,
    InstructBlipForConditionalGeneration,
    LlamaConfig,
    logging,
)
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

from inspector_app.runtime.cards import read_card
from tests.fakes.plain_llava import PlainLlava
from tests.fakes.tiny_llava import tokenizer

SIDE, PATCH, QUERIES = 28, 7, 5
TEMPLATE = "{images}Question: {question} Short answer:"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tiny checkpoint looks like.

    Attributes:
        heads: (query heads, key-value heads) of the language part.
        layers: Of the language part.
        blocks: Of the Q-Former; every other one looks at the patches.
        entry: Which of those the map is read from.
        context: max_position_embeddings.
        seed: Of the weights.
        gain: Widens the weights' spread: attention and answers become less uniform.
    """

    heads: tuple[int, int] = (4, 4)
    layers: int = 4
    blocks: int = 6
    entry: int = 2
    context: int = 512
    seed: int = 0
    gain: float = 4.0

    @property
    def family(self) -> str:
        """Whose checkpoint it is."""
        return "instructblip"


def processor() -> BlipImageProcessorPil:
    """The image processor."""
    return BlipImageProcessorPil(size={"height": SIDE, "width": SIDE})


def config(plan: Plan) -> InstructBlipConfig:
    """The configuration of a plan."""
    text = LlamaConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=plan.layers,
        num_attention_heads=plan.heads[0],
        num_key_value_heads=plan.heads[1],
        vocab_size=260,
        max_position_embeddings=plan.context,
        bos_token_id=1,
        eos_token_id=2,
    )
    vision = {
        "hidden_size": 24,
        "intermediate_size": 48,
        "num_hidden_layers": 3,
        "num_attention_heads": 3,
        "image_size": SIDE,
        "patch_size": PATCH,
        # The default makes weights of nearly nothing, and all patches the same.
        "initializer_range": 0.02,
    }
    former = {
        "vocab_size": 260,
        "hidden_size": 24,
        "num_hidden_layers": plan.blocks,
        "num_attention_heads": 3,
        "intermediate_size": 48,
        "encoder_hidden_size": 24,
        "cross_attention_frequency": 2,
        "max_position_embeddings": 200,
    }
    return InstructBlipConfig(
        vision_config=vision,
        qformer_config=former,
        text_config=text.to_dict(),
        num_query_tokens=QUERIES,
        image_token_index=3,
    )


def save(folder: Path, plan: Plan) -> Path:
    """Write a whole model folder; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    made = InstructBlipForConditionalGeneration(config(plan)).eval()
    with torch.no_grad():
        for name, weight in made.named_parameters():
            if weight.dim() > 1 and "embed" not in name:
                weight.mul_(plan.gain)
        made.query_tokens.normal_()
    made.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    tokenizer().save_pretrained(folder / "qformer_tokenizer")
    processor().save_pretrained(folder)
    (folder / "card.toml").write_text(
        'name = "tiny"\nfamily = "instructblip"\ntitle = "Tiny"\nlicence = "Apache-2.0"\n'
        f'[prompt]\ntemplate = "{TEMPLATE}"\nmax_tokens = 6\n'
        f"[attention]\nlayer = {plan.layers // 2}\nentry = {plan.entry}\n",
        encoding="utf-8",
    )
    return folder


class PlainBlip(PlainLlava):
    """A checkpoint used in the plain way; see `plain_llava`."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        logging.disable_progress_bar()
        self.network = InstructBlipForConditionalGeneration.from_pretrained(
            folder, attn_implementation="eager"
        ).eval()
        self.processor = processor()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.reader = AutoTokenizer.from_pretrained(folder / "qformer_tokenizer")
        self.card = read_card(folder)
        self.entry = plan.entry

    def inputs(self, views, question: str) -> dict[str, Tensor]:
        pictures = [Image.fromarray(view.pixels) for view in views]
        words = self.card.prompt(question, placeholders="")
        read = torch.tensor([self.reader.encode(words)]).expand(len(views), -1)
        # As the processor does it: the pictures' tokens stand before the begin mark.
        ids = [3] * (QUERIES * len(views)) + self.tokenizer.encode(words)
        return {
            **self.processor(pictures, return_tensors="pt"),
            "input_ids": torch.tensor([ids]),
            "attention_mask": torch.ones(1, len(ids), dtype=torch.long),
            "qformer_input_ids": read,
            "qformer_attention_mask": torch.ones_like(read),
        }

    def rows(self, views, question: str, *, skip: int = 0) -> np.ndarray:
        """(layers, heads, patches): the row's queries times the queries' patches."""
        assert not skip
        inputs = self.inputs(views, question)
        with torch.no_grad():
            out = self.network(**inputs, output_attentions=True)
        row = self._queries(out.language_model_outputs.attentions, len(views))
        return torch.einsum("lhvq,vqp->lhvp", row, self.looked(views, question)).flatten(2).numpy()

    def looked(self, views, question: str) -> Tensor:
        """(views, queries, patches) the queries' attention, the mean over their heads."""
        inputs = self.inputs(views, question)
        with torch.no_grad():
            made = self.network.get_image_features(
                inputs["pixel_values"],
                inputs["qformer_input_ids"],
                inputs["qformer_attention_mask"],
                output_attentions=True,
                return_dict=True,
            )
        return made.qformer_outputs.cross_attentions[self.entry].mean(dim=1)[:, :, 1:]

    def gradient(self, views, question: str, *, layer: int) -> np.ndarray:
        """(heads, patches): both parts times their own rectified gradients, multiplied."""
        inputs = self.inputs(views, question)
        crosses = [
            block.crossattention.attention
            for block in self.network.qformer.encoder.layer
            if block.has_cross_attention
        ]
        kept = []
        handle = crosses[self.entry].register_forward_hook(lambda *told: kept.append(told[2][1]))
        out = self.network(**inputs, output_attentions=True)
        handle.remove()
        row = out.language_model_outputs.attentions[layer]
        scores = out.logits[0, -1].float()
        loss = torch.nn.functional.cross_entropy(scores[None], scores.argmax()[None])
        slopes = torch.autograd.grad(-loss, [row, kept[0]])
        weighted = [
            part.detach() * slope.relu() for part, slope in zip((row, kept[0]), slopes, strict=True)
        ]
        return self._over_patches(self._queries([weighted[0]], len(views)), weighted[1])[0]

    def answer(self, views, question: str, *, tokens: int) -> list[int]:
        inputs = self.inputs(views, question)
        found: list[int] = []
        for _ in range(tokens):
            with torch.no_grad():
                found.append(int(self.network(**inputs).logits[0, -1].argmax()))
            if found[-1] == 2:
                break
            ids = torch.cat([inputs["input_ids"], torch.tensor([[found[-1]]])], dim=1)
            inputs |= {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        return found

    def _queries(self, attentions: Sequence[Tensor], views: int) -> Tensor:
        """(layers, heads, views, queries) of the last row."""
        rows = torch.stack([one[0, :, -1, : views * QUERIES] for one in attentions]).detach()
        return rows.unflatten(-1, (views, QUERIES))

    def _over_patches(self, rows: Tensor, looked: Tensor) -> np.ndarray:
        maps = looked.detach().mean(dim=1)[:, :, 1:]
        return torch.einsum("lhvq,vqp->lhvp", rows, maps).flatten(2).numpy()
