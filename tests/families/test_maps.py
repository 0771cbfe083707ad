"""Rows, gradients and answers are those of the plain definitions."""

import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from inspector_app.domain.frame import View
from tests.fakes.steps import finish, walk
from tests.families.conftest import BLIP_PLANS, frame

Q = "What is on the red label?"
NEUTRAL = "Write a general description of the image."


def close(got: np.ndarray, wanted: np.ndarray, *, relative: float) -> None:
    """Within `relative` of the largest wanted value."""
    assert got.shape == wanted.shape
    assert np.abs(got - wanted).max() <= relative * np.abs(wanted).max()


def test_it_says_of_itself_that_it_can_do_all_that_follows(pair):
    model = pair.load()
    assert model.can_attend
    assert model.can_backpropagate
    assert model.has_logprobs


def test_rows_of_every_layer_equal_eager_attention(pair, picture):
    model = pair.load()
    wanted = pair.plain.rows([picture()], Q, skip=pair.skip)
    rows = model.read([picture()]).attend(Q, layers=range(model.layers))
    assert_allclose(rows.values, wanted, atol=1e-5)
    close(rows.values, wanted, relative=1e-4)


def test_rows_captured_while_answering_equal_eager_attention(pair, picture):
    model = pair.load()
    wanted = pair.plain.rows([picture()], Q, skip=pair.skip)
    _, rows = finish(model.read([picture()]).ask(Q, layers=(2, 0)))
    assert rows.layers == (2, 0)
    assert_allclose(rows.values, wanted[[2, 0]], atol=1e-5)


def test_a_second_question_gives_what_a_fresh_forward_gives(pair, picture):
    model = pair.load()
    reading = model.read([picture()])
    finish(reading.ask(Q))
    layers = range(model.layers)
    neutral = reading.attend(NEUTRAL, layers=layers)
    again, rows = finish(reading.ask("Is there a crack?", layers=layers))
    assert_allclose(
        neutral.values, pair.plain.rows([picture()], NEUTRAL, skip=pair.skip), atol=1e-5
    )
    wanted = pair.plain.rows([picture()], "Is there a crack?", skip=pair.skip)
    assert_allclose(rows.values, wanted, atol=1e-5)
    logits = pair.plain.logits([picture()], "Is there a crack?")
    assert again.tokens[0].logprob == pytest.approx(logits.log_softmax(-1).max().item(), abs=1e-4)


def test_an_extended_reading_gives_what_a_fresh_forward_over_all_pictures_gives(pair, picture):
    model = pair.load()
    views = [picture(), picture((10, 20, 50, 60)), picture((60, 5, 110, 40))]
    reading = model.read(views[:1])
    finish(reading.ask(Q))
    more = reading.extended(views[1:2]).extended(views[2:])
    answer, rows = finish(more.ask(Q, layers=range(model.layers)))
    wanted = pair.plain.rows(views, Q, skip=pair.skip)
    assert_allclose(rows.values, wanted, atol=1e-5)
    assert rows.grids == more.grids
    assert len(more.grids) == 3
    logits = pair.plain.logits(views, Q).log_softmax(-1)
    assert answer.tokens[0].logprob == pytest.approx(logits.max().item(), abs=1e-4)


def test_answers_are_those_of_generate_with_their_probabilities(pair, picture):
    model = pair.load()
    steps, (answer, rows) = walk(model.read([picture()]).ask(Q, max_tokens=5))
    ids = pair.plain.answer([picture()], Q, tokens=5)
    ended = ids[-1] == 2
    said = ids[:-1] if ended else ids
    assert rows is None
    assert answer.text == model.speech.decode(said).strip()
    assert len(answer.tokens) == len(said)
    assert "".join(token.text for token in answer.tokens) == model.speech.decode(said)
    assert (answer.end_logprob is not None) == ended
    first = pair.plain.logits([picture()], Q).softmax(-1).topk(2)
    assert answer.margin == pytest.approx((first[0][0] - first[0][1]).item(), abs=1e-5)
    assert answer.runner_up == model.speech.decode([first[1][1].item()]).strip()
    if said:
        assert math.exp(answer.tokens[0].logprob) == pytest.approx(first[0][0].item(), abs=1e-5)
    assert [step.stage for step in steps] == ["ask"] * len(steps)
    assert steps[-1].sample.text == answer.text


def test_later_words_carry_the_probability_of_a_full_forward(usual, picture):
    model = usual.load()
    answer, _ = finish(model.read([picture()]).ask(Q, max_tokens=5))
    inputs = usual.plain.inputs([picture()], Q)
    ids = usual.plain.answer([picture()], Q, tokens=5)
    inputs["input_ids"] = torch.cat([inputs["input_ids"], torch.tensor([ids])], dim=1)
    with torch.no_grad():
        logits = usual.plain.network(**inputs).logits[0].float().log_softmax(-1)
    wanted = [logits[at - len(ids) - 1, token].item() for at, token in enumerate(ids)]
    found = [token.logprob for token in answer.tokens]
    assert_allclose(found, wanted[: len(found)], atol=1e-4)


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_one_token_gradients_equal_the_full_backward(pair, picture, layer):
    model = pair.load()
    found = model.read([picture()]).gradient(Q, layer=layer)
    wanted = pair.plain.gradient([picture()], Q, layer=layer)
    if pair.skip:
        wanted = wanted[:, pair.skip :]
    assert found.layers == (layer,)
    assert wanted.max() > 0
    close(found.values[0], wanted, relative=1e-4)


def test_gradients_after_the_answer_equal_the_full_backward(pair, picture):
    model = pair.load()
    views = [picture(), picture((10, 20, 50, 60))]
    reading = model.read(views[:1]).extended(views[1:])
    finish(reading.ask(Q, layers=(1,)))
    before = model.passes
    found = reading.gradient(Q, layer=1)
    spent = model.passes - before
    if pair.plan in BLIP_PLANS.values():
        # The queries' own gradient takes a walk through everything for each picture.
        assert (spent.language, spent.vision) == (3, 0)
    else:
        assert (spent.language, spent.tokens_prefilled, spent.vision) == (1, 1, 0)
    if not pair.skip:
        close(found.values[0], pair.plain.gradient(views, Q, layer=1), relative=1e-4)


def test_pixel_gradients_equal_plain_autograd(pair, picture):
    model = pair.load()
    found, grid = model.read([picture()]).pixel_gradient(Q)
    wanted = pair.plain.pixel_gradient([picture()], Q)
    assert (grid.rows, grid.cols) == found.shape
    close(found, wanted, relative=1e-4)


def test_pixel_gradients_are_of_the_first_view_when_there_are_more(usual, picture):
    views = [picture(), picture((10, 20, 50, 60))]
    found, _ = usual.load().read(views).pixel_gradient(Q)
    close(found, usual.plain.pixel_gradient(views, Q), relative=1e-4)


def test_what_says_that_it_keeps_shapes_neither_squashes_nor_cuts(pair):
    model = pair.load()

    (grid,) = model.read([View.of(frame((400, 100)))]).grids

    assert model.keeps_shape == (pair.family.TITLE in {"Qwen2.5-VL", "Qwen3-VL", "LLaVA-NeXT"})
    if model.keeps_shape:
        # Whole cells only: rounding moves a side by less than half a cell of three rows.
        assert grid.cell[0] / grid.cell[1] == pytest.approx(1, abs=0.3)
        assert (grid.x0, grid.y0) <= (0, 0)
        assert (grid.x1, grid.y1) >= (400, 100)
