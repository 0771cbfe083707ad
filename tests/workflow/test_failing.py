"""A part that could not be inspected leaves a record that can be found, opened and reported."""

import hashlib

import pytest

from inspector_app import plugins, reports
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import Inspect, KeepFailure
from inspector_app.domain.preset import Options
from inspector_app.domain.record_messages import WriteReport
from inspector_app.domain.search import Search
from inspector_app.domain.verdict import Outcome
from inspector_app.store.records import Store
from inspector_app.workflow.failing import NOT_INSPECTED, failure_record
from inspector_app.workflow.reporting import written
from tests.fakes.perform import run

WISH = Inspect("", "Is there a crack?", "whole", Options(), notes=("operator Li", "part SN-1"))
FACTS = ModelFacts("embedded", "llava", "cpu", "float32", "ab" * 32)


@pytest.fixture
def kept(tmp_path):
    """A store with the record of a torn picture, and the record."""
    torn = tmp_path / "torn.png"
    torn.write_bytes(b"torn")
    wish = KeepFailure(
        Inspect(str(torn), WISH.question, "whole", Options(), notes=WISH.notes),
        "torn.png is damaged.",
        FACTS,
        31.5,
    )
    store = Store(tmp_path / "records")
    made = store.save(failure_record(wish))
    yield store, made
    store.close()


def test_the_record_is_check_with_the_reason_and_comes_back_as_it_was(kept):
    store, made = kept

    back = store.open(made.id)

    assert back.verdict.outcome is Outcome.CHECK
    assert (back.verdict.reason, back.verdict.detail) == (NOT_INSPECTED, "torn.png is damaged.")
    assert back.provenance.sha256 == hashlib.sha256(b"torn").hexdigest()
    assert back.model.name == "embedded"
    assert back.notes[:2] == WISH.notes
    assert back.views == ()


def test_it_is_found_and_counted_among_the_parts_to_be_checked(kept):
    store, made = kept

    (line,) = store.search(Search(text="damaged"))

    assert (line.id, line.outcome) == (made.id, "CHECK")
    assert store.judged(Search())[0][1].outcome == "CHECK"


@pytest.mark.parametrize("name", [one for one in plugins.names(reports) if one != "book"])
def test_every_report_can_be_written_about_it(kept, tmp_path, name):
    store, made = kept
    path = tmp_path / f"report.{name}"
    wish = WriteReport(made.id, name, str(path))

    run(written(store, wish, frame_of=lambda _record: None))

    assert path.stat().st_size > 100


def test_a_file_that_is_gone_has_the_hash_of_nothing():
    made = failure_record(KeepFailure(WISH, "gone"))

    assert made.provenance.sha256 == hashlib.sha256(b"").hexdigest()
