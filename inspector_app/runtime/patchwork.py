"""What families have in common whose towers take as many patches as a picture needs.

Their language models count the positions of picture tokens in rows and columns.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import isqrt, prod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.region import Region
from inspector_app.runtime import checkpoint, devices, local
from inspector_app.runtime.cards import read_card
from inspector_app.runtime.local import LocalModel
from inspector_app.runtime.network import Network, Picture
from inspector_app.runtime.patches import Patching
from inspector_app.runtime.reading import CachedReading
from inspector_app.runtime.speech import Speech, speech_of

# Pixels of a picture where the card does not say, as Qwen recommends them. Checkpoints allow
# twelve times as many, which costs as much more and finds places worse; and they leave small
# pictures small, so that an enlarged part would not be enlarged at all.
LEAST_PIXELS, MOST_PIXELS = 28 * 28 * 256, 28 * 28 * 1280
# How the channels of a head are shared among time, row and column where the config is silent.
_SHARES = (16, 24, 24)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is particular to a family.

    Attributes:
        whole: The checkpoint's class.
        text: What its language model is called in `config.json`.
        levels: Given the config, how many of the first layers get features of their own.
    """

    whole: type[PreTrainedModel]
    text: str
    levels: Callable[[Any], int]


def picture_tokens(config: Any, *, card: Card) -> int:
    """Most tokens that a picture takes in a prompt, told from `config.json` and card alone.

    Raises:
        ModelTrouble: the card's limit is no number of pixels.
    """
    vision = config.vision_config
    cell = int(vision.patch_size) * int(vision.spatial_merge_size)
    return _pixels(card, "max_pixels", usual=MOST_PIXELS) // cell**2


