"""What is particular to LLaVA-NeXT: the mosaic of tiles, and where its cells lie."""

import json
import shutil

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from PIL import Image

from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.region import Region
from inspector_app.families.llava_next import Tiling
from tests.fakes import tiny_llava_next
from tests.fakes.steps import finish
from tests.fakes.tiny_llava_next import PATCH, SIDE
from tests.families.conftest import NEXT_PLANS, Pair, frame

Q = "What is on the red label?"
# (width, height): landscape, portrait, square, strips, small, and one pixel.
SHAPES = [(170, 90), (80, 160), (112, 112), (240, 30), (16, 150), (37, 61), (1, 1)]


@pytest.fixture(scope="module")
def tiles(tmp_path_factory) -> Pair:
    return Pair(tmp_path_factory.mktemp("next"), NEXT_PLANS["llava-next"])


@pytest.fixture
def model(tiles):
    return tiles.load()


def tiling() -> Tiling:
    saved = json.loads(tiny_llava_next.processor().to_json_string())
    return Tiling.from_mapping(saved, patch=PATCH, where="a test")


def shown(size: tuple[int, int], *, seed: int = 0) -> View:
    return View.of(frame(size, seed=seed))


@pytest.mark.parametrize("size", SHAPES)
def test_the_tiles_are_what_transformers_own_processor_gives(size):
    view = shown(size)
    made = tiny_llava_next.processor()(Image.fromarray(view.pixels), return_tensors="np")

    small, canvas = tiling().pixels(view)

    assert_allclose(small, made["pixel_values"][0, 0], atol=1e-6)
    found = tiling().tiles(torch.from_numpy(canvas)[None])
    assert_allclose(found, made["pixel_values"][0, 1:], atol=1e-6)


@pytest.mark.parametrize("size", SHAPES)
def test_rows_and_gradients_of_every_shape_equal_those_of_eager_attention(tiles, model, size):
    views = [shown(size)]
    reading = model.read(views)

    _, rows = finish(reading.ask(Q, layers=range(model.layers)))
    weighted = reading.gradient(Q, layer=1)

    assert_allclose(rows.values, tiles.plain.rows(views, Q), atol=1e-5)
    wanted = tiles.plain.gradient(views, Q, layer=1)
    assert np.abs(weighted.values[0] - wanted).max() <= 1e-4 * wanted.max()
    assert rows.mean_map(layer=1).shape == tiles.plain.shape(size[1], size[0])


RAMPS = [(400, 300), (300, 400), (200, 200), (517, 301), (900, 250), (9000, 4000), (2000, 9000)]


@pytest.mark.parametrize("size", RAMPS)
def test_cells_lie_where_a_ramp_says_they_came_from(size):
    width, height = size
    # Levels 20..220, red along x and green along y: the mean level of a cell is its place.
    ramps = np.zeros((height, width, 3), np.uint8)
    ramps[..., 0] = np.rint(20 + 200 * (np.arange(width) + 0.5) / width)
    ramps[..., 1] = np.rint(20 + 200 * (np.arange(height) + 0.5) / height)[:, None]
    view = View.of(Frame(ramps, Provenance("ramp", "0" * 64, "PNG")))
    processor = tiny_llava_next.processor()
    plain = processor(
        Image.fromarray(ramps), return_tensors="pt", do_normalize=False, do_rescale=False
    )
    # As the network does it: tiles to rows of patches, the padding's rows taken out.
    grid, mosaic = tiling().grid(view), tiling().mosaic(size)
    many = mosaic.canvas[1] // SIDE, mosaic.canvas[0] // SIDE
    canvas = plain["pixel_values"][0, 1:].view(*many, 3, SIDE, SIDE).permute(2, 0, 3, 1, 4)
    canvas = canvas.reshape(3, many[0] * SIDE, many[1] * SIDE)
    means = torch.nn.functional.avg_pool2d(canvas.float(), PATCH)
    kept = tiny_llava_next.unpad_image(means, (height, width))

    assert kept.shape[1:] == (grid.rows, grid.cols)
    cell_width, cell_height = grid.cell
    checked = 0
    for row in range(grid.rows):
        for col in range(grid.cols):
            x = grid.x0 + (col + 0.5) * cell_width
            y = grid.y0 + (row + 0.5) * cell_height
            if not cell_width / 2 < x < width - cell_width / 2:
                continue
            if not cell_height / 2 < y < height - cell_height / 2:
                continue
            checked += 1
            # A tenth of a cell: half a grey level and the filter's reach at the border.
            assert abs((kept[0, row, col] - 20) / 200 * width - x) < 0.1 * cell_width
            assert abs((kept[1, row, col] - 20) / 200 * height - y) < 0.1 * cell_height
    assert checked >= grid.tokens // 3


