"""The kinds of checks that answers can be put to.

Every kind is one dataclass whose fields are the file's fields, with a `kind` and a
`read(text, types) -> Ruling`. To add one, write it and put it into `Check`: files, their
schema and the verdict follow.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from inspector_app.domain import saying
from inspector_app.domain.finding import STRICT, FindingType
from inspector_app.domain.quantity import converted, quantities_in, scale_of
from inspector_app.domain.wildcard import fits


class State(StrEnum):
    """What one check makes of one answer."""

    GOOD = "good"
    BAD = "bad"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one check makes of one answer.

    Attributes:
        state: UNCLEAR becomes CHECK.
        types: Names of what was found, when BAD.
        reason: One of the fixed sentences of verdicts.
        detail: The values behind it, for people: "12 mm > 10 mm".
    """

    state: State
    types: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class YesNo:
    """The answer must be yes or no; one of the two is bad."""

    __pydantic_config__: ClassVar = STRICT

    kind: Literal["yes_no"] = "yes_no"
    bad: Literal["yes", "no"] = "yes"
    """The answer that means something is wrong."""
    type: str = "defect"
    """What is found then."""

    def read(self, text: str, types: tuple[FindingType, ...]) -> Ruling:  # noqa: ARG002  a kind
        """Good, bad, or neither yes nor no."""
        said = saying.is_yes(text)
        if said is None:
            return Ruling(State.UNCLEAR, reason="the answer is neither yes nor no")
        if said == (self.bad == "yes"):
            return Ruling(State.BAD, (self.type,), "found")
        return Ruling(State.GOOD, reason="not found")


