"""Greedy words, the gradient's target, and full memory."""

import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from inspector_app.domain.errors import ModelTrouble, OutOfMemory
from inspector_app.runtime import devices
from inspector_app.runtime.decoding import Spoken
from inspector_app.runtime.gradients import certainty, slope
from inspector_app.runtime.probe import row_of
from inspector_app.runtime.trouble import room_on

# Token number -> bytes: "caf", and an e with an accent in two tokens.
BYTES = {3: b"caf", 4: b"\xc3", 5: b"\xa9", 6: b" bar"}


def decode(ids):
    return b"".join(BYTES[number] for number in ids).decode(errors="replace")


def scores(best: int, second: int) -> torch.Tensor:
    """Probabilities 0.7 and 0.2, and 0.1 for the others together."""
    odds = torch.full((8,), 0.1 / 6)
    odds[best], odds[second] = 0.7, 0.2
    return odds.log() + 3.0


def test_an_answer_tells_words_probabilities_and_the_second_choice():
    spoken = Spoken(decode, frozenset({2}))
    for best, second in ((3, 6), (4, 3), (5, 3)):
        spoken.hear(scores(best, second))
    spoken.hear(scores(2, 3))
    answer = spoken.answer()
    assert answer.text == "caf\u00e9"
    assert [token.text for token in answer.tokens] == ["caf", "", "\u00e9"]
    assert answer.margin == pytest.approx(0.5, abs=1e-6)
    assert answer.runner_up == "bar"
    assert answer.end_logprob == pytest.approx(math.log(0.7), abs=1e-6)
    assert answer.logprob == pytest.approx(3 * math.log(0.7), abs=1e-5)
    assert answer.weakest == pytest.approx(0.7, abs=1e-6)


def test_a_character_that_is_not_complete_is_held_back_while_it_comes():
    spoken = Spoken(decode, frozenset({2}))
    spoken.hear(scores(3, 6))
    spoken.hear(scores(4, 6))
    assert spoken.text == "caf"
    spoken.hear(scores(5, 6))
    assert spoken.text == "caf\u00e9"
    assert not spoken.has_ended
    assert spoken.answer().end_logprob is None


def test_the_target_is_the_log_probability_of_the_best_token():
    values = torch.tensor([0.3, 2.0, -1.0, 1.5])
    assert certainty(values)[0].item() == pytest.approx(values.log_softmax(-1).max().item())
    assert certainty(values)[1].item() == pytest.approx(0.5)


@pytest.mark.parametrize("lead", [1.0, 10.0, 30.0, 60.0])
def test_gradients_of_a_confident_model_keep_their_direction(lead):
    base = torch.tensor([0.0, 0.0, -0.5, -1.0, 0.3], dtype=torch.float64)
    base[1] = lead
    # d log p* / dz = onehot - softmax, exactly, in twice the precision.
    odds = (base - base[1]).exp()
    odds[1] = 0
    wanted = -odds / (1 + odds.sum())
    wanted[1] = -wanted.sum()
    source = base.float().requires_grad_()
    assert_allclose(slope(source * 1.0, source).numpy(), wanted.numpy(), rtol=1e-5)


def test_where_no_slope_is_left_the_margin_takes_its_place():
    source = torch.tensor([0.0, 500.0, 1.0]).requires_grad_()
    assert slope(source * 1.0, source).tolist() == [0.0, 1.0, -1.0]


def test_gradients_that_are_no_numbers_are_model_trouble():
    source = torch.tensor([0.0, 1.0, 2.0]).requires_grad_()
    with pytest.raises(ModelTrouble, match="gradients"):
        slope((source - source.detach()).abs().sqrt() + source.detach(), source)


@pytest.mark.parametrize("heads", [(6, 6), (6, 3), (6, 1)])
@pytest.mark.parametrize("drafted", [0, 2])
def test_a_row_is_that_of_the_whole_matrix(heads, drafted):
    torch.manual_seed(0)
    query = torch.randn(1, heads[0], 5, 8)
    key = torch.randn(1, heads[1], 11, 8)
    spread = key.repeat_interleave(heads[0] // heads[1], dim=1)
    matrix = (query @ spread.transpose(2, 3) * 0.3).masked_fill(
        ~torch.ones(5, 11, dtype=torch.bool).tril(6), -np.inf
    )
    wanted = matrix.softmax(-1)[0, :, 4 - drafted, : 11 - drafted]
    found = row_of(query, key, scaling=0.3, drafted=drafted).flatten(0, 1)
    assert_allclose(found.numpy(), wanted.numpy(), atol=1e-6)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_full_memory_is_told_in_the_users_words(error):
    with pytest.raises(OutOfMemory) as caught, room_on(torch.device("cpu"), doing="dance"):
        raise error
    assert str(caught.value) == "There was not enough memory on the computer to dance."
    assert caught.value.hint
    assert caught.value.__cause__ is error


def test_a_processor_computes_in_float32_unless_told_otherwise():
    assert devices.choose("cpu", "auto").dtype_name == "float32"
    assert devices.choose("cpu", "bfloat16").dtype_name == "bfloat16"
    assert devices.choose("cpu", "auto").device_name == "cpu"
    assert "torch" in devices.machine()
