"""Entries of presets as they are typed, and read again."""

import pytest

from inspector_app.gui.dialogs.preset_texts import (
    NUMBER,
    NUMBERS,
    PICTURE,
    ROIS,
    VARIABLES,
    at,
    with_value,
)
from inspector_app.gui.wording.preset_words import fault_words
from inspector_app.presets.checking import faults

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.mark.parametrize(
    ("text", "value"), [("", None), (" 3 ", 3), ("3.0", 3), ("0.5", 0.5), ("x", "x"), ("1e3", 1e3)]
)
def test_numbers_are_read_and_what_is_none_is_handed_on(text, value):
    assert NUMBER.read(text) == value


@pytest.mark.parametrize(
    "rois",
    [
        [],
        [{"box": [0, 0, 5, 5], "unit": "pixels"}],
        [{"box": [0, 0, 12.5, 100], "unit": "percent", "name": "left edge"}],
        [{"box": [0, 0, 5, 5], "unit": "pixels", "name": "a", "question": "Is it: red?"}],
    ],
)
def test_regions_survive_being_typed(rois):
    assert ROIS.read(ROIS.write(rois)) == rois


@pytest.mark.parametrize("value", [None, {"picture": "/a b/part.png"}])
def test_a_picture_survives_being_typed(value):
    assert PICTURE.read(PICTURE.write(value)) == value


def test_other_lists_survive_being_typed():
    assert NUMBERS.read(NUMBERS.write([1.0, 2.5])) == [1, 2.5]
    assert VARIABLES.read(VARIABLES.write({"target": "a = b"})) == {"target": "a = b"}


def test_an_entry_is_set_without_touching_the_document():
    document = {"a": {"b": 1}, "c": 2}

    changed = with_value(document, "a.b", 5)

    assert at(changed, "a.b") == 5
    assert document == {"a": {"b": 1}, "c": 2}
    assert at(document, "c.d") is None


def test_what_the_schema_says_is_said_in_chinese(opened):
    opened.session.choose("language", "zh_CN")
    (fault,) = faults({"schema_version": 2, "title": "T", "look": {"strategy": "x", "count": 9}})

    assert fault_words(fault, at="look.count") == "至多为 4"
    opened.session.choose("language", "en")
