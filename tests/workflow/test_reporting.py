"""Reports about what is stored: from the record, its seal and what people said, nothing else."""

import json

import pytest

from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.filing import Letterhead
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.gesture import (
    Correction,
    Gesture,
    Judgement,
    Note,
    OwnFinding,
    Stand,
    Verb,
)
from inspector_app.domain.measure import picture_key
from inspector_app.domain.region import Region
from inspector_app.domain.search import Search
from inspector_app.domain.shape import Shape
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.imaging.png import encode_png
from inspector_app.store.records import Store
from inspector_app.workflow import reporting
from tests.fakes.records import make_frame, make_inspection


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "data")
    for outcome in (Outcome.FAIL, Outcome.PASS, Outcome.CHECK):
        found = (Finding("crack", None, Severity.MAJOR),) if outcome is Outcome.FAIL else ()
        opened.save(
            make_inspection(
                make_frame((40, 30)),
                regions=((5, 5, 20, 20),),
                verdict=Verdict(outcome, "because", "", found),
            )
        )
    yield opened
    opened.close()


def run(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def say_of(store, *marks, verb=Verb.EDITED):
    source = store.open(1).provenance
    store.keep_gesture(picture_key(source.sha256, source.locator), Gesture(verb, marks))


def test_what_people_said_stands_beside_what_the_record_says(store):
    say_of(store, Correction(1, 0, Stand.REJECTED, reason="dust", label="stain"))
    say_of(store, Judgement(1, Outcome.PASS, "allowed"))
    say_of(store, OwnFinding("o", Shape.of(Region(1, 2, 3, 4)), "dent", size=1.5, unit="mm"))
    say_of(store, Note("seen twice"))

    assert reporting.filed(store, 1).standing.remarks == (
        "rejected: crack (dust)",
        "corrected to: stain",
        "judged PASS by a person (allowed)",
        "found by a person: (1) dent, major, x 1-3, y 2-4, 1.5 mm",
        "note: seen twice",
    )
    # Of another record of the same picture only what is about the picture.
    assert len(reporting.filed(store, 2).standing.remarks) == 2
    chinese = reporting.filed(store, 1, language="zh_CN").standing.remarks
    assert "人工判定：合格（allowed）" in chinese
    assert "改为：污渍" in chinese
    assert "人工发现：(1) 凹坑, 严重, x 1-3, y 2-4, 1.5 mm" in chinese


def test_a_report_of_one_names_the_hashes_of_its_record(store, tmp_path):
    run(reporting.report(store, [2], "html", tmp_path / "a.html"))

    page = (tmp_path / "a.html").read_text("utf-8")
    seal = store.seal_of(2)
    assert seal.document_sha256 in page
    assert seal.chain_sha256 in page
    assert "plate 07.png" in page


def test_names_are_left_out_where_patients_are_hidden(store, tmp_path):
    for name in ("html", "csv", "json"):
        run(reporting.report(store, [2], name, tmp_path / "one", hides_patient=True))
        run(reporting.report(store, [1, 2], name, tmp_path / "two", hides_patient=True))

        for made in ("one", "two"):
            assert "plate 07" not in (tmp_path / made).read_text("utf-8")


def test_a_book_is_of_the_shift_of_its_inspections(store):
    bound = reporting.book(store, [1, 2, 3])

    assert bound.title == "Shift of 2026-03-04 06:00"
    assert bound.figures.total.counts == (1, 1, 1, 0)
    assert [filed.inspection.id for filed in bound.open()] == [1, 2, 3]
    assert reporting.book(store, [1, 2], title="Mine").title == "Mine"


def test_a_persons_verdict_counts_in_the_figures(store):
    say_of(store, Judgement(1, Outcome.PASS))

    found = reporting.book(store, [1, 2, 3]).figures

    assert found.total.counts == (2, 0, 1, 0)
    assert (found.overrides.false_rejects.count, found.overrides.false_rejects.of) == (1, 1)


def test_records_are_meant_by_number_or_by_search(store):
    assert reporting.numbers_of(store, [2, 1, 2], None) == (2, 1)
    assert reporting.numbers_of(store, [], Search(label="crack")) == (1,)
    assert reporting.numbers_of(store, [], Search(limit=1)) == (1, 2, 3)
    for chosen, search in (([], None), ([1], Search()), ([], Search("nothing like it"))):
        with pytest.raises(WrongUse):
            reporting.numbers_of(store, chosen, search)


def test_an_annotated_picture_is_about_one_inspection(store, tmp_path):
    with pytest.raises(WrongUse, match="about one"):
        run(reporting.report(store, [1, 2], "png", tmp_path / "a.png"))

    run(reporting.report(store, [1], "png", tmp_path / "a.png"))
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_report_never_takes_the_place_of_a_folder_or_of_nothing(store, tmp_path):
    for wrong in (tmp_path, tmp_path / "gone" / "a.pdf"):
        with pytest.raises(CannotWrite):
            run(reporting.report(store, [1], "pdf", wrong))
    with pytest.raises(WrongUse, match="no record 99"):
        run(reporting.report(store, [99], "pdf", tmp_path / "a.pdf"))
    assert not (tmp_path / "a.pdf").exists()


def test_a_site_says_once_what_stands_on_its_reports(tmp_path):
    assert reporting.letterhead(tmp_path) == Letterhead()
    (tmp_path / "logo.png").write_bytes(encode_png(make_frame((8, 8)).pixels))
    site = {"name": "Plant", "logo": "logo.png", "fields": [["Line", "3"]]}
    (tmp_path / "site.json").write_text(json.dumps(site), "utf-8")
    (tmp_path / "book.typ").write_text("x", "utf-8")

    found = reporting.letterhead(tmp_path)

    assert (found.name, found.fields, found.logo_suffix) == ("Plant", (("Line", "3"),), ".png")
    assert found.logo.startswith(b"\x89PNG")
    assert found.templates == tmp_path


@pytest.mark.parametrize(
    "site", ["{", "[]", '{"fields": [["a"]]}', '{"logo": "logo.exe"}', '{"logo": "gone.png"}']
)
def test_a_wrong_description_of_a_site_is_named(tmp_path, site):
    (tmp_path / "site.json").write_text(site, "utf-8")

    with pytest.raises(WrongUse, match=r"site\.json|logo"):
        reporting.letterhead(tmp_path)


@pytest.mark.parametrize("name", ["csv", "html", "json", "pdf"])
def test_a_book_tells_of_each_inspection_and_leaves_nothing_where_it_is_stopped(
    store, tmp_path, name
):
    destination = tmp_path / "out" / f"book.{name}"
    destination.parent.mkdir()
    steps = reporting.report(store, (1, 2, 3), name, destination)

    told = [(step.done, step.total) for step in (next(steps) for _ in range(4))]
    steps.close()

    assert told[1:] == [(0, 3), (1, 3), (2, 3)]
    assert not list(destination.parent.iterdir())
