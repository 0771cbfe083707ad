"""Studies on labelled pictures: what is asked for, and what came of it, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from inspector_app.domain.preset import Options, Preset


class StudyKind(StrEnum):
    """What is measured."""

    SIZE = "size"
    TUNE = "tune"
    LAYERS = "layers"


@dataclass(frozen=True, slots=True)
class RunStudy:
    """Measure on labelled pictures. Finished carries a `StudyFound`.

    Attributes:
        kind: What is measured.
        model: Name of the model, or its folder.
        device: As in `LoadModel`.
        precision: As in `LoadModel`.
        file: JSON of image, question, answers, box; "" draws scenes.
        is_width_height: The file's boxes are [x, y, width, height].
        scenes: Scenes that are drawn, per trade and size; of no meaning with a file.
        strategies: Which; empty for all that the model can serve.
        count: Most crops.
        seed: Other seeds draw other scenes.
    """

    kind: StudyKind
    model: str = "embedded"
    device: str = "auto"
    precision: str = "auto"
    file: str = ""
    is_width_height: bool = False
    scenes: int = 10
    strategies: tuple[str, ...] = ()
    count: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of looking.

    Attributes:
        strategy: Name of a crop strategy, or "whole".
        count: Most crops.
        scales: For tiles; () for strategies that have none.
        gate: As in `Options`; None zooms always.
        resolution: As in `Options`.
    """

    strategy: str
    count: int = 1
    scales: tuple[float, ...] = ()
    gate: float | None = None
    resolution: float = 1.0

    @property
    def options(self) -> Options:
        """For an inspection; the gate is never closed, so that one run serves every gate."""
        scales = self.scales or Options().scales
        return Options(count=self.count, scales=scales, gate=2.0, resolution=self.resolution)

    @property
    def bare(self) -> "Choice":
        """Without its gate."""
        return replace(self, gate=None)

    @property
    def alone(self) -> "Choice":
        """The picture alone at the same resolution."""
        return Choice("whole", resolution=self.resolution)

    def onto(self, preset: Preset) -> Preset:
        """A preset that looks this way, and is otherwise as it was."""
        options = replace(
            preset.options, count=self.count, gate=self.gate, resolution=self.resolution
        )
        if self.scales:
            options = replace(options, scales=self.scales)
        return replace(preset, strategy=self.strategy, options=options)

    def onto_document(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The same for a preset's document (see `presets.schema`)."""
        look: dict[str, Any] = {
            **document.get("look", {}),
            "strategy": self.strategy,
            "count": self.count,
            "gate": self.gate,
            "resolution": self.resolution,
        }
        if self.scales:
            look["scales"] = list(self.scales)
        return {**document, "look": look}

    @property
    def words(self) -> str:
        """For people."""
        said = [self.strategy]
        if self.count > 1:
            said.append(f"{self.count} crops")
        if self.scales:
            said.append("scales " + ", ".join(f"{scale:g}" for scale in self.scales))
        if self.resolution != 1:
            said.append(f"resolution x{self.resolution:g}")
        if self.gate is not None:
            said.append(f"gate {self.gate:g}")
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class StudyRow:
    """What one way of looking gave on one group of pictures.

    Attributes:
        group: A trade, or "study"; "" for all.
        size_bin: "small", "medium", "large", "no box", or "" for all.
        way: Name of a strategy or a control, or the words of a choice.
        is_control: Whether it is only there to be compared with.
        right: Right answers.
        asked: Of so many.
        low: Lower end of the 95 % interval of their share.
        high: Its upper end.
        hit: Share of cases in which a crop held the middle of the true box; None where unknown.
        recovered: Part of the gap to the true box that is closed; None where unknown.
        tokens: Prompt tokens read a picture.
        ms: Wall time a picture.
    """

    group: str
    size_bin: str
    way: str
    is_control: bool
    right: int
    asked: int
    low: float
    high: float
    hit: float | None = None
    recovered: float | None = None
    tokens: float | None = None
    ms: float | None = None

    @property
    def share(self) -> float:
        """Right ones of those asked."""
        return self.right / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class StudyCurve:
    """A value of each layer, with its 95 % interval.

    Attributes:
        group: A trade, or "all".
        size_bin: As in `StudyRow`, or "all".
        is_right: Whether these are cases that were answered right.
        count: Cases.
        layer: The layer that maps are read from.
        values: One a layer: relative attention in the true box; 1 is chance.
        low: Lower ends; NaN where nothing follows.
        high: Upper ends.
    """

    group: str
    size_bin: str
    is_right: bool
    count: int
    layer: int
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StudyFound:
    """What a study came to.

    Attributes:
        kind: What was measured.
        about: Model, study and machine.
        rows: By group, size and way; for `LAYERS` none.
        curves: For `LAYERS` only.
        skipped: A sentence for each picture that was left out.
        csv: The figures as a table.
        json: The figures as JSON.
        choice: What suits these pictures; for `TUNE` only.
        unseen: What the choice made on one half gave on the other; None with too few pictures.
    """

    kind: StudyKind
    about: str
    rows: tuple[StudyRow, ...]
    curves: tuple[StudyCurve, ...]
    skipped: tuple[str, ...]
    csv: str
    json: str
    choice: Choice | None = None
    unseen: StudyRow | None = None
