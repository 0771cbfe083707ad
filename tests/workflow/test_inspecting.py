"""The story of one inspection, told by a scripted model."""

import numpy as np
import pytest

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import Passes
from inspector_app.domain.messages import Words
from inspector_app.domain.preset import Options
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.workflow.cropping import Intake, shown_region
from inspector_app.workflow.inspecting import Clock, Opened, inspect
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeModel, said
from tests.workflow.conftest import PEAK, QUESTION, SEARCHES, TWO, Told, ask_for, manual, whole_then

# --- the order of things ---------------------------------------------------------------------


def test_it_asks_then_looks_then_zooms_then_judges():
    told = Told(FakeModel(peak=PEAK))

    assert told.stages == ["ask", "look", "zoom", "judge"]
    kinds = [call[0] for call in told.model.calls]
    assert kinds == ["read", "ask", "attend", "attend", "extended", "ask"]


def test_the_map_and_the_regions_come_as_samples_before_the_zoomed_answer():
    told = Told(FakeModel(peak=PEAK))

    samples = [step.sample for step in told.steps]
    shown = next(i for i, sample in enumerate(samples) if isinstance(sample, AttentionMap))
    boxes = next(i for i, sample in enumerate(samples) if isinstance(sample, tuple))
    zoomed = next(
        i for i, sample in enumerate(samples)
        if isinstance(sample, Words) and sample.whose == "zoomed" and sample.text
    )  # fmt: skip
    assert shown < boxes < zoomed
    assert samples[shown] is told.found.map
    assert samples[boxes] == told.found.regions
    assert all(isinstance(found, ScoredRegion) for found in samples[boxes])


def test_both_answers_are_kept():
    told = Told(FakeModel(peak=PEAK, answers=whole_then("Yes.", whole="No")))

    assert (told.found.whole.text, told.found.zoomed.text) == ("No", "Yes.")
    assert told.found.answer.text == "Yes."
    assert told.found.agrees is False


def test_prompts_are_kept_with_one_placeholder_a_picture():
    found = Told(FakeModel(), **manual(*TWO)).found

    assert found.prompt == f"<image>\nUSER: {QUESTION}\nASSISTANT:"
    assert found.zoomed_prompt == f"<image><image><image>\nUSER: {QUESTION}\nASSISTANT:"


def test_the_neutral_prompt_is_kept_only_where_the_neutral_question_was_asked():
    model = FakeModel(peak=PEAK)
    first = Told(model)
    same_picture = [
        Told(model, opened=first.opened, strategy=name) for name in ("whole", *SEARCHES)
    ]

    assert first.found.neutral_prompt == f"<image>\nUSER: {NEUTRAL}\nASSISTANT:"
    kept = {told.found.strategy: bool(told.found.neutral_prompt) for told in same_picture}
    assert kept == {
        "whole": False,
        "relative_attention": True,
        "gradient_attention": False,
        "pixel_gradient": True,
    }


def test_the_neutral_question_is_asked_once_a_picture():
    model = FakeModel(peak=PEAK)
    first = Told(model)
    Told(model, opened=first.opened, question="Is a screw missing?")
    Told(model, opened=first.opened, question="Is a screw missing?", options=Options(count=2))

    assert model.count("attend", NEUTRAL) == 1
    assert model.count("attend", QUESTION) == 1
    assert model.count("read") == 1


def test_another_neutral_question_is_asked_anew():
    model = FakeModel(peak=PEAK)
    first = Told(model)
    found = Told(model, opened=first.opened, neutral="What is this?").found

    assert model.count("attend", "What is this?") == 1
    assert "What is this?" in found.neutral_prompt


@pytest.mark.parametrize("strategy", SEARCHES)
def test_every_search_zooms_where_the_model_looked(strategy):
    found = Told(FakeModel(peak=PEAK), strategy=strategy).found

    assert found.regions[0].region.covers(*PEAK)
    assert found.regions[0].origin == found.map.method == strategy
    assert found.zoomed is not None


def test_every_layer_is_kept_for_the_slider_and_the_chosen_one_is_shown():
    found = Told(FakeModel(peak=PEAK), options=Options(layer=2)).found

    assert found.map.layer == 2
    assert found.map.layer_numbers == (0, 1, 2)
    assert np.array_equal(found.map.values, found.map.at_layer(2))


@pytest.mark.parametrize("layer", [-1, 3, 99])
def test_a_layer_that_does_not_exist_is_wrong_use(layer):
    with pytest.raises(WrongUse, match=f"no layer {layer}") as refusal:
        Told(FakeModel(), options=Options(layer=layer))

    assert "0 to 2" in refusal.value.hint


