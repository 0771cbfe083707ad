"""Presets in the window: chosen, laid on pictures, left, edited, tried; the pace they aim at."""

import json

import numpy as np
import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
)

from inspector_app import paths
from inspector_app.domain.check_kinds import YesNo
from inspector_app.domain.forecast import Forecast
from inspector_app.domain.inspection import Passes
from inspector_app.domain.live import Shot
from inspector_app.domain.messages import Foresee, Inspect, LoadModel
from inspector_app.domain.preset import FixedRegion, Options, Preset, Targets, Wording
from inspector_app.domain.region import Region
from inspector_app.domain.rule import Rules
from inspector_app.domain.shape import Shape
from inspector_app.gui.dialogs.preset_texts import (
    NUMBER,
    NUMBERS,
    PICTURE,
    ROIS,
    VARIABLES,
    at,
    with_value,
)
from inspector_app.gui.facts import Sample
from inspector_app.gui.pace import percentile, spent_ms
from inspector_app.gui.preset_room import PresetRoom
from inspector_app.gui.preset_words import fault_words
from inspector_app.gui.presets import title_of
from inspector_app.presets import preset, save_preset
from inspector_app.presets.checking import faults
from tests.gui.person import ask, told

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MINE = Preset(
    "mine",
    "Mine",
    "relative_attention",
    Options(count=3, gate=0.8, max_tokens=9),
    "Is there a crack?",
    wording=Wording("basic", "en", (), "Describe it."),
    rules=Rules(least_margin=0.2),
    targets=Targets(0.9, 500),
    title_zh="我的",
)


@pytest.fixture
def room(opened, qtbot):
    found = opened.findChild(PresetRoom)
    qtbot.waitUntil(lambda: bool(found.presets.entries))
    return found


def kept(room, *presets):
    for one in presets:
        save_preset(one)
    room.presets.refresh()


def last_asked(stage):
    return [request for request in stage.script.asked if isinstance(request, Inspect)][-1]


# --- choosing --------------------------------------------------------------------------------


def test_the_menu_offers_every_preset_and_none(room):
    room.button.menu().aboutToShow.emit()

    words = [action.text() for action in room.button.menu().actions() if action.text()]
    assert words[:4] == ["Industrial", "Medical", "Text", "No preset"]
    assert words[4:] == ["Edit presets …", "Compare two prompt templates …"]
    assert room.button.text() == "No preset"


def test_a_chosen_preset_sets_question_strategy_and_options(opened, room):
    kept(room, MINE)

    room.presets.choose("mine")

    session = opened.session
    assert session.question == "Is there a crack?"
    assert session.strategy == "relative_attention"
    assert (session.options.count, session.options.gate, session.options.max_tokens) == (3, 0.8, 9)
    assert room.button.text() == "Mine"
    assert opened.ask.count.value() == 3
    assert session.settings.preset == "mine"


def test_what_is_asked_is_put_into_the_template_and_recorded(opened, room, stage, qtbot):
    kept(room, MINE)
    room.presets.choose("mine")

    ask(opened, qtbot, "Is it bent?")

    request = last_asked(stage)
    assert request.question == "Is it bent? Answer the question using a single word or phrase."
    assert request.neutral == "Describe it."
    assert request.rules == Rules(least_margin=0.2)
    assert f"preset mine {preset('mine').version}" in request.notes
    assert opened.session.question == "Is it bent?"
    assert "Is it bent?" in opened.session.settings.questions


def test_a_reopened_question_is_not_put_into_the_template_twice(opened, room):
    kept(room, MINE)
    room.presets.choose("mine")
    full = "Is it bent? Answer the question using a single word or phrase."

    opened.session.set_question(full)

    assert opened.session.request_for("a.png").question == full


def test_a_template_without_a_place_for_words_is_what_the_question_begins_with(opened, room):
    room.presets.choose("text")

    assert opened.session.question == "What is the code on the label?"
    opened.session.set_question("Is there a label?")
    assert opened.session.request_for("a.png").question == "Is there a label?"


