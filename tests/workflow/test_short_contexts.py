"""Enlarged parts that do not fit into what a model can read at once."""

import pytest

from inspector_app import families, plugins
from inspector_app.domain.errors import TooLong
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.workflow.zooming import FEWER_PIXELS
from tests.fakes import tiny_llava, tiny_llava_next
from tests.fakes.steps import finish
from tests.workflow.conftest import Told

PARTS = (Region(20, 30, 80, 70), Region(200, 100, 260, 140))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    kinds = {"llava": tiny_llava, "llava_next": tiny_llava_next}
    return {
        name: plugins.load(families, name).load(
            kind.save(folder / name, kind.Plan()), device="cpu", precision="auto"
        )
        for name, kind in kinds.items()
    }


def told(model, *, context, rois):
    """An inspection by a model that can read so many tokens and no more."""
    network = model.eyes.network
    before, network.context = network.context, context
    try:
        return Told(model, strategy="manual", options=Options(rois=rois))
    finally:
        network.context = before


def test_a_part_that_is_too_long_is_shown_with_fewer_pixels_and_the_record_says_so(models):
    model = models["llava_next"]

    # 116 tokens without the part, 186 with it, 160 where it has the pixels of one tile.
    one = told(model, context=176, rois=PARTS[:1]).found

    assert one.views[1].region == PARTS[0]
    assert one.views[1].size == (28, 19)
    assert one.notes == (FEWER_PIXELS,)
    said = len(one.zoomed.tokens)
    fresh, _ = finish(model.read(one.views).ask(one.question, max_tokens=said))
    assert fresh.text == one.zoomed.text


def test_parts_that_do_not_fit_together_are_asked_about_one_by_one(models):
    one = told(models["llava_next"], context=220, rois=PARTS).found

    assert len(one.crop_answers) == 2
    assert [view.region for view in one.views[1:]] == list(PARTS)
    assert [view.size for view in one.views[1:]] == [(60, 40), (60, 40)]
    (note,) = one.notes
    assert note.startswith("2 crops were asked about one by one")


def test_what_takes_as_many_tokens_with_fewer_pixels_is_told(models):
    # 62 tokens without the part, 78 with it.
    with pytest.raises(TooLong, match="takes 78 tokens") as caught:
        told(models["llava"], context=70, rois=PARTS[:1])

    assert caught.value.hint
