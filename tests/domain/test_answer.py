"""What the model said, and how it weighed its words."""

import math

import pytest

from inspector_app.domain.answer import Answer, Token


def said(text: str, *logprobs: float | None) -> Answer:
    return Answer(text, tuple(Token("x", value) for value in logprobs), margin=0.9)


def test_the_log_probability_is_the_sum_over_tokens():
    assert said("ab", -0.5, -0.25).logprob == pytest.approx(-0.75)


def test_the_weakest_token_is_given_as_a_probability():
    assert said("ab", -0.5, math.log(0.25)).weakest == pytest.approx(0.25)


def test_one_unknown_token_makes_the_whole_unknown():
    assert said("ab", -0.5, None).logprob is None
    assert said("ab", -0.5, None).weakest is None


def test_an_empty_answer_has_no_weakest_token():
    assert said("").weakest is None
    assert said("").plain == ""


@pytest.mark.parametrize("text", ["Yes", "yes.", " YES ", "yes!", "'yes'"])
def test_case_spaces_and_closing_marks_do_not_matter(text):
    assert said(text).agrees_with(said("yes"))


@pytest.mark.parametrize("text", ["no", "yes, a crack", "", "y es"])
def test_other_words_disagree(text):
    assert not said(text).agrees_with(said("yes"))