@dataclass(frozen=True, slots=True, eq=False)
class PatchworkEyes:
    """The picture tower, with the processor's geometry.

    Attributes:
        whole: The checkpoint.
        patching: What is done to a picture before the tower.
        network: Counts the work.
        marks: Gives each picture its number.
    """

    whole: PreTrainedModel
    patching: Patching
    network: Network
    marks: Iterator[int]

    @property
    def keeps_shape(self) -> bool:
        """It does: a picture has as many tokens as pixels."""
        return True

    @property
    def input_side(self) -> int:
        """Side in pixels of the largest square that it takes in."""
        return isqrt(self.patching.most)

    @property
    def picture_tokens(self) -> int:
        """Most tokens that a picture takes in a prompt, but for thin strips."""
        return self.patching.most // self.patching.cell**2

    def pixels(self, view: View) -> Tensor:
        """(1, 3, h, w): what is cut into patches."""
        place = self.network.placement
        return torch.from_numpy(self.patching.pixels(view))[None].to(place.device, place.dtype)

    def picture(self, pixels: Tensor, *, mark: int) -> Picture:
        """What the language model takes of (1, 3, h, w); keeps the graph."""
        whole: Any = self.whole
        thw = self.patching.thw(pixels)
        made = whole.get_image_features(
            pixel_values=self.patching.patches(pixels), image_grid_thw=thw, return_dict=True
        )
        # One entry a picture, and one of each level that goes to the layers.
        (features,) = made.pooler_output
        levels = [level[0] for level in getattr(made, "deepstack_features", None) or ()]
        rows, cols = (int(side) // self.patching.merge for side in thw[0, 1:])
        deep = torch.stack(levels) if levels else None
        return Picture(features, mark, 0, (rows, cols), deep)

    @torch.no_grad()
    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """The views, sent through the tower once each, without a graph."""
        pixels = [self.pixels(view) for view in views]
        with self.network.working("read the picture", alone=True):
            pictures = tuple(self.picture(one, mark=-next(self.marks)) for one in pixels)
        self.network.count(vision=len(views))
        return pictures

    def traced(self, view: View) -> tuple[Tensor, Picture]:
        """The view's pixels, and the picture that the tower makes of them, with the graph."""
        pixels = self.pixels(view).requires_grad_()
        with torch.enable_grad():
            return pixels, self.picture(pixels, mark=0)

    def grid(self, view: View) -> TokenGrid:
        """How the view's tokens lie over the Frame."""
        return self.patching.grid(view)

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the network's pixels lie over the Frame."""
        return self.patching.pixel_grid(view)


@dataclass(frozen=True, slots=True, eq=False)
class PatchworkModel(LocalModel):
    """A loaded checkpoint (see `domain.ports.VisionModel`)."""

    @property
    def cell_side(self) -> int:
        """Side in network pixels of what becomes a token."""
        assert isinstance(self.eyes, PatchworkEyes)
        return self.eyes.patching.cell

    def read_larger(self, view: View, *, side: int) -> CachedReading:
        """One picture of as many pixels as a square of `side` has or few less, in its own shape.

        More tokens for the same picture, to compare zooming with at the same token budget.

        Raises:
            WrongUse: `side` is smaller than a cell.
        """
        eyes = self.eyes
        assert isinstance(eyes, PatchworkEyes)
        if side < eyes.patching.cell:
            raise WrongUse(
                f"A side of {side} pixels makes no token.",
                hint=f"Choose at least {eyes.patching.cell}.",
            )
        # Small pictures are rounded up to whole cells: then a little less is asked for.
        tried = (
            replace(eyes.patching, least=less**2, most=less**2)
            for less in range(side, 0, -max(1, eyes.patching.cell // 8))
        )
        fits = (one for one in tried if prod(one.input_size(view.size)) <= side**2)
        patching = next(fits, replace(eyes.patching, least=1, most=1))
        return replace(self, eyes=replace(eyes, patching=patching)).read([view])


def load(kind: Kind, folder: Path, *, device: str, precision: str) -> PatchworkModel:
    """Load the checkpoint in `folder` (with its `card.toml`).

    Args:
        kind: The family.
        folder: Config, tokenizer, processor, safetensors and card.
        device: "auto", "cpu", "cuda" or "cuda:N".
        precision: "auto", "float32", "bfloat16", "float16" or "int8".

    Raises:
        ModelTrouble: incomplete, damaged, refused, or of another family.
        OutOfMemory: the device has no room.
    """
    card = read_card(folder)
    place = devices.choose(device, precision)
    config = checkpoint.read_config(folder, architectures=(kind.whole.__name__,))
    _check_text(config, kind=kind, folder=folder)
    saved, where = local.processor_of(folder)
    patching = Patching.from_mapping(saved, where=where).limited(
        least=_pixels(card, "min_pixels", usual=LEAST_PIXELS),
        most=_pixels(card, "max_pixels", usual=MOST_PIXELS),
    )
    whole, weights_sha256 = local.weights_of(kind.whole, folder, placement=place)
    named: Any = whole.config
    marks = (int(named.vision_start_token_id), int(named.vision_end_token_id))
    model = assemble(
        kind,
        whole,
        placement=place,
        patching=patching,
        speech=speech_of(folder, card=card, whole=whole, marks=marks),
        weights_sha256=weights_sha256,
    )
    _glance(model, folder=folder)
    return model


def assemble(
    kind: Kind,
    whole: PreTrainedModel,
    *,
    placement: devices.Placement,
    patching: Patching,
    speech: Speech,
    weights_sha256: str,
) -> PatchworkModel:
    """Put a model together from parts that are already in memory.

    Args:
        kind: The family.
        whole: Frozen, in evaluation mode, on the device; its attention is set here.
        placement: Where `whole` is.
        patching: Of pictures.
        speech: Card and tokenizer.
        weights_sha256: For the record.

    Raises:
        ModelTrouble: card, processor and checkpoint do not fit together.
    """
    config: Any = whole.config
    vision = config.vision_config
    wanted = (vision.patch_size, vision.spatial_merge_size, vision.temporal_patch_size)
    if wanted != (patching.patch, patching.merge, patching.frames):
        raise ModelTrouble(
            f'The processor of "{speech.card.name}" makes cells of {patching.merge} x '
            f"{patching.merge} patches of {patching.patch} pixels, but the vision tower takes "
            f"{wanted[1]} x {wanted[1]} of {wanted[0]}.",
            hint="Take the processor's file that came with the checkpoint.",
        )
    _check_turns(config.text_config, name=speech.card.name)
    network = local.network_of(whole, placement=placement, levels=kind.levels(config))
    facts = local.facts_of(
        speech.card, placement=placement, weights_sha256=weights_sha256, depth=network.depth
    )
    return PatchworkModel(facts, PatchworkEyes(whole, patching, network, count(1)), speech)


def _check_text(config: Mapping[str, Any], *, kind: Kind, folder: Path) -> None:
    """Refuse language models that were never tried. Old files have their entries at the top.

    Raises:
        ModelTrouble: an unknown part, or attention that cannot be rolled back.
    """
    given = config.get("text_config")
    text: Mapping[str, Any] = given if isinstance(given, dict) else config
    found = text.get("model_type", kind.text)
    if text is not config and found != kind.text:
        raise ModelTrouble(
            f'The checkpoint in {folder} has a part of the kind "{found}", '
            "which this family cannot load.",
            hint=f"It loads: {kind.text}.",
        )
    local.refuse_sliding(text, where=f"in {folder}")


def _check_turns(text: Any, *, name: str) -> None:
    """See whether time, row and column share each head's channels among them.

    Raises:
        ModelTrouble: they leave some over, or want more than there are.
    """
    width = int(getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads)
    shares = text.rope_parameters.get("mrope_section") or _SHARES
    if 2 * sum(shares) != width:
        raise ModelTrouble(
            f'The config of "{name}" shares {2 * sum(shares)} channels among the axes of '
            f"positions, but its heads have {width}.",
            hint="Its config.json is damaged: copy or download the whole checkpoint again.",
        )


def _pixels(card: Card, entry: str, *, usual: int) -> int:
    """One of the card's limits.

    Raises:
        ModelTrouble: it is no number of pixels.
    """
    view = (card.facts or {}).get("view", {})
    pixels = view.get(entry, usual) if isinstance(view, Mapping) else None
    if not isinstance(pixels, int) or isinstance(pixels, bool) or pixels < 1:
        raise ModelTrouble(
            f'The entry view.{entry} on the card of "{card.name}" is no number of pixels.',
            hint=f"Write a whole number, such as {usual}.",
        )
    return pixels


def _glance(model: LocalModel, *, folder: Path) -> None:
    """Send a small black picture through the tower; see `local.glance`."""
    eyes = model.eyes
    assert isinstance(eyes, PatchworkEyes)
    side = 4 * eyes.patching.cell
    black = View(np.zeros((side, side, 3), np.uint8), Region(0, 0, side, side))

    def look() -> Tensor:
        picture = eyes.picture(eyes.pixels(black), mark=0)
        levels = () if picture.deep is None else tuple(picture.deep)
        return torch.cat([picture.features, *levels])

    config: Any = eyes.whole.config
    local.glance(eyes.network, look=look, width=int(config.text_config.hidden_size), folder=folder)
