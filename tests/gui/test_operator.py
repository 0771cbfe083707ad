"""Operator mode: one part after the other, a verdict for each, and none out of trouble."""

import hashlib
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.gesture import Judgement
from inspector_app.domain.messages import Inspect
from inspector_app.domain.region import Region
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.features.operator_room import OperatorRoom
from inspector_app.gui.operating import Phase
from inspector_app.gui.panels.verdict_board import VerdictBoard
from tests.fakes.perform import answer
from tests.gui.person import told
from tests.gui.running import CRACK, inspected, running, wait_for  # noqa: F401  a fixture

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PASS, FAIL, CHECK = Outcome.PASS, Outcome.FAIL, Outcome.CHECK


@pytest.fixture
def bench(opened, qtbot):
    """Operator mode on three pictures, with a question that has a verdict."""
    opened.session.set_question(CRACK)
    opened.actions_by_name["operator"].trigger()
    room = opened.findChild(OperatorRoom)
    room.dialog.name.setText("Li Wei")
    room.dialog.accept()
    room.page.showNormal()
    room.page.resize(1280, 800)
    qtbot.addWidget(room.page)
    yield room
    room.page.close()


def press(page, key, text="", at=0):
    event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(at)
    page.keyPressEvent(event)


def scan(page, serial, *, gap, begun=100_000):
    for at, letter in enumerate(serial):
        press(page, Qt.Key.Key_A, letter, begun + at * gap)
    press(page, Qt.Key.Key_Return, "\r", begun + len(serial) * gap)


def inspect(room, qtbot, count=1):
    for _ in range(count):
        press(room.page, Qt.Key.Key_Space, " ")
        qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)


def test_parts_are_inspected_one_after_the_other_and_counted(bench, qtbot, stage):
    stage.script.whole = stage.script.zoomed = answer("no", sure=0.97)
    inspect(bench, qtbot, 2)
    stage.script.whole = stage.script.zoomed = answer("yes", sure=0.97)
    inspect(bench, qtbot)

    shift = bench.operating.shift
    assert [part.final for part in shift.parts] == [PASS, PASS, FAIL]
    assert [part.picture[-5:] for part in shift.parts] == ["a.png", "b.png", "c.png"]
    assert "3 parts, 1 NG, 0 to check, 66.7 % passed" in bench.page.tally.text()
    assert bench.page.board.told == "NG \N{MULTIPLICATION X}"


def test_the_verdict_takes_a_quarter_of_the_page_and_says_itself_in_words(bench, qtbot, stage):
    stage.script.whole = stage.script.zoomed = answer("no", sure=0.97)
    inspect(bench, qtbot)

    page, board = bench.page, bench.page.board
    assert board.width() * board.height() >= page.width() * page.height() / 4
    assert board.accessibleName() == "OK \N{CHECK MARK}"


def test_what_was_found_is_framed_in_the_picture_until_the_next_part(bench, qtbot, stage):
    stage.script.whole = stage.script.zoomed = answer("yes", sure=0.97)
    inspect(bench, qtbot)

    seen = bench.operating.seen
    (finding,) = seen.verdict.findings
    found = replace(seen.verdict, findings=(replace(finding, location=Region(5, 5, 20, 20)),))
    bench.operating.seen = replace(seen, verdict=found)
    bench.page.retranslate()

    assert bench.page.still.boxes == (Region(5, 5, 20, 20),)
    assert bench.page.film.accessibleName() == "1 NG"
    stage.script.hold.clear()
    press(bench.page, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: bench.operating.phase is Phase.BUSY)
    assert bench.page.still.boxes == ()
    stage.script.hold.set()
    qtbot.waitUntil(lambda: bench.operating.phase is Phase.TOLD)


