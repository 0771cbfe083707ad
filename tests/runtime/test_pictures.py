"""The network's input is the checkpoint's processor's, and the geometry is what it did."""

import json
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.region import Region
from inspector_app.runtime.pictures import Preprocessing

SIDE, PATCH = 56, 14
SQUARE = {"height": SIDE, "width": SIDE}
PROCESSORS = {
    "square": CLIPImageProcessorPil(size=SQUARE, do_center_crop=False),
    "shortest, then centre": CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=SQUARE),
    "shortest 64, then centre": CLIPImageProcessorPil(size={"shortest_edge": 64}, crop_size=SQUARE),
    "llava padded": LlavaImageProcessorPil(
        size={"shortest_edge": SIDE}, crop_size=SQUARE, do_pad=True
    ),
    "siglip": SiglipImageProcessorPil(size=SQUARE),
}
# (width, height): square, landscape, portrait, small, odd, thin, and one pixel.
SIZES = [(300, 300), (400, 300), (300, 417), (200, 133), (37, 61), (900, 20), (1, 1)]


def made(processor) -> Preprocessing:
    saved = json.loads(processor.to_json_string())
    return Preprocessing.from_mapping(saved, where="a test")


def noise(size: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)


def whole(pixels: np.ndarray) -> View:
    return View.of(Frame(pixels, Provenance("noise", "0" * 64, "PNG")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PROCESSORS)
def test_the_input_is_what_transformers_own_processor_gives(name, size):
    pixels = noise(size)
    wanted = PROCESSORS[name](Image.fromarray(pixels), return_tensors="np")["pixel_values"][0]
    found = made(PROCESSORS[name]).pixels(whole(pixels))
    assert found.dtype == np.float32
    assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PROCESSORS)
def test_grey_that_lies_once_in_memory_is_given_like_any_other_picture(name, size):
    grey = noise(size)[:, :, 0]
    wanted = PROCESSORS[name](Image.fromarray(grey).convert("RGB"), return_tensors="np")
    shared = np.broadcast_to(grey[:, :, None], (*grey.shape, 3))
    found = made(PROCESSORS[name]).pixels(whole(shared))
    assert_allclose(found, wanted["pixel_values"][0], atol=1e-6)


