"""The part of a preset's file that says where to look in every picture."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from inspector_app.domain.check_kinds import Check
from inspector_app.domain.preset import MOST_ROIS, FixedRegion
from inspector_app.domain.rule import refuse_contradictions
from inspector_app.domain.shape import MOST_CORNERS, Shape, ShapeKind
from inspector_app.presets.entries import FilePath, Line, Number, Part, Words


class RoiPart(Part):
    """A region of interest."""

    box: tuple[Number, Number, Number, Number] = Field(
        description="[x0, y0, x1, y1], half open; y runs down."
    )
    name: Line = Field(default="", description="For people.")
    unit: Literal["pixels", "percent"] = Field(
        default="pixels", description="Pixels, or per cent of the picture's width and height."
    )
    question: Words = Field(
        default="",
        description="Asked of this region alone; empty for the preset's.",
    )
    checks: tuple[Check, ...] = Field(
        default=(),
        max_length=8,
        description="What the answer on this region alone must pass, beside the rules.",
    )
    expected: tuple[Line, ...] = Field(
        default=(),
        max_length=20,
        description="Answers to its own question that are good; empty demands nothing.",
    )
    angle: float = Field(
        default=0.0,
        gt=-180,
        le=180,
        allow_inf_nan=False,
        description="Of the box about its middle on the picture, in degrees, clockwise.",
    )
    corners: tuple[tuple[Number, Number], ...] = Field(
        default=(),
        max_length=MOST_CORNERS,
        description="[x, y] of a polygon's corners, in the same unit; empty for the box.",
    )
    colour: int | None = Field(
        default=None, ge=0, le=7, strict=True, description="One of eight; empty for the next."
    )
    locked: bool = Field(default=False, description="Kept from being moved and changed.")

    @model_validator(mode="after")
    def _has_an_area(self) -> Self:
        x0, y0, x1, y1 = self.box
        if x0 >= x1 or y0 >= y1:
            raise ValueError("a region needs an area: x0 < x1 and y0 < y1")
        refuse_contradictions(self.checks)
        if self.corners and (self.angle or not _has_area(self.corners)):
            raise ValueError("a polygon has three corners, an area, and no angle")
        if self.angle or self.corners:
            # Before it is turned, a box may reach over the edge; what does is cut.
            return self
        if min(self.box) < 0:
            raise ValueError("a region begins inside the picture: no edge below 0")
        if self.unit == "percent" and max(self.box) > 100:
            raise ValueError("a region in per cent ends at 100")
        if self.unit == "pixels" and any(edge != int(edge) for edge in self.box):
            raise ValueError("a region in pixels has whole edges")
        return self

    def as_region(self) -> FixedRegion:
        """As the program uses it."""
        return FixedRegion(
            self.box,
            self.name,
            self.unit,
            self.question,
            checks=self.checks,
            angle=self.angle,
            corners=self.corners,
            expected=self.expected,
            colour=self.colour,
            is_locked=self.locked,
        )

    @staticmethod
    def of(roi: FixedRegion) -> dict[str, Any]:
        """The entry that says it."""
        return {
            "box": roi.box,
            "name": roi.name,
            "unit": roi.unit,
            "question": roi.question,
            "checks": roi.checks,
            "expected": roi.expected,
            "angle": roi.angle,
            "corners": roi.corners,
            "colour": roi.colour,
            "locked": roi.is_locked,
        }


class TemplatePicturePart(Part):
    """The picture on which the regions were drawn; the rules say how far a part may travel."""

    picture: FilePath = Field(
        min_length=1, description="File of the picture; from the preset's own folder if relative."
    )


class RegionsPart(Part):
    """Where to look in every picture."""

    rois: tuple[RoiPart, ...] = Field(
        default=(),
        max_length=MOST_ROIS,
        description="Regions of interest, for the manual strategy.",
    )
    template_picture: TemplatePicturePart | None = Field(
        default=None,
        description="With it, the regions follow the part.",
    )


def _has_area(corners: tuple[tuple[float, float], ...]) -> bool:
    try:
        Shape(ShapeKind.POLYGON, corners)
    except ValueError:
        return False
    return True
