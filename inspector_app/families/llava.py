"""LLaVA: a picture tower, a projector, and a Llama-like language model.

Loads `LlavaForConditionalGeneration` checkpoints: LLaVA-1.5 and its kin, and the model
that comes with the program.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import LlavaForConditionalGeneration

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import ModelFacts, Passes
from inspector_app.domain.region import Region
from inspector_app.runtime import checkpoint, devices, probe
from inspector_app.runtime.album import Album
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.cards import read_card
from inspector_app.runtime.network import Network, Picture, quicken
from inspector_app.runtime.pictures import Preprocessing
from inspector_app.runtime.precision import bytes_of
from inspector_app.runtime.reading import CachedReading
from inspector_app.runtime.speech import Speech, speech_of
from inspector_app.runtime.trouble import is_out_of_memory

TITLE = "LLaVA"

ARCHITECTURES = ("LlavaForConditionalGeneration",)
TOWERS = ("clip_vision_model", "siglip_vision_model")
LANGUAGES = ("llama", "qwen2", "mistral")


@dataclass(frozen=True, slots=True, eq=False)
class LlavaEyes:
    """The picture tower and projector, with the processor's geometry.

    Attributes:
        whole: The checkpoint.
        processing: What is done to a picture before the tower.
        patch: Side of a patch in pixels.
        network: Counts the work.
        marks: Gives each picture its number.
    """

    whole: LlavaForConditionalGeneration
    processing: Preprocessing
    patch: int
    network: Network
    marks: Iterator[int]

    def pixels(self, views: Sequence[View]) -> Tensor:
        """(views, 3, h, w): what the vision tower takes."""
        stacked = torch.from_numpy(np.stack([self.processing.pixels(view) for view in views]))
        place = self.network.placement
        return stacked.to(place.device, place.dtype)

    def features(self, pixels: Tensor) -> Tensor:
        """(views, tokens, width): what the language model takes; keeps the graph."""
        extra = {}
        if tuple(pixels.shape[2:]) != (_trained_side(self.whole.config),) * 2:
            extra["interpolate_pos_encoding"] = True
        seen = self.whole.get_image_features(pixel_values=pixels, return_dict=True, **extra)
        return torch.stack(list(seen.pooler_output))

    @torch.no_grad()
    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """The views, sent through the tower once, without a graph."""
        features = self.features(self.pixels(views))
        self.network.count(vision=len(views))
        wide, high = self.processing.input_size
        skip = features.shape[1] - (wide // self.patch) * (high // self.patch)
        if skip not in (0, 1):
            raise ModelTrouble(
                f"The vision tower made {features.shape[1]} tokens of {wide} x {high} pixels.",
                hint="The processor's files do not belong to this checkpoint.",
            )
        return tuple(Picture(picture, -next(self.marks), skip) for picture in features)

    def traced(self, view: View) -> tuple[Tensor, Picture]:
        """The view's pixels, and the picture that the tower makes of them, with the graph."""
        pixels = self.pixels([view]).requires_grad_()
        with torch.enable_grad():
            return pixels, Picture(self.features(pixels)[0], 0, 0)

    def grid(self, view: View) -> TokenGrid:
        """How the view's tokens lie over the Frame."""
        return self.processing.grid(view, patch=self.patch)

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the network's pixels lie over the Frame."""
        return self.processing.grid(view, patch=1)


