"""Tiny checkpoints, made once for all tests of the room."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from inspector_app import families, plugins
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.region import Region
from inspector_app.runtime.local import LocalModel
from tests.fakes import tiny_blip, tiny_llava_next, tiny_qwen
from tests.fakes.plain_llava import PlainLlava
from tests.fakes.plain_qwen import PlainQwen
from tests.fakes.server import Script, serving
from tests.fakes.tiny_blip import Plan as BlipPlan
from tests.fakes.tiny_llava import Plan, save
from tests.fakes.tiny_llava_next import Plan as NextPlan
from tests.fakes.tiny_qwen import Plan as QwenPlan

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


QWEN_PLANS = {
    "qwen2.5-vl": QwenPlan(),
    "qwen3-vl": QwenPlan("qwen3_vl", heads=(4, 1), tied=True, seed=2),
}
NEXT_PLANS = {"llava-next": NextPlan("mistral", heads=(4, 2))}
BLIP_PLANS = {
    "instructblip": BlipPlan(),
    "instructblip with shared keys": BlipPlan(heads=(4, 2), blocks=3, entry=1, seed=1),
}
KINDS = {
    Plan: (save, PlainLlava),
    QwenPlan: (tiny_qwen.save, PlainQwen),
    BlipPlan: (tiny_blip.save, tiny_blip.PlainBlip),
    NextPlan: (tiny_llava_next.save, tiny_llava_next.PlainLlavaNext),
}


class Pair:
    """The same checkpoint in the engine and used plainly."""

    def __init__(self, folder: Path, plan: Plan | QwenPlan | NextPlan | BlipPlan) -> None:
        self.plan = plan
        self.family = plugins.load(families, getattr(plan, "family", "llava"))
        write, plain = KINDS[type(plan)]
        self.folder = write(folder, plan)
        self.plain = plain(folder, plan)
        keeps_class = isinstance(plan, Plan) and plan.select == "full" and plan.tower == "clip"
        self.skip = int(keeps_class)

    def load(self) -> LocalModel:
        return self.family.load(self.folder, device="cpu", precision="auto")


@pytest.fixture(scope="session", params=[*PLANS, *QWEN_PLANS, *NEXT_PLANS, *BLIP_PLANS])
def pair(request, tmp_path_factory) -> Pair:
    """Every kind of checkpoint of every local family."""
    plan = (PLANS | QWEN_PLANS | NEXT_PLANS | BLIP_PLANS)[request.param]
    return Pair(tmp_path_factory.mktemp("model"), plan)


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
def script() -> Iterator[Script]:
    """A server on loopback that says what its script says."""
    with serving(Script()) as running:
        yield running


@pytest.fixture
def picture() -> Callable[..., View]:
    def make(box: tuple[int, int, int, int] | None = None, *, seed: int = 0) -> View:
        return View.of(frame(seed=seed), Region(*box) if box else None)

    return make
