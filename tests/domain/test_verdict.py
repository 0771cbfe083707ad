"""No doubt, no disagreement and no missing answer ever becomes PASS."""

import itertools

import pytest

from inspector_app.domain.answer import Answer
from inspector_app.domain.verdict import Evidence, Outcome, asks_for_unwanted
from inspector_app.domain.verdict import judge as judged

ASKED = "Is there a crack?"


def judge(question, **evidence):
    return judged(Evidence(question, **evidence))


def said(text: str, margin: float | None = 0.9) -> Answer:
    return Answer(text, (), margin=margin)


@pytest.mark.parametrize(
    ("whole", "zoomed", "outcome"),
    [
        (said("no"), None, Outcome.PASS),
        (said("No."), said("no"), Outcome.PASS),
        (said("yes"), None, Outcome.FAIL),
        (said("yes"), said("Yes"), Outcome.FAIL),
        (said("no"), said("yes"), Outcome.CHECK),
        (said("yes"), said("no"), Outcome.CHECK),
        (None, None, Outcome.CHECK),
        (None, said("no"), Outcome.CHECK),
        (said(""), None, Outcome.CHECK),
        (said("no"), said(""), Outcome.CHECK),
        (said("no idea"), None, Outcome.CHECK),
        (said("none"), None, Outcome.CHECK),
        (said("no", 0.49), None, Outcome.CHECK),
        (said("no"), said("no", 0.1), Outcome.CHECK),
        (said("no", 0.1), said("no"), Outcome.CHECK),
        (said("no", None), None, Outcome.CHECK),
        (said("no"), said("no", None), Outcome.CHECK),
        (said("no", float("nan")), None, Outcome.CHECK),
        (said("no"), said("no", float("nan")), Outcome.CHECK),
        (said("yes", 0.2), None, Outcome.CHECK),
    ],
)
def test_the_table_of_verdicts(whole, zoomed, outcome):
    verdict = judge(ASKED, whole=whole, zoomed=zoomed)

    assert verdict is not None
    assert verdict.outcome is outcome
    assert verdict.reason


def test_a_pass_needs_two_sure_answers_that_say_no():
    texts, margins = ["no", "yes", "", "maybe", "no crack"], [None, float("nan"), 0.0, 0.4, 0.8]
    answers = [said(text, margin) for text, margin in itertools.product(texts, margins)]

    for whole, zoomed in itertools.product([*answers, None], [*answers, None]):
        verdict = judge(ASKED, whole=whole, zoomed=zoomed)
        if verdict is not None and verdict.outcome is Outcome.PASS:
            for answer in (whole, zoomed or whole):
                assert answer is not None
                assert (answer.text, answer.margin) == ("no", 0.8)


@pytest.mark.parametrize(
    "question",
    [
        "Is there a crack?",
        "is there any defect on the plate",
        "Are there scratches?",
        "Any abnormalities?",
        "Does the plate have a dent?",
        "Does this image show a nodule?",
        "Can you see a nodule?",
        "Is a screw missing?",
        "Is the plate damaged?",
        "Is a nodule visible?",
        "Is this a crack?",
        "Is there a crack or a dent?",
        "Is there a defect? Answer yes or no.",
        "Look at the weld. Is there a crack?",
        "有裂纹吗?",
        "有没有划痕?",
        "图中是否存在结节?",
        "板上有缺陷吗",
        "是否有裂纹或划痕?",
    ],
)
def test_questions_whose_yes_is_bad_get_a_verdict(question):
    assert asks_for_unwanted(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which defect is it?",
        "Is there a red label?",
        "Is there glass?",
        "Is the plate free of cracks?",
        "Isn't there a crack?",
        "Isn’t there a crack?",
        "Are there no cracks?",
        "Is the picture without scratches?",
        "Is the crack repaired?",
        "Is the nodule smooth?",
        "Is the nodule smooth or lobulated?",
        "Does the crack have sharp edges?",
        "Are all screws missing?",
        "Are there more than two cracks?",
        "Is there a crack? Is it free of dents?",
        "What is written here?",
        "没有裂纹吗?",
        "裂纹是否已修复?",
        "裂纹有多长?",
        "有裂纹吗? 有没有修好?",
        "是否没有缺陷?",
        "有标签吗?",
        "有几条裂纹?",
    ],
)
def test_questions_whose_no_is_no_relief_get_none(question):
    assert judge(question, whole=said("no"), zoomed=None) is None


@pytest.mark.parametrize("size", [(1, 1), (15, 4000), (4000, 15)])
def test_a_picture_that_can_show_nothing_is_never_passed(size):
    verdict = judge(ASKED, whole=said("no", 1.0), zoomed=None, size=size)

    assert verdict is not None
    assert verdict.outcome == Outcome.CHECK


def test_a_small_picture_that_can_show_something_is_judged():
    verdict = judge(ASKED, whole=said("no"), zoomed=None, size=(16, 16))

    assert verdict is not None
    assert verdict.outcome == Outcome.PASS
