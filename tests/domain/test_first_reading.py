"""What a reader found before the program's findings were shown stays apart from all the rest."""

import csv as csv_module
import dataclasses
import json

import jsonschema
import pytest

from inspector_app import paths
from inspector_app.domain.filing import Standing
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.first_reading import Tally, Who, compared, overlap, reading_document
from inspector_app.domain.gesture import (
    UNDO,
    FirstReading,
    Gesture,
    Judgement,
    Marks,
    OwnFinding,
    Verb,
)
from inspector_app.domain.gesture_document import gesture_from_json, gesture_to_json
from inspector_app.domain.history import History
from inspector_app.domain.measure import picture_key
from inspector_app.domain.region import Region
from inspector_app.domain.remarks import remarks
from inspector_app.domain.search import Found, Search
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.statistics import Judged, agreements, figures
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.reports import csv
from inspector_app.reports import json as json_report
from inspector_app.store.records import Store
from tests.fakes.records import make_frame, make_inspection


def own(id, *box):
    return OwnFinding(id, Shape.of(Region(*box)), "crack")


def record(*boxes, outcome=Outcome.FAIL, **more):
    found = tuple(Finding("crack", Region(*box), Severity.MAJOR) for box in boxes)
    verdict = Verdict(outcome, "because", "", found)
    return make_inspection(make_frame((200, 200)), regions=(), verdict=verdict, **more)


def read(*findings, **more):
    return Marks((*findings, FirstReading(is_locked=True, findings=findings, **more)))


LEFT, RIGHT = own("left", 10, 10, 30, 30), own("right", 100, 10, 120, 30)


def test_findings_are_matched_where_half_of_the_smaller_box_lies_in_the_larger():
    # 20 x 20 of which 10 x 20 lie in the program's box: just half.
    assert overlap(Region(10, 10, 30, 30), Region(20, 0, 90, 90)) == 0.5
    assert overlap(Region(10, 10, 30, 30), Region(30, 10, 50, 30)) == 0.0

    matches = compared(record((20, 0, 90, 90), (150, 150, 190, 190)), read(LEFT, RIGHT))

    assert [(one.who, one.own, one.index) for one in matches] == [
        (Who.BOTH, "left", 0),
        (Who.READER, "right", None),
        (Who.PROGRAM, "", 1),
    ]
    assert Tally.of(matches).counts == (1, 1, 1)


def test_a_little_less_than_half_is_no_match():
    matches = compared(record((21, 0, 90, 90)), read(LEFT))

    assert [one.who for one in matches] == [Who.READER, Who.PROGRAM]


def test_each_finding_has_one_partner_and_the_closest_pair_is_taken_first():
    inside = own("inside", 40, 40, 50, 50)
    half = own("half", 55, 40, 65, 50)

    matches = compared(record((0, 0, 60, 60)), read(half, inside))

    assert [(one.who, one.own) for one in matches] == [(Who.READER, "half"), (Who.BOTH, "inside")]


@pytest.mark.parametrize(
    "shape",
    [
        Shape(ShapeKind.POINT, ((25.0, 25.0),)),
        Shape(ShapeKind.LINE, ((21.0, 21.0), (60.0, 21.0))),
        Shape(ShapeKind.POLYGON, ((21.0, 21.0), (60.0, 21.0), (21.0, 60.0))),
    ],
)
def test_points_lines_and_polygons_are_matched_by_the_box_about_them(shape):
    one = OwnFinding("a", shape, "crack")

    assert compared(record((20, 20, 70, 70)), read(one))[0].who is Who.BOTH


def test_what_only_the_whole_picture_told_has_no_place_and_no_partner():
    found = (Finding("crack", None, Severity.MAJOR),)
    inspection = dataclasses.replace(record(), verdict=Verdict(Outcome.FAIL, "because", "", found))

    assert [one.who for one in compared(inspection, read(LEFT))] == [Who.READER, Who.PROGRAM]


def test_an_answer_without_findings_is_no_finding_of_the_program():
    assert compared(record(), read()) == ()


def test_nothing_is_said_of_agreement_where_the_answer_has_no_verdict():
    inspection = dataclasses.replace(record(), verdict=None)
    marks = read(LEFT).after(Gesture(Verb.ADDED, (RIGHT,)))

    matches = compared(inspection, marks)

    assert [one.who for one in matches] == [Who.BEFORE, Who.AFTER]
    assert Tally.of(matches).counts == (0, 0, 0)


def test_what_is_marked_later_counts_as_found_after_and_agreement_does_not_change():
    marks = read(LEFT).after(Gesture(Verb.ADDED, (RIGHT,)))

    matches = compared(record((100, 0, 140, 40)), marks)

    assert [one.who for one in matches] == [Who.READER, Who.PROGRAM, Who.AFTER]
    assert Tally.of(matches).counts == (0, 1, 1)


