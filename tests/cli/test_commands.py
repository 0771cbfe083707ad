"""The smaller commands: presets, models, records; and how options are read."""

import contextlib
import json
import shutil
import sqlite3
from dataclasses import replace

import pytest

from inspector_app import __version__, paths
from inspector_app.cli import asking
from inspector_app.cli.bench import from_app
from inspector_app.cli.terminal import show
from inspector_app.domain.check_kinds import YesNo
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.gesture import Correction, Gesture, Stand, Verb
from inspector_app.domain.measure import picture_key
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import FixedRegion, Options, Preset
from inspector_app.domain.region import Region
from inspector_app.domain.rule import Rules
from inspector_app.store.records import Store
from tests.fakes import command
from tests.fakes.records import make_frame, make_inspection


@pytest.fixture
def run(capfd):
    return lambda *arguments: command.run(capfd, *arguments)


def flat(text):
    """Words of a table, whatever its lines."""
    return " ".join(text.replace("│", " ").replace("┃", " ").split())


def own_model(name, card):
    folder = paths.user_models() / name
    folder.mkdir(parents=True)
    (folder / "card.toml").write_text(card, encoding="utf-8")


def store(*inspections):
    kept = Store(paths.data())
    for one in inspections:
        kept.save(one)
    kept.close()


# --- boxes and options -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1,2,30,40", " 1, 2,30 ,40 ", "+1,2,30,40"])
def test_a_box_is_four_whole_numbers(text):
    assert asking.read_box(text) == Region(1, 2, 30, 40)


@pytest.mark.parametrize("text", ["", "1", "1,2,3,4,5", "1;2;3;4", "0,0,0,0", "1e3,0,2e3,9", "x"])
def test_anything_else_is_no_box(text):
    with pytest.raises(WrongUse, match="is no box") as refusal:
        asking.read_box(text)

    assert "x0,y0,x1,y1" in refusal.value.hint


def test_options_not_given_are_those_of_the_preset():
    base = Options(3, 0.8, (Region(0, 0, 5, 5),), layer=1, each_crop=False, max_tokens=7)
    large = Options(resolution=2.0, crop_scales=(1.0, 2.0), token_budget=500, fuse_boxes=True)

    assert asking.options_from(large, count=None, gate=None, layer=None, roi=None) == large
    assert asking.options_from(base, count=None, gate=None, layer=None, roi=None) == base
    assert asking.options_from(base, count=2, gate=0.0, layer=0, roi=["1,1,9,9"]) == Options(
        2, 0.0, (Region(1, 1, 9, 9),), layer=0, each_crop=False, max_tokens=7
    )


def test_a_typed_question_that_the_rules_do_not_suit_is_told():
    preset = Preset("p", "P", "whole", Options(), "Is it bent?", rules=Rules((YesNo(),)))

    asked = {"": False, "Is it bent?": False, "Is there a crack?": False, "Is it straight?": True}
    assert {question: asking.strays(preset, question) for question in asked} == asked
    assert not asking.strays(replace(preset, rules=None), "Is it straight?")


@pytest.mark.parametrize(
    ("preset", "roi", "strategy"),
    [
        ("", None, "relative_attention"),
        ("", ["0,0,9,9"], "manual"),
        ("gradient_attention", None, "gradient_attention"),
        ("gradient_attention", ["0,0,9,9"], "manual"),
    ],
)
def test_a_drawn_region_means_that_it_is_shown(preset, roi, strategy):
    assert asking.default_strategy(preset, roi) == strategy


@pytest.mark.parametrize(
    ("typed", "is_changed"),
    [
        (None, False),
        (["10,0,20,10", "0,20,40,30"], False),
        (["10,0,20,10"], True),
        (["0,20,40,30", "10,0,20,10"], True),
        (["10,0,20,11", "0,20,40,30"], True),
    ],
)
def test_boxes_typed_as_the_preset_has_them_are_no_change_of_it(typed, is_changed):
    rois = (
        FixedRegion((10, 0, 20, 10), name="lid", question="Is it closed?"),
        FixedRegion((0.0, 50.0, 100.0, 75.0), unit="percent"),
    )
    preset = Preset("p", "P", "manual", Options(), rois=rois, template_picture="part.png")
    options = asking.options_from(preset.options, count=None, gate=None, layer=None, roi=typed)
    request = Inspect("a.png", "Is it?", "manual", options, notes=("Li",))

    wanted = asking.worked_by(preset, request, make_frame((40, 40)))

    assert wanted.notes == ("preset p, changed" if is_changed else "preset p", "Li")
    # Only what is the preset's follows the part, and is asked its questions.
    assert wanted.template == ("" if is_changed else "part.png")
    asked = [cut.question for cut in wanted.options.cuts]
    assert asked == ([] if is_changed else ["Is it closed?", ""])


# --- presets ---------------------------------------------------------------------------------


def test_a_damaged_preset_is_named_and_the_others_are_listed(run, home):
    (home / "config" / "presets").mkdir(parents=True)
    (home / "config" / "presets" / "bad.json").write_text("{")

    ended = run("presets")

    assert ended.code == 0
    assert "industrial" in ended.out
    assert "bad" in ended.err
    assert ended.err.count("\n") == 1


# --- models ----------------------------------------------------------------------------------


