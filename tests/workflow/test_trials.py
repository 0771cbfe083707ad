"""Experiments beside an inspection: told, kept on record, and nothing else changed by them."""

import json

import jsonschema
import pytest

from inspector_app import paths
from inspector_app.domain.document import from_document, to_document, to_json
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.filing import Filed
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.ports import Sharing
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.domain.summary import trial_words
from inspector_app.domain.telling import told
from inspector_app.domain.trial import TrialKind
from inspector_app.workflow.delivering import answer_lines
from inspector_app.workflow.lockstep import Work, inspect_together
from inspector_app.workflow.stepping import Room
from inspector_app.workflow.trials import NO_MAP, NO_REGION
from inspector_app.workflow.workbench import Workbench
from tests.fakes.model import FakeModel
from tests.fakes.steps import finish
from tests.workflow.conftest import QUESTION, ask_for, write_picture

ROI = Region(20, 20, 160, 150)


@pytest.fixture(scope="module")
def tried(tiny_folder, tmp_path_factory):
    """What a real network, tiny and of random weights, answers with given options."""
    bench = Workbench()
    place = write_picture(tmp_path_factory.mktemp("trials") / "picture.png")

    def inspect(strategy="manual", **changes):
        request = Inspect(
            place,
            QUESTION,
            strategy,
            Options(**changes),
            model=LoadModel(str(tiny_folder)),
            save=False,
        )
        return finish(bench.perform(request))

    yield inspect
    bench.close()


def test_without_experiments_there_are_none(tried):
    assert tried(rois=(ROI,)).trials == ()


def test_experiments_leave_answers_and_verdict_as_they_are(tried):
    plain = tried(rois=(ROI,))
    found = tried(rois=(ROI,), reweighting=1.8, reweight_by="regions", mixing=0.4)

    assert [(one.kind, one.setting, one.source) for one in found.trials] == [
        (TrialKind.REWEIGHTED, 1.8, "regions"),
        (TrialKind.MIXED, 0.4, ""),
    ]
    for name in ("whole", "zoomed", "crop_answers", "vote", "regions", "notes"):
        assert getattr(found, name) == getattr(plain, name), name
    assert found.verdict == plain.verdict
    assert found.passes.language > plain.passes.language
    assert found.timings_ms["experiment"] > 0


def test_a_factor_of_one_and_a_weight_of_one_repeat_the_whole_answer(tried):
    found = tried(rois=(ROI,), reweighting=1.0, reweight_by="regions", mixing=1.0)

    assert [one.answer.text for one in found.trials] == [found.whole.text] * 2
    for one in found.trials:
        assert one.answer.logprob == pytest.approx(found.whole.logprob, abs=1e-5)


def test_attention_is_raised_by_the_map_where_that_is_wished(tried):
    found = tried("relative_attention", reweighting=2.0, reweight_by="map")

    (trial,) = found.trials
    assert (trial.kind, trial.source) == (TrialKind.REWEIGHTED, "map")


def test_what_cannot_be_tried_is_noted_and_the_rest_goes_on(tried):
    found = tried("whole", reweighting=1.5, reweight_by="map", mixing=0.5)

    assert found.trials == ()
    assert found.notes[-2:] == (NO_MAP, NO_REGION)
    assert found.whole.text is not None


def test_they_stand_in_document_report_and_terminal(tried):
    found = tried(rois=(ROI,), reweighting=1.8, reweight_by="regions", mixing=0.4)
    document = json.loads(to_json(to_document(found)))

    schema = paths.resources() / "schema" / "inspection.schema.json"
    jsonschema.validate(document, json.loads(schema.read_text(encoding="utf-8")))
    assert from_document(document).trials == found.trials
    words = [trial_words(one) for one in found.trials]
    assert words == [
        "Experiment, not judged: attention to the regions times 1.8",
        "Experiment, not judged: words of whole picture (40 %) and crops mixed",
    ]
    assert [name for name, _, _ in told(Filed(found)).answers[-2:]] == words
    lines = [line for line in answer_lines(found) if line.startswith("Trial")]
    assert [line.endswith(one) for line, one in zip(lines, words, strict=True)] == [True, True]


def test_records_from_before_there_were_experiments_still_open(tried):
    document = to_document(tried(rois=(ROI,)))
    del document["experiments"]
    for name in ("reweighting", "reweight_by", "mixing"):
        del document["options"][name]

    again = from_document(document)

    assert again.trials == ()
    assert not again.options.has_experiments


def test_a_model_that_cannot_is_refused_before_it_answers(fake_bench, picture):
    for options in (Options(reweight_by="map"), Options(mixing=0.5)):
        with pytest.raises(WrongUse, match="does not let"):
            finish(fake_bench.bench.perform(fake_bench.request(picture, options=options)))
    assert fake_bench.models[0].passes.language == 0


@pytest.mark.parametrize(
    "wrong",
    [{"reweighting": 0.5}, {"reweighting": 2.5}, {"reweight_by": "wish"}, {"mixing": -0.1},
     {"mixing": float("nan")}, {"reweighting": float("nan")}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"factor|regions or map|weighs"):
        Options(**wrong)


class Sharer(FakeModel):
    """A model that could do several jobs in the same forwards."""

    def in_lockstep(self, *_jobs, **_most):
        raise AssertionError("experiments cannot share forwards")


def test_pictures_with_experiments_are_inspected_one_by_one():
    asked = []

    def alone(request):
        yield from ()
        asked.append(request.locator)
        return request.locator

    work = Work(Sharer(), Room(), prepare=lambda request: request, alone=alone)
    assert isinstance(work.model, Sharing)
    requests = [ask_for(f"{at}.png", options=Options(reweight_by="map")) for at in range(3)]

    ended = finish(inspect_together(requests, work=work, most=16))

    assert ended.found == ("0.png", "1.png", "2.png")
    assert asked == ["0.png", "1.png", "2.png"]
