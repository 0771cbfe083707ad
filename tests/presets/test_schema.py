"""The shipped JSON Schemas say what the program takes, and the shipped files obey them."""

import json

import jsonschema
import pytest
from pydantic import BaseModel

from inspector_app import paths
from inspector_app.domain.check_kinds import NumberRange
from inspector_app.presets import checking, schema, templates
from inspector_app.presets.folder import as_bytes, read_presets
from inspector_app.presets.schema import PresetFile

USUAL = {"schema_version": 2, "title": "T", "look": {"strategy": "whole"}}


def shipped_schema(name):
    path = paths.resources() / "schema" / f"{name}.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_shipped_schema_of_presets_is_in_step():
    assert shipped_schema("preset") == json.loads(json.dumps(schema.json_schema()))


def test_the_shipped_schema_of_templates_is_in_step():
    assert shipped_schema("template") == json.loads(json.dumps(templates.json_schema()))


def test_shipped_presets_obey_their_schema_and_stand_as_the_program_writes_them():
    told = jsonschema.Draft202012Validator(shipped_schema("preset"))
    for one in read_presets().stored:
        told.validate(json.loads(one.path.read_text(encoding="utf-8")))
        assert one.path.read_bytes() == as_bytes(one.content)


def test_shipped_templates_obey_their_schema():
    told = jsonschema.Draft202012Validator(shipped_schema("template"))
    for path in templates.shipped_folder().glob("*/*.json"):
        told.validate(json.loads(path.read_text(encoding="utf-8")))


def parts_in(annotation):
    """The parts of a file that an annotation names, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from parts_in(inner)


def test_every_entry_is_explained():
    def walk(part, at=""):
        for name, field in part.model_fields.items():
            assert field.description, f"{at}{name}"
            for inner in parts_in(field.annotation):
                walk(inner, f"{at}{name}.")

    walk(PresetFile)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"title": ""}, "title", "it may not be empty"),
        ({"look": {}}, "look.strategy", "this entry is missing"),
        ({"look": {"strategy": "x", "count": 5}}, "look.count", "it must be at most 4"),
        ({"look": {"strategy": "x", "count": 1.5}}, "look.count", "it must be a whole number"),
        ({"look": {"strategy": "x", "gate": -1}}, "look.gate", "it must be at least 0"),
        ({"look": {"strategy": "x", "reweighting": 3}}, "look.reweighting", "at most 2"),
        ({"targets": {"latency_ms": 0}}, "targets.latency_ms", "it must be more than 0"),
        ({"trade": "law"}, "trade", "choose one of"),
        ({"colour": 1}, "colour", "there is no such entry"),
        ({"prompt": {"variables": {"x": "y"}}}, "prompt.variables.x", "choose one of 'target'"),
        ({"run": {"reports": ["../pdf"]}}, "run.reports.0", "it is no such name"),
    ],
)
def test_a_fault_is_told_at_its_place_in_plain_words(change, place, words):
    (fault,) = checking.faults({**USUAL, **change})

    assert fault.place == place
    assert words in fault.text
    assert fault.sentence.startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("roi", "words"),
    [
        ({"box": [5, 5, 5, 9]}, "needs an area"),
        ({"box": [9, 5, 5, 9]}, "needs an area"),
        ({"box": [-1, 0, 5, 9]}, "begins inside the picture"),
        ({"box": [0, 0, 101, 9], "unit": "percent"}, "ends at 100"),
        ({"box": [0, 0.5, 5, 9]}, "whole edges"),
    ],
)
def test_a_region_that_cannot_be_is_refused(roi, words):
    document = {**USUAL, "look": {"strategy": "manual"}, "regions": {"rois": [roi]}}

    (fault,) = checking.faults(document)

    assert fault.place == "regions.rois.0"
    assert words in fault.text


def test_a_region_brings_its_own_rules():
    check = {"kind": "number", "high": 3, "unit": "mm"}
    roi = {"box": [0, 0, 9, 9], "checks": [check]}
    document = {"title": "A", "look": {"strategy": "manual"}, "regions": {"rois": [roi]}}

    found = PresetFile.model_validate(document).as_preset("a")

    assert found.options_for((50, 50)).cut_of(0).checks == (NumberRange(high=3, unit="mm"),)
    assert PresetFile.of(found).as_preset("a") == found


def test_regions_that_the_strategy_would_never_look_at_are_refused():
    (fault,) = checking.faults({**USUAL, "regions": {"rois": [{"box": [0, 0, 5, 5]}]}})

    assert 'the strategy "manual" only' in fault.text


def test_more_regions_than_a_picture_can_have_are_refused():
    many = [{"box": [0, 0, 5, 5]}] * 33
    document = {**USUAL, "look": {"strategy": "manual"}, "regions": {"rois": many}}

    (fault,) = checking.faults(document)

    assert fault.text == "at most 32 entries"


def test_a_factor_at_hand_is_no_experiment_before_it_is_said_where_attention_is_raised():
    at_hand = PresetFile.model_validate({**USUAL, "look": {"strategy": "x", "reweighting": 1.8}})
    wanted = {"strategy": "x", "reweighting": 1.8, "reweight_by": "map", "mixing": 0.25}
    turned_on = PresetFile.model_validate({**USUAL, "look": wanted})

    assert at_hand.as_preset("a").options.reweighting == 1.8
    assert not at_hand.as_preset("a").options.has_experiments
    options = turned_on.as_preset("a").options
    assert (options.reweight_by, options.mixing) == ("map", 0.25)
    assert PresetFile.of(turned_on.as_preset("a")).look == turned_on.look


def test_changes_are_told_entry_by_entry():
    before = PresetFile.model_validate(USUAL)
    after = PresetFile.model_validate(
        {**USUAL, "title": "左", "look": {"strategy": "manual"}}
        | {"regions": {"rois": [{"box": [0, 0, 5, 5]}]}}
    )

    told = {
        change.place: (change.before, change.after) for change in checking.changes(before, after)
    }

    assert told["title"] == ('"T"', '"左"')
    assert told["look.strategy"] == ('"whole"', '"manual"')
    assert told["regions.rois.0.box"] == ("", "[0.0, 0.0, 5.0, 5.0]")
    assert checking.changes(before, before) == ()


def test_the_version_changes_with_anything_that_is_said():
    content = PresetFile.model_validate(USUAL)
    other = PresetFile.model_validate({**USUAL, "run": {"ahead": 1}})

    assert content.version == PresetFile.model_validate(USUAL).version
    assert content.version != other.version
    assert content.as_preset("p").version == content.version
