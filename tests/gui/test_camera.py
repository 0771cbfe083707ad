"""The window with a camera: live, frozen, stale, lost, inspected, one after the other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt

from inspector_app import app
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.live import FoundCamera, Live, Liveness, Shot
from inspector_app.domain.messages import Inspect
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.dialogs.camera import CameraDialog
from inspector_app.gui.eye import Cameras
from inspector_app.gui.facts import Kind
from inspector_app.gui.live_session import Mode
from inspector_app.gui.operating import Phase
from inspector_app.gui.operator_room import OperatorRoom
from inspector_app.workflow.watching import perform
from tests.fakes.perform import answer
from tests.fakes.streams import MjpegServer

# Drawn into memory, a window has no frame that could be told its smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Watched:
    """A camera whose mailbox the test fills."""

    def __init__(self, address):
        self.address = address
        self.shot = None
        self.now = Live(Liveness.CONNECTING)
        self.is_closed = False

    def newest(self):
        return self.shot

    def live(self):
        return self.now

    def close(self, **_patience):
        self.is_closed = True
        return True

    def give(self, number, *, path=""):
        """A new picture, fresh."""
        pixels = np.full((48, 64, 3), number * 10 % 256, np.uint8)
        when = f"2026-11-21T05:00:{number % 60:02d}.000+00:00"
        self.shot = Shot(number, 0.0, when, self.address, pixels, path)
        self.now = Live(Liveness.LIVE, 0.02, 25.0)

    def go_stale(self):
        self.now = Live(Liveness.STALE, 3.2)


@pytest.fixture
def camera(stage, qtbot):
    """(window, session, the watched camera), live on the screen."""
    watched = []

    def watch(address):
        watched.append(Watched(address))
        return watched[-1]

    parts = replace(stage.parts(), cameras=Cameras(watch, perform))
    window = app.open_window(parts)
    stage.windows.append(window)
    qtbot.waitUntil(lambda: window.session.model is not None)
    window.session.set_question("Is there a crack?")
    window.session.open_camera("rtsp://host/1")
    watched[0].give(1)
    qtbot.waitUntil(lambda: page_of(window).picture.shot is not None)
    return window, window.session, watched[0]


def page_of(window):
    return window.stack.currentWidget()


def inspected(stage):
    return [request for request in stage.script.asked if isinstance(request, Inspect)]


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


def test_every_picture_is_judged_while_the_model_is_free(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)
    stage.script.whole = stage.script.zoomed = answer("no")

    with qtbot.waitSignal(session.judged) as first:
        session.set_mode(Mode.EVERY)
        watched.give(2)
    with qtbot.waitSignal(session.judged) as second:
        watched.give(9)
    session.set_mode(Mode.HAND)

    assert first.args[0].shot.number == 2
    assert second.args[0].shot.number == 9
    assert second.args[0].outcome == "PASS"
    assert page.strip.outcomes[:2] == ("PASS", "PASS")
    assert page.word.text() == "PASS"
    assert session.is_live_shown


def test_a_stale_picture_is_never_judged_in_turn(camera, stage, qtbot):
    _window, session, watched = camera
    session.set_mode(Mode.EVERY)
    watched.give(2)
    with qtbot.waitSignal(session.judged):
        pass
    before = len(inspected(stage))

    shot = watched.shot
    watched.give(3)
    watched.go_stale()
    with qtbot.waitSignal(session.eye.shot_changed):
        pass

    assert shot.number == 2
    assert len(inspected(stage)) == before


def test_an_old_pass_never_stands_over_a_line_that_nobody_sees(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)
    stage.script.whole = stage.script.zoomed = answer("no")
    session.set_mode(Mode.EVERY)
    watched.give(2)
    qtbot.waitUntil(lambda: page.word.text() == "PASS")

    watched.go_stale()
    qtbot.waitUntil(lambda: page.word.text() == "CHECK")

    assert page.words.text() == "There is no live picture to judge."


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


def test_the_same_picture_is_not_judged_twice(camera, stage, qtbot):
    _window, session, watched = camera
    session.set_mode(Mode.EVERY)
    watched.give(2)
    with qtbot.waitSignal(session.judged):
        pass

    with qtbot.waitSignal(session.eye.live_changed):
        watched.now = replace(watched.now, missed=1)

    assert len(inspected(stage)) == 1


def test_a_trigger_judges_the_picture_of_its_moment(camera, stage, qtbot):
    window, session, watched = camera
    page = page_of(window)
    session.set_mode(Mode.TRIGGER)
    watched.give(2)
    qtbot.waitUntil(lambda: page.picture.shot is watched.shot)
    assert not inspected(stage)

    with qtbot.waitSignal(session.judged) as judged:
        qtbot.keyClick(page, Qt.Key.Key_T)

    assert judged.args[0].shot.number == 2


def test_triggers_that_nobody_could_follow_are_counted(camera, stage, qtbot):
    window, session, _watched = camera
    session.set_mode(Mode.TRIGGER)
    stage.script.hold.clear()
    session.trigger()
    session.trigger()
    session.trigger()

    assert session.missed == 2
    assert page_of(window).missed.text() == "2 missed"
    with qtbot.waitSignal(session.judged):
        stage.script.hold.set()


def test_a_trigger_on_a_stale_picture_is_missed_and_told(camera, stage, qtbot):
    window, session, watched = camera
    session.set_mode(Mode.TRIGGER)
    watched.go_stale()

    session.trigger()

    assert session.missed == 1
    assert "3.2 s old" in window.notices.cards[-1].notice.text
    assert not inspected(stage)


def test_trouble_is_check_and_stops_the_line(camera, stage, qtbot):
    window, session, watched = camera
    stage.script.error = UnreadablePicture("The disk is full.", hint="Make room.")

    with qtbot.waitSignal(session.judged) as judged:
        session.set_mode(Mode.EVERY)
        watched.give(2)

    assert judged.args[0].outcome == "CHECK"
    assert session.mode is Mode.HAND
    assert window.notices.cards[-1].notice.kind == Kind.TROUBLE


def test_stopping_stops_the_line(camera, stage, qtbot):
    _window, session, watched = camera
    stage.script.hold.clear()
    session.set_mode(Mode.EVERY)
    watched.give(2)
    qtbot.waitUntil(lambda: session.asking.is_running)

    with qtbot.waitSignal(session.judged) as judged:
        session.stop()

    assert judged.args[0].outcome == "CHECK"
    assert session.mode is Mode.HAND


def test_without_a_question_the_line_does_not_start(camera):
    window, session, _watched = camera
    session.set_question(" ")

    session.set_mode(Mode.EVERY)

    assert session.mode is Mode.HAND
    assert page_of(window).mode.currentData() == Mode.HAND
    assert window.notices.cards[-1].notice.text == "The question is empty."


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
    qtbot.waitUntil(lambda: "Live" in page.state.text(), timeout=30_000)
    server.cut()
    qtbot.waitUntil(lambda: "Lost" in page.state.text(), timeout=30_000)
    seen = page.picture.shot.number
    with MjpegServer(port=server.port):
        qtbot.waitUntil(lambda: "Live" in page.state.text(), timeout=30_000)
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


def test_an_operators_parts_are_judged_on_the_trigger_and_one_too_soon_is_counted(
    camera, stage, qtbot
):
    window, _session, _watched = camera
    room = window.findChild(OperatorRoom)
    window.actions_by_name["operator"].trigger()
    room.dialog.name.setText("Li")
    room.dialog.accept()
    qtbot.addWidget(room.page)
    stage.script.hold.clear()

    room.page.next.click()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.BUSY)
    room.page.next.click()
    stage.script.hold.set()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)

    assert "missed: 1" in room.page.message.text()
    assert len(room.operating.shift.parts) == 1
    assert not room.operating.image_of(room.operating.last).isNull()
    assert "operator Li" in inspected(stage)[0].notes
    stage.script.error = UnreadablePicture("The disk is full.", hint="Make room.")
    room.page.next.click()
    qtbot.waitUntil(lambda: len(room.operating.shift.parts) == 2)
    assert room.operating.last.final is Outcome.CHECK
    stage.script.error = None
    room.page.next.click()
    qtbot.waitUntil(lambda: len(room.operating.shift.parts) == 3)
    room.page.close()
