"""How the workbench steps down when memory ends, and serves two threads at once."""

import threading

import pytest

from inspector_app.domain.errors import (
    OutOfMemory,
)
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import ListFolder, MakeThumbnail, OpenPicture
from inspector_app.domain.preset import Options
from inspector_app.domain.record_messages import ListRecords, OpenRecord
from inspector_app.domain.region import Region
from tests.fakes.model import CELLS, FakeModel
from tests.fakes.records import stored_records
from tests.fakes.steps import finish
from tests.workflow.conftest import PEAK, write_picture

# --- out of memory ---------------------------------------------------------------------------


def fakes(bench, *plans):
    """Each load takes the next plan: where it runs, how precisely, and whether it fits."""
    left = list(plans)

    def make():
        device, dtype, fits = left.pop(0)
        if fits == "not even loaded":
            raise OutOfMemory("There was not enough memory to load the model.")
        facts = ModelFacts("fake", "llava", device, dtype, "f" * 64)
        return FakeModel(peak=PEAK, facts=facts, full_at=lambda call: not fits)

    bench.next_model = make


def test_memory_that_ends_steps_down_to_bfloat16_and_the_record_says_so(fake_bench, picture):
    fakes(fake_bench, ("cpu", "float32", False), ("cpu", "bfloat16", True))

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert fake_bench.loads == [("auto", "auto"), ("auto", "bfloat16")]
    assert found.model.dtype == "bfloat16"
    assert found.notes == ("stepped down to bfloat16: out of memory",)


def test_a_graphics_card_without_room_steps_down_to_the_cpu(fake_bench, picture):
    fakes(
        fake_bench,
        ("cuda:0 (A)", "float32", False),
        ("cuda:0 (A)", "bfloat16", False),
        ("cuda:0 (A)", "int8", False),
        ("cpu", "bfloat16", True),
    )

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert fake_bench.loads == [
        ("auto", "auto"),
        ("auto", "bfloat16"),
        ("auto", "int8"),
        ("cpu", "bfloat16"),
    ]
    assert found.notes == (
        "stepped down to bfloat16: out of memory",
        "stepped down to int8: out of memory",
        "stepped down to the CPU in bfloat16: out of memory",
    )


def test_weights_that_do_not_fit_at_all_step_down_too(fake_bench, picture):
    fakes(fake_bench, ("", "", "not even loaded"), ("cpu", "bfloat16", True))

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert fake_bench.loads == [("auto", "auto"), ("auto", "bfloat16")]
    assert found.id is not None


def test_when_nothing_fits_the_error_says_so_and_nothing_is_stored(fake_bench, picture):
    fakes(fake_bench, ("cpu", "float32", False), ("cpu", "bfloat16", False), ("cpu", "int8", False))

    with pytest.raises(OutOfMemory) as full:
        finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert len(fake_bench.loads) == 3
    assert full.value.exit_code == 4
    assert stored_records() == ()


def test_after_memory_ended_the_next_inspection_works(fake_bench, picture):
    fakes(
        fake_bench,
        ("cpu", "float32", False),
        ("cpu", "bfloat16", False),
        ("cpu", "int8", False),
        ("cpu", "float32", True),
    )
    with pytest.raises(OutOfMemory):
        finish(fake_bench.bench.perform(fake_bench.request(picture)))

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert found.id == 1
    assert found.notes == ()


def test_crops_are_given_up_before_precision(fake_bench, picture):
    model = FakeModel(full_at=lambda call: call[0] == "extended" and len(call[1]) > 2)
    fake_bench.next_model = lambda: model
    rois = (Region(0, 0, 40, 40), Region(50, 50, 90, 90))

    found = finish(
        fake_bench.bench.perform(
            fake_bench.request(picture, strategy="manual", options=Options(rois=rois))
        )
    )

    assert len(fake_bench.loads) == 1
    assert found.notes == ("stepped down to 1 crop: out of memory",)


def test_the_rung_that_worked_is_where_the_next_inspection_begins(fake_bench, picture):
    fakes(fake_bench, ("cpu", "float32", False), ("cpu", "bfloat16", True))
    finish(fake_bench.bench.perform(fake_bench.request(picture)))

    again = finish(fake_bench.bench.perform(fake_bench.request(picture, question="A dent?")))

    assert len(fake_bench.loads) == 2
    assert again.model.dtype == "bfloat16"
    assert again.notes == ("runs in bfloat16: memory ended before",)


