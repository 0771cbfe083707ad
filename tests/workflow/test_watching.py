"""Watching a camera: freshness, loss, coming back; on the test's own clock."""

import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.errors import UnreadablePicture, WrongUse
from inspector_app.domain.live import STALE_S, Arrival, Liveness, Shot
from inspector_app.workflow.open import open_picture
from inspector_app.workflow.watching import (
    FIRST_RETRY_S,
    LAST_RETRY_S,
    camera_for,
    fresh_shot,
    keep_shot,
    snapshot,
)
from tests.fakes.camera import FakeCamera, Staged, grey

GONE = UnreadablePicture("The camera is gone.", hint="Plug it in.")


@pytest.fixture
def stage(request):
    staged = Staged(FakeCamera(is_steady=getattr(request, "param", True)))
    yield staged
    staged.end()


def test_a_camera_is_connecting_until_its_first_picture(stage):
    stage.camera.feed(None)

    assert stage.watch.live().state is Liveness.CONNECTING
    assert stage.watch.newest() is None


def test_the_newest_picture_wins(stage):
    stage.camera.feed(grey(1), grey(2), grey(3))

    shot = stage.watch.newest()

    assert shot.number == 3
    assert (shot.pixels == 3).all()
    assert not shot.pixels.flags.writeable


def test_a_picture_is_fresh_up_to_the_limit_and_stale_behind_it(stage):
    stage.camera.feed(grey(1))

    stage.now += STALE_S
    assert stage.watch.live().state is Liveness.LIVE
    stage.now += 0.001
    live = stage.watch.live()

    assert live.state is Liveness.STALE
    assert live.age_s == pytest.approx(STALE_S + 0.001)
    assert STALE_S < 1.0


def test_a_stale_picture_is_refused_although_the_cameras_thread_hangs(stage):
    stage.camera.feed(grey(1))
    assert fresh_shot(stage.watch).number == 1

    stage.now += 2.0

    with pytest.raises(UnreadablePicture, match=r"2\.0 s old and was not inspected"):
        fresh_shot(stage.watch)


def test_nothing_is_judged_before_the_first_picture(stage):
    with pytest.raises(UnreadablePicture, match="no picture yet"):
        fresh_shot(stage.watch)


def test_a_picture_that_waited_on_its_way_is_as_old_as_it_is(stage):
    stage.camera.feed(grey(1, late_s=5.0))

    assert stage.watch.live().state is Liveness.STALE
    assert stage.watch.live().age_s == pytest.approx(5.0)


def test_a_lost_camera_says_what_happened_and_when_it_is_tried_again(stage):
    stage.camera.feed(grey(1))
    stage.camera.give(GONE)
    delay = stage.lost()

    live = stage.watch.live()

    assert live.state is Liveness.WAITING
    assert (live.text, live.hint) == ("The camera is gone.", "Plug it in.")
    assert live.retry_s == pytest.approx(delay)
    assert stage.camera.closed == 1
    with pytest.raises(UnreadablePicture, match="not inspected"):
        fresh_shot(stage.watch)


def test_waits_double_up_to_the_longest_and_begin_anew_after_a_picture(stage):
    stage.camera.refusal = GONE
    stage.camera.give(GONE)
    delays = []
    for _ in range(7):
        delays.append(stage.lost())
        stage.go.release()
    last = stage.lost()
    stage.camera.refusal = None
    stage.go.release()
    stage.camera.feed(grey(1))
    assert stage.watch.live().state is Liveness.LIVE
    stage.camera.give(GONE)

    assert delays == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    assert last == LAST_RETRY_S
    assert stage.lost() == FIRST_RETRY_S


def test_many_programs_do_not_knock_at_the_same_moment():
    early, late = Staged(FakeCamera(), chance=0.0), Staged(FakeCamera(), chance=1.0)
    for staged in (early, late):
        staged.camera.give(GONE)

    waits = early.lost(), late.lost()

    assert waits == (0.75 * FIRST_RETRY_S, FIRST_RETRY_S)
    early.end()
    late.end()


