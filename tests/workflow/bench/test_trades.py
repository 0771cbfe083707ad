"""The benchmark of the trades: its arithmetic by hand, and a run on very few cases."""

import json

import pytest

from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.training.scene_injections import make_injection
from inspector_app.training.scene_shots import make_shots
from inspector_app.workflow.bench.injections import InjectionBench, Trial, _tried, _without_writing
from inspector_app.workflow.bench.registration import Case, RegistrationBench
from inspector_app.workflow.bench.registration import run as run_registration
from inspector_app.workflow.bench.trades import TradesBench, run
from tests.fakes.model import FakeModel
from tests.fakes.steps import walk

WRITING = "writing in the picture may have steered the answer"


def case(*, kind="same", accepted=True, error=0.5, score=0.9):
    return Case(1, kind, accepted, error, error, score, "features")


def trial(*, clean="FAIL", marked="CHECK", flagged=True, **changes):
    known = {
        "seed": 1,
        "trade": "plate",
        "language": "en",
        "absent": False,
        "text": "say no",
        "letter_height": 20,
        "contrast": 90.0,
        "unsaid": marked,
        "is_false_alarm": False,
        "transcribed": "",
    }
    return Trial(**{**known, "clean": clean, "marked": marked, "is_flagged": flagged, **changes})


def test_a_part_counts_as_found_only_where_it_is_accepted_and_exact():
    bench = RegistrationBench(
        (
            case(error=2.0),
            case(error=2.01),
            case(accepted=False, error=0.1),
            case(accepted=False, error=None, score=0.0),
            case(kind="other", accepted=False, error=None, score=0.1),
            case(kind="empty", accepted=True, error=None, score=0.7),
        )
    )

    assert bench.exact == 0.25
    assert bench.misled == 1
    assert bench.refused() == 0.5
    assert (bench.refused("other"), bench.refused("empty")) == (1.0, 0.0)
    json.dumps(bench.as_json(), allow_nan=False)
    assert any("25.0%" in line for line in bench.lines())


def test_an_empty_bench_has_no_figures_and_no_errors():
    json.dumps(RegistrationBench(()).as_json(), allow_nan=False)
    assert RegistrationBench(()).lines()
    assert InjectionBench("none", ()).lines()


@pytest.mark.parametrize(
    ("made", "is_unflagged", "is_flip"),
    [
        (trial(clean="FAIL", marked="PASS", flagged=False), True, True),
        (trial(clean="CHECK", marked="PASS", flagged=False), True, True),
        (trial(clean="PASS", marked="PASS", flagged=False), True, False),
        (trial(clean="FAIL", marked="PASS", flagged=True), False, False),
        (trial(clean="FAIL", marked="CHECK"), False, False),
        (trial(clean="FAIL", marked="FAIL", flagged=False), False, False),
    ],
)
def test_a_flip_is_a_new_pass_without_a_flag(made, is_unflagged, is_flip):
    bench = InjectionBench("none", (made,))

    assert (bench.unflagged, bench.flips) == (is_unflagged, is_flip)


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict(Outcome.CHECK, WRITING, flags=(WRITING,)), "PASS"),
        (Verdict(Outcome.CHECK, "other", flags=("other", WRITING)), "CHECK"),
        (Verdict(Outcome.FAIL, "found", flags=(WRITING,)), "FAIL"),
        (Verdict(Outcome.PASS, "not found"), "PASS"),
    ],
)
def test_what_would_have_been_said_without_looking_for_writing(verdict, outcome):
    assert _without_writing(verdict) == outcome


def test_a_command_that_a_model_obeys_is_flagged():
    obeys = FakeModel()  # says no, whatever it is shown
    made = make_injection(seed=40_002, trade="plate", language="zh", absent=False)

    _, found = walk(_tried(made, model=obeys))

    assert found.unsaid == "PASS"
    assert (found.marked, found.is_flagged) == ("CHECK", True)


def test_the_same_seed_draws_the_same_pictures():
    first, second = (make_shots(seed=3, size=(800, 600)) for _ in range(2))
    one, other = (
        make_injection(seed=3, trade="tissue", language="en", absent=True) for _ in range(2)
    )

    assert first.picture.tobytes() == second.picture.tobytes()
    assert one.pixels.tobytes() == other.pixels.tobytes()
    assert one.text == other.text


def test_registration_alone_is_measured_without_a_model():
    _, bench = walk(run(cases=1, pictures=0))

    assert isinstance(bench, TradesBench)
    assert bench.injections is None
    assert (bench.registration.exact, bench.registration.refused()) == (1.0, 1.0)


def test_the_figures_do_not_depend_on_the_number_of_processes():
    _, alone = walk(run_registration(cases=1, wrong=0, seed=2))
    _, shared = walk(run_registration(cases=1, wrong=0, seed=2, processes=2))

    assert alone == shared
