"""Models from mirrors, folders, sticks and ModelScope; and what is told of those on the disk."""

import json
from pathlib import Path

import pytest

from inspector_app import paths
from inspector_app.domain.checkpoint import Presence, PullModel
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.messages import LoadModel
from inspector_app.runtime.cards import read_card
from inspector_app.workflow import modelscope
from inspector_app.workflow.fetching import pull
from inspector_app.workflow.manifest import check_sizes, read_manifest, verify
from inspector_app.workflow.model_shelf import list_models
from inspector_app.workflow.workbench import Workbench
from tests.fakes.hub import COMMIT, REPOSITORY, Hub, files_of, serving
from tests.fakes.steps import finish
from tests.workflow.pulled import BROUGHT, SMALL, WEIGHTS, brought

pytestmark = pytest.mark.usefixtures("impatient", "card")


@pytest.mark.parametrize("below", ["", "some-model/"])
def test_any_web_server_with_a_pulled_folder_is_a_mirror(hub, card, below, tmp_path):
    finish(pull(PullModel("some-model", hub.url)))
    served = {f"{below}{name}": content for name, content in files_of(card).items()}
    card.rename(tmp_path / "before")
    card.mkdir()
    (card / "card.toml").write_bytes((tmp_path / "before" / "card.toml").read_bytes())

    with serving(Hub(served, is_hub=False)) as mirror:
        finish(pull(PullModel("some-model", mirror.url)))

    assert brought(card) == BROUGHT
    assert read_manifest(card).revision == COMMIT


@pytest.mark.parametrize(
    "layout", ["stick", "stick/some-model", "stick/models--somebody--some-model/snapshots/abc"]
)
def test_a_folder_or_stick_is_as_good_as_a_hub(card, tmp_path, layout):
    folder = tmp_path / layout
    for name, content in SMALL.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    finish(pull(PullModel("some-model", str(tmp_path / "stick"))))

    assert brought(card) == BROUGHT
    assert finish(verify(card)) == len(BROUGHT)
    assert files_of(folder) == SMALL


def test_a_stick_whose_manifest_says_otherwise_is_refused(hub, card, tmp_path):
    finish(pull(PullModel("some-model", hub.url)))
    stick = tmp_path / "stick"
    card.rename(stick)
    card.mkdir()
    (card / "card.toml").write_bytes((stick / "card.toml").read_bytes())
    (stick / "model.safetensors").write_bytes(WEIGHTS[:-1] + b"!")

    with pytest.raises(ModelTrouble, match="not what was published"):
        finish(pull(PullModel("some-model", str(stick))))


@pytest.mark.parametrize("source", ["nowhere", "ftp://somewhere"])
def test_a_folder_that_is_not_there_is_said(card, source):
    with pytest.raises(WrongUse, match="no folder"):
        finish(pull(PullModel("some-model", source)))


@pytest.mark.parametrize(
    "address",
    ["http://", "https://[bad", "http://a b", "https://host:port", "https://me:secret@host"],
)
def test_what_is_no_address_is_said_and_nothing_is_asked(card, address, monkeypatch):
    with pytest.raises(WrongUse, match="no address to pull"):
        finish(pull(PullModel("some-model", address)))

    monkeypatch.setenv("HF_ENDPOINT", address)
    with pytest.raises(WrongUse, match="no address to pull"):
        finish(pull(PullModel("some-model")))


def test_a_folder_without_a_checkpoint_is_said(card, tmp_path):
    with pytest.raises(ModelTrouble, match=r"no config.json"):
        finish(pull(PullModel("some-model", str(tmp_path))))


# --- what is on the disk -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(WEIGHTS[:-1]), f"has {len(WEIGHTS) - 1} of"),
        (lambda path: path.write_bytes(WEIGHTS[:-1] + b"!"), "is not what came"),
    ],
)
def test_a_file_that_changed_is_found(hub, card, damage, words):
    finish(pull(PullModel("some-model", hub.url)))
    damage(card / "model.safetensors")

    with pytest.raises(ModelTrouble, match=words) as caught:
        finish(verify(card))

    assert "models pull some-model" in caught.value.hint


