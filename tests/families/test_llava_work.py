"""What the engine does not do: work that was done before, and work that nobody asked for."""

import gc
import weakref
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import torch
from numpy.testing import assert_allclose
from torch import nn

from inspector_app.domain.inspection import Passes
from inspector_app.runtime.few_rows import FewRows, quicken
from inspector_app.runtime.probe import attend
from tests.fakes.steps import finish

Q, OTHER = "What is on the red label?", "Is there a crack?"


@contextmanager
def counted(*modules):
    """How often each module ran."""
    ran = Counter()
    hooks = [
        module.register_forward_pre_hook(lambda *_, at=at: ran.update([at]))
        for at, module in enumerate(modules)
    ]
    try:
        yield ran
    finally:
        for hook in hooks:
            hook.remove()


@pytest.fixture
def model(usual):
    return usual.load()


def stack(model):
    return model.eyes.whole.model.language_model.layers


def test_every_picture_goes_through_the_vision_tower_once(model, picture):
    with counted(model.eyes.whole.model.vision_tower) as ran:
        reading = model.read([picture()])
        finish(reading.ask(Q, layers=(1,)))
        reading.attend(OTHER, layers=(1,))
        reading.gradient(Q, layer=2)
        closer = reading.extended([picture((10, 20, 50, 60))])
        finish(closer.ask(Q))
    assert ran[0] == 2
    assert model.passes.vision == 2


def test_passes_count_what_ran(model, picture):
    reading = model.read([picture()])
    assert model.passes == Passes(vision=1)
    length = len(model.speech.prompt(Q, pictures=reading.pictures).ids)
    with counted(stack(model)[0]) as ran:
        answer, _ = finish(reading.ask(Q, max_tokens=3))
    steps = min(3, len(answer.tokens) + (answer.end_logprob is not None))
    assert ran[0] == steps
    assert model.passes == Passes(1, steps, length)
    finish(reading.ask(Q, max_tokens=1))
    assert model.passes == Passes(1, steps + 1, length + 1)


def test_another_question_pays_for_its_own_words_only(model, picture):
    reading = model.read([picture()])
    finish(reading.ask(Q))
    before = model.passes
    finish(reading.ask(OTHER, max_tokens=1))
    spent = model.passes - before
    prompts = [model.speech.prompt(text, pictures=reading.pictures).ids for text in (Q, OTHER)]
    shared = next(at for at, (a, b) in enumerate(zip(*prompts, strict=False)) if a != b)
    assert shared > reading.pictures[0].tokens
    assert spent == Passes(0, 1, len(prompts[1]) - shared)


def test_the_network_is_left_after_the_deepest_wanted_layer(model, picture):
    layers = stack(model)
    reading = model.read([picture()])
    with counted(*layers, layers[1].mlp, model.eyes.whole.lm_head) as ran:
        reading.attend(Q, layers=(0, 1))
    assert [ran[at] for at in range(4)] == [1, 1, 0, 0]
    assert ran[4] == ran[5] == 0


def test_an_answer_after_leaving_early_is_that_of_a_fresh_reading(model, picture):
    reading = model.read([picture()])
    reading.attend(Q, layers=(1,))
    answer, _ = finish(reading.ask(Q))
    again, _ = finish(model.read([picture()]).ask(Q))
    assert answer.text == again.text
    assert_allclose(
        [token.logprob for token in answer.tokens],
        [token.logprob for token in again.tokens],
        atol=1e-5,
    )


def test_rows_that_are_known_cost_nothing(model, picture):
    reading = model.read([picture()])
    first = reading.attend(OTHER, layers=(2, 1))
    _, rows = finish(reading.ask(Q, layers=(0, 1, 2, 3)))
    before = model.passes
    again = reading.attend(OTHER, layers=(1,))
    asked = reading.attend(Q, layers=(3,))
    assert model.passes == before
    assert_allclose(again.values[0], first.values[1], atol=0)
    assert_allclose(asked.values[0], rows.values[3], atol=0)


