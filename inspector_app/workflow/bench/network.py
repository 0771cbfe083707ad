"""A LLaVA layout of reduced width with random weights, to measure the engine with."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import numpy as np
import torch
from torch import nn
from transformers import (
    AutoConfig,
    CLIPVisionConfig,
    GenerationConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    PreTrainedModel,
)

from inspector_app.domain.card import Card
from inspector_app.domain.frame import Frame, Provenance
from inspector_app.families import llava
from inspector_app.families.llava import LlavaModel
from inspector_app.runtime.devices import Placement
from inspector_app.runtime.local import LocalModel
from inspector_app.runtime.pictures import Preprocessing
from inspector_app.runtime.speech import Speech
from inspector_app.workflow.bench.plain import Plain

Drawn = TypeVar("Drawn", bound=PreTrainedModel)

PLACEHOLDER = "<image>"
BEGIN, PICTURE, _FIRST_WORD = 1, 3, 8
VOCABULARY = 4096
QUESTIONS = (
    "What is written on the small red label in the upper left corner of the picture?",
    "Is there a crack or another kind of damage in the metal close to the second bolt?",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Proportions of LLaVA-1.5 with fewer channels.

    Attributes:
        layers: Of the language model.
        width: Of the language model; LLaVA-1.5 has 4096.
        side: Of the input picture; 336 makes 576 tokens.
        layer: That the maps are read from.
        answer: Tokens of each answer.
        device: "cpu" or "cuda".
        precision: "float32", "bfloat16" or "float16".
        seed: Of weights and picture.
        shown: (width, height) of the picture.
        architecture: Of a published checkpoint, as its card tells it, in place of the proportions
            here; None for these.
        by_shape: Whether a picture's tokens follow its shape.
    """

    by_shape: ClassVar[bool] = False

    layers: int = 32
    width: int = 512
    side: int = 336
    layer: int = 14
    answer: int = 5
    device: str = "cpu"
    precision: str = "float32"
    seed: int = 0
    shown: tuple[int, int] = (1500, 1000)
    architecture: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        tokens = (self.side // 14) ** 2
        return (
            f"{self.layers} layers of width {self.width}, {self.side} px ({tokens} tokens), "
            f"map at layer {self.layer}, answers of {self.answer} tokens, "
            f"{self.precision} on {self.device}"
        )

    @property
    def placement(self) -> Placement:
        """Device and precision for torch."""
        return Placement(torch.device(self.device), getattr(torch, self.precision))

    def model(self) -> LocalModel:
        """The network in the engine."""
        return engine(network(self), self)

    def plain(self) -> Plain:
        """One of the same weights, as transformers makes it."""
        tokens = (self.side // 14) ** 2
        return Plain(network(self), processing(self), speech(self), self.placement, tokens)


@dataclass(slots=True)
class WordTokens:
    """A tokenizer for measuring: every word is one token, by a checksum of its letters."""

    words: dict[int, str] = field(default_factory=dict)

    def encode(self, text: str) -> list[int]:
        """Begin mark, then one number a word or placeholder."""
        ids = [BEGIN]
        for word in text.replace(PLACEHOLDER, f" {PLACEHOLDER} ").split():
            number = _FIRST_WORD + zlib.crc32(word.encode()) % 4000
            ids.append(PICTURE if word == PLACEHOLDER else number)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The numbers themselves: random weights speak no language."""
        return " ".join(str(number) for number in ids)


def network(layout: Layout) -> LlavaForConditionalGeneration:
    """Random weights by seed, frozen."""
    config = published(layout, text={"max_position_embeddings": 4096}, image_token_index=PICTURE)
    if config is None:
        config = LlavaConfig(
            vision_config=tower(layout.side),
            text_config=language(layout),
            image_token_index=PICTURE,
        )
    return drawn(LlavaForConditionalGeneration, config, layout=layout)


def language(layout: Layout) -> LlamaConfig:
    """A Llama of the layout's width."""
    # Fewer heads of the same 128 channels, as in the tower below of the same 64.
    heads = max(1, layout.width // 128)
    return LlamaConfig(
        hidden_size=layout.width,
        intermediate_size=layout.width * 43 // 16,  # 11008 / 4096
        num_hidden_layers=layout.layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        vocab_size=VOCABULARY,
        max_position_embeddings=4096,
    )


def tower(side: int) -> CLIPVisionConfig:
    """A narrow CLIP of as many layers as ViT-L has, for pictures of this side."""
    return CLIPVisionConfig(
        hidden_size=128,
        intermediate_size=512,
        num_hidden_layers=24,
        num_attention_heads=2,
        image_size=side,
        patch_size=14,
    )


def published(layout: Layout, *, text: Mapping[str, Any], **more: Any) -> Any:
    """The transformers configuration of the layout's architecture; None where it has none.

    Args:
        layout: Of a published checkpoint.
        text: What its language part has besides.
        **more: What the whole has besides.
    """
    if layout.architecture is None:
        return None
    settings = {name: one for name, one in layout.architecture.items() if name != "architectures"}
    settings |= {"text_config": {**settings["text_config"], **text}, **more}
    return AutoConfig.for_model(settings.pop("model_type"), **settings)


def drawn(kind: Callable[[Any], Drawn], config: Any, *, layout: Layout) -> Drawn:
    """A network of random weights by seed, frozen, made where it will compute."""
    place = layout.placement
    torch.manual_seed(layout.seed)
    with torch.device(place.device), _numbers_as(place.dtype):
        made = kind(config)
    nn.Module.eval(made).requires_grad_(requires_grad=False)
    silence(made)
    return made


def silence(made: PreTrainedModel) -> None:
    """Let an answer have the wanted length: no token ends it."""
    silent: Any = GenerationConfig
    made.generation_config = silent(pad_token_id=0, bos_token_id=BEGIN)


@contextmanager
def _numbers_as(dtype: torch.dtype) -> Iterator[None]:
    """Weights are made in this precision inside: a copy in float32 might not fit."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def processing(layout: Layout) -> Preprocessing:
    """Resize to the input, nothing cut off."""
    square = {"height": layout.side, "width": layout.side}
    saved = {"image_processor_type": "CLIPImageProcessor", "do_center_crop": False, "size": square}
    return Preprocessing.from_mapping(saved, where="the benchmark")


def speech(layout: Layout) -> Speech:
    """LLaVA-1.5's template on the measuring tokenizer."""
    card = Card(
        name="bench",
        family="llava",
        title="Random weights",
        template="{images}\nUSER: {question}\nASSISTANT:",
        suffix=" Answer the question using a single word or phrase.",
        layer=layout.layer,
        max_tokens=layout.answer,
    )
    tokens = WordTokens()
    return Speech(card, tokens.encode, tokens.decode, PLACEHOLDER, PICTURE, frozenset())


def engine(whole: LlavaForConditionalGeneration, layout: Layout) -> LlavaModel:
    """The network inside the engine."""
    return llava.assemble(
        whole,
        placement=layout.placement,
        processing=processing(layout),
        speech=speech(layout),
        weights_sha256="",
    )


def picture(layout: Layout) -> Frame:
    """Coarse and fine structure, in the shape that the layout says."""
    wide, high = layout.shown
    noise = np.random.default_rng(layout.seed)
    squares = noise.integers(0, 200, (-(-high // 40), -(-wide // 40), 3))
    coarse = np.kron(squares, np.ones((40, 40, 1)))[:high, :wide]
    fine = noise.integers(0, 56, (high, wide, 3))
    pixels = (coarse + fine).astype(np.uint8)
    return Frame(pixels, Provenance("random", "0" * 64, "PNG"))
