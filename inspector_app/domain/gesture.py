"""What people did to a picture, gesture by gesture, and what holds after all of them.

A `Gesture` is one thing a person did; gestures are only ever added, undoing and redoing among
them. `Marks` is what holds; how it came to be so and what can be gone back to is in `history`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from inspector_app.domain.check_kinds import Check
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.golden import GoldenCheck
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.measure import Measure
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.domain.verdict import Outcome

LAID = "laid-"
"""How the ids of regions begin that a preset laid on the picture, or that nobody stored."""

ANSWER = "answer"
"""Type of the finding that stands for an answer in which no rule found anything."""

LONGEST = 2000
"""Characters of a text that a person adds."""


class Verb(StrEnum):
    """What a person did."""

    DRAWN = "drawn"
    MOVED = "moved"
    RESIZED = "resized"
    TURNED = "turned"
    RENAMED = "renamed"
    RECOLOURED = "recoloured"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    ASKED = "asked"
    DUPLICATED = "duplicated"
    DELETED = "deleted"
    MEASURED = "measured"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REOPENED = "reopened"
    EDITED = "edited"
    ADDED = "added"
    COPIED = "copied"
    JUDGED = "judged"
    NOTED = "noted"
    READ = "read"
    CHECKED = "checked"
    UNDO = "undo"
    REDO = "redo"


class Stand(StrEnum):
    """What a person says of something the model found."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Roi:
    """A region of interest that a person drew.

    Attributes:
        id: Tells it from all others of the picture.
        shape: With an area.
        name: For people; may be empty.
        colour: Number in the window's colours.
        is_locked: Whether it is kept from being moved, changed and deleted.
        question: Asked of this region alone; "" for the common one.
        expected: Texts of which its own answer must be one; empty demands nothing.
        checks: What the answer on it alone must pass beside that, as a preset had it.
    """

    id: str
    shape: Shape
    name: str = ""
    colour: int = 0
    is_locked: bool = False
    question: str = ""
    expected: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    def __post_init__(self) -> None:
        if not self.shape.has_area:
            raise ValueError(f"a region of interest is no {self.shape.kind}")
        _check(self.id, self.name, self.question, *self.expected)


@dataclass(frozen=True, slots=True)
class OwnFinding:
    """Something that a person found.

    Attributes:
        id: Tells it from all others of the picture.
        shape: Where; a line has its length.
        label: What it is.
        severity: How bad it is.
        text: What is written there.
        colour: In words.
        texture: In words.
        size: In `unit`; None where nobody said.
        unit: "mm" or "px".
        note: Free words.
    """

    id: str
    shape: Shape
    label: str
    severity: Severity = Severity.MAJOR
    text: str = ""
    colour: str = ""
    texture: str = ""
    size: float | None = None
    unit: str = "px"
    note: str = ""

    def __post_init__(self) -> None:
        _check(self.id, self.label, self.text, self.colour, self.texture, self.note)
        if self.unit not in {"mm", "px"} or (self.size is not None and not 0 <= self.size < 1e9):
            raise ValueError(f"no size: {self.size} {self.unit}")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of one finding of a record.

    Attributes:
        record: Number of the inspection.
        index: Of the finding, as in `findings_of`.
        stand: Accepted, rejected, or neither.
        reason: Why it was rejected.
        label: What it really is; None for what the record says.
        text: What the answer should say; None for what it says.
        shape: Where it really is; None for where the record has it.
        severity: How bad it really is; None for what the record says.
    """

    record: int
    index: int
    stand: Stand = Stand.OPEN
    reason: str = ""
    label: str | None = None
    text: str | None = None
    shape: Shape | None = None
    severity: Severity | None = None

    def __post_init__(self) -> None:
        _check(self.reason, self.label or "", self.text or "")

    @property
    def id(self) -> str:
        """Tells it from all other marks of the picture."""
        return f"finding-{self.record}-{self.index}"

    @property
    def is_edited(self) -> bool:
        """Whether it says something else than the record."""
        return (self.label, self.text, self.shape, self.severity) != (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of a person on a record.

    Attributes:
        record: Number of the inspection.
        outcome: PASS, FAIL or CHECK.
        reason: Why.
        by: Who says so; "" where nobody said who. Each person has one verdict on a record.
    """

    record: int
    outcome: Outcome
    reason: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        _check(self.reason, self.by)

    @property
    def id(self) -> str:
        """Tells it from all other marks of the picture."""
        return f"verdict-{self.record}-{self.by}" if self.by else f"verdict-{self.record}"


@dataclass(frozen=True, slots=True)
class Note:
    """What a person has to say of the picture."""

    text: str

    def __post_init__(self) -> None:
        _check(self.text)

    @property
    def id(self) -> str:
        """There is one of a picture."""
        return "note"


@dataclass(frozen=True, slots=True)
class Measurements:
    """All that is measured on the picture."""

    measures: tuple[Measure, ...]

    @property
    def id(self) -> str:
        """There is one of a picture."""
        return "measures"


