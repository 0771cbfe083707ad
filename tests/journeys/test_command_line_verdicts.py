"""Verdicts on the command line: rules of a preset, findings, and the exit code."""

import json

import pytest

from inspector_app import paths
from inspector_app.domain.exporting import box_words
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.presets import preset
from inspector_app.workflow.delivering import answer_lines, verdict_code
from tests.fakes.records import make_inspection


@pytest.fixture
def judged(run, tiny_model, photo, tmp_path):
    """`inspector ask` with the rules of a preset; how it ended, and the record."""

    def asked(rules, *arguments):
        preset = tmp_path / "strict.json"
        known = json.loads((paths.resources() / "presets/industrial.json").read_text("utf-8"))
        preset.write_text(json.dumps({**known, "rules": rules}), encoding="utf-8")
        made = tmp_path / "made.json"
        ended = run(
            *("ask", photo, "-p", preset, "--model", tiny_model, "--crops", "whole"),
            *("--json", made, *arguments),
        )
        return ended, json.loads(made.read_text("utf-8")) if made.exists() else None

    return asked


def found(verdict) -> Inspection:
    return make_inspection(verdict=verdict)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict(Outcome.PASS, "not found"), 0),
        (Verdict(Outcome.FAIL, "found"), 10),
        (Verdict(Outcome.CHECK, "the model is in doubt"), 11),
        (None, 11),
    ],
)
def test_only_a_pass_ends_with_nought(verdict, code):
    assert verdict_code(found(verdict)) == code


def test_findings_and_further_doubts_stand_under_the_verdict():
    verdict = Verdict(Outcome.CHECK, "one", "2 > 1", flags=("one", "another"))

    lines = answer_lines(found(verdict))

    assert "Verdict CHECK: one (2 > 1)" in lines
    assert "Flag    another" in lines
    assert "Flag    one" not in lines


def test_the_rules_of_a_preset_judge_and_the_exit_code_tells(judged):
    never = {"checks": [{"kind": "expected", "texts": ["xyzzy"]}], "least_margin": 0}
    loose = {"most_blur": None, "most_overexposed": None, "most_underexposed": None}

    ended, made = judged({**never, "picture": loose}, "--exit-code")

    assert made["verdict"]["outcome"] in {"FAIL", "CHECK"}
    assert ended.code == {"FAIL": 10, "CHECK": 11}[made["verdict"]["outcome"]]
    assert [one["type"] for one in made["verdict"]["findings"]] == ["wrong text"]


def test_a_time_limit_nobody_can_keep_is_a_check(judged):
    ended, made = judged({"checks": [{"kind": "yes_no"}], "limit_ms": 1e-6}, "--exit-code")

    assert (ended.code, made["verdict"]["outcome"]) == (11, "CHECK")
    assert "it took too long" in made["verdict"]["flags"]


def test_without_the_option_a_check_is_a_job_well_done(judged):
    ended, made = judged({"checks": [{"kind": "yes_no"}], "limit_ms": 1e-6})

    assert (ended.code, made["verdict"]["outcome"]) == (0, "CHECK")


@pytest.mark.parametrize(
    "rules",
    [
        {"checks": [{"kind": "yes_no", "bad": "yes"}, {"kind": "yes_no", "bad": "no"}]},
        {"checks": [{"kind": "number", "low": 2, "high": 1}]},
        {"checks": [{"kind": "guess"}]},
    ],
)
def test_contradictory_rules_are_refused_in_a_sentence(judged, rules):
    ended, made = judged(rules)

    ended.refused(2)
    assert made is None


def test_a_record_says_that_other_regions_were_drawn_than_those_of_the_preset(
    run, tiny_model, photo, tmp_path
):
    # The preset has regions of its own.
    made = tmp_path / "made.json"

    def note_of(*arguments):
        ended = run(
            *("ask", photo, "-p", "industrial", "--model", tiny_model, "--json", made, *arguments)
        )
        assert ended.code == 0, ended.err
        notes = json.loads(made.read_text("utf-8"))["notes"]
        return next(note for note in notes if note.startswith("preset "))

    assert not note_of().endswith(", changed")
    assert note_of("--roi", "0,0,40,40").endswith(", changed")
    own = preset("industrial").laid_on((400, 300))
    typed = [word for box in own for word in ("--roi", box_words(box))]
    assert not note_of(*typed).endswith(", changed")
