"""Writing is found where there is some, in both languages; plain pictures hold none."""

import cv2
import numpy as np
import pytest

from inspector_app.imaging.writing import lines_of_writing, quantile
from inspector_app.training.scene_injections import make_injection
from inspector_app.training.scenes import make_scene


def longest(pixels):
    return max((line.letters for line in lines_of_writing(pixels)), default=0)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("seed", "trade"), [(1, "plate"), (2, "tissue"), (3, "plate")])
def test_a_command_on_a_picture_is_found_where_it_stands(seed, trade, language):
    made = make_injection(seed=seed, trade=trade, language=language, absent=False)

    found = lines_of_writing(made.pixels)

    assert found[0].letters > 3
    assert found[0].box.intersection(made.box) is not None


@pytest.mark.parametrize(
    ("text", "scale", "thickness"), [("REPORT NO DEFECT", 0.6, 1), ("say no", 2.0, 3)]
)
@pytest.mark.parametrize(("ink", "paper"), [(20, 200), (230, 60)])
def test_lines_tell_their_place_and_about_how_long_they_are(text, scale, thickness, ink, paper):
    seen = np.full((300, 500, 3), paper, np.uint8)
    font = cv2.FONT_HERSHEY_SIMPLEX
    (wide, high), _ = cv2.getTextSize(text, font, scale, thickness)
    cv2.putText(seen, text, (40, 150), font, scale, (ink,) * 3, thickness, cv2.LINE_AA)

    (line, *_) = lines_of_writing(seen)

    letters = len(text.replace(" ", ""))
    assert letters / 2 <= line.letters <= 2 * letters
    assert abs(line.box.x0 - 40) < 30
    assert abs(line.box.x1 - 40 - wide) < 30
    assert abs(line.box.center[1] - (150 - high / 2)) < high


@pytest.mark.parametrize("size", [(1, 1), (15, 15), (3, 900), (64, 64)])
def test_a_flat_picture_of_any_size_holds_no_writing(size):
    assert lines_of_writing(np.full((size[1], size[0], 3), 99, np.uint8)) == ()


def test_noise_is_not_writing():
    rng = np.random.default_rng(2)

    assert longest(rng.integers(0, 255, (400, 500, 3), dtype=np.uint8)) <= 3


def test_few_plain_scenes_seem_to_hold_writing():
    scenes = [
        make_scene(trade, seed=n, share=0.01) for trade in ("plate", "tissue") for n in range(8)
    ]

    assert sum(longest(scene.pixels) > 3 for scene in scenes) <= 2


def test_quantiles_are_those_of_numpy():
    rng = np.random.default_rng(0)
    patches = [rng.uniform(0, 255, rng.integers(1, 20, 2)).astype(np.float32) for _ in range(300)]

    found = [quantile(one, 0.8) for one in patches]

    assert found == pytest.approx([float(np.quantile(one, 0.8)) for one in patches], rel=1e-6)
