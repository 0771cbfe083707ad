"""Golden samples: parts whose verdict is known, shown to the program before it judges others."""

from dataclasses import dataclass

from inspector_app.domain.verdict import Outcome

LINE = "golden samples"
"""In the place of a picture's key: under it the checks of all shifts are kept."""


@dataclass(frozen=True, slots=True)
class Golden:
    """What a preset demands before parts may be inspected.

    Attributes:
        good: Files and folders of pictures that must be PASS.
        bad: Of pictures that must be FAIL.
        each: How many of each are shown, the first ones in their order; None for all.
        every_hours: After how long they are demanded again; None for once a shift.
    """

    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    each: int | None = None
    every_hours: float | None = None

    @property
    def is_demanded(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.good or self.bad)


@dataclass(frozen=True, slots=True)
class GoldenSample:
    """A picture whose verdict is known.

    Attributes:
        picture: Its locator.
        expected: PASS or FAIL.
        size: (width, height).
        is_deep: Whether it has more than 8 bits.
        sha256: Of the file.
    """

    picture: str
    expected: Outcome
    size: tuple[int, int]
    is_deep: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class SampleSeen:
    """What the program said of a golden sample.

    Attributes:
        name: Of its file.
        sha256: Of the bytes that were inspected; "" where they could not be.
        expected: What it had to say.
        outcome: What it said.
        words: Why, for people.
    """

    name: str
    sha256: str
    expected: Outcome
    outcome: Outcome
    words: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it said what it had to."""
        return self.outcome is self.expected


@dataclass(frozen=True, slots=True)
class GoldenCheck:
    """One time the golden samples were shown: an event that is stored.

    Attributes:
        id: Tells it from all others.
        operator: Who worked.
        preset: Name and version of the preset.
        model: Name, and the SHA-256 of the weights.
        seen: What was said of each sample; empty where they could not be shown.
        trouble: Why they could not; "" where they were.
    """

    id: str
    operator: str
    preset: str
    model: str
    seen: tuple[SampleSeen, ...] = ()
    trouble: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether parts may be inspected: good and bad samples were shown, each said right."""
        kinds = {one.expected for one in self.seen}
        shown = kinds == {Outcome.PASS, Outcome.FAIL}
        return shown and not self.trouble and all(one.is_right for one in self.seen)

    @property
    def wrong(self) -> tuple[SampleSeen, ...]:
        """Those of which something else was said."""
        return tuple(one for one in self.seen if not one.is_right)
