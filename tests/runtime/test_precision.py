"""Weights of eight bits."""

import copy
import weakref

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from inspector_app import paths
from inspector_app.families import llava
from inspector_app.runtime import devices, precision
from inspector_app.runtime.checkpoint import stored_dtype
from inspector_app.runtime.precision import (
    EightBitLinear,
    bytes_of,
    eight_bit_language_bytes,
    language_bytes,
    to_eight_bits,
)


def linear(*, out=24, width=16, bias=False, dtype=torch.bfloat16):
    torch.manual_seed(0)
    return nn.Linear(width, out, bias=bias).to(dtype).requires_grad_(requires_grad=False)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("rows", [1, 8, 9])
def test_each_weight_is_off_by_at_most_half_a_step(rows, bias):
    plain = linear(bias=bias)
    rounded = EightBitLinear(plain)
    states = torch.randn(1, rows, 16).bfloat16()

    back = rounded.weight.float() * rounded.scale.float()[:, None]
    wanted = states.float() @ back.T + (plain.bias.float() if bias else 0)

    step = plain.weight.float().abs().amax(dim=1, keepdim=True) / 127
    # The scale itself is kept in bfloat16: 8 bits of its own.
    assert ((back - plain.weight.float()).abs() <= step * (0.5 + 127 / 256)).all()
    torch.testing.assert_close(rounded(states).float(), wanted, atol=0.03, rtol=0.02)


def test_both_ways_through_a_layer_agree():
    rounded = EightBitLinear(linear())
    states = torch.randn(4, 16).bfloat16()

    quick, slow = rounded(states), rounded(states.clone().requires_grad_())

    torch.testing.assert_close(quick, slow.detach(), atol=0.02, rtol=0.02)


def test_a_gradient_finds_its_way_back():
    rounded = EightBitLinear(linear(dtype=torch.float32))
    states = torch.randn(2, 16, requires_grad=True)

    rounded(states).sum().backward()

    wanted = (rounded.weight * rounded.scale[:, None]).sum(dim=0).expand(2, -1)
    torch.testing.assert_close(states.grad, wanted)


def test_a_row_of_zeros_stays_a_row_of_zeros():
    plain = linear()
    plain.weight[3] = 0

    assert (EightBitLinear(plain)(torch.ones(1, 16).bfloat16())[0, 3] == 0).all()


@pytest.fixture(scope="module")
def loaded():
    folder = paths.shipped_models() / "embedded"
    return {
        name: llava.load(folder, device="cpu", precision=name)
        for name in ("float32", "bfloat16", "int8")
    }


def test_eight_bits_take_at_most_six_tenths_of_sixteen(loaded):
    eight, sixteen = (language_bytes(loaded[name].eyes.whole) for name in ("int8", "bfloat16"))

    assert eight <= 0.6 * sixteen
    assert eight == eight_bit_language_bytes(loaded["float32"].eyes.whole)


def test_weights_count_by_hand_and_shared_ones_once(loaded):
    whole = loaded["float32"].eyes.whole
    shared = nn.Parameter(torch.zeros(3, 5))

    assert bytes_of([shared, shared, torch.zeros(2, dtype=torch.int8)]) == 62
    assert whole.lm_head.weight is whole.get_input_embeddings().weight
    assert loaded["float32"].memory_bytes(0) == 4 * 5196480


def test_the_facts_say_int8_and_the_vision_tower_is_untouched(loaded):
    eight = loaded["int8"]
    vision = [
        part
        for part in eight.eyes.whole.model.vision_tower.modules()
        if isinstance(part, nn.Linear)
    ]

    assert eight.facts.dtype == "int8"
    assert len(vision) > 6
    assert isinstance(eight.eyes.whole.lm_head, nn.Linear)
    assert not any(
        isinstance(part, nn.Linear) for part in eight.eyes.whole.model.language_model.modules()
    )


def test_a_head_of_its_own_is_rounded_too():
    whole = copy.deepcopy(
        llava.load(
            paths.shipped_models() / "embedded", device="cpu", precision="bfloat16"
        ).eyes.whole
    )
    head = whole.lm_head
    whole.lm_head = nn.Linear(head.in_features, head.out_features, bias=False).bfloat16()

    foretold = eight_bit_language_bytes(whole)
    to_eight_bits(whole, dtype=torch.bfloat16)

    assert isinstance(whole.lm_head, EightBitLinear)
    assert language_bytes(whole) == foretold


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.float16])
def test_what_most_weights_are_stored_in_is_told_by_the_files(tmp_path, kind):
    save_file({"a": torch.zeros(9, dtype=kind)}, tmp_path / "model-1.safetensors")
    few = {"a": torch.zeros(3, dtype=torch.float32), "b": torch.zeros(2, dtype=torch.float16)}
    save_file(few, tmp_path / "model-2.safetensors")

    assert stored_dtype(tmp_path) is kind


@pytest.mark.parametrize("stored", [torch.float32, torch.float16])
def test_each_layer_is_let_go_before_the_next_is_rounded(stored, monkeypatch):
    folder = paths.shipped_models() / "embedded"
    whole = copy.deepcopy(llava.load(folder, device="cpu", precision="float32").eyes.whole)
    whole.to(stored)
    old = [
        weakref.ref(part)
        for part in whole.model.language_model.modules()
        if isinstance(part, nn.Linear)
    ]
    alive = []

    def rounded(weight, *, dtype):
        alive.append(sum(one() is not None for one in old))
        return round_weight(weight, dtype=dtype)

    round_weight = precision._rounded
    monkeypatch.setattr(precision, "_rounded", rounded)
    to_eight_bits(whole, dtype=torch.bfloat16)

    assert alive == list(range(len(old), 0, -1))
    assert {one.dtype for one in whole.parameters()} == {torch.bfloat16, torch.int8}


def test_eight_bits_are_a_precision_like_the_others():
    place = devices.choose("cpu", "int8")

    assert (place.dtype_name, place.dtype, place.eight_bit) == ("int8", torch.bfloat16, True)
