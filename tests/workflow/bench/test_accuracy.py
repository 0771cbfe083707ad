"""Presets against their aims: arithmetic by hand, cases that are what they say, one real run."""

import json

import pytest

from inspector_app.domain.check_kinds import Codes
from inspector_app.domain.preset import Targets
from inspector_app.domain.verdict import Outcome
from inspector_app.presets.folder import shipped
from inspector_app.workflow.bench.accuracy import TRADES, Case, PresetAccuracy, Trial, run
from tests.fakes.steps import finish


def trial(*, bad, right, outcome, ms=10.0):
    return Trial(1, "small", bad, "no", right, outcome, ms, {"ask": ms})


def test_misses_are_bad_ones_that_passed_and_false_alarms_good_ones_that_failed():
    trials = (
        trial(bad=True, right=False, outcome=Outcome.PASS, ms=10),
        trial(bad=True, right=True, outcome=Outcome.FAIL, ms=20),
        trial(bad=False, right=False, outcome=Outcome.FAIL, ms=30),
        trial(bad=False, right=True, outcome=Outcome.CHECK, ms=40),
    )

    found = PresetAccuracy("a", Targets(0.6, 20), trials)

    assert (found.accuracy.count, found.accuracy.of) == (2, 4)
    assert (found.misses.count, found.misses.of) == (1, 2)
    assert (found.false_alarms.count, found.false_alarms.of) == (1, 2)
    assert (found.doubts.count, found.doubts.of) == (1, 4)
    assert (found.latency_ms(0.5), found.latency_ms(0.95)) == (20, 40)
    lines = "\n".join(found.lines())
    assert "aim 60 %: missed" in lines
    assert "aim 20 ms: met at p50" in lines
    json.dumps(found.as_json())


@pytest.mark.parametrize("name", TRADES)
def test_half_of_the_cases_are_bad_and_every_one_is_drawn_again_alike(name):
    preset = shipped(name).preset

    cases = [Case.of(preset, at, seed=5) for at in (0, 3)]

    assert [case.is_bad for case in cases] == [False, True]
    assert all(case.scene.held_out for case in cases)
    assert (Case.of(preset, 0, seed=5).scene.pixels == cases[0].scene.pixels).all()
    if name == "text":
        good, bad = (case.rules.checks[0] for case in cases)
        assert good == Codes((cases[0].right,))
        assert cases[1].right not in bad.allowed
    else:
        assert [case.right for case in cases] == ["no", "yes"]


def test_a_preset_is_measured_by_the_path_that_users_take():
    found = finish(run(scenes=2, names=("industrial",)))

    (one,) = found.presets
    assert len(one.trials) == 2
    assert {"ask", "zoom", "judge"} <= set(one.trials[0].stages_ms)
    assert one.trials[0].outcome in {"PASS", "FAIL", "CHECK"}
