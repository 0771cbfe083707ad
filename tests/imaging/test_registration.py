"""A part is found where it was put, or plainly not found."""

import math

import cv2
import numpy as np
import pytest

from inspector_app.domain.placement import Placement
from inspector_app.domain.rule import Travel
from inspector_app.imaging.registration import prepare, register
from inspector_app.training.scene_shots import WRONG, make_shots

SIZE = (960, 720)
MOVED = np.array([[1.02, -0.1, 31.5], [0.1, 1.02, -22.25]])


def marked(pixels, *, number=7, side=90, at=(60, 50)):
    """A picture with an ArUco marker in it, quiet zone included."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_100)
    marker = cv2.aruco.generateImageMarker(dictionary, number, side)
    framed = cv2.copyMakeBorder(marker, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=255)
    seen = pixels.copy()
    seen[at[1] : at[1] + side + 40, at[0] : at[0] + side + 40] = framed[..., None]
    return seen


def textured(seed=3, size=SIZE):
    """Blobs of all sizes on grey."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((size[1], size[0])).astype(np.float32)
    sum_of = sum(cv2.GaussianBlur(noise, (0, 0), s) * s for s in (3, 6, 12))
    grey = np.clip(128 + 40 * sum_of / sum_of.std(), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_a_part_that_moved_is_found_to_two_pixels_at_two_thousand(seed):
    shots = make_shots(seed=seed, size=SIZE)

    found = register(prepare(shots.template), shots.picture)

    assert found is not None
    assert shots.error(np.array(found.matrix)) * 2000 / max(SIZE) <= 2
    assert found.doubt(Travel()) is None


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_part_is_refused(kind):
    shots = make_shots(seed=5, kind=kind, size=SIZE)

    found = register(prepare(shots.template), shots.picture)

    assert found is None or found.doubt(Travel()) == "the part was not found as in the template"


@pytest.mark.parametrize(
    ("matrix", "method"),
    [
        (np.array([[1, 0, 17.0], [0, 1, -9.0]]), "phase"),
        (MOVED, None),
    ],
)
def test_the_placement_says_where_each_point_went(matrix, method):
    template = textured()
    picture = cv2.warpAffine(template, matrix, SIZE, borderMode=cv2.BORDER_REFLECT)

    found = register(prepare(template), picture)

    assert found is not None
    assert method in {None, found.method}
    for x, y in [(200, 150), (700, 500), (480, 360)]:
        there = matrix[:, :2] @ (x, y) + matrix[:, 2]
        assert math.dist(found.point(x, y), there) < 0.5
    assert found.scale == pytest.approx(math.hypot(matrix[0, 0], matrix[1, 0]), abs=2e-3)
    assert found.rotation == pytest.approx(
        math.degrees(math.atan2(matrix[1, 0], matrix[0, 0])), abs=0.1
    )


def test_a_marker_finds_the_part_where_features_cannot():
    template = marked(np.full((720, 960, 3), 140, np.uint8))
    rng = np.random.default_rng(1)
    # Faint texture for the check: too little to be matched, enough to be compared.
    template = np.clip(template + textured(9) * 0.25 - 32, 0, 255).astype(np.uint8)
    turn = cv2.getRotationMatrix2D((480, 360), 40, 0.8)
    picture = cv2.warpAffine(template, turn, SIZE, borderMode=cv2.BORDER_REFLECT)
    picture = np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)

    found = register(prepare(template), picture)

    assert found is not None
    assert found.method == "marker"
    assert math.dist(found.point(480, 360), turn[:, :2] @ (480, 360) + turn[:, 2]) < 1


def test_pictures_of_another_size_are_compared_in_their_own_pixels():
    template = textured()
    picture = cv2.resize(template, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_AREA)

    found = register(prepare(template), picture)

    assert found is not None
    assert found.picture_size == (1440, 1080)
    assert found.scale == pytest.approx(1.5, abs=0.01)
    assert math.dist(found.point(200, 300), (300.25, 450.25)) < 1


@pytest.mark.parametrize("size", [(1, 1), (16, 9), (60, 60), (300, 20), (960, 720)])
def test_where_nothing_is_to_be_seen_nothing_is_found(size):
    flat = np.full((size[1], size[0], 3), 90, np.uint8)

    assert register(prepare(flat), flat) is None
    assert register(prepare(textured()), flat) is None
    assert register(prepare(flat), textured()) is None


def placed(*, dx=0.0, dy=0.0, turn=0.0, scale=1.0, score=0.9, error=0.5):
    cos, sin = (scale * f(math.radians(turn)) for f in (math.cos, math.sin))
    x, y = 499.5, 374.5
    tx, ty = x + dx - cos * x + sin * y, y + dy - sin * x - cos * y
    matrix = ((cos, -sin, tx), (sin, cos, ty))
    return Placement(matrix, (1000, 750), (1000, 750), score, error, "features", 40)


@pytest.mark.parametrize(
    ("placement", "is_doubted"),
    [
        (placed(), False),
        (placed(dx=249), False),
        (placed(dx=251), True),
        (placed(dy=-251), True),
        (placed(turn=19.9, scale=1.14), False),
        (placed(turn=-20.1), True),
        (placed(scale=0.84), True),
        (placed(scale=1.16), True),
        (placed(score=0.69), True),
        (placed(error=2.1), True),
        (placed(score=math.nan), True),
        (placed(error=math.nan), True),
        (placed(dx=math.nan), True),
        (placed(scale=math.nan), True),
    ],
)
def test_a_part_outside_its_travel_is_a_doubt(placement, is_doubted):
    assert (placement.doubt(Travel()) is not None) == is_doubted
