"""Settings survive, and damage to their file costs what is damaged."""

import dataclasses
import errno
import os
import tomllib

import pytest

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite
from inspector_app.domain.settings import Settings, Theme, rows
from inspector_app.settings import load_settings, read_settings, save_settings

CHANGED = Settings(
    theme=Theme.LIGHT,
    language="zh_CN",
    model="/模型/llava",
    device="cpu",
    precision="bfloat16",
    strategy="gradient_attention",
    count=3,
    zoom_only_in_doubt=True,
    heat_opacity=0.25,
    colour_map="inferno",
    smooth_heat=False,
    questions=('有 "划痕" 吗?', "a\nb\\"),
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path))
    return tmp_path


def write(text):
    paths.config().mkdir(parents=True, exist_ok=True)
    (paths.config() / "settings.toml").write_text(text, encoding="utf-8")


def test_a_new_machine_has_the_defaults_and_no_notice():
    assert read_settings().settings == Settings()
    assert read_settings().notices == ()


@pytest.mark.parametrize("settings", [Settings(), CHANGED])
def test_settings_come_back_as_they_were_saved(settings):
    save_settings(settings)

    assert load_settings() == settings


def test_every_setting_is_saved_under_its_own_name():
    save_settings(CHANGED)

    kept = tomllib.loads((paths.config() / "settings.toml").read_text("utf-8"))
    assert set(kept) == {one.name for one in dataclasses.fields(Settings)}


def test_entries_of_another_version_are_kept():
    write('count = 2\nfuture = "x"\n[camera]\nexposure = 3\n')

    save_settings(dataclasses.replace(load_settings(), count=4))

    kept = tomllib.loads((paths.config() / "settings.toml").read_text("utf-8"))
    assert (kept["count"], kept["future"], kept["camera"]) == (4, "x", {"exposure": 3})


@pytest.mark.parametrize("damage", ["count = = 2", "\0\0\0", "[", "theme"])
def test_a_damaged_file_is_set_aside_by_name(damage):
    write(damage)

    read = read_settings()

    assert read.settings == Settings()
    assert "settings.damaged-1.toml" in read.notices[0]
    assert (paths.config() / "settings.damaged-1.toml").read_text("utf-8") == damage
    assert read_settings().notices == ()


def test_damage_never_overwrites_what_was_set_aside_before():
    for number in (1, 2, 3):
        write(f"[{number}")
        read_settings()

    kept = [(paths.config() / f"settings.damaged-{n}.toml").read_text("utf-8") for n in (1, 2, 3)]
    assert kept == ["[1", "[2", "[3"]


@pytest.mark.parametrize(
    "entry",
    ["count = 99", 'count = "2"', 'theme = "pink"', "heat_opacity = nan", "smooth_heat = 7"],
)
def test_a_value_that_is_not_allowed_costs_only_itself(entry):
    write(f'{entry}\nquestions = ["kept"]\nfuture = 1\n')

    read = read_settings()

    assert read.settings == Settings(questions=("kept",))
    assert entry.split(" ")[0] in read.notices[0]
    assert "settings.damaged-1.toml" in read.notices[0]
    assert read_settings().notices == ()
    kept = tomllib.loads((paths.config() / "settings.toml").read_text("utf-8"))
    assert kept["future"] == 1


def test_a_full_disk_leaves_the_old_settings(monkeypatch):
    save_settings(CHANGED)

    def full(*args):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(CannotWrite):
            save_settings(Settings())

    assert load_settings() == CHANGED


def test_a_folder_in_the_place_of_the_file_is_told_and_not_fatal():
    (paths.config() / "settings.toml").mkdir(parents=True)

    read = read_settings()

    assert read.settings == Settings()
    assert "could not be read" in read.notices[0]


def test_every_setting_has_a_row_but_those_with_a_place_of_their_own():
    elsewhere = {"questions", "mouse", "keys", "preset", "labels", "tour_seen", "archives"}
    names = {one.name for one in dataclasses.fields(Settings)} - elsewhere

    assert {row.name for row in rows()} == names
    for row in rows():
        assert row.label
        assert row.help.endswith(".")
        assert not row.choices or row.default in [value for value, _ in row.choices]


@pytest.mark.parametrize("row", [row for row in rows() if row.choices], ids=lambda row: row.name)
def test_every_choice_of_the_dialog_can_be_saved(row):
    for value, _ in row.choices:
        save_settings(dataclasses.replace(Settings(), **{row.name: value}))

        assert getattr(load_settings(), row.name) == value
