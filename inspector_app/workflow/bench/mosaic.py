"""A layout of LLaVA-NeXT of reduced width with random weights, to measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from transformers import LlavaNextConfig, LlavaNextForConditionalGeneration

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import View
from inspector_app.families import llava_next
from inspector_app.families.llava_next import Tiling
from inspector_app.runtime.local import LocalModel
from inspector_app.workflow.bench.network import (
    PICTURE,
    PLACEHOLDER,
    Layout,
    drawn,
    language,
    published,
    speech,
    tower,
)
from inspector_app.workflow.bench.plain import Plain

_PATCH = 14


@dataclass(frozen=True, slots=True)
class MosaicLayout(Layout):
    """Proportions of LLaVA-1.6-7B with fewer channels.

    Attributes:
        tile: Side of a tile in pixels; LLaVA-1.6 has 336.
    """

    by_shape: ClassVar[bool] = True

    tile: int = 168

    def __str__(self) -> str:
        return (
            f"llava_next, {self.layers} layers of width {self.width}, tiles of {self.tile} px, "
            f"map at layer {self.layer}, answers of {self.answer} tokens, "
            f"{self.precision} on {self.device}"
        )

    @property
    def shapes(self) -> list[list[int]]:
        """(height, width) of the canvases."""
        tiles = ((1, 2), (2, 1), (2, 2), (3, 1), (1, 3))
        return [[self.tile * high, self.tile * wide] for high, wide in tiles]

    @property
    def tiling(self) -> Tiling:
        """What is done to a picture."""
        saved = {
            "image_processor_type": "LlavaNextImageProcessor",
            "size": {"shortest_edge": self.tile},
            "crop_size": {"height": self.tile, "width": self.tile},
            "image_grid_pinpoints": self.shapes,
        }
        return Tiling.from_mapping(saved, patch=_PATCH, where="the benchmark")

    def model(self) -> LocalModel:
        """The network in the engine."""
        return llava_next.assemble(
            network(self),
            placement=self.placement,
            tiling=self.tiling,
            speech=speech(self),
            weights_sha256="",
        )

    def plain(self) -> Plain:
        """One of the same weights, as transformers makes it."""
        return PlainMosaic(network(self), self.tiling, speech(self), self.placement, 0)


class PlainMosaic(Plain):
    """A checkpoint used in the straightforward way, all tiles each time."""

    def grid(self, view: View) -> TokenGrid:
        """How the cells of a picture lie over the Frame."""
        grid: TokenGrid = self.processing.grid(view)
        return grid

    def cells(self, view: View) -> list[int]:
        """Which of a picture's tokens are cells: not the small whole, nor the ends of rows."""
        mosaic, tiling = self.processing.mosaic(view.size), self.processing
        before = (tiling.tile // tiling.patch) ** 2
        return [
            before + row * (mosaic.cols + 1) + col
            for row in range(mosaic.rows)
            for col in range(mosaic.cols)
        ]

    def _inputs(self, views: Sequence[View], question: str) -> dict[str, Tensor]:
        place, tiling = self.placement, self.processing
        text = self.speech.text(question, pictures=len(views))
        tiles = []
        for view in views:
            small, canvas = (torch.from_numpy(part)[None] for part in tiling.pixels(view))
            tiles.append(torch.cat([small, tiling.tiles(canvas)]))
            mosaic = tiling.mosaic(view.size)
            count = (tiling.tile // tiling.patch) ** 2 + mosaic.rows * (mosaic.cols + 1)
            text = text.replace(PLACEHOLDER, " <cell>" * count, 1)
        ids = torch.tensor([list(self.speech.encode(text.replace("<cell>", PLACEHOLDER)))])
        ids = ids.to(place.device)
        pixels = nn.utils.rnn.pad_sequence(tiles, batch_first=True)
        return {
            "pixel_values": pixels.to(place.device, place.dtype),
            "image_sizes": torch.tensor([view.size[::-1] for view in views], device=place.device),
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
        }


def network(layout: MosaicLayout) -> LlavaNextForConditionalGeneration:
    """Random weights by seed, frozen."""
    # The card cannot say "none", and where nothing is said a Mistral has a window that slides.
    config = published(layout, text={"sliding_window": None}, image_token_index=PICTURE)
    if config is None:
        config = LlavaNextConfig(
            vision_config=tower(layout.tile),
            text_config=language(layout),
            image_token_index=PICTURE,
            image_grid_pinpoints=layout.shapes,
        )
    return drawn(LlavaNextForConditionalGeneration, config, layout=layout)
