"""How far an answer leans towards yes, by hand."""

import math

import pytest

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.leaning import leaning


def said(text, *, first=None, second=0.0):
    if first is None:
        return Answer(text, (Token(text, None),), None)
    return Answer(text, (Token(text, math.log(first)),), first - second)


@pytest.mark.parametrize(
    ("answer", "lean"),
    [
        (said("Yes", first=0.8, second=0.2), 0.6),
        (said("No.", first=0.8, second=0.2), -0.6),
        (said("yes", first=0.5, second=0.5), 0.0),
        (said("是", first=0.6, second=0.2), 0.5),
        (said("没有", first=0.9, second=0.1), -0.8),
        (said("Yes", first=1.0, second=0.0), 1.0),
        (said("yes"), 1.0),
        (said("no"), -1.0),
    ],
)
def test_it_is_the_share_of_yes_over_yes_and_no(answer, lean):
    assert leaning(answer) == pytest.approx(lean)


@pytest.mark.parametrize("text", ["", "maybe", "a red label", "Yes and no", "7"])
def test_neither_yes_nor_no_leans_nowhere(text):
    assert leaning(said(text, first=0.9)) is None
