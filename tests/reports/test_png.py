"""The annotated picture: the record's pixels, and the words below."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.inspection import ShownView
from inspector_app.domain.region import Region
from inspector_app.imaging.plate import Plate, drawn
from inspector_app.reports import png
from tests.fakes.records import make_answer, make_frame, make_inspection


def read(path):
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def frame():
    return make_frame((1000, 600))


@pytest.fixture
def inspection(frame):
    return make_inspection(frame)


def test_the_upper_part_is_the_drawn_picture_pixel_for_pixel(tmp_path, inspection, frame):
    png.write(inspection, tmp_path / "a.png", frame=frame)

    written = read(tmp_path / "a.png")
    assert written.shape[1] == 1000
    assert np.array_equal(written[:600], drawn(inspection, Plate(frame.pixels)))


def test_words_stand_below(tmp_path, inspection):
    png.write(inspection, tmp_path / "a.png", frame=None)

    legend = read(tmp_path / "a.png")[600:]
    assert legend.shape[0] > 200
    assert (legend.max(axis=(1, 2)) > 150).sum() > 80
    # The last line is the notice, and paper closes the sheet.
    assert legend[-30:-12].max() > 150
    assert (legend[-5:] == legend[-1, 0]).all()


def test_another_answer_makes_another_legend(tmp_path, inspection):
    png.write(inspection, tmp_path / "a.png")
    changed = dataclasses.replace(inspection, zoomed=make_answer("maybe"))
    png.write(changed, tmp_path / "b.png")

    one, other = read(tmp_path / "a.png"), read(tmp_path / "b.png")
    assert np.array_equal(one[:600], other[:600])
    assert not np.array_equal(one[600:], other[600:])


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (40, 30), (5000, 4)])
def test_pictures_of_every_shape_are_wide_enough_for_words(tmp_path, size):
    regions = ((0, 0, max(1, size[0] // 2), max(1, size[1] // 2)),)

    png.write(make_inspection(make_frame(size), regions=regions), tmp_path / "a.png")

    assert read(tmp_path / "a.png").shape[1] >= 760


def test_pixels_of_a_tiny_picture_stay_squares(tmp_path):
    frame = make_frame((4, 4))
    inspection = make_inspection(frame, regions=(), map=None)

    png.write(inspection, tmp_path / "a.png")

    written = read(tmp_path / "a.png")[: 4 * 95]
    left = (760 - 4 * 95) // 2
    block = written[95 : 2 * 95, left : left + 95]
    assert (block == frame.pixels[1, 0]).all()


def test_a_picture_of_more_pixels_than_anyone_opens_is_drawn_smaller(tmp_path):
    frame = make_frame((4100, 3200))

    png.write(make_inspection(frame, map=None), tmp_path / "a.png")

    height, width, _ = read(tmp_path / "a.png").shape
    assert 4000 < width < 4100
    assert width * width * 3200 / 4100 <= png.MOST_PIXELS * 1.001
    assert height > width * 0.78


def test_a_record_without_a_picture_still_tells_its_words(tmp_path):
    png.write(make_inspection(views=()), tmp_path / "a.png", frame=None)

    assert read(tmp_path / "a.png").max() > 200


def test_hostile_and_endless_text_is_only_drawn(tmp_path, inspection):
    text = "\0\x1b[31m\u202e<b>\n" + "x" * 1_000_000
    hostile = dataclasses.replace(
        inspection,
        question=text,
        whole=make_answer(text),
        notes=(text,),
        created=text,
        provenance=dataclasses.replace(inspection.provenance, locator=text, sha256=text),
    )

    png.write(hostile, tmp_path / "a.png")

    assert read(tmp_path / "a.png").shape[1] == 1000


def test_a_file_that_has_changed_is_not_shown_in_place_of_the_record(tmp_path):
    frame = make_frame((800, 600), seed=1)
    kept = frame.pixels[::2, ::2].copy()
    view = ShownView(kept, Region(0, 0, 800, 600), given=(800, 600), sha256="c" * 64)
    inspection = make_inspection(frame, regions=(), views=(view,), map=None)
    other = dataclasses.replace(
        make_frame((800, 600), seed=2),
        provenance=dataclasses.replace(frame.provenance, sha256="d" * 64),
    )

    png.write(inspection, tmp_path / "same.png", frame=frame)
    png.write(inspection, tmp_path / "other.png", frame=other)

    assert np.array_equal(read(tmp_path / "same.png")[:600], frame.pixels)
    shown = read(tmp_path / "other.png")[:300]
    assert np.array_equal(shown[:, 180:580], kept)


def test_the_legend_is_written_in_the_language_that_was_asked_for(tmp_path, inspection, frame):
    png.write(inspection, tmp_path / "en.png", frame=frame)
    png.write(inspection, tmp_path / "zh.png", frame=frame, language="zh_CN")

    english, chinese = (np.array(Image.open(tmp_path / f"{name}.png")) for name in ("en", "zh"))
    height = frame.pixels.shape[0]
    np.testing.assert_array_equal(english[:height], chinese[:height])
    assert english.shape != chinese.shape or (english != chinese).any()