def test_an_old_picture_stays_stale_after_connecting_again_until_a_new_one_comes(stage):
    stage.camera.feed(grey(1))
    stage.camera.give(GONE)
    stage.lost()
    stage.now += 3
    stage.go.release()
    stage.camera.feed(None)
    assert stage.watch.live().state is Liveness.STALE

    stage.camera.feed(grey(2))

    assert stage.watch.live().state is Liveness.LIVE
    assert stage.watch.newest().number == 2


def test_a_young_picture_from_before_a_loss_is_not_live(stage):
    stage.camera.feed(grey(1))
    stage.camera.give(GONE)
    stage.lost()
    stage.now += 0.3
    stage.go.release()

    stage.camera.feed(None)

    assert stage.watch.live().state is Liveness.CONNECTING
    with pytest.raises(UnreadablePicture, match="not inspected"):
        fresh_shot(stage.watch)


def test_a_driver_that_fails_in_its_own_way_is_a_lost_camera(stage):
    stage.camera.give(RuntimeError("select() at rtsp://user:secret@host/1"))
    stage.lost()

    live = stage.watch.live()

    assert live.state is Liveness.WAITING
    assert "secret" not in live.text
    assert "select()" in live.text


def test_the_password_is_never_shown(stage):
    stage.camera.feed(grey(1))

    assert stage.watch.address == "rtsp://host/1"
    assert stage.watch.newest().address == "rtsp://host/1"


def test_pictures_a_second_are_counted_over_the_last_ones(stage):
    for _ in range(10):
        stage.now += 0.04
        stage.camera.feed(grey(1))

    assert stage.watch.live().fps == pytest.approx(25.0)


def test_a_closed_watch_is_not_live(stage):
    stage.camera.feed(grey(1))

    stage.watch.close()

    assert stage.watch.live().state is Liveness.CLOSED
    assert not stage.watch.live().is_live


@pytest.mark.parametrize("stage", [False], indirect=True)
def test_a_folders_last_picture_holds_as_long_as_the_folder_is_looked_at(stage, tmp_path):
    Image.new("RGB", (8, 6), (1, 2, 3)).save(tmp_path / "part.png")
    stage.camera.feed(Arrival(path=str(tmp_path / "part.png"), missed=2))
    stage.now += 3600
    stage.camera.feed(None)

    live, shot = stage.watch.live(), stage.watch.newest()

    assert live.state is Liveness.LIVE
    assert live.missed == 2
    assert shot.path == str(tmp_path / "part.png")
    assert (shot.pixels == (1, 2, 3)).all()
    stage.now += 2
    assert stage.watch.live().state is Liveness.STALE


@pytest.mark.parametrize("stage", [False], indirect=True)
def test_a_file_that_is_no_picture_is_told_and_the_next_one_is_shown(stage, tmp_path):
    (tmp_path / "a.txt").write_text("no picture")
    Image.new("RGB", (8, 6)).save(tmp_path / "b.png")
    stage.camera.feed(Arrival(path=str(tmp_path / "a.txt")))
    told = stage.watch.live()
    stage.camera.feed(Arrival(path=str(tmp_path / "b.png")))

    assert told.text.startswith("a.txt is not a picture")
    assert told.state is Liveness.LIVE
    assert stage.watch.live().text == ""
    assert stage.watch.newest().number == 1


def test_a_kept_picture_is_the_picture(tmp_path):
    pixels = np.random.default_rng(2).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    shot = Shot(7, 1.0, "2026-11-21T05:00:00.123+00:00", "rtsp://h/1", pixels)

    path = keep_shot(shot, tmp_path / "照片")

    assert path.endswith("rtsp-h-1-20261121T050000-123-7.png")
    assert (open_picture(path).pixels == pixels).all()


def test_a_picture_that_came_as_a_file_is_not_copied(tmp_path):
    shot = Shot(7, 1.0, "", "folder:/in", np.zeros((6, 8, 3), np.uint8), "/in/part.dcm")

    assert keep_shot(shot, tmp_path) == "/in/part.dcm"
    assert not list(tmp_path.iterdir())


def test_what_is_no_address_of_a_camera_is_refused_without_its_password():
    with pytest.raises(WrongUse) as caught:
        camera_for("gopher://me:secret@host/")

    assert "secret" not in caught.value.sentence()
    assert "usb:0" in caught.value.hint


def test_one_picture_of_a_camera_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UnreadablePicture, match="is not plugged in"):
        snapshot("usb:97", tmp_path)
