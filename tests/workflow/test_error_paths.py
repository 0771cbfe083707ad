"""What goes wrong before there is a verdict: a clear sentence or CHECK, never PASS."""

import json
from dataclasses import replace

import pytest

from inspector_app.domain.check_kinds import YesNo
from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Cut, Options
from inspector_app.domain.region import Region
from inspector_app.domain.rule import PictureLimits, Rules
from inspector_app.domain.saying import has_chinese
from inspector_app.domain.verdict import Outcome
from inspector_app.presets.checking import faults
from inspector_app.presets.folder import read_file
from inspector_app.workflow.following import Follower
from inspector_app.workflow.judging import FOREIGN, STRAYED
from inspector_app.workflow.workbench import Workbench
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeModel, said
from tests.fakes.steps import finish
from tests.workflow.conftest import Told

GOOD = {"answers": lambda _boxes, _question: said("no", sure=0.99)}
PRESET = {"schema_version": 2, "title": "A", "look": {"strategy": "manual"}}


def test_all_being_well_is_a_pass():
    assert Told(FakeModel(**GOOD)).found.verdict.outcome == Outcome.PASS


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("是的没有", "the answer is neither yes nor no"),
        ("Nein", "the answer is neither yes nor no"),
        ("no " * 4000, "the answer is too long to be judged"),
        ("", "there is no answer"),
    ],
    ids=["Chinese", "German", "10,000 letters", "nothing"],
)
def test_an_answer_that_is_none_is_a_doubt(answer, why):
    model = FakeModel(answers=lambda _boxes, _question: said(answer, sure=0.99))

    verdict = Told(model).found.verdict

    assert verdict.outcome == Outcome.CHECK
    assert why in verdict.flags or why == "there is no answer"


def test_rules_that_were_made_for_another_question_are_a_doubt():
    ruled = Rules((YesNo(),), picture=PictureLimits(None, None, None, None))
    turned = {"question": "Is it free of cracks?", "rules": ruled}

    verdict = Told(FakeModel(**GOOD), **turned, strays=True).found.verdict

    assert (verdict.outcome, verdict.reason) == (Outcome.CHECK, STRAYED)
    assert Told(FakeModel(**GOOD), **turned).found.verdict.outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("question", "languages", "is_doubted"),
    [
        ("有裂纹吗？", ("en",), True),
        ("Is there a crack?", ("zh",), True),
        ("Is there a crack?", ("en",), False),
        ("Is there a crack?", (), False),
    ],
)
def test_a_question_in_a_language_that_the_model_does_not_know_is_never_a_pass(
    question, languages, is_doubted
):
    answer = "没有" if has_chinese(question) else "no"
    model = FakeModel(answers=lambda _boxes, _question: said(answer, sure=0.99))
    model.facts = replace(model.facts, languages=languages)

    found = Told(model, question=question).found

    assert (FOREIGN in found.notes) == is_doubted
    assert found.verdict.outcome is (Outcome.CHECK if is_doubted else Outcome.PASS)
    assert (found.verdict.reason == FOREIGN) == is_doubted


@pytest.mark.parametrize(("own", "is_doubted"), [("有裂纹吗？", True), ("Is it torn?", False)])
def test_nor_is_a_region_s_own_question_in_such_a_language(own, is_doubted):
    model = FakeModel(answers=lambda _boxes, _question: said("no", sure=0.99))
    model.facts = replace(model.facts, languages=("en",))
    options = Options(rois=(Region(10, 10, 60, 60),), cuts=(Cut(question=own),))

    found = Told(model, strategy="manual", options=options).found

    assert (FOREIGN in found.notes) == is_doubted
    assert (found.verdict.outcome is Outcome.CHECK) == is_doubted


@pytest.mark.parametrize("region", [Region(390, 0, 420, 40), Region(900, 900, 950, 950)])
def test_a_region_outside_the_picture_is_refused(region):
    with pytest.raises(WrongUse, match="reaches outside the picture") as refused:
        Told(FakeModel(**GOOD), strategy="manual", options=Options(rois=(region,)))

    assert refused.value.hint


def test_a_region_of_a_preset_that_was_left_out_is_a_doubt():
    frame = fake_frame((200, 100))
    request = Inspect("a.png", "Is there a crack?", "whole", Options(), left_out=1, rules=Rules())

    followed = Follower(lambda _locator: frame).follow(request, frame)

    assert followed.troubles == ("a region of the part lies outside the picture",)


@pytest.mark.parametrize("box", [[5, 5, 5, 9], [5, 9, 8, 9], [8, 5, 5, 9]])
def test_a_region_without_an_area_is_refused_at_its_place(box):
    (fault,) = faults({**PRESET, "regions": {"rois": [{"box": box}]}})

    assert fault.place == "regions.rois.0"
    assert fault.text == "a region needs an area: x0 < x1 and y0 < y1"


def test_an_unknown_model_is_an_error_with_a_way_out(tmp_path):
    bench = Workbench()

    with pytest.raises(InspectorError) as refused:
        finish(bench.perform(LoadModel(str(tmp_path / "nowhere"))))

    assert str(refused.value).endswith(".")
    assert refused.value.hint
    bench.close()


def test_a_preset_of_a_newer_version_is_told_and_left_alone(tmp_path):
    path = tmp_path / "new.json"
    path.write_text(json.dumps({**PRESET, "schema_version": 99}))
    before = path.read_bytes()

    with pytest.raises(WrongUse, match="version 99") as refused:
        read_file(path)

    assert "newer version of this program" in refused.value.hint
    assert path.read_bytes() == before


def test_contradictory_rules_are_refused_before_anything_is_asked():
    checks = [{"kind": "codes", "allowed": ["A1"]}, {"kind": "expected", "texts": ["B2"]}]

    (fault,) = faults({**PRESET, "rules": {"checks": checks}})

    assert fault.text == "no answer is on every list of expected texts and codes"
