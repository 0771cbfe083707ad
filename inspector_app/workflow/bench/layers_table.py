"""The figures of the study of layers: a table for people, CSV and JSON, and a drawing."""

import csv
import io
import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector_app.workflow.bench.drawing import INK, line, marker, sheet, text

_RESAMPLES = 2000
_WIDE, _HIGH, _GAP, _HEAD, _FOOT = 300, 200, 46, 40, 60
_FAINT = "#cccccc"
_COLOURS = {True: "#1b6ca8", False: "#9a5b13"}
_WORDS = {True: "right", False: "wrong"}


@dataclass(frozen=True, eq=False)
class Ratios:
    """The ratios of some cases of one model.

    Attributes:
        model: What it is called.
        group: A trade, "study", or "all" of them.
        size_bin: "small", "medium", "large", or "all" of them.
        is_right: Whether these are the cases that were answered right.
        layer: The layer that the model's card names for maps.
        values: (cases, layers).
    """

    model: str
    group: str
    size_bin: str
    is_right: bool
    layer: int
    values: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """(layers,)."""
        found: NDArray[np.float64] = self.values.mean(axis=0)
        return found

    @cached_property
    def interval(self) -> NDArray[np.float64]:
        """(2, layers): 95 % interval of the mean, by resampling the cases; the same each time.

        NaN of a single case, of which nothing follows.
        """
        count = len(self.values)
        if count < 2:
            return np.full((2, self.values.shape[1]), np.nan)
        rng = np.random.default_rng(20)
        drawn = rng.integers(0, count, (_RESAMPLES, count))
        means = self.values[drawn].mean(axis=1)  # (resamples, layers)
        found: NDArray[np.float64] = np.quantile(means, (0.025, 0.975), axis=0)
        return found

    @property
    def best(self) -> tuple[int, float]:
        """The best layer of every second case, and its mean on the others.

        Chosen and measured on the same cases it would be overstated.
        """
        layer = int(self.values[::2].mean(axis=0).argmax())
        others = self.values[1::2, layer]
        return layer, float(others.mean()) if len(others) else math.nan


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """The whole study.

    Attributes:
        ratios: By model, group, size and answer.
        machine: Where it ran.
        study: "scenes", or the name of the file.
        seed: Of the scenes.
        skipped: A sentence for each case that was left out.
    """

    ratios: tuple[Ratios, ...]
    machine: str
    study: str
    seed: int
    skipped: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """A Markdown table: mean ratio of each layer, with its 95 % interval."""
        layers = max(one.values.shape[1] for one in self.ratios)
        head = ["model", "pictures", "answer", "n", *(f"layer {at}" for at in range(layers))]
        rows = [head, ["---"] * 3 + ["---:"] * (1 + layers)]
        for one in self.ratios:
            kind = "all" if one.group == "all" else f"{one.group}, {one.size_bin}"
            cells = [_told(one, at) for at in range(one.values.shape[1])]
            said = [one.model, kind, _WORDS[one.is_right], str(len(one.values)), *cells]
            rows.append(said + ["-"] * (len(head) - len(said)))
        lines = [
            f"{self.study}, seed {self.seed}; {self.machine}",
            "Relative attention inside the true box over that of all boxes of its size: 1 is "
            "chance; * is the layer that maps are read from.",
            "",
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            *self._best(),
        ]
        lines += [f"Left out: {reason}" for reason in self.skipped[:20]]
        return [*lines, f"... and {len(self.skipped) - 20} more."] if self.skipped[20:] else lines

    def _best(self) -> list[str]:
        told = []
        for model in dict.fromkeys(one.model for one in self.ratios):
            parts = [one.values for one in self.ratios if one.model == model and _is_leaf(one)]
            every = next(one for one in self.ratios if one.model == model)
            joined = Ratios(model, "", "", True, every.layer, np.concatenate(parts))
            layer, ratio = joined.best
            if math.isfinite(ratio):
                told.append(
                    f"{model}: the best layer of every second picture is {layer}; on the others "
                    f"its ratio is {ratio:.2f}."
                )
        return told

    def as_json(self) -> dict[str, Any]:
        """Plain values; what is not known is null."""
        return {
            "study": self.study,
            "seed": self.seed,
            "machine": self.machine,
            "skipped": list(self.skipped),
            "ratios": [row for one in self.ratios for row in _rows(one)],
        }

    def as_csv(self) -> str:
        """One line a layer."""
        written = io.StringIO()
        rows = [row for one in self.ratios for row in _rows(one)]
        writer = csv.DictWriter(written, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return written.getvalue()


def svg(studied: Studied) -> str:
    """The drawing: a panel for each model, all its pictures together."""
    panels: dict[str, list[Ratios]] = {}
    for one in studied.ratios:
        is_alone = len({other.group for other in studied.ratios}) == 1
        if one.group == "all" or is_alone:
            panels.setdefault(one.model, []).append(one)
    width = len(panels) * (_WIDE + _GAP) + _GAP
    height = _HEAD + _HIGH + _FOOT + 40
    said = [
        text(_GAP, 22, "Attention inside the true box, by layer (1 is chance)", size=16),
    ]
    top = max(_highest(one) for panel in panels.values() for one in panel)
    for number, (model, panel) in enumerate(panels.items()):
        said += _panel(model, panel, left=_GAP + number * (_WIDE + _GAP), top=top)
    foot = f"95 % intervals; {studied.study}, seed {studied.seed}; {studied.machine}"
    return sheet(width, height, [*said, text(_GAP, height - 10, foot, size=10)])


def _panel(model: str, panel: list[Ratios], *, left: int, top: float) -> list[str]:
    """One model: a line for right and one for wrong answers, on a common scale."""
    base, layers = _HEAD + 20 + _HIGH, panel[0].values.shape[1]
    step = _WIDE / layers

    def height(ratio: float) -> float:
        return base - _HIGH * min(ratio, top) / top

    said = [text(left, _HEAD + 12, model, size=13)]
    for mark in _marks(top):
        said.append(line(left, height(mark), left + _WIDE, height(mark), colour=_FAINT, wide=0.6))
        said.append(text(left - 6, height(mark) + 4, f"{mark:g}", size=10, anchor="end"))
    said.append(line(left, height(1), left + _WIDE, height(1), colour=INK, wide=0.9))
    for at in range(layers):
        label = f"{at}*" if at == panel[0].layer else f"{at}"
        said.append(text(left + step * (at + 0.5), base + 16, label, size=10, anchor="middle"))
    for order, one in enumerate(panel):
        said += _curve(one, left=left + (-3 if one.is_right else 3), step=step, height=height)
        words = f"{_WORDS[one.is_right]} answers, n = {len(one.values)}"
        said.append(_marker(one, left + 6, base + 32 + 15 * order))
        said.append(text(left + 16, base + 36 + 15 * order, words, size=11))
    return said


def _curve(one: Ratios, *, left: float, step: float, height: Any) -> list[str]:
    colour, said = _COLOURS[one.is_right], []
    spots = [(left + step * (at + 0.5), height(mean)) for at, mean in enumerate(one.mean)]
    for (x0, y0), (x1, y1) in itertools.pairwise(spots):
        said.append(line(x0, y0, x1, y1, colour=colour, wide=1.0))
    for (x, y), low, high in zip(spots, *one.interval, strict=True):
        if math.isfinite(low):
            said.append(line(x, height(low), x, height(high), colour=colour, wide=1.6))
        said.append(_marker(one, x, y))
    return said


def _marker(one: Ratios, x: float, y: float) -> str:
    return marker(x, y, colour=_COLOURS[one.is_right], is_round=one.is_right)


def _highest(one: Ratios) -> float:
    highs = one.interval[1]
    return float(max(1.5, one.mean.max(), *(high for high in highs if math.isfinite(high))))


def _marks(top: float) -> list[float]:
    """Three to six round numbers up to the top."""
    step = 10 ** math.floor(math.log10(top))
    if top / step < 3:
        step /= 2
    return [mark * step for mark in range(1, int(top / step) + 1)]


def _is_leaf(one: Ratios) -> bool:
    return one.group != "all"


def _told(one: Ratios, layer: int) -> str:
    low, high = one.interval[:, layer]
    star = "*" if layer == one.layer else ""
    spread = f" ({low:.2f}-{high:.2f})" if math.isfinite(low) else ""
    return f"{one.mean[layer]:.2f}{star}{spread}"


def _rows(one: Ratios) -> list[dict[str, Any]]:
    return [
        {
            "model": one.model,
            "group": one.group,
            "size_bin": one.size_bin,
            "answer": _WORDS[one.is_right],
            "cases": len(one.values),
            "layer": layer,
            "is_map_layer": layer == one.layer,
            "ratio": round(float(one.mean[layer]), 6),
            "low": _known(one.interval[0, layer]),
            "high": _known(one.interval[1, layer]),
        }
        for layer in range(one.values.shape[1])
    ]


def _known(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None
