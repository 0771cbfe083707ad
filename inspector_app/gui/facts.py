"""What the session knows, as frozen values that its signals carry."""

from dataclasses import dataclass
from enum import StrEnum

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import Problem
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.shape import ShapeKind

"""The tags of regions in the order of their score, as in `Words.whose`."""

MANUAL = "manual"
"""The strategy that looks at the rectangles drawn by hand."""

WHOLE = "whole"
"""The strategy that never zooms."""


class Pencil(StrEnum):
    """What the next drag or clicks on the picture draw."""

    REGION = "region"
    REGION_POLYGON = "region_polygon"
    FINDING_BOX = "finding_box"
    FINDING_POLYGON = "finding_polygon"
    FINDING_LINE = "finding_line"
    FINDING_POINT = "finding_point"

    @property
    def kind(self) -> ShapeKind:
        """The shape it leaves."""
        return _KINDS[self]

    @property
    def is_finding(self) -> bool:
        """Whether it marks what a person found, not where to look."""
        return self not in {Pencil.REGION, Pencil.REGION_POLYGON}


_KINDS = {
    Pencil.REGION: ShapeKind.RECTANGLE,
    Pencil.REGION_POLYGON: ShapeKind.POLYGON,
    Pencil.FINDING_BOX: ShapeKind.RECTANGLE,
    Pencil.FINDING_POLYGON: ShapeKind.POLYGON,
    Pencil.FINDING_LINE: ShapeKind.LINE,
    Pencil.FINDING_POINT: ShapeKind.POINT,
}


@dataclass(frozen=True, slots=True)
class Strategy:
    """A crop strategy that can be chosen.

    Attributes:
        name: Of its plug-in.
        title: For people, in English.
        needs: What the model must be able to do: "ask" (all can), "attend", "backpropagate".
    """

    name: str
    title: str
    needs: tuple[str, ...] = ()

    def is_served_by(self, model: ModelFacts | None) -> bool:
        """Whether a model can do what it needs; a model not loaded yet is given the benefit."""
        if model is None:
            return True
        able = {
            "ask": True,
            "attend": model.can_attend,
            "backpropagate": model.can_backpropagate,
        }
        return all(able.get(need, False) for need in self.needs)


class Kind(StrEnum):
    """Of a notice."""

    INFO = "info"
    DONE = "done"
    TROUBLE = "trouble"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user that stands inline until it is closed.

    Attributes:
        kind: Decides colour, icon, and whether it goes by itself.
        text: One sentence.
        hint: The way out; may be empty.
        trace: The traceback of a bug of ours, to copy.
    """

    kind: Kind
    text: str
    hint: str = ""
    trace: str = ""

    @classmethod
    def of(cls, problem: Problem) -> "Notice":
        """A failed job in words."""
        kind = Kind.BUG if problem.trace else Kind.TROUBLE
        return cls(kind, problem.text, hint=problem.hint, trace=problem.trace)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the running inspection is.

    Attributes:
        stage: The word of the work: "read", "ask", "look", "zoom", "save", ...
        done: Steps finished.
        total: Steps in all, 0 when not known.
        locator: The picture it is about.
        is_stopping: The user asked to stop; the step being done still ends.
        waiting: How many inspections wait behind this one.
    """

    stage: str
    done: int
    total: int
    locator: str
    is_stopping: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What lies on the picture: where the model looked and what was shown larger."""

    map: AttentionMap | None = None
    regions: tuple[ScoredRegion, ...] = ()


@dataclass(frozen=True, slots=True)
class Display:
    """How evidence is drawn; it changes nothing that is stored.

    Attributes:
        heat: Whether the heat is shown.
        boxes: Whether the boxes are shown.
        opacity: Of the heat, 0..1.
        colour_map: Name of the heat's colours.
        smooth: Interpolated instead of the honest token grid.
        layer: Which captured layer, or None for the one the boxes were read from.
        is_bare: A key is held: the picture alone.
    """

    heat: bool = True
    boxes: bool = True
    opacity: float = 0.6
    colour_map: str = "viridis"
    smooth: bool = True
    layer: int | None = None
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture that comes with the program.

    Attributes:
        path: Of the file.
        trade: "text", "industrial" or "medical".
        title: For people.
        questions: Suggestions, the main one first.
        box: Where the answer is, or None.
        expected: The right answer to the main question; may be empty.
    """

    path: str
    trade: str
    title: str
    questions: tuple[str, ...]
    box: Region | None = None
    expected: str = ""
