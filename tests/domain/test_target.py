"""What a question is about, by rules."""

import pytest

from inspector_app.domain.target import (
    answerable_question,
    box_question,
    exists_question,
    target_of,
)


@pytest.mark.parametrize(
    ("question", "target"),
    [
        ("What is the code on the red label?", "red label"),
        ("Read the red label.", "red label"),
        ("red label: what is the code?", "red label"),
        ("What is written on the blue sign behind the car?", "blue sign"),
        ("Which defect is on the plate?", "defect"),
        ("What is wrong with the plate?", "defect"),
        ("Is the plate damaged?", "defect"),
        ("What is the margin of the nodule?", "nodule"),
        ("Is there a crack or a scratch?", "crack"),
        ("What color is the woman's hat?", "woman's hat"),
        ("What brand is the watch?", "watch"),
        ("Is there a dog left of the tree?", "dog"),
        ("How many screws are on the plate?", "screws"),
        ("红色标签上的编号是什么?", "红色标签"),
        ("标签上写了什么?", "标签"),
        ("螺丝是什么颜色?", "螺丝"),
        ("结节的边缘是什么样的?", "结节"),
        ("图中有裂纹吗?", "裂纹"),
        ("What does it say?", ""),
        ("这是什么?", ""),
        ("?", ""),
    ],
)
def test_the_thing_is_named(question, target):
    assert target_of(question) == target


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is the code on the red label?", "Is there a red label?"),
        ("What is the code on the orange label?", "Is there an orange label?"),
        ("How many screws are on the plate?", "Are there any screws?"),
        ("结节的边缘是什么样的?", "图中有结节吗?"),
    ],
)
def test_its_presence_is_asked_for_in_the_language_of_the_question(question, asked):
    assert exists_question(question) == asked


def test_without_a_thing_it_is_asked_whether_the_question_can_be_answered():
    asked = exists_question("What does it say?")

    assert asked == answerable_question("What does it say?")
    assert '"What does it say?"' in asked
    assert "只回答是或否" in exists_question("这是什么?")


def test_a_box_is_asked_for_in_the_form_the_model_knows():
    form = "[x0, y0, x1, y1]"

    assert form in box_question("What is on the label?", form=form)
    assert "哪个区域" in box_question("标签上写了什么?", form=form)
