"""The window goes on where it was left."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QTimer

from inspector_app import app
from inspector_app.__main__ import main
from inspector_app.domain.messages import LoadModel, OpenPicture
from inspector_app.domain.region import Region
from inspector_app.domain.resume import LastSession, Listed
from inspector_app.domain.shape import Shape
from inspector_app.gui import session
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.features.resuming import Resuming
from inspector_app.gui.worklist import Role
from inspector_app.resuming import Keeper
from tests.gui.person import ask, told

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def name_of(window):
    return Path(window.session.picture.locator).name


def leave(window, qtbot, stage):
    """Close it; what was left."""
    window.close()
    assert stage.script.last is not None
    return stage.script.last


def come_back(stage, last):
    window = stage.open()
    Resuming(window, last)
    return window


@pytest.fixture
def watched(opened):
    Resuming(opened, None)
    return opened


def test_worklist_picture_zoom_turn_question_and_mark_are_as_they_were(watched, stage, qtbot):
    watched.session.go(1)
    qtbot.waitUntil(lambda: name_of(watched) == "b.png")
    watched.session.regions.add(Shape.of(Region(10, 10, 60, 50)))
    qtbot.waitUntil(lambda: len(watched.session.regions.all) == 1)
    watched.canvas.viewing.set_turn(Turn(1, True))
    watched.canvas.view.look(QPointF(100, 80), 3.0)
    watched.session.set_question("Is it closed?")
    chosen = watched.session.book.chosen
    last = leave(watched, qtbot, stage)

    again = come_back(stage, last)
    qtbot.waitUntil(lambda: again.session.picture is not None)
    qtbot.waitUntil(lambda: again.session.book.chosen == chosen)

    assert name_of(again) == "b.png"
    assert [Path(one).name for one in again.session.worklist.locators] == [
        "a.png",
        "b.png",
        "c.png",
    ]
    view = again.canvas.view
    assert view.scale_now == pytest.approx(3.0)
    assert (view.center - QPointF(100, 80)).manhattanLength() < 1
    assert view.turn == Turn(1, True)
    qtbot.waitUntil(lambda: again.session.question == "Is it closed?")
    current = again.pictures.list.currentIndex().data(Role.LOCATOR)
    assert Path(current).name == "b.png"


def test_what_was_answered_is_shown_again(watched, stage, qtbot):
    ask(watched, qtbot)
    record = watched.session.inspection.id
    last = leave(watched, qtbot, stage)

    again = come_back(stage, last)
    qtbot.waitUntil(lambda: again.session.inspection is not None)

    assert again.session.inspection.id == record
    assert again.session.worklist.index(0).data(Role.OUTCOME) == "CHECK"


def test_filter_order_and_pause_are_as_they_were(watched, stage, qtbot):
    watched.session.set_ahead(is_on=True)
    watched.session.ahead.pause(is_paused=True)
    watched.pictures.order.setCurrentIndex(1)
    watched.pictures.filter.setText("b")
    last = leave(watched, qtbot, stage)
    assert last.is_paused

    again = stage.open(inspect_ahead=True)
    Resuming(again, last)

    assert again.pictures.filter.text() == "b"
    assert again.pictures.order.currentIndex() == 1
    assert [Path(one).name for one in again.session.shown.locators] == ["b.png"]
    assert again.session.ahead.is_paused


def test_the_state_is_written_while_the_program_runs(watched, stage, qtbot):
    watched.session.go(1)

    qtbot.waitUntil(
        lambda: stage.script.last is not None and stage.script.last.locator.endswith("b.png")
    )


def test_a_picture_that_was_moved_is_shown_where_it_is_now(watched, stage, qtbot):
    last = leave(watched, qtbot, stage)
    old, new = stage.folder / "a.png", stage.folder / "moved.png"
    old.rename(new)
    stage.script.moved = {str(old): str(new)}

    again = come_back(stage, last)
    qtbot.waitUntil(lambda: again.session.picture is not None)

    assert name_of(again) == "moved.png"
    names = [Path(one).name for one in again.session.worklist.locators]
    assert names == ["moved.png", "b.png", "c.png"]
    assert any("moved" in notice.text for notice in told(again))


def test_a_picture_that_is_gone_leaves_the_rest(watched, stage, qtbot):
    last = leave(watched, qtbot, stage)
    (stage.folder / "a.png").unlink()

    again = come_back(stage, last)

    qtbot.waitUntil(lambda: again.stack.currentWidget() is again.refusal)
    assert again.session.worklist.rowCount() == 3


def test_a_user_who_went_on_is_not_taken_back(watched, stage, qtbot):
    ask(watched, qtbot)
    last = leave(watched, qtbot, stage)
    again = come_back(stage, last)
    again.session.go_to(str(stage.folder / "c.png"))
    qtbot.waitUntil(lambda: again.session.picture is not None and name_of(again) == "c.png")

    qtbot.waitUntil(lambda: len(again.session.archive.lines) > 0)

    assert again.session.inspection is None


def test_an_empty_session_opens_nothing(stage, qtbot):
    again = come_back(stage, replace(LastSession(), worklist=()))
    qtbot.waitUntil(lambda: again.session.model is not None)

    assert again.session.picture is None
    assert again.stack.currentWidget() is again.welcome


@pytest.mark.parametrize(
    ("paths", "is_fresh", "resumes"),
    [((), False, True), (("b.png",), False, False), ((), True, False)],
)
def test_named_pictures_and_a_fresh_start_win(stage, monkeypatch, paths, is_fresh, resumes):
    left = LastSession((Listed(str(stage.folder / "c.png"), size=1),), question="Is it closed?")
    Keeper().keep(left)
    given = []

    def note(window, last):
        given.append(last)
        QTimer.singleShot(0, window.close)

    monkeypatch.setattr(app, "Resuming", note)

    app.main([str(stage.folder / name) for name in paths], parts=stage.parts(), is_fresh=is_fresh)

    assert given == [left if resumes else None]


@pytest.mark.parametrize(
    ("arguments", "paths", "is_fresh"),
    [([], [], False), (["--fresh"], [], True), (["--fresh", "a.png"], ["a.png"], True)],
)
def test_fresh_is_told_apart_from_pictures(monkeypatch, arguments, paths, is_fresh):
    given = []
    monkeypatch.setattr(
        app, "main", lambda paths, *, is_fresh: given.append((paths, is_fresh)) or 0
    )

    assert main(arguments) == 0

    assert given == [(paths, is_fresh)]


def test_the_model_is_fetched_once_the_picture_that_was_left_stands_there(stage, qtbot):
    stage.script.gate.clear()
    left = LastSession((Listed(str(stage.folder / "c.png"), size=1),))
    left = replace(left, locator=left.worklist[0].locator)

    window = come_back(stage, left)
    is_started = []
    QTimer.singleShot(0, lambda: is_started.append(True))
    qtbot.waitUntil(lambda: bool(is_started and stage.script.asked))
    before = [type(one) for one in stage.script.asked]
    stage.script.gate.set()
    qtbot.waitUntil(lambda: window.session.model is not None)

    asked = [type(one) for one in stage.script.asked]
    assert OpenPicture in before
    assert LoadModel not in before
    assert asked.index(OpenPicture) < asked.index(LoadModel)
    assert window.session.picture is not None


def test_a_picture_that_does_not_come_does_not_keep_the_model_waiting(stage, qtbot, monkeypatch):
    monkeypatch.setattr(session, "_PATIENCE_MS", 0)
    stage.script.gate.clear()
    lost = str(stage.folder / "c.png")

    window = come_back(stage, LastSession((Listed(lost, size=1),), lost))

    qtbot.waitUntil(lambda: window.session.model is not None)
    assert window.session.picture is None
    stage.script.gate.set()


def test_a_window_closed_before_its_model_was_asked_for_waits_for_none(stage, qtbot, monkeypatch):
    monkeypatch.setattr(session, "_PAINTED_MS", 0)
    stage.script.gate.clear()
    lost = str(stage.folder / "c.png")
    window = come_back(stage, LastSession((Listed(lost, size=1),), lost))
    is_started, changes, is_later = [], [], []
    QTimer.singleShot(0, lambda: is_started.append(True))
    qtbot.waitUntil(lambda: bool(is_started and stage.script.asked))
    window.session.asking.model_changed.connect(changes.append)

    window.close()
    # As when the picture came at that very moment.
    window.session.picture_changed.emit(None)
    QTimer.singleShot(1, lambda: is_later.append(True))
    qtbot.waitUntil(lambda: bool(is_later))

    assert changes == []
    assert LoadModel not in [type(one) for one in stage.script.asked]
