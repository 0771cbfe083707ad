"""The exported vision tower: the same features, used only where it holds and is faster."""

import builtins
import dataclasses
import json
import multiprocessing
import shutil

import numpy as np
import pytest
import torch

from inspector_app import paths
from inspector_app.domain.checkpoint import AGREEMENT, Tower
from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.families import llava
from inspector_app.runtime import onnx_tower
from inspector_app.runtime.onnx_tower import in_words
from inspector_app.runtime.tower_facts import made_of, towers_in
from inspector_app.workflow import towers
from inspector_app.workflow.model_shelf import list_models
from tests.fakes import command
from tests.fakes.steps import finish, walk

EMBEDDED = paths.shipped_models() / "embedded"


def load(precision="float32", choice="auto"):
    model = llava.load(EMBEDDED, device="cpu", precision=precision)
    return llava.with_tower(model, choice=choice)


def frame():
    noise = np.random.default_rng(4).integers(0, 255, (300, 420, 3), dtype=np.uint8)
    return Frame(noise, Provenance("a picture", "", "test"))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A folder with the tower of the embedded model, what was measured, and the steps to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSPECTOR_HOME", str(tmp_path_factory.mktemp("home")))
        steps, measured = walk(towers.export_tower("embedded"))
        (folder,) = paths.towers().iterdir()
    return folder, measured, steps


@pytest.fixture
def cached(exported, home):
    """The same in the user's cache, said to be twice as fast."""
    folder, measured, _steps = exported
    there = paths.towers() / measured.weights_sha256[:16]
    shutil.copytree(folder, there)
    say(there, dataclasses.replace(measured, torch_ms=2.0, onnx_ms=1.0))
    return there


def say(folder, measured):
    (folder / "tower.json").write_text(json.dumps(dataclasses.asdict(measured)))


def test_features_agree_with_torch(exported):
    folder, measured, _steps = exported

    assert measured.difference <= AGREEMENT
    assert measured.provider == "CPUExecutionProvider"
    assert measured.torch_ms > 0
    assert measured.onnx_ms > 0
    assert folder.name == measured.weights_sha256[:16]


def test_an_export_tells_its_stages_and_can_be_stopped_in_each(exported):
    _folder, _measured, steps = exported

    stages = list(dict.fromkeys(step.stage for step in steps if step.sample))
    assert stages[:3] == ["load", "export", "compare"]
    assert {step.total for step in steps if step.sample} == {len(towers.STAGES)}
    assert multiprocessing.active_children() == []


def test_a_model_with_a_faster_tower_uses_it_and_says_so(cached):
    plain, quick = dataclasses.replace(load()), load()
    plain = dataclasses.replace(plain, eyes=dataclasses.replace(plain.eyes, quick=None))
    views = [View.of(frame())]

    assert quick.facts.device == "cpu, vision by ONNX Runtime (CPUExecutionProvider)"
    assert quick.eyes.quick.provider == "CPUExecutionProvider"
    ours = quick.read(views).attend("Which defect is there?", layers=(2,)).values
    wanted = plain.read(views).attend("Which defect is there?", layers=(2,)).values
    np.testing.assert_allclose(ours, wanted, atol=1e-5)
    answers = [finish(one.read(views).ask("Which defect is there?"))[0] for one in (quick, plain)]
    assert answers[0].plain == answers[1].plain


def test_two_pictures_and_other_sizes_are_seen_as_by_torch(cached):
    model = load()
    pixels = model.eyes.pixels([View.of(frame())] * 2)

    with torch.no_grad():
        assert torch.allclose(model.eyes.quick(pixels), model.eyes.features(pixels), atol=1e-4)
    assert not model.eyes.quick.takes(torch.zeros(1, 3, 196, 196))
    assert model.read_larger(View.of(frame()), side=196).grids[0].tokens == 196


def test_gradients_of_pixels_go_through_torch(cached):
    model = load()
    pixels = model.eyes.pixels([View.of(frame())]).requires_grad_()

    model.read([View.of(frame())]).pixel_gradient("Which defect is there?")

    assert model.eyes.features(pixels).requires_grad


