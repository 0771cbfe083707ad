"""Presets on the disk: shipped ones load, the user's own come first, damage is named."""

import errno
import json
import os

import pytest

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.preset import FixedRegion, Options, Preset, Targets, Wording
from inspector_app.domain.rule import Rules
from inspector_app.presets import (
    load_presets,
    preset,
    read_file,
    read_presets,
    remove,
    save_preset,
    shipped,
)

OWN = Preset(
    "Kante 左",
    "Left edge",
    "manual",
    Options(count=2, gate=0.9, layer=3, max_tokens=5, windows=("lung", "1500/-600")),
    "Is there a crack?",
    wording=Wording("defect", "zh_CN", (("part", "法兰"),), "Describe it."),
    model="embedded",
    precision="float32",
    rois=(FixedRegion((1, 2, 30, 40), "edge"), FixedRegion((0, 0, 50, 12.5), unit="percent")),
    rules=Rules(least_margin=0.7),
    targets=Targets(0.9, 250),
    trade="industrial",
    title_zh="左边缘",
    ahead=3,
    template_picture="/pictures/法兰.png",
)


def own_file(name, content):
    folder = paths.config() / "presets"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_each_trade_has_a_shipped_preset():
    assert {one.name for one in load_presets()} == {"industrial", "medical", "text"}
    assert read_presets().notices == ()


@pytest.mark.parametrize(
    ("name", "strategy", "places", "scales", "accuracy", "latency_ms"),
    [
        ("medical", "gradient_attention", 3, (1,), 0.85, 300),
        ("industrial", "manual", 2, (1, 2), 0.90, 100),
        ("text", "relative_attention", 1, (1, 1.5), 0.85, 50),
    ],
)
def test_a_shipped_preset_says_how_its_trade_looks(
    name, strategy, places, scales, accuracy, latency_ms
):
    one = preset(name)

    assert one.trade == name
    assert one.strategy == strategy
    assert (one.options.count, one.options.crop_scales) == (places, scales)
    assert one.targets == Targets(accuracy, latency_ms)


def test_the_industrial_preset_brings_its_own_regions():
    assert [roi.on((200, 100)).box for roi in preset("industrial").rois] == [
        (0, 0, 108, 100),
        (92, 0, 200, 100),
    ]


def test_a_saved_preset_comes_back_whole():
    save_preset(OWN)

    assert preset("Kante 左") == OWN


def test_a_saved_preset_can_be_read_from_its_file():
    path = save_preset(OWN)

    assert preset(str(path)) == OWN
    assert read_file(path).is_own


def test_a_users_preset_takes_the_place_of_a_shipped_one():
    save_preset(Preset("text", "My text", "whole", Options()))

    assert preset("text").title == "My text"
    assert len(load_presets()) == 3
    (mine,) = [one for one in read_presets().stored if one.is_own]
    assert mine.hides_shipped
    assert shipped("text").preset.title == "Text"


def test_a_removed_preset_shows_the_shipped_one_again():
    save_preset(Preset("text", "My text", "whole", Options()))

    assert remove("text")

    assert preset("text").title == "Text"
    assert not remove("text")


@pytest.mark.parametrize("name", ["", "../medical", "/medical", "nothing"])
def test_only_a_shipped_name_is_shipped(name):
    assert shipped(name) is None


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(WrongUse, match='no preset "dental"') as refused:
        preset("dental")

    assert "industrial, medical, text" in refused.value.hint


def now(**more):
    return json.dumps({"schema_version": 2, "title": "T", "look": {"strategy": "whole"}, **more})


