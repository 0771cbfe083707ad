"""A check of golden samples: what counts as passed, and that it comes back from its text."""

from dataclasses import replace

import pytest

from inspector_app.domain.gesture import Gesture, Verb
from inspector_app.domain.gesture_document import gesture_from_json, gesture_to_json
from inspector_app.domain.golden import GoldenCheck, SampleSeen
from inspector_app.domain.trail import gesture_words
from inspector_app.domain.verdict import Outcome

GOOD = SampleSeen("g.png", "ab" * 32, Outcome.PASS, Outcome.PASS)
BAD = SampleSeen("b.png", "cd" * 32, Outcome.FAIL, Outcome.FAIL, "found")
CHECK = GoldenCheck("golden-1", "Li", "line 1234", "embedded ef", (GOOD, BAD))


def test_good_and_bad_samples_that_are_judged_rightly_pass():
    assert CHECK.is_passed
    assert CHECK.wrong == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"seen": ()},
        {"seen": (GOOD,)},
        {"seen": (BAD,)},
        {"seen": (GOOD, replace(BAD, outcome=Outcome.PASS))},
        {"seen": (GOOD, replace(BAD, outcome=Outcome.CHECK))},
        {"seen": (replace(GOOD, outcome=Outcome.CHECK), BAD)},
        {"trouble": "a sample is missing"},
    ],
    ids=str,
)
def test_anything_less_does_not_pass(changed):
    assert not replace(CHECK, **changed).is_passed


def test_an_event_comes_back_from_its_text():
    gesture = Gesture(Verb.CHECKED, (CHECK,))

    assert gesture_from_json("checked", gesture_to_json(gesture)).marks == (CHECK,)


def test_the_trail_names_every_sample_with_hash_and_verdict():
    words = gesture_words(Gesture(Verb.CHECKED, (replace(CHECK, trouble="late"),)))

    assert words == (
        "golden samples not right, preset line 1234; g.png abababababab must be PASS, was PASS; "
        "b.png cdcdcdcdcdcd must be FAIL, was FAIL; late"
    )
