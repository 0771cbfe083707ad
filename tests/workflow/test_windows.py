"""Several grey windows of one picture, each a view: what is shown, said and kept."""

import json
from dataclasses import replace

import numpy as np
import pytest
import tifffile

from inspector_app.domain.document import from_document, maps_of, to_document
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.domain.region import Region
from inspector_app.workflow.delivering import answer_lines
from inspector_app.workflow.workbench import Workbench
from tests.fakes.model import FakeModel
from tests.fakes.steps import finish, walk
from tests.workflow.conftest import PEAK, QUESTION, write_picture

WINDOWS = ("20000/10000", "20000/50000")
WHOLE = Region(0, 0, 400, 300)


@pytest.fixture
def deep(tmp_path):
    """A ramp of 16 bits, 400 x 300, dark on the left."""
    values = np.tile(np.linspace(0, 65535, 400).astype(np.uint16), (300, 1))
    path = tmp_path / "deep.tif"
    tifffile.imwrite(path, values)
    return str(path)


def through_bench(fake_bench, locator, **changes):
    fake_bench.next_model = lambda: FakeModel(peak=PEAK)
    steps, found = walk(fake_bench.bench.perform(fake_bench.request(locator, **changes)))
    return steps, found, fake_bench.models[-1]


def test_each_window_is_a_view_of_the_whole_and_of_each_crop(fake_bench, deep):
    options = Options(windows=WINDOWS, rois=(Region(0, 0, 40, 40), Region(300, 200, 350, 250)))

    _, found, model = through_bench(fake_bench, deep, strategy="manual", options=options)

    first, second = (found.regions[at].region for at in (0, 1))
    assert [(view.region, view.window.center) for view in found.views] == [
        (region, center) for region in (WHOLE, first, second) for center in (10000, 50000)
    ]
    assert found.prompt.count("<image>") == 2
    assert found.zoomed_prompt.count("<image>") == 6
    assert ("ask", (WHOLE,) * 2 + (first,) * 2 + (second,) * 2, QUESTION) in model.calls
    # A dark crop is black through the bright window, which it would be enlarged in vain.
    assert found.view_of(0).pixels.max() > 0
    assert found.views[3].pixels.max() == 0
    assert found.view_of(1).region == second


def test_maps_are_of_the_first_window(fake_bench, deep):
    _, found, _model = through_bench(fake_bench, deep, options=Options(windows=WINDOWS))

    assert found.map.grid.rows == 8
    assert found.provenance.window.center == 10000
    assert found.regions[0].region.covers(*PEAK)
    assert [view.window.center for view in found.views] == [10000, 50000] * 2


def test_words_of_the_first_answer_are_told_as_those_on_the_whole(fake_bench, deep):
    steps, _, _ = through_bench(fake_bench, deep, options=Options(windows=WINDOWS))

    whose = {step.sample.whose for step in steps if hasattr(step.sample, "whose")}
    assert whose == {"whole", "zoomed"}


def test_the_record_names_every_window_and_comes_back_whole(fake_bench, deep):
    _, found, _ = through_bench(fake_bench, deep, options=Options(windows=WINDOWS))

    again = finish(fake_bench.bench.perform(OpenRecord(found.id)))

    document = json.loads(json.dumps(to_document(again)))
    assert [view["window"]["center"] for view in document["views"]] == [10000, 50000] * 2
    assert document["options"]["windows"] == list(WINDOWS)
    assert again.windows == found.windows
    for one, other in zip(again.views, found.views, strict=True):
        assert (one.pixels == other.pixels).all()
    (line,) = (line for line in answer_lines(again) if line.startswith("Windows"))
    assert line == "Windows by hand W 20000 L 10000; by hand W 20000 L 50000"


def test_a_record_from_before_there_were_windows_is_read(fake_bench, deep):
    _, found, _ = through_bench(fake_bench, deep)
    document = to_document(found)
    del document["options"]["windows"]
    for view in document["views"]:
        del view["window"]

    again = from_document(document, maps=maps_of(found))

    assert again.windows == ()
    assert again.options == found.options


def test_a_picture_of_8_bits_is_refused_before_the_model_is_loaded(fake_bench, tmp_path):
    plain = write_picture(tmp_path / "plain.png")

    with pytest.raises(WrongUse, match="8 bits"):
        through_bench(fake_bench, plain, options=Options(windows=("lung",)))

    assert not fake_bench.loads


def test_more_windows_than_the_context_holds_are_refused_in_one_sentence(tiny_folder, deep):
    bench = Workbench()
    windows = tuple(f"{width}/30000" for width in range(1000, 41000, 1000))
    request = Inspect(
        deep,
        QUESTION,
        "relative_attention",
        Options(windows=windows),
        model=LoadModel(str(tiny_folder), "cpu", "float32"),
    )
    try:
        with pytest.raises(WrongUse, match="so many pictures at once: with 40 pictures") as refusal:
            finish(bench.perform(request))
    finally:
        bench.close()

    assert "windows" in refusal.value.hint


def test_a_real_network_reads_both_windows(tiny_folder, deep):
    bench = Workbench()
    request = Inspect(
        deep,
        QUESTION,
        "relative_attention",
        Options(windows=WINDOWS),
        model=LoadModel(str(tiny_folder), "cpu", "float32"),
    )
    try:
        found = finish(bench.perform(request))
        swapped = replace(request, options=Options(windows=WINDOWS[::-1]))
        other = finish(bench.perform(swapped))
    finally:
        bench.close()

    assert len(found.views) == 2 * (1 + len(found.regions))
    assert found.map.values.shape == (found.map.grid.rows, found.map.grid.cols)
    assert not np.array_equal(found.map.values, other.map.values)
