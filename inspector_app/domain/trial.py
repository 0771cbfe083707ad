"""Experiments: the question answered in ways that are not known to help, told and never judged."""

from dataclasses import dataclass
from enum import StrEnum

from inspector_app.domain.answer import Answer


class TrialKind(StrEnum):
    """Which experiment."""

    REWEIGHTED = "reweighted"
    """The whole picture alone, with more attention to some of its tokens."""
    MIXED = "mixed"
    """Word by word the mean of what the whole picture and the crops alone would say."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What an experiment answered. No verdict and no vote takes it into account.

    Attributes:
        kind: Which one.
        setting: Factor of the attention, 1..2, or weight of the whole picture, 0..1.
        source: What was emphasised: "regions" or "map"; "" for a mixed answer.
        answer: What it came to.
    """

    kind: TrialKind
    setting: float
    source: str
    answer: Answer
