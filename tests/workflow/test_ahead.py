"""Work done before anybody asks: readings, records, and pictures that are read once."""

import gc
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.errors import OutOfMemory, UnreadablePicture
from inspector_app.domain.inspection import MADE_AHEAD
from inspector_app.domain.messages import ListStamps, LoadModel, OpenPicture, ReadPicture
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.domain.stamp import FileStamp
from inspector_app.workflow import open as opening
from inspector_app.workflow.frames import Frames
from tests.fakes.model import FakeModel
from tests.fakes.records import stored_records
from tests.fakes.steps import finish
from tests.workflow.conftest import write_picture

AHEAD = {"notes": (MADE_AHEAD,)}


def names(tmp_path, count):
    return [write_picture(tmp_path / f"{at}.png", seed=at) for at in range(count)]


def load(fake_bench):
    model = LoadModel(str(fake_bench.folder))
    finish(fake_bench.bench.perform(model))
    return model


def reads(fake_bench):
    return fake_bench.models[0].count("read")


# --- reading early ---------------------------------------------------------------------------


def test_a_question_about_a_picture_that_was_read_early_does_not_read_it_again(fake_bench, picture):
    model = load(fake_bench)

    assert finish(fake_bench.bench.perform(ReadPicture(picture, model))) is True
    before = reads(fake_bench)
    finish(fake_bench.bench.perform(fake_bench.request(picture, strategy="whole", save=False)))

    assert before == 1
    assert reads(fake_bench) == 1


def test_nothing_is_read_early_by_a_model_that_is_not_the_one_in_use(fake_bench, picture):
    load(fake_bench)

    other = LoadModel(str(fake_bench.folder), precision="bfloat16")

    assert finish(fake_bench.bench.perform(ReadPicture(picture, other))) is False
    assert reads(fake_bench) == 0


def test_what_is_read_ahead_never_pushes_out_what_somebody_asked_about(fake_bench, tmp_path):
    first, second, *others = names(tmp_path, 6)
    bench, model = fake_bench.bench, load(fake_bench)
    for name in (first, second):
        finish(bench.perform(fake_bench.request(name, strategy="whole", save=False)))
    for name in others:
        finish(bench.perform(ReadPicture(name, model, ahead=True)))
    before = reads(fake_bench)

    for name in (first, second, others[-1]):
        finish(bench.perform(fake_bench.request(name, strategy="whole", save=False)))

    assert reads(fake_bench) == before
    assert len(bench._readings) <= 3


def test_a_picture_that_was_read_ahead_by_a_model_that_came_back_is_the_users_once_asked_about(
    fake_bench, tmp_path
):
    asked, other = names(tmp_path, 2)
    bench, model = fake_bench.bench, load(fake_bench)
    finish(bench.perform(ReadPicture(asked, model, ahead=True)))
    finish(bench.perform(replace(model, precision="bfloat16")))
    finish(bench.perform(model))
    finish(bench.perform(fake_bench.request(asked, strategy="whole", save=False)))
    finish(bench.perform(ReadPicture(other, model, ahead=True)))
    before = fake_bench.models[-1].count("read")

    finish(bench.perform(fake_bench.request(asked, strategy="whole", save=False)))

    assert fake_bench.models[-1].count("read") == before == 2


def test_inspections_made_ahead_leave_the_readings_of_the_user_alone_too(fake_bench, tmp_path):
    first, *others = names(tmp_path, 5)
    bench = fake_bench.bench
    finish(bench.perform(fake_bench.request(first, strategy="whole", save=False)))
    for name in others:
        finish(bench.perform(fake_bench.request(name, strategy="whole", save=False, **AHEAD)))
    before = reads(fake_bench)

    finish(bench.perform(fake_bench.request(first, strategy="whole", save=False)))

    assert reads(fake_bench) == before


def test_a_reading_that_finds_no_memory_is_only_not_made(fake_bench, picture, monkeypatch):
    model = load(fake_bench)

    def full(self, views):
        raise OutOfMemory("The device is full.")

    monkeypatch.setattr(FakeModel, "read", full)

    assert finish(fake_bench.bench.perform(ReadPicture(picture, model))) is False


# --- records made ahead ------------------------------------------------------------------------


