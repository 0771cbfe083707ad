"""Two answers that grow in the same forwards say what each says alone."""

import pytest
from numpy.testing import assert_allclose

from tests.fakes.steps import finish

Q, OTHER, NEUTRAL = "What is on the red label?", "Is there a crack?", "Describe the image."
BOX, BOXES = (10, 20, 50, 60), ((10, 20, 50, 60), (60, 5, 110, 40))


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


@pytest.mark.parametrize("words", [1, 2, 3, 7])
@pytest.mark.parametrize("boxes", [BOXES[:1], BOXES])
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
