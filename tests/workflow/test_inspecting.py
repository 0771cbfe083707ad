"""The story of one inspection, told by a scripted model."""

import numpy as np
import pytest

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import Passes
from inspector_app.domain.messages import Words
from inspector_app.domain.preset import Options
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.verdict import Outcome
from inspector_app.workflow.inspecting import Clock, Opened, inspect, shown_region
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeModel, said
from tests.workflow.conftest import QUESTION, Told, ask_for

SEARCHES = ("relative_attention", "gradient_attention", "pixel_gradient")
PEAK = (330.0, 70.0)
TWO = (Region(0, 0, 40, 40), Region(300, 200, 350, 250))


def whole_then(zoomed, *, whole="no", sure=0.9):
    """A script: one answer to the whole picture, another once crops are shown."""
    return lambda boxes, question: said(whole if len(boxes) == 1 else zoomed, sure=sure)


def manual(*boxes, **more):
    return {"strategy": "manual", "options": Options(rois=boxes, **more)}


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

    assert list(found.timings_ms) == ["ask", "look", "zoom"]
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
    found = shown_region(Region(*box), size=size)

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


# --- the gate --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
def test_a_sure_answer_is_left_as_it_is_and_the_record_says_so(size):
    model = FakeModel(peak=PEAK, answers=whole_then("yes", sure=0.95))
    found = Told(model, size, options=Options(gate=0.9)).found

    assert (found.regions, found.zoomed) == ((), None)
    assert found.notes == ("not zoomed: the first answer was sure",)
    assert model.count("extended") == 0
    assert model.count("read") == 1


@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
@pytest.mark.parametrize("gate", [None, 0.96])
def test_without_a_gate_or_below_it_the_model_looks_closer(gate, size):
    model = FakeModel(peak=PEAK, answers=whole_then("yes", sure=0.95))
    found = Told(model, size, options=Options(gate=gate)).found

    assert found.zoomed.text == "yes"
    assert found.notes == ()


@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
def test_a_region_drawn_by_hand_is_shown_however_sure_the_answer(size):
    model = FakeModel(answers=whole_then("yes", sure=0.99))
    found = Told(model, size, **manual(TWO[0], gate=0.0)).found

    assert found.zoomed.text == "yes"
    assert found.notes == ()


def test_an_answer_without_words_is_never_sure():
    empty = Answer("", (), margin=1.0)
    found = Told(
        FakeModel(peak=PEAK, answers=lambda *asked: empty), options=Options(gate=0.0)
    ).found

    assert found.zoomed == empty
    assert found.verdict.outcome == Outcome.CHECK


def test_an_answer_without_probabilities_is_never_sure():
    untold = Answer("no", (Token("no", None),), margin=None)
    found = Told(
        FakeModel(peak=PEAK, answers=lambda *asked: untold), options=Options(gate=0.0)
    ).found

    assert found.zoomed == untold
    assert found.verdict.outcome == Outcome.CHECK


# --- large pictures --------------------------------------------------------------------------

LARGE = [
    ((900, 2000), (760.0, 1630.0)),
    ((2000, 900), (40.0, 880.0)),
    ((9000, 600), (8100.0, 130.0)),
    ((1025, 1025), (1020.0, 3.0)),
]


@pytest.mark.parametrize("strategy", SEARCHES)
@pytest.mark.parametrize(("size", "peak"), LARGE)
def test_a_large_picture_is_read_in_tiles_and_zoomed_where_one_stands_out(size, peak, strategy):
    model = FakeModel(peak=peak)
    found = Told(model, size, strategy=strategy).found

    assert found.regions[0].region.covers(*peak)
    row, col = np.unravel_index(np.argmax(found.map.values), found.map.values.shape)
    width, height = found.map.grid.cell
    assert abs((col + 0.5) * width - peak[0]) <= 1.01 * width
    assert abs((row + 0.5) * height - peak[1]) <= 1.01 * height


@pytest.mark.parametrize(("size", "peak"), LARGE)
def test_each_tile_is_read_once_for_both_questions_and_tiles_cover_the_picture(size, peak):
    model = FakeModel(peak=peak)
    Told(model, size)

    tiles = [call[1][0] for call in model.calls if call[0] == "read"][1:]
    assert len(tiles) == len(set(tiles)) > 1
    assert sum(tile.area for tile in tiles) == size[0] * size[1]
    assert max(max(tile.size) for tile in tiles) <= 1024
    for question in (QUESTION, NEUTRAL):
        asked = [call[1][0] for call in model.calls if call[0] == "attend" and call[2] == question]
        assert asked == tiles


def test_a_second_question_about_a_large_picture_asks_nothing_neutral():
    model = FakeModel(peak=(760.0, 1630.0))
    first = Told(model, (900, 2000))
    before = model.count("attend", NEUTRAL)
    second = Told(model, opened=first.opened, question="Is a screw missing?")

    assert model.count("attend", NEUTRAL) == before
    assert second.found.neutral_prompt
    assert second.found.regions == first.found.regions


