"""What single regions said by themselves, and what their own rules make of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from inspector_app.domain.answer import Answer
from inspector_app.domain.check_kinds import Check, Codes, Expected, NumberRange, Ruling, State
from inspector_app.domain.finding import FindingType
from inspector_app.domain.region import Region
from inspector_app.domain.saying import is_other_language

LONGEST = 1000
"""Answers with more characters are no answer to a question that has a rule."""

MISSED = "a region with a rule of its own was not looked at"
"""A trouble: what the rule is for may be there."""


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What one region said by itself.

    Attributes:
        region: Which.
        name: Of the region, for people.
        answer: What the model said.
        expected: Texts of which it must be one; empty demands nothing.
        checks: What it must pass beside that.
        question: What was asked; "" where the language of the answer does not count.
    """

    region: Region
    name: str
    answer: Answer
    expected: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    question: str = ""

    @property
    def is_demanded(self) -> bool:
        """Whether a verdict depends on it."""
        return bool(self.expected or self.checks)

    def rulings(self, types: tuple[FindingType, ...]) -> tuple[Ruling, ...]:
        """What each of its rules makes of the answer."""
        if not self.answer.text.strip():
            return (Ruling(State.UNCLEAR, reason="there is no answer"),)
        if len(self.answer.text) > LONGEST:
            return (Ruling(State.UNCLEAR, reason="the answer is too long to be judged"),)
        ruled = [check.read(self.answer.text, types) for check in self.checks]
        if self.expected:
            ruled.append(self._as_expected())
        return tuple(ruled)

    def _as_expected(self) -> Ruling:
        texts = tuple(text for text in self.expected if text.strip())
        try:
            return Expected(texts, type=self.name or "wrong text").read(self.answer.text, ())
        except ValueError:
            return Ruling(State.UNCLEAR, reason="the rules contradict each other")

    def doubts(self, ruled: tuple[Ruling, ...], *, least_margin: float) -> Iterator[str]:
        """Why nothing may be decided by it."""
        yield from (ruling.reason for ruling in ruled if ruling.state is State.UNCLEAR)
        is_of_print = bool(self.expected) or any(
            isinstance(check, Codes | Expected | NumberRange) for check in self.checks
        )
        if not is_of_print and is_other_language(self.answer.text, asked=self.question):
            yield "the answer is in another language than the question"
        # Of what must be said word for word every word counts.
        every = (self.answer.weakest,) if is_of_print and self.answer.tokens else ()
        sure = (self.answer.margin, *every)
        if any(margin is None for margin in sure):
            yield "the model does not tell how sure it is"
        # Written so that a margin that is not a number is a doubt too.
        elif not all(margin is not None and margin >= least_margin for margin in sure):
            yield "the model is in doubt"
