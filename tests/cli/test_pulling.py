"""Models are listed, pulled, added and compared from the command line."""

import json
import shutil

import pytest
from transformers import logging

from inspector_app import families, paths, plugins
from inspector_app.runtime.cards import read_card
from tests.fakes import command, tiny_blip, tiny_llava_next, tiny_qwen
from tests.fakes.hub import REPOSITORY, Hub, files_of, serving
from tests.workflow.conftest import write_picture

NAME = "llava-1.5-7b"
SERVER = """
name = "bare"
family = "remote"
[server]
url = "http://elsewhere:80/v1"
model = "m"
[prompt]
template = "{images}{question}"
[attention]
layer = 0
"""


def writes(name, text):
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def run(capfd, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    return lambda *arguments: command.run(capfd, *arguments)


@pytest.fixture
def embedded():
    return paths.shipped_models() / "embedded"


@pytest.fixture
def own_card(embedded):
    """The card of a model of the user's own that is published somewhere."""
    folder = paths.user_models() / "mine"
    folder.mkdir(parents=True)
    text = (embedded / "card.toml").read_text(encoding="utf-8")
    (folder / "card.toml").write_text(
        text + f'\n[checkpoint]\nrepository = "{REPOSITORY}"\n', encoding="utf-8"
    )
    return folder


def test_the_list_says_what_is_here_and_what_each_precision_needs(run):
    told = run("models", "list").out

    (line,) = [one for one in told.splitlines() if NAME in one]
    assert " no " in line
    # 29293, 14646 and 8348 MiB.
    assert "30.7" in line
    assert "15.4" in line
    assert "8.8" in line
    (here,) = [one for one in told.splitlines() if "embedded" in one]
    assert "yes" in here
    assert "GB memory" in told


def test_a_model_is_pulled_compared_and_asked(run, own_card, embedded, tmp_path):
    with serving(Hub(files_of(embedded))) as hub:
        pulled = run("models", "pull", "mine", "--from", hub.url)
    compared = run("models", "verify", "mine")
    picture = write_picture(tmp_path / "picture.png")
    asked = run("ask", picture, "-q", "Which defect is there?", "--model", "mine", "--quiet")

    assert "every file as published" in pulled.out
    assert "fetch model.safetensors" in pulled.err
    assert compared.out.startswith("All 6 files")
    assert asked.code == 0
    assert json.loads((own_card / "manifest.json").read_text())["repository"] == REPOSITORY


def test_without_a_network_the_sentence_names_the_ways_out(run, own_card):
    sentence = run("models", "pull", "mine", "--from", "http://127.0.0.1:9").refused(
        4, "cannot be reached", "offline"
    )

    assert "copy the folder" in sentence


def test_the_hub_of_the_environment_is_asked_when_none_is_named(
    run, own_card, embedded, monkeypatch
):
    with serving(Hub(files_of(embedded))) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        assert run("models", "pull", "mine", "--quiet").code == 0


def test_a_changed_file_is_named(run, own_card, embedded):
    run("models", "pull", "mine", "--from", embedded)
    (own_card / "tokenizer.json").write_bytes(b"{}")

    run("models", "verify", "mine").refused(4, "tokenizer.json", "models pull mine")
    assert "damaged" in run("models").out


def test_a_model_that_is_not_published_cannot_be_pulled(run):
    run("models", "pull", "embedded").refused(4, "no repository")


@pytest.mark.parametrize("here", [".", ".."])
def test_a_folder_named_by_dots_is_pulled_under_its_own_name(
    run, own_card, embedded, tmp_path, monkeypatch, here
):
    (tmp_path / "lab" / "below").mkdir(parents=True)
    (tmp_path / "lab" / "card.toml").write_bytes((own_card / "card.toml").read_bytes())
    monkeypatch.chdir(tmp_path / "lab" if here == "." else tmp_path / "lab" / "below")

    told = run("models", "pull", here, "--from", embedded)

    assert told.out.startswith('"lab" is in')
    # Nobody told what was published.
    assert "as it lay there" in told.out
    assert (paths.user_models() / "lab" / "model.safetensors").is_file()
    # Nothing else of the user's was touched.
    assert (own_card / "card.toml").is_file()


def test_a_model_is_never_pulled_over_another_one_of_its_name(run, own_card, embedded, tmp_path):
    for name in ("mine", "embedded"):
        (tmp_path / name).mkdir()
        text = (own_card / "card.toml").read_text(encoding="utf-8")
        other = tmp_path / name / "card.toml"
        other.write_text(text.replace("title = ", "title = 'Other' #"), encoding="utf-8")

        run("models", "pull", tmp_path / name, "--from", embedded).refused(5, "another model")

    assert not (own_card / "config.json").exists()


def test_a_name_longer_than_any_file_may_have_is_no_model(run):
    run("models", "show", "a" * 5000).refused(4, "There is no model")


def test_a_model_that_was_not_pulled_says_how_to_get_it(run, tmp_path):
    picture = write_picture(tmp_path / "picture.png")

    run("ask", picture, "-q", "Why?", "--model", NAME).refused(4, f"models pull {NAME}")


def test_a_folder_is_added_with_its_own_card(run, embedded, tmp_path):
    shutil.copytree(embedded, tmp_path / "twin")

    told = run("models", "add", tmp_path / "twin")

    assert told.out.startswith('"twin" is in')
    assert json.loads(run("models", "show", "twin").out)["attention"]["layer"] == 2
    assert run("models", "verify", "twin").code == 0


def test_a_folder_without_a_card_gets_one_like_its_kin(run, embedded, tmp_path):
    folder = tmp_path / "bare"
    shutil.copytree(embedded, folder)
    (folder / "card.toml").unlink()

    run("models", "add", folder, "--name", "mine-too")

    card = json.loads(run("models", "show", "mine-too").out)
    assert (card["name"], card["family"], card["parameters"]) == ("mine-too", "llava", 5196480)
    # Five layers: 14 of 32 (or 18 of 40) is as deep as 2 of 5.
    assert card["attention"]["layer"] == 2
    assert "not measured" in card["attention"]["basis"]
    assert card["memory"]["bfloat16"] > card["memory"]["int8"] > 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / "config.json").unlink(), "no config.json"),
        (lambda folder: (folder / "model.safetensors").unlink(), "no weights"),
        (
            lambda folder: (folder / "model.safetensors").rename(folder / "model.bin"),
            "pickle",
        ),
        (
            lambda folder: (folder / "config.json").write_text('{"architectures": ["Evil"]}'),
            "is a Evil",
        ),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "tokenizer"),
        (writes("config.json", '{"architectures": 5}'), "without a name"),
        (writes("config.json", '{"architectures": {"a": 1}}'), "without a name"),
        (writes("config.json", "[" * 100_000), "cannot be read"),
        (writes("config.json", f'{{"a": {"1" * 5000}}}'), "cannot be read"),
        (writes("model.safetensors.index.json", '{"weight_map": [1]}'), "incomplete"),
        (writes("model.safetensors.index.json", '{"weight_map": {"a": {}, "b": 5}}'), "no 5"),
        # The word is spelled otherwise, and means the same.
        (writes("tokenizer_config.json", '{"auto\\u005fmap": {"x": "own.Code"}}'), "Python code"),
        # Pictures would go to that server.
        (writes("card.toml", SERVER), 'names the family "remote"'),
    ],
)
def test_a_folder_that_could_not_be_loaded_is_not_added(run, embedded, tmp_path, change, words):
    folder = tmp_path / "bare"
    shutil.copytree(embedded, folder)
    change(folder)

    run("models", "add", folder).refused(4, words)

    assert "bare" not in paths.model_names()


