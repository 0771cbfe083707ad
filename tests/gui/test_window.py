"""The window as a person uses it: mouse, keys, and what then stands on the screen."""

import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector_app import app
from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Theme
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.canvas.box_item import BoxItem
from inspector_app.gui.facts import Kind, Sample
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.worklist import Role
from tests.fakes.perform import answer
from tests.gui.conftest import paint

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CRACK = "Is there a crack?"


def ask(window, qtbot, question=CRACK):
    """Type a question and press Enter; wait for the end."""
    field = window.ask.question
    field.setFocus()
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), question)
    with qtbot.waitSignal(window.session.inspection_changed, check_params_cb=bool):
        qtbot.keyClick(field.lineEdit(), Qt.Key.Key_Return)


def told(window):
    """The notices that stand there, newest first."""
    return [card.notice for card in window.notices.cards]


def drop(window, *paths):
    """Let files fall on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


# Opening


def test_an_empty_window_offers_one_sample_a_trade(stage, qtbot):
    stage.samples = tuple(
        Sample(str(stage.folder / name), trade, name, (f"What about {trade}?",))
        for name, trade in (("a.png", "text"), ("b.png", "industrial"), ("c.png", "text"))
    )
    window = stage.open()

    assert [card.sample.trade for card in window.welcome.cards] == ["text", "industrial"]
    qtbot.mouseClick(window.welcome.cards[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert window.stack.currentWidget() is window.canvas
    assert window.ask.question.currentText() == "What about industrial?"
    assert window.session.worklist.rowCount() == 3


def test_dropped_files_and_folders_stand_in_the_worklist(stage, qtbot):
    window = stage.open()

    drop(window, stage.folder)

    qtbot.waitUntil(lambda: window.session.picture is not None)
    names = [Path(locator).name for locator in window.session.worklist.locators]
    assert names == ["a.png", "b.png", "c.png"]
    assert window.windowTitle().startswith("a.png")


def test_a_folder_without_pictures_is_said_in_a_notice(stage, qtbot):
    window = stage.open()
    empty = stage.folder / "empty"
    empty.mkdir()

    drop(window, empty)

    qtbot.waitUntil(lambda: bool(told(window)))
    assert "no picture" in told(window)[0].text


def test_a_file_that_is_no_picture_is_refused_where_it_would_have_stood(stage, qtbot):
    broken = stage.folder / "broken.png"
    broken.write_bytes(b"not a picture")
    window = stage.open("broken.png")

    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.refusal)
    assert "broken.png is not a picture" in window.refusal.text.text()
    assert "PNG or TIFF" in window.refusal.hint.text()
    index = window.session.worklist.index(0)
    assert index.data(Role.TROUBLE)

    paint(broken)
    qtbot.mouseClick(window.refusal.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.canvas)
    assert not index.data(Role.TROUBLE)


def test_keys_walk_through_the_worklist(opened, qtbot):
    session = opened.session
    for key, name in (
        (Qt.Key.Key_N, "b.png"),
        (Qt.Key.Key_Space, "c.png"),
        (Qt.Key.Key_N, "c.png"),
        (Qt.Key.Key_P, "b.png"),
        (Qt.Key.Key_Left, "a.png"),
        (Qt.Key.Key_Right, "b.png"),
    ):
        qtbot.keyClick(opened.canvas.view, key)
        qtbot.waitUntil(
            lambda name=name: (
                session.picture is not None and Path(session.picture.locator).name == name
            )
        )


def test_the_filter_leaves_the_names_that_match(opened, qtbot):
    qtbot.keyClicks(opened.pictures.filter, "B.p")

    shown = opened.pictures.list.model()
    assert [shown.index(row, 0).data() for row in range(shown.rowCount())] == ["b.png"]


def test_thumbnails_are_made_for_the_rows_that_are_seen(opened, qtbot):
    index = opened.session.worklist.index(0)

    qtbot.waitUntil(lambda: index.data(Role.THUMBNAIL) is not None)
    assert max(index.data(Role.THUMBNAIL).size().toTuple()) <= 192


def test_five_hundred_pictures_ask_only_for_the_thumbnails_on_the_screen(stage, qtbot):
    for at in range(500):
        paint(stage.folder / f"n{at:03}.png", size=(8, 8))
    window = stage.open(*(f"n{at:03}.png" for at in range(500)))

    qtbot.waitUntil(lambda: window.session.picture is not None)
    qtbot.waitUntil(lambda: window.session.worklist.index(0).data(Role.THUMBNAIL) is not None)
    made = [r for r in stage.script.asked if type(r).__name__ == "MakeThumbnail"]
    assert 0 < len(made) < 60


# Asking


def test_enter_asks_and_both_answers_stand_side_by_side(opened, qtbot, stage):
    ask(opened, qtbot)

    answers = opened.answers
    assert answers.whole.text.text() == "no"
    assert answers.zoomed.text.text() == "yes"
    assert "61 %" in answers.whole.sure.text()
    assert "94 %" in answers.zoomed.sure.text()
    assert "disagree" in answers.agreement.text()
    assert answers.verdict.verdict.outcome == Outcome.CHECK
    assert opened.session.worklist.index(0).data(Role.OUTCOME) == "CHECK"


def test_agreement_is_said_in_words(opened, qtbot, stage):
    stage.script.whole = answer("yes", sure=0.97)

    ask(opened, qtbot)

    assert "same" in opened.answers.agreement.text()
    assert opened.answers.verdict.verdict.outcome == Outcome.FAIL


def test_a_question_without_verdict_shows_none(opened, qtbot):
    ask(opened, qtbot, "What does the label say?")

    assert opened.answers.verdict.verdict is None
    assert not opened.answers.verdict.isVisible()


def test_an_error_shows_check_and_never_pass(opened, qtbot, stage):
    stage.script.error = ModelTrouble("The model is gone.", hint="Choose another.")
    opened.session.set_question(CRACK)

    with qtbot.waitSignal(opened.session.asking.failed):
        opened.session.ask()

    assert opened.answers.verdict.verdict.outcome == Outcome.CHECK
    assert opened.session.worklist.index(0).data(Role.OUTCOME) == "CHECK"
    assert told(opened)[0].text == "The model is gone."
    assert told(opened)[0].kind == Kind.TROUBLE


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


def test_an_empty_question_is_answered_with_a_hint_and_no_request(opened, qtbot, stage):
    qtbot.keyClick(opened.ask.question.lineEdit(), Qt.Key.Key_Return)

    assert told(opened)[0].text == "The question is empty."
    assert "Inspect" not in {type(request).__name__ for request in stage.script.asked}


def test_words_and_boxes_stand_there_before_the_end(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()

    qtbot.waitUntil(lambda: opened.answers.whole.text.text() == "n")
    assert "asking" in opened.status.stage.text()
    assert opened.session.worklist.index(0).data(Role.IS_RUNNING)


def test_escape_stops_and_nothing_is_stored(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()
    qtbot.waitUntil(lambda: "asking" in opened.status.stage.text())

    with qtbot.waitSignal(opened.session.asking.stopped):
        qtbot.keyClick(opened.canvas.view, Qt.Key.Key_Escape)

    assert opened.session.inspection is None
    assert not stage.script.records
    assert not opened.session.asking.is_running
    # The letter that had come must not stand there like an answer.
    assert not opened.answers.whole.isVisible()
    assert opened.session.evidence.regions == ()


def test_stopping_brings_back_the_last_finished_answer(opened, qtbot, stage):
    ask(opened, qtbot)
    stage.script.hold.clear()
    opened.session.ask()
    qtbot.waitUntil(lambda: "asking" in opened.status.stage.text())

    with qtbot.waitSignal(opened.session.asking.stopped):
        opened.session.stop()

    assert opened.session.inspection.id == 1
    assert opened.answers.zoomed.text.text() == "yes"


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


def test_asking_again_about_the_same_picture_replaces_the_first(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question("What is first?")
    opened.session.ask()
    qtbot.waitUntil(lambda: "asking" in opened.status.stage.text())
    opened.session.set_question("What is second?")
    opened.session.ask()
    stage.script.hold.set()

    qtbot.waitUntil(lambda: opened.session.inspection is not None)
    assert opened.session.inspection.question == "What is second?"
    assert len(stage.script.records) == 1


def test_an_answer_for_another_picture_marks_the_worklist_only(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: opened.windowTitle().startswith("b.png"))
    with qtbot.waitSignal(opened.session.asking.finished):
        stage.script.hold.set()

    assert opened.session.inspection is None
    assert opened.session.worklist.index(0).data(Role.OUTCOME) == "CHECK"
    assert opened.session.worklist.index(1).data(Role.OUTCOME) == ""


def test_questions_are_remembered_newest_first(opened, qtbot, stage):
    ask(opened, qtbot, "First?")
    ask(opened, qtbot, "Second?")

    field = opened.ask.question
    assert [field.itemText(at) for at in range(field.count())] == ["Second?", "First?"]
    opened.session.keep_settings()
    assert stage.saved[-1].questions == ("Second?", "First?")


# Evidence


def test_a_click_on_a_crop_zooms_to_it_and_pointing_lights_its_box(opened, qtbot):
    opened.session.set_count(2)
    ask(opened, qtbot)
    first, second = opened.answers.crops.cards
    opened.canvas.view.is_calm = True

    with qtbot.waitSignal(opened.session.region_lit, check_params_cb=lambda at: at == 1):
        second.pointed.emit(True)
    assert second.property("lit")
    assert not first.property("lit")

    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    view = opened.canvas.view
    middle = view.mapToScene(view.viewport().rect().center())
    region = opened.session.evidence.regions[0].region
    assert middle.x() == pytest.approx(region.center[0], abs=1)
    assert middle.y() == pytest.approx(region.center[1], abs=1)
    assert view.scale_now > 3


def test_a_rectangle_drawn_by_hand_is_asked_about(opened, qtbot, stage):
    view = opened.canvas.view
    qtbot.keyClick(view, Qt.Key.Key_R)
    assert opened.session.is_drawing
    start, end = view.mapFromScene(QPointF(40, 30)), view.mapFromScene(QPointF(200, 150))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), end)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)

    (drawn,) = opened.session.rois
    assert drawn.iou(Region(40, 30, 200, 150)) > 0.95
    assert opened.session.strategy == "manual"
    ask(opened, qtbot)
    (request,) = [r for r in stage.script.asked if type(r).__name__ == "Inspect"]
    assert request.strategy == "manual"
    assert request.options.rois == (drawn,)

    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert opened.session.rois == ()
    assert opened.session.strategy == "relative_attention"


def test_a_drawn_rectangle_can_be_moved_and_resized(opened, qtbot):
    opened.session.add_roi(Region(100, 100, 160, 140))
    view = opened.canvas.view

    def drag(start, end):
        a, b = view.mapFromScene(QPointF(*start)), view.mapFromScene(QPointF(*end))
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=a)
        qtbot.mouseMove(view.viewport(), (a + b) / 2)
        qtbot.mouseMove(view.viewport(), b)
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=b)

    drag((130, 120), (150, 130))
    assert opened.session.rois[0].size == (60, 40)
    assert opened.session.rois[0].iou(Region(120, 110, 180, 150)) > 0.85

    before = opened.session.rois[0]
    drag((before.x1, before.y1), (before.x1 + 40, before.y1 + 20))
    after = opened.session.rois[0]
    assert (after.x0, after.y0) == (before.x0, before.y0)
    assert after.width == pytest.approx(before.width + 40, abs=2)
    assert after.height == pytest.approx(before.height + 20, abs=2)


def test_a_held_key_shows_the_bare_picture(opened, qtbot):
    ask(opened, qtbot)
    view = opened.canvas.view
    view.setFocus()

    qtbot.keyPress(view, Qt.Key.Key_Tab)
    assert opened.session.display.is_bare
    assert not opened.canvas._heat.isVisible()
    qtbot.keyRelease(view, Qt.Key.Key_Tab)
    assert not opened.session.display.is_bare
    assert opened.canvas._heat.isVisible()


def test_layer_grid_opacity_and_colours_change_the_heat(opened, qtbot):
    ask(opened, qtbot)
    heat, session = opened.heat, opened.session

    heat.layer.setValue(0)
    assert session.display.layer == 2
    heat.opacity.setValue(30)
    assert session.display.opacity == pytest.approx(0.3)
    heat.is_grid.setChecked(True)
    assert not session.display.smooth
    heat.colours.setCurrentIndex(heat.colours.findData("inferno"))
    heat.colours.activated.emit(heat.colours.currentIndex())
    assert session.display.colour_map == "inferno"
    picture = opened.canvas.grab().toImage()
    assert not picture.isNull()


def test_every_number_of_crops_is_used(opened, qtbot, stage):
    opened.ask.count.setValue(4)
    ask(opened, qtbot)

    assert len(opened.answers.crops.cards) == 4
    assert [box.letter for box in opened.canvas._boxes] == ["A", "B", "C", "D"]


def test_the_gate_reaches_the_request(opened, qtbot, stage):
    opened.ask.gate.setChecked(True)
    ask(opened, qtbot)

    (request,) = [r for r in stage.script.asked if type(r).__name__ == "Inspect"]
    assert request.options.gate == pytest.approx(0.9)


def test_the_strategy_whole_shows_no_crops_and_says_not_zoomed(opened, qtbot):
    opened.session.set_strategy("whole")
    ask(opened, qtbot)

    assert opened.answers.zoomed.text.text() == "not zoomed"
    assert not opened.answers.crops.cards


# Records and reports


def test_a_report_is_written_by_the_worker_and_named_in_a_notice(opened, qtbot, stage):
    ask(opened, qtbot)
    target = stage.folder / "report.pdf"

    with qtbot.waitSignal(opened.session.report_written):
        opened.session.write_report("pdf", str(target))

    assert target.read_bytes()
    assert told(opened)[0].kind == Kind.DONE
    assert "report.pdf" in told(opened)[0].text


def test_a_report_that_cannot_be_written_is_a_notice_with_a_way_out(opened, qtbot, stage):
    ask(opened, qtbot)

    with qtbot.waitSignal(opened.session.noticed):
        opened.session.write_report("pdf", str(stage.folder / "nowhere" / "report.pdf"))

    stage.bugs_expected = True
    assert told(opened)[0].text


def test_a_record_whose_file_is_gone_shows_the_picture_it_kept(opened, qtbot, stage):
    ask(opened, qtbot)
    (stage.folder / "a.png").unlink()
    opened.session.desk.forget(str(stage.folder / "a.png"))

    with qtbot.waitSignal(opened.session.inspection_changed, check_params_cb=bool):
        opened.session.open_record(1)

    assert opened.session.picture.frame is None
    assert opened.stack.currentWidget() is opened.canvas
    assert "no longer" in told(opened)[0].text
    assert opened.answers.whole.text.text() == "no"


def test_a_record_whose_file_changed_shows_what_was_inspected(opened, qtbot, stage):
    ask(opened, qtbot)
    paint(stage.folder / "a.png", seed=99)
    opened.session.desk.forget(str(stage.folder / "a.png"))

    with qtbot.waitSignal(opened.session.inspection_changed, check_params_cb=bool):
        opened.session.open_record(1)

    assert opened.session.picture.frame is None
    assert "changed" in told(opened)[0].text


def test_a_record_that_is_missing_is_said(opened, qtbot):
    with qtbot.waitSignal(opened.session.noticed):
        opened.session.open_record(77)

    assert "77" in told(opened)[0].text


# Settings, language, layout


def test_the_theme_changes_at_once(opened, qtbot):
    dark = opened.palette().window().color().lightness()

    opened.session.change_settings(replace(opened.session.settings, theme=Theme.LIGHT))

    assert dark < 60
    assert opened.palette().window().color().lightness() > 200


def test_the_language_changes_at_once(opened, qtbot):
    opened.session.change_settings(replace(opened.session.settings, language="zh_CN"))
    qtbot.waitUntil(lambda: opened.ask.inspect.text() == "检查")
    assert opened.ask.strategy.itemText(opened.ask.strategy.findData("whole")) != "whole"

    opened.session.change_settings(replace(opened.session.settings, language="en"))
    qtbot.waitUntil(lambda: opened.ask.inspect.text() == "Inspect")


def test_another_model_is_loaded_when_it_is_chosen(opened, qtbot):
    opened.open_settings()
    dialog = opened._dialogs["settings"]
    dialog.model.setCurrentIndex(dialog.model.findData("other"))
    dialog.model.activated.emit(dialog.model.currentIndex())

    qtbot.waitUntil(
        lambda: opened.session.model is not None and opened.session.model.name == "other"
    )
    assert "other" in opened.status.chip.text()


def test_the_picture_alone_and_back(opened, qtbot):
    opened.actions_by_name["alone"].trigger()
    assert not opened.ask.isVisible()
    assert not opened.menuBar().isVisible()

    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_Escape)
    assert opened.ask.isVisible()
    assert opened.menuBar().isVisible()


def test_the_layout_is_kept_in_the_users_own_folder(stage, qtbot, home):
    window = stage.open("a.png")
    window.docks.right["heat"].hide()
    window.close()

    assert (home / "config" / "window.ini").is_file()
    again = stage.open("a.png")
    assert not again.docks.right["heat"].isVisible()


def test_what_the_model_saw_shows_every_view_and_prompt(opened, qtbot):
    ask(opened, qtbot)
    opened.actions_by_name["views"].trigger()
    dialog = opened._dialogs["views"]

    assert dialog.list.count() == 2
    dialog.list.setCurrentRow(1)
    assert not dialog.grab().isNull()
    assert CRACK in dialog._prompts.toPlainText()


def test_about_lists_every_key(opened, qtbot):
    opened.actions_by_name["about"].trigger()
    dialog = opened._dialogs["about"]

    assert not dialog.grab().isNull()
    assert dialog._grid.rowCount() > 25


def test_closing_while_an_inspection_runs_ends_clean_and_stores_nothing(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()
    qtbot.waitUntil(lambda: "asking" in opened.status.stage.text())

    opened.close()

    assert opened.session.close()
    assert not stage.script.records


def test_the_cursor_tells_place_and_value(opened, qtbot, stage):
    view = opened.canvas.view
    qtbot.mouseMove(view.viewport(), QPoint(5, 5))
    qtbot.mouseMove(view.viewport(), view.mapFromScene(QPointF(50.5, 60.5)))

    words = opened.status.cursor_words.text()
    x, y = (int(part) for part in words[1 : words.index(")")].split(","))
    red, green, blue = (int(part) for part in words.split(")")[1].split())
    assert np.array_equal(opened.session.picture.frame.pixels[y, x], [red, green, blue])


def test_an_error_while_painting_leaves_the_part_out_and_the_window_alive(
    opened, qtbot, stage, monkeypatch, capsys
):
    stage.bugs_expected = True
    ask(opened, qtbot)
    monkeypatch.setattr(BoxItem, "_paint_tag", lambda *_args: 1 / 0)

    with qtbot.captureExceptions():
        assert not opened.canvas.grab().isNull()
        assert not opened.grab().isNull()
    qtbot.waitUntil(lambda: bool(told(opened)))

    assert "ZeroDivisionError" in told(opened)[0].trace
    assert "ZeroDivisionError" in capsys.readouterr().err
    monkeypatch.undo()
    opened.notices.clear()
    assert not opened.grab().isNull()


def test_enter_while_the_next_picture_opens_asks_about_the_next(opened, qtbot, stage):
    opened.session.set_question(CRACK)
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_P)
    opened.session.go_to(str(stage.folder / "c.png"))
    assert opened.session.is_opening

    opened.session.ask()

    with qtbot.waitSignal(opened.session.inspection_changed, check_params_cb=bool):
        pass
    (request,) = [r for r in stage.script.asked if type(r).__name__ == "Inspect"]
    assert Path(request.locator).name == "c.png"


def test_a_picture_that_takes_its_time_is_announced_in_its_place(opened, qtbot, stage):
    stage.script.gate.clear()

    opened.session.go_to(str(stage.folder / "c.png"))

    qtbot.waitUntil(lambda: opened.stack.currentWidget() is opened.waiting)
    assert "c.png" in opened.waiting.text()
    stage.script.gate.set()
    qtbot.waitUntil(lambda: opened.stack.currentWidget() is opened.canvas)
    assert opened.windowTitle().startswith("c.png")


def test_the_program_ends_with_zero_when_its_window_is_closed(stage, qtbot):
    window = None

    def close():
        nonlocal window
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        if window.session.model is None:
            QTimer.singleShot(20, close)
        else:
            window.close()

    closed = []
    QTimer.singleShot(0, close)
    parts = replace(stage.parts(), close=lambda: closed.append(True))

    assert app.main([str(stage.folder / "a.png")], parts=parts) == 0

    assert closed == [True]
    window.deleteLater()


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_an_interrupt_in_the_terminal_closes_the_window(stage, qtbot):
    QTimer.singleShot(100, lambda: os.kill(os.getpid(), signal.SIGINT))

    assert app.main([], parts=stage.parts()) == 0


def test_a_file_changed_after_it_was_opened_is_shown_as_it_was_inspected(opened, qtbot, stage):
    before = opened.session.picture.provenance.sha256
    paint(stage.folder / "a.png", seed=77)

    ask(opened, qtbot)

    shown, inspected = opened.session.picture, opened.session.inspection
    assert shown.provenance.sha256 == inspected.provenance.sha256 != before
    assert "changed" in told(opened)[0].text
    assert opened.answers.whole.text.text() == "no"


def test_a_neighbour_on_its_way_is_not_read_twice(opened, qtbot, stage):
    names = [Path(r.locator).name for r in stage.script.asked if type(r).__name__ == "OpenPicture"]
    assert names.count("b.png") <= 1
    qtbot.waitUntil(lambda: not opened.session.desk._fetching)

    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_N)

    assert Path(opened.session.picture.locator).name == "b.png"
    names = [Path(r.locator).name for r in stage.script.asked if type(r).__name__ == "OpenPicture"]
    assert names.count("b.png") == 1


def test_a_neighbour_that_cannot_be_read_says_so_when_its_turn_comes(stage, qtbot):
    (stage.folder / "bad.png").write_bytes(b"no picture")
    window = stage.open("a.png", "bad.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)

    window.session.go(1)

    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.refusal)


def test_after_enter_the_keys_are_for_the_pictures(opened, qtbot):
    ask(opened, qtbot)

    assert opened.canvas.view.hasFocus()
    qtbot.keyClick(opened.focusWidget(), Qt.Key.Key_N)
    qtbot.waitUntil(lambda: opened.windowTitle().startswith("b.png"))
    assert opened.session.question == CRACK


def test_a_half_typed_question_is_not_completed_to_an_earlier_one(opened, qtbot, stage):
    ask(opened, qtbot, "Is there a crack?")
    ask(opened, qtbot, "Is there a cr")

    assert opened.session.inspection.question == "Is there a cr"
    assert len([r for r in stage.script.asked if type(r).__name__ == "Inspect"]) == 2
