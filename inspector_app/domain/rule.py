"""Rules: how answers become findings and a verdict. The `rules` of a preset's file.

`Rules` and all it holds are plain dataclasses whose fields are the file's fields, so that
pydantic can check a file against them and write their JSON Schema, which is shipped as
part of
`resources/schema/preset.schema.json`.
"""

from dataclasses import dataclass
from typing import ClassVar

from inspector_app.domain import saying
from inspector_app.domain.asking import asks_for_unwanted
from inspector_app.domain.check_kinds import (
    Check,
    Codes,
    Expected,
    Named,
    NumberRange,
    Patterns,
    YesNo,
)
from inspector_app.domain.finding import STRICT, FindingType, Severity


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """How good a picture must be; see `imaging.quality` for the formulas."""

    __pydantic_config__: ClassVar = STRICT

    most_blur: float | None = 2.5
    """Largest blur of the strongest edges: standard deviation in pixels. A picture without any
    edge is a doubt too. Null for pictures that are soft by nature, such as X-rays."""
    most_overexposed: float | None = 0.25
    """Largest part of the picture, 0..1, that is burnt out."""
    most_underexposed: float | None = 0.9
    """Largest part of the picture, 0..1, that is black."""
    most_letters: int | None = 3
    """Longest line of writing, in letters, that belongs into such pictures. A longer one may
    command the model, and bars PASS. Null for pictures of text: nothing is looked for."""


@dataclass(frozen=True, slots=True)
class Travel:
    """How far a part may lie from its template, and how sure that must be."""

    __pydantic_config__: ClassVar = STRICT

    shift: float = 0.25
    """Largest shift of the middle, as a part of the picture's longer side."""
    rotation: float = 20.0
    """Largest turn, in degrees."""
    scale: float = 0.15
    """Largest change of size: 0.15 allows 0.85 to 1.15."""
    least_score: float = 0.7
    """Smallest score of the registration, 0..1."""
    largest_error: float = 2.0
    """Largest reprojection error, in pixels of a picture whose longer side is 2,000."""

    def __post_init__(self) -> None:
        limits = (self.shift, self.rotation, self.scale, self.largest_error)
        if not all(limit >= 0 for limit in limits) or not 0 <= self.least_score <= 1:
            raise ValueError("allowed travel cannot be negative, nor a score outside of 0 to 1")


@dataclass(frozen=True, slots=True)
class Rules:
    """How answers become findings and a verdict: the `rules` of a preset."""

    __pydantic_config__: ClassVar = STRICT

    checks: tuple[Check, ...] = ()
    """All must be good for PASS. None: there is no verdict."""
    types: tuple[FindingType, ...] = ()
    """The table of severities and suggestions."""
    fail_from: Severity = Severity.NOTE
    """Findings milder than this are told but do not fail."""
    least_margin: float = 0.5
    """First word's probability minus that of the runner-up, 0..1; below is a doubt. Of codes,
    texts and numbers every word must be at least this probable too."""
    must_agree: bool = True
    """Whether the answers on the whole picture and with the crops must come to the same. For
    print that only the crop makes legible, false: then only the zoomed answer counts."""
    needs_zoom: bool = False
    """Whether an answer without any enlarged region is a doubt."""
    limit_ms: float | None = None
    """Longest time of an inspection; longer is a doubt. Null for none."""
    picture: PictureLimits = PictureLimits()
    """How good the picture must be."""
    travel: Travel = Travel()
    """How far the part may lie from its template, where the preset has one."""

    def __post_init__(self) -> None:
        if not 0 <= self.least_margin <= 1:
            raise ValueError(f"a margin lies between 0 and 1, not at {self.least_margin}")
        if self.limit_ms is not None and not self.limit_ms > 0:
            raise ValueError("a time limit must be longer than nothing")
        names = [saying.plain(one.name) for one in self.types]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f'the finding type "{min(twice)}" stands twice in the table')
        if any(isinstance(check, Named) for check in self.checks) and not self.types:
            raise ValueError('a check of kind "named" needs the table of finding types')
        refuse_contradictions(self.checks)

    def suit(self, question: str) -> bool:
        """Whether answers to a question that they were not made for mean what the checks take.

        "No" is good news only where the question is about something unwanted: to "Is the plate
        free of cracks?" it is the opposite. Codes, numbers and texts are good in themselves.
        """
        is_plain = asks_for_unwanted(question)
        return all(_suits(check, is_plain=is_plain) for check in self.checks)

    def type_named(self, name: str) -> FindingType:
        """The row of the table; a row with the usual severity where the table has none."""
        wanted = saying.plain(name)
        rows = (one for one in self.types if saying.plain(one.name) == wanted)
        return next(rows, FindingType(name))


def _suits(check: Check, *, is_plain: bool) -> bool:
    match check:
        case YesNo():
            return is_plain and check.bad == "yes"
        case Named():
            return is_plain
        case Patterns():
            return False
        case Expected():
            replies = saying.YES | saying.NO | saying.NOTHING
            return not any(saying.plain(text) in replies for text in check.texts)
    return True


def refuse_contradictions(checks: tuple[Check, ...]) -> None:
    """Raise for checks that no answer can ever pass together.

    Raises:
        ValueError: two checks ask for opposite things.
    """
    bads = {check.bad for check in checks if isinstance(check, YesNo)}
    if len(bads) > 1:
        raise ValueError("one rule takes yes for bad, another takes no for bad")
    fixed = [
        {
            saying.plain(one)
            for one in (check.texts if isinstance(check, Expected) else check.allowed)
        }
        for check in checks
        if isinstance(check, Expected | Codes)
    ]
    if fixed and not set.intersection(*fixed):
        raise ValueError("no answer is on every list of expected texts and codes")
    ranges = [check for check in checks if isinstance(check, NumberRange)]
    for one in ranges:
        for other in ranges:
            if one.unit != other.unit or one.low is None or other.high is None:
                continue
            if one.low > other.high:
                raise ValueError(f"no number is at least {one.low:g} and at most {other.high:g}")
