"""Verdicts and findings in the language of the moment."""

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.verdict import Verdict
from inspector_app.domain.wording import inert
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.problems import problem_words

_LONGEST = 200
_REASONS = (
    QT_TRANSLATE_NOOP("verdict", "there is no answer"),
    QT_TRANSLATE_NOOP("verdict", "the answer is neither yes nor no"),
    QT_TRANSLATE_NOOP("verdict", "the whole picture and the zoomed view disagree"),
    QT_TRANSLATE_NOOP("verdict", "the model does not tell how sure it is"),
    QT_TRANSLATE_NOOP("verdict", "the model is in doubt"),
    QT_TRANSLATE_NOOP("verdict", "the picture is too small to judge"),
    QT_TRANSLATE_NOOP("verdict", "the program went wrong"),
    QT_TRANSLATE_NOOP("verdict", "the part was not inspected"),
    QT_TRANSLATE_NOOP("verdict", "found"),
    QT_TRANSLATE_NOOP("verdict", "not found"),
    QT_TRANSLATE_NOOP("verdict", "the text is as expected"),
    QT_TRANSLATE_NOOP("verdict", "the text is not as expected"),
    QT_TRANSLATE_NOOP("verdict", "the answer leaves it open"),
    QT_TRANSLATE_NOOP("verdict", "the answer holds several numbers"),
    QT_TRANSLATE_NOOP("verdict", "the answer holds no number"),
    QT_TRANSLATE_NOOP("verdict", "the number can be read in two ways"),
    QT_TRANSLATE_NOOP("verdict", "the unit is missing or not the one asked for"),
    QT_TRANSLATE_NOOP("verdict", "the number is below its limit"),
    QT_TRANSLATE_NOOP("verdict", "the number is above its limit"),
    QT_TRANSLATE_NOOP("verdict", "the number is within its limits"),
    QT_TRANSLATE_NOOP("verdict", "the code is on the list"),
    QT_TRANSLATE_NOOP("verdict", "the code is not on the list"),
    QT_TRANSLATE_NOOP("verdict", "the answer is not one code"),
    QT_TRANSLATE_NOOP("verdict", "the rules contradict each other"),
    QT_TRANSLATE_NOOP("verdict", "the answer fits no pattern"),
    QT_TRANSLATE_NOOP("verdict", "the answer is as it should be"),
    QT_TRANSLATE_NOOP("verdict", "the answer names nothing that the rule knows"),
    QT_TRANSLATE_NOOP("verdict", "it took too long"),
    QT_TRANSLATE_NOOP("verdict", "words in the picture may have commanded the model"),
    QT_TRANSLATE_NOOP("verdict", "writing in the picture may have steered the answer"),
    QT_TRANSLATE_NOOP("verdict", "the writing in the picture could not be read"),
    QT_TRANSLATE_NOOP("verdict", "the answer is too long to be judged"),
    QT_TRANSLATE_NOOP("verdict", "no enlarged region backs the answer"),
    QT_TRANSLATE_NOOP("verdict", "the part was not found as in the template"),
    QT_TRANSLATE_NOOP("verdict", "the model did not choose among the numbered parts"),
    QT_TRANSLATE_NOOP("verdict", "the part lies outside the allowed travel"),
    QT_TRANSLATE_NOOP("verdict", "the template picture could not be read"),
    QT_TRANSLATE_NOOP("verdict", "the picture has another size than the template picture"),
    QT_TRANSLATE_NOOP("verdict", "a region of the part lies outside the picture"),
    QT_TRANSLATE_NOOP("verdict", "the rules were made for another question"),
    QT_TRANSLATE_NOOP("verdict", "the model does not know the language of the question"),
    QT_TRANSLATE_NOOP("verdict", "a region with a rule of its own was not looked at"),
    QT_TRANSLATE_NOOP("verdict", "the picture is blurred"),
    QT_TRANSLATE_NOOP("verdict", "nothing in the picture is sharp enough to tell by"),
    QT_TRANSLATE_NOOP("verdict", "the picture is over-exposed"),
    QT_TRANSLATE_NOOP("verdict", "the picture is too dark"),
    QT_TRANSLATE_NOOP("verdict", "the answer is in another language than the question"),
    QT_TRANSLATE_NOOP("verdict", "a crop by itself shows what the answer denies"),
    QT_TRANSLATE_NOOP("verdict", "only what is allowed was found"),
)
_FOUND = (
    QT_TRANSLATE_NOOP("finding", "note"),
    QT_TRANSLATE_NOOP("finding", "minor"),
    QT_TRANSLATE_NOOP("finding", "major"),
    QT_TRANSLATE_NOOP("finding", "critical"),
    QT_TRANSLATE_NOOP("finding", "defect"),
    QT_TRANSLATE_NOOP("finding", "wrong text"),
    QT_TRANSLATE_NOOP("finding", "wrong code"),
    QT_TRANSLATE_NOOP("finding", "out of range"),
    QT_TRANSLATE_NOOP("finding", "answer"),
    # The labels of a new user, see `domain.settings.LABELS`.
    QT_TRANSLATE_NOOP("finding", "crack"),
    QT_TRANSLATE_NOOP("finding", "scratch"),
    QT_TRANSLATE_NOOP("finding", "dent"),
    QT_TRANSLATE_NOOP("finding", "stain"),
    QT_TRANSLATE_NOOP("finding", "hole"),
    QT_TRANSLATE_NOOP("finding", "missing part"),
    QT_TRANSLATE_NOOP("finding", "nodule"),
    QT_TRANSLATE_NOOP("finding", "fracture"),
)


def reason_words(reason: str) -> str:
    """Why a verdict is what it is."""
    if reason in _REASONS:
        return QCoreApplication.translate("verdict", reason)
    return problem_words(reason)


def verdict_words(verdict: Verdict) -> str:
    """The reason, with the values behind it."""
    reason = reason_words(verdict.reason)
    return f"{reason} ({inert(verdict.detail, limit=_LONGEST)})" if verdict.detail else reason


def finding_lines(verdict: Verdict) -> list[str]:
    """What was found and what to do about it, then every doubt that is not the reason."""
    lines = [_finding_words(found) for found in verdict.findings]
    return lines + [reason_words(flag) for flag in verdict.flags if flag != verdict.reason]


def _finding_words(found: Finding) -> str:
    words = f"{_say(found.type)} \N{MIDDLE DOT} {_say(found.severity.value)}"
    if found.suggestion:
        words += f" \N{MIDDLE DOT} {found.suggestion}"
    return inert(words, limit=_LONGEST)


def type_words(name: str) -> str:
    """What a finding is; a word of the user's rules stands as it is."""
    return _say(name)


def type_meant(words: str) -> str:
    """What `type_words` made of a name of ours, back to the name; other words stand as they are."""
    return next((name for name in _FOUND if _say(name) == words), words)


def severity_word(severity: Severity) -> str:
    """How bad it is."""
    return _say(severity.value)


def _say(word: str) -> str:
    """A word of ours translated; of the user's rules as it stands."""
    return QCoreApplication.translate("finding", word) if word in _FOUND else word
