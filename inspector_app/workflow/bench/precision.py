"""What fewer bits save, and whether the answers stay the same.

Held-out scenes go through the very engine that users get, whole and with the true box beside
the whole; each precision is compared with float32 scene by scene.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.region import Region
from inspector_app.domain.running import end_of
from inspector_app.runtime.devices import machine
from inspector_app.runtime.precision import language_bytes
from inspector_app.training.scene_parts import TRADES, Scene, Trade
from inspector_app.training.scenes import make_scene
from inspector_app.workflow.loading import family_of, load_model

BASE, SIXTEEN = "float32", "bfloat16"
PRECISIONS = (BASE, SIXTEEN, "float16", "int8")
MOST_MEMORY, LEAST_AGREEMENT = 0.6, 0.98
"""The aims: language part against bfloat16, and answers that stay what they are in float32."""

_SHARES = (0.0005, 0.2)


@dataclass(slots=True)
class Arm:
    """One precision.

    Attributes:
        precision: Its name.
        language_bytes: Memory of the language part's weights.
        answers: How many were given.
        same: How many of them are those of float32.
        right: How many are right.
        seconds: Spent on reading and answering.
    """

    precision: str
    language_bytes: int
    answers: int = 0
    same: int = 0
    right: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PrecisionBench:
    """The table.

    Attributes:
        model: Name and weights.
        machine: Where it ran.
        scenes: Of each trade.
        arms: By precision, float32 first.
    """

    model: str
    machine: str
    scenes: int
    arms: tuple[Arm, ...]

    def memory(self, arm: Arm) -> float:
        """The language part against bfloat16."""
        by_name = {one.precision: one.language_bytes for one in self.arms}
        return arm.language_bytes / by_name[SIXTEEN]

    def lines(self) -> list[str]:
        """A Markdown table, and whether the aims are met."""
        base = self.arms[0]
        rows = [
            f"| {arm.precision} | {arm.language_bytes / 1e6:.2f} | {self.memory(arm):.2f} "
            f"| {arm.same / arm.answers:.1%} | {arm.right / arm.answers:.1%} "
            f"| {arm.seconds / base.seconds:.2f} |"
            for arm in self.arms
        ]
        last = self.arms[-1]
        met = self.memory(last) <= MOST_MEMORY and last.same >= LEAST_AGREEMENT * last.answers
        return [
            f"{self.model}; {self.scenes} held-out scenes of each trade, whole and with the true "
            f"box; {self.machine}",
            "",
            "| precision | language part, MB | against bfloat16 | answers as in float32 | right "
            "| time against float32 |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"int8: at most {MOST_MEMORY} of the memory and at least {LEAST_AGREEMENT:.0%} of the "
            f"answers: {'met' if met else 'NOT met'}",
        ]

    def as_json(self) -> dict[str, Any]:
        """The figures for a file."""
        return {
            "model": self.model,
            "machine": self.machine,
            "scenes": self.scenes,
            "arms": [asdict(arm) | {"memory": self.memory(arm)} for arm in self.arms],
        }


def run(
    *, scenes: int = 100, model: str = "embedded", device: str = "cpu"
) -> Steps[PrecisionBench]:
    """Measure every precision on the same scenes.

    Args:
        scenes: Of each trade, their targets between 0.05 and 20 % of the picture.
        model: Name of the model, or its folder.
        device: Where it runs.
    """
    folder, card, family = family_of(model)
    loaded: dict[str, VisionModel] = {}
    for at, precision in enumerate(PRECISIONS):
        yield Step("load", at, len(PRECISIONS))
        request = LoadModel(model, device=device, precision=precision)
        loaded[precision] = load_model(family, folder, request)
    arms = {name: Arm(name, _language_bytes(one)) for name, one in loaded.items()}
    total = scenes * len(TRADES)
    for number, trade in enumerate(TRADES):
        rng = np.random.default_rng([98, number])
        for done in range(scenes):
            yield Step("measure", number * scenes + done, total)
            _measure(_scene(trade, rng), loaded, arms)
    weights = loaded[BASE].facts.weights_sha256[:12]
    return PrecisionBench(f"{card.name} {weights}", machine(), scenes, tuple(arms.values()))


def _language_bytes(model: VisionModel) -> int:
    parts: Any = model
    return language_bytes(parts.eyes.whole)


def _scene(trade: Trade, rng: np.random.Generator) -> Scene:
    low, high = np.log(_SHARES)
    share = float(np.exp(rng.uniform(low, high)))
    return make_scene(trade, seed=int(rng.integers(2**31)), share=share, held_out=True)


def _measure(scene: Scene, loaded: Mapping[str, VisionModel], arms: Mapping[str, Arm]) -> None:
    """Ask one scene twice in every precision."""
    box = scene.box
    assert box is not None, "held-out scenes have a target"
    frame = Frame(scene.pixels, Provenance(f"scene {scene.seed}", "", "scene"))
    whole = View.of(frame)
    about = Region.square_at(box.center, side=max(box.size), within=frame.size)
    for views in ((whole,), (whole, View.of(frame, about))):
        said: dict[str, str] = {}
        for name, model in loaded.items():
            arm = arms[name]
            begun = time.perf_counter()
            said[name] = _plain_answer(model, views, scene.question)
            arm.seconds += time.perf_counter() - begun
            arm.answers += 1
            arm.same += said[name] == said[BASE]
            arm.right += said[name] == scene.answer.lower()


def _plain_answer(model: VisionModel, views: tuple[View, ...], question: str) -> str:
    answer, _rows = end_of(model.read(views).ask(question))
    return answer.plain
