"""How far an answer leans towards yes."""

import math

from inspector_app.domain.answer import Answer
from inspector_app.domain.saying import is_yes


def leaning(answer: Answer) -> float | None:
    """2 p(yes) / (p(yes) + p(no)) - 1 of the first word: 1 for yes, -1 for no, 0 for either.

    Where a model tells no probabilities the word alone counts: 1 or -1. Where the runner-up
    is not the opposite word, the opposite is at most as probable as it, and is taken to be.
    None where the answer is neither yes nor no.

    Source: ZoomEye (EMNLP 2025), confidence of a node.
    """
    says_yes = is_yes(answer.text)
    if says_yes is None:
        return None
    sign = 1.0 if says_yes else -1.0
    first = answer.tokens[0].logprob if answer.tokens else None
    if first is None or answer.margin is None:
        return sign
    chosen = math.exp(min(first, 0.0))
    other = max(chosen - answer.margin, 0.0)
    return sign * (2 * chosen / (chosen + other) - 1) if chosen > 0 else 0.0
