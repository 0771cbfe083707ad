"""A verdict comes back from its document; older ones are read too."""

import json

import jsonschema
import pytest

from inspector_app import paths
from inspector_app.domain.document import from_document, to_document, to_json
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.region import Region
from inspector_app.domain.summary import english, finding_words, verdict_words
from inspector_app.domain.verdict import Outcome, Verdict
from tests.fakes.records import make_inspection

SCHEMA = json.loads((paths.resources() / "schema/inspection.schema.json").read_text("utf-8"))
FOUND = (
    Finding("crack", Region(1, 2, 30, 40), Severity.CRITICAL, 0.9, "Replace it.", "a crack"),
    Finding("污渍", None, Severity.NOTE, None),
)
FULL = Verdict(
    Outcome.CHECK, "the number is above its limit", "12 mm > 10 mm", FOUND, ("one", "two")
)


@pytest.mark.parametrize("verdict", [FULL, Verdict(Outcome.PASS, "not found"), None])
def test_a_verdict_comes_back_as_it_was(verdict):
    document = json.loads(to_json(to_document(make_inspection(verdict=verdict))))

    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert from_document(document).verdict == verdict


def test_a_confidence_that_is_no_number_becomes_unknown():
    strange = Verdict(Outcome.FAIL, "found", findings=(Finding("crack", confidence=float("nan")),))

    document = json.loads(to_json(to_document(make_inspection(verdict=strange))))

    assert document["verdict"]["findings"][0]["confidence"] is None


def test_a_verdict_of_an_older_version_is_read():
    document = to_document(make_inspection(verdict=FULL))
    document["verdict"] = {"outcome": "FAIL", "reason": "found"}

    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert from_document(document).verdict == Verdict(Outcome.FAIL, "found")


@pytest.mark.parametrize("harm", ["outcome", "severity"])
def test_a_verdict_with_an_unknown_word_is_refused(harm):
    document = to_document(make_inspection(verdict=FULL))
    spoilt = document["verdict"] if harm == "outcome" else document["verdict"]["findings"][0]
    spoilt[harm] = "SPLENDID"

    with pytest.raises(ValueError, match="SPLENDID"):
        from_document(document)


def test_findings_are_told_in_one_line():
    assert verdict_words(FULL, say=english) == "the number is above its limit (12 mm > 10 mm)"
    assert finding_words(FOUND[0]) == "crack, critical, x 1-30, y 2-40: Replace it."
    assert finding_words(FOUND[1]) == "污渍, note"
