"""LLaVA: a picture tower, a projector, and a Llama-like language model.

Loads `LlavaForConditionalGeneration` checkpoints: LLaVA-1.5 and its kin, and the model
that comes with the program.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import LlavaForConditionalGeneration

from inspector_app.domain.card import Card
from inspector_app.domain.checkpoint import Tower
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.region import Region
from inspector_app.runtime import checkpoint, devices, local, onnx_tower
from inspector_app.runtime.cards import read_card
from inspector_app.runtime.local import LocalModel, OneSize
from inspector_app.runtime.network import Network, Picture
from inspector_app.runtime.onnx_tower import OnnxTower
from inspector_app.runtime.pictures import Preprocessing
from inspector_app.runtime.reading import CachedReading
from inspector_app.runtime.speech import Speech, speech_of
from inspector_app.runtime.tower_facts import made_of

TITLE = "LLaVA"

ARCHITECTURES = ("LlavaForConditionalGeneration",)
TOWERS = ("clip_vision_model", "siglip_vision_model")
LANGUAGES = ("llama", "qwen2", "mistral")


def picture_tokens(config: Any, *, card: Card) -> int:  # noqa: ARG001  every family's call
    """Tokens that a picture takes in a prompt, told from `config.json` alone."""
    vision = config.vision_config
    return int(vision.image_size // vision.patch_size) ** 2


@dataclass(frozen=True, slots=True, eq=False)
class LlavaEyes(OneSize):
    """The picture tower and projector, with the processor's geometry.

    Attributes:
        whole: The checkpoint.
        processing: What is done to a picture before the tower.
        patch: Side of a patch in pixels.
        network: Counts the work.
        marks: Gives each picture its number.
        quick: Runs the tower where no gradient is wanted; None for torch.
    """

    whole: LlavaForConditionalGeneration
    processing: Preprocessing
    patch: int
    network: Network
    marks: Iterator[int]
    quick: OnnxTower | None = None

    @property
    def picture_tokens(self) -> int:
        """Tokens that a picture takes in a prompt, whatever its size."""
        vision: Any = self.whole.config.vision_config
        wide, high = self.processing.input_size
        keeps_class = self.whole.config.vision_feature_select_strategy == "full"
        has_class = str(vision.model_type) == "clip_vision_model"
        return (wide // self.patch) * (high // self.patch) + int(keeps_class and has_class)

    def features(self, pixels: Tensor) -> Tensor:
        """(views, tokens, width): what the language model takes; keeps the graph."""
        extra = {}
        if tuple(pixels.shape[2:]) != (_trained_side(self.whole.config),) * 2:
            extra["interpolate_pos_encoding"] = True
        seen = self.whole.get_image_features(pixel_values=pixels, return_dict=True, **extra)
        return torch.stack(list(seen.pooler_output))

    def quickest(self, pixels: Tensor) -> Tensor:
        """The same without a graph, by whatever runs the tower."""
        is_quick = self.quick is not None and self.quick.takes(pixels)
        return self.quick(pixels) if self.quick and is_quick else self.features(pixels)

    @torch.no_grad()
    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """The views, sent through the tower once, without a graph."""
        features = self.network.see(self.quickest, self.pixels(views))
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


@dataclass(frozen=True, slots=True, eq=False)
class LlavaModel(LocalModel):
    """A loaded checkpoint (see `domain.ports.VisionModel`)."""

    @property
    def cell_side(self) -> int:
        """Side in network pixels of what becomes a token."""
        assert isinstance(self.eyes, LlavaEyes)
        return self.eyes.patch

    def read_larger(self, view: View, *, side: int) -> CachedReading:
        """One picture at another resolution than the tower was trained with.

        All of the view is resized to a square of `side`, and the tower's position
        embeddings are interpolated: more tokens for the same picture, to compare zooming
        with at the same token budget.

        Raises:
            WrongUse: `side` is no multiple of the patch.
        """
        eyes = self.eyes
        assert isinstance(eyes, LlavaEyes)
        if side < eyes.patch or side % eyes.patch:
            raise WrongUse(
                f"A side of {side} pixels does not divide into patches.",
                hint=f"Choose a multiple of {eyes.patch}.",
            )
        stretched = replace(eyes.processing, size=(side, side), shortest=None, crop=None, pad=False)
        return replace(self, eyes=replace(eyes, processing=stretched)).read([view])


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
    local.check_parts(config, towers=TOWERS, languages=LANGUAGES, folder=folder)
    saved, where = local.processor_of(folder)
    processing = Preprocessing.from_mapping(saved, where=where)
    whole, weights_sha256 = local.weights_of(LlavaForConditionalGeneration, folder, placement=place)
    model = assemble(
        whole,
        placement=place,
        processing=processing,
        speech=speech_of(folder, card=card, whole=whole),
        weights_sha256=weights_sha256,
    )
    _glance(model, folder=folder)
    return model


def with_tower(model: VisionModel, *, choice: str) -> VisionModel:
    """The same model with its vision tower run as chosen, where it was exported.

    Args:
        model: Whatever runs its tower; one of another kind stays as it is.
        choice: "auto" for the faster one, "torch" or "onnx".
    """
    if not isinstance(model, LlavaModel):
        return model
    eyes, facts = model.eyes, model.facts
    assert isinstance(eyes, LlavaEyes)
    place = eyes.network.placement
    if place.device.type != "cpu" or place.dtype is not torch.float32:
        return model
    folder = onnx_tower.place_of(facts.weights_sha256)
    side = max(eyes.processing.input_size)
    quick = onnx_tower.opened(folder, weights_sha256=facts.weights_sha256, side=side, choice=choice)
    by = "" if quick is None else f", vision by ONNX Runtime ({quick.provider})"
    told = replace(facts, device=place.device_name + by)
    return replace(model, eyes=replace(eyes, quick=quick), facts=told)


def export_tower(model: LlavaModel, *, folder: Path, tell: onnx_tower.Tell) -> Tower:
    """Export the tower of a model that runs in float32 on the CPU; see `onnx_tower.export`.

    Args:
        model: Its parts are read.
        folder: Of the checkpoint, put down with the tower.
        tell: Hears the stages.

    Raises:
        ModelTrouble, CannotWrite: see there.
    """
    eyes, weights = model.eyes, model.facts.weights_sha256
    assert isinstance(eyes, LlavaEyes)
    return onnx_tower.export(
        eyes.whole,
        eyes.features,
        side=max(eyes.processing.input_size),
        weights_sha256=weights,
        made_of=made_of(folder),
        tell=tell,
    )


def _glance(model: LlavaModel, *, folder: Path) -> None:
    """Send a black picture through the tower; see `local.glance`."""
    eyes, side = model.eyes, model.input_side
    assert isinstance(eyes, LlavaEyes)
    black = View(np.zeros((side, side, 3), np.uint8), Region(0, 0, side, side))
    text: Any = eyes.whole.config.text_config
    local.glance(
        eyes.network,
        look=lambda: eyes.features(eyes.pixels([black])),
        width=int(text.hidden_size),
        folder=folder,
    )


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
    network, card = local.network_of(whole, placement=placement), speech.card
    side = _trained_side(whole.config)
    facts = local.facts_of(
        card, placement=placement, weights_sha256=weights_sha256, depth=network.depth
    )
    if processing.input_size != (side, side):
        raise ModelTrouble(
            f'The processor of "{card.name}" makes pictures of {processing.input_size}, '
            f"but the vision tower takes {side} x {side}.",
            hint="Take the processor's file that came with the checkpoint.",
        )
    vision: Any = whole.config.vision_config
    eyes = LlavaEyes(whole, processing, int(vision.patch_size), network, count(1))
    return LlavaModel(facts, eyes, speech)


def _trained_side(config: Any) -> int:
    """Side in pixels of the pictures that the tower was trained with."""
    return int(config.vision_config.image_size)
