"""A folder of pictures from the command line, with the embedded model."""

import json
import os

import pytest

from inspector_app.cli.terminal import Pace
from tests.fakes import command
from tests.workflow.conftest import write_picture


@pytest.fixture
def run(capfd):
    return lambda *arguments: command.run(capfd, *arguments)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "pictures"
    place.mkdir()
    write_picture(place / "one.png")
    (place / "two.png").write_bytes(b"")
    # Written long ago: nobody is still writing it.
    os.utime(place / "two.png", (1e9, 1e9))
    return place


def test_each_picture_has_its_line_and_the_sum_is_told(run, folder, tmp_path):
    out = tmp_path / "out"

    ended = run("batch", str(folder), "--out", str(out), "-q", "What is it?", "--crops", "whole")

    told = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert ended.code == 0
    assert "2 pictures" in ended.out
    assert "1 CHECK" in ended.out
    assert [line["outcome"] for line in told][1] == "CHECK"
    run("batch", str(folder), "--out", str(out), "-q", "What is it?").refused(2, "--resume")
    again = run(
        *("batch", str(folder), "--out", str(out), "-q", "What is it?", "--crops", "whole"),
        "--resume",
    )
    assert "Done before: 2" in again.out


def test_a_batch_without_a_question_is_refused_before_anything_is_written(run, folder, tmp_path):
    run("batch", str(folder), "--out", str(tmp_path / "out")).refused(2, "question is empty")

    assert not (tmp_path / "out").exists()


def test_regions_of_a_preset_are_laid_on_each_picture(run, folder, tmp_path):
    out = tmp_path / "out"

    ended = run("batch", str(folder), "--out", str(out), "-p", "industrial", "--quiet")

    assert ended.code == 0
    assert len((out / "results.jsonl").read_text().splitlines()) == 2


def test_grey_windows_of_a_preset_bar_no_picture_of_8_bits(run, folder, tmp_path):
    mine = tmp_path / "mine.json"
    mine.write_text(
        json.dumps(
            {
                "schema_version": 2,
                "title": "Mine",
                "prompt": {"question": "What is it?"},
                "look": {"strategy": "whole"},
                "windows": ["lung"],
            }
        )
    )
    out = tmp_path / "out"

    ended = run("batch", str(folder), "--out", str(out), "-p", str(mine), "--quiet")

    (first, *_) = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert ended.code == 0
    assert "error" not in first
    assert first.get("answer") or first.get("answers")


def test_the_pace_of_a_batch_is_told_by_the_second_or_the_minute():
    now = [100.0]
    pace = Pace(clock=lambda: now[0])

    assert pace.words(7) == ""
    now[0] += 4
    assert pace.words(15) == ", 2.0 a second"
    assert not pace.is_due()
    now[0] += 36
    assert pace.words(17) == ", 15.0 a minute"
    assert pace.is_due()
    assert not pace.is_due()


def test_one_picture_at_a_time_says_the_same(run, folder, tmp_path):
    told = []
    write_picture(folder / "three.png", seed=3)
    for together in ("1", "16"):
        out = tmp_path / together
        ask = ("batch", str(folder), "--out", str(out), "-q", "Is there a label?", "--quiet")
        assert run(*ask, "--together", together).code == 0
        lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
        told.append([(line["answer"], line["outcome"], line["regions"]) for line in lines])

    assert told[0] == told[1]