@dataclass(frozen=True, slots=True)
class FirstReading:
    """What a person says of the picture before the program's findings are shown.

    Attributes:
        is_locked: Whether they were shown since: what was found by then is `findings`.
        outcome: The person's own verdict; None where none was given.
        findings: What was marked when it was locked, as it was then; empty before.
        record: Number of the inspection that was shown then; None for none.
        is_blind: Whether the person can have seen nothing that the program found here.
        by: Who read; "" where nobody said who.
    """

    is_locked: bool = False
    outcome: Outcome | None = None
    findings: tuple[OwnFinding, ...] = ()
    record: int | None = None
    is_blind: bool = True
    by: str = ""

    def __post_init__(self) -> None:
        _check(self.by)

    @property
    def id(self) -> str:
        """There is one of a picture."""
        return "first-reading"


Mark = Roi | OwnFinding | Correction | Judgement | Note | Measurements | FirstReading | GoldenCheck
_M = TypeVar(
    "_M", Roi, OwnFinding, Correction, Judgement, Note, Measurements, FirstReading, GoldenCheck
)


@dataclass(frozen=True, slots=True)
class Gesture:
    """One thing a person did to the marks of a picture.

    Attributes:
        verb: What.
        marks: What is there anew, or otherwise than before; several where many were changed
            at once.
        removed: Ids of what is there no more.
        by: Who did it; "" where nobody said who.
    """

    verb: Verb
    marks: tuple[Mark, ...] = ()
    removed: tuple[str, ...] = ()
    by: str = ""

    @property
    def is_step(self) -> bool:
        """Whether it goes back or forth, and says nothing by itself."""
        return self.verb in {Verb.UNDO, Verb.REDO}


UNDO, REDO = Gesture(Verb.UNDO), Gesture(Verb.REDO)


@dataclass(frozen=True, slots=True)
class Marks:
    """What holds on a picture.

    Attributes:
        all: In the order they came; each id once.
        hides_laid: Whether a person's own regions, or none, stand in the place of those that
            a preset lays on the picture.
    """

    all: tuple[Mark, ...] = ()
    hides_laid: bool = False

    def _of(self, kind: type[_M]) -> tuple[_M, ...]:
        return tuple(mark for mark in self.all if isinstance(mark, kind))

    @property
    def rois(self) -> tuple[Roi, ...]:
        """Regions of interest."""
        return self._of(Roi)

    @property
    def findings(self) -> tuple[OwnFinding, ...]:
        """What people found."""
        return self._of(OwnFinding)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What people measured."""
        return tuple(one for mark in self._of(Measurements) for one in mark.measures)

    @property
    def note(self) -> str:
        """What a person has to say of the picture; may be empty."""
        return "".join(mark.text for mark in self._of(Note))

    @property
    def reading(self) -> FirstReading:
        """What was said of the picture before the program's findings were shown."""
        return next(iter(self._of(FirstReading)), FirstReading())

    @property
    def checks(self) -> tuple[GoldenCheck, ...]:
        """The times golden samples were shown; these belong to no picture, see `golden.LINE`."""
        return self._of(GoldenCheck)

    def get(self, id: str) -> Mark | None:
        """The mark of this id."""
        return next((mark for mark in self.all if mark.id == id), None)

    def corrections_of(self, record: int) -> tuple[Correction, ...]:
        """What people say of the findings of a record, by their numbers."""
        found = (one for one in self._of(Correction) if one.record == record)
        return tuple(sorted(found, key=lambda one: one.index))

    def correction(self, record: int, index: int) -> Correction:
        """What people say of one finding; an open one where nobody said anything."""
        known = (one for one in self.corrections_of(record) if one.index == index)
        return next(known, Correction(record, index))

    def judgements_of(self, record: int) -> tuple[Judgement, ...]:
        """The verdicts of people on a record, one a person, the last one said last."""
        return tuple(one for one in self._of(Judgement) if one.record == record)

    def judgement_of(self, record: int) -> Judgement | None:
        """The verdict that holds: the last one that a person said of a record, or None."""
        return next(reversed(self.judgements_of(record)), None)

    def after(self, gesture: Gesture) -> "Marks":
        """What holds after one more gesture that is no step back or forth."""
        fresh = {mark.id: mark for mark in gesture.marks}
        gone = set(gesture.removed) - set(fresh)
        # Of several people's verdicts the last one counts: one that is said anew goes to the end.
        gone |= {mark.id for mark in gesture.marks if isinstance(mark, Judgement)}
        kept = [fresh.pop(mark.id, mark) for mark in self.all if mark.id not in gone]
        after = replace(self, all=(*kept, *fresh.values()))
        if any(id.startswith(LAID) for id in gesture.removed):
            return replace(after, hides_laid=True)
        if after.rois != self.rois:
            return replace(after, hides_laid=bool(after.rois))
        return after


def findings_of(inspection: Inspection) -> tuple[Finding, ...]:
    """What the model found, one by one, for a person to correct; never empty.

    Where no rule found anything, the answer itself is what can be accepted or rejected.
    """
    verdict = inspection.verdict
    if verdict is not None and verdict.findings:
        return verdict.findings
    shown: Region | None = next((found.region for found in inspection.regions), None)
    answer = inspection.answer
    return (
        Finding(
            type=ANSWER,
            location=shown,
            severity=Severity.NOTE,
            confidence=answer.weakest,
            said=answer.text,
        ),
    )


def _check(*texts: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        raise ValueError(f"a text of more than {LONGEST} characters")