def test_pictures_of_1024_pixels_are_read_whole():
    model = FakeModel(peak=(1000.0, 1000.0))
    Told(model, (1024, 1024))

    assert model.count("read") == 1


def test_gradient_attention_asks_a_tile_nothing_neutral():
    model = FakeModel(peak=(760.0, 1630.0))
    Told(model, (900, 2000), strategy="gradient_attention")

    assert model.count("gradient", NEUTRAL) == 0


# --- verdicts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "zoomed", "sure", "outcome"),
    [
        ("no", "no", 0.9, Outcome.PASS),
        ("Yes", "yes.", 0.9, Outcome.FAIL),
        ("no", "yes", 0.9, Outcome.CHECK),
        ("yes", "no", 0.9, Outcome.CHECK),
        ("no", "no", 0.6, Outcome.CHECK),
        ("perhaps", "perhaps", 0.9, Outcome.CHECK),
        ("no", "a scratch", 0.9, Outcome.CHECK),
        ("", "", 0.9, Outcome.CHECK),
    ],
)
def test_only_sure_and_equal_answers_decide(whole, zoomed, sure, outcome):
    model = FakeModel(peak=PEAK, answers=whole_then(zoomed, whole=whole, sure=sure))

    assert Told(model).found.verdict.outcome == outcome


def test_other_questions_get_no_verdict():
    assert Told(FakeModel(peak=PEAK), question="What colour is it?").found.verdict is None


# --- out of memory ---------------------------------------------------------------------------

FOUR = (*TWO, Region(100, 100, 140, 140), Region(200, 20, 240, 60))


@pytest.mark.parametrize(
    ("most", "kept", "note"),
    [(2, 2, "stepped down to 2 crops"), (1, 1, "stepped down to 1 crop:")],
)
def test_fewer_crops_are_shown_where_memory_ends_and_the_record_says_so(most, kept, note):
    model = FakeModel(full_at=lambda call: call[0] == "extended" and len(call[1]) > most + 1)
    found = Told(model, **manual(*FOUR)).found

    assert [scored.region for scored in found.regions] == list(FOUR[:kept])
    assert len(found.views) == kept + 1
    assert found.notes[-1].startswith(note)
    assert all("out of memory" in said_so for said_so in found.notes)


def test_memory_that_ends_while_the_crops_are_asked_steps_down_too():
    model = FakeModel(full_at=lambda call: call[0] == "ask" and len(call[1]) > 3)
    found = Told(model, **manual(*FOUR)).found

    assert len(found.regions) == 2
    assert found.zoomed.text == "no"


@pytest.mark.parametrize("what", ["extended", "ask", "attend", "gradient", "pixel_gradient"])
def test_when_nothing_fits_the_inspection_says_so(what):
    strategy = {"gradient": "gradient_attention", "pixel_gradient": "pixel_gradient"}.get(
        what, "relative_attention"
    )
    model = FakeModel(peak=PEAK, full_at=lambda call: call[0] == what)

    with pytest.raises(OutOfMemory):
        Told(model, strategy=strategy)


# --- requests that make no sense -------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "  ", "\n\t"])
def test_a_question_without_words_is_wrong_use(question):
    with pytest.raises(WrongUse, match="question is empty"):
        Told(FakeModel(), question=question)


def test_a_question_of_broken_bytes_is_wrong_use():
    with pytest.raises(WrongUse, match="no text"):
        Told(FakeModel(), question="Is there a \udce9?")


def test_an_unknown_strategy_lists_those_there_are():
    with pytest.raises(WrongUse, match='"magic"') as refusal:
        Told(FakeModel(), strategy="magic")

    assert "relative_attention" in refusal.value.hint


@pytest.mark.parametrize("strategy", SEARCHES)
def test_a_model_that_shows_nothing_of_itself_cannot_serve_a_search(strategy):
    closed = FakeModel(can_attend=False, can_backpropagate=False)

    with pytest.raises(WrongUse, match="see inside the model") as refusal:
        Told(closed, strategy=strategy)

    assert "manual" in refusal.value.hint


@pytest.mark.parametrize("request_", [{"strategy": "whole"}, manual(TWO[0])])
def test_a_model_that_shows_nothing_of_itself_still_answers(request_):
    closed = FakeModel(can_attend=False, can_backpropagate=False)

    assert Told(closed, **request_).found.answer.text == "no"


@pytest.mark.parametrize("boxes", [(), (Region(0, 0, 401, 10),), (*FOUR, FOUR[0])])
def test_drawn_regions_must_be_one_to_four_inside_the_picture(boxes):
    with pytest.raises(WrongUse):
        Told(FakeModel(), **manual(*boxes))


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
    assert list(found.timings_ms)[0] == "open"
    assert found.id is None
