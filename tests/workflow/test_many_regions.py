"""More regions than are shown at once: each gets its own answer, and none is lost among them."""

import pytest

from inspector_app.domain.errors import OutOfMemory
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.domain.verdict import Outcome
from tests.fakes.model import FakeModel, said
from tests.workflow.conftest import Told

MANY = tuple(Region(10 * at, 20, 10 * at + 9, 29) for at in range(32))


def scripted(answers):
    """A script: what the crop of each region says, by its number; "no" of all others."""

    def say(boxes, question):
        at = next((at for at, box in enumerate(MANY) if boxes[-1] == box), -1)
        text, sure = answers.get(at, ("no", 0.9))
        return said(text if len(boxes) > 1 else "no", sure=sure)

    return say


def told(answers, count=32):
    model = FakeModel(answers=scripted(answers), waits=True)
    options = Options(rois=MANY[:count], each_crop=False)
    return Told(model, strategy="manual", options=options)


def test_each_of_32_regions_has_its_own_answer_and_no_two_are_shown_together():
    one = told({})

    assert len(one.found.crop_answers) == len(one.found.regions) == 32
    assert max(len(call[1]) for call in one.model.calls) == 2
    assert any("32 crops were asked about one by one" in note for note in one.found.notes)


def test_a_defect_in_one_of_many_regions_is_the_last_word():
    one = told({21: ("yes", 0.97), 3: ("yes", 0.8)})

    assert one.found.zoomed.text == "yes"
    assert one.found.zoomed is one.found.crop_answers[21]
    assert one.found.verdict.outcome is not Outcome.PASS


def test_where_none_says_yes_the_least_sure_region_decides():
    one = told({7: ("no", 0.55)})

    assert one.found.zoomed is one.found.crop_answers[7]
    assert one.found.verdict.outcome is Outcome.CHECK


def test_four_regions_are_still_shown_together():
    one = told({}, count=4)

    assert max(len(call[1]) for call in one.model.calls) == 5


def test_memory_that_ends_beside_the_first_answer_does_not_lose_a_region():
    model = FakeModel(answers=scripted({}), waits=True)
    failed = []

    def full(call):
        if call[0] == "ask" and len(call[1]) == 2 and not failed:
            failed.append(call)
            return True
        return False

    model.full_at = full
    options = Options(rois=MANY[:6], each_crop=False)

    one = Told(model, strategy="manual", options=options)

    assert len(one.found.crop_answers) == 6
    assert failed


def test_memory_that_does_not_suffice_for_one_region_is_told():
    model = FakeModel(answers=scripted({}), full_at=lambda call: len(call[1]) == 2)

    with pytest.raises(OutOfMemory):
        Told(model, strategy="manual", options=Options(rois=MANY[:6], each_crop=False))
