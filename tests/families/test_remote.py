"""A server on loopback that says what a script makes it say."""

import base64
import io
import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inspector_app.crops import region_marks
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.messages import Words
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region
from inspector_app.families import remote
from inspector_app.imaging.quarters import scaled_tiles
from inspector_app.runtime import server as server_room
from inspector_app.workflow.looking import ModelLook
from tests.fakes.server import CARD, chunk, weighed
from tests.fakes.steps import finish, walk

Q = "What is on the label?"


@pytest.fixture
def load(script, tmp_path):
    def loaded(*, more="", url=None):
        text = CARD.format(url=url or script.url, more=more)
        (tmp_path / "card.toml").write_text(text, encoding="utf-8")
        return remote.load(tmp_path, device="auto", precision="auto")

    return loaded


@pytest.fixture
def view():
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8)
    return View(pixels, Region(0, 0, 60, 40))


def says(*events, **more):
    return lambda body, handler: handler.events(list(events), **more)


def refuses(status, message="", **more):
    return lambda body, handler: handler.whole(status, {"error": {"message": message}}, **more)


def in_turn(*answers):
    """Each request gets the next answer, the last one for ever."""
    left = list(answers)

    def answer(body, handler):
        following = left.pop(0) if len(left) > 1 else left[0]
        following(body, handler)

    return answer


def decoded(part):
    head, data = part["image_url"]["url"].split(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def test_the_pictures_are_sent_pixel_for_pixel_before_the_words(load, script, view):
    model = load()
    closer = View(view.pixels[:20, :20], Region(0, 0, 20, 20))

    finish(model.read([view]).extended([closer]).ask(Q))

    body = script.asked[-1]
    first, second, words = body["messages"][0]["content"]
    assert np.array_equal(decoded(first), view.pixels)
    assert np.array_equal(decoded(second), closer.pixels)
    assert words == {"type": "text", "text": Q}
    assert body["model"] == "tiny"
    assert body["temperature"] == 0
    assert body["max_tokens"] == 9


def test_larger_pictures_are_averaged_down_to_the_longest_side(load, script):
    model = load(more="side = 100")
    pixels = np.kron(np.array([[[0] * 3, [200] * 3]], np.uint8), np.ones((200, 200, 1), np.uint8))

    finish(model.read([View(pixels, Region(0, 0, 400, 200))]).ask(Q))

    sent = decoded(script.asked[-1]["messages"][0]["content"][0])
    assert sent.shape == (50, 100, 3)
    assert (sent[:, :50] == 0).all()
    assert (sent[:, 50:] == 200).all()


def test_words_are_told_as_they_come_and_probabilities_are_kept(load, script, view):
    half, tenth = math.log(0.5), math.log(0.1)
    script.answer = says(
        chunk("A1", logprobs=[weighed("A1", half, ("A1", half), ("B7", tenth))]),
        chunk(" ok", logprobs=[weighed(" ok", math.log(0.9))]),
        chunk(end="stop"),
        {"choices": [], "usage": {"prompt_tokens": 123}},
    )
    model = load()
    before = model.passes

    steps, (answer, rows) = walk(model.read([view]).ask(Q))

    told = [step.sample.text for step in steps if isinstance(step.sample, Words)]
    assert list(dict.fromkeys(told)) == ["", "A1", "A1 ok"]
    assert model.has_logprobs
    assert answer.text == "A1 ok"
    assert [token.text for token in answer.tokens] == ["A1", " ok"]
    assert answer.logprob == pytest.approx(math.log(0.45))
    assert answer.margin == pytest.approx(0.4)
    assert answer.runner_up == "B7"
    assert rows is None
    spent = model.passes - before
    assert (spent.vision, spent.language, spent.tokens_prefilled) == (1, 1, 123)


def test_an_end_mark_that_is_told_as_a_token_is_no_word(load, script, view):
    script.answer = says(
        chunk("no", logprobs=[weighed("no", -0.1), weighed("<|im_end|>", -0.2)], end="stop")
    )

    answer, _ = finish(load().read([view]).ask(Q))

    assert [token.text for token in answer.tokens] == ["no"]


@pytest.mark.parametrize("value", [None, "high", True, 3.0])
def test_what_is_no_log_probability_is_not_believed(load, script, view, value):
    script.answer = says(chunk("no", logprobs=[weighed("no", value)], end="stop"))

    model = load()
    answer, _ = finish(model.read([view]).ask(Q))

    assert not model.has_logprobs
    assert answer.text == "no"
    assert answer.logprob is None
    assert answer.margin is None


def test_a_server_that_refuses_probabilities_is_asked_without_them(load, script, view):
    refused = refuses(400, "logprobs are not supported")
    script.answer = lambda body, handler: (
        refused(body, handler)
        if "logprobs" in body
        else says(chunk("no", end="stop"))(body, handler)
    )

    model = load()

    assert not model.has_logprobs
    assert finish(model.read([view]).ask(Q))[0].text == "no"
    assert "logprobs" not in script.asked[-1]


def test_a_server_that_does_not_stream_is_understood(load, script, view):
    script.answer = lambda body, handler: handler.whole(
        200, {"choices": [{"message": {"content": "two bolts"}}]}
    )

    assert finish(load().read([view]).ask(Q))[0].text == "two bolts"


def test_a_busy_server_is_asked_again(load, script, view, monkeypatch):
    model = load()
    calls = len(script.asked)
    script.answer = in_turn(
        refuses(429, "slow down", headers=[("retry-after", "0")]),
        refuses(503, headers=[("retry-after", "0")]),
        says(chunk("no", end="stop")),
    )

    assert finish(model.read([view]).ask(Q))[0].text == "no"
    assert len(script.asked) == calls + 3


def test_a_server_that_stays_busy_is_given_up_in_words(load, script, view):
    model = load()
    calls = len(script.asked)
    script.answer = refuses(503, "loading", headers=[("retry-after", "0")])

    with pytest.raises(ModelTrouble, match=r'too busy .*"loading"'):
        finish(model.read([view]).ask(Q))

    assert len(script.asked) == calls + 1 + server_room.RETRIES


def html(body, handler):
    handler.whole(200, "<html>Welcome</html>", kind="text/html")


def cut(body, handler):
    handler.events([chunk("the ans")], done=False)


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (html, ModelTrouble, "a web page"),
        (cut, ModelTrouble, "broke off"),
        (says("not json"), ModelTrouble, "no answer"),
        (says({"hello": 1}), ModelTrouble, "no answer"),
        (says({"choices": 5}), ModelTrouble, "no answer"),
        (says([1, 2]), ModelTrouble, "no answer"),
        (says(chunk("x" * 200_000, end="stop")), ModelTrouble, "more than any answer"),
        (says({"error": {"message": "boom\x1b[31m"}}), WrongUse, "boom"),
        (refuses(401, "bad key"), ModelTrouble, "key"),
        (refuses(404, "unknown model"), ModelTrouble, "no model"),
        (refuses(400, "maximum context length is 4096"), WrongUse, "maximum context"),
        (refuses(302), ModelTrouble, "another address"),
    ],
)
def test_whatever_is_wrong_is_one_sentence_with_a_way_out(load, script, view, answer, kind, told):
    model = load()
    script.answer = answer

    with pytest.raises(kind, match=told) as trouble:
        finish(model.read([view]).ask(Q))

    assert trouble.value.hint
    assert "\x1b" not in str(trouble.value)