def test_a_folder_may_be_called_anything(run, embedded, tmp_path):
    for folder, name in (("模型", "model"), ("模型二", "model-2"), ("My VL (copy)", "My-VL-copy")):
        shutil.copytree(embedded, tmp_path / folder)

        assert run("models", "add", tmp_path / folder).out.startswith(f'"{name}" is in')
        assert json.loads(run("models", "show", name).out)["name"] == name


@pytest.mark.parametrize("name", ["embedded", "../x", ".x"])
def test_a_name_that_is_taken_or_no_folder_is_refused(run, embedded, name):
    told = run("models", "add", embedded, "--name", name)

    assert told.code in (2, 5)


def test_every_family_that_loads_checkpoints_has_a_card_of_its_kind():
    shipped = {read_card(path.parent).family for path in paths.shipped_models().glob("*/card.toml")}

    assert shipped == set(plugins.names(families)) - {"remote"}


@pytest.mark.parametrize(
    ("save", "plan"),
    [
        (tiny_qwen.save, tiny_qwen.Plan()),
        (tiny_llava_next.save, tiny_llava_next.Plan()),
        (tiny_blip.save, tiny_blip.Plan()),
    ],
    ids=["qwen2.5-vl", "llava-next", "instructblip"],
)
def test_a_checkpoint_of_each_family_is_added_without_a_card_and_asked(run, tmp_path, save, plan):
    logging.disable_progress_bar()
    folder = save(tmp_path / "tiny", plan)
    (folder / "card.toml").unlink()
    picture = write_picture(tmp_path / "picture.png")

    added = run("models", "add", folder)
    asked = run("ask", picture, "-q", "Why?", "--model", "tiny", "--crops", "whole", "--quiet")

    assert added.code == 0, added.err
    assert asked.code == 0, asked.err
