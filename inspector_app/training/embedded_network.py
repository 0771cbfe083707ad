"""The embedded network: a plain Llava of about five million parameters, and its training heads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    CLIPImageProcessorPil,
    CLIPVisionConfig,
    GenerationConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
)
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS
from transformers.utils import logging as transformers_logging

from inspector_app.training.embedded_tokens import IMAGE
from inspector_app.training.embedded_views import COARSE, PATCH, SIDE
from inspector_app.training.scene_parts import ALPHABET, COLOURS, KINDS

ATTENTION = "inspector_training"
"""Name of the attention function in the transformers registry."""

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    width: int = 192
    heads: int = 6
    vision_layers: int = 6
    language_layers: int = 5
    binding_layer: int = 1
    """Language layer where the last prompt token looks at the word that says what is meant."""
    map_layer: int = 2
    """Language layer where it looks at the target: the layer that maps are read from."""
    copy_layer: int = 3
    """Language layer where answer tokens look at the character that they name."""


@contextmanager
def without_bars() -> Iterator[None]:
    """Keep transformers from drawing progress bars, and from leaving their thread behind."""
    was_on = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers has no types
    try:
        yield
    finally:
        if was_on:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # transformers has no types


def build_network(
    shape: Shape, *, tokenizer: PreTrainedTokenizerFast
) -> LlavaForConditionalGeneration:
    """A fresh network with random weights."""
    vision = CLIPVisionConfig(
        hidden_size=shape.width,
        intermediate_size=4 * shape.width,
        num_hidden_layers=shape.vision_layers,
        num_attention_heads=shape.heads,
        image_size=SIDE,
        patch_size=PATCH,
        projection_dim=shape.width,
        # One fused kernel; CLIP's own quick_gelu took a third of a training step on a CPU.
        hidden_act="gelu",
    )
    language = LlamaConfig(
        vocab_size=-(-len(tokenizer) // 8) * 8,
        hidden_size=shape.width,
        intermediate_size=round(shape.width * 8 / 3 / 32) * 32,
        num_hidden_layers=shape.language_layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    config = LlavaConfig(
        vision_config=vision,
        text_config=language,
        image_token_index=tokenizer.encode(IMAGE, add_special_tokens=False)[0],
        vision_feature_layer=-1,
        vision_feature_select_strategy="default",
        image_seq_length=(SIDE // PATCH) ** 2,
        tie_word_embeddings=True,
    )
    network = LlavaForConditionalGeneration(config)
    network.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        max_new_tokens=12,
        do_sample=False,
    )
    return network


def build_processor(tokenizer: PreTrainedTokenizerFast) -> LlavaProcessor:
    """The processor: the whole picture squashed to the square input, nothing cut off."""
    pictures = CLIPImageProcessorPil(
        size={"height": SIDE, "width": SIDE},
        do_center_crop=False,
        do_resize=True,
        resample=3,
        do_rescale=True,
        do_normalize=True,
        do_convert_rgb=True,
        image_mean=list(MEAN),
        image_std=list(STD),
    )
    return LlavaProcessor(  # type: ignore[no-untyped-call]
        image_processor=pictures,
        tokenizer=tokenizer,
        patch_size=PATCH,
        vision_feature_select_strategy="default",
        image_token=IMAGE,
        num_additional_image_tokens=1,
    )


class DenseHeads(nn.Module):
    """Classifiers over each patch, used in training only."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.coarse = nn.Linear(width, 1 + max(COARSE.values()))
        self.kind = nn.Linear(width, len(KINDS))
        self.colour = nn.Linear(width, 1 + len(COLOURS))
        self.character = nn.Linear(width, 2 * (1 + len(ALPHABET)))
        self.order = nn.Linear(width, 2 * 5)

    def forward(self, patches: Tensor) -> tuple[Tensor, ...]:
        """Logits in the order of `Grids.packed`.

        Args:
            patches: (B, 100, width) last hidden states of the vision tower.

        Returns:
            coarse, kind and colour (B, 100, classes); character and order (B, 200, classes),
            the two halves of a patch one after the other.
        """
        halves = patches.shape[0], 2 * patches.shape[1], -1
        return (
            self.coarse(patches),
            self.kind(patches),
            self.colour(patches),
            self.character(patches).view(halves),
            self.order(patches).view(halves),
        )


def matmul_attention(  # noqa: PLR0913, PLR0917
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    dropout: float = 0.0,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Attention by plain matrix products: its backward is twice as fast on a CPU as SDPA's.

    Where the caller passes `rows` (a dict), layers named in it leave their weights there.

    Args:
        module: The attention layer.
        query: (B, heads, T, d); key and value alike.
        key: See `query`.
        value: See `query`.
        attention_mask: Added to the scores, broadcast to (B, heads, T, T).
        scaling: Of the scores.
        dropout: Not used.
        kwargs: May hold `rows`, a dict from layer index to None.

    Returns:
        (B, T, heads, d), and None.
    """
    del dropout
    scores = torch.matmul(query * scaling, key.transpose(-1, -2))
    if attention_mask is not None:
        scores = scores + attention_mask.to(scores.dtype)
    weights = scores.softmax(-1).to(value.dtype)  # (B, heads, T, T)
    rows = kwargs.get("rows")
    layer = getattr(module, "layer_idx", None)
    if rows is not None and layer in rows:
        rows[layer] = weights
    return torch.matmul(weights, value).transpose(1, 2).contiguous(), None


def use_matmul_attention(network: LlavaForConditionalGeneration) -> None:
    """Switch a network to `matmul_attention`, vision and language."""
    ALL_ATTENTION_FUNCTIONS.register(ATTENTION, matmul_attention)
    network.set_attn_implementation(ATTENTION)


def normalized(views: Tensor) -> Tensor:
    """Pixels to what the processor gives.

    Args:
        views: (B, 140, 140, 3) uint8.

    Returns:
        (B, 3, 140, 140) float.
    """
    mean = torch.tensor(MEAN, device=views.device) * 255
    std = torch.tensor(STD, device=views.device) * 255
    return ((views.float() - mean) / std).permute(0, 3, 1, 2).contiguous()


def patches_of(network: LlavaForConditionalGeneration, *, pixels: Tensor) -> Tensor:
    """Last hidden states of the vision tower without the class token: (B, 100, width)."""
    found = network.model.vision_tower(pixels, output_hidden_states=True)
    patches: Tensor = found.hidden_states[-1][:, 1:]
    return patches
