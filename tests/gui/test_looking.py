"""Looking: windows, turns, tools, stacks, comparing."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt

from inspector_app.gui.canvas.hands import Deed, Hands, Roll, Tool
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.viewing import PRESETS
from inspector_app.imaging.windowing import window_to_uint8
from tests.gui.slices import MIDDLE, RIGHT, drag, lights, roll

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_preset_shows_the_standards_grey_and_leaves_the_frame_alone(scan):
    before = scan.session.picture.frame.pixels.copy()
    values = scan.session.picture.frame.values

    scan.actions_by_name["window_2"].trigger()

    meant = window_to_uint8(values, center=-600, width=1500)
    for got, y in zip(lights(scan), (20, 80, 140), strict=True):
        assert abs(got - int(meant[y, 100])) <= 3
    assert np.array_equal(scan.session.picture.frame.pixels, before)
    assert scan.canvas.viewing.window.name == PRESETS[1][0]


def test_the_window_is_dragged_and_up_can_be_turned_about(scan):
    view, viewing = scan.canvas.view, scan.canvas.viewing
    assert view.tool == Tool.WINDOW

    drag(view, (200, 200), (260, 230))
    dragged = viewing.window

    assert dragged.width > 400
    assert dragged.center > 40
    viewing.reset()
    scan.session.change_settings(replace(scan.session.settings, window_drag_up=True))
    drag(view, (200, 200), (260, 230))
    assert viewing.window.center < 40
    assert scan.session.picture.provenance.window.center == 40


def test_the_files_windows_come_one_after_the_other(scan):
    viewing = scan.canvas.viewing
    viewing.preset(3)

    seen = []
    for _ in range(3):
        viewing.from_file()
        seen.append(viewing.window.name)

    assert seen == ["file", "LUNG", "file"]


def test_automatic_and_full_windows_follow_the_values(scan):
    viewing = scan.canvas.viewing

    viewing.automatic()
    assert viewing.window.width == pytest.approx(1960, rel=0.02)
    viewing.full()
    assert (viewing.window.center, viewing.window.width) == (0, 2000)


def test_inverting_turns_light_to_dark_and_says_so(scan):
    before = lights(scan)

    scan.actions_by_name["invert"].trigger()

    for was, now in zip(before, lights(scan), strict=True):
        assert abs(was + now - 255) <= 3
    assert "INVERTED" in scan.canvas.corners.flags.text()


def test_an_ordinary_picture_is_moved_by_the_left_button(opened):
    view = opened.canvas.view
    assert view.tool == Tool.HAND
    view.zoom(3)
    before = view.center

    drag(view, (200, 200), (240, 170))

    moved = (before - view.center) * view.scale_now
    assert moved.x() == pytest.approx(40, abs=2)
    assert moved.y() == pytest.approx(-30, abs=2)


def test_the_middle_button_moves_and_the_right_one_zooms(scan):
    view = scan.canvas.view
    view.zoom(3)
    before, scale = view.center, view.scale_now

    drag(view, (200, 200), (240, 170), button=MIDDLE)
    assert view.center.x() < before.x()
    assert view.scale_now == scale

    held = view.scene_point(QPointF(200, 200))
    drag(view, (200, 200), (200, 150), button=RIGHT)
    assert view.scale_now > scale
    assert (view.scene_point(QPointF(200, 200)) - held).manhattanLength() < 2


def test_a_right_click_opens_the_menu_and_a_right_drag_does_not(scan, qtbot):
    view = scan.canvas.view
    asked = []
    view.menu_wanted.disconnect(scan.canvas._show_menu)
    view.menu_wanted.connect(asked.append)

    drag(view, (200, 200), (200, 150), button=RIGHT)
    assert asked == []
    drag(view, (200, 200), (200, 200), button=RIGHT)
    assert len(asked) == 1


def test_buttons_can_be_given_other_deeds(scan):
    settings = scan.session.settings
    hands = Hands(left=Deed.ZOOM, right=Deed.TOOL, wheel=Roll.NEXT)
    scan.session.change_settings(replace(settings, mouse=hands.as_stored()))
    view = scan.canvas.view
    scale = view.scale_now

    drag(view, (200, 200), (200, 150))
    assert view.scale_now > scale
    drag(view, (200, 200), (260, 200), button=RIGHT)
    assert scan.canvas.viewing.window.width > 400


def test_without_a_button_for_the_tool_the_usual_ones_hold():
    assert Hands.of({"left": "pan", "nonsense": "x", "wheel": "bad"}) == Hands()
    assert Hands.of({"left": "pan", "right": "tool"}).right == Deed.TOOL
    assert Hands.of(dict(Hands(wheel=Roll.ZOOM).as_stored())) == Hands(wheel=Roll.ZOOM)
    assert not Hands(left=Deed.PAN).has_tool


def test_turning_moves_the_letters_and_shows_a_badge_and_reset_takes_it_back(scan):
    letters = scan.canvas.corners.letters
    assert [letters[side].text() for side in ("left", "right", "top", "bottom")] == list("RLAP")

    scan.actions_by_name["rotate_right"].trigger()
    assert letters["top"].text() == "R"
    assert "ROTATED 90°" in scan.canvas.corners.flags.text()
    scan.actions_by_name["flip"].trigger()
    assert "FLIPPED" in scan.canvas.corners.flags.text()

    scan.actions_by_name["reset_view"].trigger()
    assert letters["left"].text() == "R"
    assert "FLIPPED" not in scan.canvas.corners.flags.text()
    assert scan.canvas.view.turn == Turn()


def test_a_box_drawn_on_a_turned_picture_lies_in_the_frames_own_pixels(scan, qtbot):
    view = scan.canvas.view
    scan.actions_by_name["rotate_left"].trigger()
    scan.actions_by_name["flip"].trigger()
    ends = [view.viewportTransform().map(QPointF(*point)) for point in ((40, 30), (90, 110))]
    scan.actions_by_name["draw"].trigger()

    drag(view, *(place.toTuple() for place in ends))

    qtbot.waitUntil(lambda: len(scan.session.rois) == 1)
    (region,) = scan.session.rois
    for side, meant in zip(region.box, (40, 30, 90, 110), strict=True):
        assert abs(side - meant) <= 1


def test_the_wheel_leafs_through_a_stack_and_zooms_elsewhere(stage, qtbot):
    names_ = [str(stage.folder / name) for name in ("a.png", "b.png", "c.png")]
    paths = tuple(f"{names_[0]}#{number}" for number in (1, 2, 3))
    for number in (2, 3):
        # The scripted worker reads any file: these stand for pages of the first.
        Image.open(names_[number - 1]).save(f"{names_[0]}#{number}", format="PNG")
    stage.script.pages[names_[0]] = paths
    window = stage.open("a.png")
    view = window.canvas.view
    qtbot.waitUntil(lambda: view.has_stack)
    scale = view.scale_now

    roll(view, -1)
    qtbot.waitUntil(lambda: window.session.picture.locator == paths[1])
    assert view.scale_now == scale
    roll(view, 1, held=Qt.KeyboardModifier.ControlModifier)
    assert view.scale_now > scale


def test_a_wheel_on_a_single_picture_zooms_at_the_cursor(opened):
    view = opened.canvas.view
    before = view.scene_point(QPointF(200, 150))
    scale = view.scale_now

    roll(view, 2)

    assert view.scale_now > scale
    assert (view.scene_point(QPointF(200, 150)) - before).manhattanLength() < 3


def test_shift_and_wheel_goes_to_the_next_picture(opened, qtbot):
    roll(opened.canvas.view, -1, held=Qt.KeyboardModifier.ShiftModifier)

    qtbot.waitUntil(lambda: opened.session.picture.locator.endswith("b.png"))


def test_a_picture_is_shown_again_as_it_was_left(opened, qtbot):
    view, session = opened.canvas.view, opened.session
    first = session.locator
    view.look(QPointF(100, 60), 5.0)
    opened.actions_by_name["rotate_right"].trigger()
    left = view.center

    session.go(1)
    qtbot.waitUntil(lambda: session.picture.locator != first)
    assert view.is_fitted
    assert view.turn == Turn()
    session.go(-1)
    qtbot.waitUntil(lambda: session.picture.locator == first)

    assert view.turn == Turn(1)
    assert view.scale_now == pytest.approx(5.0)
    assert (view.center - left).manhattanLength() < 1


def test_compared_pictures_move_turn_and_are_windowed_together(scan):
    canvas = scan.canvas
    scan.actions_by_name["compare"].trigger()
    beside = canvas.beside
    assert beside.isVisible()

    canvas.view.look(QPointF(60, 70), 6.0)
    assert beside.view.scale_now == pytest.approx(6.0)
    assert (beside.view.center - canvas.view.center).manhattanLength() < 1
    beside.view.pan(30, 20)
    assert (beside.view.center - canvas.view.center).manhattanLength() < 1
    scan.actions_by_name["flip"].trigger()
    assert beside.view.turn.is_flipped
    canvas.viewing.preset(1)
    assert beside._tone.window.name == PRESETS[1][0]

    scan.actions_by_name["link"].trigger()
    canvas.view.look(QPointF(100, 100), 3.0)
    assert beside.view.scale_now == pytest.approx(6.0)
    scan.actions_by_name["compare"].trigger()
    assert not beside.isVisible()
