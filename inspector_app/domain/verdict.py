"""PASS, FAIL or CHECK: what an answer means for the part or the patient.

CHECK is what every doubt becomes; no path leads from an error to PASS.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from inspector_app.domain.answer import Answer


class Outcome(StrEnum):
    """The three verdicts."""

    PASS = "PASS"
    FAIL = "FAIL"
    CHECK = "CHECK"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its reason in words."""

    outcome: Outcome
    reason: str


UNWANTED = (
    "crack scratch stain dent defect damage hole rust corrosion chip break burr flaw leak spill "
    "missing broken damaged cracked scratched stained loose "
    "nodule lesion tumor tumour fracture bleed bleeding haemorrhage hemorrhage mass polyp "
    "calcification effusion abnormality abnormal"
).split()
_OPENING = re.compile(
    r"^\s*(is|are|was|were|does|do|did|has|have|can|could|any)\b", flags=re.IGNORECASE
)
DOUBT_BELOW = 0.5
"""Margins (probability of first minus second) under this are a doubt."""


def asks_for_unwanted(question: str) -> bool:
    """Whether this is a yes/no question about something nobody wants to find."""
    if not _OPENING.match(question):
        return False
    words = re.findall(r"[a-z]+", question.lower())
    # "defects", "cracks" and "polyps" mean the same as their singular.
    singular = {word.removesuffix("s") for word in words} | set(words)
    return any(word in singular for word in UNWANTED) and "no" not in words and "not" not in words


def judge(question: str, *, whole: Answer | None, zoomed: Answer | None) -> Verdict | None:
    """The verdict on a yes/no question about something unwanted; None for other questions.

    Args:
        question: The user's words.
        whole: The answer on the whole picture; None when it could not be had.
        zoomed: The answer with the crops; None when nothing was zoomed.
    """
    if not asks_for_unwanted(question):
        return None
    if whole is None:
        return Verdict(Outcome.CHECK, "there is no answer")
    answers = [answer for answer in (whole, zoomed) if answer is not None]
    last = answers[-1]
    if last.plain not in {"yes", "no"}:
        return Verdict(Outcome.CHECK, "the answer is neither yes nor no")
    if not whole.agrees_with(last):
        return Verdict(Outcome.CHECK, "the whole picture and the zoomed view disagree")
    if any(answer.margin is None for answer in answers):
        return Verdict(Outcome.CHECK, "the model does not tell how sure it is")
    if any(answer.margin < DOUBT_BELOW for answer in answers if answer.margin is not None):
        return Verdict(Outcome.CHECK, "the model is in doubt")
    if last.plain == "yes":
        return Verdict(Outcome.FAIL, "found")
    return Verdict(Outcome.PASS, "not found")
