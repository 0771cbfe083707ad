"""The window with a camera: live, frozen, stale, lost, inspected, one after the other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt

from inspector_app import app
from inspector_app.domain.live import FoundCamera, Live, Liveness
from inspector_app.gui.dialogs.camera import CameraDialog
from inspector_app.gui.eye import Cameras
from inspector_app.gui.live_session import Mode
from inspector_app.workflow.watching import perform
from tests.fakes.streams import MjpegServer
from tests.gui.watched import Watched, inspected, page_of

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_camera_stands_where_pictures_stand(camera):
    window, _session, watched = camera
    page = page_of(window)

    assert page.picture.shot is watched.shot
    assert "Live" in page.state.text()
    assert "25 pictures a second" in page.figures.text()
    assert page.address.text() == "rtsp://host/1"
    assert window.actions_by_name["close_camera"].isEnabled()


def test_a_stale_picture_says_so_and_cannot_be_inspected(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)

    watched.go_stale()
    qtbot.waitUntil(lambda: "Stale" in page.state.text())
    session.ask()

    assert not page.inspect.isEnabled()
    assert not page.freeze.isEnabled()
    assert "not inspected" in window.notices.cards[-1].notice.text
    assert not inspected(stage)


@pytest.mark.parametrize(
    ("address", "words"),
    [("folder:/parts", "the first new picture in the folder"), ("usb:0", "the first picture")],
)
def test_a_camera_that_gave_nothing_yet_says_what_it_waits_for(stage, qtbot, address, words):
    watched = Watched(address)
    watched.now = Live(Liveness.LIVE, 0.02)
    window = app.open_window(replace(stage.parts(), cameras=Cameras(lambda _to: watched, perform)))
    stage.windows.append(window)

    window.session.open_camera(address)
    page = page_of(window)
    qtbot.waitUntil(lambda: words in page.picture._words)

    watched.give(1)
    qtbot.waitUntil(lambda: page.picture._words == "")
    assert page.picture.shot is watched.shot


def test_a_lost_camera_says_what_happened_and_when_it_is_tried_again(camera, qtbot):
    window, _session, watched = camera
    page = page_of(window)

    watched.now = Live(
        Liveness.WAITING, 9.0, retry_s=2.3, text="The camera is gone.", hint="Plug it in."
    )
    qtbot.waitUntil(lambda: "Lost" in page.state.text())

    assert page.picture._words == "The camera is gone.\nPlug it in.\nReconnecting in 3 s"


def test_space_freezes_and_goes_on(camera, qtbot):
    window, session, watched = camera
    page = page_of(window)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    frozen = page.picture.shot
    watched.give(2)
    with qtbot.waitSignal(session.eye.live_changed):
        watched.now = replace(watched.now, missed=7)

    assert session.eye.is_frozen
    assert page.picture.shot is frozen
    assert "Frozen" in page.state.text()

    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.picture.shot is watched.shot)
    assert not session.eye.is_frozen


def test_a_frozen_picture_is_inspected_although_the_camera_went_away(camera, stage, qtbot):
    window, session, watched = camera
    session.switch_frozen()
    watched.go_stale()

    with qtbot.waitSignal(session.asking.finished):
        session.ask()

    (request,) = inspected(stage)
    with Image.open(request.locator) as kept:
        assert (np.array(kept) == 10).all()
    assert window.stack.currentWidget() is window.canvas
    assert session.picture.locator == request.locator


def test_enter_keeps_the_picture_and_asks_and_the_way_back_is_one_key(camera, stage, qtbot):
    window, session, watched = camera

    with qtbot.waitSignal(session.asking.finished):
        window.actions_by_name["inspect"].trigger()
    assert window.stack.currentWidget() is window.canvas
    assert Path(inspected(stage)[0].locator).name.startswith("rtsp-host-1-")

    window.actions_by_name["live"].trigger()
    watched.give(2)
    qtbot.waitUntil(lambda: page_of(window).picture.shot is watched.shot)
    assert session.is_live_shown
    assert session.picture is None
    assert "camera" in window.answers.empty.text()


def test_a_judged_picture_is_opened_by_a_click(camera, stage, qtbot):
    window, session, watched = camera
    strip = page_of(window).strip
    with qtbot.waitSignal(session.judged) as judged:
        session.set_mode(Mode.EVERY)
        watched.give(2)

    with qtbot.waitSignal(session.inspection_changed):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    qtbot.waitUntil(lambda: session.picture is not None)

    assert session.picture.locator == judged.args[0].path
    assert session.inspection is not None
    assert window.stack.currentWidget() is window.canvas


def test_files_of_a_watched_folder_are_inspected_where_they_lie(camera, stage, qtbot, tmp_path):
    _window, session, watched = camera
    path = tmp_path / "part.png"
    Image.new("RGB", (64, 48)).save(path)
    session.set_mode(Mode.EVERY)

    with qtbot.waitSignal(session.judged) as judged:
        watched.give(2, path=str(path))

    assert judged.args[0].path == str(path)
    assert inspected(stage)[-1].locator == str(path)


def test_opening_a_file_leaves_the_live_picture_and_stops_the_line(camera, stage, qtbot):
    window, session, _watched = camera
    session.set_mode(Mode.TRIGGER)

    session.open_paths([str(stage.folder / "a.png")])
    qtbot.waitUntil(lambda: session.picture is not None)

    assert window.stack.currentWidget() is window.canvas
    assert session.mode is Mode.HAND
    assert not session.is_live_shown


def test_closing_the_camera_gives_it_back(camera):
    window, _session, watched = camera

    window.actions_by_name["close_camera"].trigger()

    assert watched.is_closed
    assert window.stack.currentWidget() is window.welcome
    assert not window.actions_by_name["live"].isEnabled()


def test_the_address_of_a_camera_can_be_given_at_the_start(stage, qtbot):
    watched = []

    def watch(address):
        watched.append(Watched(address))
        return watched[-1]

    parts = replace(stage.parts(), cameras=Cameras(watch, perform))
    window = app.open_window(parts, ["rtsp://host/7"])
    stage.windows.append(window)

    assert watched[0].address == "rtsp://host/7"
    assert window.session.is_live_shown
    qtbot.waitUntil(lambda: window.session.model is not None)


def test_the_dialog_lists_devices_and_takes_addresses(qtbot):
    dialog = CameraDialog()
    qtbot.addWidget(dialog)
    open_button = dialog.buttons.buttons()[0]
    assert not open_button.isEnabled()

    dialog.show_devices([FoundCamera("usb:0", "HD Webcam")])
    assert dialog.address.text() == "usb:0"
    dialog.address.setText("no address")
    assert not open_button.isEnabled()
    dialog.address.setText(" rtsp://host/1 ")

    with qtbot.waitSignal(dialog.chosen) as chosen:
        open_button.click()
    assert chosen.args == ["rtsp://host/1"]


def test_a_real_stream_is_shown_lost_and_shown_again(stage, qtbot):
    window = stage.open()
    qtbot.waitUntil(lambda: window.session.model is not None)
    server = MjpegServer()
    window.session.open_camera(server.address)
    page = page_of(window)
    qtbot.waitUntil(lambda: "Live" in page.state.text())
    server.cut()
    qtbot.waitUntil(lambda: "Lost" in page.state.text())
    seen = page.picture.shot.number
    with MjpegServer(port=server.port):
        qtbot.waitUntil(lambda: "Live" in page.state.text())
        assert page.picture.shot.number > seen
        window.session.close_camera()


def red_at(page, point):
    """What the page shows at a point of the picture."""
    place = page.picture.place_of(QPointF(*point))
    return page.picture.viewport().grab().toImage().pixelColor(place).red()


def test_the_live_picture_is_zoomed_and_moved_like_any_other_and_stays_so(camera, qtbot):
    window, _session, watched = camera
    picture = page_of(window).picture
    assert picture.is_fitted

    window.actions_by_name["zoom_in"].trigger()
    picture.look(QPointF(16, 12), 12.0)
    qtbot.mousePress(picture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    picture.pan(-24, 0)
    qtbot.mouseRelease(picture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    place = picture.center
    watched.give(2)
    qtbot.waitUntil(lambda: picture.shot.number == 2)

    assert picture.scale_now == pytest.approx(12.0)
    assert (picture.center - place).manhattanLength() < 0.1
    assert red_at(page_of(window), place.toTuple()) == 20
    window.actions_by_name["fit"].trigger()
    assert picture.is_fitted


def test_a_picture_of_another_size_is_shown_whole(camera, qtbot):
    window, _session, watched = camera
    picture = page_of(window).picture
    picture.look(QPointF(16, 12), 12.0)

    watched.shot = replace(watched.shot, number=2, pixels=np.zeros((30, 200, 3), np.uint8))
    qtbot.waitUntil(lambda: picture.shot.number == 2)

    assert picture.is_fitted
    assert picture.picture_size == (200, 30)


def test_every_pixel_of_the_live_picture_stands_where_it_belongs(camera, qtbot):
    window, _session, watched = camera
    page = page_of(window)
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[20:24, 40:44] = 200
    watched.shot = replace(watched.shot, number=2, pixels=pixels)
    qtbot.waitUntil(lambda: page.picture.shot.number == 2)

    for center, scale in (((32, 24), 4.0), ((42, 22), 20.0), ((32, 24), 7.3)):
        page.picture.look(QPointF(*center), scale)
        assert red_at(page, (42.0, 22.0)) == 200
        assert red_at(page, (37.5, 22.0)) == 0
        assert red_at(page, (42.0, 26.5)) == 0


def test_the_keys_still_mean_the_camera_after_a_click_on_the_picture(camera, qtbot):
    window, session, _watched = camera
    page = page_of(window)
    window.activateWindow()
    page.setFocus()
    qtbot.mouseClick(page.picture.viewport(), Qt.MouseButton.LeftButton)

    qtbot.keyClick(page, Qt.Key.Key_Space)

    assert session.eye.is_frozen
