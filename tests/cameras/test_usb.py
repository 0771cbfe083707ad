"""USB cameras: the list that Linux keeps, refusals, and a device that a test plays."""

import sys

import numpy as np
import pytest

from inspector_app.cameras import usb
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.live import FoundCamera

BLUE_GREEN_RED = np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8)


class Device:
    """What a driver gives, one read after the other."""

    def __init__(self, *given):
        self.given = list(given)
        self.is_released = False

    def read(self):
        return self.given.pop(0)

    def release(self):
        self.is_released = True


def entry(folder, name, *, title, index="0"):
    (folder / name).mkdir()
    (folder / name / "name").write_text(title + "\n")
    (folder / name / "index").write_text(index + "\n")


def test_pictures_are_red_green_blue():
    stream = usb.UsbStream(Device((True, BLUE_GREEN_RED)), name="The camera 0")

    assert stream.read().pixels.tolist() == [[[3, 2, 1], [6, 5, 4]]]


@pytest.mark.parametrize("given", [(False, None), (True, None), (True, np.zeros((0, 0, 3)))])
def test_a_device_that_gives_nothing_more_is_one_sentence(given):
    stream = usb.UsbStream(Device((True, BLUE_GREEN_RED), given), name="The camera 0")
    stream.read()

    with pytest.raises(UnreadablePicture, match="The camera 0 gives no more pictures"):
        stream.read()


def test_the_device_is_given_back():
    device = Device()

    usb.UsbStream(device, name="").close()

    assert device.is_released


def test_cameras_are_listed_by_name_and_without_their_metadata_devices(tmp_path):
    entry(tmp_path, "video10", title="Line camera")
    entry(tmp_path, "video0", title="HD Webcam")
    entry(tmp_path, "video1", title="HD Webcam", index="1")
    entry(tmp_path, "v4l-touch0", title="Touch")

    assert usb.listed(tmp_path) == (
        FoundCamera("usb:0", "HD Webcam"),
        FoundCamera("usb:10", "Line camera"),
    )


def test_a_machine_without_cameras_lists_none(tmp_path):
    assert usb.listed(tmp_path / "none") == ()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="devices are files on Linux")
@pytest.mark.parametrize("address", ["usb:97", "usb:", "usb:/dev/null/x", "usb:/etc/passwd"])
def test_a_camera_that_is_not_plugged_in_says_so(address):
    with pytest.raises(UnreadablePicture, match="is not plugged in"):
        usb.open(address)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="devices are files on Linux")
def test_a_device_that_is_no_camera_is_refused(tmp_path):
    (tmp_path / "video-by-name").symlink_to("/dev/null")

    for address in ("usb:/dev/null", f"usb:{tmp_path / 'video-by-name'}"):
        with pytest.raises(UnreadablePicture, match="is not a camera"):
            usb.open(address)
