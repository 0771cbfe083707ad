"""Who reads first sees nothing of what the AI found, anywhere, until that reading is stored."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QWidget

from inspector_app.domain.errors import CannotWrite
from inspector_app.domain.first_reading import Who
from inspector_app.domain.gesture import Stand
from inspector_app.domain.messages import Inspect, Words
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.canvas.box_item import BoxItem
from inspector_app.gui.facts import Evidence
from inspector_app.gui.worklist import Role, Standing
from tests.fakes.perform import answer
from tests.gui.person import CRACK, ask

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEAK = "KRYPTON"
BOX = Shape.of(Region(180, 80, 210, 110))
FAR = Shape.of(Region(2, 2, 20, 20))
_ROLES = [0, 2, 3, 4, 5, 11, 12, *(Qt.ItemDataRole.UserRole + at for at in range(12))]


def texts(window):
    """Every text of the window, of its dialogs, lists, menus and tooltips."""
    found = [window.windowTitle()]
    for part in [window, *window.findChildren(QWidget), *window.findChildren(QAction)]:
        kind = part.metaObject()
        values = [part.property(kind.property(at).name()) for at in range(kind.propertyCount())]
        found += [value for value in values if isinstance(value, str)]
        if isinstance(part, QAbstractItemView | QComboBox) and part.model() is not None:
            model = part.model()
            found += [
                str(model.index(row, 0).data(role))
                for row in range(model.rowCount())
                for role in _ROLES
            ]
    found += [item.toolTip() for item in window.canvas.view.scene().items()]
    return found


def leaks(window):
    return [text for text in texts(window) if LEAK.lower() in text.lower()]


def boxes(window):
    items = window.canvas.view.scene().items()
    return [item for item in items if isinstance(item, BoxItem) and item.isVisible()]


def badge(window, row=0):
    return window.session.worklist.index(row).data(Role.OUTCOME)


def reveal(window, qtbot):
    window.actions_by_name["end_reading"].trigger()
    qtbot.waitUntil(lambda: not window.session.read_first.is_hiding)


@pytest.fixture
def reader(stage, qtbot):
    """A radiologist's window: the AI has inspected the open picture, unseen."""
    stage.script.whole = answer(f"no {LEAK}", sure=0.61, runner_up=LEAK)
    stage.script.zoomed = answer(f"yes {LEAK}", sure=0.94)
    window = stage.open("a.png", "b.png", read_first=True, questions=(CRACK,))
    window.session.set_question(CRACK)
    qtbot.waitUntil(lambda: window.session.withheld is not None)
    return window


def test_the_ai_inspects_unseen_and_nothing_in_the_window_tells_what_it_found(reader, qtbot):
    reader.actions_by_name["to_findings"].trigger()

    assert leaks(reader) == []
    assert boxes(reader) == []
    assert reader.session.inspection is None
    assert not reader.answers.verdict.isVisibleTo(reader)
    assert badge(reader) == ""
    assert reader.session.worklist.standing(reader.session.locator) is Standing.ASKED
    able = [
        name
        for name in ("save_png", "save_pdf", "save_json", "save_csv", "save_html", "preview",
                     "views", "statistics", "export", "trail", "operator", "accept", "reject",
                     "edit_box")
        if reader.actions_by_name[name].isEnabled()
    ]  # fmt: skip
    assert able == []


def test_words_and_boxes_that_come_while_the_ai_works_are_not_shown(stage, reader, qtbot):
    stage.script.hold.clear()
    reader.session.ask()
    with qtbot.waitSignal(reader.session.asking.words_came):
        pass
    request = reader.session.asking.request
    reader.session.asking.words_came.emit(request.locator, Words(f"yes {LEAK}", "whole"))
    reader.session.asking.evidence_came.emit(request.locator, some_evidence(stage))

    assert leaks(reader) == []
    assert boxes(reader) == []
    stage.script.hold.set()
    qtbot.waitUntil(lambda: not reader.session.is_working)


def some_evidence(stage):
    record = next(iter(stage.script.records.values()))
    return Evidence(record.map, record.regions)


def test_the_key_ends_the_reading_on_the_disk_and_shows_what_the_ai_found(stage, reader, qtbot):
    reader.session.findings.add(BOX)
    qtbot.waitUntil(lambda: len(reader.session.findings.own) == 1)
    at = reader.findings.verdict.findData(Outcome.FAIL)
    reader.findings.verdict.activated.emit(at)
    qtbot.waitUntil(lambda: reader.session.read_first.outcome is Outcome.FAIL)
    reader.canvas.view.setFocus()

    qtbot.keyClick(reader, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: reader.session.inspection is not None)
    assert leaks(reader) != []
    assert len(boxes(reader)) == 1
    assert badge(reader) == "CHECK"  # whole and zoomed answers differ
    assert "Your first verdict: FAIL · the AI's: CHECK" in reader.answers.reading.words.text()
    (stored,) = stage.script.gestures.values()
    (mark,) = stored[-1].marks
    assert (mark.is_locked, mark.is_blind, mark.outcome) == (True, True, Outcome.FAIL)
    assert [one.shape for one in mark.findings] == [BOX]
    assert mark.record == reader.session.inspection.id


