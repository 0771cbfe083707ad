"""Opening pictures and walking through them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from inspector_app.gui.facts import Sample
from inspector_app.gui.panels.pictures import in_two_lines
from inspector_app.gui.worklist import Role
from tests.gui.conftest import paint
from tests.gui.person import ask, drop, told

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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


def test_a_picture_that_takes_its_time_is_announced_in_its_place(opened, qtbot, stage):
    stage.script.gate.clear()

    opened.session.go_to(str(stage.folder / "c.png"))

    qtbot.waitUntil(lambda: opened.stack.currentWidget() is opened.waiting)
    assert "c.png" in opened.waiting.text()
    stage.script.gate.set()
    qtbot.waitUntil(lambda: opened.stack.currentWidget() is opened.canvas)
    assert opened.windowTitle().startswith("c.png")


def test_a_neighbour_on_its_way_is_not_read_twice(opened, qtbot, stage):
    names = [Path(r.locator).name for r in stage.script.asked if type(r).__name__ == "OpenPicture"]
    assert names.count("b.png") <= 1
    qtbot.waitUntil(lambda: not opened.session.desk.is_fetching)

    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_N)

    qtbot.waitUntil(lambda: Path(opened.session.picture.locator).name == "b.png")
    names = [Path(r.locator).name for r in stage.script.asked if type(r).__name__ == "OpenPicture"]
    assert names.count("b.png") == 1


def test_a_neighbour_that_is_gone_to_before_its_reading_began_is_read_once(opened, qtbot, stage):
    desk, wanted = opened.session.desk, str(stage.folder / "c.png")
    qtbot.waitUntil(lambda: not desk.is_fetching)
    stage.script.gate.clear()

    opened.session.go_to(wanted)
    desk.fetch((wanted,))
    qtbot.waitUntil(lambda: not desk.is_fetching)

    stage.script.gate.set()
    qtbot.waitUntil(lambda: opened.session.picture.locator == wanted)
    qtbot.waitUntil(lambda: not desk.is_fetching)
    names = [Path(r.locator).name for r in stage.script.asked if type(r).__name__ == "OpenPicture"]
    assert names.count("c.png") == 1


def test_a_neighbour_that_cannot_be_read_says_so_when_its_turn_comes(stage, qtbot):
    (stage.folder / "bad.png").write_bytes(b"no picture")
    window = stage.open("a.png", "bad.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)

    window.session.go(1)

    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.refusal)


def test_a_file_changed_after_it_was_opened_is_shown_as_it_was_inspected(opened, qtbot, stage):
    before = opened.session.picture.provenance.sha256
    paint(stage.folder / "a.png", seed=77)

    ask(opened, qtbot)

    shown, inspected = opened.session.picture, opened.session.inspection
    assert shown.provenance.sha256 == inspected.provenance.sha256 != before
    assert "changed" in told(opened)[0].text
    assert opened.answers.whole.text.text() == "no"


def test_long_names_of_one_series_can_be_told_apart(opened):
    metrics = opened.pictures.list.fontMetrics()
    names = [f"receipt {at:04d} with a rather long file name from the scanner.jpg" for at in (1, 2)]

    first, second = (in_two_lines(name, metrics, width=130) for name in names)

    assert first != second
    for lines in (first, second):
        assert len(lines) == 2
        assert all(metrics.horizontalAdvance(line) <= 130 for line in lines)
        assert lines[1].endswith("r.jpg")
    assert in_two_lines("a.png", metrics, width=130) == ["a.png"]
    assert len(in_two_lines("裂纹检查照片裂纹检查照片裂纹检查照片.png", metrics, width=130)) == 2
