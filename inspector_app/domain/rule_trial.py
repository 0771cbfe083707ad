"""Rules tried on an answer that nobody gave: what they would make of it."""

import math
from dataclasses import replace

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.own_answer import OwnAnswer
from inspector_app.domain.preset import FixedRegion
from inspector_app.domain.region import Region
from inspector_app.domain.rule import Rules
from inspector_app.domain.verdict import Evidence, Verdict, judge

_SURE = 0.999
_WHERE = Region(0, 0, 1000, 1000)


def tried(text: str, *, rules: Rules, question: str) -> Verdict | None:
    """The verdict on an answer, as if nothing else were in doubt.

    The model said the same of the whole picture and of the crop, was sure of every word and
    in time, and the picture was good.

    Args:
        text: The answer.
        rules: Of the preset.
        question: What was asked; the language of the answer is compared with it.
    """
    said = _said(text)
    return judge(Evidence(question, said, said, regions=(_WHERE,), elapsed_ms=0.0), rules)


def tried_on(text: str, region: FixedRegion, *, rules: Rules, question: str) -> Verdict | None:
    """The verdict of a region's own checks alone, likewise."""
    own = OwnAnswer(
        _WHERE,
        region.name,
        _said(text),
        checks=region.checks,
        question=region.question or question,
    )
    said = _said("-")
    evidence = Evidence(question, said, said, regions=(_WHERE,), elapsed_ms=0.0, own=(own,))
    return judge(evidence, replace(rules, checks=()))


def _said(text: str) -> Answer:
    return Answer(text.strip(), (Token(text, math.log(_SURE)),), margin=_SURE)
