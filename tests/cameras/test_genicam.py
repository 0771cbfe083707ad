"""GenICam cameras: what is said without the package, and a camera that a test plays."""

import contextlib
import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest

from inspector_app.cameras import genicam
from inspector_app.domain.errors import UnreadablePicture

MISSING = importlib.util.find_spec("harvesters") is None


class Acquirer:
    """One camera of the harvesters package."""

    def __init__(self, *buffers):
        self.buffers = list(buffers)
        self.calls = []

    @contextlib.contextmanager
    def fetch(self, *, timeout):
        self.calls.append(timeout)
        if not self.buffers:
            raise RuntimeError("GC_ERR_TIMEOUT")
        data, width, height, name = self.buffers.pop(0)
        part = SimpleNamespace(data=data, width=width, height=height, data_format=name)
        yield SimpleNamespace(payload=SimpleNamespace(components=[part]))

    def stop(self):
        raise RuntimeError("the cable is gone")

    def destroy(self):
        self.calls.append("destroyed")


@pytest.mark.skipif(not MISSING, reason="the package is installed here")
def test_without_the_package_the_user_is_told_how_to_get_it():
    with pytest.raises(UnreadablePicture, match="optional package harvesters") as caught:
        genicam.open("genicam:0")

    assert "pip install" in caught.value.hint


def test_pictures_are_copied_out_of_the_drivers_memory():
    data = np.arange(12, dtype=np.uint8)
    acquirer = Acquirer((data, 4, 3, "Mono8"))
    stream = genicam.GenicamStream(SimpleNamespace(), acquirer, name="x")

    pixels = stream.read().pixels
    data[:] = 0

    assert pixels[:, :, 0].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert pixels.shape == (3, 4, 3)


def test_silence_is_one_sentence():
    stream = genicam.GenicamStream(SimpleNamespace(), Acquirer(), name="The camera 7")

    with pytest.raises(UnreadablePicture, match="The camera 7 has given no picture for 3 seconds"):
        stream.read()


def test_closing_a_camera_that_is_gone_still_gives_the_drivers_back():
    resets = []
    acquirer = Acquirer()
    stream = genicam.GenicamStream(
        SimpleNamespace(reset=lambda: resets.append(1)), acquirer, name=""
    )

    stream.close()

    assert acquirer.calls == ["destroyed"]
    assert resets == [1]


# The four corners of a Bayer cell, by GenICam's name: what only red light leaves of it.
@pytest.mark.parametrize(
    ("name", "red_at"),
    [("BayerRG8", (0, 0)), ("BayerGR8", (0, 1)), ("BayerGB8", (1, 0)), ("BayerBG8", (1, 1))],
)
def test_red_light_on_a_bayer_sensor_is_red(name, red_at):
    raw = np.zeros((16, 16), np.uint8)
    raw[red_at[0] :: 2, red_at[1] :: 2] = 200

    pixels = genicam.colours(raw.ravel(), size=(16, 16), pixel_format=name)

    assert (pixels[4:12, 4:12] == (200, 0, 0)).all()


def test_twelve_bits_are_shown_with_their_upper_eight():
    raw = np.array([0, 15, 16, 4095], np.uint16)

    pixels = genicam.colours(raw, size=(2, 2), pixel_format="Mono12")

    assert pixels[:, :, 1].tolist() == [[0, 0], [1, 255]]


def test_blue_green_red_is_turned_round():
    raw = np.array([1, 2, 3, 4, 5, 6], np.uint8)

    assert genicam.colours(raw, size=(2, 1), pixel_format="BGR8").tolist() == [
        [[3, 2, 1], [6, 5, 4]]
    ]
    assert genicam.colours(raw, size=(2, 1), pixel_format="RGB8").tolist() == [
        [[1, 2, 3], [4, 5, 6]]
    ]


def test_a_format_that_is_not_known_is_refused_by_name():
    with pytest.raises(UnreadablePicture, match="YUV422Packed is not known"):
        genicam.colours(np.zeros(8, np.uint8), size=(2, 2), pixel_format="YUV422Packed")