def spoiled(folder, change):
    told = Tower(**json.loads((folder / "tower.json").read_text()))
    say(folder, change(told))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: spoiled(folder, lambda told: dataclasses.replace(told, onnx_ms=1.9)),
        lambda folder: spoiled(folder, lambda told: dataclasses.replace(told, difference=0.01)),
        lambda folder: spoiled(folder, lambda told: dataclasses.replace(told, release="0.1")),
        lambda folder: spoiled(
            folder, lambda told: dataclasses.replace(told, weights_sha256="0" * 64)
        ),
        lambda folder: (folder / "tower.onnx").write_bytes(b"broken"),
        lambda folder: (folder / "tower.json").write_text("{}"),
        lambda folder: (folder / "tower.json").unlink(),
    ],
    ids=["slow", "differs", "release", "weights", "damaged", "nonsense", "unfinished"],
)
def test_a_tower_that_does_not_hold_is_left_aside(cached, spoil):
    spoil(cached)

    model = load()

    assert model.eyes.quick is None
    assert model.facts.device == "cpu"


def test_only_float32_takes_it(cached):
    assert load("bfloat16").eyes.quick is None
    assert load("int8").eyes.quick is None


def test_a_damaged_file_whose_hash_fits_is_left_aside(cached):
    (cached / "tower.onnx").write_bytes(b"broken")
    spoiled(cached, lambda told: dataclasses.replace(told, onnx_sha256=onnx_tower._hash(cached)))

    assert load().eyes.quick is None


def test_without_the_exporters_packages_the_way_out_is_named(home, monkeypatch):
    model = load()
    real = builtins.__import__

    def lacking(name, *more, **others):
        if name.partition(".")[0] in ("onnx", "onnxscript"):
            raise ImportError(name)
        return real(name, *more, **others)

    monkeypatch.setattr(torch.onnx, "export", lambda *_a, **_k: lacking("onnxscript"))

    with pytest.raises(ModelTrouble, match="onnx and onnxscript") as caught:
        onnx_tower.export(model.eyes.whole, model.eyes.features, side=140, weights_sha256="0")
    assert "pip install" in caught.value.hint


def test_the_choice_is_kept_wherever_the_features_agree(cached):
    assert load(choice="onnx").eyes.quick is not None
    assert load(choice="torch").eyes.quick is None
    spoiled(cached, lambda told: dataclasses.replace(told, onnx_ms=40.0))
    assert load(choice="auto").eyes.quick is None
    assert load(choice="onnx").eyes.quick is not None
    spoiled(cached, lambda told: dataclasses.replace(told, difference=0.01))
    assert load(choice="onnx").eyes.quick is None


def test_a_loaded_model_changes_its_tower_without_being_loaded_again(cached):
    quick = load()

    plain = llava.with_tower(quick, choice="torch")

    assert plain.facts.device == "cpu"
    assert plain.eyes.whole is quick.eyes.whole
    assert llava.with_tower(plain, choice="auto").facts == quick.facts


def test_the_list_knows_a_tower_by_the_checkpoint_it_was_made_of(cached):
    spoiled(cached, lambda told: dataclasses.replace(told, made_of=""))

    def found():
        lines = finish(list_models()).lines
        return next(line.tower for line in lines if line.name == "embedded")

    assert found() is None
    spoiled(cached, lambda told: dataclasses.replace(told, made_of=made_of(EMBEDDED)))

    assert found().provider == "CPUExecutionProvider"
    assert towers_in(paths.towers()) == {made_of(EMBEDDED): found()}
    spoiled(cached, lambda told: dataclasses.replace(told, release="0.1"))
    assert found() is None


def test_a_stopped_export_leaves_no_process_and_no_files(home):
    steps = towers.export_tower("embedded")
    while not multiprocessing.active_children():
        next(steps)

    steps.close()

    assert multiprocessing.active_children() == []
    assert list(paths.towers().glob("*")) == []


def test_an_export_that_dies_is_said_in_a_sentence(home):
    steps = towers.export_tower("embedded")
    while not multiprocessing.active_children():
        next(steps)
    for process in multiprocessing.active_children():
        process.kill()

    with pytest.raises(ModelTrouble, match="without a word") as caught:
        finish(steps)
    assert "torch goes on" in caught.value.hint


def test_the_command_says_what_was_measured(exported, capfd, home, monkeypatch):
    def again(name):
        yield from exported[2]
        return exported[1]

    monkeypatch.setattr(towers, "export_tower", again)

    told = command.run(capfd, "models", "tower", "embedded", "--quiet")

    assert told.code == 0, told.err
    assert "CPUExecutionProvider" in told.out
    assert "ms a picture" in told.out


def test_words_say_whether_it_is_used():
    told = Tower("", "", "1", "P", 1e-6, 10.0, 5.0, 2)

    assert "used from now on" in in_words(told)
    assert "torch goes on" in in_words(dataclasses.replace(told, onnx_ms=9.5))
    assert "torch goes on" in in_words(dataclasses.replace(told, difference=0.1))
