"""Looking: windows, turns, tools, texts, stacks, comparing, and the keys to all of it."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.frame import Frame, Provenance, Window
from inspector_app.domain.scan import Edges, Scan
from inspector_app.gui.bindings import BARE, bindings, clash, names, stored, usual
from inspector_app.gui.canvas.corners import flag_lines, patient_lines, study_lines, view_lines
from inspector_app.gui.canvas.hands import Deed, Hands, Roll, Tool
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.dialogs.keys import KeysDialog
from inspector_app.gui.picture import Picture, Pyramid
from inspector_app.gui.viewing import PRESETS, Manner
from inspector_app.imaging.windowing import grey_to_rgb, window_to_uint8
from tests.gui.person import sharp

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
SCAN = Scan(
    patient="ZZTEST Wang",
    patient_id="4711",
    birth_date="19610203",
    sex="F",
    age="063Y",
    institution="General Hospital",
    study_date="20240229",
    modality="CT",
    slice_mm=-12.5,
    edges=Edges(left="R", right="L", top="A", bottom="P"),
    needs_laterality=True,
    is_lossy=True,
    lossy_ratio=12.0,
    is_derived=True,
    has_burned_in=True,
)


@pytest.fixture
def scan(opened, qtbot):
    """The window on a CT slice of 200 x 160 values from -1000 to 1000."""
    values = np.linspace(-1000, 1000, 200 * 160).reshape(160, 200).astype(np.int16)
    shown = Window(40, 400, "file", "LINEAR")
    others = (shown, Window(-600, 1500, "LUNG", "LINEAR"))
    frame = Frame(
        grey_to_rgb(window_to_uint8(values, center=40, width=400)),
        Provenance("ct.dcm", "c" * 64, "DICOM", window=shown),
        values=values,
        mm_per_pixel=(0.5, 0.5),
        calibration="pixel spacing",
        windows=others,
        unit="HU",
        scan=SCAN,
    )
    show(opened, frame)
    opened.activateWindow()
    opened.canvas.view.setFocus()
    return opened


def show(window, frame, locator="ct.dcm"):
    """Put a Frame on the canvas as the desk would."""
    pyramid = Pyramid(frame.pixels, values=frame.values, is_inverted=frame.is_inverted)
    window.session.locator = locator
    window.session._show(Picture(locator, frame.provenance, pyramid, frame))


def drag(view, start, end, *, button=LEFT, steps=5):
    """Press, move and release as a hand does."""
    port = view.viewport()

    def tell(kind, place, pressed, buttons):
        at = QPointF(place)
        event = QMouseEvent(
            kind, at, QPointF(port.mapToGlobal(at)), pressed, buttons, Qt.KeyboardModifier(0)
        )
        QApplication.sendEvent(port, event)

    a, b = QPointF(*start), QPointF(*end)
    tell(QEvent.Type.MouseButtonPress, a, button, button)
    for step in range(1, steps + 1):
        at = a + (b - a) * step / steps
        tell(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, button)
    tell(QEvent.Type.MouseButtonRelease, b, button, Qt.MouseButton.NoButton)


def roll(view, notches, *, held=Qt.KeyboardModifier.NoModifier):
    """Turn the wheel, up is positive."""
    at = QPointF(200, 150)
    event = QWheelEvent(
        at,
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def lights(window):
    """Grey values that the canvas shows at three picture points."""
    view = window.canvas.view
    image = sharp(window)
    places = [view.place_of(QPointF(100, y)) for y in (20, 80, 140)]
    return [image.pixelColor(place).red() for place in places]


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


@pytest.mark.parametrize(("name", "count"), [("length", 2), ("size", 4), ("angle", 3)])
def test_a_measurement_is_drawn_dragged_and_kept_with_its_picture(scan, name, count, qtbot):
    view, book = scan.canvas.view, scan.session.book
    scan.actions_by_name[name].trigger()

    drag(view, (150, 150), (250, 200))

    qtbot.waitUntil(lambda: len(book.marks.measures) == 1)
    (measure,) = book.marks.measures
    assert len(measure.points) == count
    assert scan.canvas.measures.items[0].words.endswith("°" if name == "angle" else " mm")
    end = view.viewportTransform().map(QPointF(*measure.points[0]))
    drag(view, end.toTuple(), (end.x() - 30, end.y() + 10))
    qtbot.waitUntil(lambda: book.marks.measures != (measure,))
    (after,) = book.marks.measures
    assert after.points[0] != measure.points[0]
    # Another picture has none; coming back brings it again.
    scan.session.go_to(scan.session.worklist.locators[0])
    qtbot.waitUntil(lambda: scan.session.picture.locator != "ct.dcm")
    assert book.marks.measures == ()
    assert scan.canvas.measures.items == []


def test_a_calibration_by_the_user_turns_pixels_into_millimetres(opened, stage, qtbot):
    view, viewing = opened.canvas.view, opened.canvas.viewing
    opened.actions_by_name["length"].trigger()
    drag(view, (150, 150), (250, 150))
    qtbot.waitUntil(lambda: bool(opened.session.book.marks.measures))
    item = opened.canvas.measures.items[0]
    assert item.words.endswith(" px")

    opened.looking.ask_for_length()
    opened.looking.dialog.length.setValue(20.0)
    opened.looking.dialog.accept()

    assert item.words == "20.0 mm"
    assert "user" in viewing.calibration.name
    assert opened.canvas.ruler.words.endswith(" mm")
    key = opened.session.picture.provenance.sha256
    qtbot.waitUntil(lambda: key in stage.script.calibrations)
    assert stage.script.calibrations[key] == viewing.calibration
    opened.actions_by_name["uncalibrate"].trigger()
    qtbot.waitUntil(lambda: stage.script.calibrations[key] is None)
    assert item.words.endswith(" px")


def test_what_the_user_said_of_a_picture_before_holds_again(opened, stage, qtbot):
    session = opened.session
    first = session.picture.provenance.sha256
    session.go(1)
    qtbot.waitUntil(lambda: session.picture.provenance.sha256 != first)
    stage.script.calibrations[first] = Calibration((0.25, 0.25), "user, 5 mm over 20 px")

    session.go(-1)

    qtbot.waitUntil(lambda: opened.canvas.viewing.is_calibrated_by_hand)
    assert opened.canvas.viewing.calibration.mm_per_pixel == (0.25, 0.25)


def test_flags_name_what_may_never_be_overlooked(scan):
    lines = flag_lines(scan.canvas._sight())

    assert "laterality unknown" in lines
    assert "lossy compressed 12:1" in lines
    assert "derived picture" in lines
    assert "texts burned into the picture" in lines


def test_another_window_than_the_models_is_said(scan):
    assert not any("the model is shown" in line for line in flag_lines(scan.canvas._sight()))

    scan.actions_by_name["window_4"].trigger()

    assert "the model is shown W 400 L 40" in flag_lines(scan.canvas._sight())


def test_what_the_model_saw_is_shown_pixel_by_pixel(opened, qtbot):
    opened.session.set_question("Is there a crack?")
    opened.session.ask()
    qtbot.waitUntil(lambda: opened.session.inspection is not None)
    opened.actions_by_name["views"].trigger()
    dialog = opened._dialogs["views"]
    dialog.list.setCurrentRow(1)
    given = opened.session.inspection.views[1].pixels

    image = dialog.sheet.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)

    packed = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shown = packed[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    left = (dialog.sheet.width() - given.shape[1]) // 2
    top = (dialog.sheet.height() - given.shape[0]) // 2
    assert np.array_equal(shown[top:, left:][: given.shape[0], : given.shape[1]], given)
    assert "neither enlarged nor reduced" in dialog.words.text()
    dialog.exact.setChecked(False)
    assert dialog.sheet.minimumWidth() == 240


def test_hiding_the_patient_leaves_nothing_that_names_them(scan):
    shown = scan.canvas._sight()
    assert "ZZTEST Wang" in patient_lines(shown)
    assert "1961-02-03, F, 63 Y" in patient_lines(shown)

    scan.actions_by_name["patient"].trigger()

    texts = "\n".join(label.text() for label in scan.canvas.corners._all)
    for secret in ("ZZTEST", "4711", "1961", "General Hospital", "2024", "ct.dcm", "63 Y"):
        assert secret not in texts
    assert "CT" in study_lines(scan.canvas._sight())
    assert "slice at -12.5 mm" in view_lines(scan.canvas._sight())
    assert scan.session.settings.hide_patient


@pytest.mark.parametrize("width", [200, 338, 900])
def test_in_a_view_of_any_width_no_text_reaches_out_of_it_or_over_a_letter(scan, width):
    corners, room = scan.canvas.corners, QSize(width, 700)
    sight = replace(scan.canvas._sight(), manner=Manner(turn=Turn(is_flipped=True)))

    corners.show_sight(sight, has_texts=True)
    corners.place(room, gap=10)

    shown = [label.geometry() for label in corners._all if label.isVisible()]
    assert all(QRect(QPoint(0, 0), room).contains(box) for box in shown)
    letters = [corners.letters[name].geometry() for name in ("top", "bottom")]
    texts = [corners.patient, corners.study, corners.view, corners.machine]
    boxes = [text.geometry() for text in texts if text.isVisible()]
    assert not any(letter.intersects(box) for letter in letters for box in boxes)


def test_without_corner_texts_flags_and_letters_stay(scan):
    scan.actions_by_name["texts"].trigger()

    assert not scan.canvas.corners.patient.isVisible()
    assert scan.canvas.corners.flags.isVisible()
    assert scan.canvas.corners.letters["left"].isVisible()
    scan.canvas.hold_bare(True)
    assert not scan.canvas.corners.flags.isVisible()
    scan.canvas.hold_bare(False)
    assert scan.canvas.corners.flags.isVisible()


def test_the_pixel_grid_and_its_values_come_with_the_zoom(scan):
    view = scan.canvas.view
    view.look(QPointF(100, 80), 11)
    far = view.viewport().grab().toImage()
    view.look(QPointF(100, 80), 50)
    near = view.viewport().grab().toImage()

    # On a ramp of one grey a row, an image without grid and texts has few greys.
    def greys(image):
        middle = image.copy(100, 100, 200, 200)
        return {middle.pixel(x, y) for x in range(200) for y in range(0, 200, 3)}

    assert len(greys(far)) < 60
    assert len(greys(near)) > len(greys(far))


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
