"""Asking, stopping, and what then stands in the panels."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from inspector_app.domain.verdict import Outcome
from inspector_app.gui.worklist import Role
from tests.fakes.perform import FACTS, answer
from tests.gui.person import CRACK, ask, told

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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


def test_an_answer_names_its_question_while_another_one_is_typed(opened, qtbot):
    ask(opened, qtbot, CRACK)
    assert opened.answers.asked.isHidden()

    opened.session.set_question("Is there a dent?")
    assert not opened.answers.asked.isHidden()
    assert opened.answers.asked.text() == f"Asked: {CRACK}"

    opened.session.set_question(CRACK)
    assert opened.answers.asked.isHidden()


def test_a_question_that_the_model_cannot_understand_is_told_before_it_is_asked(opened, qtbot):
    opened.session.asking._set_model(replace(FACTS, name="other", languages=("en",)))
    assert opened.ask.foreign.isHidden()

    opened.session.set_question("有裂纹吗？")
    assert not opened.ask.foreign.isHidden()
    assert "other" in opened.ask.foreign.text()

    opened.session.set_question(CRACK)
    assert opened.ask.foreign.isHidden()


def test_an_empty_question_is_answered_with_a_hint_and_no_request(opened, qtbot, stage):
    qtbot.keyClick(opened.ask.question.lineEdit(), Qt.Key.Key_Return)

    assert told(opened)[0].text == "The question is empty."
    assert "Inspect" not in {type(request).__name__ for request in stage.script.asked}


def test_words_and_boxes_stand_there_before_the_end(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()

    qtbot.waitUntil(lambda: opened.answers.whole.text.text() == "n …")
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


def test_a_strategy_the_model_cannot_serve_is_grey_says_why_and_asks_nothing(opened, qtbot, stage):
    closed = replace(FACTS, name="remote", can_attend=False, can_backpropagate=False)
    opened.session.asking._set_model(closed)
    strategy = opened.ask.strategy
    entries = strategy.model()
    able = {strategy.itemData(at): entries.item(at).isEnabled() for at in range(strategy.count())}

    assert able == {
        "gradient_attention": False,
        "manual": True,
        "relative_attention": False,
        "whole": True,
    }
    at = strategy.findData("gradient_attention")
    assert "remote" in strategy.itemData(at, Qt.ItemDataRole.ToolTipRole)
    assert "remote" in opened.ask.unserved.text()
    assert opened.ask.unserved.isVisible()
    opened.session.set_question(CRACK)
    opened.session.ask()
    assert "cannot serve" in told(opened)[0].text
    assert not [r for r in stage.script.asked if type(r).__name__ == "Inspect"]
    opened.session.set_strategy("whole")
    assert not opened.ask.unserved.isVisible()


def test_what_the_end_will_show_has_its_place_from_the_first_word_on(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()
    answers = opened.answers
    parts = (answers.verdict, answers.whole.bar, answers.whole.sure, answers.agreement)
    qtbot.waitUntil(lambda: answers.whole.text.text() == "n …")

    assert all(part.isVisible() for part in parts)
    assert answers.verdict.verdict is None
    with qtbot.waitSignal(opened.session.asking.finished):
        stage.script.hold.set()
    assert all(part.isVisible() for part in parts)
    assert answers.verdict.verdict is not None


def test_a_stop_is_said_in_the_status_bar_until_the_next_picture(opened, qtbot, stage):
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.ask()
    qtbot.waitUntil(lambda: "asking" in opened.status.stage.text())
    with qtbot.waitSignal(opened.session.asking.stopped):
        opened.session.stop()

    assert "stopped" in opened.status.stage.text()
    opened.session.go(1)
    qtbot.waitUntil(lambda: opened.windowTitle().startswith("b.png"))
    qtbot.waitUntil(lambda: not opened.status.stage.text())


def test_a_question_longer_than_its_field_can_be_read_in_its_tooltip(opened, qtbot):
    long = "Is there " + "a very " * 30 + "<b>small</b> crack?"
    opened.session.set_question(long)

    assert "&lt;b&gt;small&lt;/b&gt; crack?" in opened.ask.question.toolTip()
    opened.session.set_question("Short?")
    assert "Short?" not in opened.ask.question.toolTip()
