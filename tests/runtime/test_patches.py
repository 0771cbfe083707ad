"""The network's input is the checkpoint's processor's, and the geometry is what it did."""

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from numpy.testing import assert_allclose
from PIL import Image
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import (
    Qwen2VLImageProcessorPil,
    smart_resize,
)

from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.region import Region
from inspector_app.runtime.patches import Patching

HALF = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
PROCESSORS = {
    "28": Qwen2VLImageProcessorPil(size={"shortest_edge": 2 * 784, "longest_edge": 40 * 784}),
    "32": Qwen2VLImageProcessorPil(
        patch_size=16, size={"shortest_edge": 4 * 1024, "longest_edge": 30 * 1024}, **HALF
    ),
}
# (width, height): square, landscape, portrait, small, odd, thin, and one pixel.
SIZES = [(112, 112), (400, 300), (300, 417), (200, 133), (37, 61), (900, 20), (3, 600), (1, 1)]


def made(name: str) -> Patching:
    saved = json.loads(PROCESSORS[name].to_json_string())
    return Patching.from_mapping(saved, where="a test")


def noise(size: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)


def whole(pixels: np.ndarray) -> View:
    return View.of(Frame(pixels, Provenance("noise", "0" * 64, "PNG")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PROCESSORS)
def test_the_patches_are_what_transformers_own_processor_gives(name, size):
    pixels, patching = noise(size), made(name)
    wanted = PROCESSORS[name](Image.fromarray(pixels), return_tensors="np")

    found = torch.from_numpy(patching.pixels(whole(pixels)))[None]

    assert found.dtype == torch.float32
    assert patching.thw(found).tolist() == wanted["image_grid_thw"].tolist()
    assert_allclose(patching.patches(found), wanted["pixel_values"], atol=1e-6)
    rows, cols = patching.shape(size)
    assert 4 * rows * cols == len(wanted["pixel_values"])


def test_grey_whose_channels_are_one_memory_is_resized_once_and_the_same():
    grey = noise((90, 60))[:, :, 0]
    one, three = np.broadcast_to(grey[:, :, None], (60, 90, 3)), np.stack([grey] * 3, axis=2)

    assert_allclose(made("28").pixels(whole(one)), made("28").pixels(whole(three)), atol=0)


@given(some.integers(1, 40_000), some.integers(1, 40_000))
def test_sizes_are_those_of_smart_resize(width, height):
    patching = made("32")
    if max(width, height) > 200 * min(width, height):
        with pytest.raises(WrongUse, match="too thin"):
            patching.input_size((width, height))
        return

    wide, high = patching.input_size((width, height))

    limits = {"min_pixels": patching.least, "max_pixels": patching.most}
    assert (high, wide) == smart_resize(height, width, factor=32, **limits)


RAMPS = [(400, 300), (300, 400), (200, 200), (517, 301), (9000, 2000), (2000, 9000), (40, 30)]


@pytest.mark.parametrize("size", RAMPS)
@pytest.mark.parametrize("name", PROCESSORS)
def test_cells_lie_where_a_ramp_says_they_came_from(name, size):
    width, height = size
    # Levels 20..220, red along x and green along y: the mean level of a cell is its place.
    ramps = np.zeros((height, width, 3), np.uint8)
    ramps[..., 0] = np.rint(20 + 200 * (np.arange(width) + 0.5) / width)
    ramps[..., 1] = np.rint(20 + 200 * (np.arange(height) + 0.5) / height)[:, None]
    patching = made(name)
    picture = Image.fromarray(ramps)
    plain = PROCESSORS[name](picture, return_tensors="np", do_normalize=False, do_rescale=False)
    # A token is four patches that follow each other; each has two equal frames.
    cells = plain["pixel_values"].reshape(-1, 4, 3, 2 * patching.patch**2).mean(axis=(1, 3))

    grid = patching.grid(whole(ramps))

    assert (grid.x0, grid.y0, grid.x1, grid.y1) == (0, 0, width, height)
    assert grid.tokens == len(cells)
    cell_width, cell_height = grid.cell
    for at, (red, green, _) in enumerate(cells):
        row, col = divmod(at, grid.cols)
        x, y = (col + 0.5) * cell_width, (row + 0.5) * cell_height
        # A tenth of a cell: half a grey level and the filter's reach at the border.
        assert abs((red - 20) / 200 * width - x) < max(0.1 * cell_width, 0.006 * width)
        assert abs((green - 20) / 200 * height - y) < max(0.1 * cell_height, 0.006 * height)


def test_the_grid_of_a_part_lies_over_that_part_of_the_frame():
    frame = Frame(noise((400, 300)), Provenance("noise", "0" * 64, "PNG"))
    patching = made("28")
    view = View.of(frame, Region(100, 50, 240, 134))

    grid, fine = patching.grid(view), patching.pixel_grid(view)

    assert (grid.rows, grid.cols) == (3, 5)
    assert (grid.x0, grid.y0, grid.x1, grid.y1) == (100, 50, 240, 134)
    assert (fine.rows, fine.cols, fine.x0, fine.y1) == (84, 140, 100, 134)


def test_limits_make_large_pictures_smaller_and_small_ones_larger():
    patching = made("28")

    limited = patching.limited(least=6 * 784, most=12 * 784)

    assert math.prod(limited.shape((4000, 3000))) <= 12 < math.prod(patching.shape((4000, 3000)))
    assert math.prod(limited.shape((30, 30))) >= 6 > math.prod(patching.shape((30, 30)))
    assert limited.shape((84, 84)) == patching.shape((84, 84))


def test_limits_never_leave_what_the_processor_allows():
    patching = made("28")

    assert patching.limited(least=1, most=10**9) == patching
    # Both may be the same, and no picture gets less than a token.
    assert patching.limited(least=10**9, most=10**9).least == patching.most
    assert patching.limited(least=1, most=1).shape((4000, 3000)) == (1, 1)


def test_older_names_of_the_limits_are_understood():
    saved = {"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 3136}
    patching = Patching.from_mapping(saved | {"max_pixels": 12_845_056}, where="a test")

    assert (patching.least, patching.most) == (3136, 12_845_056)
    assert (patching.patch, patching.merge, patching.frames) == (14, 2, 2)


@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"image_processor_type": "CLIPImageProcessor"},
        {"image_processor_type": "Qwen2VLImageProcessor", "do_resize": False},
        {"image_processor_type": "Qwen2VLImageProcessor", "patch_size": 0},
        {"image_processor_type": "Qwen2VLImageProcessor", "patch_size": "x"},
        {"image_processor_type": "Qwen2VLImageProcessor", "size": "large"},
        {"image_processor_type": "Qwen2VLImageProcessor", "image_std": [0, 0, 0]},
        {"image_processor_type": "Qwen2VLImageProcessor", "resample": 99},
        {
            "image_processor_type": "Qwen2VLImageProcessorFast",
            "size": {"shortest_edge": 9000, "longest_edge": 900},
        },
    ],
)
def test_a_processor_that_is_not_understood_is_model_trouble(saved):
    with pytest.raises(ModelTrouble) as caught:
        Patching.from_mapping(saved, where="x/preprocessor_config.json")

    assert "x/preprocessor_config.json" in str(caught.value)
    assert caught.value.hint
