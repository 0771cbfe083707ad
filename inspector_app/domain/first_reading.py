"""A reader's findings from before the program's were shown, compared with the program's.

What people mark after they saw a machine's findings is not independent of them; so what was
marked before is kept apart, and agreement is counted from it alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inspector_app.domain.finding import Finding
from inspector_app.domain.gesture import ANSWER, Marks, OwnFinding, findings_of
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.region import Region

LEAST_OVERLAP = 0.5
"""So much of the smaller of two boxes lies in the larger when both are about the same thing.

The program's box is what it was shown enlarged, and mostly larger than what a person draws about
the thing itself: intersection over union would be small where both mean the same.
"""


class Who(StrEnum):
    """Who found something."""

    BOTH = "both"
    READER = "reader"
    PROGRAM = "program"
    BEFORE = "before"  # by the reader, where the program's answer names no findings to compare
    AFTER = "after"  # by a person, once the program's findings were known


@dataclass(frozen=True, slots=True)
class Match:
    """One thing that was found.

    Attributes:
        who: By whom.
        own: Id of the person's finding; "" where only the program found it.
        index: Number of the program's finding, as in `findings_of`; None where it found nothing.
        overlap: Share of the smaller box that lies in the larger, 0..1.
    """

    who: Who
    own: str = ""
    index: int | None = None
    overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things were found by both, by the reader alone, and by the program alone."""

    both: int = 0
    reader: int = 0
    program: int = 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """Of both, of the reader alone, of the program alone."""
        return self.both, self.reader, self.program

    @classmethod
    def of(cls, matches: Sequence[Match]) -> "Tally":
        """Counted; what was found afterwards does not count."""
        found = [match.who for match in matches]
        return cls(*(found.count(who) for who in (Who.BOTH, Who.READER, Who.PROGRAM)))


def compared(inspection: Inspection, marks: Marks) -> tuple[Match, ...]:
    """Who found what: the reader's findings in their order, then what only the program found.

    Empty while the first reading is not ended. Each finding has one partner at most: the pair
    that overlaps most is taken first. An answer without a verdict has no findings: there, nothing
    is said of agreement.
    """
    reading = marks.reading
    if not reading.is_locked:
        return ()
    later = [one for one in marks.findings if one.id not in {own.id for own in reading.findings}]
    after = [Match(Who.AFTER, one.id) for one in later]
    if inspection.verdict is None:
        return (*(Match(Who.BEFORE, own.id) for own in reading.findings), *after)
    found = [(at, one) for at, one in enumerate(findings_of(inspection)) if one.type != ANSWER]
    pairs = _pairs(reading.findings, found, within=inspection.size)
    matches = [
        Match(Who.BOTH, own.id, *pairs[own.id]) if own.id in pairs else Match(Who.READER, own.id)
        for own in reading.findings
    ]
    partners = {index for index, _ in pairs.values()}
    matches += [Match(Who.PROGRAM, index=at) for at, _ in found if at not in partners]
    return (*matches, *after)


def overlap(one: Region, other: Region) -> float:
    """Share of the smaller box that lies in the larger, 0..1."""
    shared = one.intersection(other)
    return 0.0 if shared is None else shared.area / min(one.area, other.area)


def reading_document(inspection: Inspection, marks: Marks) -> dict[str, Any] | None:
    """A first reading that was ended, as plain JSON values for reports; None where there is none.

    Boxes are half open [x0, y0, x1, y1] in full-resolution pixels.
    """
    reading = marks.reading
    if not reading.is_locked:
        return None
    findings = {own.id: own for own in (*marks.findings, *reading.findings)}
    return {
        "verdict": None if reading.outcome is None else reading.outcome.value,
        "by": reading.by,
        "blind": reading.is_blind,
        "shown_record": reading.record,
        "findings": [
            {
                "found_by": match.who.value,
                "label": findings[match.own].label if match.own else None,
                "severity": findings[match.own].severity.value if match.own else None,
                "box": _box(findings[match.own], within=inspection.size) if match.own else None,
                "program_finding": match.index,
                "overlap": round(match.overlap, 4),
            }
            for match in compared(inspection, marks)
        ],
    }


def _pairs(
    own: Sequence[OwnFinding], found: Sequence[tuple[int, Finding]], *, within: tuple[int, int]
) -> dict[str, tuple[int, float]]:
    """(number of the program's finding, overlap) by id of the person's."""
    close = []
    for one in own:
        box = one.shape.bounds(within)
        for at, other in found:
            if box is None or other.location is None:
                continue
            share = overlap(box, other.location)
            if share >= LEAST_OVERLAP:
                # Of equal overlaps the boxes that are more alike.
                close.append((share, box.iou(other.location), one.id, at))
    pairs: dict[str, tuple[int, float]] = {}
    taken = set[int]()
    for share, _alike, id, at in sorted(close, key=lambda pair: (-pair[0], -pair[1])):
        if id not in pairs and at not in taken:
            pairs[id] = (at, share)
            taken.add(at)
    return pairs


def _box(own: OwnFinding, *, within: tuple[int, int]) -> list[int] | None:
    box = own.shape.bounds(within)
    return None if box is None else list(box.box)
