"""The history and the reports."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.messages import Problem
from inspector_app.domain.record_messages import WriteReport
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.wording.session_notices import history_refused
from tests.gui.conftest import paint
from tests.gui.person import ask, told

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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


def test_what_could_not_be_stored_is_said_and_can_still_be_reported(opened, qtbot, stage):
    refusal = "There is no room left on the disk for r. Free some space and ask again."
    stage.script.unstored = refusal
    ask(opened, qtbot)

    assert opened.session.inspection.id is None
    assert "not stored" in told(opened)[0].text
    assert told(opened)[0].kind == Kind.TROUBLE
    assert told(opened)[0].hint == refusal
    assert opened.actions_by_name["save_pdf"].isEnabled()
    target = stage.folder / "report.pdf"
    with qtbot.waitSignal(opened.session.report_written):
        opened.session.write_report("pdf", str(target), language="zh_CN")
    (request,) = [one for one in stage.script.asked if isinstance(one, WriteReport)]
    assert (request.id, request.language) == (None, "zh_CN")
    assert request.inspection is opened.session.inspection


def test_a_history_that_cannot_be_read_is_said_where_it_would_stand(stage, qtbot):
    stage.script.no_history = UnreadableRecord(
        "The file of records r is damaged.", hint="Put a backup in its place."
    )
    window = stage.open("a.png")

    qtbot.waitUntil(lambda: bool(told(window)))
    assert "cannot be stored" in told(window)[0].text
    assert "damaged" in window.history.empty.text()
    qtbot.waitUntil(lambda: window.session.picture is not None)
    ask(window, qtbot)
    assert window.session.inspection is not None


def test_what_was_said_at_the_start_is_not_said_again_after_each_inspection(stage, qtbot):
    stage.script.no_history = UnreadableRecord("The file of records r is damaged.")
    stage.script.unstored = "The file of records r is damaged."
    window = stage.open("a.png")
    qtbot.waitUntil(lambda: bool(told(window)))
    qtbot.waitUntil(lambda: window.session.picture is not None)

    ask(window, qtbot)

    assert len(told(window)) == 1
    assert "not stored" in window.answers.notes.text()


def test_a_report_of_what_was_not_stored_gets_a_name_of_its_own(opened, qtbot, stage, monkeypatch):
    stage.script.unstored = "The disk is full."
    ask(opened, qtbot)
    proposed = []

    def choose(_parent, _title, proposal, _kinds):
        proposed.append(Path(proposal).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    opened.actions_by_name["save_pdf"].trigger()

    assert proposed == ["a_20261121020304.pdf"]


@pytest.mark.parametrize("is_plain_first", [True, False])
def test_what_another_notice_gives_as_its_reason_does_not_stand_there_twice(opened, is_plain_first):
    problem = Problem("The records in r are newer.", hint="Install the newer version.")
    both = [Notice.of(problem), history_refused(problem)]

    for notice in both if is_plain_first else both[::-1]:
        opened.notices.say(notice)

    (card,) = opened.notices.cards
    assert "cannot be stored" in card.notice.text
    assert "The records in r are newer." in card.hint.text()
