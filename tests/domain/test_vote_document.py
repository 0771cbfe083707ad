"""What several views come to, in a record."""

import math
from dataclasses import replace

import pytest

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.document import from_document, to_document
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.workflow.inspecting import Clock, Opened, inspect
from tests.fakes.look import fake_frame, finish
from tests.fakes.model import FakeModel


def said(text, sure):
    return Answer(text, (Token(text, math.log(sure)),), 2 * sure - 1)


def inspected(question, *answers):
    """A whole picture and two crops: answers of whole, both crops, A and B."""
    given = iter(answers)
    model = FakeModel(answers=lambda boxes, asked: next(given))
    frame = fake_frame((400, 300))
    opened = Opened(frame, model, model.read([View.of(frame)]))
    rois = (Region(0, 0, 50, 50), Region(100, 100, 150, 150))
    request = Inspect("x", question, "manual", Options(rois=rois, count=2), save=False)
    return finish(inspect(opened, request, clock=Clock()))


def test_the_record_tells_who_said_something_else():
    found = inspected(
        "Which code?", said("K4", 0.9), said("K7", 0.8), said("K7", 0.6), said("K1", 0.1)
    )

    told = to_document(found)["vote"]
    assert (told["text"], told["unanimous"]) == ("K7", False)
    assert told["share"] == pytest.approx(1.4 / 2.4)
    assert [voice["view"] for voice in told["voices"]] == ["whole", "zoomed", "A", "B"]
    assert told["against"] == ["whole", "B"]


def test_the_vote_follows_from_the_answers_and_is_not_read_back():
    found = inspected("Which code?", *[said("K4", 0.9)] * 4)
    document = to_document(found)

    # Whatever a file claims, the answers decide.
    read = from_document({**document, "vote": {"text": "K9"}})

    assert read.vote.winner.text == "K4"
    assert to_document(read)["vote"] == document["vote"]


def test_the_last_word_on_where_things_lie_is_not_left_to_crops():
    answers = said("left", 0.9), said("right", 0.8), said("right", 0.7), said("left", 0.6)

    side = inspected("On which side is the nodule?", *answers)
    code = inspected("Which code?", *answers)

    assert side.answer.text == "left"
    assert code.answer.text == "right"
    assert replace(side, zoomed=None, crop_answers=()).answer is side.whole
