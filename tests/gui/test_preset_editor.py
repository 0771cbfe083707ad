"""The editor of presets: fields, faults, regions, trials."""

import json

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)

from inspector_app import paths
from inspector_app.domain.forecast import Forecast
from inspector_app.domain.inspection import Passes
from inspector_app.domain.messages import Foresee, Inspect
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.gui.presets import title_of
from inspector_app.gui.wording.problems import problem_words
from tests.gui.preset_use import MINE, choose_in, last_asked, type_into

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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


def test_entries_at_fault_are_named_whatever_page_they_are_on(opened, editor):
    editor.show_preset("medical")
    type_into(editor, "look.count", "9")
    type_into(editor, "targets.accuracy", "7")

    assert editor.words.text().endswith("Crops \N{MIDDLE DOT} Aim: right answers")
    # Drawing on the picture meanwhile mends nothing.
    opened.session.add_roi(Region(1, 1, 9, 9))
    assert not editor.keep.isEnabled()
    assert "Crops" in editor.words.text()


def test_a_picture_that_is_not_there_is_named_at_its_field_and_bars_nothing(editor):
    editor.show_preset("industrial")
    type_into(editor, "regions.template_picture", "gone/part.png")

    assert "there is no file gone/part.png" in (
        editor.fields["regions.template_picture"].fault.text()
    )
    assert editor.keep.isEnabled()


def test_a_fault_goes_when_it_is_mended(editor):
    editor.show_preset("medical")
    type_into(editor, "look.count", "9")

    type_into(editor, "look.count", "3")

    assert not editor.fields["look.count"].fault.text()
    assert not editor.keep.isEnabled()  # it says again what is kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            {"schema_version": 9, "title": "T"},
            "其版本为 9，本程序只认识到版本 2",
        ),
        ({"schema_version": 2, "title": "T", "look": {"strategy": "x", "count": 9}}, "至多为 4"),
        ({"schema_version": 2, "look": {"strategy": "x"}}, "缺少此项"),
        ({"schema_version": "x"}, "不是版本号"),
        ([], "不是一个带条目的对象"),
    ],
)
def test_a_damaged_preset_is_named_in_chinese(opened, room, content, words):
    opened.session.choose("language", "zh_CN")
    path = paths.config() / "presets" / "bad.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))

    room.presets.refresh()

    (sentence,) = room.presets.shelf.notices()
    assert words in problem_words(sentence)
    opened.session.choose("language", "en")


def test_the_words_that_are_asked_stand_below_the_template(editor):
    editor.show_preset("medical")

    choose_in(editor, "prompt.template", "basic")

    asked = "Asks: Is there a nodule? Answer the question using a single word or phrase."
    assert editor.fields["prompt.template"].note.text() == asked


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


def asked_by_now(window, stage, qtbot):
    """What the model was asked for until all is done that the window asked for before."""
    # A timer of this thread that was begun before is due before, and what is submitted before
    # is begun before.
    later = QTimer()
    later.setTimerType(Qt.TimerType.PreciseTimer)
    with qtbot.waitSignal(later.timeout):
        later.start(1)
    later.stop()
    last = Foresee(Inspect("the last", "?", "whole", Options()))
    window.session.asking.beside(last, tell=lambda _message: None)
    qtbot.waitUntil(lambda: last in stage.script.asked)
    return stage.script.asked[: stage.script.asked.index(last)]


def test_what_has_faults_is_not_tried(opened, editor, stage, qtbot):
    editor.show_preset("medical")
    qtbot.waitUntil(lambda: "Whole" in editor.preview.answers.text())
    before = list(stage.script.asked)

    type_into(editor, "look.count", "9")

    assert asked_by_now(opened, stage, qtbot) == before
    assert editor.preview.answers.text() == ""


def test_without_live_trials_only_the_cost_is_told(opened, editor, stage, qtbot):
    editor.preview.is_live.setChecked(False)
    asked_by_now(opened, stage, qtbot)
    stage.script.forecast = Forecast(2, 100, 300, 1024, 420, 25_000_000)
    stage.script.asked.clear()

    editor.show_preset("medical")

    qtbot.waitUntil(lambda: "tokens" in editor.preview.cost.text())
    kinds = [type(one) for one in asked_by_now(opened, stage, qtbot)]
    assert Foresee in kinds
    assert Inspect not in kinds


def test_time_is_foretold_from_what_was_measured(editor, stage, qtbot):
    stage.script.forecast = Forecast(2, 100, 300, 1024, 420, 25_000_000)
    editor.show_preset("medical")

    # The scripted worker: 228 ms for 620 tokens and 2 pictures, 820 in all; here 620 in all.
    qtbot.waitUntil(lambda: "about 172 ms" in editor.preview.cost.text())


def test_work_is_counted_as_the_forecast_counts_it():
    assert Forecast(2, 100, 300, 1024, 420).expected_ms([(Passes(2, 14, 620), 228.0)]) == (
        pytest.approx(228 / 820 * 620)
    )