def test_known_rows_are_not_changed_by_their_reader(model, picture):
    reading = model.read([picture()])
    first = reading.attend(Q, layers=(1,))
    kept = first.values.copy()
    first.values[:] = 0
    assert_allclose(reading.attend(Q, layers=(1,)).values, kept, atol=0)


def test_an_answer_after_its_question_was_asked_elsewhere_is_still_right(model, picture):
    alone, _ = finish(model.read([picture()]).ask(Q, max_tokens=5))
    reading = model.read([picture()])
    steps = reading.ask(Q, max_tokens=5)
    others = [
        lambda: reading.attend(OTHER, layers=(2,)),
        lambda: finish(reading.extended([picture((5, 5, 60, 60))]).ask(OTHER)),
        lambda: reading.gradient(OTHER, layer=1),
        lambda: finish(reading.ask(OTHER)),
        lambda: reading.pixel_gradient(OTHER),
    ]
    while True:
        try:
            next(steps)
        except StopIteration as end:
            answer = end.value[0]
            break
        if others:
            others.pop()()
    assert answer.text == alone.text
    assert_allclose(
        [token.logprob for token in answer.tokens],
        [token.logprob for token in alone.tokens],
        atol=1e-5,
    )


def test_threads_do_not_disturb_each_other(model, picture):
    readings = [model.read([picture(seed=seed)]) for seed in range(2)]
    readings.append(readings[0].extended([picture((10, 20, 50, 60))]))
    wanted = [
        (finish(reading.ask(text))[0].text, reading.gradient(text, layer=1).values)
        for reading in readings
        for text in (Q, OTHER)
    ]

    def job(number: int):
        reading, text = readings[number // 2], (Q, OTHER)[number % 2]
        return finish(reading.ask(text))[0].text, reading.gradient(text, layer=1).values

    with ThreadPoolExecutor(max_workers=3) as pool:
        found = list(pool.map(job, list(range(6)) * 3))
    for (text, rows), (right, values) in zip(found, wanted * 3, strict=True):
        assert text == right
        assert_allclose(rows, values, atol=1e-6)


def test_a_stopped_answer_leaves_the_reading_usable(model, picture):
    reading = model.read([picture()])
    steps = reading.ask(Q)
    next(steps)
    next(steps)
    steps.close()
    alone, _ = finish(model.read([picture()]).ask(Q))
    assert finish(reading.ask(Q))[0].text == alone.text


def test_no_forward_asks_for_attention_matrices(model, picture):
    asked = []
    language = model.eyes.whole.model.language_model
    hook = language.register_forward_pre_hook(
        lambda _module, _args, kwargs: asked.append(kwargs.get("output_attentions")),
        with_kwargs=True,
    )
    reading = model.read([picture()])
    finish(reading.ask(Q, layers=(0, 1)))
    reading.gradient(Q, layer=1)
    hook.remove()
    assert set(asked) == {None}


def test_only_the_last_token_runs_with_a_graph(model, picture):
    reading = model.read([picture()])
    graphs = []
    layers = stack(model)
    hooks = [
        layer.register_forward_hook(
            lambda _module, _args, out, at=at: graphs.append((at, out.shape[1], out.requires_grad))
        )
        for at, layer in enumerate(layers)
    ]
    reading.gradient(Q, layer=2)
    for hook in hooks:
        hook.remove()
    assert [entry for entry in graphs if entry[2]] == [(2, 1, True), (3, 1, True)]


def test_nothing_is_left_when_readings_are_dropped(model, picture):
    reading = model.read([picture()])
    finish(reading.ask(Q))
    reading.gradient(Q, layer=1)
    cache = weakref.ref(reading.cache)
    del reading
    gc.collect()
    assert cache() is None
    assert all(weight.grad is None for weight in model.eyes.whole.parameters())
    assert not any(weight.requires_grad for weight in model.eyes.whole.parameters())


def test_the_last_layer_works_for_the_last_token_only(model, picture):
    last = stack(model)[-1]
    sizes = []
    hook = last.mlp.register_forward_hook(
        lambda _module, args, _out: sizes.append(args[0].shape[1])
    )
    finish(model.read([picture()]).ask(Q, max_tokens=1))
    hook.remove()
    assert sizes == [1]


def test_a_part_that_was_seen_before_is_not_looked_at_again(model, picture):
    boxes = [(10, 20, 50, 60), (5, 5, 40, 40)]
    reading = model.read([picture()])
    both = reading.extended([picture(box) for box in boxes])
    finish(both.ask(Q))
    before = model.passes
    alone = reading.extended([picture(boxes[0])])
    found, _ = finish(alone.ask(Q, max_tokens=1))
    spent = model.passes - before
    length = len(model.speech.prompt(Q, pictures=alone.pictures).ids)
    assert spent.vision == 0
    # The begin mark, the whole picture and the first part are still in the cache.
    assert spent.tokens_prefilled == length - 1 - 2 * alone.pictures[0].tokens
    fresh, _ = finish(model.read([picture(), picture(boxes[0])]).ask(Q, max_tokens=1))
    assert found.tokens[0].logprob == pytest.approx(fresh.tokens[0].logprob, abs=1e-5)


def test_other_pixels_of_the_same_region_are_another_picture(model, picture):
    box = (10, 20, 50, 60)
    reading = model.read([picture()])
    first = reading.extended([picture(box)])
    other = reading.extended([picture(box, seed=7)])
    assert model.passes.vision == 3
    assert first.pictures[1].mark != other.pictures[1].mark


def test_the_same_view_twice_in_a_prompt_has_its_tokens_twice(model, picture):
    reading = model.read([picture(), picture()])
    assert_allclose(reading.pictures[0].features, reading.pictures[1].features, atol=1e-5)
    rows = reading.attend(Q, layers=(0,))
    assert rows.values.shape[2] == 32


def test_quick_layers_keep_the_same_weights_under_the_same_names(model, usual):
    mine = dict(model.eyes.whole.named_parameters())
    plain = dict(usual.plain.network.named_parameters())
    assert mine.keys() == plain.keys()
    assert all(torch.equal(mine[name], plain[name]) for name in plain)
    if torch.backends.mkl.is_available():
        assert type(stack(model)[0].mlp.gate_proj) is FewRows


@pytest.mark.parametrize(
    "rows", [(), (1,), (1, 2), (2, 1), (1, 4), (1, 5), (2, 3), (1, 64), (1, 65)]
)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("size", [(24, 40), (512, 520)])
def test_a_few_rows_are_multiplied_as_any_linear_layer_does(rows, bias, size):
    layer = nn.Linear(*size, bias=bias).requires_grad_(requires_grad=False)
    states = torch.randn(*rows, size[0])
    expected = states @ layer.weight.T + (layer.bias if bias else 0)

    quicken(nn.Sequential(layer))

    assert_allclose(layer(states).detach(), expected.detach(), atol=1e-5)


@pytest.mark.parametrize("rows", [1, 5, 65])
def test_quick_layers_can_still_be_learned(rows):
    layer, plain = nn.Linear(512, 520), nn.Linear(512, 520)
    plain.load_state_dict(layer.state_dict())
    states = torch.randn(rows, 512)
    quicken(nn.Sequential(layer))

    for each in (layer, plain):
        each(states).square().sum().backward()

    assert_allclose(layer.weight.grad, plain.weight.grad, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("group", [1, 3])
@pytest.mark.parametrize("masked", [False, True])
def test_one_query_alone_attends_as_the_definition_says(group, masked):
    query = torch.randn(1, 2 * group, 1, 8)
    key, value = torch.randn(1, 2, 7, 8), torch.randn(1, 2, 7, 8)
    mask = torch.zeros(1, 1, 1, 7)
    mask[..., 2] = float("-inf") if masked else 0.0

    out = attend(One(), query, key, value, mask if masked else None, scaling=0.3)[0]

    for head in range(2 * group):
        scores = key[0, head // group] @ query[0, head, 0] * 0.3 + mask[0, 0, 0]
        assert_allclose(
            out[0, 0, head], scores.exp() / scores.exp().sum() @ value[0, head // group], atol=1e-5
        )


class One(nn.Module):
    """An attention module as the registry gives it."""

    layer_idx = 0
