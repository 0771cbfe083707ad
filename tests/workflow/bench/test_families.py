"""The benchmark of the families measures two procedures that do the same, for each of them."""

import json

import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.workflow.bench.engine import ARMS, SECOND, SHAPES
from inspector_app.workflow.bench.families import LAYOUTS, run
from inspector_app.workflow.bench.mosaic import MosaicLayout
from inspector_app.workflow.bench.network import Layout
from inspector_app.workflow.bench.patchwork import PatchworkLayout
from inspector_app.workflow.bench.queries import QueriesLayout
from tests.fakes.steps import finish, walk

SMALL = {"layers": 4, "width": 128, "side": 56, "layer": 1, "answer": 3, "least": 4, "most": 12}
TINY = {
    "llava": Layout(layers=3, width=64, side=56, layer=1, answer=3),
    "llava_next": MosaicLayout(layers=3, width=64, side=56, layer=1, answer=3, tile=28),
    "qwen2_5_vl": PatchworkLayout(**SMALL),
    "qwen3_vl": PatchworkLayout(**SMALL, family="qwen3_vl"),
    "instructblip": QueriesLayout(layers=3, width=128, side=56, layer=1, answer=3),
}


@pytest.fixture(scope="module")
def measured():
    return walk(run(turns=1, memory=False, layouts=TINY))


@pytest.mark.parametrize("family", TINY)
def test_both_procedures_give_the_same_maps_crops_and_answers(measured, family):
    bench = measured[1].found[family]

    assert max(bench.map_errors) < 1e-3
    assert bench.same_answers
    assert bench.same_regions


@pytest.mark.parametrize("family", TINY)
def test_the_second_question_reads_only_its_crop(measured, family):
    arms = {arm.name: arm for arm in measured[1].found[family].arms}

    assert arms[ARMS[0]].passes.vision == 2
    assert arms[SECOND].passes.vision == 1
    assert arms[SECOND].passes.tokens_prefilled < arms[ARMS[0]].passes.tokens_prefilled


def test_steps_are_counted_over_all_families(measured):
    steps = measured[0]

    # Three of them are measured on pictures of two more shapes.
    count = 2 * (len(TINY) * len(ARMS) + 3 * len(SHAPES))
    assert [step.done for step in steps] == list(range(count))
    assert {step.total for step in steps} == {count}
    assert steps[0].sample.startswith("llava: ")


def test_the_table_names_every_family_and_its_ratios(measured):
    bench = measured[1]
    told = "\n".join(bench.lines())
    plain = json.loads(json.dumps(bench.as_json()))

    for family, found in bench.found.items():
        assert f"== {family} ==" in told
        assert [one["name"] for one in plain[family]["ratios"]] == [
            ratio.name for ratio in found.ratios
        ]


def test_the_second_question_is_told_for_every_shape_where_tokens_follow_it(measured):
    said = {
        family: [one.name for one in found.ratios if " picture (" in one.name]
        for family, found in measured[1].found.items()
    }

    assert said["llava"] == said["instructblip"] == []
    assert [len(said[family]) for family in ("llava_next", "qwen2_5_vl", "qwen3_vl")] == [3, 3, 3]


def test_a_square_picture_and_its_crop_take_as_many_tokens():
    network = MosaicLayout(layers=3, width=64, side=56, layer=1, answer=3, tile=28)
    square, crop = (network.tiling.mosaic(size) for size in ((1225, 1225), (56, 56)))

    assert (square.rows, square.cols) == (crop.rows, crop.cols) == (4, 4)


def test_a_family_whose_queries_read_the_question_has_no_targets(measured):
    found = measured[1].found["instructblip"]

    assert {ratio.target for ratio in found.ratios} == {None}
    assert all("target" not in line for line in found.lines())
    assert "target" in "".join(measured[1].found["llava"].lines())


def test_a_family_that_has_no_layout_is_wrong_use():
    with pytest.raises(WrongUse, match="nonsense") as caught:
        finish(run(families=("nonsense",)))

    assert "qwen3_vl" in caught.value.hint


def test_the_layouts_are_as_deep_as_the_checkpoints():
    assert {family: layout.layers for family, layout in LAYOUTS.items()} == {
        "llava": 32,
        "llava_next": 32,
        "qwen2_5_vl": 28,
        "qwen3_vl": 36,
        "instructblip": 32,
    }
