"""The library of prompt templates: both languages, the user's own, what is refused."""

import json

import pytest

from inspector_app import paths
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Options, Preset, Wording
from inspector_app.domain.template import Template, lint
from inspector_app.presets.templates import (
    LANGUAGES,
    read_templates,
    save_template,
    template,
    worded,
)

OWN = Template(
    "mine",
    "zh_CN",
    "我的",
    "{question} 请用{language}回答。",
    "说明",
    defaults=(("language", "中文"),),
)


def preset(question="", **wording):
    return Preset("p", "P", "whole", Options(), question, wording=Wording(**wording))


def test_the_library_is_the_same_in_both_languages():
    names = {
        language: {one.name for one in read_templates().templates if one.language == language}
        for language in LANGUAGES
    }

    assert names["en"] == names["zh_CN"]
    assert names["en"] >= {
        *("basic", "locate_read", "transcribe", "lesion", "defect", "yes_no"),
    }


def test_shipped_templates_have_no_flaw():
    assert {one.name: lint(one) for one in read_templates().templates if lint(one)} == {}


def test_shipped_templates_can_be_filled_with_a_question_alone():
    for one in read_templates().templates:
        assert "{" not in one.filled("Is there a crack?")


def test_a_chinese_template_speaks_chinese():
    for one in read_templates().templates:
        if one.language == "zh_CN" and one.name != "plain":
            assert any("\u4e00" <= letter <= "\u9fff" for letter in one.text)


def test_a_template_of_the_users_own_comes_back():
    save_template(OWN)

    read = template("mine", language="zh_CN")

    assert (read.text, read.title, read.about, read.defaults) == (
        OWN.text,
        OWN.title,
        OWN.about,
        OWN.defaults,
    )
    assert read.is_own


def test_a_template_of_the_users_own_takes_the_place_of_a_shipped_one():
    save_template(Template("basic", "en", "Mine", "{question} Reply briefly."))

    assert template("basic", language="en").title == "Mine"
    assert template("basic", language="zh_CN").title != "Mine"


def test_a_template_that_does_not_end_at_the_answer_is_not_kept():
    with pytest.raises(WrongUse, match="does not end at the answer"):
        save_template(Template("bad", "en", "Bad", "{question} It is a plate."))

    assert not (paths.config() / "templates").exists()


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        json.dumps({"title": "T"}),
        json.dumps({"title": "T", "text": "{question} Steel."}),
    ],
)
def test_a_template_that_cannot_be_used_is_named_and_the_others_work(content):
    folder = paths.config() / "templates" / "en"
    folder.mkdir(parents=True)
    (folder / "odd.json").write_text(content)

    read = read_templates()

    assert len(read.notices) == 1
    assert "odd" in read.notices[0]
    assert len(read.templates) == 18
    assert (folder / "odd.json").read_text() == content


def test_an_unknown_template_is_answered_with_those_there_are():
    with pytest.raises(WrongUse, match='no prompt template "none"') as refused:
        template("none", language="en")

    assert "basic" in refused.value.hint


# --- a preset's question ---------------------------------------------------------------------


def test_without_a_template_the_users_words_are_asked():
    assert worded(preset("Is it?"), "") == "Is it?"
    assert worded(preset("Is it?"), " Is that? ") == "Is that?"


def test_a_template_is_put_about_the_users_words():
    asked = worded(preset("Is it?", template="basic"), "Is that?")

    assert asked == "Is that? Answer the question using a single word or phrase."


def test_a_template_without_a_place_for_words_is_what_a_preset_begins_with():
    code = preset(template="code", variables=(("target", "red label"),))

    assert worded(code, "") == "What is the code on the red label?"
    assert worded(code, "Is it blue?") == "Is it blue?"


def test_the_language_of_the_template_is_the_presets():
    assert worded(preset("有裂纹吗？", template="basic", language="zh_CN"), "").endswith("回答。")


def test_without_any_words_nothing_is_asked():
    assert worded(preset(template="basic"), " ") == ""
    assert worded(preset(), "") == ""
