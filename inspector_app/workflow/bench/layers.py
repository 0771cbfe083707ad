"""Where the model looks, layer by layer: attention inside the true box against elsewhere.

The ratio of a layer is the relative attention inside the true box over the mean of all boxes of
the same size: 1 where the layer knows nothing of the place. Right and wrong answers stand apart,
for the paper's finding is that a model looks at the right place even when its answer is wrong.
Source: arXiv:2502.17422, figure 3.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.attention import Map, TokenGrid
from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region
from inspector_app.imaging.maps import relative
from inspector_app.imaging.search import window_sums
from inspector_app.runtime.devices import machine
from inspector_app.workflow.bench.layers_table import Ratios, Studied
from inspector_app.workflow.bench.size import Pictures, bin_of, cases_of
from inspector_app.workflow.study import StudyCase
from inspector_app.workflow.workbench import Workbench


@dataclass(slots=True, eq=False)
class _Run:
    """One model, and what was found so far.

    Attributes:
        model: Looks and answers.
        kept: (group, size bin, whether the answer was right) -> (layers,) ratios a case.
        skipped: A sentence for each case that could not be measured.
    """

    model: VisionModel
    kept: dict[tuple[str, str, bool], list[NDArray[np.float64]]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def measure(self, case: StudyCase) -> Steps[None]:
        """Ask one case and take the ratio of every layer."""
        if case.box is None:
            self.skipped.append(f"{case.name}: nobody says where the answer can be seen.")
            return
        try:
            ratios, is_right = yield from measured(self.model, case, box=case.box)
        except InspectorError as error:
            self.skipped.append(f"{case.name}: {error}")
            return
        if ratios is None:
            self.skipped.append(f"{case.name}: the model was not shown the box.")
            return
        size = bin_of(case.box.share_of(case.frame.size))
        self.kept.setdefault((case.group, size, is_right), []).append(ratios)


def run(
    pictures: Pictures,
    *,
    models: Sequence[LoadModel | str] = ("embedded",),
    workbench: Workbench | None = None,
) -> Steps[Studied]:
    """Measure on generated scenes, or on a study of one's own, for one model after the other.

    Args:
        pictures: Which; those whose box is not known are left out.
        models: Names of models, or their folders.
        workbench: Holds a model; None for one of its own for each.

    Raises:
        WrongUse: a model that lets nobody see where it looks, or nothing to measure.
    """
    ratios: list[Ratios] = []
    skipped: list[str] = []
    names = [name or "embedded" for name in dict.fromkeys(models)] or ["embedded"]
    for at, name in enumerate(names):
        held = workbench or Workbench()
        facts = yield from held.load(LoadModel(name) if isinstance(name, str) else name)
        now = _Run(held.model_in_use())
        if not now.model.can_attend:
            raise WrongUse(
                f'"{facts.name}" does not let this program see where it looks.',
                hint="Choose a local model.",
            )
        total, cases = cases_of(pictures, skipped=now.skipped)
        for done, case in enumerate(cases):
            yield Step("measure", at * total + done, len(names) * total)
            if case is not None:
                for _ in now.measure(case):
                    yield Step("measure", at * total + done, len(names) * total)
        folder = name if isinstance(name, str) else name.model
        label = _label(folder, among=names, card=facts.name)
        ratios += _gathered(label, now, layer=now.model.default_layer)
        skipped += now.skipped
    if not ratios:
        first = f" {skipped[0]}" if skipped else ""
        raise WrongUse(
            f"Not one picture could be measured.{first}", hint="Give pictures with boxes."
        )
    study = "scenes" if pictures.study is None else pictures.study.name
    return Studied(tuple(ratios), machine(), study, pictures.seed, tuple(dict.fromkeys(skipped)))


def measured(
    model: VisionModel, case: StudyCase, *, box: Region
) -> Steps[tuple[NDArray[np.float64] | None, bool]]:
    """(layers,) ratios of one case, and whether the model's answer was right.

    The answer and all its rows come from one forward; the neutral rows cost a second.
    None where nothing of the box was shown to the model, or a map has nothing in it.
    """
    reading = model.read([View.of(case.frame)])
    layers = range(model.layers)
    answer, rows = yield from reading.ask(case.question, layers=layers)
    idle = reading.attend(NEUTRAL, layers=layers)
    if rows is None:
        return None, False
    found = [
        ratio_of(
            relative(rows.mean_map(layer=layer), idle.mean_map(layer=layer)),
            grid=rows.grids[0],
            box=box,
        )
        for layer in layers
    ]
    ratios = np.array(found)
    usable = ratios if bool(np.isfinite(ratios).all()) else None
    return usable, case.accepts(answer.text)


def ratio_of(values: Map, *, grid: TokenGrid, box: Region) -> float:
    """A map's sum inside a box over its mean sum in all boxes of the same size.

    The box is taken as the cells that it touches. 1 on an even map; NaN where the box lies
    outside the grid or the map is empty.

    Args:
        values: (rows, cols), not negative.
        grid: How its cells lie over the picture.
        box: In pixels of the picture.
    """
    width, height = grid.cell
    x0, x1 = (box.x0 - grid.x0) / width, (box.x1 - grid.x0) / width
    y0, y1 = (box.y0 - grid.y0) / height, (box.y1 - grid.y0) / height
    left, right = max(0, math.floor(x0 + 1e-9)), min(grid.cols, math.ceil(x1 - 1e-9))
    top, bottom = max(0, math.floor(y0 + 1e-9)), min(grid.rows, math.ceil(y1 - 1e-9))
    if left >= right or top >= bottom:
        return math.nan
    sums = window_sums(values, rows=bottom - top, cols=right - left)
    mean = float(sums.mean())
    return float(sums[top, left]) / mean if mean > 0 else math.nan


def _label(name: str, *, among: Sequence[object], card: str) -> str:
    """What a model is called: as on its card, or as its folder where several share a card."""
    is_folder = Path(name).name != name or Path(name).is_dir()
    return Path(name).name if is_folder and len(among) > 1 else card


def _gathered(label: str, now: _Run, *, layer: int) -> list[Ratios]:
    """The cases of one model by group, size and answer; first those of all groups together."""
    pooled: dict[tuple[str, str, bool], list[NDArray[np.float64]]] = {}
    groups = {group for group, _, _ in now.kept}
    for (group, size, is_right), found in now.kept.items():
        if len(groups) > 1:
            pooled.setdefault(("all", "all", is_right), []).extend(found)
        pooled.setdefault((group, size, is_right), []).extend(found)
    return [
        Ratios(label, group, size, is_right, layer, np.stack(found))
        for (group, size, is_right), found in sorted(
            pooled.items(), key=lambda one: (one[0][0] != "all", one[0][:2], not one[0][2])
        )
    ]