def test_a_record_made_ahead_says_so_and_is_stored_whole(fake_bench, picture):
    found = finish(fake_bench.bench.perform(fake_bench.request(picture, **AHEAD)))

    (line,) = stored_records()
    kept = finish(fake_bench.bench.perform(OpenRecord(line.id)))
    frame = finish(fake_bench.bench.perform(OpenPicture(picture)))
    assert MADE_AHEAD in kept.notes
    assert (kept.views[0].pixels == frame.pixels).all()
    assert found.id == line.id
    assert found.views[0].pixels is None


def test_what_comes_back_is_completed_from_the_picture(fake_bench, picture):
    found = finish(fake_bench.bench.perform(fake_bench.request(picture, **AHEAD)))
    frame = finish(fake_bench.bench.perform(OpenPicture(picture)))

    whole = found.completed(frame)

    with Image.open(picture) as opened:
        assert (whole.views[0].pixels == np.array(opened.convert("RGB"))).all()
    assert [view.region for view in whole.views] == [view.region for view in found.views]
    assert all(view.pixels is not None for view in whole.views)


def test_it_is_not_completed_from_another_picture(fake_bench, picture, tmp_path):
    found = finish(fake_bench.bench.perform(fake_bench.request(picture, **AHEAD)))
    other = opening.open_picture(write_picture(tmp_path / "other.png", seed=5))

    with pytest.raises(ValueError, match="the picture it is about"):
        found.completed(other)


def test_a_job_made_ahead_that_is_stopped_leaves_no_record(fake_bench, picture):
    steps = fake_bench.bench.perform(fake_bench.request(picture, **AHEAD))
    stages = []
    for step in steps:
        stages.append(step.stage)
        if step.stage == "save":
            break
    steps.close()

    assert stages[-1] == "save"
    assert stored_records() == ()


# --- the state of files and pictures that are read once ------------------------------------------


def test_stamps_tell_states_of_a_file_apart(fake_bench, picture, tmp_path):
    gone = str(tmp_path / "gone.png")
    first, missing = finish(fake_bench.bench.perform(ListStamps((picture, gone))))
    write_picture(Path(picture), size=(20, 20))
    (second,) = finish(fake_bench.bench.perform(ListStamps((picture,))))

    assert first != second
    assert first.date_ns == first.changed_ns[0] > 0
    assert (missing.size, missing.date_ns) == (-1, 0)


def test_a_frame_knows_in_which_state_its_file_was(fake_bench, picture):
    frame = finish(fake_bench.bench.perform(OpenPicture(picture)))

    assert frame.stamp == FileStamp.of(picture)


class Slow:
    """Opens pictures when it is let, and counts."""

    def __init__(self):
        self.let, self.opened = threading.Event(), []

    def open_picture(self, locator):
        self.opened.append(locator)
        assert self.let.wait(60)
        return opening.open_picture(locator)


def test_a_picture_that_two_ask_for_at_once_is_read_once(picture):
    slow = Slow()
    frames, got = Frames(slow), []
    asking = [threading.Thread(target=lambda: got.append(frames.open(picture))) for _ in range(3)]
    for thread in asking:
        thread.start()
    slow.let.set()
    for thread in asking:
        thread.join()

    assert len(slow.opened) == 1
    assert got[0] is got[1] is got[2]


def test_a_picture_that_could_not_be_read_is_tried_again(tmp_path):
    slow = Slow()
    slow.let.set()
    frames, path = Frames(slow), tmp_path / "late.png"
    path.write_bytes(b"no picture yet")
    with pytest.raises(UnreadablePicture):
        frames.open(str(path))
    write_picture(path)

    assert frames.open(str(path)).size == (400, 300)


def test_pictures_in_use_are_known_however_many_there_are_and_others_are_let_go(tmp_path):
    slow = Slow()
    slow.let.set()
    frames = Frames(slow)
    held = [frames.open(name) for name in names(tmp_path, 8)]
    again = [frames.open(frame.provenance.locator) for frame in held]

    assert all(one is other for one, other in zip(held, again, strict=True))
    assert len(slow.opened) == 8
    first = held[0].provenance.locator
    del held, again
    gc.collect()
    assert len(frames) <= 4
    frames.open(first)
    assert len(slow.opened) == 9


def test_the_note_goes_with_other_notes(fake_bench, picture):
    request = fake_bench.request(picture, **AHEAD)
    found = finish(fake_bench.bench.perform(replace(request, notes=("preset parts", MADE_AHEAD))))

    assert found.notes[:2] == ("preset parts", MADE_AHEAD)
    assert found.was_made_ahead
