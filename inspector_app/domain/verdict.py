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


_THINGS = frozenset(
    {"crack", "scratch", "stain", "dent", "defect", "damage", "hole", "rust", "corrosion", "chip"}
    | {"break", "burr", "flaw", "leak", "spill", "nodule", "lesion", "tumor", "tumour", "fracture"}
    | {"bleed", "bleeding", "haemorrhage", "hemorrhage", "mass", "polyp", "calcification"}
    | {"effusion", "abnormality"}
)
_STATES = frozenset(
    {"missing", "broken", "damaged", "cracked", "scratched", "stained", "dented", "loose"}
    | {"defective", "corroded", "rusty", "chipped", "leaking", "fractured", "bleeding", "abnormal"}
)
UNWANTED = _THINGS | _STATES
"""Words for what nobody wants to find, in the singular."""

# A negation turns the answer round; a quantity or comparison leaves room beside "no".
_TURNED = frozenset(
    {"no", "not", "none", "never", "nothing", "neither", "without", "free", "absent", "absence"}
    | {"lack", "lacks", "lacking", "repaired", "fixed", "gone", "exclude", "excluded", "ruled"}
    | {"than", "only", "fewer", "less", "all", "every", "most", "both", "many", "several"}
    | {"completely", "fully", "entirely", "totally"}
)
_CONTRACTED = re.compile(r"n['\u2019]t\b")
_ANSWERS = re.compile(r"\byes\s*(or|/|,)\s*no\b")
_OPENING = re.compile(r"(is|are|was|were|does|do|did|has|have|can|could|any)\b")
_PRESENCE = re.compile(
    r"(is|are|was|were) (there|this|that|it|these|those)\b"
    r"|(can|could|do|did) (you|we|one|i) (see|find|notice|detect|spot)\b"
    r"|(does|do|did)\b.*?\b(have|show|contain|display|bear)\b"
    r"|(has|have)\b|any\b"
)
_SEEN = re.compile(
    r"(is|are|was|were|can|could)\b.*\b(visible|present|seen|found|detected|there)\b"
)
LEAST_SIDE = 16
"""Pictures with a shorter side, in pixels, show nothing that could be passed."""
DOUBT_BELOW = 0.5
"""Margins (probability of first minus second) under this are a doubt."""


def asks_for_unwanted(question: str) -> bool:
    """Whether this is a plain yes/no question whose "yes" means something unwanted is there.

    "Is there a crack?", "Does the plate have a dent?" and "Is a screw missing?" are; "Is the
    plate free of cracks?" (turned round) and "Is the nodule smooth?" (about a property) are
    not: their "no" must never become a PASS.
    """
    plain = _ANSWERS.sub(" ", _CONTRACTED.sub(" not", question.lower()))
    sentences = [" ".join(re.findall(r"[a-z]+", part)) for part in re.split(r"[.?!\n]", plain)]
    asked = [sentence for sentence in sentences if _OPENING.match(sentence)]
    if len(asked) != 1 or not _TURNED.isdisjoint(" ".join(sentences).split()):
        return False
    return _asks_for_presence(asked[0])


def _asks_for_presence(said: str) -> bool:
    words = said.split()
    presence = _PRESENCE.match(said)
    if presence is not None:
        return _names(said[presence.end() :].split(), UNWANTED)
    if _SEEN.match(said):
        return _names(words, UNWANTED)
    return said.startswith(("is ", "are ", "was ", "were ")) and _names(words, _STATES)


def judge(
    question: str,
    *,
    whole: Answer | None,
    zoomed: Answer | None,
    size: tuple[int, int] | None = None,
) -> Verdict | None:
    """The verdict on a yes/no question about something unwanted; None for other questions.

    Args:
        question: The user's words.
        whole: The answer on the whole picture; None when it could not be had.
        zoomed: The answer with the crops; None when nothing was zoomed.
        size: (width, height) of the picture; None where it is known to be large enough.
    """
    if not asks_for_unwanted(question):
        return None
    if size is not None and min(size) < LEAST_SIDE:
        return Verdict(Outcome.CHECK, "the picture is too small to judge")
    if whole is None:
        return Verdict(Outcome.CHECK, "there is no answer")
    doubt = _doubt(whole, whole if zoomed is None else zoomed)
    if doubt is not None:
        return Verdict(Outcome.CHECK, doubt)
    if whole.plain == "yes":
        return Verdict(Outcome.FAIL, "found")
    return Verdict(Outcome.PASS, "not found")


def _doubt(whole: Answer, last: Answer) -> str | None:
    """Why these two answers decide nothing, in words; None where they agree and are sure."""
    if last.plain not in {"yes", "no"}:
        return "the answer is neither yes nor no"
    if not whole.agrees_with(last):
        return "the whole picture and the zoomed view disagree"
    if whole.margin is None or last.margin is None:
        return "the model does not tell how sure it is"
    # Written so that a margin that is not a number is a doubt too.
    if not (whole.margin >= DOUBT_BELOW and last.margin >= DOUBT_BELOW):
        return "the model is in doubt"
    return None


def _names(words: list[str], wanted: frozenset[str]) -> bool:
    # "cracks" and "scratches" mean the same as their singular.
    stems = {stem for word in words for stem in (word.removesuffix("s"), word.removesuffix("es"))}
    return not wanted.isdisjoint({*words, *stems, *(word[:-3] + "y" for word in words)})
