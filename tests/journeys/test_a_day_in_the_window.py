"""One person, one window, one sitting: open, ask, stop, correct, reopen, report."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt

from inspector_app.domain.verdict import Outcome
from inspector_app.gui.panels.history import LINE
from tests.fakes.perform import answer
from tests.gui.conftest import opened, stage

__all__ = ["opened", "stage"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_day_in_the_window(opened, qtbot, stage):  # noqa: PLR0915  a day is long
    window, session = opened, opened.session

    def keys(key):
        qtbot.keyClick(window.canvas.view, key)

    def type_question(words):
        keys(Qt.Key.Key_Q)
        line = window.ask.question.lineEdit()
        assert line.hasFocus() or window.ask.question.hasFocus()
        line.selectAll()
        qtbot.keyClicks(line, words)

    # She asks, and the window tells that whole and zoomed answers disagree.
    type_question("Is there a scratch?")
    with qtbot.waitSignal(session.asking.finished):
        qtbot.keyClick(window.ask.question, Qt.Key.Key_Return)
    assert window.answers.verdict.verdict.outcome == Outcome.CHECK

    # She looks closer herself, draws a rectangle, asks about it, and both agree.
    stage.script.whole = answer("yes", sure=0.97)
    keys(Qt.Key.Key_R)
    view = window.canvas.view
    a, b = view.mapFromScene(QPointF(60, 60)), view.mapFromScene(QPointF(140, 120))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=a)
    qtbot.mouseMove(view.viewport(), b)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=b)
    with qtbot.waitSignal(session.asking.finished):
        qtbot.mouseClick(window.ask.inspect, Qt.MouseButton.LeftButton)
    assert window.answers.verdict.verdict.outcome == Outcome.FAIL

    # The next picture takes too long; she stops it and nothing is stored.
    keys(Qt.Key.Key_N)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("b.png") and bool(session.picture))
    qtbot.waitUntil(lambda: Path(session.picture.locator).name == "b.png")
    stage.script.hold.clear()
    qtbot.mouseClick(window.ask.inspect, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "asking" in window.status.stage.text())
    with qtbot.waitSignal(session.asking.stopped):
        qtbot.mouseClick(window.ask.stop, Qt.MouseButton.LeftButton)
    stage.script.hold.set()
    assert len(stage.script.records) == 2

    # She reopens the first inspection from the history and files its report.
    history = window.history.list.model()
    lines = [history.index(row, 0).data(LINE) for row in range(history.rowCount())]
    assert [line.id for line in lines] == [2, 1]
    window.docks.tabs.setCurrentWidget(window.history)
    place = window.history.list.visualRect(history.index(1, 0)).center()
    with qtbot.waitSignal(session.inspection_changed, check_params_cb=bool):
        qtbot.mouseClick(window.history.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.inspection.id == 1
    assert window.windowTitle().startswith("a.png")
    assert window.answers.verdict.verdict.outcome == Outcome.CHECK
    target = stage.folder / "scratch.pdf"
    with qtbot.waitSignal(session.report_written):
        session.write_report("pdf", str(target))
    assert target.exists()

    # She comes back the next morning: question and pictures as left, history there.
    session.keep_settings()
    assert stage.saved[-1].questions[0] == "Is there a scratch?"
    window.close()
    again = stage.open("a.png")
    qtbot.waitUntil(lambda: len(again.session.archive.lines) == 2)
    assert again.session.archive.lines[0].outcome == "FAIL"