def test_a_preset_without_a_question_leaves_the_one_there_is(opened, room):
    kept(room, Preset("bare", "Bare", "whole", Options(), wording=Wording("basic")))
    opened.session.set_question("Is it bent?")

    room.presets.choose("bare")

    assert opened.session.question == "Is it bent?"
    assert opened.session.request_for("a.png").question.startswith("Is it bent? Answer")
    room.open_editor()
    assert room._editor.keep.isEnabled() is False
    assert room._editor.fields["prompt.template"].fault.text() == ""


def test_without_a_preset_nothing_is_added(opened, room):
    room.presets.choose("medical")
    room.presets.choose("")

    request = opened.session.request_for("a.png")

    assert (request.rules, request.notes) == (None, ())
    assert room.button.text() == "No preset"
    assert opened.session.settings.preset == ""


def test_a_preset_that_was_left_says_so(opened, room):
    room.presets.choose("medical")
    opened.session.set_count(1)

    assert room.button.text() == "Medical, changed"
    version = preset("medical").version
    assert len(version) == 8
    assert opened.session.request_for("a.png").notes == (f"preset medical {version}, changed",)

    opened.session.set_count(3)
    assert room.button.text() == "Medical"


def test_the_preset_in_use_is_in_use_again_after_a_restart(stage, qtbot):
    window = stage.open("a.png", preset="medical")
    room = window.findChild(PresetRoom)

    qtbot.waitUntil(lambda: room.presets.current is not None)

    assert window.session.strategy == "gradient_attention"


def test_a_preset_that_is_gone_is_no_longer_in_use(stage, qtbot):
    window = stage.open("a.png", preset="gone")
    room = window.findChild(PresetRoom)

    qtbot.waitUntil(lambda: window.session.settings.preset == "")

    assert room.presets.current is None


def test_a_preset_that_cannot_be_used_here_is_refused_with_the_reason(opened, room):
    kept(room, Preset("odd", "Odd", "whole", Options(), model="nowhere"))

    room.presets.choose("odd")

    assert room.presets.current is None
    assert 'there is no model "nowhere"' in told(opened)[0].hint


def test_a_preset_brings_its_model(opened, room, stage, qtbot):
    card = paths.user_models() / "other" / "card.toml"
    card.parent.mkdir(parents=True)
    card.touch()
    kept(room, Preset("big", "Big", "whole", Options(), model="other", precision="float32"))

    room.presets.choose("big")

    qtbot.waitUntil(lambda: LoadModel("other", "auto", "float32") in stage.script.asked)


def test_a_preset_says_how_many_pictures_are_inspected_ahead(opened, room):
    before = opened.session.settings.ahead_count
    kept(
        room,
        Preset("seven", "Seven", "whole", Options(), ahead=7),
        Preset("none", "None", "whole", Options(), ahead=0),
        Preset("usual", "Usual", "whole", Options()),
    )

    def told_after(name):
        room.presets.choose(name)
        settings = opened.session.settings
        return settings.inspect_ahead, settings.ahead_count

    assert told_after("usual") == (False, before)
    assert told_after("seven") == (True, 7)
    assert told_after("usual") == (True, 7)
    assert told_after("none") == (False, 7)


def test_a_damaged_preset_is_named_in_the_window(opened, room):
    (paths.config() / "presets").mkdir(parents=True)
    (paths.config() / "presets" / "bad.json").write_text("{")

    room.presets.refresh()

    assert "bad.damaged-1.json" in told(opened)[0].text


# --- regions ---------------------------------------------------------------------------------


def test_fixed_regions_lie_on_every_picture(opened, room, qtbot):
    room.presets.choose("industrial")

    def boxes():
        return [region.box for region in opened.session.rois]

    # 320 x 240: 54 and 46 per cent are 172.8 and 147.2 pixels.
    assert boxes() == [(0, 0, 173, 240), (147, 0, 320, 240)]
    assert opened.session.strategy == "manual"

    with qtbot.waitSignal(opened.session.picture_changed):
        opened.session.go(1)

    assert boxes() == [(0, 0, 173, 240), (147, 0, 320, 240)]
    assert opened.session.strategy == "manual"
    assert room.button.text() == "Industrial"


