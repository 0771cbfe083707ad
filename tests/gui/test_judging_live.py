"""A camera's pictures judged in turn and on a trigger: which, how often, and never a stale one."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.facts import Kind
from inspector_app.gui.features.operator_room import OperatorRoom
from inspector_app.gui.live_session import Mode
from inspector_app.gui.operating import Phase
from tests.fakes.perform import answer
from tests.gui.watched import inspected, page_of

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_every_picture_is_judged_while_the_model_is_free(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)
    stage.script.whole = stage.script.zoomed = answer("no")

    with qtbot.waitSignal(session.judged) as first:
        session.set_mode(Mode.EVERY)
        watched.give(2)
    with qtbot.waitSignal(session.judged) as second:
        watched.give(9)
    session.set_mode(Mode.HAND)

    assert first.args[0].shot.number == 2
    assert second.args[0].shot.number == 9
    assert second.args[0].outcome == "PASS"
    assert page.strip.outcomes[:2] == ("PASS", "PASS")
    assert page.word.text() == "PASS"
    assert session.is_live_shown


def test_what_an_operator_said_otherwise_holds_in_the_film_and_beside_it(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)
    stage.script.whole = stage.script.zoomed = answer("yes", sure=0.97)
    with qtbot.waitSignal(session.judged) as judged:
        session.set_mode(Mode.EVERY)
        watched.give(2)
    session.set_mode(Mode.HAND)
    assert page.strip.outcomes[0] == "FAIL"

    session.rejudged.emit("another.png", "CHECK")
    session.rejudged.emit(judged.args[0].path, "PASS")

    assert page.strip.outcomes[0] == "PASS"
    assert page.word.text() == "PASS"


def test_a_stale_picture_is_never_judged_in_turn(camera, stage, qtbot):
    _window, session, watched = camera
    session.set_mode(Mode.EVERY)
    watched.give(2)
    with qtbot.waitSignal(session.judged):
        pass
    before = len(inspected(stage))

    shot = watched.shot
    watched.give(3)
    watched.go_stale()
    with qtbot.waitSignal(session.eye.shot_changed):
        pass

    assert shot.number == 2
    assert len(inspected(stage)) == before


def test_an_old_pass_never_stands_over_a_line_that_nobody_sees(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)
    stage.script.whole = stage.script.zoomed = answer("no")
    session.set_mode(Mode.EVERY)
    watched.give(2)
    qtbot.waitUntil(lambda: page.word.text() == "PASS")

    watched.go_stale()
    qtbot.waitUntil(lambda: page.word.text() == "CHECK")

    assert page.words.text() == "There is no live picture to judge."


def test_the_same_picture_is_not_judged_twice(camera, stage, qtbot):
    _window, session, watched = camera
    session.set_mode(Mode.EVERY)
    watched.give(2)
    with qtbot.waitSignal(session.judged):
        pass

    with qtbot.waitSignal(session.eye.live_changed):
        watched.now = replace(watched.now, missed=1)

    assert len(inspected(stage)) == 1


def test_a_trigger_judges_the_picture_of_its_moment(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)
    session.set_mode(Mode.TRIGGER)
    watched.give(2)
    qtbot.waitUntil(lambda: page.picture.shot is watched.shot)
    assert not inspected(stage)

    with qtbot.waitSignal(session.judged) as judged:
        qtbot.keyClick(page, Qt.Key.Key_T)

    assert judged.args[0].shot.number == 2


def test_triggers_that_nobody_could_follow_are_counted(camera, stage, qtbot):
    window, session, _watched = camera
    session.set_mode(Mode.TRIGGER)
    stage.script.hold.clear()
    session.trigger()
    session.trigger()
    session.trigger()

    assert session.missed == 2
    assert page_of(window).missed.text() == "2 missed"
    with qtbot.waitSignal(session.judged):
        stage.script.hold.set()


def test_a_trigger_on_a_stale_picture_is_missed_and_told(camera, stage, qtbot):
    window, session, watched = camera
    session.set_mode(Mode.TRIGGER)
    watched.go_stale()

    session.trigger()

    assert session.missed == 1
    assert "3.2 s old" in window.notices.cards[-1].notice.text
    assert not inspected(stage)


def test_trouble_is_check_and_stops_the_line(camera, stage, qtbot):
    window, session, watched = camera
    stage.script.error = UnreadablePicture("The disk is full.", hint="Make room.")

    with qtbot.waitSignal(session.judged) as judged:
        session.set_mode(Mode.EVERY)
        watched.give(2)

    assert judged.args[0].outcome == "CHECK"
    assert session.mode is Mode.HAND
    assert window.notices.cards[-1].notice.kind == Kind.TROUBLE


def test_stopping_stops_the_line(camera, stage, qtbot):
    _window, session, watched = camera
    stage.script.hold.clear()
    session.set_mode(Mode.EVERY)
    watched.give(2)
    qtbot.waitUntil(lambda: session.asking.is_running)

    with qtbot.waitSignal(session.judged) as judged:
        session.stop()

    assert judged.args[0].outcome == "CHECK"
    assert session.mode is Mode.HAND


def test_without_a_question_the_line_does_not_start(camera):
    window, session, _watched = camera
    session.set_question(" ")

    session.set_mode(Mode.EVERY)

    assert session.mode is Mode.HAND
    assert page_of(window).mode.currentData() == Mode.HAND
    assert window.notices.cards[-1].notice.text == "The question is empty."


def test_an_operators_parts_are_judged_on_the_trigger_and_one_too_soon_is_counted(
    camera, stage, qtbot
):
    window, _session, _watched = camera
    room = window.findChild(OperatorRoom)
    window.actions_by_name["operator"].trigger()
    room.dialog.name.setText("Li")
    room.dialog.accept()
    qtbot.addWidget(room.page)
    stage.script.hold.clear()

    room.page.next.click()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.BUSY)
    room.page.next.click()
    stage.script.hold.set()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)

    assert "missed: 1" in room.page.message.text()
    assert len(room.operating.shift.parts) == 1
    assert not room.operating.image_of(room.operating.last).isNull()
    assert "operator Li" in inspected(stage)[0].notes
    stage.script.error = UnreadablePicture("The disk is full.", hint="Make room.")
    room.page.next.click()
    qtbot.waitUntil(lambda: len(room.operating.shift.parts) == 2)
    assert room.operating.last.final is Outcome.CHECK
    stage.script.error = None
    room.page.next.click()
    qtbot.waitUntil(lambda: len(room.operating.shift.parts) == 3)
    room.page.close()
