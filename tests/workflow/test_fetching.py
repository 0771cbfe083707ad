"""Models are pulled from a real server on loopback, whole or not at all."""

import hashlib
import json
import resource

import pytest

from inspector_app import paths
from inspector_app.domain.checkpoint import Arriving, PullModel
from inspector_app.domain.errors import CannotWrite, ModelTrouble
from inspector_app.domain.messages import LoadModel
from inspector_app.workflow import gathering
from inspector_app.workflow.fetching import GATHERING, pull
from inspector_app.workflow.manifest import read_manifest, verify
from inspector_app.workflow.workbench import Workbench
from tests.fakes.hub import COMMIT, REPOSITORY, Hub, files_of, serving
from tests.fakes.steps import finish, walk
from tests.workflow.pulled import ARCHITECTURE, BROUGHT, SMALL, WEIGHTS, brought

pytestmark = pytest.mark.usefixtures("impatient", "card")


def test_a_pull_brings_what_is_wanted_and_no_code_or_pickle(hub, card):
    steps, folder = walk(pull(PullModel("some-model", hub.url)))

    assert folder == str(card)
    assert brought(card) == BROUGHT
    assert (card / "model.safetensors").read_bytes() == WEIGHTS
    assert (card / "card.toml").is_file()
    assert not (paths.user_models() / GATHERING / "some-model").exists()
    asked = {path.rpartition("/")[2] for path, _ in hub.asked}
    assert not asked & {"modeling_own.py", "pytorch_model.bin"}
    last = [step.sample for step in steps if isinstance(step.sample, Arriving)][-1]
    assert last.done == last.total == sum(len(SMALL[name]) for name in BROUGHT)


def test_the_manifest_tells_the_commit_and_each_files_hash(hub, card):
    finish(pull(PullModel("some-model", hub.url)))

    manifest = read_manifest(card)

    assert (manifest.revision, manifest.repository) == (COMMIT, REPOSITORY)
    assert {part.name: part.sha256 for part in manifest.parts} == {
        name: hashlib.sha256(SMALL[name]).hexdigest() for name in BROUGHT
    }
    assert finish(verify(card)) == len(BROUGHT)


def test_a_real_model_that_was_pulled_is_loaded(card):
    with serving(Hub(files_of(paths.shipped_models() / "embedded"))) as hub:
        finish(pull(PullModel("some-model", hub.url)))

    facts = finish(Workbench().load(LoadModel("some-model")))

    assert facts.name == "some-model"


@pytest.mark.parametrize("cuts", [[1], [100_000, 7, 500_000]])
def test_a_connection_that_is_cut_is_continued_where_it_ended(hub, card, cuts):
    hub.cuts = list(cuts)

    finish(pull(PullModel("some-model", hub.url)))

    begins = [sum(cuts[: at + 1]) for at in range(len(cuts))]
    assert hub.ranges_of("model.safetensors") == ["", *(f"bytes={begin}-" for begin in begins)]
    assert (card / "model.safetensors").read_bytes() == WEIGHTS


def test_a_server_that_does_not_continue_is_read_again_from_the_beginning(hub, card):
    hub.cuts, hub.ranged = [100_000], False

    finish(pull(PullModel("some-model", hub.url)))

    assert (card / "model.safetensors").read_bytes() == WEIGHTS


def test_cuts_and_restarts_together_still_give_the_right_hash(hub, card):
    hub.cuts, hub.ranged = [100_000, 200_000, 300_000], False

    finish(pull(PullModel("some-model", hub.url)))

    assert (card / "model.safetensors").read_bytes() == WEIGHTS


def test_a_stopped_pull_leaves_no_model_and_goes_on_later(hub, card):
    steps = pull(PullModel("some-model", hub.url))
    for step in steps:
        if step.stage == "fetch" and step.sample.name == "model.safetensors":
            break
    for _ in range(4):
        next(steps)
    steps.close()
    half = paths.user_models() / GATHERING / "some-model" / "model.safetensors.half"
    here = half.stat().st_size

    assert brought(card) == set()
    assert 0 < here < len(WEIGHTS)
    finish(pull(PullModel("some-model", hub.url)))
    assert hub.ranges_of("model.safetensors") == ["", f"bytes={here}-"]
    assert brought(card) == BROUGHT


