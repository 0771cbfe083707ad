"""What some Readings can do beyond what all can: compare, and try experiments."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.answer import Answer
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Steps


@runtime_checkable
class Reweighting(Protocol):
    """A Reading whose attention to chosen picture tokens can be raised: an experiment."""

    def ask_reweighted(
        self, question: str, *, factors: NDArray[np.float32], max_tokens: int | None = None
    ) -> Steps[Answer]:
        """Answer with log `factors` added to the scores of picture tokens, in all layers.

        It holds for the words behind the pictures, those of the answer included.

        Args:
            question: The user's words, without template.
            factors: (cells of all views,) above 0, view after view, each in row-major grid
                order; 1 leaves a cell alone, and ones throughout give the answer of `ask`.
            max_tokens: Longest answer; None for the card's.
        """


@runtime_checkable
class Mixing(Protocol):
    """A Reading that can answer together with other pictures, each by itself: an experiment."""

    def ask_mixed(
        self, question: str, *, views: Sequence[View], share: float, max_tokens: int | None = None
    ) -> Steps[Answer]:
        """Each word is the likeliest by share * own scores + (1 - share) * those of `views`.

        Args:
            question: The user's words, without template.
            views: Pictures of the other branch, shown to the model without these ones.
            share: 0..1; 1 gives the answer of `ask`, 0 that to `views` alone.
            max_tokens: Longest answer; None for the card's.
        """


@runtime_checkable
class Comparing(Protocol):
    """A Reading whose cached value vectors can be compared."""

    def resemblance(
        self, question: str, *, words: str, layers: Sequence[int]
    ) -> NDArray[np.float32]:
        """How much each picture token's value vector resembles those of some words.

        Args:
            question: Holds the words; it is read behind the picture.
            words: What the picture is compared with.
            layers: Whose value vectors are compared.

        Returns:
            (layers, tokens of the words, rows, cols) of the first view, -1..1: the cosine,
            after the mean over the picture was taken from both vectors.
            Source: arXiv:2506.21710; taking the mean away is ours.
        """
