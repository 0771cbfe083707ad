"""Choosing a way of looking: by hand, and on a few pictures."""

import json

import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.studies import Choice
from inspector_app.presets.schema import PresetFile
from inspector_app.workflow.bench.embedded import Tally
from inspector_app.workflow.bench.size import Pictures
from inspector_app.workflow.bench.tune import (
    COUNTS,
    GATES,
    RESOLUTIONS,
    Measured,
    TuneBench,
    best_of,
    run,
)
from tests.fakes.steps import walk


def measured(strategy, right, tokens, *, asked=100):
    return Measured(Choice(strategy), Tally(right, asked), tokens, 1.0)


def test_of_choices_about_as_good_as_the_best_the_cheapest_is_taken():
    found = [measured("tiles", 95, 4000), measured("auto", 94, 400), measured("whole", 92, 100)]

    assert best_of(found).choice.strategy == "auto"
    assert best_of(found[:1]).choice.strategy == "tiles"


def test_of_equals_in_cost_the_better_is_taken():
    found = [measured("a", 93, 100), measured("b", 94, 100)]

    assert best_of(found).choice.strategy == "b"


def test_a_choice_goes_onto_a_preset_and_leaves_the_rest():
    preset = Preset("p", "P", "whole", Options(count=4, layer=1, budget=9), question="Q?")

    tuned = Choice("tiles", 2, (1.0, 2.0), 0.8).onto(preset)

    assert (tuned.strategy, tuned.question, tuned.name) == ("tiles", "Q?", "p")
    assert tuned.options == Options(count=2, layer=1, budget=9, gate=0.8, scales=(1.0, 2.0))


def test_a_choice_says_what_it_is():
    assert Choice("tiles", 2, (1.0, 2.0), 0.8).words == "tiles, 2 crops, scales 1, 2, gate 0.8"
    assert Choice("auto").words == "auto"
    assert Choice("auto", resolution=1.5).words == "auto, resolution x1.5"


def test_a_choice_goes_onto_a_document_as_onto_its_preset():
    preset = Preset("p", "P", "whole", Options(count=4, budget=9), question="Q?")
    choice = Choice("tiles", 2, (1.0, 2.0), 0.8, 1.5)

    changed = choice.onto_document(PresetFile.of(preset).model_dump(mode="json"))

    tuned = PresetFile.model_validate_json(json.dumps(changed)).as_preset("p")
    assert tuned.options == choice.onto(preset).options


def test_without_enough_pictures_nothing_is_said_about_others():
    bench = TuneBench("m", "here", "scenes", Choice("auto"), None, (measured("auto", 1, 1),), ())

    assert any("label at least 20" in line for line in bench.lines())
    json.dumps(bench.as_json(), allow_nan=False)


@pytest.fixture(scope="module")
def tuned(tiny_folder):
    pictures = Pictures(scenes=1, bins=("small", "medium"), seed=1)
    return walk(run(pictures, model=str(tiny_folder), strategies=("gradient_attention",)))


def test_every_count_and_gate_is_tried_on_every_picture(tuned):
    _, bench = tuned

    assert len(bench.tried) == len(RESOLUTIONS) * (1 + len(COUNTS) * len(GATES))
    assert {one.answers.asked for one in bench.tried} == {6}
    assert bench.chosen in {one.choice for one in bench.tried}
    # A network that knows nothing is right about nothing: then nothing is the cheapest.
    assert bench.chosen.strategy == "whole"
    assert bench.unseen is None


def test_a_gate_never_costs_more_than_none(tuned):
    _, bench = tuned

    by = {one.choice: one for one in bench.tried}
    for choice, one in by.items():
        if choice.gate is not None:
            assert one.tokens <= by[choice.bare].tokens


def test_what_no_model_can_do_is_refused(tiny_folder):
    with pytest.raises(WrongUse, match="nonsense"):
        walk(run(Pictures(scenes=1), model=str(tiny_folder), strategies=("nonsense",)))