def test_while_a_part_is_inspected_no_older_verdict_is_in_sight(bench, qtbot, stage):
    inspect(bench, qtbot)
    stage.script.hold.clear()

    press(bench.page, Qt.Key.Key_Space, " ")

    qtbot.waitUntil(lambda: bench.operating.phase is Phase.BUSY)
    assert bench.page.board.outcome is None
    assert not bench.page.next.isEnabled()
    stage.script.hold.set()
    qtbot.waitUntil(lambda: bench.operating.phase is Phase.TOLD)


def test_a_stop_a_refused_picture_and_trouble_are_all_to_be_checked(bench, qtbot, stage):
    stage.script.hold.clear()
    press(bench.page, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: bench.operating.phase is Phase.BUSY)
    qtbot.waitUntil(lambda: any(isinstance(one, Inspect) for one in stage.script.asked))
    press(bench.page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bench.operating.phase is Phase.TOLD)
    stage.script.hold.set()
    stage.script.error = UnreadablePicture("It is torn.", hint="Take another.")
    inspect(bench, qtbot)
    (stage.folder / "c.png").write_bytes(b"no picture any more")
    stage.script.error = None
    bench.operating._session.desk.forget(str(stage.folder / "c.png"))
    inspect(bench, qtbot)

    parts = bench.operating.shift.parts
    assert [part.final for part in parts] == [CHECK, CHECK, CHECK]
    assert parts[1].words == "It is torn."
    assert bench.operating.shift.pass_rate == 0


def test_a_part_whose_picture_cannot_be_opened_leaves_a_record(bench, qtbot, stage):
    torn = stage.folder / "b.png"
    torn.write_bytes(b"no picture")
    bench.operating._session.desk.forget(str(torn))
    inspect(bench, qtbot)
    scan(bench.page, "SN-0042", gap=8)
    inspect(bench, qtbot)

    qtbot.waitUntil(lambda: bench.operating.last.record is not None)
    record = stage.script.records[bench.operating.last.record]
    assert record.provenance.locator == str(torn)
    assert record.provenance.sha256 == hashlib.sha256(b"no picture").hexdigest()
    assert record.verdict.outcome is CHECK
    assert record.verdict.detail == bench.operating.last.words
    assert {"operator Li Wei", "part SN-0042"} <= set(record.notes)


def test_the_record_of_a_torn_picture_says_so_once_the_file_is_another(bench, qtbot, stage, opened):
    session = bench.operating._session
    good = (stage.folder / "a.png").read_bytes()
    session.desk.forget(str(stage.folder / "a.png"))
    stage.script.error = UnreadablePicture("It is torn.", hint="Take another.")
    (stage.folder / "a.png").write_bytes(good + b"torn")
    inspect(bench, qtbot)
    qtbot.waitUntil(lambda: bench.operating.last.record is not None)
    bench.page.close()
    (stage.folder / "a.png").write_bytes(good)

    session.open_record(bench.operating.last.record)

    qtbot.waitUntil(lambda: "has changed" in told(opened)[0].text)
    assert told(opened)[0].hint == "The record kept no picture."
    assert session.inspection.verdict.outcome is CHECK


def test_a_question_without_a_rule_is_never_a_pass(bench, qtbot, stage):
    bench.operating._session.set_question("What is this?")

    inspect(bench, qtbot)

    assert bench.operating.last.final is CHECK


def test_a_scanned_serial_number_stands_in_the_record_of_the_next_part_only(bench, qtbot, stage):
    scan(bench.page, "SN-0042", gap=8)
    assert "SN-0042" in bench.page.serial.text()
    inspect(bench, qtbot, 2)

    asked = [one for one in stage.script.asked if isinstance(one, Inspect)][-2:]
    assert {"operator Li Wei", "part SN-0042"} <= set(asked[0].notes)
    assert "operator Li Wei" in asked[1].notes
    assert not any(note.startswith("part ") for note in asked[1].notes)
    assert [part.serial for part in bench.operating.shift.parts] == ["SN-0042", ""]