@dataclass(frozen=True, slots=True, eq=False)
class LlavaModel:
    """A loaded checkpoint (see `domain.ports.VisionModel`)."""

    facts: ModelFacts
    eyes: LlavaEyes
    speech: Speech
    can_attend: bool = field(default=True, init=False)
    can_backpropagate: bool = field(default=True, init=False)
    has_logprobs: bool = field(default=True, init=False)

    @property
    def card(self) -> Card:
        """Its card."""
        return self.speech.card

    @property
    def layers(self) -> int:
        """Number of language-model layers."""
        return self.eyes.network.depth

    @property
    def default_layer(self) -> int:
        """The card's layer for maps."""
        return self.card.layer

    @property
    def input_side(self) -> int:
        """Longest side in pixels that the vision tower takes in one picture."""
        return max(self.eyes.processing.input_size)

    @property
    def passes(self) -> Passes:
        """All work done since loading."""
        return self.eyes.network.passes

    @property
    def context(self) -> int:
        """Most tokens that a prompt and its answer may have."""
        return self.eyes.network.context

    def prompt_tokens(self, question: str, *, pictures: int) -> int:
        """Tokens of the prompt with so many pictures, without reading any."""
        text = self.speech.text(question, pictures=1)
        # One of them stands for all tokens of a picture.
        return len(self.speech.encode(text)) - 1 + pictures * self.picture_tokens

    @property
    def picture_tokens(self) -> int:
        """Tokens that a picture takes in a prompt, whatever its size."""
        vision: Any = self.eyes.whole.config.vision_config
        wide, high = self.eyes.processing.input_size
        keeps_class = self.eyes.whole.config.vision_feature_select_strategy == "full"
        has_class = str(vision.model_type) == "clip_vision_model"
        patches = (wide // self.eyes.patch) * (high // self.eyes.patch)
        return patches + int(keeps_class and has_class)

    def memory_bytes(self, tokens: int) -> int:
        """Weights, and the keys, values and hidden states of a prompt of so many tokens."""
        text: Any = self.eyes.whole.config.text_config
        weights = bytes_of(self.eyes.whole.parameters())
        heads = int(text.num_attention_heads)
        shared = int(getattr(text, "num_key_value_heads", None) or heads)
        width = int(getattr(text, "head_dim", None) or text.hidden_size // heads)
        kept = 2 * int(text.num_hidden_layers) * shared * width
        # What one layer holds while it works: its input, output, and the two gates.
        passing = 4 * int(text.hidden_size) + 2 * int(text.intermediate_size)
        return weights + tokens * (kept + passing) * self.eyes.network.placement.dtype.itemsize

    def read(self, views: Sequence[View]) -> CachedReading:
        """Send the pictures through the vision tower, once.

        The prefix is filled by the first prompt, in the same forward as its question.
        """
        return self._read(views, eyes=self.eyes)

    def read_larger(self, view: View, *, side: int) -> CachedReading:
        """One picture at another resolution than the tower was trained with.

        All of the view is resized to a square of `side`, and the tower's position
        embeddings are interpolated: more tokens for the same picture, to compare zooming
        with at the same token budget.

        Raises:
            WrongUse: `side` is no multiple of the patch.
        """
        if side < self.eyes.patch or side % self.eyes.patch:
            raise WrongUse(
                f"A side of {side} pixels does not divide into patches.",
                hint=f"Choose a multiple of {self.eyes.patch}.",
            )
        stretched = replace(
            self.eyes.processing, size=(side, side), shortest=None, crop=None, pad=False
        )
        return self._read([view], eyes=replace(self.eyes, processing=stretched))

    def _read(self, views: Sequence[View], *, eyes: LlavaEyes) -> CachedReading:
        if not views:
            raise ValueError("at least one view")
        album = Album()
        with eyes.network.working("read the picture"):
            pictures = album.pictures(views, see=eyes.seen)
        return CachedReading(
            network=eyes.network,
            eyes=eyes,
            speech=self.speech,
            views=tuple(views),
            pictures=pictures,
            cache=PromptCache(eyes.network.depth),
            album=album,
        )


def load(folder: Path, *, device: str, precision: str) -> LlavaModel:
    """Load the checkpoint in `folder` (with its `card.toml`).

    Args:
        folder: Config, tokenizer, processor, safetensors and card.
        device: "auto", "cpu", "cuda" or "cuda:N".
        precision: "auto", "float32", "bfloat16", "float16" or "int8".

    Raises:
        ModelTrouble: incomplete, damaged, refused, or of another family.
        OutOfMemory: the device has no room.
    """
    card = read_card(folder)
    place = devices.choose(device, precision)
    config = checkpoint.read_config(folder, architectures=ARCHITECTURES)
    _check_parts(config, folder=folder)
    processing = _processing(folder)
    files = checkpoint.weight_files(folder)
    with ThreadPoolExecutor(max_workers=1) as beside:
        hashed = beside.submit(checkpoint.sha256_of, files)
        whole = checkpoint.load_network(
            LlavaForConditionalGeneration,
            folder,
            placement=place,
            attention={"text_config": probe.install(), "vision_config": "sdpa"},
        )
    model = assemble(
        whole,
        placement=place,
        processing=processing,
        speech=speech_of(folder, card=card, whole=whole),
        weights_sha256=hashed.result(),
    )
    _glance(model, folder=folder)
    return model


def _glance(model: LlavaModel, *, folder: Path) -> None:
    """Send a black picture through the tower: what does not fit there is found now.

    Raises:
        ModelTrouble: the tower makes nothing that the language model could read.
        OutOfMemory: the device has no room.
    """
    side = model.input_side
    black = View(np.zeros((side, side, 3), np.uint8), Region(0, 0, side, side))
    text: Any = model.eyes.whole.config.text_config
    wanted = int(text.hidden_size)
    trouble: Exception | None = None
    with model.eyes.network.working("try the vision tower"), torch.no_grad():
        try:
            features = model.eyes.features(model.eyes.pixels([black]))
            if features.shape[-1] != wanted or not features.isfinite().all():
                trouble = ValueError("what it makes is not what the language model reads")
        except Exception as error:
            if is_out_of_memory(error):
                raise
            trouble = error
    if trouble is not None:
        raise ModelTrouble(
            f"The vision tower of the model in {folder} does not work ({type(trouble).__name__}).",
            hint="Its config.json is damaged: copy or download the whole checkpoint again.",
        ) from trouble


def assemble(
    whole: LlavaForConditionalGeneration,
    *,
    placement: devices.Placement,
    processing: Preprocessing,
    speech: Speech,
    weights_sha256: str,
) -> LlavaModel:
    """Put a model together from parts that are already in memory.

    Args:
        whole: Frozen, in evaluation mode, on the device; its attention is set here.
        placement: Where `whole` is.
        processing: Of pictures.
        speech: Card and tokenizer.
        weights_sha256: For the record.

    Raises:
        ModelTrouble: card, processor and checkpoint do not fit together.
    """
    whole.set_attn_implementation({"text_config": probe.install(), "vision_config": "sdpa"})
    network, card, side = _network(whole, placement), speech.card, _trained_side(whole.config)
    if not 0 <= card.layer < network.depth:
        raise ModelTrouble(
            f'The card of "{card.name}" names layer {card.layer}; '
            f"the model has layers 0 to {network.depth - 1}.",
            hint="Correct the layer in card.toml.",
        )
    if processing.input_size != (side, side):
        raise ModelTrouble(
            f'The processor of "{card.name}" makes pictures of {processing.input_size}, '
            f"but the vision tower takes {side} x {side}.",
            hint="Take the processor's file that came with the checkpoint.",
        )
    vision: Any = whole.config.vision_config
    return LlavaModel(
        facts=ModelFacts(
            card.name,
            card.family,
            placement.device_name,
            placement.dtype_name,
            weights_sha256,
        ),
        eyes=LlavaEyes(whole, processing, int(vision.patch_size), network, count(1)),
        speech=speech,
    )


def _check_parts(config: dict[str, Any], *, folder: Path) -> None:
    """Refuse towers and language models that were never tried.

    Raises:
        ModelTrouble: an unknown part, or attention that cannot be rolled back.
    """
    text, vision = config.get("text_config") or {}, config.get("vision_config") or {}
    for part, known in ((vision, TOWERS), (text, LANGUAGES)):
        kind = part.get("model_type", known[0])
        if kind not in known:
            raise ModelTrouble(
                f'The checkpoint in {folder} has a part of the kind "{kind}", '
                "which this family cannot load.",
                hint=f"It loads: {', '.join(known)}.",
            )
    if text.get("sliding_window") and text.get("use_sliding_window", True):
        raise ModelTrouble(
            f"The language model in {folder} sees only a sliding window of its prompt, "
            "which is not supported.",
            hint="Take a checkpoint with full attention.",
        )


def _processing(folder: Path) -> Preprocessing:
    """Read what the folder's processor does to pictures."""
    path = folder / "preprocessor_config.json"
    if path.is_file():
        return Preprocessing.from_mapping(checkpoint.read_json(path), where=str(path))
    path = folder / "processor_config.json"
    saved = checkpoint.read_json(path)
    return Preprocessing.from_mapping(saved.get("image_processor") or {}, where=str(path))


def _network(whole: LlavaForConditionalGeneration, place: devices.Placement) -> Network:
    text: Any = whole.config.text_config
    language: Any = whole.model.language_model
    probe.narrow(language.layers[-1])
    quicken(whole)
    return Network(
        language=whole.model.language_model,
        head=whole.lm_head,
        embed=whole.get_input_embeddings(),
        depth=int(text.num_hidden_layers),
        context=int(text.max_position_embeddings),
        placement=place,
    )


def _trained_side(config: Any) -> int:
    """Side in pixels of the pictures that the tower was trained with."""
    return int(config.vision_config.image_size)
