"""The figures of the size study: a table for people, CSV and JSON for machines."""

import csv
import io
import math
from dataclasses import dataclass, field
from typing import Any

from inspector_app.workflow.bench.arms import CONTROLS, ArmTally

SHORT = {
    "whole": "whole",
    "true_box": "true box",
    "random_crop": "random box",
    "larger": "larger, same tokens as whole and crop",
    "larger_most": "larger, same tokens as the costliest",
    "raised": "experiment: attention x 1.8 where relative attention looks",
    "raised_true": "experiment: attention x 1.8 in the true box",
    "mixed": "experiment: whole and crop mixed by half",
}
BIN_WORDS = {
    "small": "S < 0.005",
    "medium": "0.005 <= S < 0.05",
    "large": "S >= 0.05",
    "no box": "size unknown",
}


@dataclass(slots=True, eq=False)
class SizeCell:
    """One group of cases in one size bin.

    Attributes:
        group: A trade, or "study".
        size_bin: "small", "medium", "large", or "no box" where no box is known.
        arms: What every arm gave.
    """

    group: str
    size_bin: str
    arms: dict[str, ArmTally] = field(default_factory=dict)

    def recovered(self, arm: str) -> float:
        """Part of the gap between whole picture and true box that an arm closes; NaN without."""
        if "true_box" not in self.arms:
            return math.nan
        whole = self.arms["whole"].answers.rate
        gap = self.arms["true_box"].answers.rate - whole
        return (self.arms[arm].answers.rate - whole) / gap if gap > 0 else math.nan

    def best(self) -> str | None:
        """The strategy with most right answers; the cheapest in tokens of equals."""
        names = [name for name in self.arms if name not in CONTROLS]
        return max(
            names,
            key=lambda name: (self.arms[name].answers.right, -self.arms[name].tokens),
            default=None,
        )

    def beats(self, arm: str, other: str) -> bool:
        """Whether the 95 % interval of an arm lies wholly above that of another."""
        if other not in self.arms:
            return False
        return self.arms[arm].answers.interval[0] > self.arms[other].answers.interval[1]


@dataclass(frozen=True, slots=True, eq=False)
class SizeBench:
    """The whole study.

    Attributes:
        model: Name and weights.
        machine: Where it ran.
        study: "scenes", or the name of the file.
        seed: Of scenes and random boxes.
        arms: In order.
        cells: By group and bin.
        skipped: A sentence for each entry that was left out.
    """

    model: str
    machine: str
    study: str
    seed: int
    arms: tuple[str, ...]
    cells: tuple[SizeCell, ...]
    skipped: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """A Markdown table a cell, and what it comes to."""
        said = [f"{self.model}; {self.study}, seed {self.seed}; {self.machine}"]
        for cell in self.cells:
            asked = cell.arms["whole"].answers.asked
            said += ["", f"{cell.group}, {cell.size_bin} ({BIN_WORDS[cell.size_bin]}): {asked}", ""]
            said += _table(cell, self.arms)
            said += _verdict(cell)
        said += ["", *(f"Left out: {reason}" for reason in self.skipped[:20])]
        if len(self.skipped) > 20:
            said.append(f"... and {len(self.skipped) - 20} more.")
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values; what is not known is null."""
        return {
            "model": self.model,
            "machine": self.machine,
            "study": self.study,
            "seed": self.seed,
            "skipped": list(self.skipped),
            "cells": [
                {
                    "group": cell.group,
                    "size_bin": cell.size_bin,
                    "arms": {name: _figures(cell, name) for name in self.arms if name in cell.arms},
                }
                for cell in self.cells
            ],
        }

    def as_csv(self) -> str:
        """One line an arm of a cell."""
        written = io.StringIO()
        names = ["group", "size_bin", "arm", *_figures(self.cells[0], "whole")]
        writer = csv.DictWriter(written, fieldnames=names, lineterminator="\n")
        writer.writeheader()
        for cell in self.cells:
            for name in self.arms:
                if name in cell.arms:
                    first = {"group": cell.group, "size_bin": cell.size_bin, "arm": name}
                    writer.writerow({**first, **_figures(cell, name)})
        return written.getvalue()


def _figures(cell: SizeCell, name: str) -> dict[str, float | int | None]:
    arm = cell.arms[name]
    low, high = arm.answers.interval
    return {
        "right": arm.answers.right,
        "asked": arm.answers.asked,
        "accuracy": _known(arm.answers.rate),
        "low": _known(low),
        "high": _known(high),
        "hit_rate": _known(arm.hits.rate) if name not in CONTROLS else None,
        "recovered": _known(cell.recovered(name)),
        "vision_passes": _known(arm.per_case(arm.vision)),
        "language_passes": _known(arm.per_case(arm.language)),
        "tokens": _known(arm.per_case(arm.tokens)),
        "median_ms": _known(arm.median_ms),
    }


def _known(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def _table(cell: SizeCell, arms: tuple[str, ...]) -> list[str]:
    head = ["arm", "right %", "95 %", "hit %", "recovered %", "pictures", "tokens", "ms"]
    rows = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for name in arms:
        if name not in cell.arms:
            continue
        told = _figures(cell, name)
        rows.append(
            [
                SHORT.get(name, name),
                _percent(told["accuracy"], digits=1),
                f"{_percent(told['low'])}-{_percent(told['high'])}",
                _percent(told["hit_rate"]),
                _percent(told["recovered"]),
                _number(told["vision_passes"]),
                _number(told["tokens"]),
                _number(told["median_ms"]),
            ]
        )
    return ["| " + " | ".join(row) + " |" for row in rows]


def _verdict(cell: SizeCell) -> list[str]:
    best = cell.best()
    if best is None:
        return []
    controls = [name for name in ("larger", "larger_most") if name in cell.arms]
    beaten = [SHORT[name] for name in controls if cell.beats(best, name)]
    words = f"Best: {best}"
    recovered = cell.recovered(best)
    if math.isfinite(recovered):
        words += f", which recovers {recovered:.0%} of the gap to the true box"
    if beaten:
        words += f"; beyond the interval of: {'; '.join(beaten)}"
    elif controls:
        words += "; no control of equal tokens is beaten beyond its interval"
    return ["", f"{words}."]


def _percent(share: float | None, *, digits: int = 0) -> str:
    return "-" if share is None else f"{share * 100:.{digits}f}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
