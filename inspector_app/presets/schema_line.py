"""The parts of a preset's file that operator mode works by."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from inspector_app.domain.golden import Golden
from inspector_app.presets.entries import FilePath, Part

MOST_SAMPLES = 50


class GoldenPart(Part):
    """Samples whose verdicts must be right before an operator's parts are inspected."""

    good: tuple[FilePath, ...] = Field(
        default=(),
        max_length=MOST_SAMPLES,
        description="Files and folders of pictures that must pass; from the preset's own folder "
        "if relative.",
    )
    bad: tuple[FilePath, ...] = Field(
        default=(), max_length=MOST_SAMPLES, description="Of pictures that must fail."
    )
    each: int | None = Field(
        default=None,
        ge=1,
        le=MOST_SAMPLES,
        strict=True,
        description="So many good and so many bad ones are shown; empty for all.",
    )
    every_hours: float | None = Field(
        default=None,
        ge=0.1,
        le=168,
        allow_inf_nan=False,
        description="Shown again after so many hours; empty for once a shift and after changes.",
    )

    @model_validator(mode="after")
    def _shows_both(self) -> Self:
        if bool(self.good) != bool(self.bad):
            raise ValueError("name good and bad samples: one kind alone proves nothing")
        return self

    def as_golden(self, folder: Path) -> Golden:
        """As the program uses it; relative paths begin in `folder`."""
        good, bad = (tuple(str(folder / name) for name in names) for names in (self.good, self.bad))
        return Golden(good, bad, self.each, self.every_hours)


class OperatorPart(Part):
    """How operator mode works by this preset."""

    serial: Literal["scanner", "code", "name"] = Field(
        default="scanner",
        description="Where a part's serial number comes from: a scanner, a code in the picture, "
        "or the name of the picture's file.",
    )