def test_a_model_that_is_loaded_anew_begins_at_the_top(fake_bench, picture):
    fakes(
        fake_bench, ("cpu", "float32", False), ("cpu", "bfloat16", True), ("cpu", "float32", True)
    )
    request = fake_bench.request(picture)
    finish(fake_bench.bench.perform(request))

    finish(fake_bench.bench.perform(request.model))
    found = finish(fake_bench.bench.perform(request))

    assert found.model.dtype == "float32"
    assert found.notes == ()


def test_crops_that_did_not_fit_are_not_tried_again(fake_bench, picture):
    model = FakeModel(full_at=lambda call: call[0] == "extended" and len(call[1]) > 2)
    fake_bench.next_model = lambda: model
    rois = (Region(0, 0, 40, 40), Region(50, 50, 90, 90))
    request = fake_bench.request(picture, strategy="manual", options=Options(rois=rois))
    finish(fake_bench.bench.perform(request))
    tried = model.count("extended")

    again = finish(fake_bench.bench.perform(request))

    assert model.count("extended") == tried + 1
    assert [found.region for found in again.regions] == [rois[0]]
    assert again.notes == ("only 1 crop of 2: memory ended before",)


@pytest.mark.parametrize("strategy", ["relative_attention", "gradient_attention"])
def test_tiles_that_did_not_fit_are_looked_at_as_one_smaller_picture(
    fake_bench, tmp_path, strategy
):
    large = write_picture(tmp_path / "large.png", size=(1500, 1200))
    # A second reading beside that of the whole picture is too much.
    model = FakeModel(
        peak=PEAK, full_at=lambda call: call[0] == "read" and call[1][0].size != (1500, 1200)
    )
    fake_bench.next_model = lambda: model
    request = fake_bench.request(large, strategy=strategy)

    found = finish(fake_bench.bench.perform(request))
    tried = model.count("read")
    again = finish(fake_bench.bench.perform(request))

    assert len(fake_bench.loads) == 1
    assert found.notes == (
        "stepped down to looking at the picture smaller, not in tiles: out of memory",
    )
    assert found.regions[0].region.covers(*PEAK)
    assert found.map.grid.cols == CELLS
    assert model.count("read") == tried
    assert again.notes == ("looked at the picture smaller, not in tiles: memory ended before",)


def test_other_pictures_are_forgotten_before_anything_is_given_up(fake_bench, picture, tmp_path):
    other = write_picture(tmp_path / "other.png", seed=5)
    model = FakeModel(peak=PEAK)
    fake_bench.next_model = lambda: model
    finish(fake_bench.bench.perform(fake_bench.request(other)))
    left = [1]
    model.full_at = lambda call: call[0] == "ask" and bool(left) and left.pop() == 1

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert len(fake_bench.loads) == 1
    assert found.notes == ("forgot the pictures before this one: out of memory",)


@pytest.mark.parametrize("stage", ["read", "ask", "attend", "extended"])
def test_at_whatever_stage_memory_ends_every_step_down_is_said(fake_bench, picture, stage):
    models = []

    def make():
        dtype = "bfloat16" if models else "float32"
        full = stage if not models else "nothing"
        facts = ModelFacts("fake", "llava", "cpu", dtype, "f" * 64)
        models.append(FakeModel(peak=PEAK, facts=facts, full_at=lambda call: call[0] == full))
        return models[-1]

    fake_bench.next_model = make

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert found.model.dtype == "bfloat16"
    assert found.notes == ("stepped down to bfloat16: out of memory",)
    assert found.zoomed is not None


# --- desk and model at once ------------------------------------------------------------------


def test_the_desk_works_while_the_model_does(fake_bench, tmp_path):
    names = [write_picture(tmp_path / f"{index}.png", seed=index) for index in range(4)]
    failed, turn = [], threading.Barrier(2, timeout=30)

    def at_desk():
        try:
            turn.wait()
            for _ in range(5):
                for name in names:
                    assert max(finish(bench.perform(MakeThumbnail(name, 64))).shape) == 64
                    assert finish(bench.perform(OpenPicture(name))).size == (400, 300)
                assert len(finish(bench.perform(ListFolder(str(tmp_path))))) == 4
                finish(bench.perform(ListRecords()))
        except BaseException as error:
            failed.append(error)
            raise

    bench = fake_bench.bench
    desk = threading.Thread(target=at_desk)
    desk.start()
    turn.wait()
    found = [
        finish(bench.perform(fake_bench.request(name, question=f"Is there a crack {turn}?")))
        for turn in range(3)
        for name in names
    ]
    desk.join()

    assert failed == []
    assert [one.id for one in found] == list(range(1, 13))
    for one in found:
        assert one.provenance.sha256 == finish(bench.perform(OpenRecord(one.id))).provenance.sha256
