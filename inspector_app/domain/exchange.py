"""Pictures with what was found on them, as other programs take and give them."""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from inspector_app.domain.answer import Answer
from inspector_app.domain.filing import Filed
from inspector_app.domain.finding import Severity
from inspector_app.domain.frame import Pixels
from inspector_app.domain.gesture import (
    ANSWER,
    LONGEST,
    Correction,
    Marks,
    OwnFinding,
    Stand,
    findings_of,
)
from inspector_app.domain.gesture_document import read_shape, shape_document
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.wording import inert

_MOST_SIDE = 10_000_000


class Writing(StrEnum):
    """Whether there may be writing in the pixels of an image."""

    NONE = "none"
    UNKNOWN = "unknown"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing on a picture.

    Attributes:
        label: What it is.
        shape: Where; None for something about the whole picture.
        severity: How bad it is.
        is_persons: Whether a person found it, not the program.
        is_reviewed: Whether a person accepted, corrected or found it.
        confidence: Of the program's words, 0..1; None where there is none.
        text: What is written there.
        colour: In words.
        texture: In words.
        size: In `unit`; None where nobody said.
        unit: "mm" or "px".
        note: Free words.
    """

    label: str
    shape: Shape | None
    severity: Severity = Severity.MAJOR
    is_persons: bool = False
    is_reviewed: bool = False
    confidence: float | None = None
    text: str = ""
    colour: str = ""
    texture: str = ""
    size: float | None = None
    unit: str = "px"
    note: str = ""

    def as_finding(self, picture: str) -> OwnFinding | None:
        """A person's finding of the same; None where it lies nowhere.

        Args:
            picture: Key of the picture: the same thing on it has the same id each time.
        """
        if self.shape is None:
            return None
        said = repr((picture, self.label, shape_document(self.shape), self.text, self.note))
        return OwnFinding(
            id=f"imported-{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:24]}",
            shape=self.shape,
            label=inert(self.label, limit=LONGEST),
            severity=self.severity,
            text=inert(self.text, limit=LONGEST),
            colour=inert(self.colour, limit=LONGEST),
            texture=inert(self.texture, limit=LONGEST),
            size=self.size,
            unit=self.unit,
            note=inert(self.note, limit=LONGEST),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked of a picture.

    Attributes:
        question: The user's words.
        answer: What holds: as a person corrected it, else as the program said it.
        outcome: The verdict that holds; "" for none.
        is_reviewed: Whether a person accepted or corrected the answer, or judged.
        record: Number of the inspection.
    """

    question: str
    answer: str
    outcome: str = ""
    is_reviewed: bool = False
    record: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Annotated:
    """One picture with everything known of it.

    Attributes:
        name: Short name without folder or ending that is safe on every disk: "inspection-12".
        locator: Of the picture's file; "" where it is left out.
        sha256: Of the file's bytes; "" where another program did not say.
        page: Number of the picture in its file, from 1.
        size: (width, height) in pixels.
        things: What was found.
        asked: What was asked.
        pixels: (H, W, 3) of the whole picture, or None where no record kept them.
        filed: Its records, oldest first; empty for a picture of another program.
        original: Its file, where that is still the same; None where it is gone or has changed.
        is_nameless: Whether nothing may be written that tells who the patient is.
        masks: Boxes that are painted over in the pixels, by somebody who looked for writing;
            already done in `pixels`. None where nobody looked.
    """

    name: str
    locator: str
    sha256: str
    page: int
    size: tuple[int, int]
    things: tuple[Thing, ...] = ()
    asked: tuple[Asked, ...] = ()
    pixels: Pixels | None = None
    filed: tuple[Filed, ...] = ()
    original: Path | None = None
    is_nameless: bool = False
    masks: tuple[Region, ...] | None = None


def things_of(inspection: Inspection, marks: Marks) -> Iterator[Thing]:
    """What the program found in a record and no person rejected, as people corrected it."""
    if inspection.verdict is None or inspection.id is None:
        return
    for index, found in enumerate(inspection.verdict.findings):
        said = marks.correction(inspection.id, index)
        if said.stand is Stand.REJECTED:
            continue
        where = None if found.location is None else Shape.of(found.location)
        yield Thing(
            label=said.label or found.type,
            shape=said.shape or where,
            severity=said.severity or found.severity,
            is_reviewed=said.stand is Stand.ACCEPTED or said.is_edited,
            confidence=found.confidence,
            text=said.text if said.text is not None else "",
            note=said.reason,
        )


def own_things(marks: Marks) -> Iterator[Thing]:
    """What people found."""
    for own in marks.findings:
        yield Thing(
            label=own.label,
            shape=own.shape,
            severity=own.severity,
            is_persons=True,
            is_reviewed=True,
            text=own.text,
            colour=own.colour,
            texture=own.texture,
            size=own.size,
            unit=own.unit,
            note=own.note,
        )


