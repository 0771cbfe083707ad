"""Theme, language, model and panels."""

import os
import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from inspector_app import app
from inspector_app.domain.settings import Theme, rows
from inspector_app.gui.wording.setting_words import GROUPS, WORDS
from tests.fakes.perform import FACTS

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


def pick(field, value):
    """Choose an entry as a person does."""
    field.setCurrentIndex(field.findData(value))
    field.activated.emit(field.currentIndex())


def letters(menu):
    """The underlined letters of each menu below and with this one."""
    seen = [one.text() for one in menu.actions() if not one.isSeparator()]
    yield [found.group(1).upper() for text in seen if (found := re.search(r"&(\w)", text))]
    for action in menu.actions():
        if (below := action.menu()) is not None:
            yield from letters(below)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_two_entries_of_a_menu_have_the_same_underlined_letter(opened, language):
    opened.session.change_settings(replace(opened.session.settings, language=language))

    for found in letters(opened.menuBar()):
        assert len(found) == len(set(found)), found


def test_the_dialog_shows_every_setting_once_and_its_words_are_marked():
    shown = [name for _title, names in GROUPS for name in names]

    assert sorted(shown) == sorted(row.name for row in rows())
    for row in rows():
        assert {row.label, row.help, *(words for _value, words in row.choices)} <= set(WORDS)
    assert {title for title, _names in GROUPS} <= set(WORDS)


def test_a_setting_that_is_changed_in_the_dialog_holds_at_once_and_is_stored(opened, qtbot, stage):
    opened.open_settings()
    fields = opened._dialogs["settings"].fields

    pick(fields["strategy"], "gradient_attention")
    fields["count"].setValue(3)
    fields["zoom_only_in_doubt"].setChecked(True)
    fields["heat_opacity"].setValue(35)
    pick(fields["colour_map"], "inferno")
    pick(fields["theme"], "light")

    session = opened.session
    assert opened.ask.strategy.currentData() == "gradient_attention"
    assert opened.ask.count.value() == 3
    assert opened.ask.gate.isChecked()
    assert session.display.opacity == pytest.approx(0.35)
    assert session.display.colour_map == "inferno"
    assert not opened.look.is_dark
    session.keep_settings()
    saved = stage.saved[-1]
    assert (saved.strategy, saved.count, saved.theme) == ("gradient_attention", 3, Theme.LIGHT)


def test_the_dialog_follows_what_is_changed_beside_it(opened, qtbot):
    opened.open_settings()
    fields = opened._dialogs["settings"].fields

    opened.ask.count.setValue(4)
    opened.heat.opacity.setValue(20)

    assert fields["count"].value() == 4
    assert fields["heat_opacity"].value() == 20


def test_another_model_is_loaded_when_it_is_chosen(opened, qtbot):
    opened.open_settings()
    dialog = opened._dialogs["settings"]
    pick(dialog.fields["model"], "other")

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


def test_what_the_model_does_not_know_can_be_read_in_the_window(opened, qtbot):
    limits = "It has never seen a photograph."
    opened.session.asking._set_model(replace(FACTS, name="other", limits=limits))
    opened.open_settings()

    assert limits in opened.status.chip.toolTip()
    assert limits in opened._dialogs["settings"].in_use.text()


def test_the_file_dialog_of_qt_speaks_chinese_where_its_own_translation_does_not(opened, qtbot):
    opened.session.change_settings(replace(opened.session.settings, language="zh_CN"))
    dialog = QFileDialog(opened)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)

    shown = {label.text() for label in dialog.findChildren(QLabel)}

    assert {"查找范围(&L)：", "文件类型(&T)："} <= shown
    dialog.deleteLater()
    opened.session.change_settings(replace(opened.session.settings, language="en"))


def test_long_words_about_the_model_are_shown_to_their_end(opened, qtbot):
    opened.session.asking._set_model(replace(FACTS, name="other", limits="It never saw it. " * 40))
    opened.open_settings()
    dialog = opened._dialogs["settings"]
    dialog.grab()

    assert dialog.in_use.height() >= dialog.in_use.heightForWidth(dialog.in_use.width())


def test_the_size_of_everything_is_told_to_qt_unless_somebody_set_it_for_this_start(monkeypatch):
    told = {}
    for before in (None, "3"):
        if before is None:
            monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
        else:
            monkeypatch.setenv("QT_SCALE_FACTOR", before)
        app.enlarge(100)
        assert os.environ.get("QT_SCALE_FACTOR") == before
        app.enlarge(150)
        told[before] = os.environ["QT_SCALE_FACTOR"]
    monkeypatch.delenv("QT_SCALE_FACTOR")

    assert told == {None: "1.5", "3": "3"}
