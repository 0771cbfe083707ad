"""The second picture: leafed by itself, linked or not."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu

from inspector_app.gui.canvas.turn import Turn
from tests.gui.slices import roll

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def pair(opened):
    """The window with its first picture in both halves."""
    opened.activateWindow()
    opened.actions_by_name["compare"].trigger()
    return opened


def names(window):
    """Which files the two halves show: the open one, the compared one."""
    beside = window.canvas.beside.picture
    return Path(window.session.picture.locator).name, Path(beside.locator).name


def focus(qtbot, view):
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)


def test_keys_leaf_the_half_that_has_the_focus(pair, qtbot):
    focus(qtbot, pair.canvas.beside.view)

    pair.actions_by_name["next"].trigger()
    qtbot.waitUntil(lambda: names(pair) == ("a.png", "b.png"))
    focus(qtbot, pair.canvas.view)
    pair.actions_by_name["next"].trigger()
    qtbot.waitUntil(lambda: names(pair) == ("b.png", "b.png"))
    pair.actions_by_name["next"].trigger()

    qtbot.waitUntil(lambda: names(pair) == ("c.png", "b.png"))


def test_the_wheel_with_shift_leafs_the_half_under_it(pair, qtbot):
    roll(pair.canvas.beside.view, -2, held=Qt.KeyboardModifier.ShiftModifier)

    qtbot.waitUntil(lambda: names(pair) == ("a.png", "c.png"))


def test_the_worklist_offers_to_compare(opened, qtbot):
    panel = opened.pictures
    where = panel.list.visualRect(panel.list.model().index(1, 0)).center()

    panel.list.customContextMenuRequested.emit(where)
    (menu,) = [one for one in panel.findChildren(QMenu) if one.isVisible()]
    menu.actions()[0].trigger()
    menu.close()

    qtbot.waitUntil(lambda: opened.canvas.beside.picture is not None)
    qtbot.waitUntil(lambda: names(opened) == ("a.png", "b.png"))
    assert opened.canvas.beside.isVisible()


def test_a_leafed_picture_stays_where_both_look(pair, qtbot):
    pair.canvas.view.look(QPointF(60, 70), 6.0)

    pair.canvas.beside.go(1)
    qtbot.waitUntil(lambda: names(pair)[1] == "b.png")

    assert pair.canvas.beside.view.scale_now == pytest.approx(6.0)
    assert (pair.canvas.beside.view.center - QPointF(60, 70)).manhattanLength() < 1


def test_unlinked_halves_are_turned_and_windowed_by_themselves(pair, qtbot):
    beside = pair.canvas.beside
    pair.actions_by_name["rotate_right"].trigger()
    pair.actions_by_name["link"].trigger()
    focus(qtbot, beside.view)

    pair.actions_by_name["flip"].trigger()
    pair.actions_by_name["invert"].trigger()
    pair.actions_by_name["zoom_in"].trigger()

    assert pair.canvas.viewing.manner.turn == Turn(1)
    assert not pair.canvas.viewing.manner.tone.is_inverted
    assert beside.view.turn == Turn(1).mirrored()
    assert beside._tone.is_inverted
    assert beside.view.scale_now > pair.canvas.view.scale_now
    pair.actions_by_name["link"].trigger()
    assert beside.view.turn == Turn(1)
    assert not beside._tone.is_inverted


def test_a_picture_that_cannot_be_read_leaves_the_one_beside_standing(pair, qtbot, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")

    with qtbot.waitSignal(pair.session.noticed):
        pair.canvas.compare_with(str(broken))

    assert names(pair) == ("a.png", "a.png")
    pair.canvas.beside.go(1)
    qtbot.waitUntil(lambda: names(pair) == ("a.png", "b.png"))


def test_fast_leafing_ends_where_the_hand_stopped(pair, qtbot):
    for by in (1, 1, -1, 1, 1):
        pair.canvas.beside.go(by)

    qtbot.waitUntil(lambda: names(pair)[1] == "c.png")


def test_the_question_is_about_the_open_picture_wherever_the_focus_is(pair, qtbot):
    pair.canvas.beside.go(1)
    qtbot.waitUntil(lambda: names(pair) == ("a.png", "b.png"))
    focus(qtbot, pair.canvas.beside.view)
    pair.session.set_question("Is there a crack?")

    pair.session.ask()
    qtbot.waitUntil(lambda: pair.session.inspection is not None)

    assert pair.session.inspection.provenance.locator.endswith("a.png")


def test_a_closed_pane_gives_the_keys_back(pair, qtbot):
    focus(qtbot, pair.canvas.beside.view)
    pair.actions_by_name["compare"].trigger()

    pair.actions_by_name["next"].trigger()

    qtbot.waitUntil(lambda: pair.session.picture.locator.endswith("b.png"))
