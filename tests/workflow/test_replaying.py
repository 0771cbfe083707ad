"""Stored inspections made again and compared, with a real network, tiny and of random weights."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.errors import UnreadablePicture, WrongUse
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options
from inspector_app.workflow.replaying import differences, replay
from inspector_app.workflow.workbench import Workbench
from tests.fakes.records import make_inspection
from tests.fakes.steps import finish
from tests.workflow.conftest import QUESTION, write_picture


@pytest.fixture
def picture(tmp_path):
    """A file of noise in a folder whose neighbours hold no pictures of other tests."""
    folder = tmp_path / "site" / "lot"
    folder.mkdir(parents=True)
    return write_picture(folder / "picture.png")


@pytest.fixture
def record(bench, tiny_folder, picture):
    model = LoadModel(str(tiny_folder))
    request = Inspect(picture, QUESTION, "relative_attention", Options(count=2), model=model)
    return finish(bench.perform(request))


def test_the_same_picture_and_model_give_the_same_record(tiny_folder, record):
    # A program that was started anew, with nothing in memory.
    other = Workbench()
    try:
        found = finish(replay(other, record.id, model=str(tiny_folder)))
    finally:
        other.close()

    assert found.differences == ()
    assert found.again.id is None
    assert found.again.answer.text == record.answer.text


def test_nothing_is_stored_by_a_replay(bench, tiny_folder, record):
    finish(replay(bench, record.id, model=str(tiny_folder)))

    with pytest.raises(WrongUse, match=f"no record {record.id + 1}"):
        finish(replay(bench, record.id + 1, model=str(tiny_folder)))


def test_another_picture_under_the_name_is_no_replay(bench, tiny_folder, record, picture):
    write_picture(Path(picture), seed=1)

    with pytest.raises(UnreadablePicture, match="another picture than in record 1"):
        finish(replay(bench, record.id, model=str(tiny_folder)))


def test_a_picture_that_is_gone_is_said(bench, tiny_folder, record, picture):
    Path(picture).unlink()

    with pytest.raises(UnreadablePicture, match="is gone"):
        finish(replay(bench, record.id, model=str(tiny_folder)))


@pytest.mark.parametrize("place", ["site/lot/done/renamed.png", "site/other lot/picture.png"])
def test_a_picture_that_was_moved_is_found_by_its_content(
    bench, tiny_folder, record, picture, tmp_path, place
):
    there = tmp_path / place
    there.parent.mkdir(parents=True)
    Path(picture).rename(there)
    write_picture(Path(picture), seed=1)
    write_picture(there.with_name("decoy.png"), seed=2)

    found = finish(replay(bench, record.id, model=str(tiny_folder)))

    assert found.moved_to == str(there)
    assert found.differences == ()
    assert found.record.provenance.locator == picture


def test_a_page_of_a_file_that_was_moved_is_found(bench, tiny_folder, tmp_path):
    old = tmp_path / "site" / "lot" / "pages.tiff"
    (tmp_path / "site" / "lot" / "done").mkdir(parents=True)
    pages = [Image.new("RGB", (90, 60), colour) for colour in ("white", "red")]
    pages[0].save(old, save_all=True, append_images=pages[1:])
    request = Inspect(f"{old}#2", QUESTION, "whole", Options(), model=LoadModel(str(tiny_folder)))
    record = finish(bench.perform(request))
    new = old.rename(old.parent / "done" / "pages.tif")

    found = finish(replay(bench, record.id, model=str(tiny_folder)))

    assert found.moved_to == f"{new}#2"
    assert found.differences == ()


def test_a_picture_far_away_is_found_where_somebody_says(
    bench, tiny_folder, record, picture, tmp_path
):
    archive = tmp_path / "archive" / "2026"
    archive.mkdir(parents=True)
    there = Path(picture).rename(archive / "picture.png")

    with pytest.raises(UnreadablePicture, match="not found near it") as refused:
        finish(replay(bench, record.id, model=str(tiny_folder)))
    found = finish(replay(bench, record.id, model=str(tiny_folder), folders=[tmp_path / "archive"]))

    assert "--pictures" in refused.value.hint
    assert found.moved_to == str(there)
    with pytest.raises(WrongUse, match="There is no folder"):
        finish(replay(bench, record.id, folders=[tmp_path / "nowhere"]))


def changed(**parts):
    one = make_inspection()
    return one, dataclasses.replace(one, **{k: make(one) for k, make in parts.items()})


@pytest.mark.parametrize(
    ("part", "make", "told"),
    [
        ("model", lambda one: dataclasses.replace(one.model, dtype="bfloat16"), "the model: dtype"),
        ("prompt", lambda one: one.prompt + "!", "the prompt"),
        ("software", lambda one: "Inspector 0", "the program"),
        ("regions", lambda one: (), "the regions"),
        ("views", lambda one: one.views[:1], "pictures that the model was shown"),
        ("map", lambda one: None, "no map"),
        ("whole", lambda one: dataclasses.replace(one.whole, text="other"), "the whole answer"),
        ("zoomed", lambda one: None, "the zoomed answer is there only once"),
        ("verdict", lambda one: None, "the verdict"),
    ],
)
def test_each_difference_is_named(part, make, told):
    one, other = changed(**{part: make})

    assert any(told in each for each in differences(one, other))
    assert not list(differences(one, one))


@pytest.mark.parametrize(("share", "is_told"), [(0.0005, False), (0.01, True)])
def test_maps_may_differ_by_rounding_alone(share, is_told):
    one = make_inspection()
    values = np.array(one.map.values)
    values.flat[0] += share * np.abs(values).max()
    other = dataclasses.replace(one, map=dataclasses.replace(one.map, values=values))

    assert any("the map differs" in each for each in differences(one, other)) == is_told
