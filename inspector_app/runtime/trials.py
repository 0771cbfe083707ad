"""Answers of experiments: said to their end, alone or by two branches at once."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from inspector_app.domain.answer import Answer
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.decoding import Spoken
from inspector_app.runtime.network import Picture
from inspector_app.runtime.probe import Probe
from inspector_app.runtime.together import Growing

if TYPE_CHECKING:
    from inspector_app.runtime.reading import CachedReading


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One of the readings whose scores are mixed.

    Attributes:
        reading: Its pictures and their cache.
        line: Its prompt; what is spoken is common to all branches.
        weight: Of its scores.
    """

    reading: "CachedReading"
    line: Growing
    weight: float

    def scores(self, words: Sequence[int]) -> Tensor:
        """(vocabulary,) float32 weighted scores of the word after these."""
        network, prompt = self.reading.network, self.line.prompt
        hidden = network.forward(
            prompt.followed_by(words),
            cache=self.reading.cache,
            probe=Probe(keep=1),
            prompt_tokens=len(prompt.ids),
        )
        return network.sound_scores(hidden)[0] * self.weight


def spoken_out(reading: "CachedReading", line: Growing) -> Steps[Answer]:
    """A whole answer, without its words on the way: nobody is shown it as the answer."""
    while not line.is_done:
        yield Step("experiment", len(line.spoken.ids), line.longest)
        with reading.network.lock:
            reading.speak(line)
    yield Step("experiment", line.longest, line.longest)
    return line.spoken.answer()


def mixed(branches: Sequence[Branch], *, spoken: Spoken) -> Steps[Answer]:
    """Greedy words of the sum of the branches' weighted scores.

    Args:
        branches: At least one; those without weight cost nothing.
        spoken: Empty; grows.
    """
    heard = [branch for branch in branches if branch.weight]
    longest = min(branch.line.longest for branch in heard)
    network = heard[0].reading.network
    while not spoken.has_ended and len(spoken.ids) < longest:
        yield Step("experiment", len(spoken.ids), longest)
        with network.working("answer the question"), torch.no_grad():
            spoken.hear(torch.stack([branch.scores(spoken.ids) for branch in heard]).sum(0))
    yield Step("experiment", longest, longest)
    return spoken.answer()


def mixed_with(
    reading: "CachedReading",
    pictures: tuple[Picture, ...],
    *,
    views: Sequence[View],
    question: str,
    share: float,
    max_tokens: int | None,
) -> Steps[Answer]:
    """An answer by a reading and by other pictures alone; see `domain.abilities.Mixing`.

    Args:
        reading: The branch that weighs `share`.
        pictures: Of the other branch; the tower has seen them already.
        views: What they show.
        question: The user's words.
        share: 0..1.
        max_tokens: Longest answer; None for the card's.
    """
    alone = replace(
        reading,
        views=tuple(views),
        pictures=pictures,
        cache=PromptCache(reading.network.depth),
        rows=OrderedDict(),
    )
    branches = [
        Branch(one, one.line(question, max_tokens=max_tokens), weight)
        for one, weight in ((reading, share), (alone, 1 - share))
    ]
    return (yield from mixed(branches, spoken=branches[0].line.spoken))
