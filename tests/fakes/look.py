"""A look that answers from arrays, and counts what it was asked."""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.frame import Frame, Provenance
from inspector_app.domain.messages import Step
from inspector_app.domain.question import NEUTRAL


class FakeLook:
    """Maps by question; the neutral one for the neutral question."""

    can_attend = True
    can_backpropagate = True

    def __init__(self, *, asked, neutral, grid, input_side, layer, layers) -> None:
        self._maps = {"asked": asked, "neutral": neutral}
        self.grid, self.input_side, self.layer = grid, input_side, layer
        self._layers = layers
        self.calls: list[tuple[str, str]] = []

    def attention(self, question, *, is_whole=False):  # noqa: ARG002  never tiled
        return self._map("attention", question)

    def gradient(self, question):
        return self._map("gradient", question)

    def pixel_gradient(self, question):
        return self._map("pixel_gradient", question)

    def _map(self, kind, question):
        self.calls.append((kind, question))
        yield Step("look", 0, 1)
        values = self._maps["neutral" if question == NEUTRAL else "asked"]
        more = {}
        if self._layers and kind == "attention":
            stack = np.stack([values, values * 2])
            more = {"layers": stack, "layer_numbers": (self.layer, self.layer + 1)}
        return AttentionMap(values.copy(), self.grid, kind, layer=self.layer, **more)


def fake_look(
    asked: Sequence[Sequence[float]] | np.ndarray,
    *,
    neutral: Sequence[Sequence[float]] | np.ndarray | None = None,
    size: tuple[int, int] | None = None,
    grid: TokenGrid | None = None,
    input_side: int = 64,
    layer: int = 2,
    layers: bool = False,
) -> FakeLook:
    """A look over a frame of `size`, or over `grid`; a missing neutral map is even."""
    hot = np.asarray(asked, np.float32)
    cold = np.ones_like(hot) if neutral is None else np.asarray(neutral, np.float32)
    rows, cols = hot.shape
    if grid is None:
        assert size is not None
        grid = TokenGrid(rows, cols, 0.0, 0.0, float(size[0]), float(size[1]))
    return FakeLook(
        asked=hot, neutral=cold, grid=grid, input_side=input_side, layer=layer, layers=layers
    )


def fake_frame(size: tuple[int, int], *, level: int | None = None, seed: int = 0) -> Frame:
    """Noise of (width, height), or one grey level everywhere."""
    width, height = size
    if level is None:
        noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    else:
        noise = np.full((height, width, 3), level, np.uint8)
    return Frame(noise, Provenance("fake.png", "0" * 64, "PNG"))


def finish(steps: Generator[Step, None, Any]) -> Any:
    """Run a job to its end and give what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
