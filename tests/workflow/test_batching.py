"""A folder of pictures asked the same question, with a real network, tiny and of random weights."""

import dataclasses
import json
import os
from pathlib import Path

import pytest

from inspector_app.domain.errors import CannotWrite, OutOfMemory, UnreadablePicture, WrongUse
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options
from inspector_app.domain.record_messages import ListRecords, OpenRecord
from inspector_app.runtime import lockstep
from inspector_app.workflow.batching import PLAN, RESULTS, Batch, run
from inspector_app.workflow.bench import batch as bench_batch
from inspector_app.workflow.bench import killed as bench_killed
from tests.fakes.steps import finish
from tests.workflow.conftest import QUESTION, write_picture


@pytest.fixture
def batch(tmp_path, tiny_folder):
    """Three pictures and one file that is none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in (1, 2, 10):
        write_picture(folder / f"p{seed}.png", seed=seed, size=(60, 50))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    asked = Inspect(
        "", QUESTION, "relative_attention", Options(), model=LoadModel(str(tiny_folder))
    )
    return Batch(folder, tmp_path / "out", asked, patience_s=0)


def lines(batch):
    return [json.loads(text) for text in (batch.out / RESULTS).read_text().splitlines()]


def test_every_picture_gets_one_line_in_the_order_of_names(bench, batch):
    ended = finish(run(bench, batch, resume=False))

    told = lines(batch)
    assert [Path(line["picture"]).name for line in told] == [
        "broken.png",
        "p1.png",
        "p2.png",
        "p10.png",
    ]
    assert ended.total == 4
    assert sum(ended.outcomes.values()) == 4
    assert {line["record"] for line in told} == {None, 1, 2, 3}


def test_a_line_says_what_one_inspection_says(bench, batch):
    finish(run(bench, batch, resume=False))

    for line in lines(batch)[1:]:
        asked = dataclasses.replace(batch.asked, locator=line["picture"], save=False)
        alone = finish(bench.perform(asked))
        assert line["answer"] == alone.answer.text
        assert line["whole"] == alone.whole.text
        assert line["regions"] == [list(found.region.box) for found in alone.regions]
        assert line["outcome"] == ("" if alone.verdict is None else alone.verdict.outcome.value)


def test_a_picture_that_cannot_be_opened_is_check_with_its_reason(bench, batch):
    finish(run(bench, batch, resume=False))

    first = lines(batch)[0]
    assert first["outcome"] == "CHECK"
    assert "broken.png" in first["reason"]
    assert first["answer"] is None


def stopped_after(steps, done):
    """Leave a batch when so many pictures have their line."""
    for step in steps:
        if step.stage == "batch" and step.done == done:
            steps.close()
            return


def test_a_batch_goes_on_where_it_was_stopped(bench, batch):
    stopped_after(run(bench, batch, resume=False), 2)
    assert len(lines(batch)) == 2

    ended = finish(run(bench, batch, resume=True))

    assert ended.before == 2
    assert len({line["picture"] for line in lines(batch)}) == len(lines(batch)) == 4
    assert len(finish(bench.perform(ListRecords()))) == 3


def test_a_picture_that_was_stored_but_has_no_line_is_not_inspected_again(bench, batch):
    finish(run(bench, batch, resume=False))
    whole = (batch.out / RESULTS).read_bytes()
    # Killed in the middle of the last line.
    (batch.out / RESULTS).write_bytes(whole[:-20])

    finish(run(bench, batch, resume=True))

    assert (batch.out / RESULTS).read_bytes() == whole
    assert len(finish(bench.perform(ListRecords()))) == 3


def test_pictures_that_came_later_are_done_when_the_batch_goes_on(bench, batch):
    finish(run(bench, batch, resume=False))
    write_picture(batch.folder / "later.png", seed=3, size=(60, 50))

    finish(run(bench, batch, resume=True))

    assert Path(lines(batch)[-1]["picture"]).name == "later.png"


def test_a_picture_that_vanishes_meanwhile_is_check_and_the_rest_goes_on(bench, batch):
    steps = run(bench, batch, resume=False)
    for step in steps:
        if step.stage == "batch":
            (batch.folder / "p10.png").unlink(missing_ok=True)

    last = lines(batch)[-1]
    assert len(lines(batch)) == 4
    assert Path(last["picture"]).name == "p10.png"
    assert last["outcome"] == "CHECK"


def test_results_are_never_mixed_with_those_of_another_question(bench, batch):
    finish(run(bench, batch, resume=False))
    before = (batch.out / RESULTS).read_bytes()
    other = Batch(
        batch.folder,
        batch.out,
        Inspect("", "Is it red?", "whole", Options(), model=batch.asked.model),
    )

    with pytest.raises(WrongUse, match="begun otherwise: question, strategy"):
        finish(run(bench, other, resume=True))
    with pytest.raises(WrongUse, match="already holds"):
        finish(run(bench, batch, resume=False))

    assert (batch.out / RESULTS).read_bytes() == before


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        (PLAN, "{", "is damaged"),
        (RESULTS, "[1]\n", "no batch has written"),
        (RESULTS, "nonsense\n", "no batch has written"),
    ],
)
def test_files_that_are_not_ours_are_left_alone(bench, batch, file, content, told):
    finish(run(bench, batch, resume=False))
    (batch.out / file).write_text(content)

    with pytest.raises(WrongUse, match=told):
        finish(run(bench, batch, resume=True))

    assert (batch.out / file).read_text() == content


def test_a_full_disk_stops_the_batch_and_leaves_no_half_line(bench, batch, monkeypatch):
    real = os.write

    def full(handle, content):
        real(handle, content[:10])
        raise OSError(28, "No space left on device")

    steps = run(bench, batch, resume=False)
    for step in steps:
        if step.stage == "batch" and step.done == 2:
            break
    monkeypatch.setattr(os, "write", full)

    with pytest.raises(CannotWrite, match="no room"):
        finish(steps)

    monkeypatch.undo()
    assert len(lines(batch)) == 2
    finish(run(bench, batch, resume=True))
    assert len(lines(batch)) == 4
    assert len(finish(bench.perform(ListRecords()))) == 3


def test_what_would_fail_for_every_picture_fails_before_the_first(bench, batch, tmp_path):
    def refused(**changes):
        asked = {"question": QUESTION, "strategy": "whole", "options": Options(), **changes}
        return run(bench, Batch(batch.folder, batch.out, Inspect("", **asked)), resume=False)

    with pytest.raises(WrongUse, match="empty"):
        finish(refused(question=" "))
    with pytest.raises(UnreadablePicture):
        finish(run(bench, Batch(tmp_path / "none", batch.out, batch.asked), resume=False))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(WrongUse, match="no pictures"):
        finish(run(bench, Batch(empty, batch.out, batch.asked), resume=False))
    assert not batch.out.exists()


def test_a_killed_batch_inspects_each_picture_exactly_once(tiny_folder, home):
    found = finish(bench_killed.run(pictures=20, kills=1, strategy="whole", model=str(tiny_folder)))

    assert len(found.lines_at) == 1
    assert found.wrong == ()
    assert found.written == found.records == 20


def during(steps, *, at, do):
    """Run a batch and do something when so many pictures have their line."""
    waiting = True
    for step in steps:
        if waiting and step.stage == "batch" and step.done >= at:
            waiting = False
            do()


def test_pictures_that_come_meanwhile_are_done_too(bench, batch):
    during(
        run(bench, batch, resume=False),
        at=1,
        do=lambda: write_picture(batch.folder / "late.png", seed=5, size=(60, 50)),
    )

    assert Path(lines(batch)[-1]["picture"]).name == "late.png"
    assert len(lines(batch)) == 5


def test_a_picture_that_is_replaced_gets_a_line_for_each(bench, batch):
    during(
        run(bench, batch, resume=False),
        at=4,
        do=lambda: write_picture(batch.folder / "p1.png", seed=6, size=(64, 50)),
    )
    finish(run(bench, batch, resume=True))

    of_one = [line for line in lines(batch) if line["picture"].endswith("p1.png")]
    assert len(of_one) == 2
    assert of_one[0]["sha256"] != of_one[1]["sha256"]
    assert len({line["record"] for line in of_one}) == 2
    assert len(lines(batch)) == 5


def test_a_picture_that_is_still_being_written_is_waited_for(bench, batch):
    patient = dataclasses.replace(batch, patience_s=1000)
    young = batch.folder / "p1.png"
    whole = young.read_bytes()
    young.write_bytes(whole[: len(whole) // 2])

    def grow_old(file):
        # What is young may be written on, and is waited for.
        os.utime(file, (1_000_000_000, 1_000_000_000))

    def write_the_rest():
        young.write_bytes(whole)
        grow_old(young)

    grow_old(batch.folder / "broken.png")
    during(run(bench, patient, resume=False), at=2, do=write_the_rest)

    told = {Path(line["picture"]).name: line for line in lines(batch)}
    assert len(lines(batch)) == len(told) == 4
    assert told["p1.png"]["answer"] is not None
    assert told["broken.png"]["outcome"] == "CHECK"


def test_where_memory_ends_fewer_go_together_and_the_record_says_so(bench, batch, monkeypatch):
    packed = lockstep.run_packed

    def small(network, walks):
        if len(walks) > 1:
            raise OutOfMemory("full", hint="")
        return packed(network, walks)

    monkeypatch.setattr(lockstep, "run_packed", small)

    ended = finish(run(bench, batch, resume=False))

    assert ended.most == 1
    assert ended.total == 4
    record = bench.perform(OpenRecord(1))
    assert "inspected 1 at a time beside others: out of memory" in finish(record).notes


@pytest.mark.parametrize("strategy", ["relative_attention", "auto"])
def test_pictures_together_say_what_each_says_alone_with_the_embedded_model(strategy):
    found = finish(
        bench_batch.run(
            strategies=(strategy,), pictures=3, turns=1, model="embedded", processor_time=True
        )
    )

    (way,) = found.ways
    assert way.same == 3
    assert way.farthest < 1e-5
