"""The bench of precisions, small."""

from inspector_app.workflow.bench.precision import PRECISIONS, run
from tests.fakes.steps import finish


def test_each_precision_answers_the_same_scenes_and_is_compared_with_float32():
    measured = finish(run(scenes=1))

    assert [arm.precision for arm in measured.arms] == list(PRECISIONS)
    assert all(arm.answers == 6 for arm in measured.arms)
    base, _sixteen, _half, eight = measured.arms
    assert base.same == base.answers
    assert measured.memory(base) == 2
    assert measured.memory(eight) <= 0.6
    assert eight.same / eight.answers > 0.8
    assert len(measured.as_json()["arms"]) == 4


def test_the_last_line_says_whether_the_aims_are_met():
    measured = finish(run(scenes=1))
    eight = measured.arms[-1]

    eight.same = eight.answers
    assert measured.lines()[-1].endswith(": met")
    eight.same = 0
    assert measured.lines()[-1].endswith("NOT met")
