"""A study asked for by the window: run with the model in use, and told as plain data."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector_app.domain.messages import LoadModel, Steps
from inspector_app.domain.preset import Options
from inspector_app.domain.studies import (
    RunStudy,
    StudyCurve,
    StudyFound,
    StudyKind,
    StudyRow,
)

if TYPE_CHECKING:
    from inspector_app.workflow.bench.layers_table import Ratios, Studied
    from inspector_app.workflow.bench.size_table import SizeBench, SizeCell
    from inspector_app.workflow.bench.tune import Measured, TuneBench
    from inspector_app.workflow.workbench import Workbench


def studied(request: RunStudy, *, workbench: "Workbench") -> Steps[StudyFound]:
    """Run a study; nothing of it is stored.

    Args:
        request: Which.
        workbench: Loads the model, and keeps it for what is asked afterwards.

    Raises:
        WrongUse: the study's file cannot be used, or the model cannot serve what is asked for.
    """
    # Read late: the desk shares the workbench, and scenes and benches are read for this only.
    from inspector_app.workflow.bench import layers, size, tune  # noqa: PLC0415
    from inspector_app.workflow.bench.size import Pictures  # noqa: PLC0415

    pictures = Pictures(
        study=Path(request.file) if request.file else None,
        is_width_height=request.is_width_height,
        scenes=request.scenes,
        seed=request.seed,
    )
    load = LoadModel(request.model, device=request.device, precision=request.precision)
    if request.kind is StudyKind.LAYERS:
        return _of_layers((yield from layers.run(pictures, models=(load,), workbench=workbench)))
    if request.kind is StudyKind.TUNE:
        tuned = tune.run(pictures, model=load, strategies=request.strategies, workbench=workbench)
        return _of_tuning((yield from tuned))
    sized = size.run(
        pictures,
        model=load,
        strategies=request.strategies,
        options=Options(count=request.count),
        workbench=workbench,
    )
    return _of_sizes((yield from sized))


def _of_sizes(found: "SizeBench") -> StudyFound:
    return StudyFound(
        StudyKind.SIZE,
        _about(found.model, found.study, found.machine),
        tuple(_row(cell, arm) for cell in found.cells for arm in found.arms if arm in cell.arms),
        (),
        found.skipped,
        found.as_csv(),
        _json(found.as_json()),
    )


def _row(cell: "SizeCell", arm: str) -> StudyRow:
    from inspector_app.workflow.bench.arms import CONTROLS  # noqa: PLC0415  see above

    tally = cell.arms[arm]
    is_control = arm in CONTROLS
    low, high = tally.answers.interval
    return StudyRow(
        cell.group,
        cell.size_bin,
        arm,
        is_control,
        tally.answers.right,
        tally.answers.asked,
        low,
        high,
        hit=None if is_control else _known(tally.hits.rate),
        recovered=_known(cell.recovered(arm)),
        tokens=_known(tally.per_case(tally.tokens)),
        ms=_known(tally.median_ms),
    )


def _of_tuning(found: "TuneBench") -> StudyFound:
    rows = tuple(_tried(one) for one in found.tried)
    unseen = None if found.unseen is None else _tried(found.unseen)
    return StudyFound(
        StudyKind.TUNE,
        _about(found.model, found.study, found.machine),
        rows,
        (),
        found.skipped,
        _csv(rows),
        _json(found.as_json()),
        choice=found.chosen,
        unseen=unseen,
    )


def _tried(one: "Measured") -> StudyRow:
    low, high = one.answers.interval
    way, is_control = one.choice.words, one.choice.strategy == "whole"
    asked, right = one.answers.asked, one.answers.right
    return StudyRow("", "", way, is_control, right, asked, low, high, tokens=one.tokens, ms=one.ms)


def _of_layers(found: "Studied") -> StudyFound:
    model = found.ratios[0].model
    return StudyFound(
        StudyKind.LAYERS,
        _about(model, found.study, found.machine),
        (),
        tuple(map(_curve, found.ratios)),
        found.skipped,
        found.as_csv(),
        _json(found.as_json()),
    )


def _curve(one: "Ratios") -> StudyCurve:
    low, high = (tuple(map(float, edge)) for edge in one.interval)
    values = tuple(map(float, one.mean))
    count = len(one.values)
    return StudyCurve(one.group, one.size_bin, one.is_right, count, one.layer, values, low, high)


def _about(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)


def _csv(rows: Iterable[StudyRow]) -> str:
    head = ("way", "right", "asked", "accuracy", "low", "high", "tokens", "ms")
    return "\n".join([",".join(head), *(",".join(_cells(row)) for row in rows), ""])


def _cells(row: StudyRow) -> Sequence[str]:
    numbers = (row.share, row.low, row.high, row.tokens or 0.0, row.ms or 0.0)
    # A way is written with commas between its parts.
    return f'"{row.way}"', str(row.right), str(row.asked), *(f"{one:.6g}" for one in numbers)
