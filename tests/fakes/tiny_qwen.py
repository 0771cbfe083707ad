"""Tiny Qwen2.5-VL and Qwen3-VL checkpoints with random weights, real in every other way.

`save` writes a folder that the family's `load` and plain transformers can load.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
)
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

PICTURE, FILM = "<|image_pad|>", "<|video_pad|>"
BEFORE, BEHIND = "<|vision_start|>", "<|vision_end|>"
MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", PICTURE, BEFORE, BEHIND, FILM)
TEMPLATE = (
    "<|im_start|>system\\nBe brief.<|im_end|>\\n"
    "<|im_start|>user\\n{images}{question}<|im_end|>\\n<|im_start|>assistant\\n"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tiny checkpoint looks like.

    Attributes:
        family: "qwen2_5_vl" or "qwen3_vl".
        heads: (query heads, key-value heads) of the language part.
        layers: Of the language part.
        tied: Whether words are read and said by the same weights.
        most: Largest picture in cells; a cell is one token.
        least: Smallest, likewise.
        context: max_position_embeddings.
        seed: Of the weights.
        gain: Widens the weights' spread: attention and answers become less uniform.
        text: Replaces entries of the language part's config.
    """

    family: str = "qwen2_5_vl"
    heads: tuple[int, int] = (4, 2)
    layers: int = 4
    tied: bool = False
    most: int = 30
    least: int = 2
    context: int = 512
    seed: int = 0
    gain: float = 4.0
    text: dict[str, Any] = field(default_factory=dict)

    @property
    def is_third(self) -> bool:
        """Whether it is a Qwen3-VL."""
        return self.family == "qwen3_vl"

    @property
    def cell(self) -> int:
        """Side of what becomes a token, in pixels."""
        return 32 if self.is_third else 28


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes as tokens, and the marks; adds nothing by itself."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {mark: at for at, mark in enumerate(MARKS)}
    vocabulary |= {letter: len(MARKS) + at for at, letter in enumerate(letters)}
    core = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=list(MARKS),
        model_max_length=512,
    )


def processor(plan: Plan) -> Qwen2VLImageProcessorPil:
    """The image processor of a plan."""
    area = plan.cell**2
    half = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3} if plan.is_third else {}
    return Qwen2VLImageProcessorPil(
        patch_size=plan.cell // 2,
        size={"shortest_edge": plan.least * area, "longest_edge": plan.most * area},
        **half,
    )


def config(plan: Plan) -> Qwen2_5_VLConfig | Qwen3VLConfig:
    """The configuration of a plan."""
    numbers = {
        "image_token_id": MARKS.index(PICTURE),
        "video_token_id": MARKS.index(FILM),
        "vision_start_token_id": MARKS.index(BEFORE),
        "vision_end_token_id": MARKS.index(BEHIND),
        "tie_word_embeddings": plan.tied,
    }
    text: dict[str, Any] = {
        "hidden_size": 8 * plan.heads[0],
        "intermediate_size": 64,
        "num_hidden_layers": plan.layers,
        "num_attention_heads": plan.heads[0],
        "num_key_value_heads": plan.heads[1],
        "vocab_size": len(MARKS) + 256,
        "max_position_embeddings": plan.context,
        "bos_token_id": None,
        "eos_token_id": MARKS.index("<|im_end|>"),
    }
    vision: dict[str, Any] = {
        "depth": 4,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_heads": 2,
        "out_hidden_size": text["hidden_size"],
    }
    if plan.is_third:
        # Heads are wider than their share of the hidden state, as in the real ones.
        turns = {"rope_type": "default", "mrope_section": [4, 2, 2], "mrope_interleaved": True}
        text |= {"head_dim": 16, "rope_parameters": {**turns, "rope_theta": 5e6}}
        vision |= {"num_position_embeddings": 16, "deepstack_visual_indexes": [0, 1, 3]}
        return Qwen3VLConfig(vision_config=vision, text_config=text | plan.text, **numbers)
    turns = {"rope_type": "default", "mrope_section": [2, 1, 1]}
    text |= {"rope_parameters": {**turns, "rope_theta": 1e6}}
    # Windows of 2 x 2 cells.
    vision |= {"window_size": 56, "fullatt_block_indexes": [1, 3]}
    return Qwen2_5_VLConfig(vision_config=vision, text_config=text | plan.text, **numbers)


def network(plan: Plan) -> PreTrainedModel:
    """Random weights by seed, in evaluation mode."""
    torch.manual_seed(plan.seed)
    kind = Qwen3VLForConditionalGeneration if plan.is_third else Qwen2_5_VLForConditionalGeneration
    made = kind(config(plan)).eval()
    with torch.no_grad():
        for name, weight in made.named_parameters():
            if weight.dim() > 1 and "embed" not in name:
                weight.mul_(plan.gain)
    return made


def save(folder: Path, plan: Plan | None = None) -> Path:
    """Write a whole model folder; returns it."""
    plan = plan or Plan()
    folder.mkdir(parents=True, exist_ok=True)
    network(plan).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    processor(plan).save_pretrained(folder)
    (folder / "card.toml").write_text(
        f'name = "tiny"\nfamily = "{plan.family}"\ntitle = "Tiny"\nlicence = "Apache-2.0"\n'
        f'[prompt]\ntemplate = "{TEMPLATE}"\nsuffix = " One word."\nmax_tokens = 6\n'
        f"[attention]\nlayer = {plan.layers // 2}\n[view]\nmin_pixels = 1\n",
        encoding="utf-8",
    )
    return folder
