"""Several views of one picture, one answer: a vote weighted by log-probabilities."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inspector_app.domain.answer import Answer
from inspector_app.domain.relation import is_relational
from inspector_app.domain.saying import is_yes, plain

UNKNOWN = 0.5
"""Weight of an answer whose probability nobody tells."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One view's answer in a vote.

    Attributes:
        whose: "whole", "zoomed", or the letter of a crop.
        answer: What was said.
        weight: What it counts: the mean probability of its words, 0..1, times how often it
            counts.
    """

    whose: str
    answer: Answer
    weight: float


@dataclass(frozen=True, slots=True)
class Vote:
    """What several views come to.

    Attributes:
        winner: The answer of the side with most weight; of several, the surest.
        share: Weight of that side over the weight of all, 0..1.
        voices: All who spoke, in order.
    """

    winner: Answer
    share: float
    voices: tuple[Voice, ...]

    @property
    def is_unanimous(self) -> bool:
        """Whether all said the same."""
        return len({_meaning(voice.answer) for voice in self.voices}) == 1

    @property
    def against(self) -> tuple[Voice, ...]:
        """Who said something else."""
        said = _meaning(self.winner)
        return tuple(voice for voice in self.voices if _meaning(voice.answer) != said)


def vote(
    question: str, *, whole: Answer, zoomed: Answer | None, by_crop: Sequence[tuple[str, Answer]]
) -> Vote:
    """Merge the answers of all views.

    An answer weighs exp(mean log-probability of its words): a long answer is not punished for
    its length. Of a relational question the whole picture's answer counts as much as all
    others together may, so that it stays in front unless every other view contradicts it.

    Args:
        question: The user's words.
        whole: On the whole picture.
        zoomed: With all crops; None where nothing was zoomed.
        by_crop: (letter, answer) that crops gave by themselves; of a single crop it is the
            zoomed one and is left out.
    """
    voices = [Voice("whole", whole, weight_of(whole))]
    if zoomed is not None:
        voices.append(Voice("zoomed", zoomed, weight_of(zoomed)))
    if len(by_crop) > 1:
        # The own answer of a single crop is the zoomed one.
        voices += [Voice(letter, answer, weight_of(answer)) for letter, answer in by_crop]
    if is_relational(question) and len(voices) > 1:
        # Otherwise crops, which cannot know, would outvote the one view that can.
        first = voices[0]
        voices[0] = Voice("whole", whole, first.weight * (len(voices) - 1))
    sides: dict[str, list[Voice]] = {}
    for voice in voices:
        sides.setdefault(_meaning(voice.answer), []).append(voice)
    heaviest = max(sides.values(), key=lambda side: sum(voice.weight for voice in side))
    total = sum(voice.weight for voice in voices)
    held = sum(voice.weight for voice in heaviest)
    surest = max(heaviest, key=lambda voice: voice.weight)
    return Vote(surest.answer, held / total if total > 0 else 0.0, tuple(voices))


def weight_of(answer: Answer) -> float:
    """exp(mean log-probability of the words), 0..1; `UNKNOWN` where nobody tells."""
    total = answer.logprob
    if total is None:
        return UNKNOWN
    weight = math.exp(min(0.0, total / max(1, len(answer.tokens))))
    return weight if math.isfinite(weight) else 0.0


def _meaning(answer: Answer) -> str:
    """What is compared: yes and no in all their forms, else the plain words."""
    says_yes = is_yes(answer.text)
    return plain(answer.text) if says_yes is None else ("yes" if says_yes else "no")
