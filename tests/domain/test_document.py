"""The documented JSON of an inspection."""

import dataclasses
import hashlib
import json
import math

import jsonschema
import numpy as np
import pytest

from inspector_app import paths
from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.document import from_document, maps_of, to_document, to_json
from inspector_app.domain.inspection import ShownView
from inspector_app.domain.region import Region
from tests.fakes.records import make_frame, make_inspection, make_map

SCHEMA = json.loads((paths.resources() / "schema/inspection.schema.json").read_text("utf-8"))


def check(document):
    read = json.loads(to_json(document))
    jsonschema.validate(read, SCHEMA, cls=jsonschema.Draft202012Validator)
    return read


def bare(**changes):
    """The least an inspection can be: asked once, never zoomed."""
    nothing = {"zoomed": None, "verdict": None, "map": None, "views": (), "notes": ()}
    return make_inspection(regions=(), **{**nothing, "zoomed_prompt": "", **changes})


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("inspection", [make_inspection(), make_inspection(id=7), bare()])
def test_documents_keep_to_the_shipped_schema(inspection):
    check(to_document(inspection))


def test_the_document_says_what_the_design_promises():
    frame = make_frame((160, 120))

    document = check(to_document(make_inspection(frame)))

    assert (document["image"]["width"], document["image"]["height"]) == (160, 120)
    assert document["image"]["path"] == "/pictures/plate 07.png"
    assert document["prompt"] == "<image>\nIs there a scratch on the plate?"
    assert document["regions"][1] == {
        "letter": "B",
        "box": [5, 5, 41, 33],
        "origin": "relative_attention",
        "score": 1.5,
    }
    assert document["answers"]["whole"]["text"] == "no"
    assert document["answers"]["whole"]["log_probability"] == -0.7
    assert document["answers"]["zoomed"]["margin"] == 0.91
    assert document["agrees"] is False
    assert document["verdict"]["outcome"] == "CHECK"
    assert document["passes"] == {"vision": 3, "language": 14, "tokens_prefilled": 812}
    assert list(document["timings_ms"]) == ["open", "read", "ask", "zoom"]
    assert document["options"]["rois"] == [[1, 2, 3, 4]]


def test_views_are_named_by_the_hash_of_what_the_model_was_given():
    frame = make_frame()
    crop = frame.pixels[30:60, 60:90]

    document = to_document(make_inspection(frame))

    assert document["views"][1] == {
        "box": [60, 30, 90, 60],
        "width": 30,
        "height": 30,
        "sha256": hashlib.sha256(crop.tobytes()).hexdigest(),
        "file": None,
        "window": None,
    }


def test_each_captured_map_is_listed_once_in_the_order_of_its_values():
    looked = make_map(make_frame(), layers=(1, 2, 3), layer=2)
    inspection = make_inspection(map=looked)

    entries = to_document(inspection, map_files=["1.npy", "2.npy", "3.npy"])["maps"]

    assert [entry["layer"] for entry in entries] == [1, 2, 3]
    assert [entry["selected"] for entry in entries] == [False, True, False]
    assert entries[2]["file"] == "3.npy"
    assert entries[0]["grid"] == [6, 8]
    assert entries[0]["box"] == [0.0, -0.5, 160.0, 120.25]
    for entry, values in zip(entries, maps_of(inspection), strict=True):
        assert entry["sha256"] == hashlib.sha256(values.astype("<f4").tobytes()).hexdigest()


@pytest.mark.parametrize("selected", ["captured", "other layer", "changed", "alone", "pixels"])
def test_a_map_comes_back_as_it_was(selected):
    looked = make_map(make_frame())
    looked = {
        "captured": looked,
        "other layer": dataclasses.replace(looked, layer=9),
        "changed": dataclasses.replace(looked, values=looked.values * np.float32(2)),
        "alone": dataclasses.replace(looked, layers=None, layer_numbers=()),
        "pixels": dataclasses.replace(looked, layer=None, layers=None, layer_numbers=()),
    }[selected]
    inspection = make_inspection(map=looked)

    read = from_document(to_document(inspection), maps=maps_of(inspection)).map

    assert (read.layer, read.layer_numbers, read.grid) == (
        looked.layer,
        looked.layer_numbers,
        looked.grid,
    )
    assert read.values.tobytes() == looked.values.tobytes()
    assert (read.layers is None) == (looked.layers is None)
    assert looked.layers is None or read.layers.tobytes() == looked.layers.tobytes()


@pytest.mark.parametrize("inspection", [make_inspection(), make_inspection(id=3), bare()])
def test_reading_a_document_gives_the_inspection_back(inspection):
    document = check(to_document(inspection))

    read = from_document(
        document, maps=maps_of(inspection), views=[view.pixels for view in inspection.views]
    )

    assert to_document(read) == document
    for name in ("provenance", "model", "options", "regions", "whole", "zoomed", "verdict"):
        assert getattr(read, name) == getattr(inspection, name)


def test_infinite_numbers_become_unknown():
    endless = Answer("x", (Token("x", -math.inf),), math.nan, end_logprob=-math.inf)

    document = check(to_document(make_inspection(whole=endless)))

    assert document["answers"]["whole"]["log_probability"] is None
    assert document["answers"]["whole"]["margin"] is None
    assert document["answers"]["whole"]["tokens"][0]["log_probability"] is None


def test_a_time_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        to_json(to_document(make_inspection(timings_ms={"read": math.nan})))


def test_text_of_any_kind_survives():
    odd = '有划痕吗?\x00\x1b[31m\u202e"}{<script>\U0001f50d'
    source = dataclasses.replace(make_frame().provenance, locator="/a/\udcff中.png")
    inspection = make_inspection(question=odd, provenance=source)

    read = from_document(json.loads(to_json(to_document(inspection))))

    assert read.question == odd
    assert read.provenance.locator == "/a/\udcff中.png"


def test_a_reduced_view_still_tells_what_the_model_was_given():
    reduced = ShownView(
        np.zeros((3, 4, 3), np.uint8), Region(0, 0, 160, 120), given=(160, 120), sha256="c" * 64
    )

    (entry, *_) = check(to_document(make_inspection(views=(reduced,))))["views"]

    assert (entry["width"], entry["height"], entry["sha256"]) == (160, 120, "c" * 64)


@pytest.mark.parametrize("harm", ["schema_version", "image", "answers", "options", "views"])
def test_a_document_that_lacks_something_is_refused(harm):
    document = to_document(make_inspection())
    del document[harm]

    with pytest.raises(ValueError, match="document"):
        from_document(document)


def test_maps_of_another_document_are_refused():
    inspection = make_inspection()

    with pytest.raises(ValueError, match="belong"):
        from_document(to_document(inspection), maps=maps_of(inspection)[:1])
