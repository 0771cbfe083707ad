"""Labelled pictures of one's own: every layout, and everything that can be wrong in one."""

import json

import numpy as np
import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.region import Region
from inspector_app.imaging.png import encode_png
from inspector_app.workflow.study import StudyCase, Unusable, read_study
from tests.fakes.look import fake_frame


@pytest.fixture
def folder(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    (tmp_path / "a.png").write_bytes(encode_png(noise))
    return tmp_path


def study(folder, entries):
    path = folder / "study.json"
    path.write_text(entries if isinstance(entries, str) else json.dumps(entries), encoding="utf-8")
    return path


GOOD = {"image": "a.png", "question": "Which code?", "answers": ["K4"], "box": [8, 9, 60, 30]}


def test_an_entry_becomes_a_case(folder):
    read = read_study(study(folder, [GOOD]))

    case = read.entries[0].case()
    assert case.frame.size == (60, 40)
    assert (case.question, case.answers, case.box) == (
        "Which code?", ("K4",), Region(8, 9, 60, 30),
    )  # fmt: skip
    assert read.faults == ()


@pytest.mark.parametrize(
    "entry",
    [
        {"image_path": "a.png", "question": "Q?", "answer": "K4", "bbox": [8.2, 9.5, 59.1, 29.01]},
        {"image_id": "a", "question": "Q?", "labels": ["K4", "K4", "k 4"], "bbox": [8, 9, 60, 30]},
    ],
)
def test_the_layout_of_the_published_set_is_read(folder, entry):
    case = read_study(study(folder, {"data": [entry]})).entries[0].case()

    # Fractions are rounded outwards.
    assert case.box == Region(8, 9, 60, 30)
    assert "K4" in case.answers


def test_boxes_may_be_width_and_height(folder):
    entry = {**GOOD, "box": [8, 9, 10, 11]}

    case = read_study(study(folder, [entry]), is_width_height=True).entries[0].case()

    assert case.box == Region(8, 9, 18, 20)


def test_a_box_is_not_needed(folder):
    entry = {key: value for key, value in GOOD.items() if key != "box"}

    assert read_study(study(folder, [entry])).entries[0].case().box is None


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (7, "entry 2 is no object"),
        ({**GOOD, "image": None}, "entry 2 names no picture"),
        ({**GOOD, "image": "a\0.png"}, "entry 2 names no picture"),
        ({**GOOD, "question": " "}, "entry 2 (a.png) has no question"),
        ({**GOOD, "answers": []}, "has no answer"),
        ({**GOOD, "answers": {"a": 1}}, "has no answer"),
        ({**GOOD, "box": [1, 2, 3]}, "not four numbers"),
        ({**GOOD, "box": "1,2,3,4"}, "not four numbers"),
        ({**GOOD, "box": [1, 2, None, 4]}, "not four numbers"),
        ({**GOOD, "box": [True, 2, 3, 4]}, "not four numbers"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named_and_the_rest_goes_on(folder, entry, said):
    read = read_study(study(folder, [GOOD, entry]))

    assert len(read.entries) == 1
    (fault,) = read.faults
    assert said in fault


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**GOOD, "image": "missing.png"}, r"entry 1 \(missing.png\): "),
        ({**GOOD, "box": [8, 9, 61, 30]}, "does not lie in the picture of 60 x 40"),
        ({**GOOD, "box": [-1, 9, 20, 30]}, "does not lie in the picture"),
        ({**GOOD, "box": [20, 9, 20, 30]}, "does not lie in the picture"),
    ],
)
def test_what_shows_only_with_the_picture_is_said_then(folder, entry, said):
    (found,) = read_study(study(folder, [entry])).entries

    with pytest.raises(Unusable, match=said):
        found.case()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("7", "no list"),
        ('{"data": 7}', "no list"),
        ("[]", "no entry"),
        ("[7]", "entry 1 is no object"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused_in_one_sentence(folder, text, said):
    with pytest.raises(WrongUse, match=said) as refusal:
        read_study(study(folder, text))

    assert refusal.value.hint
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_wrong_use(folder):
    with pytest.raises(WrongUse, match="cannot be read"):
        read_study(folder / "none.json")


@pytest.mark.parametrize(
    ("answers", "said", "is_right"),
    [
        (("K4",), " k4. ", True),
        (("K4",), "K47", False),
        (("K4", "K 4"), "k 4", True),
        (("yes",), "There is.", True),
        (("yes",), "no", False),
        (("没有",), "无", True),
        (("K4",), "", False),
    ],
)
def test_an_answer_is_right_where_it_equals_one_that_is(answers, said, is_right):
    case = StudyCase("x", fake_frame((20, 20)), "Q?", answers)

    assert case.accepts(said) is is_right