def test_no_verdict_stands_beside_the_number_of_a_part_that_is_still_to_come(bench, qtbot, stage):
    stage.script.whole = stage.script.zoomed = answer("yes", sure=0.97)
    scan(bench.page, "SN-1", gap=8)
    inspect(bench, qtbot)
    board = bench.page.board
    assert board.outcome is FAIL
    assert board.words.startswith("Part 1 (SN-1): ")
    assert board.words.endswith(": crack")

    scan(bench.page, "SN-2", gap=8, begun=200_000)

    assert "SN-2" in bench.page.serial.text()
    assert (board.outcome, board.told) == (None, "Ready")
    assert bench.page.to_pass.isEnabled()
    inspect(bench, qtbot)
    assert board.outcome is FAIL


def test_the_page_names_the_question_where_it_is_not_that_of_a_preset(bench):
    assert bench.page.preset.text() == f"No preset \N{MIDDLE DOT} {CRACK}"


def test_what_somebody_types_by_hand_is_no_serial_number(bench):
    scan(bench.page, "SN-0042", gap=200)

    assert bench.operating.serial == ""


def test_a_verdict_is_overruled_with_a_reason_and_shows_once_it_is_stored(bench, qtbot, stage):
    stage.script.whole = stage.script.zoomed = answer("yes", sure=0.97)
    inspect(bench, qtbot)

    bench.page.to_pass.click()
    bench.page.dialog.reason.setCurrentText("dust")
    with qtbot.waitSignal(bench.operating._session.rejudged) as told:
        bench.page.dialog.accept()

    assert told.args == [bench.operating.last.picture, "PASS"]
    assert bench.operating.last.final is PASS
    stored = [
        mark for known in stage.script.gestures.values() for one in known for mark in one.marks
    ]
    assert Judgement(bench.operating.last.record, PASS, "dust", "Li Wei") in stored
    assert bench.operating.last.outcome is FAIL
    assert "Li Wei" in bench.page.board.accessibleDescription()


def test_what_cannot_be_stored_does_not_overrule(bench, qtbot, stage):
    stage.script.whole = stage.script.zoomed = answer("yes", sure=0.97)
    inspect(bench, qtbot)
    stage.script.no_gesture = UnreadablePicture("The disk is full.", hint="")

    bench.operating.overrule(1, PASS, "dust")

    qtbot.waitUntil(lambda: "disk is full" in bench.page.message.text())
    assert bench.operating.last.final is FAIL


def test_at_the_end_of_the_worklist_the_page_says_so(bench, qtbot):
    inspect(bench, qtbot, 3)

    press(bench.page, Qt.Key.Key_Space, " ")

    assert "no further picture" in bench.page.message.text()
    assert len(bench.operating.shift.parts) == 3


def test_on_leaving_nothing_of_the_shift_goes_into_later_records(bench, qtbot, opened):
    inspect(bench, qtbot)

    bench.page.close()

    request = opened.session.request_for("x.png")
    assert not any(note.startswith("operator ") for note in request.notes)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_word_and_ground_of_a_verdict_stand_out_from_each_other(opened, qtbot, outcome):
    board = VerdictBoard(opened.look)
    qtbot.addWidget(board)
    board.resize(400, 300)

    board.show_outcome(outcome, words="why")

    image = board.grab().toImage()
    ground = image.pixelColor(QPointF(2, 2).toPoint())
    luminances = {
        image.pixelColor(x, y).lightness() for x in range(0, 400, 3) for y in range(60, 220, 3)
    }
    assert max(abs(one - ground.lightness()) for one in luminances) > 100


def test_nothing_is_inspected_ahead_of_an_operators_parts(running, qtbot, stage):  # noqa: F811
    wait_for(running, qtbot, done=2)
    asked = len(inspected(stage))
    running.actions_by_name["operator"].trigger()
    room = running.findChild(OperatorRoom)
    room.dialog.name.setText("Li Wei")
    room.dialog.accept()
    qtbot.addWidget(room.page)
    running.session.set_question("Is there a scratch?")

    inspect(room, qtbot, 3)

    assert len(inspected(stage)) == asked + 3
    room.page.close()
