"""Tiny LLaVA checkpoints with random weights, real in every other way.

`save` writes a folder that `families.llava.load` and plain transformers can load.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    MistralConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
    SiglipVisionConfig,
)
from transformers.image_processing_backends import PilBackend
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

PLACEHOLDER = "<image>"
TEMPLATE = "{images}\\nUSER: {question}\\nASSISTANT:"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tiny checkpoint looks like.

    Attributes:
        text: "llama", "qwen2" or "mistral".
        tower: "clip" or "siglip" (which has no class token).
        heads: (query heads, key-value heads) of the language part.
        layers: Of the language part.
        width: Of the language part.
        side: Of the input picture in pixels; patches are 14 pixels.
        processor: "square" (resize only), "crop" (shortest side, centre crop), "pad", or
            "siglip".
        select: vision_feature_select_strategy.
        vision_layer: vision_feature_layer.
        context: max_position_embeddings.
        seed: Of the weights.
        gain: Widens the weights' spread: attention and answers become less uniform.
        changes: Replaces entries of the LlavaConfig.
    """

    text: str = "llama"
    tower: str = "clip"
    heads: tuple[int, int] = (4, 4)
    layers: int = 4
    width: int = 32
    side: int = 56
    processor: str = "square"
    select: str = "default"
    vision_layer: int | list[int] = -2
    context: int = 512
    seed: int = 0
    gain: float = 4.0
    changes: dict[str, Any] = field(default_factory=dict)


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes as tokens, with <s>, </s> and the picture token; adds <s> by itself."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<unk>": 0, "<s>": 1, "</s>": 2, PLACEHOLDER: 3}
    vocabulary |= {letter: 4 + index for index, letter in enumerate(letters)}
    core = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    core.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        additional_special_tokens=[PLACEHOLDER],
        model_max_length=512,
    )


def processor(plan: Plan) -> PilBackend:
    """The image processor of a plan."""
    square = {"height": plan.side, "width": plan.side}
    if plan.processor == "square":
        return CLIPImageProcessorPil(size=square, do_center_crop=False)
    if plan.processor == "siglip":
        return SiglipImageProcessorPil(size=square)
    short = {"shortest_edge": plan.side}
    if plan.processor == "crop":
        return CLIPImageProcessorPil(size=short, crop_size=square)
    return LlavaImageProcessorPil(size=short, crop_size=square, do_pad=True)


def config(plan: Plan) -> LlavaConfig:
    """The configuration of a plan."""
    kinds = {"llama": LlamaConfig, "qwen2": Qwen2Config, "mistral": MistralConfig}
    more = {"sliding_window": None} if plan.text == "mistral" else {}
    text = kinds[plan.text](
        hidden_size=plan.width,
        intermediate_size=2 * plan.width,
        num_hidden_layers=plan.layers,
        num_attention_heads=plan.heads[0],
        num_key_value_heads=plan.heads[1],
        vocab_size=260,
        max_position_embeddings=plan.context,
        bos_token_id=1,
        eos_token_id=2,
        **more,
    )
    towers = {"clip": CLIPVisionConfig, "siglip": SiglipVisionConfig}
    vision = towers[plan.tower](
        hidden_size=24,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=3,
        image_size=plan.side,
        patch_size=14,
    )
    return LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_id=3,
        vision_feature_select_strategy=plan.select,
        vision_feature_layer=plan.vision_layer,
        **plan.changes,
    )


def network(plan: Plan) -> LlavaForConditionalGeneration:
    """Random weights by seed, in evaluation mode."""
    torch.manual_seed(plan.seed)
    made = LlavaForConditionalGeneration(config(plan)).eval()
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
        'name = "tiny"\nfamily = "llava"\ntitle = "Tiny"\nlicence = "Apache-2.0"\n'
        f'[prompt]\ntemplate = "{TEMPLATE}"\nsuffix = " One word."\nmax_tokens = 6\n'
        f"[attention]\nlayer = {plan.layers // 2}\n",
        encoding="utf-8",
    )
    return folder
