"""Two answers that grow in the same forwards say what each says alone."""

import itertools
from dataclasses import replace

import pytest
from numpy.testing import assert_allclose

from inspector_app.domain.errors import OutOfMemory
from inspector_app.runtime import probe
from tests.fakes.steps import finish, walk
from tests.families.conftest import PLANS, Pair

Q, OTHER, NEUTRAL = "What is on the red label?", "Is there a crack?", "Describe the image."
BOX, BOXES = (10, 20, 50, 60), ((10, 20, 50, 60), (60, 5, 110, 40))


@pytest.fixture(scope="module", params=["qwen2 with shared keys", "padded to a square"])
def talker(request, tmp_path_factory):
    """Checkpoints, with and without shared keys, that say another word each time."""
    return Pair(tmp_path_factory.mktemp("llava"), PLANS[request.param])


@pytest.fixture
def model(talker):
    return talker.load()


def stack(model):
    return model.eyes.whole.model.language_model.layers


def evidence(answer):
    logprobs = [token.logprob for token in answer.tokens]
    ending = [] if answer.end_logprob is None else [answer.end_logprob]
    return answer.text, answer.runner_up, [*logprobs, *ending, answer.margin]


def assert_same(found, wanted):
    (text, second, numbers), (right, runner_up, values) = evidence(found), evidence(wanted)
    assert (text, second) == (right, runner_up)
    assert_allclose(numbers, values, atol=1e-5)


def apart(model, views, question=Q, **more):
    """The answer of a reading that was asked nothing before."""
    return finish(model.read(views).ask(question, **more))[0]


@pytest.mark.parametrize(
    ("words", "boxes"), [(1, BOXES[:1]), (2, BOXES), (3, BOXES[:1]), (7, BOXES)]
)
def test_answers_said_together_are_those_said_apart(pair, picture, words, boxes):
    model = pair.load()
    whole, crops = picture(), [picture(box) for box in boxes]
    reading = model.read([whole])
    begun = finish(reading.begin(Q, layers=(1, 2), max_tokens=words))
    reading.attend(NEUTRAL, layers=(1,))
    closer = reading.extended(crops)
    zoomed, _ = finish(closer.ask(Q, max_tokens=words, beside=begun))
    before = model.passes
    answer = finish(begun.finished())
    assert model.passes == before
    assert_same(answer, apart(model, [whole], max_tokens=words))
    assert_same(zoomed, apart(model, [whole, *crops], max_tokens=words))


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("who", ["whole", "zoomed"])
def test_either_answer_may_end_first(model, picture, who, at):
    views = [picture(), picture(BOX)]
    end = ids_of(model, views[: 1 if who == "whole" else 2], max_tokens=6)[at]
    reading = ending_at(model.read(views[:1]), end)
    begun = finish(reading.begin(Q, max_tokens=6))
    zoomed, _ = finish(reading.extended(views[1:]).ask(Q, max_tokens=6, beside=begun))
    answer = finish(begun.finished())
    assert_same(answer, finish(ending_at(model.read(views[:1]), end).ask(Q, max_tokens=6))[0])
    assert_same(zoomed, finish(ending_at(model.read(views), end).ask(Q, max_tokens=6))[0])
    ended = answer if who == "whole" else zoomed
    assert ended.end_logprob is not None


def ids_of(model, views, **more):
    """The token numbers of an answer."""
    reading = model.read(views)
    finish(reading.ask(Q, **more))
    return reading.said[Q]


def ending_at(reading, number):
    """The same reading, for which this token ends an answer."""
    return replace(reading, speech=replace(reading.speech, ends=frozenset({number})))


@pytest.mark.parametrize("words", [1, 2, 3, 6])
def test_answers_that_agree_are_said_two_words_at_once(model, picture, words):
    hook = model.eyes.whole.lm_head.register_forward_hook(always_the_same)
    reading = model.read([picture()])
    before = model.passes.language
    begun = finish(reading.begin(Q, max_tokens=words))
    zoomed, _ = finish(reading.extended([picture(BOX)]).ask(Q, max_tokens=words, beside=begun))
    answer = finish(begun.finished())
    hook.remove()
    assert answer.text == zoomed.text
    assert len(answer.tokens) == len(zoomed.tokens) == words
    # The first word of one, then two words of both at once, then one of each.
    assert model.passes.language - before == {1: 2, 2: 2, 3: 3, 6: 6}[words]


