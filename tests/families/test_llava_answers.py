"""Answers, drafts, and everything that can be wrong with a question or the world."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from inspector_app.domain.errors import ModelTrouble, OutOfMemory, WrongUse
from inspector_app.domain.inspection import Passes
from inspector_app.families import llava
from tests.fakes.steps import finish

Q, OTHER = "What is on the red label?", "Is there a crack?"


@pytest.fixture
def model(usual):
    return usual.load()


def stack(model):
    return model.eyes.whole.model.language_model.layers


def test_a_failed_forward_spoils_nothing(model, picture):
    reading = model.read([picture()])
    wanted, _ = finish(model.read([picture()]).ask(Q))

    def full(*_):
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 10 bytes")

    hook = stack(model)[2].register_forward_pre_hook(full)
    with pytest.raises(OutOfMemory) as caught:
        finish(reading.ask(Q))
    with pytest.raises(OutOfMemory):
        reading.gradient(Q, layer=1)
    with pytest.raises(OutOfMemory):
        reading.pixel_gradient(Q)
    hook.remove()
    assert "memory" in str(caught.value)
    assert caught.value.hint
    assert finish(reading.ask(Q))[0].text == wanted.text


def test_other_errors_of_the_network_are_not_taken_for_full_memory(model, picture):
    def broken(*_):
        raise RuntimeError("shapes do not match")

    hook = stack(model)[2].register_forward_pre_hook(broken)
    with pytest.raises(RuntimeError, match="shapes"):
        finish(model.read([picture()]).ask(Q))
    hook.remove()


def test_cuda_without_room_is_out_of_memory(model, picture):
    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    hook = model.eyes.whole.model.vision_tower.register_forward_pre_hook(full)
    with pytest.raises(OutOfMemory):
        model.read([picture()])
    hook.remove()


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_half_precision_stays_finite_and_near(usual, picture, precision):
    exact = usual.load().read([picture()])
    half = llava.load(usual.folder, device="cpu", precision=precision)
    assert half.facts.dtype == precision
    reading = half.read([picture()])
    answer, rows = finish(reading.ask(Q, layers=(0, 1, 2, 3)))
    assert rows.values.dtype == np.float32
    assert answer.tokens[0].logprob <= 0
    assert_allclose(rows.values, exact.attend(Q, layers=(0, 1, 2, 3)).values, atol=0.02)
    weighted = reading.gradient(Q, layer=1).values
    assert np.isfinite(weighted).all()
    assert weighted.max() > 0
    pixels, _ = reading.pixel_gradient(Q)
    assert np.isfinite(pixels).all()
    assert pixels.max() > 0


def test_questions_longer_than_the_context_are_wrong_use(model, picture, capfd):
    reading = model.read([picture()])
    for ask in (
        lambda: finish(reading.ask("why " * 200)),
        lambda: reading.attend("why " * 200, layers=(0,)),
        lambda: reading.gradient("why " * 200, layer=0),
        lambda: reading.pixel_gradient("why " * 200),
    ):
        with pytest.raises(WrongUse, match="with 1 picture it takes"):
            ask()
    assert capfd.readouterr().err == ""


def test_answers_end_where_the_context_does(model, picture):
    reading = model.read([picture()])
    spare = model.eyes.network.context - 3
    base = len(model.speech.prompt("a", pictures=reading.pictures).ids)
    answer, _ = finish(reading.ask("a" * (1 + spare - base), max_tokens=50))
    assert len(answer.tokens) + (answer.end_logprob is not None) <= 3


@pytest.mark.parametrize("question", ["", "  \n", "what is <image> here?"])
def test_questions_without_words_or_with_the_placeholder_are_wrong_use(model, picture, question):
    with pytest.raises(WrongUse) as caught:
        finish(model.read([picture()]).ask(question))
    assert caught.value.hint


@pytest.mark.parametrize("layer", [-1, 4])
def test_layers_that_do_not_exist_are_wrong_use(model, picture, layer):
    reading = model.read([picture()])
    for ask in (
        lambda: reading.attend(Q, layers=(layer,)),
        lambda: reading.gradient(Q, layer=layer),
        lambda: finish(reading.ask(Q, layers=(0, layer))),
    ):
        with pytest.raises(WrongUse, match=f"no layer {layer}"):
            ask()


def test_prompts_are_told_with_placeholders_unexpanded(model, picture):
    reading = model.read([picture()])
    assert reading.prompt("Why?") == "<image>\nUSER: Why? One word.\nASSISTANT:"
    more = reading.extended([picture((0, 0, 9, 9))])
    assert more.prompt("Why?") == "<image><image>\nUSER: Why? One word.\nASSISTANT:"


def test_numbers_that_are_not_finite_are_model_trouble(model, picture):
    def spoil(_module, _args, out):
        return out * float("nan")

    hook = model.eyes.whole.lm_head.register_forward_hook(spoil)
    reading = model.read([picture()])
    with pytest.raises(ModelTrouble, match="not finite"):
        finish(reading.ask(Q))
    with pytest.raises(ModelTrouble, match="not finite"):
        reading.gradient(Q, layer=1)
    hook.remove()


def test_an_answer_may_be_empty(model, picture):
    def end_at_once(_module, _args, out):
        out = out.clone()
        out[..., 2] = 50.0
        return out

    hook = model.eyes.whole.lm_head.register_forward_hook(end_at_once)
    answer, rows = finish(model.read([picture()]).ask(Q, layers=(1,)))
    hook.remove()
    assert answer.text == ""
    assert answer.tokens == ()
    assert answer.end_logprob == pytest.approx(0, abs=1e-6)
    assert answer.margin == pytest.approx(1, abs=1e-6)
    assert rows is not None


def test_a_larger_picture_is_read_with_more_tokens(model, picture):
    reading = model.read_larger(picture(), side=84)
    assert [grid.tokens for grid in reading.grids] == [36]
    answer, rows = finish(reading.ask(Q, layers=(1,)))
    assert rows.values.shape[2] == 36
    assert answer.tokens or answer.end_logprob is not None
    with pytest.raises(WrongUse):
        model.read_larger(picture(), side=85)


@pytest.mark.parametrize("right", [0, 1, 3, 5])
def test_a_draft_changes_no_word_and_saves_the_forwards_of_its_right_words(model, picture, right):
    views = [picture(), picture((10, 20, 50, 60))]
    alone = model.read(views)
    wanted, rows = finish(alone.ask(Q, layers=(0, 3), max_tokens=6))
    ids = alone.said[Q]
    assert len(ids) == 6
    reading = model.read(views[:1])
    wrong = next(number for number in range(4, 260) if number != ids[right])
    reading.said[Q] = (*ids[:right], wrong, *ids[right + 1 :])
    before = model.passes
    answer, found = finish(reading.extended(views[1:]).ask(Q, layers=(0, 3), max_tokens=6))
    spent = model.passes - before
    assert answer.text == wanted.text
    # After the wrong word, the rest of the draft is right again: one more forward takes it.
    assert spent.language == 1 + (right < 5)
    assert spent.tokens_prefilled == len(alone.speech.prompt(Q, pictures=alone.pictures).ids)
    assert_allclose(found.values, rows.values, atol=1e-6)
    assert_allclose(
        [token.logprob for token in answer.tokens],
        [token.logprob for token in wanted.tokens],
        atol=1e-5,
    )
    assert answer.margin == pytest.approx(wanted.margin, abs=1e-6)


def test_a_draft_that_is_always_wrong_is_given_up(model, picture):
    wanted, _ = finish(model.read([picture()]).ask(Q, max_tokens=6))
    reading = model.read([picture()])
    reading.said[Q] = (259,) * 6
    shorter = []
    hook = stack(model)[0].register_forward_hook(lambda _m, _a, out: shorter.append(out.shape[1]))
    answer, _ = finish(reading.ask(Q, max_tokens=6))
    hook.remove()
    assert answer.text == wanted.text
    assert shorter[1:] == [5, 1, 1, 1, 1]


def test_an_answer_that_is_said_again_needs_one_forward(model, picture):
    reading = model.read([picture()])
    first, _ = finish(reading.ask(Q, max_tokens=6))
    before = model.passes
    again, _ = finish(reading.ask(Q, max_tokens=6))
    assert again.text == first.text
    assert model.passes - before == Passes(0, 1, 1)
