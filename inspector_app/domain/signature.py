"""Signatures under records: who, when, what it means, and for which state it was given."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from inspector_app.domain.gesture import (
    Correction,
    FirstReading,
    Judgement,
    Mark,
    Marks,
    Measurements,
    Note,
    Roi,
)
from inspector_app.domain.gesture_document import mark_document
from inspector_app.domain.golden import GoldenCheck
from inspector_app.domain.operators import Right
from inspector_app.domain.summary import Say, english


class Meaning(StrEnum):
    """What a signature says."""

    REVIEWED = "reviewed"
    APPROVED = "approved"

    @property
    def right(self) -> Right:
        """What the signer must be allowed to do."""
        return Right.REVIEW if self is Meaning.REVIEWED else Right.APPROVE


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature under a record; it is never changed and never taken away.

    Attributes:
        number: Of its row.
        record: Number of the inspection.
        meaning: Reviewed or approved.
        name: Of the signer.
        role: Which the signer had.
        created: ISO 8601 with time zone.
        document_sha256: Of the record's document.
        state_sha256: Of what people had said of the record by then, see `state_of`.
        gesture: Number of the last gesture on the picture by then; 0 for none.
        is_current: Whether people have said nothing else since.
    """

    number: int
    record: int
    meaning: Meaning
    name: str
    role: str
    created: str
    document_sha256: str
    state_sha256: str
    gesture: int = 0
    is_current: bool = True


def state_of(marks: Marks, record: int) -> str:
    """SHA-256 over all that people say of a record: corrections, verdicts, findings, note.

    Regions to look at, measurements and golden samples say nothing of it, and do not count; nor
    does what is said of other records of the picture.
    """
    plain = [mark_document(mark) for mark in marks.all if _says(mark, record)]
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _says(mark: Mark, record: int) -> bool:
    match mark:
        case Roi() | Measurements() | GoldenCheck():
            return False
        case Correction() | Judgement() | FirstReading():
            return mark.record == record
        case Note():
            return bool(mark.text)
    return True


def signature_words(one: Signature, *, say: Say = english) -> str:
    """A signature in one line, for people."""
    words = say("{meaning} by {name} ({role}), {when}").format(
        meaning=say(one.meaning.value),
        name=one.name,
        role=say(one.role),
        when=one.created.replace("T", " "),
    )
    if one.is_current:
        return words
    return say("{words}: signed for an earlier state").format(words=words)
