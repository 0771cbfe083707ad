"""From a View to the network's input, with the exact geometry.

Does what the checkpoint's own image processor does (transformers' CLIP, LLaVA and SigLIP
processors on Pillow), and keeps the box of the View that it really shows: a processor that
cuts the sides off sees less than the picture, one that pads sees more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import View
from inspector_app.runtime.processors import given, understood, unknown_processor

Box = tuple[float, float, float, float]
Size = tuple[int, int]

# Largest picture that is resized whole before its middle is cut out.
_MOST_PIXELS = 1 << 24

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
# What each kind of processor does where its file is silent.
_CLIP: dict[str, Any] = {
    "resample": 3,
    "size": {"shortest_edge": 224},
    "crop_size": {"height": 224, "width": 224},
    "do_center_crop": True,
    "image_mean": CLIP_MEAN,
    "image_std": CLIP_STD,
}
_SIGLIP: dict[str, Any] = {
    "resample": 3,
    "size": {"height": 224, "width": 224},
    "do_center_crop": False,
    "image_mean": (0.5, 0.5, 0.5),
    "image_std": (0.5, 0.5, 0.5),
}
_BLIP: dict[str, Any] = {
    "resample": 3,
    "size": {"height": 384, "width": 384},
    "do_center_crop": False,
    "image_mean": CLIP_MEAN,
    "image_std": CLIP_STD,
}
_KINDS = {
    "BlipImageProcessor": _BLIP,
    "CLIPImageProcessor": _CLIP,
    "CLIPFeatureExtractor": _CLIP,
    "LlavaImageProcessor": _CLIP,
    "SiglipImageProcessor": _SIGLIP,
}


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What a checkpoint's processor does to a picture.

    Attributes:
        size: (width, height) to resize to; both None where `shortest` is set.
        shortest: Resize so that the shorter side gets this length, keeping the shape.
        crop: (width, height) cut from the middle after resizing; None cuts nothing.
        pad: Widen to a square first, in the colour `background`.
        background: RGB, 0..255.
        resample: Pillow's number of the filter.
        scale: Multiplies the pixels (usually 1 / 255).
        mean: Per channel, subtracted after scaling.
        std: Per channel, divides after that.
    """

    size: Size | None
    shortest: int | None
    crop: Size | None
    pad: bool
    background: tuple[int, int, int]
    resample: int
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def from_mapping(cls, saved: Mapping[str, Any], *, where: str) -> "Preprocessing":
        """Read a processor's JSON.

        Raises:
            ModelTrouble: an unknown processor, or a combination that is not understood.
        """
        kind = str(saved.get("image_processor_type") or saved.get("feature_extractor_type", ""))
        base = kind.removesuffix("Fast").removesuffix("Pil")
        if base not in _KINDS:
            raise unknown_processor(
                kind, where=where, hint=f"Known are: {', '.join(sorted(_KINDS))}."
            )
        with understood(where):
            return cls._read({**_KINDS[base], **given(saved)}, pads=base.startswith("Llava"))

    @classmethod
    def _read(cls, saved: Mapping[str, Any], *, pads: bool) -> "Preprocessing":
        size, shortest = _target(saved["size"])
        crop = _width_height(saved["crop_size"]) if saved["do_center_crop"] else None
        if not saved.get("do_resize", True):
            raise ValueError("it does not resize")
        if saved.get("do_pad") and not pads:
            raise ValueError("it pads in an unknown way")
        reached = size or (shortest or 0, shortest or 0)
        if crop and (crop[0] > reached[0] or crop[1] > reached[1]):
            raise ValueError("it cuts out more than it resizes to")
        if crop is None and size is None and not saved.get("do_pad"):
            raise ValueError("its pictures have no fixed size")
        scale, mean, std = normalising(saved)
        red, green, blue = (int(value * 255) for value in saved["image_mean"])
        return cls(
            size=size,
            shortest=shortest,
            crop=crop,
            pad=bool(saved.get("do_pad")),
            background=(red, green, blue),
            resample=int(saved["resample"]),
            scale=scale,
            mean=mean,
            std=std,
        )

    @property
    def input_size(self) -> Size:
        """(width, height) that the network sees of every picture."""
        if self.crop:
            return self.crop
        return self.size or (self.shortest or 0, self.shortest or 0)

    def resized(self, size: Size) -> Size:
        """(width, height) after resizing a picture of `size`, before any cut."""
        if self.size:
            return self.size
        width, height = size
        short = self.shortest or 0
        # Truncated, as transformers and torchvision do.
        if width <= height:
            return short, int(short * height / width)
        return int(short * width / height), short

    def box(self, size: Size) -> Box:
        """What of a picture of (width, height) the network sees, in that picture's pixels."""
        left, top = self._margins(size)
        padded = (max(size), max(size)) if self.pad else size
        wide, high = self.resized(padded)
        cut_width, cut_height = self.crop or (wide, high)
        x, y = (wide - cut_width) // 2, (high - cut_height) // 2
        across, down = padded[0] / wide, padded[1] / high
        return (
            x * across - left,
            y * down - top,
            (x + cut_width) * across - left,
            (y + cut_height) * down - top,
        )

    def pixels(self, view: View) -> NDArray[np.float32]:
        """(3, h, w) as the network takes it."""
        # One colour at a time: Pillow holds four bytes for each pixel of a colour picture,
        # beside its own copy for padding, which 10,000 x 10,000 pixels make 800 MB.
        if view.pixels.strides[2] == 0 and not any(self._margins(view.size)):
            small = np.stack([self._small(view.pixels[:, :, 0], background=0)] * 3)
        else:
            bands = zip(np.moveaxis(view.pixels, 2, 0), self.background, strict=True)
            small = np.stack([self._small(band, background=level) for band, level in bands])
        return scaled(small, scale=self.scale, mean=self.mean, std=self.std)

    def _small(self, band: NDArray[np.uint8], *, background: int) -> NDArray[np.uint8]:
        """One colour (H, W) of a picture; padded, resized and cut."""
        size = (band.shape[1], band.shape[0])
        shown = Image.fromarray(np.ascontiguousarray(band))
        if any(margins := self._margins(size)):
            square = Image.new("L", (max(size),) * 2, background)
            square.paste(shown, margins)
            shown = square
        wide, high = self.resized(shown.size)
        width, height = self.input_size
        x, y = (wide - width) // 2, (high - height) // 2
        resample = Image.Resampling(self.resample)
        if wide * high <= _MOST_PIXELS:
            whole = shown.resize((wide, high), resample)
            return np.asarray(whole.crop((x, y, x + width, y + height)))
        # A strip of 20,000 x 10 px would be enlarged to hundreds of millions of pixels
        # before its middle is cut out. The same filter can make the middle alone, but
        # differs at its rim, so it is left to strips.
        across, down = shown.width / wide, shown.height / high
        middle = (x * across, y * down, (x + width) * across, (y + height) * down)
        return np.asarray(shown.resize((width, height), resample, box=middle))

    def grid(self, view: View, *, patch: int) -> TokenGrid:
        """How the network's patches of `patch` pixels lie over the Frame."""
        wide, high = self.input_size
        cols, rows = wide // patch, high // patch
        x0, y0, x1, y1 = self.box(view.size)
        # Where the input is no multiple of the patch, the tower leaves a rest unseen.
        x1 = x0 + (x1 - x0) * cols * patch / wide
        y1 = y0 + (y1 - y0) * rows * patch / high
        region, (width, height) = view.region, view.size
        across, down = region.width / width, region.height / height
        return TokenGrid(
            rows,
            cols,
            region.x0 + x0 * across,
            region.y0 + y0 * down,
            region.x0 + x1 * across,
            region.y0 + y1 * down,
        )

    def _margins(self, size: Size) -> tuple[int, int]:
        """(left, top) pixels added by padding to a square."""
        if not self.pad:
            return 0, 0
        side = max(size)
        return (side - size[0]) // 2, (side - size[1]) // 2


