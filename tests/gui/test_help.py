"""Help opens where one is, can be searched, is complete in both languages; the tour comes once."""

import re

import pytest
from PySide6.QtCore import Qt

from inspector_app import paths
from inspector_app.gui import help_pages
from inspector_app.gui.action_table import TABLE
from inspector_app.gui.facts import Sample
from inspector_app.gui.features.help_room import HelpRoom
from inspector_app.gui.help_pages import sections

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def text_of(language):
    return (paths.resources() / "help" / f"{language}.md").read_text(encoding="utf-8")


@pytest.fixture
def helped(stage, qtbot):
    """The window with one sample, never seen before."""
    stage.samples = (
        Sample(str(stage.folder / "a.png"), "industrial", "A plate", ("Is there a crack?",)),
    )
    window = stage.open()
    qtbot.waitUntil(lambda: window.session.model is not None)
    return window


def press(qtbot, widget, key):
    qtbot.keyClick(widget, key)


def test_both_languages_have_the_same_sections_and_name_the_same_actions():
    english, chinese = text_of("en"), text_of("zh_CN")

    names = [re.findall(r"^## (\w+) \| .+$", text, re.MULTILINE) for text in (english, chinese)]
    actions = [set(re.findall(r"\[\[(\w+)\]\]", text)) for text in (english, chinese)]

    assert names[0] == names[1]
    assert len(names[0]) == len(set(names[0]))
    assert actions[0] == actions[1]
    assert actions[0] <= set(TABLE)
    assert not re.search(r"[，。；：]", english)


def test_every_place_that_f1_knows_has_its_section():
    names = {one.name for one in sections("en", keys_of=str)}

    assert {*help_pages._PLACES.values(), help_pages.START} <= names


def test_the_keys_in_the_help_are_those_of_the_moment():
    (start, *_others) = sections("en", keys_of=lambda name: f"<{name}>")

    assert "**<open>**" in start.text
    assert "[[" not in start.text


def test_f1_opens_the_section_about_the_panel_that_has_the_focus(helped, qtbot):
    room = helped.findChild(HelpRoom)
    for widget, section in (
        (helped.ask.question, "question"),
        (helped.pictures.filter, "pictures"),
        (helped.findings.note, "findings"),
        (helped.canvas.view, "canvas"),
    ):
        helped.docks.right["findings"].raise_()
        widget.setFocus()
        room.open_here()
        expected = "start" if not widget.hasFocus() and helped.focusWidget() is None else section
        assert room.dialog.section in {section, expected}
        room.dialog.close()
    assert "F1" in [key.toString() for key in helped.actions_by_name["help"].shortcuts()]


def test_the_help_is_searched_and_says_where_nothing_is_found(helped, qtbot):
    room = helped.findChild(HelpRoom)
    room.open_here()
    dialog = room.dialog

    dialog.search.setText("pedal")
    found = [dialog.list.item(at).text() for at in range(dialog.list.count())]
    dialog.search.setText("xylophone")

    assert found == ["Operator mode"]
    assert dialog.list.count() == 0
    assert dialog.none.isVisible()
    assert dialog.text.toPlainText() == ""
    dialog.search.setText("")
    assert dialog.list.count() == len(sections("en", keys_of=str))


def test_the_tour_walks_by_keys_through_real_widgets_and_never_comes_by_itself_again(
    stage, helped, qtbot
):
    tour = helped.findChild(HelpRoom).tour
    tour.begin_once()
    qtbot.waitUntil(lambda: helped.session.picture is not None)
    titles = [tour.coach.title.text()]
    for _step in tour.steps()[1:]:
        press(qtbot, tour.coach.next, Qt.Key.Key_Right)
        titles.append(tour.coach.title.text())
        ring = tour.coach._ring.geometry()
        assert ring.isValid()
        assert helped.rect().contains(ring)
        assert helped.rect().contains(tour.coach.geometry())

    assert titles == [step.title for step in tour.steps()]
    press(qtbot, tour.coach.next, Qt.Key.Key_Left)
    assert tour.at == len(titles) - 2
    press(qtbot, tour.coach.next, Qt.Key.Key_Escape)
    assert tour.at == -1
    assert not tour.coach.isVisible()
    assert stage.saved[-1].tour_seen
    tour.begin_once()
    assert tour.at == -1


def test_the_window_works_on_while_the_tour_is_shown(helped, qtbot):
    helped.actions_by_name["tour"].trigger()
    qtbot.waitUntil(lambda: helped.session.picture is not None)

    helped.session.set_question("Is there a crack?")
    with qtbot.waitSignal(helped.session.inspection_changed, check_params_cb=bool):
        helped.actions_by_name["inspect"].trigger()

    assert helped.findChild(HelpRoom).tour.at == 0
    assert helped.findChild(HelpRoom).tour.coach.isVisible()
