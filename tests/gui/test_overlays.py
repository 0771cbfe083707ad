"""What lies over a picture: measures, texts, flags, letters, the grid; and what names a patient."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import QImage

from inspector_app.domain.calibration import Calibration
from inspector_app.gui.canvas.corners import flag_lines, patient_lines, study_lines, view_lines
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.viewing import Manner
from tests.gui.slices import drag

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
