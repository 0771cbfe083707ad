"""The engine's benchmark measures two procedures that do the same."""

import json
import sys

import numpy as np
import pytest
import torch

from inspector_app.workflow.bench import memory as bench_memory
from inspector_app.workflow.bench.engine import ARMS, SECOND, run
from inspector_app.workflow.bench.figures import Ratio
from inspector_app.workflow.bench.network import Layout
from tests.fakes.steps import walk

TINY = Layout(layers=3, width=64, side=56, layer=1, answer=3)


@pytest.fixture(scope="module")
def measured():
    return walk(run(turns=2, layout=TINY, memory=False))


def test_both_procedures_give_the_same_maps_crops_and_answers(measured):
    bench = measured[1]
    assert max(bench.map_errors) < 1e-3
    assert bench.same_answers
    assert bench.same_regions


def test_every_arm_runs_in_every_turn_and_one_before(measured):
    steps, bench = measured
    assert [step.sample for step in steps] == list(ARMS) * 3
    assert [arm.name for arm in bench.arms] == [*ARMS, SECOND]
    assert {step.total for step in steps} == {18}
    assert bench.turns == 2


def test_the_first_question_reads_both_pictures_once_and_the_second_only_the_crop(measured):
    arms = {arm.name: arm for arm in measured[1].arms}
    assert arms[ARMS[0]].passes.vision == 2
    assert arms[SECOND].passes.vision == 1
    assert arms[SECOND].passes.tokens_prefilled < arms[ARMS[0]].passes.tokens_prefilled
    assert arms[SECOND].stages["map"] < arms[SECOND].stages["zoom"]


def test_the_table_and_the_json_name_the_machine_and_every_ratio(measured):
    bench = measured[1]
    told = "\n".join(bench.lines())
    plain = json.loads(json.dumps(bench.as_json()))
    assert bench.machine in told
    assert "3 layers of width 64" in told
    for ratio, saved in zip(bench.ratios, plain["ratios"], strict=True):
        assert ratio.name in told
        assert saved["is_met"] == ratio.is_met


@pytest.mark.parametrize(
    ("value", "at_most", "met"), [(2.0, False, True), (1.9, False, False), (2.1, True, False)]
)
def test_a_ratio_knows_whether_it_reaches_its_target(value, at_most, met):
    assert Ratio("a", value, 2.0, at_most).is_met == met


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is reset on Linux only")
def test_the_peak_is_what_the_work_took_at_once():
    def work(_name):
        def take():
            for _ in range(3):
                held = np.ones(32 << 20, np.uint8)
                held[:] = 2

        return take

    peak = bench_memory._measured(work, "", torch.get_num_threads())
    assert 32e6 < peak < 90e6
