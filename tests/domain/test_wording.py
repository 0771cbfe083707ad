"""Words that stand the same everywhere."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain import summary
from inspector_app.domain.answer import Answer
from inspector_app.domain.inspection import ShownView
from inspector_app.domain.region import Region
from inspector_app.domain.wording import inert, percent, tag
from tests.fakes.records import make_answer, make_inspection


def test_boxes_are_lettered_for_ever():
    assert [tag(n) for n in (0, 1, 25, 26, 51, 52)] == ["A", "B", "Z", "A1", "Z1", "A2"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\n\tb", "a   b"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("exe.\u202egnp", "exe.\ufffdgnp"),
        ("a\0b", "a\ufffdb"),
        ("half \udcff", "half \ufffd"),
        ("有划痕 é 👩‍🔬", "有划痕 é 👩‍🔬"),
    ],
)
def test_text_is_one_line_that_can_do_nothing(text, shown):
    assert inert(text) == shown


@given(st.text(), st.integers(1, 20))
def test_inert_text_is_short_printable_and_stays_what_it_is(text, limit):
    shown = inert(text, limit=limit)

    assert len(shown) <= limit
    assert inert(shown) == shown
    shown.encode("utf-8")
    assert not set(shown) & set("\n\r\t\0\x1b\u202e\u2028")


@pytest.mark.parametrize(
    ("probability", "shown"),
    [
        (None, "not told"),
        (0.0, "0 %"),
        (0.001, "< 1 %"),
        (0.52, "52 %"),
        (0.994, "99 %"),
        (0.9999, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_only_what_is_certain_is_a_hundred_percent(probability, shown):
    assert percent(probability) == shown


def test_the_weight_of_an_answer_is_its_probability_and_margin():
    answer = make_answer("no", logprob=math.log(0.61), margin=0.22)

    assert summary.weight_words(answer) == 'probability 61 %, margin 0.22 over "no"'


def test_a_model_that_tells_no_probability_is_said_to():
    assert "not told" in summary.weight_words(dataclasses.replace(make_answer(logprob=None)))


def test_a_crop_that_was_not_asked_about_says_so():
    inspection = make_inspection(crop_answers=())

    assert summary.crop_answer(inspection, 0) == "not asked by itself"


def test_an_empty_answer_is_named():
    inspection = make_inspection(crop_answers=(Answer("", (), None),))

    assert summary.crop_answer(inspection, 0).startswith("(no words)")


def test_a_region_tells_where_why_and_whether_it_was_widened():
    inspection = make_inspection(regions=((60, 30, 90, 60),))
    wide = (inspection.views[0], ShownView(None, Region(50, 20, 100, 70)))

    assert summary.crop_words(inspection, 0) == "x 60-90, y 30-60; relative attention, score 2.5"
    widened = dataclasses.replace(inspection, views=wide)
    assert summary.crop_words(widened, 0).endswith("; shown with its surroundings")


def test_times_are_told_by_stage_and_in_all():
    inspection = make_inspection(timings_ms={"read": 120.4, "ask": 30.0})

    assert summary.time_words(inspection) == "150 ms (read 120, ask 30)"
    assert summary.time_words(make_inspection(timings_ms={})) == "not measured"
