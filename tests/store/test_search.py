"""Every record can be found again: by any of its words, by date, verdict, preset and label."""

import dataclasses
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.gesture import (
    UNDO,
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
from inspector_app.store.records import Store
from tests.fakes.records import make_answer, make_frame, make_inspection


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path)
    yield opened
    opened.close()


def make(question="Is there a scratch?", answer="no", *, outcome=None, types=(), seed=0, **more):
    found = tuple(Finding(name, None, Severity.MAJOR) for name in types)
    verdict = None if outcome is None else Verdict(outcome, "because", "", found)
    more.setdefault("notes", ())
    return make_inspection(
        make_frame((24, 24), seed=seed), regions=(), map=None, question=question,
        whole=make_answer(answer), zoomed=None, verdict=verdict, **more
    )  # fmt: skip


def numbers(store, text="", **more):
    return [line.id for line in store.search(Search(text, **more))]


def key(inspection):
    return picture_key(inspection.provenance.sha256, inspection.provenance.locator)


@pytest.mark.parametrize(
    "text",
    ["scratch", "SCRATCH", "ratc", "sc", "s", '"a scratch"', "scratch there", "plate 07.png",
     "划痕", "划", "有划痕吗", "图中是否有划", "because", "embedded"],
)  # fmt: skip
def test_a_record_is_found_by_any_of_its_words(store, text):
    wanted = make("Is there a Scratch? 图中是否有划痕吗?", "图中有划痕吗 yes", outcome=Outcome.FAIL)
    store.save(wanted)

    assert numbers(store, text) == [1]


@pytest.mark.parametrize("text", ["crack", "zz", "裂", "裂纹", '"scratch there"', "痕划", "cr"])
def test_a_record_is_not_found_by_other_words(store, text):
    store.save(make("Is there a Scratch? 划痕", "no"))

    assert numbers(store, text) == []


def test_the_newest_come_first_and_no_more_than_asked_for(store):
    for _ in range(4):
        store.save(make())

    assert numbers(store, "scratch", limit=3) == [4, 3, 2]
    assert numbers(store, limit=2) == [4, 3]
    assert numbers(store, limit=0) == []