def test_moving_a_finding_into_the_programs_box_later_makes_no_agreement():
    moved = dataclasses.replace(LEFT, shape=RIGHT.shape)
    marks = read(LEFT).after(Gesture(Verb.MOVED, (moved,)))

    matches = compared(record((100, 0, 140, 40)), marks)

    assert [one.who for one in matches] == [Who.READER, Who.PROGRAM]


def test_nothing_is_compared_before_the_reading_is_ended():
    assert compared(record((0, 0, 60, 60)), Marks((LEFT,))) == ()


def test_a_reading_that_was_ended_is_never_undone_nor_what_led_to_it():
    reading = FirstReading(is_locked=True, findings=(LEFT,), record=3)
    history = History.of([Gesture(Verb.ADDED, (LEFT,)), Gesture(Verb.READ, (reading,))])

    after = history.after(UNDO)

    assert after.marks == history.marks
    assert history.undoes is None
    assert history.after(Gesture(Verb.ADDED, (RIGHT,))).after(UNDO).marks == history.marks


def test_a_reading_comes_back_from_its_text():
    mark = FirstReading(
        is_locked=True, outcome=Outcome.CHECK, findings=(LEFT,), record=7, is_blind=False, by="Li"
    )
    gesture = Gesture(Verb.READ, (mark,))

    assert gesture_from_json("read", gesture_to_json(gesture)) == gesture


def test_agreement_counts_what_was_said_before_not_what_was_said_in_sight_of_the_program():
    # Two readings: blind FAIL against PASS, then changed to PASS; blind PASS with PASS.
    rows = [
        Judged("", "PASS", readings=(("Li", "FAIL"), ("Li", "PASS")), blind=(("Li", "FAIL"),)),
        Judged("", "PASS", readings=(("Li", "PASS"),), blind=(("Li", "PASS"),)),
        Judged("", "FAIL", readings=(("Li", "FAIL"),), blind=(("Li", "FAIL"),)),
    ]

    (found,) = agreements(rows)

    # Observed 2/3; chance (2/3 * 1/3 + 1/3 * 2/3) = 4/9; kappa (2/3 - 4/9) / (5/9) = 0.4.
    assert found.kappa == pytest.approx(0.4)
    assert rows[0].final == "PASS"


def test_only_a_blind_reading_of_this_very_record_is_counted():
    inspection = record((10, 10, 30, 30))
    kinds = {
        "blind": read(LEFT, outcome=Outcome.FAIL, record=5),
        "seen": read(LEFT, outcome=Outcome.FAIL, record=5, is_blind=False),
        "another": read(LEFT, outcome=Outcome.FAIL, record=4),
    }

    found = {name: Found.of(inspection, marks, record=5).judged for name, marks in kinds.items()}

    assert found["blind"].blind == found["blind"].readings == (("person", "FAIL"),)
    assert found["blind"].tally == (1, 0, 0)
    assert found["seen"].blind == found["another"].readings == ()
    assert found["seen"].tally is None


def test_the_store_counts_first_readings(tmp_path):
    store = Store(tmp_path)
    saved = store.save(record((10, 10, 30, 30)))
    key = picture_key(saved.provenance.sha256, saved.provenance.locator)
    first = FirstReading(
        is_locked=True, outcome=Outcome.FAIL, findings=(LEFT, RIGHT), record=saved.id
    )
    store.keep_gesture(key, Gesture(Verb.READ, (first,)))
    store.keep_gesture(key, Gesture(Verb.JUDGED, (Judgement(saved.id, Outcome.PASS, "dust"),)))

    counted = figures(one for _, one in store.judged(Search()))

    assert counted.total.counts == (1, 0, 0, 0)
    said = counted.firsts
    assert (said.count, said.both.count, said.reader.count, said.program.count) == (1, 1, 1, 0)
    assert [one.was_read for one in store.list()] == [True]
    assert [one.was_read for one in store.search(Search())] == [True]
    store.close()


def test_reports_tell_which_findings_were_made_before_and_which_after(tmp_path):
    inspection = record((10, 10, 30, 30), id=5)
    marks = read(LEFT, outcome=Outcome.FAIL, record=5).after(Gesture(Verb.ADDED, (RIGHT,)))
    standing = Standing(
        remarks=remarks(inspection, marks), first_reading=reading_document(inspection, marks)
    )
    schema = json.loads((paths.resources() / "schema/inspection.schema.json").read_text("utf-8"))

    json_report.write(inspection, tmp_path / "a.json", standing=standing)
    csv.write(inspection, tmp_path / "a.csv", standing=standing)

    document = json.loads((tmp_path / "a.json").read_text("utf-8"))
    jsonschema.validate(document, schema)
    assert [(one["found_by"], one["box"]) for one in document["first_reading"]["findings"]] == [
        ("both", [10, 10, 30, 30]),
        ("after", [100, 10, 120, 30]),
    ]
    (row,) = csv_module.DictReader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines())
    assert row["first_reading"] == "FAIL; both 1; reader 0; program 0; after 1"
    assert "after the program's findings were shown" in row["remarks"]
