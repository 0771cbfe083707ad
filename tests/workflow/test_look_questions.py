"""What a search may ask through the look, answered by the model's readings."""

from dataclasses import replace

import numpy as np
import pytest

from inspector_app.domain.card import Card
from inspector_app.domain.coordinates import Coordinates
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import Passes
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region
from inspector_app.workflow.looking import ModelLook, counting_of, value_layers_of
from tests.fakes.look import fake_frame, finish
from tests.fakes.model import FakeModel, said

PART = Region(100, 50, 180, 130)


def look_with(model, size=(400, 300)):
    frame = fake_frame(size)
    return ModelLook(frame, model, model.read([View.of(frame)]), NEUTRAL, model.default_layer)


def carded(model, **facts):
    model.card = Card("fake", "llava", "Fake", "{images}{question}", 1, facts=facts)
    return model


def test_a_part_is_shown_alone_and_its_map_lies_where_the_part_lies():
    model = FakeModel(answers=lambda boxes, question: said(f"{boxes}"), peak=(140.0, 90.0))

    glance = finish(look_with(model).ask("Is there a crack?", part=PART, max_tokens=3))

    assert glance.answer.text == str((PART,))
    assert (glance.map.grid.x0, glance.map.grid.y1) == (100.0, 130.0)
    assert glance.map.values.max() == glance.map.values[4, 4]
    assert model.longest == {3}


def test_without_a_part_the_whole_picture_is_asked_on_its_own_reading():
    model = FakeModel()
    look = look_with(model)
    before = model.passes

    glance = finish(look.ask("Where is it?"))

    assert model.passes - before == Passes(0, 1, 10)
    assert glance.answer.text == "no"


def test_a_model_that_does_not_tell_gives_answers_without_maps():
    glance = finish(look_with(FakeModel(can_attend=False)).ask("Is there a crack?", part=PART))

    assert glance.map is None


def test_words_of_a_search_are_no_words_of_an_answer():
    steps = list(look_with(FakeModel()).ask("Is there a crack?", part=PART))

    assert {step.stage for step in steps} == {"look"}
    assert all(step.sample is None for step in steps)


def test_a_reading_without_value_vectors_says_so_with_a_way_out():
    look = replace(look_with(FakeModel()), reading=object())

    assert not look.can_compare
    with pytest.raises(WrongUse, match="value vectors") as refusal:
        finish(look.resemblance("Is there a crack?", words="crack"))
    assert "relative_attention" in refusal.value.hint


def test_resemblance_is_the_mean_of_what_is_alike_and_is_made_once():
    look = look_with(FakeModel())
    calls = []

    def resemblance(question, *, words, layers):
        calls.append((question, words, tuple(layers)))
        return np.stack([np.full((2, 8, 8), 0.5), np.full((2, 8, 8), -0.5)]).astype(np.float32)

    look.reading.resemblance = resemblance

    first = finish(look.resemblance("Is there a crack?", words="crack"))
    again = finish(look.resemblance("Is there a crack?", words="crack"))

    # What is unlike counts as nothing: (0.5 + 0) / 2.
    assert first.values == pytest.approx(0.25)
    assert again is first
    assert calls == [("Is there a crack?", "crack", (1, 2))]


@pytest.mark.parametrize("is_whole", [False, True])
def test_attention_of_the_whole_can_be_had_of_large_pictures_too(is_whole):
    model = FakeModel(input_side=1)
    look = look_with(model, (1400, 900))
    before = model.count("read")

    finish(look.attention("Is there a crack?", is_whole=is_whole))

    assert (model.count("read") - before > 0) is (not is_whole)


def test_boxes_are_read_in_the_way_the_card_names():
    thousand = look_with(FakeModel())
    unit = look_with(carded(FakeModel(), coordinates={"counting": "unit"}))
    absolute = look_with(carded(FakeModel(), coordinates={"counting": "absolute", "token": 28}))

    assert thousand.coordinates is Coordinates.THOUSAND
    assert thousand.boxes("[250, 500, 500, 1000]") == (Region(100, 150, 200, 300),)
    assert unit.boxes("[0.25, 0.5, 0.5, 1.0]") == (Region(100, 150, 200, 300),)
    # Eight tokens of 28 pixels a side make 224.
    assert absolute.boxes("[56, 112, 112, 224]") == (Region(100, 150, 200, 300),)


def test_a_card_that_misspells_its_counting_is_model_trouble():
    with pytest.raises(ModelTrouble, match="coordinates") as refusal:
        counting_of(carded(FakeModel(), coordinates={"counting": "miles"}))

    assert "thousand" in refusal.value.hint


@pytest.mark.parametrize(
    ("facts", "layers", "wanted"),
    [
        ({}, 32, tuple(range(14, 32))),
        ({}, 5, (2, 3, 4)),
        ({"values": {"layers": [0, 1]}}, 5, (0, 1)),
        ({"values": {"layers": [7]}}, 5, (2, 3, 4)),
        ({"values": "none"}, 5, (2, 3, 4)),
    ],
)
def test_value_layers_are_the_cards_or_the_published_part_of_the_depth(facts, layers, wanted):
    assert value_layers_of(carded(FakeModel(layers=layers), **facts)) == wanted
