"""Measurements stay with their picture, over a restart, and every step can be taken back."""

import pytest
from PySide6.QtCore import QPointF

from inspector_app.domain.measure import picture_key
from inspector_app.gui.canvas.hands import Tool

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def measure(window, start, end):
    window.canvas.view.set_tool(Tool.LENGTH)
    window.canvas.view.measured.emit(QPointF(*start), QPointF(*end))


def words(window):
    return [item.words for item in window.canvas.measures.items]


def test_measurements_are_there_again_after_a_restart(opened, stage, qtbot):
    measure(opened, (10, 10), (40, 50))
    measure(opened, (0, 0), (0, 7))
    opened.actions_by_name["undo"].trigger()
    key = picture_key(opened.session.picture.provenance.sha256, opened.session.locator)
    qtbot.waitUntil(lambda: key in stage.script.measures and stage.script.measures[key].can_redo)
    opened.close()

    again = stage.open("a.png")
    qtbot.waitUntil(lambda: bool(again.canvas.measures.items))

    assert words(again) == ["50.0 px"]
    again.actions_by_name["redo"].trigger()
    assert words(again) == ["50.0 px", "7.0 px"]
    for _ in range(3):
        again.actions_by_name["undo"].trigger()
    assert words(again) == []
    assert not again.actions_by_name["undo"].isEnabled()


def test_each_picture_has_measurements_and_a_way_back_of_its_own(opened, qtbot):
    measure(opened, (10, 10), (40, 50))
    opened.session.go(1)
    qtbot.waitUntil(lambda: opened.session.picture.locator.endswith("b.png"))
    assert words(opened) == []
    measure(opened, (0, 0), (3, 4))

    opened.session.go(-1)
    qtbot.waitUntil(lambda: opened.session.picture.locator.endswith("a.png"))
    assert words(opened) == ["50.0 px"]
    opened.actions_by_name["undo"].trigger()

    assert words(opened) == []
    opened.session.go(1)
    qtbot.waitUntil(lambda: opened.session.picture.locator.endswith("b.png"))
    assert words(opened) == ["5.0 px"]


def test_removing_all_can_be_undone(opened):
    measure(opened, (10, 10), (40, 50))
    opened.actions_by_name["unmeasure"].trigger()
    assert words(opened) == []

    opened.actions_by_name["undo"].trigger()

    assert words(opened) == ["50.0 px"]


def test_what_is_measured_before_the_store_answers_is_kept(opened, qtbot):
    viewing = opened.canvas.viewing
    measure(opened, (10, 10), (40, 50))
    key = picture_key(opened.session.picture.provenance.sha256, opened.session.locator)
    late = viewing.history.__class__()

    viewing.recall_measures(key, late)

    assert words(opened) == ["50.0 px"]


def test_a_dragged_end_is_one_step_back(opened):
    measure(opened, (10, 10), (40, 50))
    item = opened.canvas.measures.items[0]
    moved = item.measure.__class__(item.measure.kind, ((10.0, 10.0), (10.0, 20.0)))
    item.on_changed(moved)
    assert words(opened) == ["10.0 px"]

    opened.actions_by_name["undo"].trigger()

    assert words(opened) == ["50.0 px"]
