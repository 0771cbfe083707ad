"""One upright pixel grid that nobody can write to."""

import numpy as np
import pytest

from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.region import Region

WHERE = Provenance("here.png", "0" * 64, "PNG")


def frame(height: int = 4, width: int = 6) -> Frame:
    count = height * width * 3
    return Frame(np.arange(count, dtype=np.uint8).reshape(height, width, 3), WHERE)


def test_sizes_are_width_then_height():
    assert frame().size == (6, 4)
    assert frame().region == Region(0, 0, 6, 4)


def test_a_cut_is_the_pixels_of_the_half_open_box():
    cut = frame().cut(Region(1, 2, 3, 4))

    assert cut.shape == (2, 2, 3)
    assert cut[0, 0].tolist() == frame().pixels[2, 1].tolist()


@pytest.mark.parametrize("box", [(-1, 0, 2, 2), (0, 0, 7, 2), (0, 3, 2, 5)])
def test_a_cut_beyond_the_frame_is_refused(box):
    with pytest.raises(ValueError, match="outside"):
        frame().cut(Region(*box))


def test_pixels_and_values_cannot_be_written():
    values = np.zeros((4, 6), np.uint16)
    kept = Frame(np.zeros((4, 6, 3), np.uint8), WHERE, values=values)

    for array in (kept.pixels, kept.values):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 6), np.uint8),
        np.zeros((4, 6, 4), np.uint8),
        np.zeros((4, 6, 3), np.float32),
        np.zeros((0, 6, 3), np.uint8),
    ],
)
def test_other_arrays_are_no_frame(pixels):
    with pytest.raises(ValueError, match="pixel"):
        Frame(pixels, WHERE)


def test_values_must_lie_under_the_pixels():
    with pytest.raises(ValueError, match="same height"):
        Frame(np.zeros((4, 6, 3), np.uint8), WHERE, values=np.zeros((6, 4), np.uint16))


def test_a_view_shows_its_region_untouched():
    view = View.of(frame(), Region(1, 1, 4, 3))

    assert view.size == (3, 2)
    assert (view.pixels == frame().pixels[1:3, 1:4]).all()
    assert View.of(frame()).region == Region(0, 0, 6, 4)
