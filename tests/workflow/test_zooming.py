"""When the answer on the whole picture waits for the zoomed one, and when it does not."""

import pytest

from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Words
from inspector_app.domain.preset import Options
from inspector_app.families import llava
from inspector_app.workflow.inspecting import Clock, Opened, inspect
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeBegun, FakeModel, FakeReading, said
from tests.fakes.steps import finish, walk
from tests.workflow.conftest import PEAK, QUESTION, TWO, Told, ask_for, manual, whole_then


def order(told):
    """What the model was asked, in order."""
    return [call[0] for call in told.model.calls]


def test_the_rest_of_the_whole_answer_is_said_beside_the_zoomed_one():
    told = Told(FakeModel(peak=PEAK, waits=True, answers=whole_then("yes")))

    assert order(told) == ["read", "ask", "attend", "attend", "extended", "ask", "rest"]
    assert isinstance(told.model.beside[-1], FakeBegun)
    assert (told.found.whole.text, told.found.zoomed.text) == ("no", "yes")


def test_a_drawn_region_needs_no_whole_answer_first_whatever_the_gate():
    told = Told(FakeModel(waits=True), **manual(TWO[0], gate=0.5))

    assert order(told) == ["read", "ask", "extended", "ask", "rest"]


def test_only_the_question_on_all_crops_is_asked_beside():
    told = Told(FakeModel(waits=True), **manual(*TWO))

    assert [begun is not None for begun in told.model.beside] == [False, True, False, False]


def test_the_gate_hears_the_whole_answer_first():
    told = Told(FakeModel(peak=PEAK, waits=True), options=Options(gate=0.99))

    assert order(told) == ["read", "ask", "rest", "attend", "attend", "extended", "ask"]


def test_nobody_waits_for_tiles_to_hear_the_whole_answer():
    told = Told(FakeModel(peak=PEAK, waits=True), (1600, 1200))

    assert order(told)[:4] == ["read", "ask", "rest", "read"]


def test_without_a_second_look_the_whole_answer_is_said_alone():
    whole = Told(FakeModel(peak=PEAK, waits=True), strategy="whole")
    flat = Told(FakeModel(peak=None, waits=True))

    assert order(whole) == ["read", "ask", "rest"]
    assert order(flat) == ["read", "ask", "attend", "attend", "rest"]
    assert [step.stage for step in flat.steps if isinstance(step.sample, Words)][-1] == "ask"
    assert flat.found.whole.text == "no"


def test_words_of_the_whole_answer_are_told_as_such_while_zooming():
    told = Told(FakeModel(peak=PEAK, waits=True, answers=whole_then("yes")))

    last = [step for step in told.steps if isinstance(step.sample, Words)][-1]
    assert (last.stage, last.sample) == ("zoom", Words("no", "whole"))


def test_a_question_too_long_with_the_crop_leaves_no_whole_answer_unsaid(monkeypatch):
    def refuse(reading, question, **wishes):
        if len(reading.views) > 1:
            raise WrongUse("The question is too long.", hint="Shorten it.")
        return (yield from asked(reading, question, **wishes))

    asked = FakeReading.ask
    monkeypatch.setattr(FakeReading, "ask", refuse)
    model = FakeModel(peak=PEAK, waits=True)
    frame = fake_frame((400, 300))
    steps = inspect(Opened(frame, model, model.read([View.of(frame)])), ask_for(), clock=Clock())
    seen = []

    with pytest.raises(WrongUse):
        seen.extend(steps)

    assert seen[-1].sample == Words("no", "whole")


def test_where_both_do_not_fit_at_once_they_are_said_one_after_the_other():
    def answer(boxes, question):
        if len(boxes) > 1 and model.beside[-1] is not None:
            raise OutOfMemory("There was not enough memory.", hint="Close other programs.")
        return said("no")

    model = FakeModel(peak=PEAK, waits=True, answers=answer)
    told = Told(model)

    assert [begun is not None for begun in model.beside] == [False, True, False]
    assert told.found.zoomed.text == "no"
    assert not any("out of memory" in note for note in told.found.notes)


@pytest.mark.parametrize("boxes", [TWO[1:], TWO])
def test_an_inspection_says_what_a_network_says_when_asked_apart(tiny_folder, boxes):
    frame = fake_frame((400, 300))
    model = llava.load(tiny_folder, device="cpu", precision="float32")

    opened = Opened(frame, model, model.read([View.of(frame)]))
    found = finish(inspect(opened, ask_for(**manual(*boxes, max_tokens=6)), clock=Clock()))

    crops = [View(view.pixels, view.region) for view in found.views[1:]]
    alone, _ = finish(model.read([View.of(frame)]).ask(QUESTION, max_tokens=6))
    zoomed, _ = finish(model.read([View.of(frame), *crops]).ask(QUESTION, max_tokens=6))
    for answer, wanted in ((found.whole, alone), (found.zoomed, zoomed)):
        assert answer.text == wanted.text
        assert answer.logprob == pytest.approx(wanted.logprob, abs=1e-4)
        assert answer.margin == pytest.approx(wanted.margin, abs=1e-5)


def test_a_stop_between_two_words_leaves_the_picture_usable(tiny_folder):
    frame = fake_frame((400, 300))
    model = llava.load(tiny_folder, device="cpu", precision="float32")
    request = ask_for(**manual(TWO[1], max_tokens=6))
    opened = Opened(frame, model, model.read([View.of(frame)]))
    steps, wanted = walk(inspect(opened, request, clock=Clock()))

    for stop in range(1, len(steps)):
        fresh = Opened(frame, model, model.read([View.of(frame)]))
        stopped = inspect(fresh, request, clock=Clock())
        for _ in range(stop):
            next(stopped)
        stopped.close()
        found = finish(inspect(fresh, request, clock=Clock()))
        assert (found.whole.text, found.zoomed.text) == (wanted.whole.text, wanted.zoomed.text)