@pytest.mark.parametrize("name", ["model-2.safetensors", "adapter_config.json"])
def test_what_was_put_beside_the_files_that_came_is_found(hub, card, name):
    finish(pull(PullModel("some-model", hub.url)))
    (card / name).write_bytes(b"{}")

    with pytest.raises(ModelTrouble, match=f"{name} was put there"):
        finish(verify(card))

    finish(pull(PullModel("some-model", hub.url)))
    assert finish(verify(card)) == len(BROUGHT)


def test_weights_that_were_put_beside_those_that_came_are_not_loaded(hub, card):
    finish(pull(PullModel("some-model", hub.url)))
    (card / "planted.safetensors").write_bytes(b"x")

    with pytest.raises(ModelTrouble, match=r"planted\.safetensors was put there"):
        check_sizes(card)


def test_a_half_copied_model_is_refused_before_it_is_loaded(hub, card):
    finish(pull(PullModel("some-model", hub.url)))
    (card / "model.safetensors").write_bytes(WEIGHTS[:1000])

    with pytest.raises(ModelTrouble, match="has 1000 of"):
        finish(Workbench().load(LoadModel("some-model")))


def test_models_that_nobody_may_look_at_spoil_no_list(card, monkeypatch):
    see = Path.stat

    def forbidden(path, **how):
        if paths.user_models() in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return see(path, **how)

    monkeypatch.setattr(Path, "stat", forbidden)

    told = {line.name: line.presence for line in finish(list_models()).lines}

    assert told["embedded"] == Presence.READY
    with pytest.raises(ModelTrouble, match="no model folder"):
        read_card(card)


def test_a_folder_without_manifest_is_not_said_to_be_right(card):
    check_sizes(card)

    with pytest.raises(ModelTrouble, match=r"no manifest.json"):
        finish(verify(card))


INFINITE = '{"files": [{"name": "x", "size": 1e999, "sha256": ""}]}'


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"files": 3}', '{"files": [{"name": "../x"}]}', INFINITE, "[" * 100_000],
)
def test_a_damaged_manifest_is_said(card, content):
    (card / "manifest.json").write_text(content)

    with pytest.raises(ModelTrouble, match=r"manifest .* cannot be read"):
        finish(verify(card))


def test_a_model_that_was_never_pulled_says_how_to_get_it(card):
    with pytest.raises(ModelTrouble, match="not on this computer") as caught:
        finish(Workbench().load(LoadModel("some-model")))

    assert "inspector models pull some-model" in caught.value.hint


@pytest.fixture
def scope(hub, monkeypatch):
    """The same hub in the language of ModelScope."""
    hub.is_modelscope = True
    monkeypatch.setattr(modelscope, "URL", hub.url)
    return hub


def test_a_pull_from_modelscope_brings_the_same_and_pins_its_commit(scope, card):
    finish(pull(PullModel("some-model", "modelscope")))

    manifest = read_manifest(card)
    assert brought(card) == BROUGHT
    assert manifest.revision == COMMIT
    assert manifest.origin == f"{scope.url}/models/{REPOSITORY}"
    assert ("/api/v1/models/somebody/some-model/repo/files", "") in scope.asked
    assert finish(verify(card)) == len(BROUGHT)


def test_a_file_that_is_not_what_modelscope_told_is_not_taken(scope, card):
    scope.lies["tokenizer.json"] = {"Sha256": "0" * 64}

    with pytest.raises(ModelTrouble, match=r"tokenizer\.json"):
        finish(pull(PullModel("some-model", "modelscope")))

    assert not (card / "config.json").exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (b'{"Code": 10010205001, "Success": false}', "There is no"),
        (b"[]", "no list of files"),
        (b"", "no list of files"),
        (b'{"Success": true, "Data": null}', "no list of files"),
        (b'{"Success": true, "Data": {"Files": [{"Path": "a"}]}}', "no list of files"),
        (
            b'{"Success": true, "Data": {"Files": [], "LatestCommitter": {"Id": "../x"}}}',
            "no list of files",
        ),
        (b'{"Success": true, "Data": {"Files": []}}', "no weights"),
    ],
)
def test_whatever_modelscope_answers_is_a_sentence(scope, monkeypatch, told, words):
    monkeypatch.setattr(Hub, "told_as_modelscope", lambda _self: json.loads(told or b'""'))

    with pytest.raises(ModelTrouble, match=words) as caught:
        finish(pull(PullModel("some-model", "modelscope")))

    assert caught.value.hint