def test_a_stalled_server_can_be_left_at_any_time(hub, card):
    hub.stall = "model.safetensors"
    steps = pull(PullModel("some-model", hub.url))
    seen = 0
    for step in steps:
        # Steps come although no byte does.
        seen += step.stage == "fetch" and step.sample.name == hub.stall
        if seen > 40:
            break

    steps.close()

    assert brought(card) == set()


def test_half_a_file_that_is_another_one_is_thrown_away(hub, card):
    half = paths.user_models() / GATHERING / "some-model" / "model.safetensors.half"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"x" * 1000)

    finish(pull(PullModel("some-model", hub.url)))

    assert hub.ranges_of("model.safetensors") == ["bytes=1000-", ""]
    assert (card / "model.safetensors").read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    ("name", "lie"),
    [
        ("model.safetensors", {"lfs": {"sha256": "0" * 64, "size": len(WEIGHTS)}}),
        ("tokenizer.json", {"blobId": "0" * 40}),
    ],
)
def test_a_wrong_hash_is_refused_and_nothing_becomes_the_model(hub, card, name, lie):
    hub.lies[name] = lie

    with pytest.raises(ModelTrouble, match="not what was published"):
        finish(pull(PullModel("some-model", hub.url)))

    assert brought(card) == set()


def test_more_bytes_than_published_are_refused(hub, card):
    hub.lies["model.safetensors"] = {"size": 5, "lfs": {"sha256": "0" * 64}}

    with pytest.raises(ModelTrouble, match="not what was published"):
        finish(pull(PullModel("some-model", hub.url)))


def test_a_busy_server_is_asked_again_and_then_given_up(hub, card):
    hub.status = [503, 429]
    finish(pull(PullModel("some-model", hub.url)))
    assert brought(card) == BROUGHT

    (card / "model.safetensors").write_bytes(b"broken")
    hub.status = [503] * 100
    with pytest.raises(ModelTrouble, match=r"busy .* again and again") as caught:
        finish(pull(PullModel("some-model", hub.url)))
    assert "goes on where it stopped" in caught.value.hint


def test_no_network_is_said_in_one_sentence_with_a_way_out(card):
    with pytest.raises(ModelTrouble, match=r"127.0.0.1:9 cannot be reached.*offline") as caught:
        finish(pull(PullModel("some-model", "http://127.0.0.1:9")))

    assert "--from" in caught.value.hint


def test_a_repository_that_needs_an_account_is_said(hub, card):
    hub.status = [401]

    with pytest.raises(ModelTrouble, match="not give this model to everybody"):
        finish(pull(PullModel("some-model", hub.url)))


def test_a_server_without_the_model_is_said(hub, card):
    hub.is_hub = False

    with pytest.raises(ModelTrouble, match=r"no .somebody/some-model. at"):
        finish(pull(PullModel("some-model", hub.url)))


@pytest.mark.parametrize("content", [b"[]", b"{}", b"<html>", b'{"sha": "../x", "siblings": []}'])
def test_nonsense_instead_of_a_list_is_said(hub, card, content, monkeypatch):
    monkeypatch.setattr(Hub, "told", lambda _hub: json.loads(content) if content[:1] != b"<" else 5)

    with pytest.raises(ModelTrouble, match="no list of files"):
        finish(pull(PullModel("some-model", hub.url)))


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "a/../../evil.json", "a\\..\\evil.json", "~/e.json"]
)
def test_a_name_that_leads_out_of_the_folder_is_never_written(hub, card, name, home):
    hub.files[name] = b"evil"

    finish(pull(PullModel("some-model", hub.url)))

    assert brought(card) == BROUGHT
    assert not list(home.rglob("*evil*"))