def resized(pixels: NDArray[np.uint8], *, size: Size, resample: int) -> NDArray[np.uint8]:
    """(3, h, w) of (H, W, 3), resized to (width, height) by Pillow's filter of that number.

    One colour at a time, or one for all three where they are one memory: Pillow holds four
    bytes for each pixel of a colour picture.
    """
    bands = np.moveaxis(pixels, 2, 0)[: 1 if pixels.strides[2] == 0 else 3]
    how = Image.Resampling(resample)
    small = [
        np.asarray(Image.fromarray(np.ascontiguousarray(band)).resize(size, how)) for band in bands
    ]
    return np.stack(small * (3 // len(small)))


def scaled(
    levels: NDArray[np.uint8], *, scale: float, mean: Sequence[float], std: Sequence[float]
) -> NDArray[np.float32]:
    """(3, h, w) as the network takes them, of as many levels; see `Preprocessing`."""
    values = (levels.astype(np.float64) * scale).astype(np.float32)
    middle, spread = np.asarray(mean, np.float32), np.asarray(std, np.float32)
    return np.ascontiguousarray((values - middle[:, None, None]) / spread[:, None, None])


def normalising(saved: Mapping[str, Any]) -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    """Scale, mean and deviation of a processor's JSON, its defaults filled in.

    Raises:
        ValueError: they are no usable numbers, or not of one or three channels.
    """
    normalise = saved.get("do_normalize", True)
    mean, std = (saved["image_mean"], saved["image_std"]) if normalise else ((0.0,), (1.0,))
    if len(mean) not in {1, 3} or len(std) not in {1, 3}:
        raise ValueError("its mean and deviation are not of three channels")
    if not (np.isfinite([*mean, *std]).all() and np.all(np.asarray(std, float) > 0)):
        raise ValueError("its mean or deviation is no usable number")
    scale = float(saved.get("rescale_factor", 1 / 255)) if saved.get("do_rescale", True) else 1.0
    return scale, tuple(float(value) for value in mean), tuple(float(value) for value in std)


def _target(size: Any) -> tuple[Size | None, int | None]:
    """(exact size, shortest side), one of them None. Old files have a bare number."""
    if isinstance(size, int):
        return None, size
    if "shortest_edge" in size and size.get("longest_edge"):
        raise ValueError("its size has two limits")
    if size.get("shortest_edge"):
        return None, int(size["shortest_edge"])
    return _width_height(size), None


def _width_height(size: Any) -> Size:
    if isinstance(size, int):
        return size, size
    return int(size["width"]), int(size["height"])
