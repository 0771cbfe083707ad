"""Servers that lie, break off, never end, or want what is not theirs."""

import email.utils
import json
import time

import keyring
import keyring.backend
import numpy as np
import pytest

from inspector_app import paths
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.region import Region
from inspector_app.families import remote
from inspector_app.runtime import server as server_room
from inspector_app.runtime.server import wished_pause
from tests.fakes.server import CARD, Script, chunk, serving, weighed
from tests.fakes.steps import finish

VIEW = View(np.zeros((40, 60, 3), np.uint8), Region(0, 0, 60, 40))


@pytest.fixture
def load(script):
    def loaded(*, more="", folder=None):
        folder = folder or paths.user_models() / "lab"
        folder.mkdir(parents=True, exist_ok=True)
        text = CARD.format(url=script.url, more=more)
        (folder / "card.toml").write_text(text, encoding="utf-8")
        return remote.load(folder, device="auto", precision="auto")

    return loaded


def ask(model):
    return finish(model.read([VIEW]).ask("What is on the label?"))[0]


def streams(*events):
    return lambda body, handler: handler.events(list(events))


def whole(status, content="", **more):
    return lambda body, handler: handler.whole(status, content, **more)


def raw(kind, content):
    def answer(_body, handler):
        handler.wfile.write(f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n\r\n".encode())
        handler.wfile.write(content)
        handler.close_connection = True

    return answer


def endless(start, again):
    def answer(body, handler):
        raw("text/event-stream", start)(body, handler)
        try:
            for _ in range(1000):
                handler.wfile.write(again)
        except OSError:
            return

    return answer


def said(text, **more):
    choice = {"delta": {"content": text}, "finish_reason": "stop", **more}
    return json.dumps({"choices": [choice]})


NDJSON = b'{"message":{"role":"assistant","content":"cat"},"done":true}\n'
ELSEWHERE = [("location", "http://elsewhere/v1/chat/completions")]
PINGS = b": " + b"x" * 100_000 + b"\n"


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (whole(307, headers=ELSEWHERE), ModelTrouble, "another address"),
        (whole(402, {"error": {"message": "no money"}}), ModelTrouble, "no money"),
        (whole(413), WrongUse, "refuses"),
        (raw("application/x-ndjson", NDJSON), ModelTrouble, "no answer"),
        (raw("text/plain", b"hello"), ModelTrouble, "no answer"),
        (whole(200, {"choices": []}), ModelTrouble, "no answer"),
        (streams({"choices": []}), ModelTrouble, "no answer"),
        (streams(), ModelTrouble, "no answer"),
        (streams("[" * 100_000), ModelTrouble, "no answer"),
        (streams('{"choices": ' + "1" * 5000 + "}"), ModelTrouble, "no answer"),
        (streams({"error": {"message": "CUDA", "code": 500}}), ModelTrouble, "in trouble"),
        (streams(chunk("", end="length")), ModelTrouble, "without a word"),
        (endless(b"data: ", b"x" * 100_000), ModelTrouble, "more than any answer"),
        (endless(b"", PINGS), ModelTrouble, "more than any answer"),
        (whole(200, "x" * (9 << 20)), ModelTrouble, "more than any answer"),
        (whole(400, "x" * (9 << 20)), ModelTrouble, "more than any answer"),
    ],
)
def test_whatever_is_wrong_is_one_sentence_with_a_way_out(load, script, answer, kind, told):
    model = load()
    script.answer = answer

    with pytest.raises(kind, match=told) as trouble:
        ask(model)

    assert trouble.value.hint


HUGE = 10**400


@pytest.mark.parametrize(
    "logprobs",
    [
        "nope",
        [1, 2],
        {"tokens": ["ok"], "token_logprobs": [-0.1]},
        {"content": 5},
        {"content": [{"logprob": -0.1}]},
        {"content": [{"token": "ok", "logprob": -HUGE}]},
        {"content": [{"token": "ok", "logprob": float("nan")}]},
        {"content": [{"token": "ok", "logprob": float("-inf")}]},
        # One of two tokens only.
        {"content": [{"token": "o", "logprob": -0.1}, {"token": "k", "logprob": None}]},
    ],
)
def test_nonsense_about_probabilities_costs_no_answer_and_is_not_believed(load, script, logprobs):
    model = load()
    script.answer = streams(said("ok", logprobs=logprobs))

    answer = ask(model)

    assert (answer.text, answer.logprob, answer.margin) == ("ok", None, None)


@pytest.mark.parametrize("rivals", [[1, 2], [{"x": 1}], "nope", 5])
def test_rivals_that_are_none_cost_only_the_margin(load, script, rivals):
    told = weighed("ok", -0.25) | {"top_logprobs": rivals}
    model = load()
    script.answer = streams(chunk("ok", logprobs=[told], end="stop"))

    answer = ask(model)

    assert (answer.logprob, answer.margin) == (-0.25, None)


