"""One inspection by every strategy with a real network, tiny and of random weights."""

import json

import jsonschema
import numpy as np
import pytest

from inspector_app import crops, paths, plugins
from inspector_app.domain.document import maps_of, to_document, to_json
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.domain.region import Region
from inspector_app.runtime.cards import read_card
from tests.fakes.steps import finish
from tests.workflow.conftest import QUESTION, write_picture

ROIS = (Region(10, 10, 60, 60), Region(200, 100, 280, 170))


@pytest.fixture(scope="module")
def schema():
    file = paths.resources() / "schema" / "inspection.schema.json"
    return json.loads(file.read_text(encoding="utf-8"))


def request_for(folder, locator, strategy="relative_attention", **changes):
    options = Options(count=2, rois=ROIS if strategy == "manual" else ())
    asked = {"question": QUESTION, "options": options, **changes}
    return Inspect(locator, strategy=strategy, model=LoadModel(str(folder)), **asked)


@pytest.mark.parametrize("strategy", plugins.names(crops))
def test_every_strategy_ends_in_a_record_that_opens_bit_exact(
    bench, tiny_folder, picture, schema, strategy
):
    found = finish(bench.perform(request_for(tiny_folder, picture, strategy)))
    again = finish(bench.perform(OpenRecord(found.id)))

    assert to_document(again) == to_document(found)
    jsonschema.validate(json.loads(to_json(to_document(found))), schema)
    assert len(again.views) == len(found.views) == 1 + len(found.regions)
    for kept, shown in zip(again.views, found.views, strict=True):
        assert np.array_equal(kept.pixels, shown.pixels)
    for one, other in zip(maps_of(again), maps_of(found), strict=True):
        assert one.dtype == other.dtype == np.float32
        assert one.tobytes() == other.tobytes()
    for name in ("whole", "zoomed", "crop_answers", "regions", "verdict", "options", "passes"):
        assert getattr(again, name) == getattr(found, name), name


def asks_about_parts(name):
    """Whether a strategy shows the model parts of the picture beside what it ends with."""
    return "ask" in plugins.load(crops, name).NEEDS


@pytest.mark.parametrize(
    "strategy", [name for name in plugins.names(crops) if not asks_about_parts(name)]
)
def test_each_picture_goes_through_the_tower_once(bench, tiny_folder, picture, strategy):
    found = finish(bench.perform(request_for(tiny_folder, picture, strategy)))

    # The gradient down to the pixels is the one thing that needs the tower's own graph:
    # once for the question and once for the neutral one.
    extra = 2 if strategy == "pixel_gradient" else 0
    assert found.passes.vision == 1 + len(found.regions) + extra
    if strategy == "manual":
        assert len(found.regions) == 2


def test_a_second_question_costs_no_tower_but_for_its_crops(bench, tiny_folder, picture):
    finish(bench.perform(request_for(tiny_folder, picture)))
    found = finish(bench.perform(request_for(tiny_folder, picture, question="Is there a dent?")))

    # A region that was shown before is known already.
    assert found.passes.vision <= len(found.regions)


def test_what_came_before_does_not_change_what_is_found(bench, tiny_folder, picture, tmp_path):
    other = write_picture(tmp_path / "other.png", size=(500, 200), seed=3)
    wanted = finish(bench.perform(request_for(tiny_folder, picture, save=False)))
    for locator in (other, picture):
        for strategy in ("pixel_gradient", "gradient_attention", "manual", "whole"):
            finish(bench.perform(request_for(tiny_folder, locator, strategy, save=False)))

    found = finish(bench.perform(request_for(tiny_folder, picture, save=False)))

    assert found.regions == wanted.regions
    assert [found.whole.text, found.answer.text] == [wanted.whole.text, wanted.answer.text]
    assert found.whole.logprob == pytest.approx(wanted.whole.logprob, abs=1e-4)
    assert found.answer.logprob == pytest.approx(wanted.answer.logprob, abs=1e-4)
    np.testing.assert_allclose(found.map.values, wanted.map.values, rtol=1e-3, atol=1e-6)


def test_a_large_picture_is_read_in_tiles(bench, tiny_folder, tmp_path):
    locator = write_picture(tmp_path / "large.png", size=(1500, 1100))
    found = finish(bench.perform(request_for(tiny_folder, locator)))

    # This network takes in little: 1,500 x 1,100 is cut into 3 x 3 tiles below 512 px.
    assert found.passes.vision == 1 + 9 + len(found.regions)
    assert found.map.values.shape == (12, 12)
    assert (found.map.grid.x1, found.map.grid.y1) == (1500.0, 1100.0)


def test_tiles_keep_the_layers_on_the_way_to_the_one_that_is_used(bench, tiny_folder, tmp_path):
    locator = write_picture(tmp_path / "large.png", size=(1500, 1100))
    deep = finish(bench.perform(request_for(tiny_folder, locator, options=Options(layer=1))))
    first = finish(bench.perform(request_for(tiny_folder, locator, options=Options(layer=0))))

    assert deep.map.layer_numbers == (0, 1)
    np.testing.assert_allclose(deep.map.at_layer(0), first.map.values, rtol=1e-4)
    np.testing.assert_array_equal(deep.map.layers[1], deep.map.values)


@pytest.mark.parametrize("strategy", plugins.names(crops))
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2)])
def test_pictures_of_odd_sizes_are_inspected(bench, tiny_folder, tmp_path, size, strategy):
    locator = write_picture(tmp_path / "odd.png", size=size)
    options = Options(rois=(Region(0, 0, *size),)) if strategy == "manual" else Options()

    found = finish(
        bench.perform(request_for(tiny_folder, locator, strategy, options=options, save=False))
    )

    assert found.size == size
    assert all(one.region.clipped(size) == one.region for one in found.regions)


@pytest.mark.parametrize("size", [(20_000, 8), (2, 3000)])
def test_very_long_pictures_are_inspected(bench, tiny_folder, tmp_path, size):
    locator = write_picture(tmp_path / "long.png", size=size)

    found = finish(bench.perform(request_for(tiny_folder, locator, save=False)))

    assert found.size == size
    assert all(one.region.clipped(size) == one.region for one in found.regions)


def test_a_question_longer_than_the_context_is_wrong_use(bench, tiny_folder, picture):
    with pytest.raises(WrongUse, match="too long") as refusal:
        finish(bench.perform(request_for(tiny_folder, picture, question="why " * 1000)))

    assert refusal.value.hint


def test_the_placeholder_of_pictures_is_no_question(bench, tiny_folder, picture):
    with pytest.raises(WrongUse, match="<image>"):
        finish(bench.perform(request_for(tiny_folder, picture, question="What is <image>?")))


def test_a_loaded_model_tells_what_its_card_says_it_does_not_know(bench, tiny_folder):
    card = read_card(tiny_folder)
    request = LoadModel(str(tiny_folder))

    first, again = (finish(bench.perform(request)) for _ in range(2))

    assert first.limits == again.limits == card.limits