@dataclass(frozen=True, slots=True)
class Expected:
    """The answer must be one of these texts, apart from case, width, spaces and punctuation."""

    __pydantic_config__: ClassVar = STRICT

    texts: tuple[str, ...]
    """What may be said, whole."""
    kind: Literal["expected"] = "expected"
    type: str = "wrong text"
    """What is found when something else is said."""

    def __post_init__(self) -> None:
        if not self.texts or not all(saying.plain(text) for text in self.texts):
            raise ValueError("an expected text must not be empty")

    def read(self, text: str, types: tuple[FindingType, ...]) -> Ruling:  # noqa: ARG002  a kind
        """Good where it is what was expected, else bad; a hedged answer is neither."""
        said = saying.plain(text)
        if said in {saying.plain(one) for one in self.texts}:
            return Ruling(State.GOOD, reason="the text is as expected")
        if saying.has_doubt(text):
            return Ruling(State.UNCLEAR, reason="the answer leaves it open")
        return Ruling(State.BAD, (self.type,), "the text is not as expected")


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The answer must hold one number inside a range."""

    __pydantic_config__: ClassVar = STRICT

    kind: Literal["number"] = "number"
    low: float | None = None
    """Smallest good value; null for no limit."""
    high: float | None = None
    """Largest good value; null for no limit."""
    unit: str = ""
    """Of the limits ("mm", "°C", "%", ...): answers in another unit are converted, answers
    without one are a doubt. Empty for a bare number."""
    type: str = "out of range"
    """What is found when it lies outside."""

    def __post_init__(self) -> None:
        limits = [limit for limit in (self.low, self.high) if limit is not None]
        # Written so that a limit that is not a number is refused too.
        if not limits or not all(abs(limit) < 1e300 for limit in limits):
            raise ValueError("a number range needs a finite low or high limit")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"no number is at least {self.low} and at most {self.high}")
        if self.unit and scale_of(self.unit) is None:
            raise ValueError(f'the unit "{self.unit}" is not known')

    def read(self, text: str, types: tuple[FindingType, ...]) -> Ruling:  # noqa: ARG002  a kind
        """Good inside, bad outside; unclear without exactly one plain number."""
        found = quantities_in(text)
        if len(found) != 1:
            why = "the answer holds several numbers" if found else "the answer holds no number"
            return Ruling(State.UNCLEAR, reason=why)
        (number,) = found
        if number.is_ambiguous:
            return Ruling(State.UNCLEAR, reason="the number can be read in two ways")
        if saying.is_inexact(text) or saying.has_doubt(text) or saying.has_negation(text):
            return Ruling(State.UNCLEAR, reason="the answer leaves it open")
        if bool(self.unit) != bool(number.unit):
            return Ruling(State.UNCLEAR, reason="the unit is missing or not the one asked for")
        value = converted(number.value, unit=number.unit, to=self.unit)
        if value is None:
            return Ruling(State.UNCLEAR, reason="the unit is missing or not the one asked for")
        return self._judged(value)

    def _judged(self, value: float) -> Ruling:
        shown = f"{value:.6g} {self.unit}".strip()
        if self.low is not None and not value >= self.low:
            detail = f"{shown} < {self.low:g}"
            return Ruling(State.BAD, (self.type,), "the number is below its limit", detail)
        if self.high is not None and not value <= self.high:
            detail = f"{shown} > {self.high:g}"
            return Ruling(State.BAD, (self.type,), "the number is above its limit", detail)
        return Ruling(State.GOOD, reason="the number is within its limits", detail=shown)


@dataclass(frozen=True, slots=True)
class Codes:
    """The answer must be one code from a list."""

    __pydantic_config__: ClassVar = STRICT

    allowed: tuple[str, ...]
    """The good codes; case and width do not count, every other letter does."""
    kind: Literal["codes"] = "codes"
    type: str = "wrong code"
    """What is found when it is another code."""

    def __post_init__(self) -> None:
        if not self.allowed or not all(saying.plain(code) for code in self.allowed):
            raise ValueError("a list of codes needs codes")

    def read(self, text: str, types: tuple[FindingType, ...]) -> Ruling:  # noqa: ARG002  a kind
        """Good where it is on the list, bad where it is another code, else unclear."""
        said = saying.plain(text)
        if said in {saying.plain(code) for code in self.allowed}:
            return Ruling(State.GOOD, reason="the code is on the list", detail=text.strip())
        is_code = " " not in said and said.isascii() and any(letter.isalnum() for letter in said)
        if not is_code or said in saying.YES | saying.NO | saying.NOTHING:
            return Ruling(State.UNCLEAR, reason="the answer is not one code")
        return Ruling(State.BAD, (self.type,), "the code is not on the list", text.strip()[:80])


@dataclass(frozen=True, slots=True)
class Patterns:
    """The whole answer must be like a good pattern and like no bad one."""

    __pydantic_config__: ClassVar = STRICT

    good: tuple[str, ...] = ()
    """`*` is any run of letters, `?` any one; case, width and closing punctuation do not count."""
    bad: tuple[str, ...] = ()
    """As `good`. An answer like both, or like neither, is a doubt."""
    kind: Literal["patterns"] = "patterns"
    type: str = "defect"
    """What is found when a bad pattern fits."""

    def __post_init__(self) -> None:
        if not (self.good or self.bad) or not all(
            saying.plain(pattern) for pattern in (*self.good, *self.bad)
        ):
            raise ValueError("answer patterns must not be empty")
        if not self.good or any(not pattern.strip("* ") for pattern in self.good):
            raise ValueError("a good pattern must say something")
        both = set(self.good) & set(self.bad)
        if both:
            raise ValueError(f'the pattern "{min(both)}" is both good and bad')

    def read(self, text: str, types: tuple[FindingType, ...]) -> Ruling:  # noqa: ARG002  a kind
        """Good or bad where only one side fits."""
        said = saying.plain(text)
        praised = [one for one in self.good if self._is_good(said, saying.plain(one))]
        is_bad = any(fits(said, saying.plain(one)) for one in self.bad)
        if praised and is_bad:
            return Ruling(State.UNCLEAR, reason="the rules contradict each other")
        if is_bad:
            return Ruling(State.BAD, (self.type,), "found")
        if not praised:
            return Ruling(State.UNCLEAR, reason="the answer fits no pattern")
        if not any(self._says_all(text, one) for one in praised):
            return Ruling(State.UNCLEAR, reason="the answer leaves it open")
        return Ruling(State.GOOD, reason="the answer is as it should be")

    def _is_good(self, said: str, pattern: str) -> bool:
        """Whether a good pattern fits, not in the middle of a word: "abnormal" is not "*normal"."""
        rest = pattern.lstrip("*")
        if rest == pattern or not saying.is_latin(rest[:1]):
            return fits(said, pattern)
        return any(
            fits(said[at:], rest)
            for at, letter in enumerate(said)
            if letter == rest[0] and not (at and saying.is_latin(said[at - 1]))
        )

    def _says_all(self, text: str, pattern: str) -> bool:
        """Whether no doubt and no negation hides in what the wildcards stand for: "not ok"."""
        return not (
            (saying.has_doubt(text) and not saying.has_doubt(pattern.replace("?", " ")))
            or (saying.has_negation(text) and not saying.has_negation(pattern))
        )


@dataclass(frozen=True, slots=True)
class Named:
    """The answer names what is wrong, in the words of the table, or says that nothing is."""

    __pydantic_config__: ClassVar = STRICT

    kind: Literal["named"] = "named"

    def read(self, text: str, types: tuple[FindingType, ...]) -> Ruling:
        """Bad with all types that are named, good for "none"; what is half denied is unclear."""
        if saying.says_nothing(text):
            return Ruling(State.GOOD, reason="not found")
        if saying.has_doubt(text):
            return Ruling(State.UNCLEAR, reason="the answer leaves it open")
        found: list[str] = []
        for clause in saying.clauses(text):
            named = [one.name for one in types if one.is_in(clause)]
            if named and saying.has_negation(clause):
                if not clause.startswith(("no ", "not ", "without ", "没有", "无", "未见")):
                    return Ruling(State.UNCLEAR, reason="the answer leaves it open")
            else:
                found += named
        if found:
            return Ruling(State.BAD, tuple(dict.fromkeys(found)), "found")
        return Ruling(State.UNCLEAR, reason="the answer names nothing that the rule knows")


Check = YesNo | Expected | NumberRange | Codes | Patterns | Named
"""Every kind of check; in a file its `kind` tells which."""