def shot_of(number, *, width, height):
    pixels = np.zeros((height, width, 3), np.uint8)
    return Shot(number, 0.0, "2026-11-21T00:00:00+00:00", "usb:0", pixels)


def test_fixed_regions_lie_on_live_pictures_of_any_size(opened, room):
    room.presets.choose("industrial")
    opened.session.clear()

    for number, (width, height) in enumerate(((640, 480), (200, 100)), 1):
        opened.session.eye.shot_changed.emit(shot_of(number, width=width, height=height))
        assert opened.session.rois[1].x1 == width
        assert opened.session.rois[1].y1 == height

    opened.session.set_rois((Region(0, 0, 9, 9),))
    opened.session.eye.shot_changed.emit(shot_of(3, width=640, height=480))
    assert opened.session.rois == (Region(0, 0, 9, 9),)


def test_another_question_than_the_rules_were_made_for_is_told_to_the_judge(opened, room):
    ruled = Rules((YesNo(),))
    wording = Wording("basic")
    kept(room, Preset("v", "V", "whole", Options(), "Is it bent?", wording=wording, rules=ruled))
    room.presets.choose("v")

    def strays(question):
        return opened.session.request_for("a.png", question=question).strays

    assert not strays("Is it bent?")
    assert not strays("Is it bent? Answer the question using a single word or phrase.")
    assert not strays("Is there a crack?")
    assert strays("Is it straight?")
    room.presets.choose("")
    assert not strays("Is it straight?")


def test_a_sample_brings_no_question_that_the_rules_of_the_preset_were_not_made_for(opened, room):
    session = opened.session
    session.samples = (Sample("a.png", "label", "A", ("What is the code?", "Is there a label?")),)
    kept(room, Preset("v", "V", "whole", Options(), "Is it bent?", rules=Rules((YesNo(),))))

    room.presets.choose("v")
    session.suggest("a.png")

    assert session.question == "Is it bent?"
    room.presets.choose("")
    session.suggest("a.png")
    assert session.question == "What is the code?"


def test_a_region_outside_the_picture_is_left_out_and_told(opened, room):
    rois = (FixedRegion((0, 0, 10, 10)), FixedRegion((0, 0, 5000, 10)))
    kept(room, Preset("wide", "Wide", "manual", Options(count=2), "Is it?", rois=rois))

    room.presets.choose("wide")

    assert opened.session.rois == (Region(0, 0, 10, 10),)
    assert "reach outside" in told(opened)[0].text
    # What was demanded there cannot be judged: the verdict is CHECK, see `workflow.following`.
    assert opened.session.request_for("a.png").left_out == 1
    opened.session.set_rois((Region(5, 5, 20, 20),))
    assert opened.session.request_for("a.png").left_out == 0


def test_regions_of_a_preset_follow_its_part_and_those_drawn_here_do_not(opened, room):
    rois = (FixedRegion((0, 0, 50, 100), unit="percent"),)
    following = Preset(
        "part", "Part", "manual", Options(), "Is it?", rois=rois, template_picture="/t/part.png"
    )
    kept(room, following)

    room.presets.choose("part")
    assert opened.session.request_for("a.png").template == "/t/part.png"

    opened.session.add_roi(Region(0, 0, 9, 9))
    assert opened.session.request_for("a.png").template == ""


# --- pace ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5], 0.5, 5),
        ([5], 0.95, 5),
        ([1, 2, 3, 4], 0.5, 2),
        ([4, 1, 3, 2], 0.95, 4),
        (list(range(1, 101)), 0.95, 95),
        (list(range(1, 101)), 0.5, 50),
    ],
)
def test_percentiles_are_of_the_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_loading_the_model_is_no_part_of_an_inspection():
    assert spent_ms({"open": 1.0, "load": 500.0, "ask": 2.0, "total": 503.0}) == 3.0


@pytest.mark.parametrize(
    ("aim", "word"), [(500, "in time · p50 228 · p95 228 of 500 ms"), (50, "too slow")]
)
def test_the_pace_is_told_in_word_symbol_and_figures(opened, room, qtbot, aim, word):
    kept(room, Preset("p", "P", "whole", Options(), "Is it?", targets=Targets(0.9, aim)))
    room.presets.choose("p")
    assert room.chip.words.text() == f"aim {aim} ms"

    ask(opened, qtbot)

    assert word in room.chip.words.text()
    symbol = room.chip.findChildren(QLabel)[0]
    assert not symbol.pixmap().isNull()
    assert "1 inspection under this preset" in room.chip.toolTip()
    assert "90%" in room.chip.toolTip()


