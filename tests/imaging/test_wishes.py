"""Grey windows by name, against the numbers radiologists use and the standard's formula."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import apply_windowing

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import Frame, Provenance, Window
from inspector_app.imaging.windowing import grey_to_rgb
from inspector_app.imaging.wishes import through, wish_of, wished_window

OWN = Window(40.0, 400.0, "file", "LINEAR")
LUNG = Window(-600.0, 1500.0, "LUNG", "LINEAR")


def ct(dtype=np.int16, **more):
    values = np.arange(-1100, 1400, dtype=dtype).reshape(50, 50)
    pixels = grey_to_rgb(np.zeros((50, 50), np.uint8))
    about = Provenance("slice.dcm", "0" * 64, "DICOM", window=OWN)
    return Frame(pixels, about, values=values, windows=(OWN, LUNG), unit="HU", **more)


@pytest.mark.parametrize(
    ("wish", "width", "center"),
    [
        ("lung", 1500, -600),
        ("Soft  Tissue", 400, 40),
        ("BONE", 2500, 480),
        ("350/25", 350, 25),
        ("file", 400, 40),
        ("file:2", 1500, -600),
        ("file:lung", 1500, -600),
        ("full", 2499, 149.5),
        ("auto", 2499 - 2 * 0.01 * 2499, 149.5),
    ],
)
def test_a_wish_means_the_window_of_its_name(wish, width, center):
    window = wished_window(wish, ct())

    assert (window.width, window.center) == (pytest.approx(width, abs=1), pytest.approx(center))


@pytest.mark.parametrize("wish", ["", "lungs", "0/40", "a/b", "nan/1", "1/inf", "file:3", "file:x"])
def test_a_wish_that_means_nothing_is_refused_in_a_sentence_with_a_way_out(wish):
    with pytest.raises(WrongUse) as refusal:
        wished_window(wish, ct())

    assert refusal.value.hint


def test_a_picture_of_8_bits_has_no_grey_windows():
    plain = Frame(np.zeros((4, 4, 3), np.uint8), Provenance("a.png", "0" * 64, "PNG"))

    with pytest.raises(WrongUse, match="8 bits"):
        wished_window("lung", plain)


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32])
@pytest.mark.parametrize("wish", ["lung", "bone", "80/40"])
def test_pixels_through_a_window_are_those_of_the_standard(wish, dtype):
    frame = ct(dtype)

    shown = through(frame, wished_window(wish, frame))

    window = wished_window(wish, frame)
    told = Dataset()
    told.WindowCenter, told.WindowWidth = window.center, window.width
    told.PhotometricInterpretation, told.BitsStored = "MONOCHROME2", 16
    told.PixelRepresentation = 1
    wanted = apply_windowing(frame.values.astype(np.int16), told)
    # pydicom maps to the 65,536 levels of its input.
    assert np.abs(shown.pixels[:, :, 1] - (wanted + 32768) * 255 / 65535).max() <= 0.5 + 1e-6
    assert shown.provenance.window == window


def test_an_inverted_picture_stays_inverted():
    frame, other = ct(), ct(is_inverted=True)

    window = wished_window("lung", frame)

    assert (through(frame, window).pixels == 255 - through(other, window).pixels).all()


def test_the_window_on_the_screen_can_be_wished_again():
    window = Window(-612.5, 1433.25, "by hand", "LINEAR")

    again = wished_window(wish_of(window), ct())

    assert (again.width, again.center) == (1433.25, -612.5)
