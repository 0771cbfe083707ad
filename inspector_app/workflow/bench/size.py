"""Accuracy by the size of what is asked about: whole, each strategy, and honest controls.

S is the area of the true box over that of the picture. Beside the strategies stand the true box
enlarged, a random box of the same size enlarged, and the tokens of whole and crop, or of the
costliest strategy, spent on one larger picture instead.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.frame import Frame, Provenance
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.runtime.devices import machine
from inspector_app.training.scene_parts import TRADES
from inspector_app.workflow.bench import arms as bench_arms
from inspector_app.workflow.bench.arms import CONTROLS, ArmTally, Tried
from inspector_app.workflow.bench.embedded import BINS, about, scene_of
from inspector_app.workflow.bench.size_table import SizeBench, SizeCell
from inspector_app.workflow.study import Study, StudyCase, Unusable, read_study
from inspector_app.workflow.workbench import Workbench

SMALL, LARGE = 0.005, 0.05
"""Bins: small below, large from, medium between; as in arXiv:2502.17422."""


def bin_of(share: float) -> str:
    """The bin of a box that takes this part of the picture's area."""
    if share < SMALL:
        return "small"
    return "medium" if share < LARGE else "large"


@dataclass(slots=True)
class _Run:
    """What is measured with, and what was found so far."""

    model: VisionModel
    strategies: tuple[str, ...]
    options: Options
    rng: np.random.Generator
    experiments: bool = False
    cells: dict[tuple[str, str], SizeCell] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def measure(self, case: StudyCase) -> Steps[None]:
        """Ask one case in every arm; one that fails in any is left out of all."""
        tried: dict[str, Tried] = {}
        try:
            for name, arm in self._arms(case, tried):
                yield Step("measure", 0, 0)
                found = arm()
                if found is not None:
                    tried[name] = found
        except InspectorError as error:
            self.skipped.append(f"{case.name}: {error}")
            return
        size = "no box" if case.box is None else bin_of(case.box.share_of(case.frame.size))
        cell = self.cells.setdefault((case.group, size), SizeCell(case.group, size))
        for name, found in tried.items():
            cell.arms.setdefault(name, ArmTally()).add(found, case)

    def _arms(
        self, case: StudyCase, tried: dict[str, Tried]
    ) -> Iterator[tuple[str, Callable[[], Tried | None]]]:
        """Each arm in turn; later ones may look at what earlier ones took."""
        model = self.model

        def by(name: str) -> Callable[[], Tried]:
            return lambda: bench_arms.by_strategy(model, case, strategy=name, options=self.options)

        yield "whole", by("whole")
        for name in self.strategies:
            yield name, by(name)
        yield "true_box", lambda: bench_arms.true_box(model, case)
        yield "random_crop", lambda: bench_arms.by_boxes(model, case, [self._anywhere(case)])
        pair = 2 * bench_arms.picture_tokens(model, case)
        yield "larger", lambda: bench_arms.larger(model, case, tokens=pair)
        if self.experiments:
            yield from self._experiments(case)
        most = max((tried[one].passes.tokens_prefilled for one in self.strategies), default=0)
        if most > 1.2 * pair:
            yield "larger_most", lambda: bench_arms.larger(model, case, tokens=most)

    def _experiments(self, case: StudyCase) -> Iterator[tuple[str, Callable[[], Tried | None]]]:
        """Raised attention where relative attention finds a region, and in the true box; mixed."""
        model, found = self.model, "relative_attention"
        raised = Options(reweighting=bench_arms.FACTOR, reweight_by="regions")
        mixed = Options(mixing=bench_arms.SHARE)
        if not model.can_attend:
            return
        yield "raised", lambda: bench_arms.by_trial(model, case, strategy=found, options=raised)
        if case.box is not None:
            known = replace(raised, rois=(case.box,))
            yield (
                "raised_true",
                lambda: bench_arms.by_trial(model, case, strategy="manual", options=known),
            )
        yield "mixed", lambda: bench_arms.by_trial(model, case, strategy=found, options=mixed)

    def _anywhere(self, case: StudyCase) -> Region:
        """A square as large as the one about the true box, or a tenth of the picture."""
        frame = case.frame
        side = (
            round(math.sqrt(0.1 * frame.width * frame.height))
            if case.box is None
            else max(about(case.box, frame).size)
        )
        center = self.rng.uniform(0, frame.width), self.rng.uniform(0, frame.height)
        return Region.square_at(center, side=side, within=frame.size)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Which pictures are asked about.

    Attributes:
        study: A JSON file, see `workflow.study`; None draws scenes.
        is_width_height: The study's boxes are [x, y, width, height].
        scenes: Per trade and size bin; of no meaning with a study.
        bins: Which bins of scenes.
        seed: Other seeds draw other scenes and random boxes.
    """

    study: Path | None = None
    is_width_height: bool = False
    scenes: int = 100
    bins: tuple[str, ...] = tuple(BINS)
    seed: int = 0


def run(
    pictures: Pictures,
    *,
    model: LoadModel | str = "embedded",
    strategies: Sequence[str] = (),
    options: Options | None = None,
    experiments: bool = False,
    workbench: Workbench | None = None,
) -> Steps[SizeBench]:
    """Measure on generated scenes, or on a study of one's own.

    Args:
        pictures: Which.
        model: Name of the model, or its folder.
        strategies: Which; empty for all that the model can serve.
        options: Of the strategies.
        experiments: Whether raised attention and mixed answers are measured too.
        workbench: Holds the model; None for one of its own.

    Raises:
        WrongUse: an unknown strategy, one that the model cannot serve, or a study of which
            nothing can be used.
    """
    workbench = workbench or Workbench()
    facts = yield from workbench.load(LoadModel(model) if isinstance(model, str) else model)
    loaded = workbench.model_in_use()
    chosen = tuple(dict.fromkeys(strategies)) or bench_arms.searches(loaded)
    bench_arms.check(chosen, model=loaded)
    rng = np.random.default_rng([pictures.seed, 7])
    now = _Run(loaded, chosen, options or Options(), rng, experiments)
    total, cases = cases_of(pictures, skipped=now.skipped)
    for done, case in enumerate(cases):
        yield Step("measure", done, total)
        if case is not None:
            for _ in now.measure(case):
                yield Step("measure", done, total)
    if not now.cells:
        raise WrongUse(
            f"Not one of {total} pictures could be measured. {now.skipped[0]}",
            hint="Correct the study's file.",
        )
    arms = tuple(
        name
        for name in ("whole", *chosen, *CONTROLS[1:])
        if any(name in cell.arms for cell in now.cells.values())
    )
    return SizeBench(
        f"{facts.name} {facts.weights_sha256[:12]}".strip(),
        machine(),
        "scenes" if pictures.study is None else pictures.study.name,
        pictures.seed,
        arms,
        tuple(now.cells.values()),
        tuple(now.skipped),
    )


def cases_of(pictures: Pictures, *, skipped: list[str]) -> tuple[int, Iterator[StudyCase | None]]:
    """How many cases there are, and the cases, one picture at a time.

    Args:
        pictures: Which.
        skipped: Grows by a sentence for each that cannot be used; None stands in its place.

    Raises:
        WrongUse: the study's file cannot be used at all.
    """
    if pictures.study is None:
        return pictures.scenes * len(TRADES) * len(pictures.bins), _of_scenes(pictures)
    read = read_study(pictures.study, is_width_height=pictures.is_width_height)
    skipped += read.faults
    return len(read.entries), _of_study(read, skipped=skipped)


def _of_scenes(pictures: Pictures) -> Iterator[StudyCase | None]:
    """Held-out scenes, as `inspector bench embedded` draws them."""
    for trade in TRADES:
        for name in pictures.bins:
            rng = np.random.default_rng(
                [pictures.seed, TRADES.index(trade), list(BINS).index(name)]
            )
            for _ in range(pictures.scenes):
                scene = scene_of(trade, name, rng)
                frame = Frame(scene.pixels, Provenance(f"scene {scene.seed}", "", "scene"))
                yield StudyCase(
                    f"scene {scene.seed}", frame, scene.question, (scene.answer,), scene.box, trade
                )


def _of_study(study: Study, *, skipped: list[str]) -> Iterator[StudyCase | None]:
    """The cases of a file, one picture at a time; None for one that cannot be used."""
    for entry in study.entries:
        try:
            case = entry.case()
        except Unusable as fault:
            skipped.append(str(fault))
            yield None
            continue
        yield case