def test_the_grid_of_a_part_lies_over_that_part_of_the_frame():
    view = View.of(frame((400, 300)), Region(100, 50, 200, 100))

    grid, fine = tiling().grid(view), tiling().pixel_grid(view)

    # 100 x 50 fills the canvas of 2 x 1 tiles: 8 x 4 patches, nothing padded.
    assert (grid.rows, grid.cols) == (4, 8)
    assert (grid.x0, grid.y0, grid.x1, grid.y1) == (100, 50, 200, 100)
    assert (fine.rows, fine.cols, fine.x1, fine.y1) == (SIDE, 2 * SIDE, 200, 100)


def test_cells_beyond_the_picture_are_those_of_the_padding():
    # 224 x 168 on 56 x 56: resized by a quarter to 56 x 42, one row of patches padded at either
    # end and taken out.
    grid = tiling().grid(shown((224, 168)))

    assert (grid.rows, grid.cols) == (6, 8)
    assert (grid.y0, grid.y1) == (0, 168)
    # 224 x 160 makes 56 x 40: of 8 padded pixels a row takes 7, the next row has the last one.
    more = tiling().grid(shown((224, 160)))
    assert (more.rows, more.y0, more.y1) == (6, -4, 164)


def test_what_a_prompt_takes_is_told_before_any_is_read(model):
    largest = shown((2 * SIDE, 2 * SIDE))
    reading = model.read([largest] * 2)

    taken = len(model.speech.prompt(Q, pictures=reading.pictures).ids)

    assert model.input_side == 2 * SIDE
    # 4 x 4 of the small whole; 8 rows of 8 and a mark.
    assert model.picture_tokens == 16 + 8 * 9
    assert model.prompt_tokens(Q, pictures=2) == taken


@pytest.mark.parametrize("size", [(30_000, 2), (1, 900)])
def test_too_thin_a_strip_is_wrong_use(model, size):
    grey = np.broadcast_to(np.uint8(90), (size[1], size[0], 3))

    with pytest.raises(WrongUse, match="too thin a strip") as caught:
        model.read([View.of(Frame(grey, Provenance("strip", "0" * 64, "PNG")))])

    assert caught.value.hint


def test_a_picture_of_30000_pixels_is_read(model):
    grey = np.broadcast_to(np.uint8(90), (4000, 30_000, 3))

    reading = model.read([View.of(Frame(grey, Provenance("strip", "0" * 64, "PNG")))])

    assert finish(reading.ask(Q, max_tokens=1))[0].tokens[0].logprob <= 0


# --- folders -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tiles, tmp_path):
    return shutil.copytree(tiles.folder, tmp_path / "model")


def change(path, **entries):
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


@pytest.mark.parametrize(
    ("file", "entries", "words"),
    [
        ("config.json", {"architectures": ["LlavaForConditionalGeneration"]}, "cannot load"),
        ("config.json", {"image_grid_pinpoints": [[28, 56]]}, "other tiles"),
        ("config.json", {"vision_feature_select_strategy": "full"}, "class token"),
        ("config.json", {"image_token_index": 99_999, "image_token_id": 99_999}, "tokenizer"),
        ("preprocessor_config.json", {"image_processor_type": "Mine"}, "image processor"),
        ("preprocessor_config.json", {"size": {"shortest_edge": 14}}, "cannot be understood"),
        ("preprocessor_config.json", {"image_grid_pinpoints": []}, "cannot be understood"),
        ("preprocessor_config.json", {"image_grid_pinpoints": [[30, 28]]}, "cannot be understood"),
        ("preprocessor_config.json", {"image_grid_pinpoints": "x"}, "cannot be understood"),
        ("preprocessor_config.json", {"image_std": [0, 0, 0]}, "cannot be understood"),
    ],
)
def test_a_folder_that_is_not_right_is_one_sentence(tiles, folder, file, entries, words):
    change(folder / file, **entries)

    with pytest.raises(ModelTrouble, match=words) as caught:
        tiles.family.load(folder, device="cpu", precision="auto")

    assert caught.value.hint
    assert "\n" not in caught.value.sentence()


def test_a_sliding_window_is_refused(tiles, folder):
    path = folder / "config.json"
    text = json.loads(path.read_text())["text_config"]
    change(path, text_config=text | {"model_type": "mistral", "sliding_window": 4096})

    with pytest.raises(ModelTrouble, match="sliding window"):
        tiles.family.load(folder, device="cpu", precision="auto")


def test_a_sliding_window_that_the_file_leaves_to_the_library_is_refused_too(tiles, folder):
    path = folder / "config.json"
    text = json.loads(path.read_text())["text_config"]
    text.pop("sliding_window", None)
    # Where nothing is said, transformers gives a Mistral a window of 4,096 tokens.
    change(path, text_config=text | {"model_type": "mistral"})

    with pytest.raises(ModelTrouble, match="sliding window"):
        tiles.family.load(folder, device="cpu", precision="auto")
