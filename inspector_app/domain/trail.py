"""The trail: who did what and when, one line each, in the order in which it was stored."""

from collections.abc import Iterator
from dataclasses import dataclass

from inspector_app.domain.gesture import (
    Correction,
    FirstReading,
    Gesture,
    Judgement,
    Mark,
    Measurements,
    Note,
    OwnFinding,
    Roi,
    Stand,
)
from inspector_app.domain.golden import GoldenCheck

PURPOSE = "Helps meet 21 CFR Part 11; whether a site meets it depends on how it works."
"""What stands on a trail that leaves the program."""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One thing that was done.

    Attributes:
        number: Of its entry in the chain.
        created: ISO 8601 with time zone, as the computer's clock said.
        who: Name; "" where nobody said who.
        what: "inspected", the verb of a gesture, what happened to an account, or what a
            signature means.
        record: Number of the record it is about; None where it is about none.
        picture: Path of the picture, or its hash where the path is not known; may be empty.
        details: Values, in no language.
        sha256: Hash of the entry, which covers every entry before it.
        is_set_back: Whether the clock stood earlier than at an entry before this one.
    """

    number: int
    created: str
    who: str
    what: str
    record: int | None
    picture: str
    details: str
    sha256: str
    is_set_back: bool = False


def gesture_words(gesture: Gesture) -> str:
    """What a gesture left behind, value by value."""
    gone = [f"without {id}" for id in gesture.removed]
    return "; ".join([*(_words(mark) for mark in gesture.marks), *gone])


def record_of(gesture: Gesture) -> int | None:
    """The record that a gesture is about, where it is about one."""
    about = [mark.record for mark in gesture.marks if isinstance(mark, Correction | Judgement)]
    return about[0] if about else None


def _words(mark: Mark) -> str:
    words = ""
    match mark:
        case Judgement():
            words = _because(f"record {mark.record}: {mark.outcome}", mark.reason)
        case Correction():
            words = f"record {mark.record}, finding {mark.index}: {', '.join(_corrected(mark))}"
        case OwnFinding():
            parts = (mark.text, mark.colour, mark.texture, mark.note)
            said = (mark.label, str(mark.severity), *(part for part in parts if part))
            words = f"finding {mark.id}: {', '.join(said)}"
        case Note():
            words = f"note: {mark.text}"
        case Measurements():
            words = f"measurements: {len(mark.measures)}"
        case FirstReading():
            told = "findings of the program shown" if mark.is_locked else "begun"
            words = f"first reading {told}: {mark.outcome or 'no verdict'}"
        case GoldenCheck():
            words = _checked(mark)
        case Roi():
            words = f"region {mark.id}: {mark.name}" if mark.name else f"region {mark.id}"
    return words


def _checked(mark: GoldenCheck) -> str:
    """Preset, and of each golden sample its name, hash, and what was said of it."""
    said = [
        f"{one.name} {one.sha256[:12]} must be {one.expected}, was {one.outcome}"
        for one in mark.seen
    ]
    words = f"golden samples {'right' if mark.is_passed else 'not right'}, preset {mark.preset}"
    return "; ".join([words, *said, *([mark.trouble] if mark.trouble else [])])


def _corrected(mark: Correction) -> Iterator[str]:
    if mark.stand is not Stand.OPEN:
        yield _because(str(mark.stand), mark.reason)
    for name, value in (("label", mark.label), ("text", mark.text), ("severity", mark.severity)):
        if value is not None:
            yield f"{name} {value}"
    if mark.shape is not None:
        yield "box moved"
    if mark.stand is Stand.OPEN and not mark.is_edited:
        yield "as the record says"


def _because(words: str, reason: str) -> str:
    return f"{words} ({reason})" if reason else words
