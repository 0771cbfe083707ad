"""Theme, language, model and panels."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from inspector_app.domain.settings import Theme

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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


def test_about_lists_every_key(opened, qtbot):
    opened.actions_by_name["about"].trigger()
    dialog = opened._dialogs["about"]

    assert not dialog.grab().isNull()
    assert dialog._grid.rowCount() > 25