def cell_means(processor, ramps: np.ndarray) -> np.ndarray:
    """(3, rows, cols) mean of what the processor made of the picture, cell by cell."""
    picture = Image.fromarray(ramps)
    plain = processor(picture, return_tensors="np", do_normalize=False, do_rescale=False)
    seen = plain["pixel_values"][0]
    return seen.reshape(3, SIDE // PATCH, PATCH, SIDE // PATCH, PATCH).mean(axis=(2, 4))


RAMPS = [
    *product(PROCESSORS, [(400, 300), (300, 400), (200, 200), (517, 301)]),
    ("square", (9000, 2000)),
    ("shortest, then centre", (2000, 9000)),
]


@pytest.mark.parametrize(("name", "size"), RAMPS)
def test_cells_lie_where_a_ramp_says_they_came_from(name, size):
    width, height = size
    # Levels 20..220, red along x and green along y: the mean level of a cell is its place.
    ramps = np.zeros((height, width, 3), np.uint8)
    ramps[..., 0] = np.rint(20 + 200 * (np.arange(width) + 0.5) / width)
    ramps[..., 1] = np.rint(20 + 200 * (np.arange(height) + 0.5) / height)[:, None]
    level_x, level_y, _ = cell_means(PROCESSORS[name], ramps)
    grid = made(PROCESSORS[name]).grid(whole(ramps), patch=PATCH)
    cell_width, cell_height = grid.cell
    x = grid.x0 + cell_width * (np.arange(grid.cols) + 0.5)
    y = grid.y0 + cell_height * (np.arange(grid.rows) + 0.5)
    # Cells that reach outside the picture are a mixture with the padding.
    in_x = (x - cell_width / 2 > 0) & (x + cell_width / 2 < width)
    in_y = (y - cell_height / 2 > 0) & (y + cell_height / 2 < height)
    inside = np.ix_(in_y, in_x)
    assert in_x.sum() >= 2
    assert in_y.sum() >= 1
    found_x = (level_x[inside] - 20) / 200 * width
    found_y = (level_y[inside] - 20) / 200 * height
    # A tenth of a cell: half a grey level and the filter's reach at the border.
    assert np.abs(found_x - x[in_x][None]).max(initial=0) < 0.1 * cell_width
    assert np.abs(found_y - y[in_y][:, None]).max(initial=0) < 0.1 * cell_height


def test_a_shortest_side_processor_sees_the_middle_square_only():
    grid = made(PROCESSORS["shortest, then centre"]).grid(whole(noise((400, 300))), patch=PATCH)
    # 400 x 300 becomes 74 x 56 (cut off from 74.67); columns 9 to 65 of 74 are kept.
    assert (grid.x0, grid.x1) == pytest.approx((9 * 400 / 74, 65 * 400 / 74))
    assert (grid.y0, grid.y1) == (0, 300)


def test_a_padding_processor_sees_beyond_the_picture():
    grid = made(PROCESSORS["llava padded"]).grid(whole(noise((400, 301))), patch=PATCH)
    assert (grid.x0, grid.x1) == (0, 400)
    assert (grid.y0, grid.y1) == (-49, 351)


def test_the_grid_of_a_part_lies_over_that_part_of_the_frame():
    frame = Frame(noise((400, 300)), Provenance("noise", "0" * 64, "PNG"))
    processing = made(PROCESSORS["square"])
    grid = processing.grid(View.of(frame, Region(100, 50, 200, 250)), patch=PATCH)
    assert (grid.x0, grid.y0, grid.x1, grid.y1) == (100, 50, 200, 250)
    resampled = View(noise((56, 56)), Region(100, 50, 200, 250))
    assert processing.grid(resampled, patch=PATCH) == grid


def test_a_rest_that_fills_no_patch_is_outside_the_grid():
    processing = made(CLIPImageProcessorPil(size={"height": 60, "width": 60}, do_center_crop=False))
    grid = processing.grid(whole(noise((120, 120))), patch=14)
    assert (grid.cols, grid.x1) == (4, pytest.approx(112))


def test_a_strip_of_20000_pixels_costs_no_more_than_its_middle():
    grey = np.repeat(np.arange(20_000) // 80, 2).reshape(20_000, 2).T.astype(np.uint8)
    view = whole(np.repeat(grey[:, :, None], 3, axis=2))
    processing = made(PROCESSORS["shortest, then centre"])
    assert processing.resized(view.size) == (560_000, SIDE)
    # The middle of 20,000 columns is where grey 124 gives way to 125.
    level = processing.pixels(view)[0] * 0.26862954 + 0.48145466
    assert_allclose(level[:, : SIDE // 2], 124 / 255, atol=1e-6)
    assert_allclose(level[:, SIDE // 2 :], 125 / 255, atol=1e-6)


def test_old_files_with_bare_numbers_are_understood():
    saved = {"feature_extractor_type": "CLIPFeatureExtractor", "size": 336, "crop_size": 336}
    processing = Preprocessing.from_mapping(saved, where="a test")
    assert (processing.shortest, processing.crop, processing.size) == (336, (336, 336), None)
    assert processing.input_size == (336, 336)


@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"image_processor_type": "MyOwnProcessor"},
        {"image_processor_type": "CLIPImageProcessor", "do_resize": False},
        {"image_processor_type": "CLIPImageProcessor", "do_pad": True},
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 100}},
        {"image_processor_type": "CLIPImageProcessor", "size": "large"},
        {"image_processor_type": "CLIPImageProcessor", "do_center_crop": False},
        {
            "image_processor_type": "CLIPImageProcessor",
            "size": {"shortest_edge": 9, "longest_edge": 20},
        },
    ],
)
def test_a_processor_that_is_not_understood_is_model_trouble(saved):
    with pytest.raises(ModelTrouble) as caught:
        Preprocessing.from_mapping(saved, where="x/preprocessor_config.json")
    assert "x/preprocessor_config.json" in str(caught.value)
    assert caught.value.hint


def test_flat_pictures_stay_finite():
    for value in (0, 1, 255):
        found = made(PROCESSORS["square"]).pixels(whole(np.full((50, 70, 3), value, np.uint8)))
        assert np.isfinite(found).all()
        assert_allclose(found.std(axis=(1, 2)), 0, atol=1e-6)