def test_the_work_is_the_difference_that_this_inspection_made():
    model = FakeModel(peak=PEAK, passes=Passes(100, 200, 3000))
    frame = fake_frame((400, 300))
    opened = Opened(frame, model, model.read([View.of(frame)]))

    assert Told(model, opened=opened).found.passes == Passes(1, 2, 20)


def test_the_time_of_each_stage_is_kept_in_order():
    found = Told(FakeModel(peak=PEAK)).found

    assert list(found.timings_ms) == ["ask", "look", "zoom", "judge"]
    assert all(spent >= 0 for spent in found.timings_ms.values())


# --- crops -----------------------------------------------------------------------------------


def test_each_crop_gives_its_own_answer_beside_the_one_on_all():
    script = {1: "no", 3: "both"}
    answers = {TWO[0]: "first", TWO[1]: "second"}
    model = FakeModel(
        answers=lambda boxes, question: said(script.get(len(boxes)) or answers[boxes[-1]])
    )

    told = Told(model, **manual(*TWO))

    assert told.found.zoomed.text == "both"
    assert [answer.text for answer in told.found.crop_answers] == ["first", "second"]
    words = [step.sample for step in told.steps if isinstance(step.sample, Words)]
    finals = {sample.whose: sample.text for sample in words}
    assert finals == {"whole": "no", "zoomed": "both", "A": "first", "B": "second"}


def test_one_crop_is_asked_once():
    model = FakeModel()
    found = Told(model, **manual(TWO[0])).found

    assert model.count("ask") == 2
    assert found.crop_answers == (found.zoomed,)


def test_crops_are_not_asked_one_by_one_when_that_is_not_wanted():
    model = FakeModel()
    found = Told(model, **manual(*TWO, each_crop=False)).found

    assert model.count("ask") == 2
    assert found.crop_answers == ()
    assert len(found.regions) == 2


def test_the_longest_answer_is_passed_on_to_every_question():
    model = FakeModel()
    Told(model, **manual(*TWO, max_tokens=3))

    assert model.longest == {3}


def test_what_was_shown_is_kept_pixel_for_pixel():
    told = Told(FakeModel(), **manual(*TWO))

    frame = told.opened.frame
    assert [view.region for view in told.found.views] == [frame.region, *TWO]
    for view in told.found.views:
        x0, y0, x1, y1 = view.region.box
        assert np.array_equal(view.pixels, frame.pixels[y0:y1, x0:x1])


@pytest.mark.parametrize(
    ("box", "size", "shown"),
    [
        ((10, 10, 50, 50), (400, 300), (10, 10, 50, 50)),
        ((10, 10, 50, 40), (400, 300), (10, 10, 50, 40)),
        ((100, 100, 200, 120), (400, 300), (100, 60, 200, 160)),
        ((100, 0, 110, 100), (400, 300), (55, 0, 155, 100)),
        ((0, 40, 400, 60), (400, 300), (0, 0, 400, 300)),
        ((0, 0, 1, 100), (400, 300), (0, 0, 100, 100)),
        ((0, 0, 300, 10), (1000, 20), (0, 0, 300, 20)),
    ],
)
def test_a_long_thin_region_is_shown_with_its_surroundings(box, size, shown):
    found = shown_region(Region(*box), size=size, intake=Intake())

    assert found == Region(*shown)
    assert found.intersection(Region(*box)) == Region(*box)


def test_a_long_thin_region_stays_the_region_of_the_record():
    found = Told(FakeModel(), **manual(Region(100, 100, 200, 120))).found

    assert found.regions[0].region == Region(100, 100, 200, 120)
    assert found.views[1].region == Region(100, 60, 200, 160)


def test_where_nothing_stands_out_there_is_no_second_look():
    model = FakeModel(peak=None)
    found = Told(model).found

    assert (found.regions, found.zoomed, found.crop_answers) == ((), None, ())
    assert found.zoomed_prompt == ""
    assert found.agrees is None
    assert found.notes == ("not zoomed: no part of the picture stands out",)
    assert model.count("extended") == 0


def test_the_whole_picture_alone_needs_no_map_and_no_excuse():
    model = FakeModel(peak=PEAK)
    found = Told(model, strategy="whole", options=Options(gate=0.1)).found

    assert (found.map, found.zoomed, found.notes) == (None, None, ())
    assert [call[0] for call in model.calls] == ["read", "ask"]


def test_earlier_notes_come_first():
    model = FakeModel(peak=None)
    frame = fake_frame((400, 300))
    opened = Opened(frame, model, model.read([View.of(frame)]))
    steps = inspect(opened, ask_for(), clock=Clock({"open": 1.0}), notes=("before",))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found = end.value
            break

    assert found.notes[0] == "before"
    assert next(iter(found.timings_ms)) == "open"
    assert found.id is None
