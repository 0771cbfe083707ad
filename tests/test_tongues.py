"""What reports say in another language than English."""

import io
import re

import pytest
from PIL import ImageFont

from inspector_app import paths
from inspector_app.domain.settings import LABELS
from inspector_app.domain.telling import note_words
from inspector_app.tongues import LANGUAGES, english, phrases, tongue

PLACES = re.compile(r"\{\w+\}")


@pytest.fixture(params=[language for language in LANGUAGES if language != "en"])
def table(request):
    return phrases(request.param)


def test_every_phrase_keeps_its_places(table):
    for text, said in table.items():
        assert said.strip(), text
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(said)), text


def test_the_shipped_font_draws_every_letter_of_every_phrase(table):
    file = paths.resources() / "report" / "fonts" / "InspectorSans-Regular.otf"
    font = ImageFont.truetype(io.BytesIO(file.read_bytes()), 32)
    unknown = bytes(font.getmask("\U000e0fff"))

    for letter in sorted(set("".join(table.values())) - {" "}):
        assert bytes(font.getmask(letter)) != unknown, letter


def test_english_and_unknown_languages_are_english():
    assert tongue("en") is english
    assert tongue("tlh")("found") == "found"


def test_a_sentence_with_filled_places_is_found_by_its_template():
    say = tongue("zh_CN")

    assert say("stepped down to 3 crops: out of memory") == "内存不足，减为 3 处局部"
    assert say("found") == "已发现"
    assert say("a sentence nobody wrote down") == "a sentence nobody wrote down"


def test_why_a_record_could_not_be_stored_is_told_in_the_language_of_the_report():
    note = (
        "not stored: There is no room left on the disk for records.sqlite. "
        "Free some space or choose another disk."
    )

    told = note_words(note, say=tongue("zh_CN"))

    assert told.startswith("未存储：")
    assert not re.search("[A-Za-z]{3}", told.replace("records.sqlite", ""))
    assert note_words(note) == note
    assert note_words("not stored: out of words", say=tongue("zh_CN")) == "未存储：out of words"


def test_the_labels_of_a_new_user_are_told_in_the_readers_language():
    say = tongue("zh_CN")

    assert all(say(label) != label for label in LABELS)
