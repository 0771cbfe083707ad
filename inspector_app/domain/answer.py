"""What the model said, and how it weighed its words."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """One answer token as it came.

    Attributes:
        text: What it adds to the answer.
        logprob: Natural log of its probability, or None where a server does not tell.
    """

    text: str
    logprob: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The text with its evidence.

    Attributes:
        text: The whole answer, stripped of white space at both ends; may be empty.
        tokens: The tokens it is made of, without the end mark.
        margin: Probability of the first token minus that of the runner-up, 0..1;
            None where unknown.
        runner_up: Text of the runner-up for the first token; "" where unknown.
        end_logprob: Log-probability of stopping where the answer stopped; None if cut off.
    """

    text: str
    tokens: tuple[Token, ...]
    margin: float | None
    runner_up: str = ""
    end_logprob: float | None = None

    @property
    def logprob(self) -> float | None:
        """Sum of the tokens' log-probabilities; None where any is unknown.

        Of an answer without words, that of saying nothing.
        """
        if not self.tokens:
            return self.end_logprob
        known = [token.logprob for token in self.tokens if token.logprob is not None]
        return sum(known) if len(known) == len(self.tokens) else None

    @property
    def weakest(self) -> float | None:
        """Probability of the least likely token, 0..1; None where unknown."""
        known = [token.logprob for token in self.tokens if token.logprob is not None]
        if not self.tokens or len(known) != len(self.tokens):
            return None
        return math.exp(min(known))

    @property
    def plain(self) -> str:
        """Lower case, single spaces, no punctuation at the end: for comparing answers."""
        return " ".join(self.text.lower().split()).strip(" .!,;:'\"")

    def agrees_with(self, other: "Answer") -> bool:
        """Whether both say the same, apart from case, spaces and closing punctuation."""
        return self.plain == other.plain
