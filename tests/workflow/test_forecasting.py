"""What is told before an inspection is what the inspection then takes, or a little more."""

import numpy as np
import pytest

from inspector_app.domain.answer import Answer
from inspector_app.domain.forecast import Forecast
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.inspection import Passes
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.families import llava
from inspector_app.workflow.forecasting import foresee
from inspector_app.workflow.inspecting import Clock, Opened
from inspector_app.workflow.trials import inspect_and_try
from tests.fakes import tiny_llava
from tests.fakes.model import FakeModel
from tests.fakes.steps import finish

QUESTION = "Is there a crack?"


def frame(width, height):
    pixels = np.zeros((height, width, 3), np.uint8)
    return Frame(pixels, Provenance("a.png", "0" * 64, "PNG"))


def wish(strategy="relative_attention", **options):
    return Inspect("a.png", QUESTION, strategy, Options(**options))


@pytest.fixture(
    scope="module",
    params=[{}, {"select": "full"}, {"tower": "siglip", "select": "full", "processor": "siglip"}],
    ids=str,
)
def model(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("model")
    tiny_llava.save(folder, tiny_llava.Plan(**request.param))
    return llava.load(folder, device="cpu", precision="float32")


@pytest.mark.parametrize("pictures", [1, 2, 3])
@pytest.mark.parametrize("question", [QUESTION, "x", "What is the code on the red label? " * 3])
def test_the_tokens_of_a_prompt_are_those_that_the_model_really_reads(model, question, pictures):
    view = View.of(frame(64, 48))

    reading = model.read([view] * pictures)

    assert model.prompt_tokens(question, pictures=pictures) == len(reading._tokens(question).ids)
    assert all(picture.tokens == model.picture_tokens for picture in reading.pictures)


@pytest.mark.parametrize("size", [(64, 64), (300, 200), (700, 900), (1500, 1100)])
@pytest.mark.parametrize(
    "request_",
    [
        wish("whole"),
        wish("relative_attention", count=2, reweighting=1.5, reweight_by="map", mixing=0.5),
        wish("manual", rois=tuple(Region(9 * at, 5, 9 * at + 8, 30) for at in range(6))),
        wish("gradient_attention", count=3),
        wish("manual", rois=(Region(0, 0, 30, 30), Region(5, 5, 60, 60))),
        wish("manual", rois=(Region(0, 0, 64, 64),), crop_scales=(1.0, 2.0)),
        wish("relative_attention", count=3, crop_scales=(1.0, 2.0), token_budget=40),
    ],
    ids=lambda one: one.strategy,
)
def test_no_inspection_takes_more_than_was_foreseen(model, size, request_):
    picture = frame(*size)
    told = foresee(model, picture, request_)
    before = model.passes

    reading = model.read([View.of(picture)])
    opened = Opened(picture, model, reading)
    found = finish(inspect_and_try(opened, request_, clock=Clock()))

    spent = model.passes - before
    asked_for = request_.options.count * len(request_.options.crop_scales)
    assert len(found.regions) <= asked_for or request_.strategy == "manual"
    assert spent.vision <= told.pictures
    assert spent.tokens_prefilled <= told.tokens_read


def test_weights_and_cache_are_counted(model):
    weights = sum(one.numel() * one.element_size() for one in model.eyes.whole.parameters())

    assert model.memory_bytes(0) == weights
    assert model.memory_bytes(200) - weights == 2 * (model.memory_bytes(100) - weights)


def test_a_model_that_does_not_tell_is_told_by_its_pictures_alone():
    silent = FakeModel(lambda *_: Answer("no", ()))

    told = foresee(silent, frame(100, 100), wish("whole"))

    assert told == Forecast(1)
    assert told.fits
    assert told.expected_ms([(Passes(1, 1, 100), 50.0)]) is None


def test_time_is_told_from_what_was_measured():
    told = Forecast(3, tokens_a_picture=100, tokens_read=500)
    measured = [(Passes(1, 1, 100), 20.0), (Passes(2, 5, 200), 400.0), (Passes(0, 1, 100), 10.0)]

    # 0.1, 1.0 and 0.1 ms a token: the middle one for 500 + 3 * 100 tokens.
    assert told.expected_ms(measured) == pytest.approx(80)
    assert told.expected_ms([]) is None
    assert told.expected_ms([(Passes(), 5.0)]) is None


def test_a_prompt_without_room_for_an_answer_does_not_fit():
    assert not Forecast(1, prompt_tokens=1024, context=1024).fits
    assert Forecast(1, prompt_tokens=1023, context=1024).fits
