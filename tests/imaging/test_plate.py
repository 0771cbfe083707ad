"""A record's picture: every pixel from the record where it has them, never another picture."""

import dataclasses

import numpy as np
import pytest

from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import ShownView
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.imaging.plate import Plate, crop_of, drawn, heat_bar, picture_of
from inspector_app.imaging.png import decode_png, encode_png
from tests.fakes.records import make_frame, make_inspection


@pytest.fixture
def frame():
    return make_frame((160, 120))


def reduced(frame):
    return ShownView(frame.pixels[::2, ::2].copy(), frame.region, given=frame.size, sha256="c" * 64)


def test_the_record_is_drawn_even_when_the_file_is_there(frame):
    other = Frame(255 - frame.pixels, frame.provenance)

    plate = picture_of(make_inspection(frame), frame=other)

    assert np.array_equal(plate.pixels, frame.pixels)
    assert plate.note == ""


def test_the_file_serves_where_the_record_kept_a_smaller_copy(frame):
    inspection = make_inspection(frame, views=(reduced(frame),))

    assert picture_of(inspection, frame=frame).pixels is frame.pixels


def test_the_smaller_copy_serves_where_the_file_is_gone(frame):
    inspection = make_inspection(frame, views=(reduced(frame),))

    plate = picture_of(inspection, frame=None)

    assert np.array_equal(plate.pixels, frame.pixels[::2, ::2])
    assert "smaller copy" in plate.note
    assert "changed" not in plate.note


@pytest.mark.parametrize("change", ["bytes", "size"])
def test_a_file_that_has_changed_is_never_shown(frame, change):
    inspection = make_inspection(frame, views=(reduced(frame),))
    other = make_frame((160, 119) if change == "size" else (160, 120))
    if change == "bytes":
        source = dataclasses.replace(other.provenance, sha256="e" * 64)
        other = Frame(other.pixels, source)

    plate = picture_of(inspection, frame=other)

    assert plate.pixels.shape == (60, 80, 3)
    assert "has changed" in plate.note


def test_there_may_be_no_picture_at_all(frame):
    assert picture_of(make_inspection(frame, views=()), frame=None) is None


def test_a_region_is_shown_as_the_model_was_shown_it(frame):
    thin = ScoredRegion(Region(10, 10, 90, 14), "manual")
    square = Region(10, 0, 90, 80)
    views = (ShownView(frame.pixels, frame.region), ShownView(frame.cut(square), square))
    inspection = make_inspection(frame, regions=(), views=views)
    inspection = dataclasses.replace(inspection, regions=(thin,))

    assert crop_of(inspection, 0, plate=None).shape == (80, 80, 3)


def test_a_region_that_was_not_kept_is_cut_from_the_plate(frame):
    inspection = make_inspection(frame, regions=((60, 30, 90, 60),), views=())

    whole = crop_of(inspection, 0, plate=Plate(frame.pixels))
    half = crop_of(inspection, 0, plate=Plate(frame.pixels[::2, ::2]))

    assert np.array_equal(whole, frame.pixels[30:60, 60:90])
    assert np.array_equal(half, frame.pixels[30:60:2, 60:90:2])
    assert crop_of(inspection, 0, plate=None) is None


def test_pixels_inside_a_box_without_heat_stay_as_they_were(frame):
    inspection = make_inspection(frame, regions=((60, 30, 90, 60),), map=None)

    picture = drawn(inspection, Plate(frame.pixels))

    assert np.array_equal(picture[33:57, 63:87], frame.pixels[33:57, 63:87])
    assert not np.array_equal(picture[29], frame.pixels[29])


def test_the_bar_runs_from_dark_to_light():
    bar = heat_bar((100, 6)).astype(int).sum(axis=2)

    assert bar.shape == (6, 100)
    assert (np.diff(bar[0, ::20]) > 0).all()


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 3, 3), (3, 300, 3)])
def test_png_brings_every_pixel_back(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)

    assert np.array_equal(decode_png(encode_png(pixels)), pixels)


@pytest.mark.parametrize("content", [b"", b"x", encode_png(np.zeros((4, 4, 3), np.uint8))[:40]])
def test_what_is_no_png_is_refused(content):
    with pytest.raises(ValueError, match="PNG"):
        decode_png(content)
