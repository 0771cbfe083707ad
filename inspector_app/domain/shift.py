"""One operator's parts since operator mode began: verdicts, counts, and which stay in sight."""

from dataclasses import dataclass, replace

from inspector_app.domain.verdict import Outcome

FILM = 20
"""Parts that stay in sight."""

PART_NOTE = "part "
"""How the note of a record begins that says which part was inspected."""

_SHORTEST = 3
_GAP_MS = 60
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Part:
    """One part that was inspected.

    Attributes:
        number: Counts the parts of the shift from 1.
        picture: Locator of its picture.
        outcome: What the program said; CHECK also where it could not say anything.
        words: Answer or trouble, for people.
        serial: Of the part; "" where nobody read one.
        took_ms: From the wish to the verdict.
        record: Number of the stored inspection; None where none was stored.
        overruled: What the operator said instead; None where the program's verdict holds.
        reason: Why.
    """

    number: int
    picture: str
    outcome: Outcome
    words: str = ""
    serial: str = ""
    took_ms: float = 0.0
    record: int | None = None
    overruled: Outcome | None = None
    reason: str = ""

    @property
    def final(self) -> Outcome:
        """The verdict that holds."""
        return self.outcome if self.overruled is None else self.overruled


@dataclass(frozen=True, slots=True)
class Shift:
    """All parts since operator mode began.

    Attributes:
        operator: Who works.
        parts: In the order in which they came.
    """

    operator: str
    parts: tuple[Part, ...] = ()

    def added(self, part: Part) -> "Shift":
        """One more."""
        return replace(self, parts=(*self.parts, replace(part, number=len(self.parts) + 1)))

    def recorded(self, number: int, record: int) -> "Shift":
        """One part was stored after its verdict was told."""
        parts = tuple(
            replace(part, record=record) if part.number == number else part for part in self.parts
        )
        return replace(self, parts=parts)

    def overruled(self, number: int, outcome: Outcome, reason: str) -> "Shift":
        """The operator's verdict on one part.

        Raises:
            ValueError: no reason is given, or there is no such part.
        """
        if not reason.strip():
            raise ValueError("a verdict is overruled for a reason")
        if not 1 <= number <= len(self.parts):
            raise ValueError(f"there is no part {number}")
        told = replace(self.parts[number - 1], overruled=outcome, reason=reason.strip())
        return replace(self, parts=(*self.parts[: number - 1], told, *self.parts[number:]))

    def count(self, outcome: Outcome) -> int:
        """How many parts have this verdict now."""
        return sum(part.final is outcome for part in self.parts)

    @property
    def pass_rate(self) -> float | None:
        """Share that passed, 0..1; what is to be checked has not. None before the first."""
        return self.count(Outcome.PASS) / len(self.parts) if self.parts else None

    @property
    def film(self) -> tuple[Part, ...]:
        """The parts that stay in sight, newest first: passes leave before failures do."""
        shown = list(self.parts)
        while len(shown) > FILM:
            older = {part.final: part for part in reversed(shown[:-1])}
            shown.remove(older.get(Outcome.PASS) or older.get(Outcome.CHECK) or shown[0])
        return tuple(reversed(shown))


class Wedge:
    """Tells a scanner that types like a keyboard from a person who types.

    A scanner sends its characters within a few hundredths of a second and ends with Enter.
    """

    def __init__(self) -> None:
        self._text = ""
        self._last_ms = 0

    def is_typing(self, at_ms: int) -> bool:
        """Whether a key of this moment would belong to what is being scanned."""
        return bool(self._text) and 0 <= at_ms - self._last_ms <= _GAP_MS

    def key(self, character: str, at_ms: int) -> None:
        """One character more.

        Args:
            character: One; others and control characters are ignored.
            at_ms: When, on any clock that goes on.
        """
        if len(character) != 1 or not character.isprintable():
            return
        if not self.is_typing(at_ms):
            self._text = ""
        self._text = (self._text + character)[:_LONGEST]
        self._last_ms = at_ms

    def enter(self, at_ms: int) -> str:
        """What was scanned, now that Enter came; "" where it was typed or too short."""
        is_scanned = self.is_typing(at_ms) and len(self._text.strip()) >= _SHORTEST
        text, self._text = self._text.strip(), ""
        return text if is_scanned else ""