def always_the_same(_module, _args, out):
    """A head that says one word for ever."""
    out = out.clone()
    out[..., 77] = 50.0
    return out


def test_only_the_longer_prompt_is_read_beside_a_begun_answer(model, picture):
    reading = model.read([picture()])
    begun = finish(reading.begin(Q, max_tokens=4))
    reading.attend(NEUTRAL, layers=(1,))
    closer = reading.extended([picture(BOX)])
    before = model.passes
    finish(closer.ask(Q, max_tokens=4, beside=begun))
    spent = model.passes - before
    length = len(model.speech.prompt(Q, pictures=closer.pictures).ids)
    known = 1 + reading.pictures[0].tokens
    assert spent.tokens_prefilled == length - known
    assert 3 <= spent.language <= 4


def test_the_context_may_leave_less_room_for_one_than_for_the_other(model, picture):
    views = [picture(), picture(BOX)]
    short, long = (
        len(model.speech.prompt(Q, pictures=model.read(shown).pictures).ids)
        for shown in (views[:1], views)
    )
    model.eyes.network.context = long + 2
    reading = model.read(views[:1])
    begun = finish(reading.begin(Q, max_tokens=9))
    zoomed, _ = finish(reading.extended(views[1:]).ask(Q, max_tokens=9, beside=begun))
    answer = finish(begun.finished())
    assert (len(answer.tokens), len(zoomed.tokens)) == (9, 2)
    assert short < long
    assert_same(answer, apart(model, views[:1], max_tokens=9))
    assert_same(zoomed, apart(model, views, max_tokens=9))


def test_a_part_that_was_asked_about_before_is_read_no_second_time(model, picture):
    reading = model.read([picture()])
    closer = reading.extended([picture(BOX)])
    finish(closer.ask(OTHER, max_tokens=3))
    begun = finish(reading.begin(Q, max_tokens=5))
    finish(reading.extended([picture(BOX)]).ask(Q, max_tokens=5, beside=begun))
    begun = finish(reading.begin(OTHER, max_tokens=5))
    zoomed, _ = finish(closer.ask(OTHER, max_tokens=5, beside=begun))
    assert_same(finish(begun.finished()), apart(model, [picture()], OTHER, max_tokens=5))
    assert_same(zoomed, apart(model, [picture(), picture(BOX)], OTHER, max_tokens=5))
    before = model.passes
    finish(closer.ask(OTHER, max_tokens=5))
    assert (model.passes - before).tokens_prefilled == 1


@pytest.mark.parametrize("at", range(1, 6))
def test_other_work_between_two_words_changes_neither_answer(model, picture, at):
    reading = model.read([picture()])
    closer = reading.extended([picture(BOX)])
    begun = finish(reading.begin(Q, max_tokens=6))
    steps = closer.ask(Q, max_tokens=6, beside=begun)
    for _ in range(at):
        next(steps)
    finish(reading.ask(OTHER, layers=(1,), max_tokens=2))
    reading.gradient(OTHER, layer=1)
    zoomed, _ = finish(steps)
    assert_same(finish(begun.finished()), apart(model, [picture()], max_tokens=6))
    assert_same(zoomed, apart(model, [picture(), picture(BOX)], max_tokens=6))


@pytest.mark.parametrize("at", range(1, 6))
def test_stopping_between_two_words_loses_no_word_of_the_begun_answer(model, picture, at):
    reading = model.read([picture()])
    closer = reading.extended([picture(BOX)])
    begun = finish(reading.begin(Q, max_tokens=6))
    steps = closer.ask(Q, max_tokens=6, beside=begun)
    for _ in range(at):
        next(steps)
    steps.close()
    said = begun.line.spoken.text
    answer = finish(begun.finished())
    assert answer.text.startswith(said.strip())
    assert_same(answer, apart(model, [picture()], max_tokens=6))
    zoomed, _ = finish(closer.ask(Q, max_tokens=6))
    assert_same(zoomed, apart(model, [picture(), picture(BOX)], max_tokens=6))


def test_a_begun_answer_is_finished_alone_after_anything_else(model, picture):
    reading = model.read([picture()])
    begun = finish(reading.begin(Q, layers=(0, 2), max_tokens=6))
    reading.attend(NEUTRAL, layers=(1,))
    finish(reading.extended([picture(BOX)]).ask(OTHER, max_tokens=3))
    wanted, rows = finish(model.read([picture()]).ask(Q, layers=(0, 2), max_tokens=6))
    assert_allclose(begun.rows.values, rows.values, atol=1e-6)
    assert_same(finish(begun.finished()), wanted)


