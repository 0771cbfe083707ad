"""Presets: shipped ones load, the user's own come first, damage is named."""

import json

import pytest

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.region import Region
from inspector_app.presets import load_presets, preset, read_presets, save_preset

OWN = Preset(
    "Kante 左",
    "Left edge",
    "manual",
    Options(count=2, gate=0.9, rois=(Region(1, 2, 30, 40),), layer=3, max_tokens=5),
    "Is there a crack?",
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path))
    return tmp_path


def own_file(name, content):
    folder = paths.config() / "presets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def test_each_trade_has_a_shipped_preset():
    assert {one.name for one in load_presets()} == {"industrial", "medical", "text"}
    assert read_presets().notices == ()


@pytest.mark.parametrize("name", ["industrial", "medical", "text"])
def test_a_shipped_preset_says_how_to_look_and_what_to_ask(name):
    one = preset(name)

    assert one.title
    assert one.question
    assert one.strategy in {"relative_attention", "gradient_attention"}


def test_a_saved_preset_comes_back():
    save_preset(OWN)

    assert preset("Kante 左") == OWN


def test_a_users_preset_takes_the_place_of_a_shipped_one():
    save_preset(Preset("text", "My text", "whole", Options()))

    assert preset("text").title == "My text"
    assert len(load_presets()) == 3


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(WrongUse, match='no preset "dental"') as refused:
        preset("dental")

    assert "industrial, medical, text" in refused.value.hint


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        json.dumps({"schema_version": 2, "title": "T", "strategy": "whole"}),
        json.dumps({"title": "T", "strategy": "whole", "options": {"count": 9}}),
        json.dumps({"title": "T", "strategy": "whole", "options": {"rois": [[5, 5, 1, 1]]}}),
        json.dumps({"title": "T"}),
    ],
)
def test_a_damaged_preset_is_set_aside_by_name_and_the_others_work(damage):
    save_preset(OWN)
    own_file("broken.json", damage)

    read = read_presets()

    assert len(read.presets) == 4
    (notice,) = read.notices
    assert "broken" in notice
    assert "broken.damaged-1.json" in notice
    assert (paths.config() / "presets" / "broken.damaged-1.json").read_text("utf-8") == damage
    assert read_presets().notices == ()


def test_entries_of_a_later_version_are_ignored():
    own_file("new.json", json.dumps({"title": "T", "strategy": "whole", "lamp": "ring"}))

    assert preset("new").title == "T"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".hidden", "a\0", "x" * 81, "dot."])
def test_a_name_that_is_no_file_name_is_refused(name):
    with pytest.raises(WrongUse, match="cannot be the name"):
        save_preset(Preset(name, "T", "whole", Options()))


def test_a_preset_that_cannot_be_read_is_named_and_stays(home):
    (home / "config" / "presets" / "odd.json").mkdir(parents=True)

    read = read_presets()

    assert len(read.presets) == 3
    assert "odd.json could not be read" in read.notices[0]


def test_a_folder_that_refuses_presets_is_named(home):
    (home / "config").write_bytes(b"")

    with pytest.raises(CannotWrite):
        save_preset(OWN)
