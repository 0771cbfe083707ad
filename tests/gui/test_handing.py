"""A job that a dialog hands over: told, counted, stopped."""

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from inspector_app.domain.exporting import ExportRecords, SendFiles
from inspector_app.domain.messages import (
    Cancelled,
    Failed,
    Finished,
    Problem,
    Progressed,
    Step,
)
from inspector_app.domain.search import Search
from inspector_app.gui.dialogs.handing import Handing

EXPORT = ExportRecords(Search(), "coco", "out")
SENDING = SendFiles("out", "PACS@host:104")


class Desk(QObject):
    """Takes jobs, and does nothing with them: tests say what is heard."""

    failed = Signal(object)

    def __init__(self):
        super().__init__()
        self.stopped = []

    def hand_over(self, wanted, tell):
        self.wanted, self.tell = wanted, tell
        return 7

    def stop_handing(self, number):
        self.stopped.append(number)


@pytest.fixture
def desk(qtbot):
    return Desk()


@pytest.fixture
def dialog(qtbot):
    """What the part stands in; it is never shown."""
    shown = QWidget()
    qtbot.addWidget(shown)
    return shown


@pytest.fixture
def handing(desk, dialog):
    return Handing(desk, dialog)


def test_it_takes_no_room_while_there_is_nothing_to_tell(handing):
    assert handing.isHidden()

    handing.begin(EXPORT)

    assert not handing.isHidden()
    assert handing.is_running
    assert handing.told.text() == "Working …"


def test_steps_are_counted_and_the_end_is_told_once_nothing_runs(handing, desk, qtbot):
    ends = []
    handing.finished.connect(lambda value: ends.append((value, handing.is_running)))
    handing.begin(EXPORT)

    desk.tell(Progressed(7, Step("save", 3, 8)))
    assert (handing.progress.value(), handing.progress.maximum()) == (3, 8)
    assert ends == []
    desk.tell(Finished(7, "a.pdf"))

    assert ends == [("a.pdf", False)]
    assert handing.isHidden()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (EXPORT, "Stopped. Nothing was written."),
        (SENDING, "Stopped. What is there already stays."),
    ],
)
def test_a_stop_says_what_stays(handing, desk, wanted, words):
    handing.begin(wanted)
    handing.stop.click()
    assert desk.stopped == [7]

    desk.tell(Cancelled(7))

    assert handing.told.text() == words
    assert handing.stop.isHidden()
    assert not handing.told.isHidden()


def test_a_failure_of_the_world_is_one_sentence_and_a_bug_is_told_elsewhere_too(handing, desk):
    bugs = []
    desk.failed.connect(bugs.append)
    handing.begin(EXPORT)
    desk.tell(Failed(7, Problem("The disk is full.", "Free some space.")))
    assert handing.told.text() == "The disk is full. Free some space."
    assert bugs == []

    handing.begin(EXPORT)
    bug = Problem("It broke.", "", trace="Traceback")
    desk.tell(Failed(7, bug))

    assert bugs == [bug]
    assert not handing.is_running
