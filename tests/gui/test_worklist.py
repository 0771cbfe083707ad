"""The worklist as it is shown: sorted, filtered, and walked in that order."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from inspector_app.gui.order import Order, Shown, Which
from inspector_app.gui.worklist import Role, Standing, Worklist
from tests.gui.conftest import paint
from tests.gui.person import CRACK, ask

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def shown(qapp):
    worklist = Worklist()
    worklist.add(("part 10.png", "part 9.png", "Arm.png", "zebra.png"))
    return Shown(worklist)


def verdicts(shown, **outcomes):
    for name, outcome in outcomes.items():
        full = {"arm": "Arm.png", "nine": "part 9.png", "ten": "part 10.png"}.get(name, name)
        shown.sourceModel().set_outcome(full, outcome)


def names(shown):
    return [Path(name).stem for name in shown.locators]


def choose(chooser, value):
    chooser.setCurrentIndex(chooser.findData(value))


def test_names_are_sorted_as_people_count_whatever_the_case(shown):
    shown.set_order(Order.NAME)

    assert names(shown) == ["Arm", "part 9", "part 10", "zebra"]


def test_the_order_of_opening_comes_back(shown):
    shown.set_order(Order.NAME)
    shown.set_order(Order.OPENED)

    assert names(shown) == ["part 10", "part 9", "Arm", "zebra"]


def test_what_needs_eyes_comes_first_in_the_order_of_verdicts(shown):
    shown.set_order(Order.VERDICT)
    verdicts(shown, arm="PASS", nine="FAIL", ten="CHECK")

    assert names(shown) == ["part 9", "part 10", "Arm", "zebra"]


def test_pictures_are_sorted_by_the_date_of_their_files(shown):
    worklist = shown.sourceModel()
    worklist.set_dates({"part 10.png": 30, "part 9.png": 10, "Arm.png": 40, "zebra.png": 20})

    shown.set_order(Order.NEWEST)
    assert names(shown) == ["Arm", "part 10", "zebra", "part 9"]
    shown.set_order(Order.OLDEST)
    assert names(shown) == ["part 9", "zebra", "part 10", "Arm"]


@pytest.mark.parametrize(
    ("which", "left"),
    [
        (Which.ALL, ["part 10", "part 9", "Arm", "zebra"]),
        (Which.FAIL, ["part 9"]),
        (Which.CHECK, ["part 10"]),
        (Which.PASS, []),
        (Which.ANSWERED, ["part 10", "part 9", "Arm"]),
        (Which.UNASKED, ["zebra"]),
    ],
)
def test_a_verdict_narrows_the_list_down(shown, which, left):
    verdicts(shown, nine="FAIL", ten="CHECK", arm="")

    shown.set_which(which)

    assert names(shown) == left


def test_a_verdict_that_comes_later_enters_the_narrowed_list(shown):
    shown.set_which(Which.FAIL)
    assert names(shown) == []

    verdicts(shown, arm="FAIL")

    assert names(shown) == ["Arm"]


def test_the_picture_on_the_screen_keeps_its_row_until_it_is_left(shown):
    shown.set_which(Which.UNASKED)
    shown.hold("Arm.png")

    verdicts(shown, arm="PASS", nine="PASS")
    assert names(shown) == ["part 10", "Arm", "zebra"]
    shown.hold("zebra.png")

    assert names(shown) == ["part 10", "zebra"]


def test_in_the_order_of_verdicts_too_the_picture_on_the_screen_stays_where_it_is(shown):
    shown.set_order(Order.VERDICT)
    shown.hold("zebra.png")

    verdicts(shown, **{"zebra.png": "FAIL"})
    assert names(shown)[-1] == "zebra"
    shown.hold("Arm.png")

    assert names(shown)[0] == "zebra"


def test_trouble_is_a_standing_of_its_own(shown):
    worklist = shown.sourceModel()
    worklist.set_trouble("Arm.png", "It cannot be read.")
    worklist.set_failure("part 9.png", "It went wrong.", outcome=None)
    worklist.set_failure("part 10.png", "It went wrong.", outcome="CHECK")

    shown.set_which(Which.TROUBLE)

    assert names(shown) == ["part 9", "Arm"]
    assert worklist.standing("part 10.png") is Standing.CHECK
    worklist.set_outcome("part 9.png", "PASS")
    assert names(shown) == ["Arm"]


def test_neighbours_are_those_that_are_shown(shown):
    shown.set_order(Order.NAME)

    assert shown.neighbour("part 9.png", by=1) == "part 10.png"
    assert shown.neighbour("part 9.png", by=-1) == "Arm.png"
    assert shown.neighbour("zebra.png", by=1) is None
    assert shown.neighbour(None, by=1) == "Arm.png"
    assert shown.following("Arm.png", 2) == ("part 9.png", "part 10.png")
    assert shown.following("part 10.png", 9) == ("zebra.png",)


def test_from_a_picture_that_is_not_shown_the_way_goes_on_beside_it(shown):
    shown.set_words("part")

    assert shown.neighbour("Arm.png", by=-1) == "part 9.png"
    assert shown.neighbour("Arm.png", by=1) == "part 9.png"
    shown.set_words("z")
    assert shown.neighbour("Arm.png", by=1) == "zebra.png"
    shown.set_words("nothing of the kind")
    assert shown.neighbour("Arm.png", by=1) is None


def test_a_thumbnail_that_comes_sorts_nothing_anew(shown, qtbot):
    shown.set_order(Order.VERDICT)
    moved = []
    shown.layoutChanged.connect(lambda *_: moved.append(1))

    shown.sourceModel().set_thumbnail("Arm.png", None)

    assert not moved


# --- in the window ---------------------------------------------------------------------------


def test_next_and_previous_follow_the_order_that_is_shown(stage, qtbot):
    window = stage.open("c.png", "a.png", "b.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)
    choose(window.pictures.order, Order.NAME)

    for key, name in ((Qt.Key.Key_P, "b.png"), (Qt.Key.Key_P, "a.png"), (Qt.Key.Key_N, "b.png")):
        qtbot.keyClick(window.canvas.view, key)
        qtbot.waitUntil(lambda name=name: window.windowTitle().startswith(name))


def test_only_the_unasked_are_walked_through_where_only_they_are_shown(opened, qtbot, stage):
    ask(opened, qtbot)
    choose(opened.pictures.which, Which.UNASKED)

    shown = opened.pictures.list.model()
    assert [shown.index(row, 0).data() for row in range(shown.rowCount())] == ["b.png", "c.png"]
    assert "2 of 3" in opened.pictures._count.text()
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: opened.windowTitle().startswith("b.png"))
    ask(opened, qtbot)
    assert opened.session.worklist.index(1).data(Role.OUTCOME) == "CHECK"
    assert shown.index(0, 0).data() == "b.png"
    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: opened.windowTitle().startswith("c.png"))
    assert [shown.index(row, 0).data() for row in range(shown.rowCount())] == ["c.png"]


def test_dates_are_asked_of_the_disk_when_they_are_needed(stage, qtbot):
    for at, name in enumerate(("b.png", "c.png", "a.png")):
        os.utime(stage.folder / name, (1_000_000 + at, 1_000_000 + at))
    window = stage.open("a.png", "b.png", "c.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)
    choose(window.pictures.order, Order.OLDEST)

    shown = window.session.shown
    qtbot.waitUntil(lambda: names(shown) == ["b", "c", "a"])
    paint(stage.folder / "old.png")
    os.utime(stage.folder / "old.png", (500_000, 500_000))
    window.session.open_paths([str(stage.folder / "old.png")])
    qtbot.waitUntil(lambda: names(shown) == ["old", "b", "c", "a"])


def test_a_kept_picture_whose_file_changed_is_read_again(opened, qtbot, stage):
    qtbot.waitUntil(lambda: not opened.session.desk.is_fetching)
    paint(stage.folder / "b.png", size=(64, 48), seed=9)

    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_N)

    qtbot.waitUntil(lambda: opened.windowTitle().startswith("b.png"))
    qtbot.waitUntil(lambda: opened.session.picture.size == (64, 48))


def test_the_answer_about_a_file_that_changed_since_is_not_shown_as_its_answer(
    opened, qtbot, stage
):
    ask(opened, qtbot, CRACK)
    paint(stage.folder / "a.png", size=(64, 48), seed=9)

    opened.session.reread()

    qtbot.waitUntil(lambda: opened.session.picture.size == (64, 48))
    assert opened.session.inspection is None


def test_a_row_that_leaves_the_list_takes_nobody_along(opened, qtbot):
    go = opened.session.go_to
    go(opened.session.worklist.at(1))
    qtbot.waitUntil(lambda: opened.windowTitle().startswith("b.png"))
    choose(opened.pictures.which, Which.UNASKED)
    opened.session.worklist.set_outcome(opened.session.locator, "PASS")
    opened.pictures.list.setFocus()

    qtbot.keyClick(opened.canvas.view, Qt.Key.Key_P)

    qtbot.waitUntil(lambda: not opened.session.is_opening)
    assert opened.windowTitle().startswith("a.png")
    assert names(opened.session.shown) == ["a", "c"]


def test_verdicts_that_come_do_not_scroll_the_list_from_under_the_mouse(stage, qtbot):
    for at in range(60):
        paint(stage.folder / f"n{at:02}.png", size=(8, 8))
    window = stage.open(*(f"n{at:02}.png" for at in range(60)))
    qtbot.waitUntil(lambda: window.session.picture is not None)
    choose(window.pictures.order, Order.VERDICT)
    bar = window.pictures.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)

    window.session.worklist.set_outcome(window.session.worklist.at(50), "FAIL")

    assert names(window.session.shown)[0] == "n50"
    assert bar.value() == bar.maximum()


def test_the_row_of_the_picture_is_sought_out_when_the_user_sorts(stage, qtbot):
    for at in range(60):
        paint(stage.folder / f"n{at:02}.png", size=(8, 8))
    window = stage.open(*(f"n{at:02}.png" for at in range(59, -1, -1)))
    qtbot.waitUntil(lambda: window.session.picture is not None)

    choose(window.pictures.order, Order.NAME)

    rows = window.pictures.list
    assert rows.currentIndex().data() == "n59.png"
    assert rows.viewport().rect().contains(rows.visualRect(rows.currentIndex()).center())