DAMAGE = [
    "",
    "{",
    "[]",
    "null",
    '"text"',
    b"\xff\xfe\x00",
    b"\x00" * 100,
    "[" * 100_000,
    " " * 2_000_000,
    json.dumps({"title": "T"}),
    json.dumps({"schema_version": 0, "title": "T"}),
    json.dumps({"schema_version": True, "title": "T"}),
    json.dumps({"schema_version": "2", "title": "T"}),
    json.dumps({"title": "T", "strategy": "whole", "options": {"count": 9}}),
    json.dumps({"title": "T", "strategy": "whole", "options": 5}),
    json.dumps({"title": "T", "strategy": "manual", "options": {"rois": [[5, 5, 1, 1]]}}),
    json.dumps({"title": "T", "strategy": "manual", "options": {"rois": 3}}),
    now(look={"strategy": "whole", "cuont": 2}),
    now(look={"strategy": "whole", "gate": float("nan")}),
    now(regions={"rois": [{"box": [0, 0, 9, 9]}]}),
    now(targets={"latency_ms": 0}),
    now(rules={"least_margin": 7}),
    now(windows=["nonsense"]),
]


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_preset_is_set_aside_by_name_and_the_others_work(damage):
    save_preset(OWN)
    path = own_file("broken.json", damage)
    before = path.read_bytes()

    read = read_presets()

    assert len(read.presets) == 4
    (notice,) = read.notices
    assert "broken" in notice
    assert "broken.damaged-1.json" in notice
    assert len(notice) < 300
    assert path.with_name("broken.damaged-1.json").read_bytes() == before
    assert read_presets().notices == ()


def test_a_preset_of_a_later_version_is_named_and_stays_as_it_is():
    path = own_file("later.json", json.dumps({"schema_version": 3, "wings": 2}))

    (notice,) = read_presets().notices

    assert notice == (
        "The preset later was left out: it has version 3, and this program knows versions up to 2."
    )
    assert path.is_file()
    with pytest.raises(WrongUse, match="it has version 3") as refused:
        read_file(path)
    assert "newer version of this program" in refused.value.hint


def test_a_mark_of_windows_editors_before_the_first_letter_does_no_harm():
    path = own_file("marked.json", "\ufeff" + now())

    assert read_file(path).preset.title == "T"


@pytest.mark.parametrize(
    "name",
    [
        *("", "../x", "a/b", "a\\b", ".hidden", "a\0", "x" * 81, "dot.", "end "),
        *("CON", "lpt1.x", "-x", "x.damaged-1"),
    ],
)
def test_a_name_that_is_no_file_name_everywhere_is_refused(name):
    with pytest.raises(WrongUse, match="cannot be the name"):
        save_preset(Preset(name, "T", "whole", Options()))


def test_a_preset_that_cannot_be_read_is_named_and_stays(home):
    (home / "config" / "presets" / "odd.json").mkdir(parents=True)

    read = read_presets()

    assert len(read.presets) == 3
    assert "odd.json could not be read" in read.notices[0]


@pytest.mark.parametrize("name", ["gone.json", "no/such/folder.json"])
def test_a_file_that_is_not_there_is_refused_in_one_sentence(name):
    with pytest.raises(WrongUse, match="could not be read"):
        preset(name)


def test_a_folder_that_refuses_presets_is_named(home):
    (home / "config").write_bytes(b"")

    with pytest.raises(CannotWrite):
        save_preset(OWN)


def test_a_save_that_fails_half_way_leaves_the_old_preset(monkeypatch):
    save_preset(OWN)

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CannotWrite, match="no room"):
        save_preset(Preset(OWN.name, "Other", "whole", Options()))

    assert preset(OWN.name) == OWN
    assert [path.name for path in (paths.config() / "presets").iterdir()] == ["Kante 左.json"]


def test_half_a_character_is_refused_at_its_place():
    with pytest.raises(WrongUse, match="title: it holds half a character"):
        save_preset(Preset("half", "T\ud800", "whole", Options()))


def test_a_template_picture_is_looked_for_beside_the_preset(tmp_path):
    document = json.loads(now(look={"strategy": "manual"}))
    document["regions"] = {"rois": [], "template_picture": {"picture": "part.png"}}
    path = tmp_path / "p.json"
    path.write_text(json.dumps(document))

    assert read_file(path).preset.template_picture == str(tmp_path / "part.png")
