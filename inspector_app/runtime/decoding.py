"""Greedy words, one at a time, with their evidence."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from inspector_app.domain.answer import Answer, Token

# Words of a draft that are tried at once, and mistakes after which it is given up.
LONGEST_DRAFT, MOST_MISTAKES = 16, 2

Decode = Callable[[Sequence[int]], str]

# What a tokenizer shows where bytes do not yet make a character.
_UNFINISHED = "\ufffd"


@dataclass(slots=True, eq=False)
class Spoken:
    """An answer while it grows.

    Attributes:
        decode: Token numbers to text, special tokens left out.
        ends: Token numbers that end an answer.
        ids: The tokens so far, without the end mark.
        logprobs: One per id, natural logarithm.
        margin: p1 - p2 of the first step.
        runner_up: Token number of the second choice at the first step.
        end_logprob: Of the end mark, once it came.
    """

    decode: Decode
    ends: frozenset[int]
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    margin: float | None = None
    runner_up: int | None = None
    end_logprob: float | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the end mark came."""
        return self.end_logprob is not None

    def hear(self, scores: Tensor) -> None:
        """Take the most likely token of (vocabulary,) float32 scores."""
        logprobs = scores.log_softmax(-1)
        best, second = logprobs.topk(2)[1].tolist()
        first, other = logprobs[[best, second]].tolist()
        if self.margin is None:
            self.margin = math.exp(first) - math.exp(other)
            self.runner_up = second
        if best in self.ends:
            self.end_logprob = first
            return
        self.ids.append(best)
        self.logprobs.append(first)

    @property
    def text(self) -> str:
        """All words so far; a character that is not complete yet is held back."""
        return self.decode(self.ids).rstrip(_UNFINISHED)

    def answer(self) -> Answer:
        """What was said, with its evidence."""
        tokens, said = [], ""
        for count, logprob in enumerate(self.logprobs, start=1):
            whole = self.decode(self.ids[:count])
            if count < len(self.ids):
                # A character of several tokens is counted to the one that completes it.
                whole = whole.rstrip(_UNFINISHED)
            added = whole.removeprefix(said) if whole.startswith(said) else ""
            tokens.append(Token(added, logprob))
            said += added
        second = "" if self.runner_up is None else self.decode([self.runner_up]).strip()
        return Answer(
            text=self.decode(self.ids).strip(),
            tokens=tuple(tokens),
            margin=self.margin,
            runner_up=second,
            end_logprob=self.end_logprob,
        )


@dataclass(slots=True, eq=False)
class Draft:
    """An answer the model may be about to give, such as the one it gave before.

    Its words go along with the last one that was spoken: one forward then tells for all of
    them whether the model would have said the same. Those it would not are forgotten, so
    that a draft changes the number of forwards and nothing else.

    Attributes:
        ids: Token numbers; may grow while it is tried.
        mistakes: How often the model said something else.
    """

    ids: Sequence[int]
    mistakes: int = 0

    def after(self, spoken: Sequence[int], *, longest: int) -> tuple[int, ...]:
        """What to try behind these words, when an answer has at most `longest`."""
        if self.mistakes >= MOST_MISTAKES:
            return ()
        room = min(LONGEST_DRAFT, longest - 1 - len(spoken))
        return tuple(self.ids[len(spoken) : len(spoken) + max(0, room)])

    def check(self, tried: Sequence[int], scores: Tensor, *, spoken: Spoken) -> None:
        """Let `spoken` hear as many words as were said right, and the one after them.

        Args:
            tried: The words that went along.
            scores: (1 + tried, vocabulary) float32: before the first, after each.
            spoken: Grows.
        """
        for at, row in enumerate(scores):
            spoken.hear(row)
            if spoken.has_ended:
                return
            if at < len(tried) and spoken.ids[-1] != tried[at]:
                self.mistakes += 1
                return
