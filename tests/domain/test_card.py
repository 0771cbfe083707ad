"""A card says how to speak to a checkpoint."""

import pytest

from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble

GOOD = {
    "name": "tiny",
    "family": "llava",
    "prompt": {"template": "{images}\nUSER: {question}\nASSISTANT:", "suffix": " Answer briefly."},
    "attention": {"layer": 14},
}


def test_a_card_is_read_with_its_defaults():
    card = Card.from_mapping(GOOD, where="tiny/card.toml")

    assert (card.name, card.title, card.layer, card.max_tokens) == ("tiny", "tiny", 14, 20)


def test_languages_are_a_list_or_nobody_said():
    assert Card.from_mapping(GOOD, where="a").languages == ()
    assert Card.from_mapping({**GOOD, "languages": ["en"]}, where="a").languages == ("en",)
    with pytest.raises(ModelTrouble, match="languages"):
        Card.from_mapping({**GOOD, "languages": "en"}, where="a")


def test_the_prompt_is_the_template_with_pictures_question_and_suffix():
    card = Card.from_mapping(GOOD, where="tiny/card.toml")

    prompt = card.prompt("  What is it? ", placeholders="<image><image>")

    assert prompt == "<image><image>\nUSER: What is it? Answer briefly.\nASSISTANT:"


def test_braces_in_a_question_stay_as_they_are():
    card = Card.from_mapping(GOOD, where="tiny/card.toml")

    assert "USER: {images}? {0} Answer" in card.prompt("{images}? {0}", placeholders="<image>")


@pytest.mark.parametrize("entry", ["name", "family", "prompt", "attention"])
def test_a_missing_entry_is_named(entry):
    lacking = {key: value for key, value in GOOD.items() if key != entry}

    with pytest.raises(ModelTrouble, match=entry):
        Card.from_mapping(lacking, where="tiny/card.toml")


@pytest.mark.parametrize("layer", ["deep", None, [1]])
def test_a_layer_that_is_no_number_is_refused(layer):
    with pytest.raises(ModelTrouble):
        Card.from_mapping({**GOOD, "attention": {"layer": layer}}, where="tiny/card.toml")


@pytest.mark.parametrize(
    "template",
    ["USER: {question}", "{images} tell me", "{question}{images}", "{images} {images}{question}"],
)
def test_a_template_must_hold_the_pictures_and_the_question_behind_them(template):
    with pytest.raises(ModelTrouble, match="template"):
        Card.from_mapping({**GOOD, "prompt": {"template": template}}, where="tiny/card.toml")


def test_words_that_never_change_may_stand_before_the_pictures():
    template = "<|im_start|>user\n{images}{question}<|im_end|>\n<|im_start|>assistant\n"

    card = Card.from_mapping({**GOOD, "prompt": {"template": template}}, where="tiny/card.toml")

    assert card.prompt("Why?", placeholders="<i>").startswith("<|im_start|>user\n<i>Why?<|im_end|>")
