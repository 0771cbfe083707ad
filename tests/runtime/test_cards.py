"""Reading a card from a folder."""

import pytest

from inspector_app.domain.errors import ModelTrouble
from inspector_app.runtime.cards import read_card

GOOD = """
name = "small"
family = "llava"
[prompt]
template = "{images} {question}"
[attention]
layer = 2
"""


def test_a_card_is_read(tmp_path):
    (tmp_path / "card.toml").write_text(GOOD, encoding="utf-8")
    card = read_card(tmp_path)
    assert (card.name, card.family, card.layer, card.title) == ("small", "llava", 2, "small")
    assert card.prompt("Why?", placeholders="<image>") == "<image> Why?"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD.replace("layer = 2", "layer = "), "no valid TOML"),
        (GOOD.replace("layer = 2", ""), "layer"),
        (GOOD.replace('family = "llava"', ""), "family"),
        (GOOD.replace("{images} ", ""), "{images}"),
        (GOOD.replace(" {question}", ""), "{question}"),
        ("", "prompt"),
        (GOOD.replace("layer = 2", "layer = inf"), "'layer' (no whole number)"),
        (GOOD.replace("layer = 2", "layer = true"), "'layer'"),
        (GOOD.replace("layer = 2", "layer = -1"), "'layer' (less than 0)"),
        (GOOD.replace("[attention]", "max_tokens = 0\n[attention]"), "'max_tokens'"),
        (f"{GOOD}[memory]\nfloat32 = nan\n", "'float32'"),
        (f"{GOOD}[memory]\nfloat32 = inf\n", "'float32'"),
        (f"{GOOD}[memory]\nfloat32 = -5\n", "'float32' (less than 1)"),
        (f"memory = 5\n{GOOD}", "'memory'"),
        (f"checkpoint = []\n{GOOD}", "'checkpoint'"),
        (f"{GOOD}x = {'[' * 5000}{']' * 5000}\n", "beyond all measure"),
        (f"{GOOD}x = {'1' * 5000}\n", "beyond all measure"),
    ],
)
def test_a_wrong_card_is_model_trouble_that_names_the_entry(tmp_path, content, words):
    (tmp_path / "card.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ModelTrouble) as caught:
        read_card(tmp_path)
    assert words in str(caught.value)
    assert caught.value.hint


def test_a_card_that_is_a_folder_is_model_trouble(tmp_path):
    (tmp_path / "card.toml").mkdir()
    with pytest.raises(ModelTrouble, match="cannot be read"):
        read_card(tmp_path)