def test_a_preset_that_was_left_is_measured_by_itself(opened, room, qtbot):
    room.presets.choose("medical")
    ask(opened, qtbot)
    assert room.pace.figures.count == 1

    opened.session.set_count(1)
    assert room.pace.figures is None

    opened.session.set_count(3)
    assert room.pace.figures.count == 1


def test_without_an_aim_nothing_is_told(opened, room):
    assert not room.chip.isVisibleTo(opened)
    kept(room, Preset("p", "P", "whole", Options(), "Is it?"))

    room.presets.choose("p")

    assert not room.chip.isVisibleTo(opened)


# --- the editor ------------------------------------------------------------------------------


@pytest.fixture
def editor(room):
    room.open_editor()
    room._editor.preview._pause.setInterval(0)
    return room._editor


def type_into(editor, place, text):
    control = editor.fields[place].control
    if hasattr(control, "setPlainText"):
        control.setPlainText(text)
    else:
        control.setText(text)
        control.textEdited.emit(text)
    editor._check()


def choose_in(editor, place, value):
    control = editor.fields[place].control
    control.setCurrentIndex(control.findData(value))
    control.activated.emit(control.currentIndex())
    editor._check()


def test_the_editor_shows_what_a_preset_says(editor):
    editor.show_preset("industrial")

    fields = editor.fields
    assert fields["title"].control.text() == "Industrial"
    assert fields["regions.rois"].control.toPlainText().splitlines() == [
        "left: 0, 0, 54, 100 %",
        "right: 46, 0, 100, 100 %",
    ]
    assert fields["look.strategy"].control.currentData() == "manual"
    assert fields["look.reweighting"].control.text() == "1.8"
    assert fields["look.reweight_by"].control.currentData() == ""
    assert not editor.keep.isEnabled()


def test_every_control_of_the_editor_has_a_name_and_enter_presses_no_button(editor):
    editor.show_preset("medical")
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    controls = [
        *editor.list.findChildren(QAbstractButton),
        *(field.control for field in editor.fields.values()),
        *(editor.keep, editor.use, editor.undo, editor.take_regions, editor.preview.is_live),
    ]

    for control in controls:
        words = control.accessibleName() or getattr(control, "text", str)()
        assert words, type(control)
        assert isinstance(control, kinds)
    assert not any(button.autoDefault() for button in controls if hasattr(button, "autoDefault"))


def test_every_entry_of_the_file_has_a_field(editor):
    editor.show_preset("medical")
    document = json.loads((paths.resources() / "presets" / "medical.json").read_text("utf-8"))

    def leaves(held, place=""):
        for name, value in held.items():
            here = f"{place}.{name}" if place else name
            if isinstance(value, dict) and here not in editor.fields:
                yield from leaves(value, here)
            else:
                yield here

    assert set(leaves(document)) - {"schema_version"} == set(editor.fields)


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        ("title", "", "it may not be empty"),
        ("look.count", "9", "it must be at most 4"),
        ("look.count", "two", "it must be a whole number"),
        ("look.gate", "1.5", "it must be at most 1"),
        ("look.scales", "1, x", "line 2: it must be a number"),
        ("windows", "lung, moon", "line 2: it is no such name"),
        ("rules", "{", "it must be one object with entries"),
        ("rules", '{"least_margin": 7}', "a margin lies between 0 and 1"),
        ("prompt.variables", "lamp = x", "lamp: choose one of"),
        ("regions.rois", "1, 2, 3", "line 1: too few numbers"),
        ("targets.latency_ms", "0", "it must be more than 0"),
    ],
)
def test_a_fault_stands_below_its_field_and_bars_keeping(editor, place, text, words):
    editor.show_preset("medical")
    if place == "regions.rois":
        choose_in(editor, "look.strategy", "manual")

    type_into(editor, place, text)

    assert words in editor.fields[place].fault.text()
    assert editor.fields[place].fault.text().startswith("✕ ")
    assert not editor.keep.isEnabled()
    assert not editor.use.isEnabled()


