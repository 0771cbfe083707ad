"""Layouts of Qwen2.5-VL and Qwen3-VL of reduced width with random weights, to measure."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from logging import ERROR
from types import MappingProxyType
from typing import Any, ClassVar

import torch
from torch import Tensor
from transformers import (
    PreTrainedModel,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    logging,
)

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.card import Card
from inspector_app.domain.frame import View
from inspector_app.families import qwen2_5_vl, qwen3_vl
from inspector_app.runtime import patchwork
from inspector_app.runtime.local import LocalModel
from inspector_app.runtime.patches import KIND, Patching
from inspector_app.runtime.speech import Speech
from inspector_app.workflow.bench.network import (
    BEGIN,
    PICTURE,
    PLACEHOLDER,
    VOCABULARY,
    Layout,
    WordTokens,
    drawn,
    published,
)
from inspector_app.workflow.bench.plain import Plain

_BEFORE, _BEHIND = "<before>", "<behind>"
# How positions by time, row and column turn the keys.
_TURNS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "qwen2_5_vl": {
            "rope_type": "default",
            "rope_theta": 1e6,
            "mrope_section": [16, 24, 24],
        },
        "qwen3_vl": {
            "rope_type": "default",
            "rope_theta": 5e6,
            "mrope_section": [24, 20, 20],
            "mrope_interleaved": True,
        },
    }
)


@dataclass(frozen=True, slots=True)
class PatchworkLayout(Layout):
    """Proportions of Qwen2.5-VL-7B or Qwen3-VL-4B with fewer channels.

    Attributes:
        family: "qwen2_5_vl" or "qwen3_vl".
        least: Fewest tokens of a picture.
        most: Most of them.
    """

    by_shape: ClassVar[bool] = True

    family: str = "qwen2_5_vl"
    least: int = 144
    most: int = 400

    @property
    def is_third(self) -> bool:
        """Whether it is a Qwen3-VL."""
        return self.family == "qwen3_vl"

    def __str__(self) -> str:
        return (
            f"{self.family}, {self.layers} layers of width {self.width}, "
            f"{self.least} to {self.most} tokens, map at layer {self.layer}, "
            f"answers of {self.answer} tokens, {self.precision} on {self.device}"
        )

    @property
    def patching(self) -> Patching:
        """What is done to a picture."""
        cell = 32 if self.is_third else 28
        size = {"shortest_edge": self.least * cell**2, "longest_edge": self.most * cell**2}
        saved = {"image_processor_type": KIND, "patch_size": cell // 2, "size": size}
        return Patching.from_mapping(saved, where="the benchmark")

    def model(self) -> LocalModel:
        """The network in the engine."""
        return patchwork.assemble(
            (qwen3_vl if self.is_third else qwen2_5_vl).KIND,
            network(self),
            placement=self.placement,
            patching=self.patching,
            speech=speech(self),
            weights_sha256="",
        )

    def plain(self) -> Plain:
        """One of the same weights, as transformers makes it."""
        return PlainPatchwork(network(self), self.patching, speech(self), self.placement, 0)


class PlainPatchwork(Plain):
    """A checkpoint used in the straightforward way, with its own shapes and positions."""

    def grid(self, view: View) -> TokenGrid:
        """How the tokens of a picture lie over the Frame."""
        grid: TokenGrid = self.processing.grid(view)
        return grid

    def cells(self, view: View) -> list[int]:
        """All tokens of a picture."""
        return list(range(self.grid(view).tokens))

    def _inputs(self, views: Sequence[View], question: str) -> dict[str, Tensor]:
        place, patching = self.placement, self.processing
        pixels = [torch.from_numpy(patching.pixels(view))[None] for view in views]
        text = self.speech.text(question, pictures=len(views))
        for view in views:
            rows, cols = patching.shape(view.size)
            text = text.replace(PLACEHOLDER, " <cell>" * (rows * cols), 1)
        ids = torch.tensor([list(self.speech.encode(text.replace("<cell>", PLACEHOLDER)))])
        ids = ids.to(place.device)
        patches = torch.cat([patching.patches(one) for one in pixels])
        return {
            "pixel_values": patches.to(place.device, place.dtype),
            "image_grid_thw": torch.cat([patching.thw(one) for one in pixels]).to(place.device),
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "mm_token_type_ids": (ids == PICTURE).int(),
        }

    @contextmanager
    def _eager(self) -> Iterator[None]:
        """Eager attention in the language model inside: the tower's is not asked for."""
        # The tower is asked all the same, and would print that it has none to give.
        level = logging.get_verbosity()
        logging.set_verbosity(ERROR)
        self.network.set_attn_implementation({"text_config": "eager"})
        try:
            yield
        finally:
            self.network.set_attn_implementation({"text_config": "sdpa"})
            logging.set_verbosity(level)


