"""Everything that crosses to the worker and back survives pickling."""

import pickle

import numpy as np
import pytest

from inspector_app.domain import messages, record_messages
from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.errors import ModelTrouble, OutOfMemory, WrongUse
from inspector_app.domain.frame import Frame, Provenance
from inspector_app.domain.inspection import Inspection, ModelFacts, Passes, ShownView
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.verdict import Outcome, Verdict

WHERE = Provenance("a.png", "f" * 64, "PNG", notes=("page 1 of 3",))
REQUESTS = [
    messages.LoadModel("embedded"),
    messages.OpenPicture("a.png"),
    messages.ListFolder("pictures"),
    messages.MakeThumbnail("a.png", 96),
    messages.Inspect("a.png", "Is there a crack?", "manual", Options(rois=(Region(0, 0, 2, 2),))),
    record_messages.ListRecords(),
    record_messages.OpenRecord(3),
    record_messages.WriteReport(3, "pdf", "a.pdf"),
    record_messages.RecordLine(1, "2026-01-01T00:00:00+00:00", "a.png", "q", "a", "PASS"),
    messages.Cancelled(3),
    messages.Failed(4, messages.Problem("no", hint="try", trace="")),
]


def again(value):
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("message", REQUESTS, ids=lambda message: type(message).__name__)
def test_a_message_is_the_same_after_the_crossing(message):
    assert again(message) == message


def test_an_inspection_crosses_with_its_map_and_views():
    grid = TokenGrid(1, 2, 0, 0, 4, 2)
    looked = AttentionMap(np.array([[1, 2]], np.float32), grid, "relative_attention", layer=2)
    told = Inspection(
        provenance=WHERE,
        size=(4, 2),
        model=ModelFacts("m", "llava", "cpu", "float32", "0" * 64),
        question="q",
        prompt="p",
        strategy="relative_attention",
        options=Options(),
        whole=Answer("no", (Token("no", -0.1),), margin=0.8),
        created="2026-01-01T00:00:00+00:00",
        software="inspector",
        regions=(ScoredRegion(Region(0, 0, 2, 2), "relative_attention", 1.5),),
        verdict=Verdict(Outcome.PASS, "not found"),
        map=looked,
        views=(ShownView(np.zeros((2, 4, 3), np.uint8), Region(0, 0, 4, 2)),),
    )

    finished = again(messages.Finished(7, told))

    back = finished.value
    assert finished.job == 7
    assert (back.whole, back.regions, back.verdict) == (told.whole, told.regions, told.verdict)
    assert back.map.values.tolist() == [[1, 2]]
    assert back.map.grid == grid
    assert back.views[0].region == Region(0, 0, 4, 2)


def test_progress_and_frames_cross():
    frame = Frame(np.full((2, 3, 3), 9, np.uint8), WHERE)

    step = again(messages.Progressed(1, messages.Step("open", 0, 4, frame))).step

    assert (step.stage, step.done, step.total) == ("open", 0, 4)
    assert (step.sample.pixels == frame.pixels).all()
    assert step.sample.provenance == WHERE


def test_errors_keep_their_words_hint_and_exit_code():
    error = WrongUse("There is no such thing.", hint="Choose another.")

    assert error.sentence() == "There is no such thing. Choose another."
    assert (WrongUse.exit_code, ModelTrouble.exit_code, OutOfMemory.exit_code) == (2, 4, 4)


def test_passes_are_subtracted_one_by_one():
    assert Passes(3, 9, 100) - Passes(1, 4, 60) == Passes(2, 5, 40)


@pytest.mark.parametrize("count", [0, 5, -1])
def test_options_take_one_to_four_crops(count):
    with pytest.raises(ValueError, match="1 to 4"):
        Options(count=count)
