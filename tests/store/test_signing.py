"""A signature holds for a record and for what people had said of it, and says when it does not."""

import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.gesture import (
    REDO,
    UNDO,
    Correction,
    Gesture,
    Judgement,
    Roi,
    Stand,
    Verb,
)
from inspector_app.domain.measure import picture_key
from inspector_app.domain.operators import Operator, Role
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.domain.signature import Meaning, signature_words
from inspector_app.domain.verdict import Outcome
from inspector_app.store.chain import seal
from inspector_app.store.keeping import check
from inspector_app.store.records import Store
from inspector_app.store.trail import trail
from tests.fakes.records import make_inspection
from tests.fakes.steps import finish

ANN = Operator("ann", Role.ENGINEER)


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def kept(store):
    return store.save(make_inspection())


def correct(store, kept, *, by="ben"):
    source = kept.provenance
    key = picture_key(source.sha256, source.locator)
    gesture = Gesture(Verb.REJECTED, (Correction(kept.id, 0, Stand.REJECTED, "dust"),), by=by)
    store.keep_gesture(key, gesture)
    return key


def test_a_signature_says_who_when_and_what_it_means(store, kept):
    store.sign(kept.id, Meaning.APPROVED, by=ANN)

    (found,) = store.signatures_of(kept.id)

    assert (found.name, found.role, found.meaning) == ("ann", "engineer", Meaning.APPROVED)
    assert found.is_current
    assert signature_words(found).startswith("approved by ann (engineer), 20")


def test_a_later_correction_ends_a_signature_and_its_undo_does_not_bring_it_back(store, kept):
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)
    key = correct(store, kept)

    (late,) = store.signatures_of(kept.id)
    store.keep_gesture(key, UNDO)
    (after,) = store.signatures_of(kept.id)
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)
    _, anew = store.signatures_of(kept.id)

    assert not late.is_current
    assert "signed for an earlier state" in signature_words(late)
    assert not after.is_current
    assert anew.is_current


def test_the_undo_of_what_was_signed_ends_a_signature_and_a_redo_does_not_bring_it_back(
    store, kept
):
    key = correct(store, kept)
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)
    store.keep_gesture(key, UNDO)
    store.keep_gesture(key, REDO)

    assert not store.signatures_of(kept.id)[0].is_current


def test_the_trail_says_once_which_gesture_ended_which_signature(store, kept):
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)
    key = correct(store, kept)
    store.keep_gesture(key, UNDO)
    store.sign(kept.id, Meaning.APPROVED, by=ANN)
    store.keep_gesture(key, REDO)

    with store.using() as connection:
        told = [(line.what, line.details) for line in trail(connection)]

    ended = [(what, words) for what, words in told if "earlier state" in words]
    assert [what for what, _ in ended] == ["rejected", "redo"]
    assert "signature 1 is for an earlier state since" in ended[0][1]
    assert ended[1][1] == "signature 2 is for an earlier state since"


def test_the_verdict_of_one_more_reader_outdates_a_signature(store, kept):
    source = kept.provenance
    key = picture_key(source.sha256, source.locator)
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)
    store.keep_gesture(
        key, Gesture(Verb.JUDGED, (Judgement(kept.id, Outcome.FAIL, "", "ben"),), by="ben")
    )

    assert not store.signatures_of(kept.id)[0].is_current


def test_a_region_to_look_at_changes_nothing_that_was_signed(store, kept):
    source = kept.provenance
    key = picture_key(source.sha256, source.locator)
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)
    store.keep_gesture(key, Gesture(Verb.DRAWN, (Roi("a", Shape.of(Region(0, 0, 9, 9))),)))

    assert store.signatures_of(kept.id)[0].is_current


def test_a_signature_given_after_a_correction_holds_for_it(store, kept):
    correct(store, kept)
    store.sign(kept.id, Meaning.APPROVED, by=ANN)

    assert store.signatures_of(kept.id)[0].is_current


def test_a_record_that_is_not_there_cannot_be_signed(store):
    with pytest.raises(WrongUse, match="no record 7"):
        store.sign(7, Meaning.REVIEWED, by=ANN)


def test_the_check_names_records_that_were_signed_for_an_earlier_state(tmp_path, store, kept):
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)
    assert finish(check(tmp_path)).outdated == ()
    correct(store, kept)

    found = finish(check(tmp_path))

    assert found.is_sound
    assert found.outdated == (kept.id,)


def test_the_check_finds_a_signature_that_was_moved_to_another_state(tmp_path, store, kept):
    correct(store, kept)
    with store.using() as connection:
        # Sealed as it should be, but never given for what was there.
        connection.execute(
            "INSERT INTO signatures (created, record, meaning, name, role, document_sha256,"
            " state_sha256, gesture) SELECT '2026', id, 'approved', 'eve', 'admin',"
            " document_sha256, ?, 1 FROM inspections",
            ("0" * 64,),
        )
        seal(connection, "signatures", 1)

    assert "Signature 1 is not for what people had said" in finish(check(tmp_path)).trouble


def test_signatures_are_never_changed(store, kept):
    store.sign(kept.id, Meaning.REVIEWED, by=ANN)

    with store.using() as connection, pytest.raises(Exception, match="never changed"):
        connection.execute("UPDATE signatures SET meaning = 'approved'")