def test_a_fault_goes_when_it_is_mended(editor):
    editor.show_preset("medical")
    type_into(editor, "look.count", "9")

    type_into(editor, "look.count", "3")

    assert not editor.fields["look.count"].fault.text()
    assert not editor.keep.isEnabled()  # it says again what is kept


def test_what_is_typed_is_kept_as_the_users_own_and_restored(editor, room, monkeypatch):
    editor.show_preset("medical")
    type_into(editor, "look.count", "2")
    assert [editor.changes.table.item(0, column).text() for column in range(3)] == [
        "Crops",
        "3",
        "2",
    ]

    editor.keep.click()

    assert preset("medical").options.count == 2
    assert editor.list.list.currentItem().text() == "Medical\nmedical · changed"
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: QMessageBox.StandardButton.Yes)
    editor.list.restore.click()
    assert preset("medical").options.count == 3
    assert editor.fields["look.count"].control.text() == "3"


def test_nothing_is_lost_unless_the_user_says_so(editor, monkeypatch):
    editor.show_preset("medical")
    type_into(editor, "look.count", "2")
    editor.keep.click()
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: QMessageBox.StandardButton.No)

    editor.list.restore.click()

    assert preset("medical").options.count == 2


def test_what_was_typed_is_not_lost_by_looking_elsewhere(editor):
    editor.show_preset("medical")
    type_into(editor, "title", "Other")

    editor.show_preset("text")
    assert editor.list.list.item(1).text() == "Medical\nmedical · shipped · not kept"
    editor.close()
    editor.show_preset("medical")

    assert editor.fields["title"].control.text() == "Other"
    assert editor.keep.isEnabled()


def test_the_words_that_are_asked_stand_below_the_template(editor):
    editor.show_preset("medical")

    choose_in(editor, "prompt.template", "basic")

    asked = "Asks: Is there a nodule? Answer the question using a single word or phrase."
    assert editor.fields["prompt.template"].note.text() == asked


def test_changes_are_undone(editor):
    editor.show_preset("medical")
    type_into(editor, "title", "Other")

    editor.undo.click()

    assert editor.fields["title"].control.text() == "Medical"


def test_a_copy_gets_a_name_of_its_own(editor, monkeypatch):
    editor.show_preset("text")
    answers = iter([("medical", True), ("my text", True)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_a, **_k: next(answers))

    editor.list.copy.click()

    assert preset("my text").title == "Text (my text)"
    assert editor.list.list.currentItem().text().endswith("my text · yours")


def test_a_preset_travels_through_files(editor, monkeypatch, tmp_path):
    path = tmp_path / "carried.json"
    editor.show_preset("text")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))

    editor.list.hand_out.click()
    editor.list.take_in.click()

    assert preset("carried").wording == preset("text").wording
    assert "Saved" not in editor.words.text()


def test_a_file_that_is_no_preset_is_refused_in_the_editor(editor, monkeypatch, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text("{")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))

    editor.list.take_in.click()

    assert "bad.json is damaged" in editor.words.text()


def test_rectangles_drawn_on_the_picture_become_regions_in_per_cent(opened, editor):
    editor.show_preset("text")
    opened.session.add_roi(Region(32, 24, 160, 240))

    editor.take_regions.click()

    assert editor.document["regions"]["rois"] == [
        {"box": [10.0, 10.0, 50.0, 100.0], "unit": "percent", "colour": 0}
    ]
    assert editor.document["look"]["strategy"] == "manual"
    assert editor.keep.isEnabled()


def test_names_and_questions_of_drawn_regions_come_along(opened, editor, qtbot):
    regions = opened.session.regions
    regions.add(Shape.of(Region(32, 24, 160, 240)))
    qtbot.waitUntil(lambda: len(regions.all) == 1)
    regions.rename(regions.all[0].id, "seal")
    regions.ask(regions.all[0].id, "Is it closed?", [])
    qtbot.waitUntil(lambda: bool(regions.all[0].question))
    editor.show_preset("text")

    editor.take_regions.click()

    assert editor.document["regions"]["rois"] == [
        {
            "box": [10.0, 10.0, 50.0, 100.0],
            "unit": "percent",
            "name": "seal",
            "question": "Is it closed?",
            "colour": 0,
        }
    ]


