"""The benchmark of published layouts builds what was published, and measures both ways alike."""

import json
import re
from dataclasses import replace

import pytest
import torch

from inspector_app.domain.errors import InspectorError, OutOfMemory, WrongUse
from inspector_app.runtime import devices, sizes
from inspector_app.workflow.bench import checkpoints as bench_checkpoints
from inspector_app.workflow.bench import memory as bench_memory
from inspector_app.workflow.bench.checkpoints import EAGER, MODELS, OURS, layout_of, run
from inspector_app.workflow.bench.mosaic import network as llava_next_network
from inspector_app.workflow.bench.narrow import narrowed
from inspector_app.workflow.bench.network import network as llava_network
from inspector_app.workflow.bench.scenarios import SCENARIOS
from tests.fakes.steps import finish, walk

SCALE = 16
CPU = devices.choose("cpu", "float32")


@pytest.fixture(scope="module")
def measured():
    steps = run(models=("qwen3-vl-2b",), device="cpu", turns=1, scale=SCALE, shown=(180, 120))
    return walk(steps)


@pytest.mark.parametrize("name", MODELS)
def test_at_scale_one_a_layout_has_as_many_weights_as_the_checkpoint(name):
    card, layout = layout_of(name, placement=CPU, scale=1)

    assert sizes.parameters(sizes.on_paper(layout.architecture)) == card.facts["parameters"]
    assert layout.layer == card.layer


def test_the_network_is_drawn_from_the_architecture_in_the_precision_it_computes_in():
    place = devices.choose("cpu", "bfloat16")
    _card, layout = layout_of("llava-1.5-7b", placement=place, scale=64)

    drawn = llava_network(layout)

    on_paper = sizes.on_paper(layout.architecture)
    assert sizes.parameters(drawn) == sizes.parameters(on_paper)
    assert {one.dtype for one in drawn.parameters()} == {torch.bfloat16}
    assert torch.get_default_dtype() is torch.float32


def test_a_narrower_layout_keeps_the_width_of_its_heads_and_how_they_share():
    card, _ = layout_of("qwen2.5-vl-7b", placement=CPU, scale=1)
    made = narrowed(card.facts["architecture"], scale=4)

    # 28 heads of 128 over 4, 28 layers; a tower of 16 heads of 80, 32 layers.
    text, vision = made["text_config"], made["vision_config"]
    assert (text["num_attention_heads"], text["num_key_value_heads"]) == (7, 1)
    assert (text["hidden_size"], text["intermediate_size"]) == (896, 4736)
    assert text["num_hidden_layers"] == 7
    assert (vision["num_heads"], vision["hidden_size"], vision["depth"]) == (4, 320, 8)
    assert vision["out_hidden_size"] == 896


def test_every_preset_is_measured_both_ways_with_the_same_answers(measured):
    (found,) = measured[1].found

    assert [(told.scenario, told.way) for told in found.told] == [
        (str(one), way) for one in SCENARIOS for way in (OURS, EAGER)
    ]
    assert found.same
    assert all(told.ms > 0 for told in found.told)
    assert {told.target_ms for told in found.told} == {300, 100, 50}
    stages = {told.way: set(told.stages_ms) for told in found.told[:2]}
    assert stages == {
        OURS: {"read", "ask", "map", "read crops", "zoom"},
        EAGER: {"ask", "map", "zoom"},
    }


def test_steps_are_counted_over_both_ways_and_two_questions(measured):
    count = (2 * len(SCENARIOS) + 1) * 2

    assert [step.done for step in measured[0]] == list(range(count))
    assert {step.total for step in measured[0]} == {count}


def test_a_reduced_layout_judges_no_target_and_says_that_it_is_none_of_the_published(measured):
    told = "\n".join(measured[1].lines())
    plain = json.loads(json.dumps(measured[1].as_json()))

    assert "NOT AS PUBLISHED: 16 times" in told
    assert ": NO" not in told
    assert ": yes" not in told
    assert {one["is_met"] for one in plain["found"][0]["told"]} == {None}
    assert plain["found"][0]["second"]["is_met"] is None


def test_the_second_question_is_told_with_the_tokens_that_both_read(measured):
    (found,) = measured[1].found

    late, early = map(int, re.findall(r"\d+", found.second.name))
    assert 0 < late < early
    assert found.second.line.split("  target")[0] in "\n".join(measured[1].lines())
    assert replace(found.second, value=0.61).is_met is False


def test_llava_next_is_drawn_as_published_with_its_tiles():
    card, whole = layout_of("llava-next-mistral-7b", placement=CPU, scale=1)
    _, layout = layout_of("llava-next-mistral-7b", placement=CPU, scale=32)

    drawn = llava_next_network(layout)

    assert sizes.parameters(sizes.on_paper(whole.architecture)) == card.facts["parameters"]
    assert drawn.config.image_grid_pinpoints == layout.shapes
    assert drawn.config.text_config.sliding_window is None
    # 3 : 2 in four tiles: 48 columns of patches, 32 rows with a mark each, and the small whole.
    laid = layout.tiling.mosaic((1500, 1000))
    assert (laid.cols, laid.rows) == (48, 32)


def test_what_does_not_fit_is_told_and_meets_no_target(monkeypatch):
    def full(_work, *, device):
        raise torch.OutOfMemoryError(f"out of memory on {device}")

    monkeypatch.setattr(bench_memory, "peak_here", full)
    # Neither a network nor a walk through everything that lives: there is nothing to measure.
    monkeypatch.setattr(
        bench_checkpoints, "_prepared", lambda *_a, **_k: (full, lambda: full(0, device="cpu"))
    )
    monkeypatch.setattr(bench_checkpoints, "_give_back", lambda _layout: None)
    bench = finish(run(models=("qwen3-vl-2b",), device="cpu", turns=1, scale=64, shown=(90, 60)))

    assert all(told.ms is None and not told.is_met for told in bench.found[0].told)
    assert bench.found[0].second is None
    assert "out of memory" in "".join(bench.lines())


def test_a_network_too_large_for_the_device_is_refused_before_it_is_drawn(monkeypatch):
    monkeypatch.setattr(bench_checkpoints, "free_on", lambda _device: 9_000)

    with pytest.raises(OutOfMemory, match=r"llava-1.5-7b.* 14.1 GB .*bfloat16") as caught:
        finish(run(models=("llava-1.5-7b",), device="cpu", precision="bfloat16"))
    assert "--scale" in caught.value.hint


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"models": ("nonsense",)}, "no model"),
        ({"models": ("embedded",)}, "no published layout"),
        ({"models": ("instructblip-vicuna-7b",)}, "no published layout"),
        ({"precision": "int8"}, "int8"),
        ({"scale": 0}, "scale"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(wish, words):
    with pytest.raises(InspectorError, match=words) as caught:
        finish(run(**{"device": "cpu", **wish}))

    assert caught.value.hint
    assert isinstance(caught.value, WrongUse) or "nonsense" in str(caught.value)
