"""Several jobs in the same forwards get what each gets alone."""

import threading
from functools import partial

import pytest
from numpy.testing import assert_allclose

from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.ports import Sharing
from inspector_app.domain.region import Region
from inspector_app.runtime import lockstep
from tests.fakes.steps import finish
from tests.families.conftest import BLIP_PLANS, NEXT_PLANS, PLANS, QWEN_PLANS, Pair, frame

QUESTIONS = ("What is on the red label?", "Is there a crack?", "Which code?", "Is it red?")
NEUTRAL = "Describe the image."
KINDS = PLANS | QWEN_PLANS | NEXT_PLANS | BLIP_PLANS


@pytest.fixture(
    scope="module",
    params=[
        "qwen2 with shared keys",
        "padded to a square",
        *QWEN_PLANS,
        *NEXT_PLANS,
        "instructblip",
    ],
)
def model(request, tmp_path_factory):
    return Pair(tmp_path_factory.mktemp("model"), KINDS[request.param]).load()


def looked_at(seed, model, _now):
    """All that one inspection asks of a model, with pictures and words of unequal length."""
    shown = frame((120 + 16 * seed, 90), seed=seed)
    reading = model.read([View.of(shown)])
    question = QUESTIONS[seed % len(QUESTIONS)]
    begun = finish(reading.begin(question, layers=(0, 1), max_tokens=2 + seed))
    neutral = reading.attend(NEUTRAL, layers=(0, model.layers - 1))
    crops = [Region(10, 20, 50, 60), Region(60, 5, 110, 40)][: 1 + seed % 2]
    closer = reading.extended([View.of(shown, crop) for crop in crops])
    zoomed, _ = finish(closer.ask(question, max_tokens=5, beside=begun))
    whole = finish(begun.finished())
    weighted = reading.gradient(question, layer=1)
    rows = [begun.rows.values, neutral.values, weighted.values]
    return whole, zoomed, rows, model.passes


def numbers(answer):
    ending = [] if answer.end_logprob is None else [answer.end_logprob]
    return [*(token.logprob for token in answer.tokens), *ending, answer.margin]


def together(model, jobs, *, most=16):
    return finish(model.in_lockstep(jobs, most=most))


def assert_same(found, wanted):
    for one, other in zip(found[:2], wanted[:2], strict=True):
        assert (one.text, one.runner_up) == (other.text, other.runner_up)
        assert_allclose(numbers(one), numbers(other), atol=1e-5)
    for one, other in zip(found[2], wanted[2], strict=True):
        assert_allclose(one, other, atol=1e-5)
    assert found[3] == wanted[3]


@pytest.mark.parametrize("most", [16, 2])
def test_jobs_done_together_get_what_each_gets_alone(model, most):
    alone = []
    for seed in range(4):
        before = model.passes
        *found, after = looked_at(seed, model, None)
        alone.append((*found, after - before))
    before = model.passes

    found, left = together(model, [partial(looked_at, seed) for seed in range(4)], most=most)

    assert isinstance(model, Sharing)
    assert left == most
    for one, other in zip(found, alone, strict=True):
        assert_same(one, other)
    assert model.passes - before == sum((one[3] for one in alone), type(before)())


@pytest.fixture(scope="module")
def usual_model(tmp_path_factory):
    return Pair(tmp_path_factory.mktemp("llava"), PLANS["llama"]).load()


def test_what_is_wanted_at_the_same_time_is_one_forward(usual_model, monkeypatch):
    sizes = []
    packed = lockstep.run_packed

    def counted(network, walks):
        sizes.append(len(walks))
        return packed(network, walks)

    monkeypatch.setattr(lockstep, "run_packed", counted)

    together(usual_model, [partial(looked_at, 0) for _ in range(3)])

    assert sizes
    assert set(sizes) == {3}


def test_a_job_that_fails_is_told_and_the_others_go_on(usual_model):
    def failing(model, _now):
        model.read([View.of(frame())]).prompt("")

    (found, error, other), _ = together(
        usual_model, [partial(looked_at, 1), failing, partial(looked_at, 1)]
    )

    assert isinstance(error, WrongUse)
    assert_same(found, other)


def test_where_memory_ends_fewer_go_together_and_nothing_is_lost(usual_model, monkeypatch):
    packed = lockstep.run_packed

    def small(network, walks):
        if len(walks) > 1:
            raise OutOfMemory("full", hint="")
        return packed(network, walks)

    monkeypatch.setattr(lockstep, "run_packed", small)
    jobs = [partial(looked_at, seed) for seed in range(3)]

    found, left = together(usual_model, jobs)

    assert left == 1
    for seed, one in enumerate(found):
        alone = looked_at(seed, usual_model, None)
        assert_same((*one[:3], 0), (*alone[:3], 0))


def test_jobs_that_are_given_up_leave_no_thread(usual_model):
    before = set(threading.enumerate())
    steps = usual_model.in_lockstep([partial(looked_at, seed) for seed in range(3)], most=16)
    for _ in range(3):
        next(steps)

    steps.close()

    assert set(threading.enumerate()) <= before


def test_a_bug_in_one_common_forward_is_raised(usual_model, monkeypatch):
    def broken(_network, _walks):
        raise KeyError("bug")

    monkeypatch.setattr(lockstep, "run_packed", broken)

    with pytest.raises(RuntimeError, match="several jobs"):
        together(usual_model, [partial(looked_at, 0), partial(looked_at, 1)])
