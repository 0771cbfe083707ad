"""Blur and exposure, against pictures whose blur and exposure are known."""

import cv2
import numpy as np
import pytest

from inspector_app.domain.quality import Quality
from inspector_app.domain.region import Region
from inspector_app.domain.rule import PictureLimits
from inspector_app.imaging.quality import blur, measure
from inspector_app.training.scenes import make_scene


def squares(size=(800, 600), *, blurred=0.0, noise=0.0):
    """A board of squares of different greys, blurred by a Gaussian."""
    rng = np.random.default_rng(4)
    cells = rng.integers(40, 210, (size[1] // 100, size[0] // 100)).astype(np.float32)
    seen = np.kron(cells, np.ones((100, 100), np.float32))
    if blurred:
        seen = cv2.GaussianBlur(seen, (0, 0), blurred)
    seen += rng.normal(0, noise, seen.shape) if noise else 0
    return np.repeat(np.clip(seen, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("known", [1.0, 2.0, 3.0, 5.0])
def test_the_blur_of_an_edge_is_told_in_pixels(known):
    assert blur(squares(blurred=known)) == pytest.approx(known, abs=0.35)


def test_the_sharpest_edge_there_can_be_is_less_than_a_pixel_soft():
    assert blur(squares()) < 1


def test_noise_does_not_make_a_blurred_picture_sharp():
    assert blur(squares(blurred=4.0, noise=4.0)) == pytest.approx(4.0, abs=1.0)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_plates_are_sharp_until_they_are_blurred(seed):
    sharp = make_scene("plate", seed=seed, share=0.003).pixels
    soft = cv2.GaussianBlur(sharp, (0, 0), 6)

    assert measure(sharp).doubt(PictureLimits()) is None
    assert measure(soft).doubt(PictureLimits()) is not None


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (300, 200)])
def test_a_picture_without_edges_has_no_sharpness(size):
    flat = np.full((size[1], size[0], 3), 120, np.uint8)

    assert blur(flat) is None
    assert measure(flat).doubt(PictureLimits()) is not None
    assert measure(flat).doubt(PictureLimits(most_blur=None)) is None


def test_a_large_picture_is_told_in_its_own_pixels():
    seen = cv2.resize(squares(), None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST)
    seen = cv2.GaussianBlur(seen, (0, 0), 8)

    assert blur(seen) == pytest.approx(8, abs=1)


def test_burnt_out_is_white_in_every_channel_and_black_is_none():
    seen = np.full((10, 10, 3), 128, np.uint8)
    seen[:3] = 255
    seen[3] = (255, 255, 100)
    seen[4, :5] = (5, 0, 5)
    seen[4, 5:] = (6, 0, 0)

    found = measure(seen)

    assert found.overexposed == pytest.approx(0.3)
    assert found.underexposed == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        (Quality(0.0, 0.0, 0.0), None),
        (Quality(2.5, 0.25, 0.9), None),
        (Quality(2.6, 0.0, 0.0), "the picture is blurred"),
        (Quality(None, 0.0, 0.0), "nothing in the picture is sharp enough to tell by"),
        (Quality(0.0, 0.26, 0.0), "the picture is over-exposed"),
        (Quality(0.0, 0.0, 0.91), "the picture is too dark"),
        (Quality(float("nan"), 0.0, 0.0), "the picture is blurred"),
        (Quality(0.0, float("nan"), 0.0), "the picture is over-exposed"),
        (Quality(0.0, 0.0, float("nan")), "the picture is too dark"),
    ],
)
def test_what_is_past_its_limit_or_no_number_is_a_doubt(quality, reason):
    assert quality.doubt(PictureLimits()) == reason


def test_writing_counts_only_where_none_is_wanted():
    seen = Quality(0.0, 0.0, 0.0, letters=12, writing=(Region(0, 0, 90, 10),))

    assert seen.has_writing(PictureLimits())
    assert not seen.has_writing(PictureLimits(most_letters=12))
    assert not seen.has_writing(PictureLimits(most_letters=None))
