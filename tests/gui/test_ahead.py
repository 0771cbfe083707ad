"""Run-ahead: what is made before the user comes, when it is shown, and how it is steered."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from inspector_app.domain.inspection import MADE_AHEAD
from inspector_app.domain.messages import ReadPicture
from inspector_app.gui.ahead import Rest
from tests.gui.conftest import paint
from tests.gui.person import CRACK, ask
from tests.gui.running import badge, go_to, held, inspected, running, strip, wait_for

__all__ = ["held", "running"]

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_nothing_is_inspected_ahead_unless_the_user_says_so(opened, qtbot, stage):
    ask(opened, qtbot)
    qtbot.waitUntil(lambda: sum(isinstance(one, ReadPicture) for one in stage.script.asked) >= 2)

    assert inspected(stage) == ["a"]
    assert not opened.session.ahead.state.is_on


def test_the_picture_on_the_screen_and_the_next_one_are_read_into_the_model(opened, qtbot, stage):
    def read():
        return [one for one in stage.script.asked if isinstance(one, ReadPicture)]

    qtbot.waitUntil(lambda: len(read()) == 2)
    assert [(Path(one.locator).stem, one.ahead) for one in read()] == [("a", False), ("b", True)]


def test_the_picture_on_the_screen_comes_first_then_those_that_follow(running, qtbot, stage):
    wait_for(running, qtbot, done=2)

    assert inspected(stage) == ["a", "b", "c"]
    assert [badge(running, row) for row in range(3)] == ["CHECK"] * 3
    assert len(stage.script.records) == 3


def test_records_made_ahead_say_so_and_those_of_the_user_do_not(running, qtbot, stage):
    wait_for(running, qtbot, done=2)
    ask(running, qtbot)

    assert [MADE_AHEAD in made.notes for made in stage.script.records.values()] == [
        True,
        True,
        True,
        False,
    ]


def test_a_key_to_a_prepared_picture_shows_its_finished_inspection_whole(running, qtbot, stage):
    wait_for(running, qtbot, done=2)
    asked = len(inspected(stage))

    qtbot.keyClick(running.canvas.view, Qt.Key.Key_N)

    qtbot.waitUntil(lambda: running.windowTitle().startswith("b.png"))
    qtbot.waitUntil(lambda: running.session.inspection is not None)
    shown = running.session.inspection
    assert shown.provenance.locator.endswith("b.png")
    assert (shown.views[0].pixels == running.session.picture.frame.pixels).all()
    assert running.answers.zoomed.text.text() == "yes"
    assert len(inspected(stage)) == asked


def test_a_click_on_another_picture_moves_it_to_the_front(running, qtbot, stage):
    for at in range(4):
        paint(stage.folder / f"n{at}.png", size=(32, 24), seed=20 + at)
    stage.script.hold.clear()
    running.session.open_paths([str(stage.folder / f"n{at}.png") for at in range(4)])
    go_to(running, qtbot, stage, "n2.png")
    qtbot.waitUntil(lambda: inspected(stage)[-1:] == ["n2"])

    stage.script.hold.set()
    wait_for(running, qtbot, done=1)

    assert inspected(stage)[-2:] == ["n2", "n3"]
    assert running.session.inspection is not None


def test_what_runs_ahead_is_stopped_for_the_users_own_question(running, qtbot, stage):
    wait_for(running, qtbot, done=2)
    stage.script.hold.clear()
    running.session.set_question("Is there a scratch?")
    running.session.ask()
    qtbot.waitUntil(lambda: running.session.asking.is_running)
    qtbot.waitUntil(lambda: running.session.ahead.state.rest is Rest.ASKED)

    assert running.session.ahead.running is None
    assert "your question first" in strip(running).words.text()
    stage.script.hold.set()
    wait_for(running, qtbot, done=2)
    assert inspected(stage)[3:] == ["a", "b", "c"]
    assert stage.script.records[4].notes == ()


def test_a_question_that_comes_in_the_middle_of_a_job_is_answered_before_it(held, qtbot, stage):
    held.session.set_question("Is there a scratch?")
    held.session.ask()
    stage.script.hold.set()

    qtbot.waitUntil(lambda: held.session.inspection is not None)
    assert stage.script.records[1].question == "Is there a scratch?"
    assert stage.script.records[1].notes == ()
    wait_for(held, qtbot, done=2)
    assert [made.question for made in stage.script.records.values()] == ["Is there a scratch?"] * 3


def test_pause_stops_within_a_step_and_resume_goes_on(held, qtbot, stage):
    qtbot.mouseClick(strip(held).pause, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: held.session.ahead.state.rest is Rest.PAUSED)
    assert held.session.ahead.running is None
    assert "paused" in strip(held).words.text()
    stage.script.hold.set()
    assert not stage.script.records
    qtbot.mouseClick(strip(held).pause, Qt.MouseButton.LeftButton)
    wait_for(held, qtbot, done=2)
    assert "2 of 2 ahead" in strip(held).words.text()


def test_ending_it_stops_the_job_and_leaves_one_button(held, qtbot, stage):
    qtbot.mouseClick(strip(held).end, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: not held.session.ahead.state.is_on)
    assert strip(held).begin.isVisible()
    assert not strip(held).end.isVisible()
    assert not held.session.settings.inspect_ahead
    stage.script.hold.set()
    assert not stage.script.records


def test_escape_pauses_what_runs_on_the_screen(held, qtbot, stage):
    assert held.actions_by_name["stop"].isEnabled()

    qtbot.keyClick(held.canvas.view, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: held.session.ahead.state.rest is Rest.PAUSED)
    assert not held.session.is_working


def test_after_a_stop_the_same_question_is_not_asked_again_by_itself(running, qtbot, stage):
    wait_for(running, qtbot, done=2)
    stage.script.hold.clear()
    running.session.set_question("Is there a scratch?")
    running.session.ask()
    qtbot.waitUntil(lambda: "asking" in running.status.stage.text())

    with qtbot.waitSignal(running.session.asking.stopped):
        running.session.stop()

    qtbot.waitUntil(lambda: running.session.ahead.state.rest is Rest.PAUSED)
    assert inspected(stage)[3:] == ["a"]


def test_an_open_camera_has_the_model_to_itself(running, qtbot, stage):
    wait_for(running, qtbot, done=2)

    running.session.open_camera(f"folder:{stage.folder}")

    qtbot.waitUntil(lambda: running.session.ahead.state.rest is Rest.CAMERA)
    assert "camera" in strip(running).words.text()
    running.session.close_camera()
    qtbot.waitUntil(lambda: running.session.ahead.state.rest is not Rest.CAMERA)


def test_while_the_picture_on_the_screen_is_inspected_the_panel_says_so(held, qtbot, stage):
    assert held.answers.empty.text() == "Being inspected …"
    assert held.ask.stop.isEnabled()

    qtbot.mouseClick(held.ask.stop, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: held.session.ahead.state.rest is Rest.PAUSED)
    assert held.answers.empty.text() == "Type a question and press Enter."
    assert not held.ask.stop.isEnabled()


def test_only_so_many_pictures_are_inspected_ahead(stage, qtbot):
    for at in range(6):
        paint(stage.folder / f"n{at}.png", size=(32, 24), seed=at)
    window = stage.open(*(f"n{at}.png" for at in range(6)), ahead_count=2)
    qtbot.waitUntil(lambda: window.session.picture is not None and window.session.model is not None)
    window.session.set_question(CRACK)
    window.session.set_ahead(is_on=True)
    wait_for(window, qtbot, done=2)

    assert inspected(stage) == ["n0", "n1", "n2"]
    qtbot.keyClick(window.canvas.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: inspected(stage) == ["n0", "n1", "n2", "n3"])
    qtbot.waitUntil(lambda: window.session.ahead.state.done == 2)


def test_the_switch_is_remembered_but_waits_for_a_question(stage, qtbot):
    window = stage.open("a.png", "b.png", inspect_ahead=True)
    qtbot.waitUntil(lambda: window.session.picture is not None and window.session.model is not None)
    qtbot.waitUntil(lambda: window.session.ahead.state.rest is Rest.QUESTION)

    assert inspected(stage) == []
    assert strip(window).pause.isVisible()
    ask(window, qtbot)
    wait_for(window, qtbot, done=1)


def test_closing_the_window_stops_it_and_stores_nothing(held, qtbot, stage):
    held.close()

    assert not stage.script.records
    assert held.session.ahead.running is None
