"""Errors of the world, bugs of ours, and the end of the program."""

import os
import signal
import sys
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from inspector_app import app
from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.canvas.box_item import BoxItem
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.worklist import Role
from tests.gui.person import CRACK, ask, told

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_an_error_shows_check_and_never_pass(opened, qtbot, stage):
    stage.script.error = ModelTrouble("The model is gone.", hint="Choose another.")
    opened.session.set_question(CRACK)

    with qtbot.waitSignal(opened.session.asking.failed):
        opened.session.ask()

    assert opened.answers.verdict.verdict.outcome == Outcome.CHECK
    assert opened.session.worklist.index(0).data(Role.OUTCOME) == "CHECK"
    assert told(opened)[0].text == "The model is gone."
    assert told(opened)[0].kind == Kind.TROUBLE


def test_a_notice_stays_in_sight_when_another_page_takes_the_picture_s_place(opened):
    opened.session.noticed.emit(Notice(Kind.TROUBLE, "Records are newer."))

    for page in (opened.welcome, opened.canvas, opened.refusal):
        opened.stack.setCurrentWidget(page)

        seen = opened.stack.childAt(opened.notices.geometry().center())
        assert seen is not None
        assert opened.notices.isAncestorOf(seen)


def test_a_bug_becomes_a_card_that_can_be_copied_and_the_program_stays_up(opened, qtbot, stage):
    stage.bugs_expected = True
    stage.script.error = ZeroDivisionError("division by zero")
    opened.session.set_question(CRACK)
    with qtbot.waitSignal(opened.session.asking.failed):
        opened.session.ask()

    card = opened.notices.cards[0]
    qtbot.mouseClick(card.copy_button, Qt.MouseButton.LeftButton)

    copied = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError: division by zero" in copied
    assert "Traceback" in copied
    ask(opened, qtbot)
    assert opened.session.inspection is not None


def test_an_error_in_a_slot_becomes_a_card_and_the_window_lives(opened, qtbot, stage, capsys):
    stage.bugs_expected = True

    with qtbot.captureExceptions():
        opened.net._on_exception(ValueError, ValueError("a slot failed"), None)
    qtbot.waitUntil(lambda: bool(told(opened)))

    assert told(opened)[0].kind == Kind.BUG
    assert "a slot failed" in told(opened)[0].trace
    assert "a slot failed" in capsys.readouterr().err
    ask(opened, qtbot)
    assert opened.session.inspection is not None


def test_an_error_in_any_thread_becomes_a_card(opened, qtbot, stage, capsys):
    stage.bugs_expected = True

    def fail():
        raise ValueError("a thread failed")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    qtbot.waitUntil(lambda: bool(told(opened)))
    assert "a thread failed" in told(opened)[0].trace
    assert "a thread failed" in capsys.readouterr().err


def test_an_error_while_painting_leaves_the_part_out_and_the_window_alive(
    opened, qtbot, stage, monkeypatch, capsys
):
    stage.bugs_expected = True
    ask(opened, qtbot)
    monkeypatch.setattr(BoxItem, "_paint_tag", lambda *_args: 1 / 0)

    assert not opened.canvas.grab().isNull()
    assert not opened.grab().isNull()
    qtbot.waitUntil(lambda: bool(told(opened)))

    assert "ZeroDivisionError" in told(opened)[0].trace
    assert "ZeroDivisionError" in capsys.readouterr().err
    monkeypatch.undo()
    opened.notices.clear()
    assert not opened.grab().isNull()


def test_closing_while_an_inspection_runs_ends_clean_and_stores_nothing(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()
    qtbot.waitUntil(lambda: "asking" in opened.status.stage.text())

    opened.close()

    assert opened.session.close()
    assert not stage.script.records


@pytest.fixture
def patience(qapp):
    """The program ends with 1 where it would wait for ever; nothing is left to fire later."""
    timer = QTimer()
    timer.timeout.connect(lambda: QApplication.exit(1))
    timer.start(60_000)
    yield
    timer.stop()


def visible_window():
    """The window on the screen, or None: those of earlier tests may wait to be deleted yet."""
    windows = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    return next((w for w in windows if w.isVisible()), None)


def test_the_program_ends_with_zero_when_its_window_is_closed(stage, qtbot):
    window = None

    def close():
        nonlocal window
        window = visible_window()
        if window is None or window.session.model is None:
            QTimer.singleShot(20, close)
        else:
            window.close()

    closed = []
    QTimer.singleShot(0, close)
    parts = replace(stage.parts(), close=lambda: closed.append(True))

    assert app.main([str(stage.folder / "a.png")], parts=parts) == 0

    assert closed == [True]
    window.deleteLater()


@pytest.mark.usefixtures("patience")
def test_the_program_ends_with_its_window_whatever_else_stands_on_the_screen(stage, qtbot):
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    QTimer.singleShot(0, lambda: visible_window().close())

    assert app.main([], parts=stage.parts()) == 0

    assert other.isVisible()


def test_a_window_closed_before_the_program_waits_for_it_ends_the_program(
    stage, qtbot, monkeypatch
):
    monkeypatch.setattr(app, "Resuming", lambda window, _last: window.close())

    assert app.main([], parts=stage.parts()) == 0


@pytest.mark.usefixtures("patience")
def test_a_fault_while_the_window_closes_does_not_keep_the_program(
    stage, qtbot, monkeypatch, capsys
):
    stage.bugs_expected = True

    def close():
        window = visible_window()
        fold = window.net.fold
        monkeypatch.setattr(window.net, "fold", lambda: (fold(), 1 / 0))
        window.close()

    QTimer.singleShot(0, close)
    with qtbot.captureExceptions():
        assert app.main([], parts=stage.parts()) == 0

    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_an_interrupt_in_the_terminal_closes_the_window(stage, qtbot):
    before = signal.getsignal(signal.SIGINT)

    def interrupt():
        if signal.getsignal(signal.SIGINT) is before:
            QTimer.singleShot(20, interrupt)
        else:
            os.kill(os.getpid(), signal.SIGINT)

    QTimer.singleShot(0, interrupt)

    assert app.main([], parts=stage.parts()) == 0
