"""What the entries of rules are called, for translation; all in the context "rule"."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "yes_no": QT_TRANSLATE_NOOP("rule", "Yes or no"),
        "expected": QT_TRANSLATE_NOOP("rule", "Expected text"),
        "number": QT_TRANSLATE_NOOP("rule", "Number in a range"),
        "codes": QT_TRANSLATE_NOOP("rule", "One of a list of codes"),
        "patterns": QT_TRANSLATE_NOOP("rule", "Answer patterns"),
        "named": QT_TRANSLATE_NOOP("rule", "Names what is wrong"),
    }
)
"""Titles of the kinds of checks, in the order in which they are offered."""

_KIND_HELP: Mapping[str, str] = MappingProxyType(
    {
        "yes_no": QT_TRANSLATE_NOOP("rule", "The answer must be yes or no; one of them is bad."),
        "expected": QT_TRANSLATE_NOOP(
            "rule", "The answer must be one of these texts, whole; capitals do not count."
        ),
        "number": QT_TRANSLATE_NOOP(
            "rule", "The answer must hold one number inside the limits; units are converted."
        ),
        "codes": QT_TRANSLATE_NOOP(
            "rule", "The answer must be one of these codes; every letter counts, capitals do not."
        ),
        "patterns": QT_TRANSLATE_NOOP(
            "rule",
            "* is any run of letters, ? any one. An answer like both or like neither is a doubt.",
        ),
        "named": QT_TRANSLATE_NOOP(
            "rule", "Good when it says that nothing is wrong; else it must name rows of the table."
        ),
    }
)
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "checks.bad": QT_TRANSLATE_NOOP("rule", "Bad answer"),
        "checks.type": QT_TRANSLATE_NOOP("rule", "What is found then"),
        "checks.texts": QT_TRANSLATE_NOOP("rule", "Good texts"),
        "checks.low": QT_TRANSLATE_NOOP("rule", "At least"),
        "checks.high": QT_TRANSLATE_NOOP("rule", "At most"),
        "checks.unit": QT_TRANSLATE_NOOP("rule", "Unit"),
        "checks.allowed": QT_TRANSLATE_NOOP("rule", "Good codes"),
        "checks.good": QT_TRANSLATE_NOOP("rule", "Good answers"),
        # Not the same words as of `checks.bad`, which is one answer.
        "checks.bads": QT_TRANSLATE_NOOP("rule", "Bad answers"),
        "types.name": QT_TRANSLATE_NOOP("rule", "Finding"),
        "types.words": QT_TRANSLATE_NOOP("rule", "Words that mean it"),
        "types.severity": QT_TRANSLATE_NOOP("rule", "Severity"),
        "types.suggestion": QT_TRANSLATE_NOOP("rule", "Suggestion"),
        "rules.fail_from": QT_TRANSLATE_NOOP("rule", "Fails from"),
        "rules.least_margin": QT_TRANSLATE_NOOP("rule", "Least margin"),
        "rules.must_agree": QT_TRANSLATE_NOOP("rule", "Both answers must agree"),
        "rules.needs_zoom": QT_TRANSLATE_NOOP("rule", "Needs an enlarged region"),
        "rules.limit_ms": QT_TRANSLATE_NOOP("rule", "Longest time in ms"),
        "rules.picture.most_blur": QT_TRANSLATE_NOOP("rule", "Most blur"),
        "rules.picture.most_overexposed": QT_TRANSLATE_NOOP("rule", "Most over-exposed"),
        "rules.picture.most_underexposed": QT_TRANSLATE_NOOP("rule", "Most under-exposed"),
        "rules.picture.most_letters": QT_TRANSLATE_NOOP("rule", "Longest writing"),
        "rules.travel.shift": QT_TRANSLATE_NOOP("rule", "Largest shift"),
        "rules.travel.rotation": QT_TRANSLATE_NOOP("rule", "Largest turn"),
        "rules.travel.scale": QT_TRANSLATE_NOOP("rule", "Largest change of size"),
        "rules.travel.least_score": QT_TRANSLATE_NOOP("rule", "Least score"),
        "rules.travel.largest_error": QT_TRANSLATE_NOOP("rule", "Largest error"),
    }
)
_HELP: Mapping[str, str] = MappingProxyType(
    {
        "rules.fail_from": QT_TRANSLATE_NOOP("rule", "Milder findings are told but pass."),
        "rules.least_margin": QT_TRANSLATE_NOOP(
            "rule", "0 to 1: how much likelier the first word must be than its runner-up."
        ),
        "rules.must_agree": QT_TRANSLATE_NOOP(
            "rule", "Off for print that only the enlarged view makes legible."
        ),
        "rules.limit_ms": QT_TRANSLATE_NOOP("rule", "Longer is a doubt; empty: no limit."),
        "rules.picture.most_blur": QT_TRANSLATE_NOOP(
            "rule", "Of the strongest edges, in pixels; empty: pictures are soft by nature."
        ),
        "rules.picture.most_overexposed": QT_TRANSLATE_NOOP("rule", "Part burnt out, 0 to 1."),
        "rules.picture.most_underexposed": QT_TRANSLATE_NOOP("rule", "Part that is black, 0 to 1."),
        "rules.picture.most_letters": QT_TRANSLATE_NOOP(
            "rule", "In letters; longer lines bar PASS; empty: pictures of text."
        ),
        "rules.travel.shift": QT_TRANSLATE_NOOP("rule", "As a part of the picture's longer side."),
        "rules.travel.rotation": QT_TRANSLATE_NOOP("rule", "In degrees."),
        "rules.travel.scale": QT_TRANSLATE_NOOP("rule", "0.15 allows 0.85 to 1.15."),
        "rules.travel.least_score": QT_TRANSLATE_NOOP("rule", "Of finding the part, 0 to 1."),
        "rules.travel.largest_error": QT_TRANSLATE_NOOP(
            "rule", "In pixels of a picture whose longer side is 2,000."
        ),
    }
)


def kind_title(kind: str) -> str:
    """A kind of check; what is not known stands as it is."""
    return _say(KINDS[kind]) if kind in KINDS else kind


def kind_help(kind: str) -> str:
    """What a kind of check demands."""
    return _say(_KIND_HELP[kind]) if kind in _KIND_HELP else ""


def kind_answer(answer: str) -> str:
    """Yes or no, as a person says it."""
    words = QT_TRANSLATE_NOOP("rule", "yes"), QT_TRANSLATE_NOOP("rule", "no")
    return _say(words[answer == "no"])


def rule_label(place: str) -> str:
    """What an entry of rules is called; "" where it is none."""
    name = _name(place)
    return _say(_LABELS[name]) if name in _LABELS else ""


def rule_help(place: str) -> str:
    """What such an entry may hold, in a few words; "" where its name says it."""
    name = _name(place)
    return _say(_HELP[name]) if name in _HELP else ""


def _name(place: str) -> str:
    """A place without the numbers of list entries, from the list that it stands in."""
    parts = [part for part in place.split(".") if not part.isdigit()]
    lists = [at for at, part in enumerate(parts) if part in {"checks", "types"}]
    return ".".join(parts[lists[-1] :] if lists else parts)


def _say(text: str) -> str:
    return QCoreApplication.translate("rule", text)