@given(query=st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_words_can_break_the_search(store, query):
    numbers(store, query)


@pytest.mark.parametrize(
    "query",
    ['"', '""', "a OR b", "NEAR(a b)", "words:abc", "-abc", "abc*", "^abc", "'; DROP", "%_"],
)
def test_the_language_of_the_index_is_nothing_but_words(store, query):
    store.save(make())

    numbers(store, query)


@given(
    texts=st.lists(st.text(alphabet="ab划痕 .", min_size=1, max_size=12), min_size=1, max_size=6),
    query=st.text(alphabet="ab划痕", min_size=3, max_size=5),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_the_index_finds_what_reading_everything_finds(tmp_path_factory, texts, query):
    store = Store(tmp_path_factory.mktemp("found"))
    try:
        saved = [store.save(make(text, "x")) for text in texts]

        expected = [one.id for one in saved if query in one.question]
        assert numbers(store, query) == expected[::-1]
    finally:
        store.close()


def test_dates_verdicts_presets_and_labels_narrow_down(store):
    store.save(make(created="2026-03-04T10:00:00+08:00", outcome=Outcome.PASS))
    store.save(make(created="2026-03-04T03:30:00+00:00", outcome=Outcome.FAIL, types=("crack",)))
    store.save(make(created="2026-03-05T10:00:00+08:00", notes=("preset Industrial 3",)))
    store.save(make(created="2026-03-06T10:00:00+08:00", notes=("operator ann",)))

    assert numbers(store, since="2026-03-04T11:00:00+08:00") == [4, 3, 2]
    assert numbers(store, until="2026-03-04T11:30:00+08:00") == [1]
    assert numbers(store, outcome="FAIL") == [2]
    assert numbers(store, outcome="none") == [4, 3]
    assert numbers(store, preset="Industrial") == [3]
    assert numbers(store, operator="ann") == [4]
    assert numbers(store, label="crack") == [2]
    assert numbers(store, "scratch", outcome="PASS") == [1]
    assert numbers(store, label="crack", outcome="PASS") == []


def test_what_is_no_date_is_named(store):
    with pytest.raises(WrongUse, match="yesterday"):
        numbers(store, since="yesterday")


def test_what_people_say_is_found_from_the_moment_they_say_it(store):
    saved = store.save(make(outcome=Outcome.FAIL, types=("crack", "dent")))
    picture = key(saved)

    rejected = Correction(1, 0, Stand.REJECTED, reason="only dust")
    store.keep_gesture(picture, Gesture(Verb.REJECTED, (rejected,)))
    assert numbers(store, label="crack") == []
    renamed = Correction(1, 1, label="burr")
    store.keep_gesture(picture, Gesture(Verb.EDITED, (renamed,)))
    assert numbers(store, label="burr") == [1]
    assert numbers(store, label="dent") == []
    own = OwnFinding("1", Shape.of(Region(1, 2, 3, 4)), "stain", note="咖啡")
    store.keep_gesture(picture, Gesture(Verb.ADDED, (own,)))
    assert numbers(store, "咖啡") == [1]
    store.keep_gesture(picture, Gesture(Verb.NOTED, (Note("look at the other side"),)))
    assert numbers(store, "other side") == [1]
    store.keep_gesture(picture, Gesture(Verb.JUDGED, (Judgement(1, Outcome.PASS, "allowed"),)))
    assert numbers(store, outcome="PASS") == [1]
    assert store.judged(Search())[0][1].human == "PASS"

    store.keep_gesture(picture, UNDO)

    assert numbers(store, outcome="PASS") == []
    assert numbers(store, outcome="FAIL") == [1]
    assert store.judged(Search())[0][1].readings == ()


def test_gestures_on_another_picture_change_nothing(store):
    saved = store.save(make(outcome=Outcome.FAIL, types=("crack",)))

    other = f"{saved.provenance.sha256}#2"
    store.keep_gesture(other, Gesture(Verb.NOTED, (Note("of page two"),)))

    assert numbers(store, "page two") == []


def test_statistics_count_every_record_whatever_the_limit(store):
    store.save(make(outcome=Outcome.FAIL, types=("crack",), notes=("preset Industrial 3",)))
    store.save(make(outcome=Outcome.PASS))
    store.save(make())

    rows = [row for _, row in store.judged(Search(limit=1))]

    assert [(row.outcome, row.types, row.preset) for row in rows] == [
        ("FAIL", ("crack",), "Industrial 3"),
        ("PASS", (), ""),
        ("", (), ""),
    ]
    assert len(store.judged(Search("scratch", outcome="PASS"))) == 1


@pytest.mark.parametrize(
    "harm", ["DROP TABLE found_words", "DROP TABLE found", "DELETE FROM found WHERE id = 2"]
)
def test_what_is_missing_of_the_index_is_made_anew(tmp_path, harm):
    store = Store(tmp_path)
    store.save(make("one"))
    store.save(make("two"))
    store.close()
    connection = sqlite3.connect(tmp_path / "records.sqlite")
    connection.execute(harm)
    connection.commit()
    connection.close()

    store = Store(tmp_path)

    assert numbers(store, "two") == [2]
    assert numbers(store, "one") == [1]
    store.close()


def test_records_of_an_older_version_are_found(tmp_path):
    store = Store(tmp_path)
    store.save(make("from before"))
    store.close()
    connection = sqlite3.connect(tmp_path / "records.sqlite")
    connection.executescript(
        "DROP TABLE found_words; DROP TABLE found; DROP TABLE accounts; DROP TABLE signatures;"
        "PRAGMA user_version = 5;"
    )
    connection.close()

    store = Store(tmp_path)

    assert numbers(store, "before") == [1]
    store.close()


def test_a_megabyte_of_answer_and_hostile_letters_are_stored_and_found(store):
    hostile = "a\0b \x1b[31m \u202egnp.exe \ud800 " + "x" * 1_000_000

    store.save(make("needle " + hostile, hostile))

    assert numbers(store, "needle") == [1]


def test_the_seal_of_a_record_is_that_of_the_chain(store):
    saved = store.save(make())
    connection = sqlite3.connect(store.path)
    document = connection.execute("SELECT document_sha256 FROM inspections").fetchone()[0]
    number, chained = connection.execute("SELECT number, hash FROM chain").fetchone()
    connection.close()

    assert dataclasses.astuple(store.seal_of(saved.id)) == (document, number, chained)
    assert store.seal_of(99) is None
    assert store.seal_of(-1) is None
