"""PASS, FAIL or CHECK: what an answer means for the part or the patient.

CHECK is what every doubt becomes; no path leads from an error to PASS. The doubts come in a
fixed order, and the first one is the reason; all of them stand in the verdict's flags.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from inspector_app.domain.answer import Answer
from inspector_app.domain.asking import asks_for_unwanted, unwanted_in
from inspector_app.domain.check_kinds import (
    Check,
    Codes,
    Expected,
    NumberRange,
    Ruling,
    State,
    YesNo,
)
from inspector_app.domain.commands import command_in
from inspector_app.domain.finding import Finding
from inspector_app.domain.own_answer import LONGEST, MISSED, OwnAnswer
from inspector_app.domain.placement import Placement
from inspector_app.domain.quality import Quality
from inspector_app.domain.region import Region
from inspector_app.domain.rule import PictureLimits, Rules
from inspector_app.domain.saying import is_other_language

__all__ = ["Evidence", "Outcome", "Verdict", "asks_for_unwanted", "judge", "rules_for"]


class Outcome(StrEnum):
    """The three verdicts."""

    PASS = "PASS"
    FAIL = "FAIL"
    CHECK = "CHECK"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its reason in words.

    Attributes:
        outcome: PASS, FAIL or CHECK.
        reason: One fixed sentence, which the window and reports translate.
        detail: The values behind it, in no language: "12 mm > 10 mm".
        findings: What was found; also where a doubt made it CHECK.
        flags: Every doubt there was, as such sentences; also those that did not decide.
    """

    outcome: Outcome
    reason: str
    detail: str = ""
    findings: tuple[Finding, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a verdict may rest on.

    Attributes:
        question: The user's words.
        whole: The answer on the whole picture; None when it could not be had.
        zoomed: The answer with the crops; None when nothing was zoomed.
        by_crop: What each crop gave by itself, in the order of `regions`; may be empty.
        regions: Where it was zoomed, best first.
        is_ranked: Whether they stand in the order of how much the model looked at them; drawn
            ones do not.
        size: (width, height) of the picture; None where it is known to be large enough.
        quality: Of the picture; None where it was not measured.
        has_template: Whether the part had to be found first.
        placement: Where it was found; None where it was not.
        transcription: What the model reads in the picture; "" where it was not asked.
        elapsed_ms: Time of the inspection; None where it does not count.
        troubles: What went wrong on the way, as sentences; each is a doubt.
        own: What regions said to questions of their own.
    """

    question: str
    whole: Answer | None
    zoomed: Answer | None = None
    by_crop: tuple[Answer, ...] = ()
    regions: tuple[Region, ...] = ()
    is_ranked: bool = True
    size: tuple[int, int] | None = None
    quality: Quality | None = None
    has_template: bool = False
    placement: Placement | None = None
    transcription: str = ""
    elapsed_ms: float | None = None
    troubles: tuple[str, ...] = ()
    own: tuple[OwnAnswer, ...] = ()

    @property
    def demands(self) -> tuple[OwnAnswer, ...]:
        """Answers of regions that rules of their own judge."""
        return tuple(one for one in self.own if one.is_demanded)

    @property
    def is_demanding(self) -> bool:
        """Whether regions have rules of their own, be they answered or not."""
        return bool(self.demands) or MISSED in self.troubles

    @property
    def last(self) -> Answer | None:
        """The last word; None without a first one."""
        return self.whole if self.zoomed is None else self.zoomed

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All that was said."""
        said = (self.whole, self.zoomed, *self.by_crop, *(one.answer for one in self.own))
        return tuple(answer for answer in said if answer is not None)


LEAST_SIDE = 16
"""Pictures with a shorter side, in pixels, show nothing that could be passed."""
DOUBT_BELOW = 0.5
"""Margins (probability of first minus second) under this are a doubt."""
# A picture may be of any kind where no preset says what it should be like.
_ANY_PICTURE = PictureLimits(most_blur=None, most_overexposed=0.98, most_underexposed=None)


REGION_RULES = Rules(picture=_ANY_PICTURE, must_agree=False)
"""What holds where only single regions have rules of their own."""


def rules_for(question: str) -> Rules | None:
    """What holds where no preset brings rules: "yes" to something unwanted is bad; or None."""
    if not asks_for_unwanted(question):
        return None
    return Rules(
        (YesNo(type=unwanted_in(question)),), least_margin=DOUBT_BELOW, picture=_ANY_PICTURE
    )


def judge(evidence: Evidence, rules: Rules | None = None) -> Verdict | None:
    """The verdict; None where neither the rules nor the question ask for one.

    Args:
        evidence: What is known of the inspection.
        rules: Of the preset; None for those that follow from the question.
    """
    if rules is None:
        rules = rules_for(evidence.question)
    if rules is None and evidence.is_demanding:
        rules = REGION_RULES
    if rules is None or not (rules.checks or evidence.is_demanding):
        return None
    rulings = [_Ruled.of(check, evidence, rules) for check in rules.checks]
    own = [(one, one.rulings(rules.types)) for one in evidence.demands]
    findings = (*_findings(rulings, evidence, rules), *_own_findings(own, rules))
    doubts = tuple(
        dict.fromkeys(
            (
                *_doubts(evidence, rules),
                *_unclear(rulings, evidence, rules),
                *_own_doubts(own, rules),
            )
        )
    )
    flags = doubts + tuple(_warnings(evidence, rules))
    if doubts:
        detail = next((one.last.detail for one in rulings if one.last.reason == doubts[0]), "")
        return Verdict(Outcome.CHECK, doubts[0], detail, findings, flags)
    ruled = [*(one.last for one in rulings), *(one for _own, said in own for one in said)]
    return _decided(ruled, findings, rules=rules, flags=flags)


_Own = list[tuple[OwnAnswer, tuple[Ruling, ...]]]


def _own_findings(own: _Own, rules: Rules) -> Iterator[Finding]:
    for one, ruled in own:
        for name in dict.fromkeys(name for ruling in ruled for name in ruling.types):
            row = rules.type_named(name)
            yield Finding(
                type=row.name,
                location=one.region,
                severity=row.severity,
                confidence=one.answer.weakest,
                suggestion=row.suggestion,
                said=one.answer.text[:LONGEST],
            )


def _own_doubts(own: _Own, rules: Rules) -> Iterator[str]:
    for one, ruled in own:
        yield from one.doubts(ruled, least_margin=rules.least_margin)


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What one check makes of the first and of the last answer, and of each crop's own."""

    check: Check
    whole: Ruling
    last: Ruling
    by_crop: tuple[Ruling, ...]

    @classmethod
    def of(cls, check: Check, evidence: Evidence, rules: Rules) -> "_Ruled":
        whole, last, *by_crop = (
            Ruling(State.UNCLEAR, reason="there is no answer")
            if answer is None or len(answer.text) > LONGEST
            else check.read(answer.text, rules.types)
            for answer in (evidence.whole, evidence.last, *evidence.by_crop)
        )
        return cls(check, whole, last, tuple(by_crop))

    @property
    def agrees(self) -> bool:
        """Whether first and last come to the same."""
        return (self.whole.state, self.whole.types) == (self.last.state, self.last.types)


def _doubts(evidence: Evidence, rules: Rules) -> Iterator[str]:
    """Why nothing may be decided, whatever the checks say; the first decides."""
    yield from evidence.troubles
    if evidence.size is not None and min(evidence.size) < LEAST_SIDE:
        yield "the picture is too small to judge"
    if evidence.whole is None or evidence.last is None:
        yield "there is no answer"
        return
    yield from _picture_doubts(evidence, rules)
    if rules.limit_ms is not None and not (evidence.elapsed_ms or 0.0) <= rules.limit_ms:
        yield "it took too long"
    if any(command_in(text) for text in _all_said(evidence)):
        yield "words in the picture may have commanded the model"
    if any(len(answer.text) > LONGEST for answer in evidence.answers):
        yield "the answer is too long to be judged"
    if rules.needs_zoom and evidence.zoomed is None:
        yield "no enlarged region backs the answer"


def _picture_doubts(evidence: Evidence, rules: Rules) -> Iterator[str]:
    if evidence.has_template:
        if evidence.placement is None:
            yield "the part was not found as in the template"
        elif (lies := evidence.placement.doubt(rules.travel)) is not None:
            yield lies
    if evidence.quality is not None:
        poor = evidence.quality.doubt(rules.picture)
        if poor is not None:
            yield poor


def _unclear(rulings: list[_Ruled], evidence: Evidence, rules: Rules) -> Iterator[str]:
    """What the checks themselves leave open."""
    first, last = evidence.whole, evidence.last
    if first is None or last is None or not rulings:
        return
    for ruled in rulings:
        is_worded = not isinstance(ruled.check, Codes | Expected | NumberRange)
        if is_worded and is_other_language(last.text, asked=evidence.question):
            yield "the answer is in another language than the question"
        if ruled.last.state is State.UNCLEAR:
            yield ruled.last.reason
    if rules.must_agree and not all(ruled.agrees for ruled in rulings):
        yield "the whole picture and the zoomed view disagree"
    elif any(
        crop.state is State.BAD and ruled.last.state is State.GOOD
        for ruled in rulings
        for crop in ruled.by_crop
    ):
        yield "a crop by itself shows what the answer denies"
    yield from _unsure([first, last] if rules.must_agree else [last], rulings, rules)


def _unsure(answers: list[Answer], rulings: list[_Ruled], rules: Rules) -> Iterator[str]:
    margins = [answer.margin for answer in answers]
    if any(isinstance(ruled.check, Codes | Expected | NumberRange) for ruled in rulings):
        # Of print every letter counts, not only the first.
        margins += [answer.weakest for answer in answers if answer.tokens]
    if any(margin is None for margin in margins):
        yield "the model does not tell how sure it is"
    # Written so that a margin that is not a number is a doubt too.
    elif not all(margin is not None and margin >= rules.least_margin for margin in margins):
        yield "the model is in doubt"


def _warnings(evidence: Evidence, rules: Rules) -> Iterator[str]:
    """What bars PASS but not FAIL: it may have talked the model into "no"."""
    if evidence.quality is not None and evidence.quality.has_writing(rules.picture):
        yield "writing in the picture may have steered the answer"


def _all_said(evidence: Evidence) -> tuple[str, ...]:
    return (evidence.transcription, *(answer.text for answer in evidence.answers))


def _findings(rulings: list[_Ruled], evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """One a type: where the surest crop by itself shows it, else where the model looked first.

    Of several drawn regions of which none shows it by itself, none is named.
    """
    first = evidence.regions[:1] if evidence.is_ranked or len(evidence.regions) == 1 else ()
    for ruled in rulings:
        for name in ruled.last.types:
            crops = zip(evidence.regions, ruled.by_crop, evidence.by_crop, strict=False)
            shown = [
                (said.weakest or 0, region) for region, crop, said in crops if name in crop.types
            ]
            # Of equally sure ones the first.
            surest = [max(shown, key=lambda one: one[0])[1]] if shown else []
            row, last = rules.type_named(name), evidence.last
            yield Finding(
                type=row.name,
                location=next(iter([*surest, *first]), None),
                severity=row.severity,
                confidence=None if last is None else last.weakest,
                suggestion=row.suggestion,
                said="" if last is None else last.text[:LONGEST],
            )


def _decided(
    rulings: list[Ruling], findings: tuple[Finding, ...], *, rules: Rules, flags: tuple[str, ...]
) -> Verdict:
    """PASS or FAIL, once no doubt is left; a warning still bars PASS."""
    grave = [one for one in findings if one.severity.rank >= rules.fail_from.rank]
    if grave:
        bads = [ruled for ruled in rulings if ruled.state is State.BAD]
        bad = next((ruled for ruled in bads if grave[0].type in ruled.types), bads[0])
        return Verdict(Outcome.FAIL, bad.reason, bad.detail, findings, flags)
    if flags:
        return Verdict(Outcome.CHECK, flags[0], "", findings, flags)
    if findings:
        return Verdict(Outcome.PASS, "only what is allowed was found", "", findings)
    last = rulings[-1]
    return Verdict(Outcome.PASS, last.reason, last.detail)
