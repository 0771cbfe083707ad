"""Tiny checkpoints, made once for all tests of the room."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.region import Region
from inspector_app.families import llava
from inspector_app.families.llava import LlavaModel
from tests.fakes.plain_llava import PlainLlava
from tests.fakes.tiny_llava import Plan, save

PLANS = {
    "llama": Plan(),
    "qwen2 with shared keys": Plan(text="qwen2", heads=(4, 2), width=48, layers=3, side=70),
    "llama with one key head, class token kept": Plan(heads=(6, 1), width=48, select="full"),
    "two vision layers, sides cut off": Plan(vision_layer=[-2, -1], processor="crop", seed=3),
    "mistral without a class token": Plan(
        text="mistral", heads=(4, 2), tower="siglip", select="full", processor="siglip"
    ),
    "padded to a square": Plan(text="qwen2", processor="pad", seed=4),
}


class Pair:
    """The same checkpoint in the engine and used plainly."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.plan = plan
        self.folder = save(folder, plan)
        self.plain = PlainLlava(folder, plan)
        self.skip = 1 if plan.select == "full" and plan.tower == "clip" else 0

    def load(self) -> LlavaModel:
        return llava.load(self.folder, device="cpu", precision="auto")


@pytest.fixture(scope="session", params=PLANS)
def pair(request, tmp_path_factory) -> Pair:
    return Pair(tmp_path_factory.mktemp("llava"), PLANS[request.param])


@pytest.fixture(scope="session")
def usual(tmp_path_factory) -> Pair:
    return Pair(tmp_path_factory.mktemp("llava"), PLANS["llama"])


def frame(size: tuple[int, int] = (120, 90), *, seed: int = 0) -> Frame:
    """A picture with large and small structure."""
    noise = np.random.default_rng(seed)
    coarse = noise.integers(0, 256, (size[1] // 8 + 1, size[0] // 8 + 1, 3))
    large = np.kron(coarse, np.ones((8, 8, 1)))[: size[1], : size[0]]
    fine = noise.integers(-30, 30, (size[1], size[0], 3))
    pixels = np.clip(large + fine, 0, 255).astype(np.uint8)
    return Frame(pixels, Provenance("noise", "0" * 64, "PNG"))


@pytest.fixture
def picture() -> Callable[..., View]:
    def make(box: tuple[int, int, int, int] | None = None, *, seed: int = 0) -> View:
        return View.of(frame(seed=seed), Region(*box) if box else None)

    return make
