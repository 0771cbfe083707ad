"""What a crop strategy may ask about the open picture, answered by the model's readings.

Small pictures are read whole, in the reading that also gives the answers. Larger ones are cut
into tiles, each read by itself, and the tiles' maps are joined over the frame. Source:
arXiv:2502.17422, high-resolution variant. Two things are ours. Attention, which has a neutral
twin to tell an empty tile from one that holds something, is read in tiles already where the
picture is more than four times as large as what the model takes in. And each joined map is
multiplied with a power of the whole picture's own: what fills several tiles is seen there.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.abilities import Comparing
from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.card import Card
from inspector_app.domain.coordinates import Coordinates, regions_in
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import Frame, Pixels, View
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Glance, Reading, VisionModel
from inspector_app.domain.region import Region
from inspector_app.imaging.joining import frame_grid, join_maps, resampled
from inspector_app.imaging.tiling import LONGEST, tiles
from inspector_app.workflow.cropping import Intake, legible

Kind = Literal["attention", "gradient", "pixel_gradient", "resemblance"]
Key = tuple[Kind, str, int, int]
"""What was looked at: kind, question, layer, number of tiles."""

FINE = 4
"""Attention is read in tiles above this many times the side that the model takes in ..."""
SMALLEST, MOST = 512, 24
"""... but tiles do not get smaller than this many pixels, or more than about so many."""
OVERVIEW: Mapping[Kind, float] = MappingProxyType(
    {"attention": 0.5, "gradient": 1.0, "pixel_gradient": 0.0, "resemblance": 0.0}
)
"""The power to which the map of the whole picture is taken, beside the joined one."""


@runtime_checkable
class Carded(Protocol):
    """A model that shows its card."""

    @property
    def card(self) -> Card:
        """Its card."""


def counting_of(model: VisionModel) -> tuple[Coordinates, int]:
    """How a model counts when it names a box, and the side in pixels that a token shows.

    From its card: `[coordinates]` with `counting` ("thousand" where it says nothing) and
    `token` (0 where it says nothing), which is needed for "absolute" only.
    """
    entries = _card_table(model, "coordinates")
    try:
        counting = Coordinates(str(entries.get("counting", Coordinates.THOUSAND)))
        return counting, max(0, int(entries.get("token", 0)))
    except (TypeError, ValueError) as error:
        known = ", ".join(Coordinates)
        raise ModelTrouble(
            f'The card of "{model.facts.name}" misspells how the model counts coordinates.',
            hint=f"Write one of these under [coordinates] as counting: {known}.",
        ) from error


def value_layers_of(model: VisionModel) -> tuple[int, ...]:
    """Layers whose value vectors are compared: the card's, else from 7/16 of the depth on.

    Source: arXiv:2506.21710 takes layers 14 to 32 of 32.
    """
    named = _card_table(model, "values").get("layers", ())
    wanted = tuple(layer for layer in named if isinstance(layer, int) and 0 <= layer < model.layers)
    return wanted or tuple(range(7 * model.layers // 16, model.layers))


def _card_table(model: VisionModel, name: str) -> Mapping[str, Any]:
    table = (model.card.facts or {}).get(name, {}) if isinstance(model, Carded) else {}
    return table if isinstance(table, Mapping) else {}


def tile_side(size: tuple[int, int], *, input_side: int) -> int:
    """Longest side of the tiles in which attention is read.

    Args:
        size: (width, height) of the picture.
        input_side: Of what the model takes in.
    """
    fair = math.ceil(math.sqrt(size[0] * size[1] / MOST))
    return min(LONGEST, max(FINE * input_side, SMALLEST, fair))


@dataclass(frozen=True, slots=True, eq=False)
class ModelLook:
    """A Look (see `domain/ports.py`) at one picture for one question.

    Attributes:
        frame: The picture.
        model: What looks.
        reading: The model's reading of the whole picture.
        neutral: The neutral question; while a tile is read, it is asked in passing.
        layer: Maps are read from this layer.
        tiled: Whether large pictures are looked at in tiles.
        known: Maps made so far; the neutral ones stay true for every later question.
        wanted: Questions whose maps were asked for, whether they were known or not.
        doubts: Why the search cannot be relied on.
    """

    frame: Frame
    model: VisionModel
    reading: Reading
    neutral: str
    layer: int
    tiled: bool = True
    known: dict[Key, AttentionMap] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)

    @property
    def can_attend(self) -> bool:
        """Whether `attention` works with this model."""
        return self.model.can_attend

    @property
    def can_backpropagate(self) -> bool:
        """Whether `gradient` and `pixel_gradient` work with this model."""
        return self.model.can_backpropagate

    @property
    def can_compare(self) -> bool:
        """Whether `resemblance` works with this model."""
        return self.model.can_attend and isinstance(self.reading, Comparing)

    @property
    def input_side(self) -> int:
        """Longest side in pixels that the vision tower takes in one picture."""
        return self.model.input_side

    @property
    def coordinates(self) -> Coordinates:
        """How this model counts when it names a box, as its card says."""
        return counting_of(self.model)[0]

    def boxes(self, text: str) -> tuple[Region, ...]:
        """The boxes that an answer of this model names, in pixels of the picture."""
        how, token = counting_of(self.model)
        grid = self.reading.grids[0]
        if token and grid.tokens > 1:
            shown = grid.cols * token, grid.rows * token
        else:
            share = min(1.0, self.model.input_side / max(self.frame.size))
            shown = round(self.frame.width * share) or 1, round(self.frame.height * share) or 1
        over = grid.x0, grid.y0, grid.x1, grid.y1
        return regions_in(text, how=how, size=self.frame.size, shown=shown, over=over)

    def tiles(self, kind: Kind = "attention") -> tuple[Region, ...]:
        """The parts of the frame that are read one by one; one where it is read whole."""
        if not self.tiled:
            return (self.frame.region,)
        side = LONGEST
        if kind == "attention":
            side = tile_side(self.frame.size, input_side=self.model.input_side)
        return tiles(self.frame.size, longest=side)

    @property
    def would_tile(self) -> bool:
        """Whether the picture is so large that it is looked at in tiles, memory permitting."""
        kinds: tuple[Kind, ...] = ("attention", "gradient")
        wide = replace(self, tiled=True)
        return any(len(wide.tiles(kind)) > 1 for kind in kinds)

    def attention(self, question: str, *, is_whole: bool = False) -> Steps[AttentionMap]:
        """The last prompt token's mean row."""
        look = replace(self, tiled=False) if is_whole else self
        return (yield from look._map("attention", question))

    def gradient(self, question: str) -> Steps[AttentionMap]:
        """The gradient-weighted mean row."""
        return (yield from self._map("gradient", question))

    def pixel_gradient(self, question: str) -> Steps[AttentionMap]:
        """Gradient size per network pixel."""
        return (yield from self._map("pixel_gradient", question))

    def resemblance(self, question: str, *, words: str) -> Steps[AttentionMap]:
        """How much the picture's value vectors resemble those of the question's words.

        Of all tokens and layers the mean, what is negative left out; of the whole picture,
        never of tiles: in a tile without the thing something else would resemble it most.

        Raises:
            WrongUse: the model's vectors cannot be compared.
        """
        key: Key = ("resemblance", f"{question} / {words}", self.layer, 1)
        if key not in self.known:
            yield Step("look", 0, 1)
            if not isinstance(self.reading, Comparing):
                raise WrongUse(
                    f'"{self.model.facts.name}" does not let its value vectors be compared.',
                    hint="Choose another strategy, such as relative_attention.",
                )
            layers = value_layers_of(self.model)
            found = self.reading.resemblance(question, words=words, layers=layers)
            values = np.maximum(found, 0).mean(axis=(0, 1), dtype=np.float32)
            grid = self.reading.grids[0]
            self.known[key] = AttentionMap(_finite(values), grid, "resemblance", layer=layers[-1])
        return self.known[key]

    def ask(
        self, question: str, *, part: Region | None = None, max_tokens: int | None = None
    ) -> Steps[Glance]:
        """Ask about a part of the picture by itself, or about the whole."""
        yield Step("look", 0, 1)
        reading = self.reading
        if part is not None:
            shown = legible(View.of(self.frame, part), intake=Intake.of(self.model))
            reading = self.model.read([shown])
        return (yield from self._heard(reading, question, max_tokens=max_tokens))

    def ask_about(
        self, question: str, *, pixels: Pixels, max_tokens: int | None = None
    ) -> Steps[Glance]:
        """Ask about a picture drawn for it."""
        yield Step("look", 0, 1)
        shown = View(pixels, Region(0, 0, pixels.shape[1], pixels.shape[0]))
        reading = self.model.read([shown])
        return (yield from self._heard(reading, question, max_tokens=max_tokens))

    def doubt(self, reason: str) -> None:
        """Say why the search cannot be relied on."""
        self.doubts.append(reason)

    def _heard(self, reading: Reading, question: str, *, max_tokens: int | None) -> Steps[Glance]:
        """An answer and where it looked."""
        layers = (self.layer,) if self.model.can_attend else ()
        steps = reading.ask(question, layers=layers, max_tokens=max_tokens)
        while True:
            try:
                # Its words are not for people: only that it goes on.
                step = next(steps)
                yield Step("look", step.done, step.total)
            except StopIteration as end:
                answer, rows = end.value
                break
        if rows is None:
            return Glance(answer)
        values = rows.mean_map(layer=self.layer)
        return Glance(
            answer, AttentionMap(_finite(values), rows.grids[0], "attention", layer=self.layer)
        )

    def _map(self, kind: Kind, question: str) -> Steps[AttentionMap]:
        over = self.tiles(kind)
        key = (kind, question, self.layer, len(over))
        self.wanted.add(question)
        if key not in self.known:
            if len(over) == 1:
                yield Step("look", 0, 1)
                self.known[key] = self._whole(kind, question)
            else:
                yield from self._in_tiles(kind, question, over=over)
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

    def _in_tiles(self, kind: Kind, question: str, *, over: tuple[Region, ...]) -> Steps[None]:
        """Visit each tile once; both questions are asked there, then it is forgotten."""
        wanted = [question]
        # Gradient-weighted attention has no neutral twin.
        if kind != "gradient" and (kind, self.neutral, self.layer, len(over)) not in self.known:
            wanted.append(self.neutral)
        found: dict[str, list[tuple[NDArray[np.float32], TokenGrid]]] = {}
        for index, tile in enumerate(over):
            yield Step("look", index, len(over))
            reading = self.model.read([View.of(self.frame, tile)])
            for text in wanted:
                found.setdefault(text, []).append(self._of_tile(reading, kind, text))
                yield Step("look", index, len(over))
        layer = None if kind == "pixel_gradient" else self.layer
        for text, parts in found.items():
            stack, grid = _joined(parts, frame=self.frame, over=over)
            if OVERVIEW[kind]:
                whole = self._whole(kind, text)
                stack = _with_overview(stack, grid=grid, whole=whole, power=OVERVIEW[kind])
            self.known[kind, text, self.layer, len(over)] = AttentionMap(
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


def _with_overview(
    joined: NDArray[np.float32], *, grid: TokenGrid, whole: AttentionMap, power: float
) -> NDArray[np.float32]:
    """The tiles' maps times a power of the whole picture's, whose mean counts as 1.

    Args:
        joined: (layers, rows, cols) of the tiles.
        grid: Of these maps.
        whole: The map of the whole picture, with at least as many layers from 0 on.
        power: 0 leaves the tiles' maps as they are.
    """
    overviews = whole.values[None] if len(joined) == 1 else whole.layers
    assert overviews is not None
    blended = []
    for values, overview in zip(joined, overviews, strict=False):
        level = resampled(overview, grid=whole.grid, onto=grid)
        mean = float(level.mean())
        # A flat or empty overview has nothing to say.
        blended.append(values * (level / mean) ** power if mean > 0 else values)
    return _finite(np.stack(blended))


def _finite(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half precision may overflow; what is no number stands for nothing seen."""
    clean = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    return np.maximum(clean, 0.0, dtype=np.float32)