def test_after_it_who_found_what_stands_at_each_finding(reader, qtbot):
    for shape in (BOX, FAR):
        reader.session.findings.add(shape)
    qtbot.waitUntil(lambda: len(reader.session.findings.own) == 2)
    reveal(reader, qtbot)
    reader.session.findings.add(FAR)
    qtbot.waitUntil(lambda: len(reader.session.findings.own) == 3)

    rows = [reader.findings.list.item(at).text() for at in range(reader.findings.list.count())]

    matches = {one.own: one.who for one in reader.session.findings.matches if one.own}
    assert Who.AFTER in matches.values()
    assert rows[-1].endswith("after the AI was shown")
    assert rows[-2].endswith("only by you")
    assert reader.findings.reading.words.text().startswith("Found by both")


def test_a_finding_of_the_ai_is_accepted_and_rejected_as_ever_after_it(reader, qtbot):
    reveal(reader, qtbot)

    reader.actions_by_name["accept"].trigger()

    qtbot.waitUntil(lambda: reader.session.findings.found[0].correction.stand is Stand.ACCEPTED)


def test_undo_never_takes_an_ended_reading_back(reader, qtbot):
    reader.session.findings.add(BOX)
    qtbot.waitUntil(lambda: len(reader.session.findings.own) == 1)
    reveal(reader, qtbot)

    reader.session.book.undo()

    assert reader.session.book.undoes is None
    assert not reader.session.read_first.is_hiding
    assert len(reader.session.findings.own) == 1


def test_a_reading_that_cannot_be_stored_shows_nothing(stage, reader, qtbot):
    stage.script.no_gesture = CannotWrite("The disk is full.")

    reader.actions_by_name["end_reading"].trigger()

    qtbot.waitUntil(lambda: bool(reader.notices.cards))
    assert reader.session.read_first.is_hiding
    assert leaks(reader) == []


def test_another_picture_hides_again_and_the_read_one_stays_read(stage, reader, qtbot):
    reveal(reader, qtbot)
    reader.session.go(1)
    qtbot.waitUntil(lambda: reader.session.withheld is not None)
    assert reader.session.picture.locator.endswith("b.png")
    assert (badge(reader, 0), badge(reader, 1)) == ("CHECK", "")

    reader.session.go(-1)

    qtbot.waitUntil(lambda: reader.session.inspection is not None)


def test_a_picture_that_was_read_is_known_as_read_after_a_restart(stage, reader, qtbot):
    reveal(reader, qtbot)
    reader.close()

    again = stage.open("a.png", read_first=True)
    qtbot.waitUntil(lambda: again.session.picture is not None)
    qtbot.waitUntil(lambda: not again.session.read_first.is_hiding)

    assert again.session.findings.reading.is_locked


def test_who_saw_the_ai_before_reads_no_more_blind(stage, opened, qtbot):
    ask(opened, qtbot)
    opened.actions_by_name["read_first"].trigger()
    qtbot.waitUntil(lambda: opened.session.read_first.is_hiding)
    assert opened.session.inspection is None
    assert boxes(opened) == []

    reveal(opened, qtbot)

    (mark,) = next(iter(stage.script.gestures.values()))[-1].marks
    assert not mark.is_blind


def test_the_history_hides_answers_and_a_search_finds_no_hidden_one(stage, reader):
    lines = reader.session.archive.lines
    assert [line.answer for line in lines] == [f"yes {LEAK}"]
    panel = reader.history
    panel._is_searching = True

    panel._on_found(lines)

    assert panel.list.model().rowCount() == 0
    panel._on_found([replace(lines[0], locator=str(stage.folder / "unknown.png"))])
    assert panel.list.model().rowCount() == 0


def test_nothing_is_asked_unseen_where_the_reader_asked_nothing(stage, qtbot):
    window = stage.open("a.png", read_first=True)
    qtbot.waitUntil(lambda: window.session.model is not None)
    qtbot.waitUntil(lambda: window.session.read_first.is_hiding)

    reveal(window, qtbot)

    assert not [one for one in stage.script.asked if isinstance(one, Inspect)]