def test_silence_is_not_waited_for_for_ever(load, script, view):
    # What is asked while it is loaded is answered, however slowly.
    usual = load()
    model = replace(usual, server=replace(usual.server, patience_s=0.2))
    script.answer = lambda body, handler: script.release.wait()

    with pytest.raises(ModelTrouble, match="said nothing"):
        finish(model.read([view]).ask(Q))


def test_a_question_can_be_stopped_while_the_server_is_silent(load, script, view):
    model = load()

    def stall(body, handler):
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.end_headers()
        handler.say(chunk("the"))
        script.release.wait()
        handler.close_connection = True

    script.answer = stall
    steps = model.read([view]).ask(Q)
    for step in steps:
        if isinstance(step.sample, Words) and step.sample.text == "the":
            break

    steps.close()


def test_a_server_that_is_not_there_is_said(load, script):
    with pytest.raises(ModelTrouble, match="cannot be reached"):
        load(url="http://127.0.0.1:9/v1")


def test_a_model_that_the_server_does_not_have_is_said_with_those_it_has(load, script):
    script.models = ["llava", "qwen"]

    with pytest.raises(ModelTrouble, match='no model "tiny"') as trouble:
        load()

    assert "llava, qwen" in trouble.value.hint


def test_a_server_that_does_not_list_its_models_is_tried_all_the_same(load, script):
    script.models = None

    assert load().facts.device == script.url.removesuffix("/v1")


def test_a_model_without_eyes_is_refused_when_it_is_loaded(load, script):
    script.answer = refuses(400, "image input is not supported")

    with pytest.raises(ModelTrouble, match="takes no pictures"):
        load()


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("ftp://lab/v1", ""),
        ("http://user:secret@lab/v1", ""),
        ("lab", ""),
        ("http://lab:port/v1", ""),
        (None, "patience_s = 0"),
        (None, "patience_s = nan"),
        (None, "side = 3"),
        (None, 'side = "large"'),
        (None, "side = inf"),
        ("http://lab/v1?key=secret", ""),
    ],
)
def test_a_card_that_names_no_sound_server_is_refused(load, url, more):
    with pytest.raises(ModelTrouble) as trouble:
        load(url=url, more=more)

    assert "secret" not in trouble.value.sentence()


def test_attention_is_refused_in_words_and_never_made_up(load, view):
    model = load()
    reading = model.read([view])

    assert not model.can_attend
    assert not model.can_backpropagate
    for refused in (
        lambda: reading.attend(Q, layers=(0,)),
        lambda: reading.gradient(Q, layer=0),
        lambda: reading.pixel_gradient(Q),
        lambda: finish(reading.ask(Q, layers=(0,))),
    ):
        with pytest.raises(WrongUse, match="does not tell where it looks"):
            refused()
    with pytest.raises(WrongUse, match="empty"):
        finish(reading.ask(" "))


def test_a_server_chooses_among_numbered_parts_and_the_number_is_its_box(load, script):
    pixels = np.random.default_rng(1).integers(0, 255, (1300, 1700, 3), np.uint8)
    frame = Frame(pixels, Provenance("a.png", "0" * 64, "PNG"))
    model = load(more="side = 800")
    look = ModelLook(frame, model, model.read([View.of(frame)]), "Describe it.", 0)
    said = iter(["5", "none of them: 0"])
    script.answer = lambda _body, handler: handler.events([chunk(next(said), end="stop")])

    question = Question(Q, "Describe it.")
    regions, seen = finish(region_marks.propose(frame, question, Options(), look=look))

    assert seen is None
    assert [one.region for one in regions] == [scaled_tiles(frame.size, scale=3.0)[4]]
    assert look.doubts == []
