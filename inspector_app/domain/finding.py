"""What a rule found in the answers: one thing that is wrong, where, and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from inspector_app.domain import saying
from inspector_app.domain.region import Region

STRICT: dict[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}
"""How pydantic reads rules: typos are errors, and the schema tells what every field means."""


class Severity(StrEnum):
    """How bad a finding is, from what is only worth knowing to what stops the line."""

    NOTE = "note"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the mildest; for comparing."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        type: What it is, in the words of the rule: "crack", "wrong code".
        location: Box in full-resolution pixels where the model was shown it enlarged; None
            where only the whole picture was looked at.
        severity: From the rule's table.
        confidence: Probability of the least likely word of the answer that named it, 0..1;
            None where the model tells none. How sure of its words, not how often right.
        suggestion: What to do about it, from the rule's table; may be empty.
        said: The answer it was read from.
    """

    type: str
    location: Region | None = None
    severity: Severity = Severity.MAJOR
    confidence: float | None = None
    suggestion: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class FindingType:
    """One row of the table of severities and suggestions."""

    __pydantic_config__: ClassVar = STRICT

    name: str
    """What it is called in records and reports."""
    words: tuple[str, ...] = ()
    """Words in answers that mean it, English or Chinese; the name itself always does."""
    severity: Severity = Severity.MAJOR
    """How bad it is: "note", "minor", "major" or "critical"."""
    suggestion: str = ""
    """What to do about it."""

    def __post_init__(self) -> None:
        if not self.name.strip() or not all(word.strip() for word in self.words):
            raise ValueError("a finding type and its words must not be empty")

    def is_in(self, text: str) -> bool:
        """Whether a text names it."""
        return any(saying.names(text, word) for word in (self.name, *self.words))
