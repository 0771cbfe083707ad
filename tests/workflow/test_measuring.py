"""What was measured on a picture is in the records that are made after it."""

import json

import jsonschema
import pypdf
import pytest

from inspector_app import paths
from inspector_app.domain.calibration import Calibration
from inspector_app.domain.document import from_document, to_document
from inspector_app.domain.gesture import UNDO, Gesture, Measurements, Verb
from inspector_app.domain.measure import Measure, MeasureKind, picture_key
from inspector_app.domain.messages import FindGestures, KeepCalibration, KeepGesture, OpenPicture
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.workflow.delivering import answer_lines, write_report
from tests.fakes.steps import finish

MEASURE = Measure(MeasureKind.LENGTH, ((10.0, 10.0), (40.0, 50.0)))
CROSS = Measure(MeasureKind.SIZE, ((0.0, 0.0), (8.0, 0.0), (4.0, -1.0), (4.0, 2.0)))


@pytest.fixture
def key(fake_bench, picture):
    """Of the picture, on which two things were measured."""
    frame = finish(fake_bench.bench.perform(OpenPicture(picture)))
    key = picture_key(frame.provenance.sha256, picture)
    for measures in ((MEASURE,), (MEASURE, CROSS)):
        measured = Gesture(Verb.MEASURED, (Measurements(measures),))
        finish(fake_bench.bench.perform(KeepGesture(key, measured)))
    return key


def ask(fake_bench, picture):
    return finish(fake_bench.bench.perform(fake_bench.request(picture)))


def test_a_record_holds_what_was_measured_before_it(fake_bench, picture, key):
    found = ask(fake_bench, picture)

    again = finish(fake_bench.bench.perform(OpenRecord(found.id)))

    assert [one.values for one in again.measures] == [(50.0,), (8.0, 3.0)]
    assert {one.unit for one in again.measures} == {"px"}
    assert any("length 50.0 px; size 8.0" in line for line in answer_lines(again))


def test_the_users_scale_counts(fake_bench, picture, key):
    scale = Calibration((0.1, 0.1), "user, 1 mm over 10 px")
    finish(fake_bench.bench.perform(KeepCalibration(key.partition("#")[0], scale)))

    found = ask(fake_bench, picture)

    assert found.measures[0].values == pytest.approx((5.0,))
    assert found.measures[0].unit == "mm"
    assert found.measures[0].calibration == scale.name


def test_what_was_undone_is_not_in_the_record(fake_bench, picture, key):
    finish(fake_bench.bench.perform(KeepGesture(key, UNDO)))

    found = ask(fake_bench, picture)

    assert [one.measure for one in found.measures] == [MEASURE]
    recalled = finish(fake_bench.bench.perform(FindGestures(key)))
    assert recalled.history.redoes == Verb.MEASURED


def test_the_document_has_them_and_an_old_one_without_is_read(fake_bench, picture, key):
    schema = json.loads(
        (paths.resources() / "schema" / "inspection.schema.json").read_text(encoding="utf-8")
    )
    document = to_document(ask(fake_bench, picture))

    jsonschema.validate(document, schema)
    assert document["measurements"][0] == {
        "kind": "length",
        "points": [[10.0, 10.0], [40.0, 50.0]],
        "values": [50.0],
        "unit": "px",
        "calibration": "",
    }
    del document["measurements"]
    jsonschema.validate(document, schema)
    assert from_document(document).measures == ()


def test_reports_say_what_was_measured(fake_bench, picture, key, tmp_path):
    found = ask(fake_bench, picture)
    for format in ("pdf", "png", "json"):
        write_report(found, format, tmp_path / f"report.{format}", frame=None)

    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "report.pdf").pages)
    assert "length 50.0 px" in text.replace("\u200b", "").replace("\n", " ")
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert len(document["measurements"]) == 2
