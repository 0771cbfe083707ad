"""The keys and buttons of looking, and those of the user's own."""

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt

from inspector_app.gui.bindings import BARE, bindings, clash, names, stored, usual
from inspector_app.gui.canvas.hands import Tool
from inspector_app.gui.dialogs.keys import KeysDialog
from tests.gui.slices import drag

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_no_usual_key_is_given_twice():
    bound = bindings({})

    for name, keys in bound.items():
        assert clash(bound, name, keys) is None, name
    assert set(bound) == set(names())


def test_a_key_of_the_users_own_works_and_the_old_one_no_longer(scan, qtbot):
    settings = scan.session.settings
    scan.session.change_settings(replace(settings, keys=(("invert", "Ctrl+I"),)))

    (key,) = scan.actions_by_name["invert"].shortcuts()
    assert key.toString() == "Ctrl+I"
    assert "Ctrl+I" in scan.actions_by_name["invert"].toolTip()


def test_stored_keys_that_clash_or_make_no_sense_are_left_out():
    bound = bindings({"invert": "F", "flip": "Ctrl+Alt+F", "no such": "A", BARE: "J"})

    assert bound["invert"] == ()
    assert bound["flip"] == ("Ctrl+Alt+F",)
    assert bound[BARE] == ("J",)
    assert dict(stored(bound)) == {"invert": "", "flip": "Ctrl+Alt+F", BARE: "J"}
    assert stored(bindings({})) == ()


def test_the_dialog_refuses_a_taken_key_with_a_sentence_and_gives_a_free_one(opened, qtbot):
    dialog = KeysDialog(opened.session, parent=opened)
    dialog.choose("invert")

    dialog.edit.setKeySequence("F")
    assert not dialog.give.isEnabled()
    assert "Fit the picture" in dialog.words.text()
    dialog.edit.setKeySequence("Ctrl+J")
    dialog.give.click()
    assert bindings(dict(opened.session.settings.keys))["invert"] == ("I", "Ctrl+J")
    dialog.usual.click()
    assert opened.session.settings.keys == ()
    dialog.mice["left"].setCurrentIndex(dialog.mice["left"].findData("pan"))
    dialog.mice["left"].activated.emit(0)
    assert "One button" in dialog.words.text()
    assert opened.session.settings.mouse == ()
    dialog.close()


def test_the_held_key_can_be_another(opened, qtbot):
    view = opened.canvas.view
    opened.activateWindow()
    view.setFocus()
    opened.session.change_settings(replace(opened.session.settings, keys=((BARE, "J"),)))

    qtbot.keyPress(view, Qt.Key.Key_J)
    assert opened.session.display.is_bare
    qtbot.keyRelease(view, Qt.Key.Key_J)
    assert not opened.session.display.is_bare
    qtbot.keyPress(view, Qt.Key.Key_X)
    assert not opened.session.display.is_bare
    assert usual(BARE) == ("Tab", "X")


def test_every_action_of_looking_can_be_called_on_any_picture_without_harm(scan, qtbot):
    more = [
        "invert",
        "flip",
        "upend",
        "reset_view",
        "length",
        "size",
        "angle",
        "unmeasure",
        "compare",
        "link",
        "leaf_on",
    ]
    for name in names():
        if name.startswith(("window", "rotate", "tool")) or name in more:
            scan.actions_by_name[name].trigger()
    for tool in Tool:
        scan.canvas.view.set_tool(tool)
        drag(scan.canvas.view, (100, 100), (180, 160))
    act = partial(drag, scan.canvas.view)
    act((10, 10), (11, 11))
    scan.session.clear()
    act((100, 100), (180, 160))
    assert scan.session.picture is None
