"""What a crop strategy may ask about the open picture, answered by the model's readings.

Pictures up to 1,024 px are read whole, in the reading that also gives the answers. Larger
ones are cut into tiles, each read by itself, and the tiles' maps are joined over the frame.
Source: arXiv:2502.17422, high-resolution variant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.frame import Frame, View
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Reading, VisionModel
from inspector_app.domain.region import Region
from inspector_app.imaging.joining import frame_grid, join_maps
from inspector_app.imaging.tiling import tiles

Kind = Literal["attention", "gradient", "pixel_gradient"]
Key = tuple[Kind, str, int]


@dataclass(frozen=True, slots=True, eq=False)
class ModelLook:
    """A Look (see `domain/ports.py`) at one picture for one question.

    Attributes:
        frame: The picture.
        model: What looks.
        reading: The model's reading of the whole picture.
        neutral: The neutral question; while a tile is read, it is asked in passing.
        layer: Maps are read from this layer.
        tiled: Whether pictures above 1,024 px are looked at in tiles.
        known: Maps made so far; the neutral ones stay true for every later question.
        wanted: Questions whose maps were asked for, whether they were known or not.
    """

    frame: Frame
    model: VisionModel
    reading: Reading
    neutral: str
    layer: int
    tiled: bool = True
    known: dict[Key, AttentionMap] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)

    @property
    def can_attend(self) -> bool:
        """Whether `attention` works with this model."""
        return self.model.can_attend

    @property
    def can_backpropagate(self) -> bool:
        """Whether `gradient` and `pixel_gradient` work with this model."""
        return self.model.can_backpropagate

    @property
    def input_side(self) -> int:
        """Longest side in pixels that the vision tower takes in one picture."""
        return self.model.input_side

    @property
    def tiles(self) -> tuple[Region, ...]:
        """The parts of the frame that are read one by one; one where it is read whole."""
        return tiles(self.frame.size) if self.tiled else (self.frame.region,)

    def attention(self, question: str) -> Steps[AttentionMap]:
        """The last prompt token's mean row."""
        return (yield from self._map("attention", question))

    def gradient(self, question: str) -> Steps[AttentionMap]:
        """The gradient-weighted mean row."""
        return (yield from self._map("gradient", question))

    def pixel_gradient(self, question: str) -> Steps[AttentionMap]:
        """Gradient size per network pixel."""
        return (yield from self._map("pixel_gradient", question))

    def _map(self, kind: Kind, question: str) -> Steps[AttentionMap]:
        key = (kind, question, self.layer)
        self.wanted.add(question)
        if key not in self.known:
            if len(self.tiles) == 1:
                yield Step("look", 0, 1)
                self.known[key] = self._whole(kind, question)
            else:
                yield from self._in_tiles(kind, question)
        return self.known[key]

    def _whole(self, kind: Kind, question: str) -> AttentionMap:
        """From the reading that gave the answer; attention rows of it cost nothing more."""
        if kind == "pixel_gradient":
            values, grid = self.reading.pixel_gradient(question)
            return AttentionMap(_finite(values), grid, kind)
        if kind == "gradient":
            rows = self.reading.gradient(question, layer=self.layer)
            values = rows.mean_map(layer=self.layer)
            return AttentionMap(_finite(values), rows.grids[0], kind, layer=self.layer)
        rows = self.reading.attend(question, layers=range(self.model.layers))
        stack = np.stack([rows.mean_map(layer=layer) for layer in rows.layers])
        return AttentionMap(
            _finite(stack[rows.layers.index(self.layer)]),
            rows.grids[0],
            kind,
            layer=self.layer,
            layers=_finite(stack),
            layer_numbers=rows.layers,
        )

    def _in_tiles(self, kind: Kind, question: str) -> Steps[None]:
        """Visit each tile once; both questions are asked there, then it is forgotten."""
        wanted = [question]
        # Gradient-weighted attention has no neutral twin.
        if kind != "gradient" and (kind, self.neutral, self.layer) not in self.known:
            wanted.append(self.neutral)
        found: dict[str, list[tuple[NDArray[np.float32], TokenGrid]]] = {}
        for index, tile in enumerate(self.tiles):
            yield Step("look", index, len(self.tiles))
            reading = self.model.read([View.of(self.frame, tile)])
            for text in wanted:
                found.setdefault(text, []).append(self._of_tile(reading, kind, text))
                yield Step("look", index, len(self.tiles))
        layer = None if kind == "pixel_gradient" else self.layer
        for text, parts in found.items():
            stack, grid = _joined(parts, frame=self.frame, over=self.tiles)
            self.known[kind, text, self.layer] = AttentionMap(
                stack[-1],
                grid,
                kind,
                layer=layer,
                layers=stack if len(stack) > 1 else None,
                layer_numbers=tuple(range(len(stack))) if len(stack) > 1 else (),
            )

    def _of_tile(
        self, reading: Reading, kind: Kind, text: str
    ) -> tuple[NDArray[np.float32], TokenGrid]:
        """(layers, rows, cols), the layer that is used last, and where the cells lie."""
        if kind == "pixel_gradient":
            values, grid = reading.pixel_gradient(text)
            return values[None], grid
        if kind == "gradient":
            rows = reading.gradient(text, layer=self.layer)
        else:
            # The layers before the used one are on the way: their rows cost next to nothing.
            # Those behind it would cost the rest of the network, prefix included, per tile.
            rows = reading.attend(text, layers=range(self.layer + 1))
        return np.stack([rows.mean_map(layer=layer) for layer in rows.layers]), rows.grids[0]


def _joined(
    parts: Sequence[tuple[NDArray[np.float32], TokenGrid]],
    *,
    frame: Frame,
    over: Sequence[Region],
) -> tuple[NDArray[np.float32], TokenGrid]:
    """(layers, rows, cols) over the frame."""
    grids = [grid for _, grid in parts]
    onto = frame_grid(frame.size, grids=grids)
    joined = [
        join_maps(maps, grids, onto=onto, tiles=over)
        for maps in zip(*(stack for stack, _ in parts), strict=True)
    ]
    return _finite(np.stack(joined)), onto


def _finite(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half precision may overflow; what is no number stands for nothing seen."""
    clean = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    return np.maximum(clean, 0.0, dtype=np.float32)
