"""Heat, boxes, crops and rectangles drawn by hand."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from inspector_app.domain.region import Region
from tests.gui.person import CRACK, ask

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_click_on_a_crop_zooms_to_it_and_pointing_lights_its_box(opened, qtbot):
    opened.session.set_count(2)
    ask(opened, qtbot)
    first, second = opened.answers.crops.cards
    opened.canvas.view.is_calm = True

    with qtbot.waitSignal(opened.session.region_lit, check_params_cb=lambda at: at == 1):
        second.pointed.emit(True)
    assert second.property("lit")
    assert not first.property("lit")

    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    view = opened.canvas.view
    middle = view.mapToScene(view.viewport().rect().center())
    region = opened.session.evidence.regions[0].region
    assert middle.x() == pytest.approx(region.center[0], abs=1)
    assert middle.y() == pytest.approx(region.center[1], abs=1)
    assert view.scale_now > 3


def test_a_rectangle_drawn_by_hand_is_asked_about(opened, qtbot, stage):
    view = opened.canvas.view
    qtbot.keyClick(view, Qt.Key.Key_R)
    assert opened.session.is_drawing
    start, end = view.mapFromScene(QPointF(40, 30)), view.mapFromScene(QPointF(200, 150))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), end)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)

    qtbot.waitUntil(lambda: len(opened.session.rois) == 1)
    (drawn,) = opened.session.rois
    assert drawn.iou(Region(40, 30, 200, 150)) > 0.95
    assert opened.session.strategy == "manual"
    ask(opened, qtbot)
    (request,) = [r for r in stage.script.asked if type(r).__name__ == "Inspect"]
    assert request.strategy == "manual"
    assert request.options.rois == (drawn,)

    qtbot.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: opened.session.rois == ())
    assert opened.session.strategy == "relative_attention"


def test_a_drawn_rectangle_can_be_moved_and_resized(opened, qtbot):
    opened.session.add_roi(Region(100, 100, 160, 140))
    view = opened.canvas.view

    def drag(start, end):
        a, b = view.mapFromScene(QPointF(*start)), view.mapFromScene(QPointF(*end))
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=a)
        qtbot.mouseMove(view.viewport(), (a + b) / 2)
        qtbot.mouseMove(view.viewport(), b)
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=b)

    drag((130, 120), (150, 130))
    qtbot.waitUntil(lambda: opened.session.rois[0] != Region(100, 100, 160, 140))
    assert opened.session.rois[0].size == (60, 40)
    assert opened.session.rois[0].iou(Region(120, 110, 180, 150)) > 0.85

    before = opened.session.rois[0]
    drag((before.x1, before.y1), (before.x1 + 40, before.y1 + 20))
    qtbot.waitUntil(lambda: opened.session.rois[0] != before)
    after = opened.session.rois[0]
    assert (after.x0, after.y0) == (before.x0, before.y0)
    assert after.width == pytest.approx(before.width + 40, abs=2)
    assert after.height == pytest.approx(before.height + 20, abs=2)


def test_a_held_key_shows_the_bare_picture(opened, qtbot):
    ask(opened, qtbot)
    view = opened.canvas.view
    view.setFocus()

    qtbot.keyPress(view, Qt.Key.Key_Tab)
    assert opened.session.display.is_bare
    assert not opened.canvas._heat.isVisible()
    qtbot.keyRelease(view, Qt.Key.Key_Tab)
    assert not opened.session.display.is_bare
    assert opened.canvas._heat.isVisible()


def test_layer_grid_opacity_and_colours_change_the_heat(opened, qtbot):
    ask(opened, qtbot)
    heat, session = opened.heat, opened.session

    heat.layer.setValue(0)
    assert session.display.layer == 2
    heat.opacity.setValue(30)
    assert session.display.opacity == pytest.approx(0.3)
    heat.is_grid.setChecked(True)
    assert not session.display.smooth
    heat.colours.setCurrentIndex(heat.colours.findData("inferno"))
    heat.colours.activated.emit(heat.colours.currentIndex())
    assert session.display.colour_map == "inferno"
    picture = opened.canvas.grab().toImage()
    assert not picture.isNull()


def test_what_the_model_saw_shows_every_view_and_prompt(opened, qtbot):
    ask(opened, qtbot)
    opened.actions_by_name["views"].trigger()
    dialog = opened._dialogs["views"]

    assert dialog.list.count() == 2
    dialog.list.setCurrentRow(1)
    assert not dialog.grab().isNull()
    assert CRACK in dialog._prompts.toPlainText()


def test_the_cursor_tells_place_and_value(opened, qtbot, stage):
    view = opened.canvas.view
    qtbot.mouseMove(view.viewport(), QPoint(5, 5))
    qtbot.mouseMove(view.viewport(), view.mapFromScene(QPointF(50.5, 60.5)))

    words = opened.status.cursor_words.text()
    x, y = (int(part) for part in words[1 : words.index(")")].split(","))
    red, green, blue = (int(part) for part in words.split(")")[1].split())
    assert np.array_equal(opened.session.picture.frame.pixels[y, x], [red, green, blue])


def test_a_slider_that_cannot_be_moved_says_why(opened, qtbot, stage):
    assert "no map" in opened.heat.layer.toolTip()
    ask(opened, qtbot)
    assert opened.heat.layer.isEnabled()
    assert "Which layer" in opened.heat.layer.toolTip()

    found = opened.session.inspection
    single = replace(found.map, layers=None, layer_numbers=())
    opened.session._show_inspection(replace(found, map=single))
    assert not opened.heat.layer.isEnabled()
    assert "one layer" in opened.heat.layer.toolTip()

    opened.session._show_inspection(replace(found, map=None))
    assert opened.heat.source.text() == "No map was made this time."