def test_models_are_listed_with_family_and_licence(run):
    ended = run("models")

    assert (ended.code, ended.err) == (0, "")
    words = flat(ended.out)
    assert "embedded" in words
    assert "llava" in words
    assert "Apache-2.0" in words


def test_a_broken_card_does_not_hide_the_other_models(run):
    own_model("broken", "title = ")
    good = paths.shipped_models() / "embedded" / "card.toml"
    own_model("good", good.read_text("utf-8").replace('title = "', 'title = "[/x] '))

    ended = run("models")

    assert ended.code == 0
    assert ended.err.count("\n") == 1
    assert "broken" in ended.err
    assert "[/x]" in ended.out
    assert "embedded" in ended.out


def test_a_folder_here_does_not_change_what_is_listed(run, tmp_path, monkeypatch):
    (tmp_path / "embedded").mkdir()
    monkeypatch.chdir(tmp_path)

    ended = run("models")

    assert (ended.code, ended.err) == (0, "")
    assert "llava" in ended.out


def test_a_model_of_the_users_own_is_found_by_name(run, tmp_path):
    shutil.copytree(paths.shipped_models() / "embedded", paths.user_models() / "twin")

    assert "twin" in run("models").out


# --- records ---------------------------------------------------------------------------------


def test_records_are_listed_newest_first(run):
    store(*(make_inspection(question=f"Question number{number}?") for number in range(3)))

    ended = run("records", "--limit", "2")

    words = flat(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert words.index("number2") < words.index("number1")
    assert "number0" not in words


def test_a_narrow_list_shows_names_and_minutes_of_records(run):
    made = make_inspection()
    named = replace(
        made.provenance, locator="/a/very/long/way/down/to/the/folder/of/line/3/part_0815.png"
    )
    store(replace(made, provenance=named, created="2026-03-04T06:07:08.123+01:00"))

    words = flat(run("records").out)

    assert "part_0815" in words
    assert "2026-03-04 06:07" in words


@pytest.mark.parametrize("text", ["[/]", "[bold]", "[link=x]y[/link]", "\x1b[2J", "a\nb", "\u202e"])
def test_what_was_asked_is_inert_in_the_list(run, text):
    store(make_inspection(question=text + " here"))

    ended = run("records")

    assert (ended.code, ended.err) == (0, "")
    assert "here" in ended.out
    assert "\x1b" not in ended.out
    assert "\u202e" not in ended.out
    if text.isprintable():
        assert text in flat(ended.out)


def test_without_records_the_list_is_empty(run):
    ended = run("records")

    assert (ended.code, ended.err) == (0, "")
    assert "picture" in ended.out


def test_damaged_records_are_said_and_left_alone(run, home):
    (home / "data").mkdir()
    damaged = home / "data" / "records.sqlite"
    damaged.write_bytes(b"no database " * 200)

    run("records").refused(3, "records.sqlite")

    assert damaged.read_bytes() == b"no database " * 200


# --- the rest --------------------------------------------------------------------------------


def test_the_version_is_said(run):
    assert run("--version").out == f"Inspector {__version__}\n"


class Measured:
    """A benchmark's result."""

    def lines(self):
        return ["one", "två"]

    def as_json(self):
        return {"größe": [1, 2.5]}


def test_figures_are_printed_and_written(tmp_path, capfd):
    show(Measured(), tmp_path / "figures.json")

    assert capfd.readouterr().out == "one\ntvå\n"
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == {"größe": [1, 2.5]}


@pytest.mark.parametrize("name", ["demo", "measure_window", "measure_canvas"])
def test_what_needs_the_window_is_found_in_the_composed_program(name):
    assert callable(from_app(name))


def test_a_record_is_shown_in_words_and_as_its_document(run):
    store(make_inspection())

    ended = run("records", "show", "1")
    document = json.loads(run("records", "show", "1", "--json").out)

    assert ended.code == 0
    assert make_inspection().question in ended.out
    assert document["id"] == 1
    assert document["question"] == make_inspection().question
    run("records", "show", "2").refused(2, "no record 2")


def test_what_people_said_of_a_record_is_shown_with_it(run, home):
    inspection = make_inspection()
    store(inspection)
    source = inspection.provenance
    opened = Store(home / "data")
    rejected = Gesture(Verb.REJECTED, (Correction(1, 0, Stand.REJECTED, "a reflection"),))
    opened.keep_gesture(picture_key(source.sha256, source.locator), rejected)
    opened.close()

    ended = run("records", "show", "1")

    assert "Since   rejected:" in ended.out
    assert "a reflection" in ended.out


def test_records_that_were_changed_are_no_sound_ones(run, home):
    store(make_inspection(), make_inspection())
    head = run("records", "verify").out.split()[-1]
    assert run("records", "verify", "--expect", head).code == 0
    with contextlib.closing(sqlite3.connect(home / "data" / "records.sqlite")) as file, file:
        file.execute("DROP TRIGGER inspections_refuse_update")
        file.execute("UPDATE inspections SET answer = 'PASS' WHERE id = 2")

    run("records", "verify").refused(3, "row 2 of inspections was changed")


def test_a_backup_can_be_put_back(run, home, tmp_path):
    store(make_inspection())
    copy = tmp_path / "copy.sqlite"

    assert run("records", "backup", str(copy)).code == 0
    store(make_inspection())
    assert run("records", "restore", str(copy)).code == 0

    run("records", "show", "2").refused(2, "no record 2")
    run("records", "backup", str(copy)).refused(5, "there already")