def test_weights_as_pickle_only_are_refused_before_anything_comes(hub, card):
    del hub.files["model.safetensors"]

    with pytest.raises(ModelTrouble, match=r"pickle only .pytorch_model.bin."):
        finish(pull(PullModel("some-model", hub.url)))

    assert len(hub.asked) == 1


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"architectures": ["EvilModel"]}, "is a EvilModel, not what the card"),
        ({"architectures": [ARCHITECTURE], "auto_map": {"AutoModel": "x.Y"}}, "Python code"),
        ({"architectures": [ARCHITECTURE], "quantization_config": {"bits": 4}}, "quantised"),
        ([], "cannot be read"),
    ],
)
def test_what_would_not_be_loaded_is_refused_before_its_weights_come(hub, card, config, words):
    hub.files["config.json"] = json.dumps(config).encode()

    with pytest.raises(ModelTrouble, match=words):
        finish(pull(PullModel("some-model", hub.url)))

    assert hub.ranges_of("model.safetensors") == []


def test_a_redirect_to_another_server_is_followed(hub, card):
    hub.redirects = True

    finish(pull(PullModel("some-model", hub.url)))

    assert brought(card) == BROUGHT


# --- the disk ----------------------------------------------------------------------------------


def test_a_disk_without_room_is_told_before_anything_comes(hub, card, monkeypatch):
    real = gathering.shutil.disk_usage

    def nearly_full(path):
        return real(path)._replace(free=1000)

    monkeypatch.setattr(gathering.shutil, "disk_usage", nearly_full)

    with pytest.raises(CannotWrite, match=r"0.0 GB free.*needs 0.3 GB more"):
        finish(pull(PullModel("some-model", hub.url)))

    assert hub.ranges_of("config.json") == []


def test_a_disk_that_fills_up_is_said_and_the_pull_goes_on_later(hub, card):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(CannotWrite, match="no room left"):
            finish(pull(PullModel("some-model", hub.url)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert brought(card) == set()

    finish(pull(PullModel("some-model", hub.url)))

    assert hub.ranges_of("model.safetensors")[1].startswith("bytes=")
    assert (card / "model.safetensors").read_bytes() == WEIGHTS


def test_a_damaged_model_is_repaired_by_what_is_missing_alone(hub, card):
    finish(pull(PullModel("some-model", hub.url)))
    (card / "tokenizer.json").write_bytes(b"[]")
    hub.asked.clear()

    finish(pull(PullModel("some-model", hub.url)))

    assert hub.ranges_of("model.safetensors") == []
    assert (card / "tokenizer.json").read_bytes() == b"{}"
    assert finish(verify(card)) == len(BROUGHT)


def test_a_repair_never_writes_into_the_files_of_the_model_that_is_there(hub, card):
    finish(pull(PullModel("some-model", hub.url)))
    (card / "tokenizer.json").write_bytes(b"[]")
    stopped_at("fetch", pull(PullModel("some-model", hub.url)))
    hub.files["model.safetensors"] = WEIGHTS + b"of a newer commit"

    stopped_at("save", pull(PullModel("some-model", hub.url)))

    assert (card / "model.safetensors").read_bytes() == WEIGHTS
    finish(pull(PullModel("some-model", hub.url)))
    assert (card / "model.safetensors").read_bytes() == WEIGHTS + b"of a newer commit"


def stopped_at(stage, steps):
    for step in steps:
        if step.stage == stage:
            break
    steps.close()


def test_a_model_that_is_there_and_right_is_not_asked_for(hub, card):
    finish(pull(PullModel("some-model", hub.url)))
    hub.asked.clear()

    finish(pull(PullModel("some-model", hub.url)))

    assert hub.asked == []


def test_two_pulls_of_one_model_do_not_meet(hub, card):
    first = pull(PullModel("some-model", hub.url))
    for step in first:
        if step.stage == "fetch":
            break

    with pytest.raises(CannotWrite, match="being pulled already"):
        finish(pull(PullModel("some-model", hub.url)))
    first.close()
