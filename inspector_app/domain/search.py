"""Finding stored inspections again: what is searched for, and what of a record is searched."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from inspector_app.domain.first_reading import Tally, compared
from inspector_app.domain.gesture import Judgement, Marks, Stand
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.statistics import Judged
from inspector_app.domain.telling import preset_in
from inspector_app.domain.wording import inert

OPERATOR_NOTE = "operator "
"""How the note begins that says who worked with the program."""
PERSON = "person"
"""The reader's name where nobody said who judged."""
LONGEST = 2000
"""So many characters of each text are searched."""
_PAD = "\N{INFORMATION SEPARATOR ONE}"


@dataclass(frozen=True, slots=True)
class Search:
    """Which stored inspections are wanted; every demand that is made must be met.

    Attributes:
        text: Words that occur in question, answers, findings, notes, remarks or the picture's
            path; "a phrase" in quotes as a whole. Empty for all.
        since: ISO 8601, included; without a time zone that of this computer; "" for none.
        until: ISO 8601, not included; "" for none.
        outcome: The verdict that holds: "PASS", "FAIL", "CHECK", "none"; "" for any.
        preset: How the preset's name begins; "" for any.
        operator: Who; "" for anybody.
        label: A kind of finding that still stands; "" for any.
        limit: At most so many, newest first.
    """

    text: str = ""
    since: str = ""
    until: str = ""
    outcome: str = ""
    preset: str = ""
    operator: str = ""
    label: str = ""
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What of a record is searched and counted.

    Attributes:
        at: Seconds since 1970; 0 for a time that cannot be read.
        judged: Its verdicts and kinds of findings.
        operator: Who; "" where the record does not say.
        words: All texts that are searched.
    """

    at: float
    judged: Judged
    operator: str
    words: str

    @classmethod
    def of(cls, inspection: Inspection, marks: Marks, *, record: int) -> "Found":
        """What a record says, with what people said of it since."""
        judgements = marks.judgements_of(record)
        readings = tuple((one.by or PERSON, one.outcome.value) for one in judgements)
        blind, tally = _read_first(inspection, marks, record=record)
        verdict = inspection.verdict
        labels = tuple(labels_of(inspection, marks, record=record))
        said = (note for note in inspection.notes if note.startswith(OPERATOR_NOTE))
        return cls(
            at=seconds(inspection.created) or 0.0,
            judged=Judged(
                created=inspection.created,
                outcome="" if verdict is None else verdict.outcome.value,
                types=labels,
                preset=preset_in(inspection),
                readings=(*blind, *readings),
                blind=blind,
                tally=tally,
            ),
            operator=next(said, "").removeprefix(OPERATOR_NOTE),
            words="\n".join(
                dict.fromkeys(
                    inert(text, limit=LONGEST)
                    for text in (*_texts(inspection), *labels, *_remarked(marks, judgements))
                    if text.strip()
                )
            ),
        )


def _read_first(
    inspection: Inspection, marks: Marks, *, record: int
) -> tuple[tuple[tuple[str, str], ...], tuple[int, int, int] | None]:
    """(the verdict, the tally) of a reading that knew nothing of this record's findings."""
    reading = marks.reading
    if not (reading.is_locked and reading.is_blind and reading.record == record):
        return (), None
    verdict: tuple[tuple[str, str], ...] = ()
    if reading.outcome is not None:
        verdict = ((reading.by or PERSON, reading.outcome.value),)
    return verdict, Tally.of(compared(inspection, marks)).counts


def labels_of(inspection: Inspection, marks: Marks, *, record: int) -> Iterator[str]:
    """Kinds of findings that still stand: not rejected, as corrected, and people's own."""
    if inspection.verdict is not None:
        for index, found in enumerate(inspection.verdict.findings):
            said = marks.correction(record, index)
            if said.stand is not Stand.REJECTED:
                yield said.label or found.type
    for own in marks.findings:
        yield own.label


def seconds(moment: str) -> float | None:
    """ISO 8601 as seconds since 1970; None for what is no moment."""
    try:
        return datetime.fromisoformat(moment).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def short_words(words: str) -> str:
    """What an index of three letters cannot find: padded beginnings, and Chinese letters.

    Of each Latin word its first letter and its first two, of Chinese each letter and each two
    neighbours.
    """
    found: dict[str, None] = {}
    before, text = " ", words.casefold()
    for at, letter in enumerate(text):
        begins = not before.isalnum() or is_wide(letter) or is_wide(before)
        if letter.isalnum() and begins:
            found[letter + 2 * _PAD] = None
            after = text[at + 1 : at + 2]
            if after.isalnum():
                found[letter + after + _PAD] = None
        before = letter
    return " ".join(found)


def terms(text: str) -> tuple[tuple[str, bool], ...]:
    """What a text asks for: (words, whether they are too short for three letters)."""
    asked = []
    for at, part in enumerate(inert(text, limit=LONGEST).split('"')):
        asked += [part.strip()] if at % 2 else part.split()
    return tuple(
        (term.casefold() + _PAD * (3 - len(term)), True) if len(term) < 3 else (term, False)
        for term in asked
        if term
    )


def is_wide(letter: str) -> bool:
    """Whether words of this script are written without spaces."""
    return unicodedata.east_asian_width(letter) in {"W", "F"} and letter.isalnum()


def _texts(inspection: Inspection) -> Iterator[str]:
    source, verdict = inspection.provenance, inspection.verdict
    yield inspection.question
    yield inspection.whole.text
    if inspection.zoomed is not None:
        yield inspection.zoomed.text
    yield from (answer.text for answer in inspection.crop_answers)
    if verdict is not None:
        yield verdict.reason
        for found in verdict.findings:
            yield found.type
            yield found.suggestion
    yield from inspection.notes
    yield inspection.model.name
    yield source.locator
    yield source.camera


def _remarked(marks: Marks, judgements: Iterable[Judgement]) -> Iterator[str]:
    yield marks.note
    for judgement in judgements:
        yield judgement.reason
    for own in marks.findings:
        yield from (own.label, own.text, own.colour, own.texture, own.note)
