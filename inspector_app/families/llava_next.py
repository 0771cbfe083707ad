"""LLaVA-NeXT (1.6): the whole picture small, and then once more in tiles.

The picture is resized to the best of a few shapes, padded to it, and cut into tiles of the
tower's side. What the tower makes of the tiles is put together again to rows of patches, and
those that lie in the padding alone are taken out. The patches of this mosaic are the cells of
the map: they lie over the Frame exactly. What is said about the small whole is not drawn.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from transformers import LlavaNextForConditionalGeneration
from transformers.image_processing_utils import select_best_resolution

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.region import Region
from inspector_app.runtime import checkpoint, devices, local
from inspector_app.runtime.cards import read_card
from inspector_app.runtime.local import LocalModel
from inspector_app.runtime.network import Network, Picture
from inspector_app.runtime.pictures import CLIP_MEAN, CLIP_STD, Size, normalising, resized, scaled
from inspector_app.runtime.processors import given, understood, unknown_processor
from inspector_app.runtime.speech import Speech, speech_of

TITLE = "LLaVA-NeXT"

ARCHITECTURES = ("LlavaNextForConditionalGeneration",)
TOWERS = ("clip_vision_model",)
LANGUAGES = ("llama", "mistral", "qwen2")
# What the processor does where its file is silent.
_SILENT: dict[str, Any] = {
    "resample": 3,
    "size": {"shortest_edge": 224},
    "crop_size": {"height": 224, "width": 224},
    "image_mean": CLIP_MEAN,
    "image_std": CLIP_STD,
    "image_grid_pinpoints": [[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]],
}


def picture_tokens(config: Any, *, card: Card) -> int:  # noqa: ARG001  every family's call
    """Most tokens that a picture takes in a prompt, told from `config.json` alone."""
    vision = config.vision_config
    return _most_tokens(
        tile=vision.image_size, patch=vision.patch_size, shapes=config.image_grid_pinpoints
    )


def _most_tokens(*, tile: int, patch: int, shapes: Sequence[Sequence[int]]) -> int:
    """Of the small whole and the largest mosaic, each of whose rows has a mark at its end."""
    mosaics = ((high // patch) * (wide // patch + 1) for high, wide in shapes)
    return (tile // patch) ** 2 + max(mosaics)


@dataclass(frozen=True, slots=True)
class Mosaic:
    """How one picture is laid out on its canvas.

    Attributes:
        size: (width, height) of the picture, resized.
        canvas: (width, height) that it is padded to; whole tiles.
        margin: (left, top) pixels of padding.
        cells: (left, top, right, bottom) the half-open box of patches that are kept.
    """

    size: Size
    canvas: Size
    margin: Size
    cells: tuple[int, int, int, int]

    @property
    def rows(self) -> int:
        """Rows of cells."""
        return self.cells[3] - self.cells[1]

    @property
    def cols(self) -> int:
        """Columns of cells."""
        return self.cells[2] - self.cells[0]


@dataclass(frozen=True, slots=True)
class Tiling:
    """What a checkpoint's processor does to a picture.

    Attributes:
        tile: Side of a tile in pixels.
        patch: Side of a patch; a patch of the mosaic is a cell.
        shapes: (height, width) of every canvas there is.
        resample: Pillow's number of the filter.
        scale: Multiplies the pixels (usually 1 / 255).
        mean: Per channel, subtracted after scaling.
        std: Per channel, divides after that.
    """

    tile: int
    patch: int
    shapes: tuple[tuple[int, int], ...]
    resample: int
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def from_mapping(cls, saved: Mapping[str, Any], *, patch: int, where: str) -> "Tiling":
        """Read a processor's JSON.

        Raises:
            ModelTrouble: an unknown processor, or values that make no sense.
        """
        kind = str(saved.get("image_processor_type", ""))
        if kind.removesuffix("Fast").removesuffix("Pil") != "LlavaNextImageProcessor":
            raise unknown_processor(kind, where=where, hint="Known is: LlavaNextImageProcessor.")
        with understood(where):
            return cls._read({**_SILENT, **given(saved)}, patch=patch)

    @classmethod
    def _read(cls, saved: Mapping[str, Any], *, patch: int) -> "Tiling":
        tile, small = int(saved["crop_size"]["height"]), saved["size"]
        sides = {small.get(name, tile) for name in ("shortest_edge", "height", "width")}
        if not saved.get("do_resize", True) or sides | {saved["crop_size"]["width"]} != {tile}:
            raise ValueError("its tiles are no squares of one size")
        shapes = tuple((int(high), int(wide)) for high, wide in saved["image_grid_pinpoints"])
        if patch < 1 or tile < 1 or tile % patch or not shapes:
            raise ValueError("its sizes make no sense")
        if any(side < tile or side % tile for shape in shapes for side in shape):
            raise ValueError("its shapes are no whole tiles")
        scale, mean, std = normalising(saved)
        resample = Image.Resampling(int(saved["resample"]))
        return cls(tile, patch, shapes, int(resample), scale, mean, std)

    def mosaic(self, size: Size) -> Mosaic:
        """How a picture of (width, height) is laid out.

        Raises:
            WrongUse: so thin a strip that none of its patches would be left.
        """
        width, height = size
        high, wide = select_best_resolution((height, width), list(self.shapes))
        across, down = wide / width, high / height
        fits = (
            (wide, min(math.ceil(height * across), high))
            if across < down
            else (min(math.ceil(width * down), wide), high)
        )
        # Patches are taken out as `unpad_image` of transformers does.
        cols, rows = wide // self.patch, high // self.patch
        left = top = 0
        if width / height > cols / rows:
            top = (rows - int(round(height * (cols / width), 7))) // 2
        else:
            left = (cols - int(round(width * (rows / height), 7))) // 2
        if 2 * top >= rows or 2 * left >= cols:
            raise WrongUse(
                f"A picture of {width} x {height} pixels is too thin a strip for this model.",
                hint="Draw a region in it, or choose another model.",
            )
        margin = (wide - fits[0]) // 2, (high - fits[1]) // 2
        return Mosaic(fits, (wide, high), margin, (left, top, cols - left, rows - top))

    def pixels(self, view: View) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The whole, (3, tile, tile), and the padded canvas, (3, h, w)."""
        mosaic = self.mosaic(view.size)
        (left, top), (wide, high) = mosaic.margin, mosaic.canvas
        canvas = np.zeros((3, high, wide), np.uint8)
        shown = self._resized(view, size=mosaic.size)
        canvas[:, top : top + shown.shape[1], left : left + shown.shape[2]] = shown
        small = self._resized(view, size=(self.tile, self.tile))
        return self._scaled(small), self._scaled(canvas)

    def _resized(self, view: View, *, size: Size) -> NDArray[np.uint8]:
        return resized(view.pixels, size=size, resample=self.resample)

    def _scaled(self, levels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return scaled(levels, scale=self.scale, mean=self.mean, std=self.std)

    def tiles(self, canvas: Tensor) -> Tensor:
        """(tiles, 3, tile, tile) of (1, 3, h, w), row by row; keeps the graph."""
        high, wide = canvas.shape[2:]
        rows, cols, tile = high // self.tile, wide // self.tile, self.tile
        parts = canvas.reshape(3, rows, tile, cols, tile).permute(1, 3, 0, 2, 4)
        return parts.reshape(rows * cols, 3, tile, tile)

    def grid(self, view: View) -> TokenGrid:
        """How the cells of the mosaic lie over the Frame."""
        mosaic = self.mosaic(view.size)
        box = (side * self.patch for side in mosaic.cells)
        return _over(view, mosaic, tuple(box), rows=mosaic.rows, cols=mosaic.cols)

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the pixels of the canvas lie over the Frame."""
        mosaic = self.mosaic(view.size)
        wide, high = mosaic.canvas
        return _over(view, mosaic, (0, 0, wide, high), rows=high, cols=wide)


def _over(view: View, mosaic: Mosaic, box: Sequence[int], *, rows: int, cols: int) -> TokenGrid:
    """A grid over the box (x0, y0, x1, y1) of the canvas."""
    across, down = view.region.width / mosaic.size[0], view.region.height / mosaic.size[1]
    left, top = mosaic.margin
    x0, y0, x1, y1 = box
    return TokenGrid(
        rows,
        cols,
        view.region.x0 + (x0 - left) * across,
        view.region.y0 + (y0 - top) * down,
        view.region.x0 + (x1 - left) * across,
        view.region.y0 + (y1 - top) * down,
    )


@dataclass(frozen=True, slots=True, eq=False)
class LlavaNextEyes:
    """The picture tower and projector, with the processor's geometry.

    Attributes:
        whole: The checkpoint.
        tiling: What is done to a picture before the tower.
        network: Counts the work.
        marks: Gives each picture its number.
    """

    whole: LlavaNextForConditionalGeneration
    tiling: Tiling
    network: Network
    marks: Iterator[int]

    @property
    def keeps_shape(self) -> bool:
        """It does: canvases have many shapes."""
        return True

    @property
    def input_side(self) -> int:
        """Side in pixels of the largest square that it takes in."""
        return max(min(shape) for shape in self.tiling.shapes)

    @property
    def picture_tokens(self) -> int:
        """Most tokens that a picture takes in a prompt."""
        tiling = self.tiling
        return _most_tokens(tile=tiling.tile, patch=tiling.patch, shapes=tiling.shapes)

    def pixels(self, view: View) -> tuple[Tensor, Tensor]:
        """The whole (1, 3, tile, tile), and the canvas (1, 3, h, w)."""
        place = self.network.placement
        small, canvas = (torch.from_numpy(part)[None] for part in self.tiling.pixels(view))
        return small.to(place.device, place.dtype), canvas.to(place.device, place.dtype)

    def picture(self, view: View, *, small: Tensor, canvas: Tensor, mark: int) -> Picture:
        """What the language model takes of whole and canvas; keeps the graph."""
        width, height = view.size
        made = self.whole.get_image_features(
            pixel_values=torch.cat([small, self.tiling.tiles(canvas)]),
            image_sizes=torch.tensor([[height, width]]),
            return_dict=True,
        )
        features: Tensor = made.pooler_output[0]
        mosaic = self.tiling.mosaic(view.size)
        before = len(features) - mosaic.rows * (mosaic.cols + 1)
        cells = (
            before + row * (mosaic.cols + 1) + col
            for row in range(mosaic.rows)
            for col in range(mosaic.cols)
        )
        return Picture(features, mark, 0, cells=tuple(cells))

    @torch.no_grad()
    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """The views, sent through the tower once each, without a graph."""
        pictures = []
        for view in views:
            small, canvas = self.pixels(view)
            mark = -next(self.marks)
            with self.network.working("read the picture", alone=True):
                pictures.append(self.picture(view, small=small, canvas=canvas, mark=mark))
        self.network.count(vision=len(views))
        return tuple(pictures)

    def traced(self, view: View) -> tuple[Tensor, Picture]:
        """The canvas, and the picture that the tower makes of it, with the graph.

        The small whole is made from the view apart, so no gradient goes through it.
        """
        small, canvas = self.pixels(view)
        canvas.requires_grad_()
        with torch.enable_grad():
            return canvas, self.picture(view, small=small, canvas=canvas, mark=0)

    def grid(self, view: View) -> TokenGrid:
        """How the view's cells lie over the Frame."""
        return self.tiling.grid(view)

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the canvas' pixels lie over the Frame."""
        return self.tiling.pixel_grid(view)


def load(folder: Path, *, device: str, precision: str) -> LocalModel:
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
    whole, weights_sha256 = local.weights_of(
        LlavaNextForConditionalGeneration, folder, placement=place
    )
    vision: Any = whole.config.vision_config
    tiling = Tiling.from_mapping(saved, patch=int(vision.patch_size), where=where)
    speech = speech_of(folder, card=card, whole=whole)
    model = assemble(
        whole, placement=place, tiling=tiling, speech=speech, weights_sha256=weights_sha256
    )
    _glance(model, folder=folder)
    return model


def assemble(
    whole: LlavaNextForConditionalGeneration,
    *,
    placement: devices.Placement,
    tiling: Tiling,
    speech: Speech,
    weights_sha256: str,
) -> LocalModel:
    """Put a model together from parts that are already in memory.

    Raises:
        ModelTrouble: card, processor and checkpoint do not fit together.
    """
    config, name = whole.config, speech.card.name
    vision: Any = config.vision_config
    shapes = tuple(tuple(shape) for shape in config.image_grid_pinpoints or ())
    if tiling.tile != vision.image_size or tiling.shapes != shapes:
        raise ModelTrouble(
            f'The processor of "{name}" makes other tiles than the vision tower takes, which are '
            f"of {vision.image_size} x {vision.image_size} pixels.",
            hint="Take the processor's file that came with the checkpoint.",
        )
    if config.vision_feature_select_strategy != "default":
        raise ModelTrouble(
            f'"{name}" keeps the class token of every tile, which is not supported.',
            hint='Take a checkpoint with vision_feature_select_strategy "default".',
        )
    network = local.network_of(whole, placement=placement)
    facts = local.facts_of(
        speech.card, placement=placement, weights_sha256=weights_sha256, depth=network.depth
    )
    return LocalModel(facts, LlavaNextEyes(whole, tiling, network, count(1)), speech)


def _glance(model: LocalModel, *, folder: Path) -> None:
    """Send a black picture through the tower; see `local.glance`."""
    eyes, side = model.eyes, model.input_side
    assert isinstance(eyes, LlavaNextEyes)
    black = View(np.zeros((side, side, 3), np.uint8), Region(0, 0, side, side))

    def look() -> Tensor:
        small, canvas = eyes.pixels(black)
        return eyes.picture(black, small=small, canvas=canvas, mark=0).features

    text: Any = eyes.whole.config.text_config
    local.glance(eyes.network, look=look, width=int(text.hidden_size), folder=folder)
