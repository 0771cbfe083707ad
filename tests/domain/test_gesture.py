"""What holds on a picture follows from what people did to it, one gesture after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.finding import Severity
from inspector_app.domain.gesture import (
    LAID,
    REDO,
    UNDO,
    Correction,
    Gesture,
    Judgement,
    Marks,
    Measurements,
    Note,
    OwnFinding,
    Roi,
    Stand,
    Verb,
    findings_of,
)
from inspector_app.domain.gesture_document import gesture_from_json, gesture_to_json
from inspector_app.domain.history import History
from inspector_app.domain.measure import Measure, MeasureKind
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.verdict import Outcome
from tests.fakes.records import make_inspection

BOX = Shape.of(Region(1, 2, 30, 40))
LINE = Shape(ShapeKind.LINE, ((1.0, 2.0), (4.0, 6.0)))
ROI = Roi("a", BOX)

ids = st.sampled_from("abcd")
words = st.text(max_size=12)
numbers = st.floats(-1e4, 1e4)
points = st.tuples(numbers, numbers)


@st.composite
def shapes(draw, *, has_area=False):
    kinds = [ShapeKind.RECTANGLE] if has_area else list(ShapeKind)
    kind = draw(st.sampled_from(kinds))
    x, y = draw(points)
    if kind == ShapeKind.RECTANGLE:
        width, height = draw(st.tuples(st.floats(1, 99), st.floats(1, 99)))
        return Shape(kind, ((x, y), (x + width, y + height)), draw(st.floats(-179, 180)))
    if kind == ShapeKind.POLYGON:
        return Shape(kind, ((x, y), (x + 9, y), (x, y + 5)))
    return Shape(kind, ((x, y),) if kind == ShapeKind.POINT else ((x, y), draw(points)))


rois = st.builds(
    Roi,
    ids,
    shapes(has_area=True),
    name=words,
    colour=st.integers(0, 7),
    is_locked=st.booleans(),
    question=words,
    expected=st.lists(words, max_size=2).map(tuple),
)
own = st.builds(
    OwnFinding,
    ids.map("own-{}".format),
    shapes(),
    words,
    severity=st.sampled_from(Severity),
    text=words,
    colour=words,
    texture=words,
    size=st.none() | st.floats(0, 1e3),
    unit=st.sampled_from(["mm", "px"]),
    note=words,
)
corrections = st.builds(
    Correction,
    st.integers(1, 3),
    st.integers(0, 2),
    stand=st.sampled_from(Stand),
    reason=words,
    label=st.none() | words,
    text=st.none() | words,
    shape=st.none() | shapes(),
    severity=st.none() | st.sampled_from(Severity),
)
judgements = st.builds(Judgement, st.integers(1, 3), st.sampled_from(Outcome), words)
measures = st.builds(lambda points: Measure(MeasureKind.LENGTH, points), st.tuples(points, points))
marks = st.one_of(
    rois,
    own,
    corrections,
    judgements,
    st.builds(Note, words),
    st.builds(Measurements, st.lists(measures, max_size=2).map(tuple)),
)
deeds = st.builds(
    Gesture,
    st.sampled_from([verb for verb in Verb if verb not in {Verb.UNDO, Verb.REDO}]),
    st.lists(marks, max_size=2).map(tuple),
    st.lists(ids, max_size=2).map(tuple),
)
gestures = st.lists(st.one_of(deeds, st.just(UNDO), st.just(REDO)), max_size=25)


def after(*done):
    return History.of(done)


@given(gestures, st.integers(0, 30))
def test_so_many_steps_back_and_as_many_forth_change_nothing(done, count):
    history = after(*done)
    # No step leads behind a first reading.
    last = max((at for at, one in enumerate(history.done) if one.verb is Verb.READ), default=0)
    steps = min(count, len(history.done) - 1 - last)

    there = history
    for _ in range(steps):
        there = there.after(UNDO)
    back = there
    for _ in range(steps):
        back = back.after(REDO)

    assert back == history
    assert there.marks == history.done[len(history.done) - 1 - steps].marks


@given(gestures)
def test_gestures_stored_one_by_one_make_the_same_history(done):
    """Replayed with two plain lists of all states; none before a first reading comes back."""
    states, undone, history, floor = [Marks()], [], History(), 1
    for gesture in done:
        history = history.after(gesture)
        if gesture.verb == Verb.UNDO:
            if len(states) > floor:
                undone.append(states.pop())
        elif gesture.verb == Verb.REDO:
            if undone:
                states.append(undone.pop())
        else:
            states, undone = [*states, states[-1].after(gesture)], []
            floor = len(states) if gesture.verb == Verb.READ else floor

    assert history == after(*done)
    assert [moment.marks for moment in history.done] == states
    assert history.undoes is None or len(states) > floor


@given(gestures)
def test_what_holds_is_what_was_said_last_of_each_mark(done):
    """Without steps back: a plain dictionary says the same."""
    said = {}
    plain = [gesture for gesture in done if not gesture.is_step]
    for gesture in plain:
        fresh = {mark.id: mark for mark in gesture.marks}
        for id in gesture.removed:
            if id not in fresh:
                said.pop(id, None)
        said.update(fresh)

    assert {mark.id: mark for mark in after(*plain).marks.all} == said


@given(deeds)
def test_a_gesture_is_the_same_after_it_was_written(gesture):
    assert gesture_from_json(str(gesture.verb), gesture_to_json(gesture)) == gesture


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        ("drawn", ""),
        ("flown", '{"marks":[],"removed":[]}'),
        ("drawn", '{"marks":[{"is":"dragon"}],"removed":[]}'),
        ("drawn", '{"marks":null,"removed":[]}'),
        ("noted", '{"marks":[{"is":"note","text":"' + "x" * 2001 + '"}],"removed":[]}'),
        (
            "measured",
            '{"marks":[{"is":"measurements","measures":[["length",[[1,2]]]]}],"removed":[]}',
        ),
    ],
)
def test_damaged_text_is_no_gesture(verb, text):
    with pytest.raises(ValueError):  # noqa: PT011  several makers of it
        gesture_from_json(verb, text)


def test_a_mark_that_is_changed_keeps_its_place():
    history = after(
        Gesture(Verb.DRAWN, (Roi("a", BOX), Roi("b", BOX))),
        Gesture(Verb.RENAMED, (Roi("a", BOX, "left"),)),
    )

    assert [roi.name for roi in history.marks.rois] == ["left", ""]
    assert history.undoes == Verb.RENAMED


def test_own_regions_stand_in_the_place_of_a_presets_until_they_are_gone():
    drawn = after(Gesture(Verb.DRAWN, (ROI,)))

    assert drawn.marks.hides_laid
    assert not drawn.after(Gesture(Verb.DELETED, removed=("a",))).marks.hides_laid
    assert not drawn.after(UNDO).marks.hides_laid


def test_a_presets_regions_that_were_removed_stay_away():
    assert after(Gesture(Verb.DELETED, removed=(f"{LAID}0",))).marks.hides_laid


def test_regions_have_an_area_and_texts_an_end():
    with pytest.raises(ValueError, match="no line"):
        Roi("a", LINE)
    with pytest.raises(ValueError, match="2000"):
        Note("x" * 2001)
    with pytest.raises(ValueError, match="no size"):
        OwnFinding("a", LINE, "crack", size=float("nan"))


def test_an_answer_without_findings_is_what_can_be_corrected():
    inspection = make_inspection(verdict=None)

    (found,) = findings_of(inspection)

    assert found.type == "answer"
    assert found.said == inspection.answer.text
    assert found.location == inspection.regions[0].region


def test_corrections_are_found_by_their_record_and_number():
    marks = after(
        Gesture(Verb.REJECTED, (Correction(7, 1, Stand.REJECTED, "dust"),)),
        Gesture(Verb.ACCEPTED, (Correction(7, 0, Stand.ACCEPTED), Correction(8, 0))),
        Gesture(Verb.JUDGED, (Judgement(7, Outcome.PASS, "dust"),)),
    ).marks

    assert [one.stand for one in marks.corrections_of(7)] == [Stand.ACCEPTED, Stand.REJECTED]
    assert marks.correction(9, 0) == Correction(9, 0)
    assert marks.judgement_of(7).outcome == Outcome.PASS
    assert marks.judgement_of(8) is None
