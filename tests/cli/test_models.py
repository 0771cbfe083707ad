"""Models on servers, added from the command line; and what is told of those that are here."""

import json

import keyring
import pytest

from inspector_app import paths
from inspector_app.domain.checkpoint import Part
from inspector_app.workflow.manifest import Manifest, write_manifest
from tests.fakes import command
from tests.fakes.server import Script, chunk, serving, weighed
from tests.workflow.conftest import write_picture


@pytest.fixture
def run(capfd):
    return lambda *arguments: command.run(capfd, *arguments)


@pytest.fixture
def picture(tmp_path):
    return write_picture(tmp_path / "picture.png")


@pytest.fixture
def script():
    with serving(Script()) as running:
        running.answer = lambda body, handler: handler.events(
            [chunk("no", logprobs=[weighed("no", -0.1)], end="stop")]
        )
        yield running


def add(run, script, *more):
    return run("models", "add-server", "lab", script.url, "--model", "tiny", *more)


def test_a_server_is_added_and_answers(run, script, picture):
    assert "with probabilities" in add(run, script).out

    listed = run("models").out
    shown = json.loads(run("models", "show", "lab").out)
    asked = run("ask", picture, "-q", "Is it red?", "--model", "lab", "--crops", "whole", "--quiet")

    assert "lab" in listed
    assert shown["server"]["url"] == script.url
    assert '"no"' in asked.out
    assert script.url.removesuffix("/v1") in asked.out


def test_a_server_that_does_not_answer_is_not_added(run, script):
    run("models", "add-server", "lab", "http://127.0.0.1:9/v1", "--model", "tiny").refused(
        4, "cannot be reached"
    )

    assert not (paths.user_models() / "lab").exists()


@pytest.mark.parametrize("name", ["../lab", "a/b", ".hidden", "", "lab\n"])
def test_a_name_that_is_no_folder_is_refused(run, script, name):
    run("models", "add-server", name, script.url, "--model", "tiny").refused(2, "no name")


def test_a_name_that_is_taken_is_refused(run, script):
    run("models", "add-server", "embedded", script.url, "--model", "t").refused(5, "already")


def test_strategies_that_need_attention_are_refused_with_those_that_do_not(run, script, picture):
    add(run, script)

    run("ask", picture, "-q", "Is it red?", "--model", "lab").refused(2, "manual", "whole")


def keyring_of(monkeypatch, *, typed):
    kept = {}
    monkeypatch.setattr("typer.prompt", lambda *_, **__: typed)
    monkeypatch.setattr(keyring, "set_password", lambda *entry: kept.update({entry[:2]: entry[2]}))
    monkeypatch.setattr(keyring, "get_password", lambda *entry: kept.get(entry))
    monkeypatch.setattr(keyring, "delete_password", lambda *entry: kept.pop(entry))
    return kept


def test_a_key_that_is_refused_is_not_kept_and_the_next_one_is(run, script, monkeypatch):
    kept = keyring_of(monkeypatch, typed="wrong")
    answers = script.answer
    script.answer = lambda body, handler: handler.whole(401, {"error": {"message": "no: wrong"}})
    refused = add(run, script, "--key")
    assert refused.code == 4
    assert "wrong" not in refused.err
    assert kept == {}
    script.answer = answers

    kept = keyring_of(monkeypatch, typed="sesame")
    assert add(run, script, "--key").code == 0
    # A new key for the same server: what every hint about keys says.
    kept = keyring_of(monkeypatch, typed="abracadabra")
    assert add(run, script, "--key").code == 0

    assert kept == {("inspector", "lab"): "abracadabra"}
    assert script.headers[-1]["Authorization"] == "Bearer abracadabra"


def test_a_keyring_that_fails_in_its_own_way_is_a_sentence(run, script, monkeypatch):
    def fails(*_entry):
        raise ConnectionRefusedError("no bus")

    keyring_of(monkeypatch, typed="sesame")
    monkeypatch.setattr(keyring, "set_password", fails)
    add(run, script, "--key").refused(5, "does not take the key")

    monkeypatch.setattr(keyring, "set_password", lambda *_entry: None)
    monkeypatch.setattr(keyring, "get_password", fails)
    add(run, script, "--key").refused(5, "does not take the key")


def test_the_key_is_asked_for_and_goes_into_the_keyring(run, script, monkeypatch):
    kept = keyring_of(monkeypatch, typed="sesame\n")

    add(run, script, "--key")

    assert kept == {("inspector", "lab"): "sesame"}
    assert script.headers[-1]["Authorization"] == "Bearer sesame"
    assert "sesame" not in (paths.user_models() / "lab" / "card.toml").read_text()


def test_the_commit_that_came_is_told_with_the_card(run):
    folder = paths.user_models() / "mine"
    folder.mkdir(parents=True)
    card = (paths.shipped_models() / "llava-1.5-7b" / "card.toml").read_text(encoding="utf-8")
    (folder / "card.toml").write_text(card, encoding="utf-8")
    commit, origin = "0123456789abcdef", "https://hub/somebody/mine"
    parts = (Part("config.json", 2, "0" * 64),)
    write_manifest(folder, Manifest("mine", "somebody/mine", commit, origin, parts))

    told = json.loads(run("models", "show", "mine").out)

    assert told["pulled"] == {"revision": commit, "origin": origin}
    assert "pulled" not in json.loads(run("models", "show", "llava-1.5-7b").out)


def test_what_is_no_folder_is_not_added(run, picture, tmp_path):
    for path in (picture, tmp_path / "nowhere"):
        run("models", "add", path, "--quiet").refused(2, "There is no folder", "config.json")