def test_full_memory_in_the_first_forward_for_both_costs_no_word(model, picture):
    reading = model.read([picture()])
    begun = finish(reading.begin(Q, max_tokens=6))
    closer = reading.extended([picture(BOX)])
    full = stack(model)[2].register_forward_pre_hook(runs_full)
    with pytest.raises(OutOfMemory):
        finish(closer.ask(Q, max_tokens=6, beside=begun))
    full.remove()
    zoomed, _ = finish(closer.ask(Q, max_tokens=6, beside=begun))
    assert_same(zoomed, apart(model, [picture(), picture(BOX)], max_tokens=6))
    assert_same(finish(begun.finished()), apart(model, [picture()], max_tokens=6))


def runs_full(*_):
    raise MemoryError


def test_an_answer_about_another_picture_is_left_alone(model, picture):
    begun = finish(model.read([picture(seed=3)]).begin(Q, max_tokens=6))
    reading = model.read([picture()])
    zoomed, _ = finish(reading.extended([picture(BOX)]).ask(Q, max_tokens=6, beside=begun))
    assert_same(zoomed, apart(model, [picture(), picture(BOX)], max_tokens=6))
    assert_same(finish(begun.finished()), apart(model, [picture(seed=3)], max_tokens=6))


def test_another_question_may_be_asked_beside(model, picture):
    reading = model.read([picture()])
    begun = finish(reading.begin(Q, max_tokens=6))
    before = model.passes.language
    zoomed, _ = finish(reading.extended([picture(BOX)]).ask(OTHER, max_tokens=6, beside=begun))
    assert model.passes.language - before == 6
    assert_same(zoomed, apart(model, [picture(), picture(BOX)], OTHER, max_tokens=6))
    assert_same(finish(begun.finished()), apart(model, [picture()], max_tokens=6))


def test_rows_of_the_zoomed_answer_are_those_of_a_fresh_reading(model, picture):
    reading = model.read([picture()])
    begun = finish(reading.begin(Q, max_tokens=3))
    closer = reading.extended([picture(BOX)])
    zoomed, rows = finish(closer.ask(Q, layers=(0, 1), max_tokens=3, beside=begun))
    wanted, right = finish(
        model.read([picture(), picture(BOX)]).ask(Q, layers=(0, 1), max_tokens=3)
    )
    assert_same(zoomed, wanted)
    assert_allclose(rows.values, right.values, atol=1e-6)
    assert_same(finish(begun.finished()), apart(model, [picture()], max_tokens=3))


def test_words_of_both_come_as_they_are_said(model, picture):
    reading = model.read([picture()])
    reading = replace(reading, speech=replace(reading.speech, decode=numbered))
    first, begun = walk(reading.begin(Q, max_tokens=4))
    steps, (zoomed, _) = walk(reading.extended([picture(BOX)]).ask(Q, max_tokens=4, beside=begun))
    samples = [step.sample for step in [*first, *steps]]
    for whose, answer in (("whole", finish(begun.finished())), ("zoomed", zoomed)):
        texts = [words.text for words in samples if words.whose == whose]
        counts = [len(text.split()) for text in texts]
        # Two at once where the second of them was said beside already.
        assert all(0 <= more - less <= 2 for less, more in itertools.pairwise(counts))
        assert (counts[0], counts[-1], texts[-1]) == (0, 4, answer.text)
    assert len(first[-1].sample.text.split()) == 1
    assert all(0 <= step.done <= step.total for step in steps)


def numbered(ids):
    """Every token is a word of its own."""
    return " ".join(str(number) for number in ids)


@pytest.mark.parametrize("block", [3, 1000])
def test_blocks_of_queries_leave_the_guest_alone(model, picture, monkeypatch, block):
    monkeypatch.setattr(probe, "_BLOCK", block)
    reading = model.read([picture()])
    begun = finish(reading.begin(Q, max_tokens=5))
    zoomed, _ = finish(reading.extended([picture(BOX)]).ask(Q, max_tokens=5, beside=begun))
    monkeypatch.undo()
    assert_same(zoomed, apart(model, [picture(), picture(BOX)], max_tokens=5))
    assert_same(finish(begun.finished()), apart(model, [picture()], max_tokens=5))
