"""Votes by hand, and which questions are about where things lie."""

import math

import pytest

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.fusion import UNKNOWN, vote, weight_of
from inspector_app.domain.relation import is_relational

PLAIN = "What is the code on the label?"
SIDE = "On which side is the nodule?"


def said(text, *probabilities):
    tokens = tuple(Token(text, math.log(one)) for one in probabilities) or (Token(text, None),)
    return Answer(text, tokens, None)


def test_the_heavier_side_wins_and_the_disagreement_is_told():
    whole, zoomed = said("K4", 0.9), said("K7", 0.5)
    crop = said("k7.", 0.8)

    found = vote(PLAIN, whole=whole, zoomed=zoomed, by_crop=[("A", crop), ("B", said("", 0.0001))])

    # 0.5 + 0.8 against 0.9; of the winners the crop is surest.
    assert found.winner is crop
    assert found.share == pytest.approx(1.3 / 2.2, rel=1e-3)
    assert [voice.whose for voice in found.against] == ["whole", "B"]
    assert not found.is_unanimous


def test_one_sure_view_outweighs_two_unsure_ones():
    found = vote(
        PLAIN,
        whole=said("a", 0.2),
        zoomed=said("b", 0.95),
        by_crop=[("A", said("a", 0.3)), ("B", said("a", 0.2))],
    )

    assert found.winner.text == "b"


def test_all_ways_to_say_yes_are_one():
    found = vote(PLAIN, whole=said("Yes.", 0.9), zoomed=said("there is", 0.9), by_crop=[])

    assert found.is_unanimous
    assert found.share == pytest.approx(1)
    assert found.against == ()


def test_a_single_crops_own_answer_is_not_counted_twice():
    zoomed = said("b", 0.6)

    found = vote(PLAIN, whole=said("a", 0.9), zoomed=zoomed, by_crop=[("A", zoomed)])

    assert [voice.whose for voice in found.voices] == ["whole", "zoomed"]
    assert found.winner.text == "a"


def test_of_a_relational_question_the_whole_picture_stays_in_front():
    views = {
        "zoomed": said("right", 0.9),
        "by_crop": [("A", said("right", 0.9)), ("B", said("right", 0.5))],
    }

    side = vote(SIDE, whole=said("left", 0.95), **views)
    plain = vote(PLAIN, whole=said("left", 0.95), **views)

    assert side.winner.text == "left"
    assert plain.winner.text == "right"


def test_a_long_answer_weighs_as_its_mean_word():
    assert weight_of(said("a b", 0.5, 0.5)) == pytest.approx(0.5)
    assert weight_of(said("a", 0.5)) == pytest.approx(0.5)
    assert weight_of(said("a")) == UNKNOWN


def test_whole_alone_is_a_vote_of_one():
    found = vote(PLAIN, whole=said("a", 0.3), zoomed=None, by_crop=[])

    assert (found.share, found.is_unanimous, len(found.voices)) == (1.0, True, 1)


def test_answers_without_any_probability_left_have_no_share():
    nothing = Answer("a", (Token("a", -math.inf),), None)

    assert vote(PLAIN, whole=nothing, zoomed=None, by_crop=[]).share == 0.0


@pytest.mark.parametrize(
    "question",
    [
        "Is the dog left of the tree?", "What is between the two screws?", "Which side is it on?",
        "What stands behind the car?", "Where is the nodule?", "结节在左边还是右边?",
        "两个螺丝之间是什么?", "标签位于哪里?", "Is the label above the crack?",
    ],
)  # fmt: skip
def test_questions_about_where_things_lie_are_recognised(question):
    assert is_relational(question)


@pytest.mark.parametrize(
    "question",
    [
        PLAIN, "Is there a crack?", "What colour is the label?", "Is that right?",
        "Is it all right?", "How many screws are left?", "图中有裂纹吗?", "标签上写了什么?",
        "大约有多少个?",
    ],
)  # fmt: skip
def test_other_questions_are_not(question):
    assert not is_relational(question)
