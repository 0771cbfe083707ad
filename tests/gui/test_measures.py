"""Measurements stay with their picture, over a restart, and every step can be taken back."""

import pytest
from PySide6.QtCore import QPointF

from inspector_app.domain.errors import CannotWrite, UnreadableRecord
from inspector_app.gui.canvas.hands import Tool
from tests.gui.person import told

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def words(window):
    return [item.words for item in window.canvas.measures.items]


def wait_for(window, qtbot, *said):
    qtbot.waitUntil(lambda: words(window) == list(said))


def measure(window, qtbot, start, end):
    before = len(words(window))
    window.canvas.view.set_tool(Tool.LENGTH)
    window.canvas.view.measured.emit(QPointF(*start), QPointF(*end))
    qtbot.waitUntil(lambda: len(words(window)) == before + 1)


def test_measurements_are_there_again_after_a_restart(opened, stage, qtbot):
    measure(opened, qtbot, (10, 10), (40, 50))
    measure(opened, qtbot, (0, 0), (0, 7))
    opened.actions_by_name["undo"].trigger()
    wait_for(opened, qtbot, "50.0 px")
    opened.close()

    again = stage.open("a.png")
    wait_for(again, qtbot, "50.0 px")

    again.actions_by_name["redo"].trigger()
    wait_for(again, qtbot, "50.0 px", "7.0 px")
    for _ in range(3):
        again.actions_by_name["undo"].trigger()
    wait_for(again, qtbot)
    assert not again.actions_by_name["undo"].isEnabled()


def test_each_picture_has_measurements_and_a_way_back_of_its_own(opened, qtbot):
    measure(opened, qtbot, (10, 10), (40, 50))
    opened.session.go(1)
    qtbot.waitUntil(lambda: opened.session.picture.locator.endswith("b.png"))
    assert words(opened) == []
    measure(opened, qtbot, (0, 0), (3, 4))

    opened.session.go(-1)
    wait_for(opened, qtbot, "50.0 px")
    opened.actions_by_name["undo"].trigger()

    wait_for(opened, qtbot)
    opened.session.go(1)
    wait_for(opened, qtbot, "5.0 px")


def test_removing_all_can_be_undone(opened, qtbot):
    measure(opened, qtbot, (10, 10), (40, 50))
    opened.actions_by_name["unmeasure"].trigger()
    wait_for(opened, qtbot)

    opened.actions_by_name["undo"].trigger()

    wait_for(opened, qtbot, "50.0 px")


def test_a_measurement_that_could_not_be_stored_does_not_stay_on_the_screen(opened, qtbot, stage):
    measure(opened, qtbot, (10, 10), (40, 50))
    stage.script.no_gesture = CannotWrite("The disk is full.", hint="Make room.")
    item = opened.canvas.measures.items[0]
    moved = item.measure.__class__(item.measure.kind, ((10.0, 10.0), (10.0, 20.0)))
    item.on_moving(moved)
    item.on_changed(moved)

    qtbot.waitUntil(lambda: bool(told(opened)))

    assert told(opened)[0].text == "The disk is full."
    wait_for(opened, qtbot, "50.0 px")


def test_a_dragged_end_is_one_step_back(opened, qtbot):
    measure(opened, qtbot, (10, 10), (40, 50))
    item = opened.canvas.measures.items[0]
    moved = item.measure.__class__(item.measure.kind, ((10.0, 10.0), (10.0, 20.0)))
    item.on_changed(moved)
    wait_for(opened, qtbot, "10.0 px")

    opened.actions_by_name["undo"].trigger()

    wait_for(opened, qtbot, "50.0 px")


def test_what_is_done_while_the_program_is_closed_is_stored(opened, stage, qtbot):
    measure(opened, qtbot, (10, 10), (40, 50))
    key = opened.session.book.key
    for _ in range(5):
        opened.canvas.view.measured.emit(QPointF(0, 0), QPointF(0, 7))

    opened.close()

    assert len(stage.script.gestures[key]) == 6


def test_records_that_cannot_be_read_are_told_of_once(opened, qtbot, stage):
    stage.script.no_marks = UnreadableRecord("The records are damaged.", hint="Restore them.")
    for by in (1, 1, -1):
        opened.session.go(by)
        qtbot.waitUntil(lambda: not opened.session.is_opening)
    qtbot.waitUntil(lambda: bool(told(opened)))

    assert [notice.text for notice in told(opened)].count("The records are damaged.") == 1
