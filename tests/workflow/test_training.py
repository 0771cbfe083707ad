"""Training from the first scene to a model folder that the program can use."""

import tomllib
from dataclasses import replace

import pytest

from inspector_app.domain.errors import CannotWrite, ModelTrouble, WrongUse
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options as LookOptions
from inspector_app.training import embedded_cache
from inspector_app.training.embedded import Options
from inspector_app.training.embedded_network import Shape
from inspector_app.workflow.training import recipe as told
from inspector_app.workflow.training import train_and_export
from inspector_app.workflow.workbench import Workbench
from tests.fakes.steps import finish, walk


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    """A training of seconds."""
    monkeypatch.setattr(embedded_cache, "SHARD", 10)
    return Options(
        work=tmp_path / "work", seed=3, device="cpu", save_every=2,
        shape=Shape(width=32, heads=2, vision_layers=1, language_layers=4),
        soup_shards=1, scene_shards=2, read_steps=2, read_batch=3,
        joint_steps=2, joint_batch=2, joint_soup=2,
    )  # fmt: skip


def test_a_trained_model_answers_in_the_program(recipe, picture):
    steps, folder = walk(train_and_export(recipe, out=None))

    assert folder == recipe.work / "model"
    stages = [step.stage for step in steps]
    assert list(dict.fromkeys(stages)) == ["draw", "read", "joint", "save"]
    assert [step.done for step in steps if step.stage == "joint"] == [1, 2]
    card = tomllib.loads((folder / "card.toml").read_text(encoding="utf-8"))
    assert card["training"]["command"] == (
        "inspector train embedded --work WORK --seed 3 --steps 2 --rate 0.0013 --read-steps 2"
    )
    assert card["training"]["seed"] == 3
    assert card["training"]["steps"] == "2 reading, 2 joint"

    bench = Workbench()
    request = Inspect(
        picture,
        "Is there a crack?",
        "relative_attention",
        LookOptions(),
        model=LoadModel(str(folder)),
    )
    found = finish(bench.perform(request))
    bench.close()
    assert found.model.name == "embedded"
    assert found.map is not None


def test_a_run_from_earlier_weights_tells_of_the_run_before(recipe, tmp_path):
    first = finish(train_and_export(recipe, out=tmp_path / "first"))
    later = replace(recipe, work=tmp_path / "later", start=first, heads_steps=2, seed=4)

    steps, folder = walk(train_and_export(later, out=None))

    stages = [step.stage for step in steps]
    assert list(dict.fromkeys(stages)) == ["draw", "heads", "joint", "save"]
    training = tomllib.loads((folder / "card.toml").read_text(encoding="utf-8"))["training"]
    assert training["command"].endswith("--seed 4 --steps 2 --rate 0.0013 --from BEFORE")
    assert [(run["seed"], run["steps"]) for run in training["before"]] == [
        (3, "2 reading, 2 joint")
    ]


def test_a_start_that_no_training_made_is_refused_before_the_training(recipe, tmp_path):
    with pytest.raises(WrongUse, match="not the folder of a model"):
        next(train_and_export(replace(recipe, start=tmp_path), out=None))

    assert not recipe.work.exists()


def test_a_finished_training_only_writes_its_model_again(recipe, tmp_path):
    finish(train_and_export(recipe, out=None))

    steps, folder = walk(train_and_export(recipe, out=tmp_path / "elsewhere" / "model"))

    assert {step.stage for step in steps} == {"draw", "save"}
    assert folder == tmp_path / "elsewhere" / "model"
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        assert (folder / name).read_bytes() == (recipe.work / "model" / name).read_bytes()


@pytest.mark.parametrize("place", ["work", "out"])
def test_a_folder_that_cannot_be_made_is_found_before_the_training(recipe, tmp_path, place):
    (tmp_path / "file").write_text("mine")
    options = replace(recipe, work=tmp_path / "file") if place == "work" else recipe
    out = tmp_path / "file" if place == "out" else None

    with pytest.raises(CannotWrite):
        next(train_and_export(options, out=out))

    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(("device", "kind"), [("gpu", WrongUse), ("cuda:77", ModelTrouble)])
def test_a_device_that_is_not_there_is_found_before_the_training(recipe, device, kind):
    with pytest.raises(kind):
        next(train_and_export(replace(recipe, device=device), out=None))

    assert not recipe.work.exists()


def test_a_rate_that_is_none_is_wrong_use(tmp_path):
    with pytest.raises(WrongUse, match="learning rate"):
        told(tmp_path, seed=3, device="cpu", rate=1.5)


def test_a_control_says_on_its_card_that_nothing_taught_it_where_to_look(recipe, tmp_path):
    asked = told(tmp_path, seed=3, device="cpu", supervised=False)
    assert asked == replace(told(tmp_path, seed=3, device="cpu"), weights=asked.weights)
    _, folder = walk(train_and_export(replace(recipe, weights=asked.weights), out=None))
    card = tomllib.loads((folder / "card.toml").read_text(encoding="utf-8"))
    assert "nothing taught it where to look" in card["limits"]
    assert card["training"]["command"].endswith("--no-attention-supervision")


def test_what_is_not_told_is_the_shipped_recipe(tmp_path):
    usual = Options(work=tmp_path)
    assert told(tmp_path, seed=usual.seed, device="auto") == usual
    assert told(tmp_path, seed=4, device="cpu", steps=9, rate=0.1).joint_steps == 9
    assert told(tmp_path, seed=4, device="cpu", read_steps=9) == replace(
        usual, seed=4, device="cpu", read_steps=9
    )