def test_counts_of_tokens_that_are_none_are_not_believed(load, script):
    for count in (float("inf"), -7, "many", None):
        model = load()
        script.answer = streams(json.loads(said("ok")) | {"usage": {"prompt_tokens": count}})

        assert ask(model).text == "ok"
        assert model.passes.tokens_prefilled == 0


@pytest.mark.parametrize(
    ("events", "text"),
    [
        (('{"choices": [{"delta": {"content": "a\\ud800b"}, "finish_reason": "stop"}]}',), "a�b"),
        ((said("a\0\x1b[31mb\tc\nd"),), "a��[31mb\tc\nd"),
        # Half of the letter in each.
        ((said("so \ud83d"), said("\ude00 good")), "so 😀 good"),
        (
            (said([{"type": "text", "text": "two "}, {"type": "text", "text": "parts"}]),),
            "two parts",
        ),
    ],
)
def test_answers_are_text_that_can_be_kept(load, script, events, text):
    model = load()
    script.answer = streams(*events)

    answer = ask(model)

    assert answer.text == text
    assert answer.text.encode("utf-8")


def test_signs_of_life_are_not_waited_for_for_ever(load, script, monkeypatch):
    monkeypatch.setattr(server_room, "_TRICKLE", 1)
    model = load(more="patience_s = 0.2")

    def pings(_body, handler):
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.end_headers()
        try:
            while not script.release.wait(0.02):
                handler.wfile.write(b": still here\n\n")
        except OSError:
            return
        finally:
            handler.close_connection = True

    script.answer = pings

    with pytest.raises(ModelTrouble, match="said nothing"):
        ask(model)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_busy_server_says_in_seconds_how_long_it_wants_to_be_left_alone(wish, seconds):
    assert wished_pause({"retry-after": wish}) == seconds


def test_or_it_says_until_when():
    later = email.utils.formatdate(time.time() + 100, usegmt=True)

    assert wished_pause({"retry-after": later}) == pytest.approx(100, abs=5)
    assert wished_pause({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert wished_pause({}) is None


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def ring():
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


# What is pasted often ends in a line's end.
@pytest.mark.parametrize("kept", ["sesame", "sesame\n"])
def test_the_key_comes_from_the_systems_keyring_and_shows_nowhere(load, script, ring, kept):
    ring.set_password("inspector", "lab", kept)

    model = load(more='key = "lab"')
    ask(model)

    assert script.headers[-1]["Authorization"] == "Bearer sesame"
    assert "sesame" not in repr(model)


def test_a_missing_key_is_said(load, ring):
    with pytest.raises(ModelTrouble, match='no key "lab"'):
        load(more='key = "lab"')


@pytest.mark.parametrize("kept", ["sesame\nopen", "Sesam öffne dich"])
def test_a_key_that_cannot_be_one_is_said_and_not_shown(load, ring, kept):
    ring.set_password("inspector", "lab", kept)

    with pytest.raises(ModelTrouble, match="no key can have") as trouble:
        load(more='key = "lab"')

    assert "esam" not in trouble.value.sentence()


def test_a_keyring_that_fails_in_its_own_way_is_a_sentence(load, ring, monkeypatch):
    def fails(*_entry):
        raise ConnectionRefusedError("no bus")

    monkeypatch.setattr(ring, "get_password", fails)

    with pytest.raises(ModelTrouble, match="does not open"):
        load(more='key = "lab"')


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_server_that_repeats_the_key_does_not_spread_it(load, script, ring, status, monkeypatch):
    monkeypatch.setattr(server_room, "RETRIES", 0)
    ring.set_password("inspector", "lab", "sesame")
    model = load(more='key = "lab"')
    script.answer = whole(status, {"error": {"message": "wrong key sesame given"}})

    with pytest.raises((ModelTrouble, WrongUse), match="wrong key … given") as trouble:
        ask(model)

    assert "sesame" not in trouble.value.sentence()


def test_a_key_is_never_sent_where_a_server_sends_on_to(load, script, ring):
    ring.set_password("inspector", "lab", "sesame")
    with serving(Script()) as other:
        model = load(more='key = "lab"')
        to = [("location", f"{other.url}/chat/completions")]
        for status in (301, 302, 307, 308):
            script.answer = whole(status, headers=to)
            with pytest.raises(ModelTrouble, match="another address"):
                ask(model)

        assert other.asked == []


def test_a_card_from_elsewhere_gets_no_key(load, script, ring, tmp_path):
    ring.set_password("inspector", "lab", "sesame")

    with pytest.raises(ModelTrouble, match="only given to servers that were added here"):
        load(more='key = "lab"', folder=tmp_path / "stick")

    assert script.asked == []
