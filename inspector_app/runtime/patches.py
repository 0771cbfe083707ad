"""From a View to patches of its own number and shape, with the exact geometry.

Does what transformers' Qwen2-VL image processor does (on Pillow): all of the picture is
resized to about its own size and shape, to whole cells of merged patches, so that large
pictures get more tokens than small ones; nothing is cut off and nothing is added.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import View
from inspector_app.runtime.pictures import CLIP_MEAN, CLIP_STD, Size, normalising, resized, scaled
from inspector_app.runtime.processors import given, understood, unknown_processor

# What the processor does where its file is silent.
_SILENT: dict[str, Any] = {
    "patch_size": 14,
    "merge_size": 2,
    "temporal_patch_size": 2,
    "resample": 3,
    "image_mean": CLIP_MEAN,
    "image_std": CLIP_STD,
}
_LEAST, _MOST = 56 * 56, 28 * 28 * 1280
KIND = "Qwen2VLImageProcessor"
# How much longer than wide the processor takes a picture to be.
LONGEST_SHAPE = 200


@dataclass(frozen=True, slots=True)
class Patching:
    """What a checkpoint's processor does to a picture.

    Attributes:
        patch: Side of a patch in pixels.
        merge: Patches along the side of a cell; a cell is one token.
        frames: How often a still picture is repeated, for towers that take films.
        least: Fewest pixels that the network gets of a picture.
        most: Most pixels; both may be missed by the rounding to cells.
        resample: Pillow's number of the filter.
        scale: Multiplies the pixels (usually 1 / 255).
        mean: Per channel, subtracted after scaling.
        std: Per channel, divides after that.
    """

    patch: int
    merge: int
    frames: int
    least: int
    most: int
    resample: int
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def from_mapping(cls, saved: Mapping[str, Any], *, where: str) -> "Patching":
        """Read a processor's JSON.

        Raises:
            ModelTrouble: an unknown processor, or values that make no sense.
        """
        kind = str(saved.get("image_processor_type", ""))
        if kind.removesuffix("Fast").removesuffix("Pil") != KIND:
            raise unknown_processor(kind, where=where, hint=f"Known is: {KIND}.")
        with understood(where):
            return cls._read({**_SILENT, **given(saved)})

    @classmethod
    def _read(cls, saved: Mapping[str, Any]) -> "Patching":
        if not saved.get("do_resize", True):
            raise ValueError("it does not resize")
        size = saved.get("size") or {}
        # The two names without `size` are those of older files.
        least = saved.get("min_pixels", size.get("shortest_edge", _LEAST))
        most = saved.get("max_pixels", size.get("longest_edge", _MOST))
        names = ("patch_size", "merge_size", "temporal_patch_size")
        patch, merge, frames = (int(saved[name]) for name in names)
        if min(patch, merge, frames, int(least), int(most)) < 1 or int(least) > int(most):
            raise ValueError("its sizes make no sense")
        scale, mean, std = normalising(saved)
        resample = Image.Resampling(int(saved["resample"]))
        return cls(patch, merge, frames, int(least), int(most), int(resample), scale, mean, std)

    def limited(self, *, least: int, most: int) -> "Patching":
        """The same with at least and at most so many pixels, and no fewer than a cell has.

        What the processor allows is not left: `most` is only ever lowered, `least` raised.
        """
        most = max(self.cell**2, min(self.most, most))
        return replace(self, most=most, least=min(max(self.least, least), most))

    @property
    def cell(self) -> int:
        """Side in pixels of what becomes one token."""
        return self.patch * self.merge

    def input_size(self, size: Size) -> Size:
        """(width, height) that the network gets of a picture of (width, height).

        Raises:
            WrongUse: the picture is too thin a strip for the processor.
        """
        width, height = size
        if max(size) > LONGEST_SHAPE * min(size):
            raise WrongUse(
                f"A picture of {width} x {height} pixels is too thin a strip for this model, which "
                f"takes pictures up to {LONGEST_SHAPE} times as long as wide.",
                hint="Draw a region in it, or choose another model.",
            )
        cell = self.cell
        wide, high = round(width / cell) * cell, round(height / cell) * cell
        if wide * high > self.most:
            shrink = math.sqrt(width * height / self.most)
            wide = max(cell, math.floor(width / shrink / cell) * cell)
            high = max(cell, math.floor(height / shrink / cell) * cell)
        elif wide * high < self.least:
            stretch = math.sqrt(self.least / (width * height))
            wide = math.ceil(width * stretch / cell) * cell
            high = math.ceil(height * stretch / cell) * cell
        return wide, high

    def shape(self, size: Size) -> tuple[int, int]:
        """(rows, cols) of the tokens of a picture of (width, height)."""
        wide, high = self.input_size(size)
        return high // self.cell, wide // self.cell

    def pixels(self, view: View) -> NDArray[np.float32]:
        """(3, h, w) before it is cut into patches."""
        size = self.input_size(view.size)
        levels = resized(view.pixels, size=size, resample=self.resample)
        return scaled(levels, scale=self.scale, mean=self.mean, std=self.std)

    def patches(self, pixels: Tensor) -> Tensor:
        """(patches, 3 * frames * patch * patch) of (1, 3, h, w); keeps the graph.

        The patches of a cell follow each other, cells run row by row.
        """
        high, wide = pixels.shape[2:]
        rows, cols, merge, patch = high // self.cell, wide // self.cell, self.merge, self.patch
        parts = pixels.reshape(3, rows, merge, patch, cols, merge, patch)
        # To rows, cols, merge, merge, 3, patch, patch.
        parts = parts.permute(1, 4, 2, 5, 0, 3, 6)
        repeated = parts[:, :, :, :, :, None].expand(*parts.shape[:5], self.frames, patch, patch)
        return repeated.reshape(rows * cols * merge**2, 3 * self.frames * patch**2)

    def thw(self, pixels: Tensor) -> Tensor:
        """(1, 3): frames, rows and columns of patches of (1, 3, h, w)."""
        high, wide = pixels.shape[2:]
        return torch.tensor([[1, high // self.patch, wide // self.patch]], device=pixels.device)

    def grid(self, view: View) -> TokenGrid:
        """How the tokens lie over the Frame."""
        return _over(view, *self.shape(view.size))

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the network's pixels lie over the Frame."""
        wide, high = self.input_size(view.size)
        return _over(view, high, wide)


def _over(view: View, rows: int, cols: int) -> TokenGrid:
    """So many cells over all of the view."""
    box = view.region
    return TokenGrid(rows, cols, box.x0, box.y0, box.x1, box.y1)
