"""How the workbench steps down when memory ends, and serves two threads at once."""

import threading

import pytest

from inspector_app import paths
from inspector_app.domain.errors import (
    OutOfMemory,
)
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import (
    ListFolder,
    ListRecords,
    MakeThumbnail,
    OpenPicture,
    OpenRecord,
)
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.store.records import Store
from tests.fakes.model import FakeModel
from tests.fakes.steps import finish
from tests.workflow.conftest import write_picture

PEAK = (330.0, 70.0)


def looking():
    return FakeModel(peak=PEAK)


def records():
    """What lies in the store, seen through a connection of its own."""
    store = Store(paths.data())
    try:
        return store.list(500)
    finally:
        store.close()


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
        ("cpu", "bfloat16", True),
    )

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert fake_bench.loads == [("auto", "auto"), ("auto", "bfloat16"), ("cpu", "bfloat16")]
    assert found.notes == (
        "stepped down to bfloat16: out of memory",
        "stepped down to the CPU in bfloat16: out of memory",
    )


def test_weights_that_do_not_fit_at_all_step_down_too(fake_bench, picture):
    fakes(fake_bench, ("", "", "not even loaded"), ("cpu", "bfloat16", True))

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert fake_bench.loads == [("auto", "auto"), ("auto", "bfloat16")]
    assert found.id is not None


def test_when_nothing_fits_the_error_says_so_and_nothing_is_stored(fake_bench, picture):
    fakes(fake_bench, ("cpu", "float32", False), ("cpu", "bfloat16", False))

    with pytest.raises(OutOfMemory) as full:
        finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert len(fake_bench.loads) == 2
    assert full.value.exit_code == 4
    assert records() == ()


def test_after_memory_ended_the_next_inspection_works(fake_bench, picture):
    fakes(
        fake_bench, ("cpu", "float32", False), ("cpu", "bfloat16", False), ("cpu", "float32", True)
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