def network(layout: PatchworkLayout) -> PreTrainedModel:
    """Random weights by seed, frozen."""
    turns = _TURNS[layout.family]
    text = {"rope_parameters": dict(turns), "eos_token_id": None, "bos_token_id": BEGIN}
    config = published(layout, text=text, **_numbers())
    if layout.is_third:
        return drawn(
            Qwen3VLForConditionalGeneration, config or _third(layout, turns), layout=layout
        )
    return drawn(
        Qwen2_5_VLForConditionalGeneration, config or _second(layout, turns), layout=layout
    )


def _second(layout: PatchworkLayout, turns: Mapping[str, Any]) -> Qwen2_5_VLConfig:
    """Qwen2.5-VL-7B: 28 layers of width 3584, 28 heads over 4; a tower of 32 with windows."""
    heads = max(1, layout.width // 128)
    text = _text(layout, wide=layout.width * 37 // 7, heads=(heads, max(1, heads // 4)))
    vision = {
        "depth": 32,
        "hidden_size": 160,
        "intermediate_size": 428,
        "num_heads": 2,
        "out_hidden_size": layout.width,
    }
    return Qwen2_5_VLConfig(
        text_config=text | {"rope_parameters": dict(turns)}, vision_config=vision, **_numbers()
    )


def _third(layout: PatchworkLayout, turns: Mapping[str, Any]) -> Qwen3VLConfig:
    """Qwen3-VL-4B: 36 layers of width 2560, 32 heads over 8; a tower of 24, read at three."""
    # Its heads together are wider than the hidden state, by 8 to 5.
    heads = max(2, layout.width * 8 // 5 // 128)
    text = _text(layout, wide=layout.width * 19 // 5, heads=(heads, heads // 2))
    vision = {
        "depth": 24,
        "hidden_size": 192,
        "intermediate_size": 768,
        "num_heads": 3,
        "out_hidden_size": layout.width,
        "deepstack_visual_indexes": [5, 11, 17],
    }
    return Qwen3VLConfig(
        text_config=text | {"rope_parameters": dict(turns), "head_dim": 128},
        vision_config=vision,
        **_numbers(),
    )


def _text(layout: PatchworkLayout, *, wide: int, heads: tuple[int, int]) -> dict[str, Any]:
    """What both language models have."""
    return {
        "hidden_size": layout.width,
        # Whole blocks of eight, as the weights of real ones have.
        "intermediate_size": wide // 8 * 8,
        "num_hidden_layers": layout.layers,
        "num_attention_heads": heads[0],
        "num_key_value_heads": heads[1],
        "vocab_size": VOCABULARY,
        "max_position_embeddings": 8192,
        "eos_token_id": None,
        "bos_token_id": BEGIN,
    }


def _numbers() -> dict[str, Any]:
    """Tokens that stand for something."""
    names = ("image_token_id", "video_token_id", "vision_start_token_id", "vision_end_token_id")
    return dict(zip(names, range(PICTURE, PICTURE + 4), strict=True))


def speech(layout: PatchworkLayout) -> Speech:
    """A chat template on the measuring tokenizer."""
    card = Card(
        name="bench",
        family=layout.family,
        title="Random weights",
        template="system You are a helpful assistant. user {images} {question} assistant",
        suffix=" Answer the question using a single word or phrase.",
        layer=layout.layer,
        max_tokens=layout.answer,
    )
    tokens = WordTokens()
    around = f" {_BEFORE} {PLACEHOLDER} {_BEHIND} "
    return Speech(
        card, tokens.encode, tokens.decode, PLACEHOLDER, PICTURE, frozenset(), picture_text=around
    )
