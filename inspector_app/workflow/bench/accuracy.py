"""Each shipped preset on held-out scenes of its trade, by the very path that users take.

A scene is written to a file, opened, inspected by the preset's question, template, strategy,
regions and rules, and judged. Half of the scenes are good and half bad: plates and tissue with
and without the target; of labels, the code on the label is the one that was wanted, or another.
The *text* preset has no rule of its own, because the wanted code changes with every part: here
it gets the rule that the code must be the one wanted.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from inspector_app.domain import saying
from inspector_app.domain.check_kinds import Codes
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, LoadModel, OpenPicture, Step, Steps
from inspector_app.domain.preset import Preset, Targets
from inspector_app.domain.rule import PictureLimits, Rules
from inspector_app.domain.statistics import Share
from inspector_app.domain.verdict import Outcome
from inspector_app.files import write_whole
from inspector_app.imaging.png import encode_png
from inspector_app.presets.folder import shipped
from inspector_app.presets.templates import worded
from inspector_app.training.scene_parts import ALPHABET, Scene, Trade
from inspector_app.training.scenes import make_scene
from inspector_app.workflow.bench.embedded import BINS
from inspector_app.workflow.workbench import Workbench

TRADES: dict[str, Trade] = {"medical": "tissue", "industrial": "plate", "text": "text"}
"""Scenes by shipped preset."""
_TO_READ = PictureLimits(None, None, None, None)
_SEED = 70_000


@dataclass(frozen=True, slots=True)
class Trial:
    """One scene.

    Attributes:
        seed: Draws it again.
        size_bin: Of the target.
        is_bad: Whether PASS would be wrong.
        said: The last answer.
        is_right: Whether that is true.
        outcome: Of the verdict.
        ms: From the question to the last word, the picture's opening included.
        stages_ms: The same by stage.
        processor_ms: Processor time of it, which other programs at work hardly change.
    """

    seed: int
    size_bin: str
    is_bad: bool
    said: str
    is_right: bool
    outcome: str
    ms: float
    stages_ms: dict[str, float]
    processor_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class PresetAccuracy:
    """What one preset came to.

    Attributes:
        name: Of the preset, with its version.
        targets: What it is expected to reach.
        trials: One a scene.
    """

    name: str
    targets: Targets
    trials: tuple[Trial, ...]

    @property
    def accuracy(self) -> Share:
        """Right last answers."""
        return Share.wilson(sum(one.is_right for one in self.trials), len(self.trials))

    @property
    def misses(self) -> Share:
        """Bad ones that passed."""
        return self._of(Outcome.PASS, is_bad=True)

    @property
    def false_alarms(self) -> Share:
        """Good ones that failed."""
        return self._of(Outcome.FAIL, is_bad=False)

    @property
    def doubts(self) -> Share:
        """Those a person has to look at."""
        count = sum(one.outcome == Outcome.CHECK for one in self.trials)
        return Share.wilson(count, len(self.trials))

    def _of(self, outcome: Outcome, *, is_bad: bool) -> Share:
        those = [one for one in self.trials if one.is_bad is is_bad]
        return Share.wilson(sum(one.outcome == outcome for one in those), len(those))

    def latency_ms(self, part: float) -> float:
        """The nearest-rank percentile, `part` of 0..1."""
        return _percentile([one.ms for one in self.trials], part)

    def processor_ms(self, part: float) -> float:
        """The same of processor time."""
        return _percentile([one.processor_ms for one in self.trials], part)

    @property
    def stages_ms(self) -> dict[str, float]:
        """Median time of each stage."""
        names = dict.fromkeys(name for one in self.trials for name in one.stages_ms)
        return {
            name: statistics.median(one.stages_ms.get(name, 0.0) for one in self.trials)
            for name in names
        }

    def lines(self) -> list[str]:
        """For the terminal."""
        aim, most = self.targets.accuracy, self.targets.latency_ms
        half, late = self.latency_ms(0.5), self.latency_ms(0.95)
        stages = ", ".join(f"{name} {ms:.0f}" for name, ms in self.stages_ms.items())
        return [
            f"{self.name}: {len(self.trials)} scenes",
            f"  right answers {_words(self.accuracy)}{_aim(self.accuracy.count, aim, self)}",
            f"  misses (bad, PASS) {_words(self.misses)}; false alarms (good, FAIL) "
            f"{_words(self.false_alarms)}; CHECK {_words(self.doubts)}",
            f"  latency p50 {half:.0f} ms, p95 {late:.0f} ms"
            + ("" if most is None else f" (aim {most:.0f} ms: {_met(half <= most)} at p50)"),
            f"  processor time p50 {self.processor_ms(0.5):.0f} ms, "
            f"p95 {self.processor_ms(0.95):.0f} ms",
            f"  median ms by stage: {stages}",
        ]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "preset": self.name,
            "targets": asdict(self.targets),
            "accuracy": asdict(self.accuracy),
            "misses": asdict(self.misses),
            "false_alarms": asdict(self.false_alarms),
            "check": asdict(self.doubts),
            "p50_ms": self.latency_ms(0.5),
            "p95_ms": self.latency_ms(0.95),
            "processor_p50_ms": self.processor_ms(0.5),
            "processor_p95_ms": self.processor_ms(0.95),
            "stages_ms": self.stages_ms,
            "trials": [asdict(one) for one in self.trials],
        }


@dataclass(frozen=True, slots=True)
class AccuracyBench:
    """All presets of one run."""

    model: str
    presets: tuple[PresetAccuracy, ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        told = [line for one in self.presets for line in one.lines()]
        return [f"Shipped presets on held-out scenes; model {self.model}", *told]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"model": self.model, "presets": [one.as_json() for one in self.presets]}


def run(
    *, scenes: int = 300, model: str = "embedded", seed: int = 0, names: Sequence[str] = ()
) -> Steps[AccuracyBench]:
    """Measure.

    Args:
        scenes: For each preset.
        model: Name of the model, or its folder.
        seed: Other seeds draw other scenes.
        names: Of shipped presets; empty for all that have a trade.
    """
    workbench = Workbench()
    try:
        facts = yield from workbench.load(LoadModel(model))
        found = []
        for name in names or TRADES:
            held = shipped(name)
            assert held is not None, f"the program ships {name}"
            found.append((yield from _measured(workbench, held.preset, model, (scenes, seed))))
        return AccuracyBench(f"{facts.name} {facts.weights_sha256[:12]}", tuple(found))
    finally:
        workbench.close()


def _measured(
    workbench: Workbench,
    preset: Preset,
    model: str,
    drawn: tuple[int, int],
) -> Steps[PresetAccuracy]:
    """One preset on (scenes, seed)."""
    scenes, seed = drawn
    trials = []
    with tempfile.TemporaryDirectory() as folder:
        # The first inspection of a run pays for what the others find ready.
        yield from _tried(workbench, preset, model, Case.of(preset, 0, seed=seed + 1), folder)
        for at in range(scenes):
            yield Step(preset.name, at, scenes)
            case = Case.of(preset, at, seed=seed)
            trials.append((yield from _tried(workbench, preset, model, case, folder)))
    return PresetAccuracy(f"{preset.name} {preset.version}", preset.targets, tuple(trials))


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One scene, and what is asked of it.

    Attributes:
        scene: The picture and what is true of it.
        size_bin: Of its target.
        is_bad: Whether PASS would be wrong.
        question: The user's words, put into the preset's template.
        right: The right answer.
        rules: Of the preset, or the wanted code.
    """

    scene: Scene
    size_bin: str
    is_bad: bool
    question: str
    right: str
    rules: Rules | None

    @classmethod
    def of(cls, preset: Preset, at: int, *, seed: int) -> "Case":
        """The case of a number: bad ones and size bins in turn."""
        trade, size_bin = TRADES[preset.name], list(BINS)[at % 3]
        is_bad = bool(at // 3 % 2)
        low, high = np.log(BINS[size_bin])
        number = _SEED + seed * 10_000 + at
        share = float(np.exp(np.random.default_rng(number).uniform(low, high)))
        scene = make_scene(
            trade,
            seed=number,
            share=share,
            held_out=True,
            absent=trade != "text" and not is_bad,
        )
        if trade != "text":
            right = "yes" if scene.has_target else "no"
            return cls(scene, size_bin, is_bad, worded(preset, ""), right, preset.rules)
        asked = scene.questions[0]
        wanted = _other(asked.answer) if is_bad else asked.answer
        target = f"{asked.key} label".strip() if asked.kind == "code" else "label"
        named = replace(preset.wording, variables=(("target", target),))
        rules = Rules((Codes((wanted,)),), must_agree=False, picture=_TO_READ)
        words = worded(replace(preset, wording=named), "")
        return cls(scene, size_bin, is_bad, words, asked.answer, rules)


def _other(code: str) -> str:
    """A code that differs from this one in its last letter."""
    at = ALPHABET.index(code[-1]) if code[-1] in ALPHABET else 0
    return code[:-1] + ALPHABET[(at + 1) % len(ALPHABET)]


def _tried(
    workbench: Workbench, preset: Preset, model: str, case: Case, folder: str
) -> Steps[Trial]:
    scene = case.scene
    path = Path(folder) / f"{scene.seed}.png"
    write_whole(path, encode_png(scene.pixels))
    frame = yield from workbench.perform(OpenPicture(str(path)))
    request = Inspect(
        str(path),
        case.question,
        preset.strategy,
        preset.options_for(frame.size, is_deep=False),
        neutral=preset.wording.neutral,
        model=LoadModel(model),
        rules=case.rules,
        save=False,
    )
    begun_s = time.process_time()
    found: Inspection = yield from workbench.perform(request)
    processor_ms = 1000 * (time.process_time() - begun_s)
    path.unlink()
    stages = {name: ms for name, ms in found.timings_ms.items() if name not in {"load", "total"}}
    is_right = saying.plain(found.answer.text) == saying.plain(case.right)
    outcome = found.verdict.outcome if found.verdict is not None else Outcome.CHECK
    return Trial(
        scene.seed,
        case.size_bin,
        case.is_bad,
        found.answer.text,
        is_right,
        outcome,
        sum(stages.values()),
        stages,
        processor_ms,
    )


def _percentile(values: Sequence[float], part: float) -> float:
    """By nearest rank."""
    ordered = sorted(values)
    rank = max(1, -(-round(part * 1000) * len(ordered) // 1000))
    return ordered[min(rank, len(ordered)) - 1]


def _words(share: Share) -> str:
    part = share.count / share.of if share.of else 0.0
    return (
        f"{share.count} of {share.of} ({100 * part:.1f} %, "
        f"95 % {100 * share.low:.1f} to {100 * share.high:.1f})"
    )


def _aim(count: int, aim: float | None, found: PresetAccuracy) -> str:
    if aim is None:
        return ""
    return f" (aim {100 * aim:.0f} %: {_met(count >= aim * len(found.trials))})"


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"
