"""The camera of the benches is one that the program itself can watch."""

from inspector_app.cameras import network
from inspector_app.workflow.bench.camera import playing_camera


def test_the_camera_of_the_benches_sends_moving_pictures():
    with playing_camera() as address:
        stream = network.open(address)
        first, second = stream.read(), stream.read()
        stream.close()

    assert first.pixels.shape == second.pixels.shape == (720, 1280, 3)
    assert (first.pixels != second.pixels).any()