def asked_of(inspection: Inspection, marks: Marks) -> Asked:
    """The question of a record with the answer and the verdict that hold."""
    answer: Answer = inspection.answer
    text, is_reviewed = answer.text, False
    outcome = "" if inspection.verdict is None else inspection.verdict.outcome.value
    if inspection.id is not None:
        judgement = marks.judgement_of(inspection.id)
        if judgement is not None:
            outcome, is_reviewed = judgement.outcome.value, True
        for index, found in enumerate(findings_of(inspection)):
            said: Correction = marks.correction(inspection.id, index)
            is_reviewed = is_reviewed or said.stand is not Stand.OPEN or said.is_edited
            if found.type == ANSWER and said.text is not None:
                text = said.text
    return Asked(inspection.question, text, outcome, is_reviewed, inspection.id)


def thing_document(thing: Thing) -> dict[str, Any]:
    """Everything a format has no place of its own for, as plain JSON values."""
    document: dict[str, Any] = {
        "severity": str(thing.severity),
        "found_by": "person" if thing.is_persons else "program",
        "reviewed": thing.is_reviewed,
        "confidence": thing.confidence,
        "text": thing.text,
        "colour": thing.colour,
        "texture": thing.texture,
        "size": thing.size,
        "unit": thing.unit,
        "note": thing.note,
        "shape": None if thing.shape is None else shape_document(thing.shape),
    }
    return {name: value for name, value in document.items() if value is not None and value != ""}


def read_thing(label: str, shape: Shape | None, said: Mapping[str, Any]) -> Thing:
    """A thing of another program, with what `thing_document` wrote where it did.

    Args:
        label: What it is.
        shape: As the format itself has it; used where `said` has none.
        said: As `thing_document` made it, or anything else.

    Raises:
        ValueError: what is there is not what it should be.
    """
    own = said.get("shape")
    size = said.get("size")
    confidence = said.get("confidence")
    return Thing(
        label=str(label),
        shape=read_shape(own) if isinstance(own, Mapping) else shape,
        severity=Severity(said.get("severity", "major")),
        is_persons=said.get("found_by") == "person",
        is_reviewed=said.get("reviewed") is True,
        confidence=None if confidence is None else finite(confidence),
        text=str(said.get("text", "")),
        colour=str(said.get("colour", "")),
        texture=str(said.get("texture", "")),
        size=None if size is None else finite(size),
        unit=str(said.get("unit", "px")),
        note=str(said.get("note", "")),
    )


def finite(number: Any) -> float:
    """A number of another program.

    Raises:
        ValueError: it is none, or endless.
    """
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        raise ValueError(f"{number!r} is no number")
    found = float(number)
    if not math.isfinite(found):
        raise ValueError(f"{number!r} is no number")
    return found


def picture_size(width: Any, height: Any) -> tuple[int, int]:
    """(width, height) as another program wrote them.

    Raises:
        ValueError: they are no size of a picture.
    """
    size = int(finite(width)), int(finite(height))
    if not all(0 < side <= _MOST_SIDE for side in size):
        raise ValueError(f"{size} is no size of a picture")
    return size


def bounding(shape: Shape) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) about a shape, not rounded."""
    xs, ys = zip(*shape.outline, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Shape:
    """An upright box as a shape.

    Raises:
        ValueError: it has no area.
    """
    return Shape(ShapeKind.RECTANGLE, ((float(x0), float(y0)), (float(x1), float(y1))))


def labels_in(pictures: Iterable[Annotated]) -> tuple[str, ...]:
    """All labels, in alphabetical order."""
    return tuple(sorted({thing.label for one in pictures for thing in one.things}))


def unseen(pictures: int) -> list[str]:
    """What is lost of so many pictures without pixels, in words; nothing of none."""
    return [f"{pictures} pictures, of which no record kept every pixel"] if pictures else []


def losses(
    things: Sequence[Thing],
    *,
    kinds: Sequence[ShapeKind],
    keeps_words: bool,
    turns: bool,
    keeps_whole: bool = False,
) -> Iterator[str]:
    """What a format cannot say of these things, each kind of loss once, in words.

    Args:
        things: All that would be written.
        kinds: Shapes that the format knows.
        keeps_words: Whether it keeps severity, text, note and the like.
        turns: Whether its rectangles can be turned.
        keeps_whole: Whether it has a place for what is about the whole picture.
    """
    nowhere = sum(thing.shape is None for thing in things)
    if nowhere and not keeps_whole:
        yield f"{nowhere} about the whole picture, which have no box"
    for kind in ShapeKind:
        count = sum(thing.shape is not None and thing.shape.kind is kind for thing in things)
        if count and kind not in kinds:
            yield f"the exact shape of {count} drawn as {kind}"
    turned = sum(thing.shape is not None and bool(thing.shape.angle) for thing in things)
    if turned and not turns:
        yield f"how {turned} rectangles are turned: the box about them is written"
    plain = [Thing(thing.label, thing.shape) for thing in things]
    if not keeps_words and any(
        replace(thing, shape=None) != replace(bare, shape=None)
        for thing, bare in zip(things, plain, strict=True)
    ):
        yield "severity, probability, text, size, notes, and who found and reviewed it"
