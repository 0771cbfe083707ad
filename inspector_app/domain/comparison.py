"""Two ways of asking the same labelled pictures, compared pair by pair."""

from dataclasses import dataclass
from math import comb
from typing import Any

CLAIM_BELOW = 0.05
"""No difference is claimed unless chance would show it more rarely than this."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How often each of two ways was right on the same questions.

    Attributes:
        both: Both right.
        only_a: A right, B wrong.
        only_b: B right, A wrong.
        neither: Both wrong.
    """

    both: int = 0
    only_a: int = 0
    only_b: int = 0
    neither: int = 0

    @property
    def count(self) -> int:
        """Questions in all."""
        return self.both + self.only_a + self.only_b + self.neither

    @property
    def p(self) -> float:
        """Probability that chance alone splits the differing pairs at least so unevenly.

        The exact two-sided test of McNemar (1947): under no difference each differing pair
        falls either way with 1/2.
        """
        differing, fewer = self.only_a + self.only_b, min(self.only_a, self.only_b)
        tail = sum(comb(differing, at) for at in range(fewer + 1))
        return float(min(1.0, 2 * tail / 2**differing))

    @property
    def better(self) -> str:
        """The way that can be claimed to be right more often, "A" or "B"; "" for none."""
        if self.p >= CLAIM_BELOW:
            return ""
        return "A" if self.only_a > self.only_b else "B"

    def counted(self, *, a: bool, b: bool) -> "Comparison":
        """With one more question, and whether each way was right."""
        return Comparison(
            self.both + (a and b),
            self.only_a + (a and not b),
            self.only_b + (b and not a),
            self.neither + (not a and not b),
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it.

    Attributes:
        names: Of the two ways.
        found: Counts and test.
        unreadable: Pictures that could not be opened; they count for neither.
    """

    names: tuple[str, str]
    found: Comparison
    unreadable: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """For the terminal."""
        found, (a, b) = self.found, self.names
        right_a, right_b = found.both + found.only_a, found.both + found.only_b
        told = [
            f"{found.count} questions: A ({a}) right {right_a}, B ({b}) right {right_b}",
            f"only A right {found.only_a}, only B right {found.only_b}, "
            f"McNemar's exact test p = {found.p:.3g}",
        ]
        if found.better:
            told.append(f"{found.better} is right more often; chance alone would rarely show this.")
        else:
            told.append("The difference may be chance: no claim.")
        told += [f"left out, could not be opened: {name}" for name in self.unreadable]
        return told

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        found = self.found
        return {
            "a": self.names[0],
            "b": self.names[1],
            "count": found.count,
            "both_right": found.both,
            "only_a_right": found.only_a,
            "only_b_right": found.only_b,
            "neither_right": found.neither,
            "p": found.p,
            "better": found.better,
            "unreadable": list(self.unreadable),
        }