def test_the_editor_speaks_chinese_at_once(opened, editor, qtbot):
    opened.session.choose("language", "zh_CN")

    qtbot.waitUntil(lambda: editor.keep.text() == "保存")
    assert editor.list.list.item(0).text().startswith("工业")
    assert title_of(MINE) == "我的"
    opened.session.choose("language", "en")


# --- trying ----------------------------------------------------------------------------------


def test_a_preset_is_tried_on_the_open_picture_and_nothing_of_it_is_stored(
    opened, editor, stage, qtbot
):
    stage.script.forecast = Forecast(3, 100, 312, 1024, 500, 25_000_000)
    editor.show_preset("industrial")

    qtbot.waitUntil(lambda: "Zoomed: yes" in editor.preview.answers.text())
    qtbot.waitUntil(lambda: "312 of 1024 tokens" in editor.preview.cost.text())

    trial = last_asked(stage)
    assert not trial.save
    assert trial.options.rois == (Region(0, 0, 173, 240), Region(147, 0, 320, 240))
    assert len(editor.preview.thumb.regions) == 2
    assert "At most: 3 pictures" in editor.preview.cost.text()
    assert "25 MB" in editor.preview.cost.text()
    assert opened.session.inspection is None
    assert any(isinstance(request, Foresee) for request in stage.script.asked)


def test_what_has_faults_is_not_tried(editor, stage, qtbot):
    editor.show_preset("medical")
    qtbot.waitUntil(lambda: "Whole" in editor.preview.answers.text())
    before = len(stage.script.asked)

    type_into(editor, "look.count", "9")
    qtbot.wait(50)

    assert len(stage.script.asked) == before
    assert editor.preview.answers.text() == ""


def test_without_live_trials_only_the_cost_is_told(editor, stage, qtbot):
    editor.preview.is_live.setChecked(False)
    stage.script.asked.clear()
    editor.show_preset("medical")

    qtbot.waitUntil(lambda: any(isinstance(one, Foresee) for one in stage.script.asked))
    qtbot.wait(50)

    assert not any(isinstance(one, Inspect) for one in stage.script.asked)


def test_time_is_foretold_from_what_was_measured(editor, stage, qtbot):
    stage.script.forecast = Forecast(2, 100, 300, 1024, 420, 25_000_000)
    editor.show_preset("medical")

    # The scripted worker: 228 ms for 620 tokens and 2 pictures, 820 in all; here 620 in all.
    qtbot.waitUntil(lambda: "about 172 ms" in editor.preview.cost.text())


# --- texts -----------------------------------------------------------------------------------


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


def test_work_is_counted_as_the_forecast_counts_it():
    assert Forecast(2, 100, 300, 1024, 420).expected_ms([(Passes(2, 14, 620), 228.0)]) == (
        pytest.approx(228 / 820 * 620)
    )


def test_the_line_below_says_less_where_it_has_no_room(opened, room, qtbot):
    room.presets.choose("medical")
    ask(opened, qtbot)

    opened.resize(2200, 800)
    qtbot.waitUntil(lambda: "reading 61 ms" in opened.status.took.text())
    opened.resize(1000, 800)
    qtbot.waitUntil(lambda: opened.status.took.text() == "228 ms")

    last = opened.status.size_words
    assert last.mapTo(opened.status, last.rect().topRight()).x() < opened.status.width()
    assert "reading: 61 ms" in opened.status.took.toolTip()


def test_the_menu_chooses(opened, room):
    for _turn in range(3):
        room.button.menu().aboutToShow.emit()
    by_words = {action.text(): action for action in room.button.menu().actions()}

    by_words["Medical"].trigger()

    assert room.presets.current.name == "medical"
    room.button.menu().aboutToShow.emit()
    checked = [action.text() for action in room.button.menu().actions() if action.isChecked()]
    assert checked == ["Medical"]
