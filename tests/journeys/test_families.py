"""`inspector ask` with a checkpoint of every local family."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.fakes import tiny_llava_next, tiny_qwen

STRATEGIES = ("relative_attention", "gradient_attention", "pixel_gradient")


@pytest.fixture(scope="module", params=["llava_next", "qwen2_5_vl", "qwen3_vl"])
def checkpoint(request, tmp_path_factory):
    """A folder with a tiny checkpoint of the family."""
    folder = tmp_path_factory.mktemp("models") / request.param
    if request.param == "llava_next":
        return tiny_llava_next.save(folder, tiny_llava_next.Plan())
    return tiny_qwen.save(folder, tiny_qwen.Plan(request.param, context=1024))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_picture_is_looked_at_in_every_way(ask, photo, tmp_path, checkpoint, strategy):
    told, maps = tmp_path / "told.json", tmp_path / "maps"

    ended = ask(photo, *("--crops", strategy, "--json", told, "--maps", maps), model=checkpoint)

    assert ended.code == 0, ended.err
    made = json.loads(told.read_text())
    assert made["model"]["family"] == checkpoint.name
    map_ = next(one for one in made["maps"] if one["selected"])
    values = np.load(maps / map_["file"])
    assert values.shape == tuple(map_["grid"])
    assert values.max() > values.min() >= 0
    x0, y0, x1, y1 = map_["box"]
    # Some pad, so that the map reaches beyond the picture on both sides alike.
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((200, 150), abs=8)
    assert x0 <= 0
    assert x1 >= 400 - 1e-6


def test_a_region_is_shown_enlarged_beside_the_whole(ask, photo, tmp_path, checkpoint):
    told, views = tmp_path / "told.json", tmp_path / "views"

    ended = ask(
        photo, *("--roi", "20,30,80,70", "--json", told, "--views", views), model=checkpoint
    )

    assert ended.code == 0, ended.err
    made = json.loads(told.read_text())
    assert [region["box"] for region in made["regions"]] == [[20, 30, 80, 70]]
    assert made["answers"]["zoomed"]["text"] is not None
    assert made["passes"]["vision"] == 2
    sizes = []
    for path in sorted(views.iterdir()):
        with Image.open(path) as shown:
            sizes.append(shown.size)
    # The part is cut as it was drawn: these families keep its shape.
    assert sizes == [(400, 300), (60, 40)]


def test_a_strip_too_thin_for_the_model_is_one_sentence(ask, tmp_path, checkpoint):
    strip = tmp_path / "strip.png"
    Image.new("RGB", (3000, 10)).save(strip)

    ask(strip, model=checkpoint).refused(2, "too thin a strip")
