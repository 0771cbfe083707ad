"""Sample pictures: what is in the index is in the pictures."""

import json

import numpy as np
import pytest
from PIL import Image

from inspector_app import paths
from inspector_app.training.samples import PLANS, SamplePlan, drawn, write_samples

SMALL = (
    SamplePlan("a.jpg", "text", "A", 1, 0.01, (640, 520)),
    SamplePlan("b.tif", "plate", "B", 2, 0.01, (520, 600)),
    SamplePlan("c.png", "tissue", "C", 3, 0.01, (520, 520)),
    SamplePlan("d.png", "plate", "D", 4, 0.01, (520, 520), absent=True),
)


def test_samples_are_written_with_an_index(tmp_path):
    files = write_samples(tmp_path, plans=SMALL)
    assert [file.name for file in files] == ["a.jpg", "b.tif", "c.png", "d.png", "index.json"]
    entries = json.loads(files[-1].read_text(encoding="utf-8"))
    for plan, entry in zip(SMALL, entries, strict=True):
        with Image.open(tmp_path / entry["file"]) as picture:
            assert picture.size == plan.size
        scene = drawn(plan)
        assert entry["questions"][0] == scene.question
        assert entry["expected"] == scene.answer
        assert (entry["box"] is None) == plan.absent
    with Image.open(tmp_path / "c.png") as picture:
        assert np.asarray(picture).dtype == np.uint16


def test_the_plans_cover_what_was_promised():
    trades = [plan.trade for plan in PLANS]
    assert all(trades.count(trade) >= 3 for trade in ("text", "plate", "tissue"))
    assert any(plan.size == (4000, 3000) for plan in PLANS)
    assert len({plan.file for plan in PLANS}) == len(PLANS)


def test_the_shipped_samples_are_those_of_the_plans():
    folder = paths.resources() / "samples"
    if not folder.is_dir():
        pytest.skip("no samples in this checkout")
    entries = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in entries] == [plan.file for plan in PLANS]
    assert [entry["seed"] for entry in entries] == [plan.seed for plan in PLANS]
    total = sum((folder / entry["file"]).stat().st_size for entry in entries)
    assert total <= 10e6
    for entry in entries:
        with Image.open(folder / entry["file"]) as picture:
            width, height = picture.size
        if entry["box"]:
            x0, y0, x1, y1 = entry["box"]
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.file)
def test_a_plan_draws_its_shipped_sample_again(tmp_path, plan):
    folder = paths.resources() / "samples"
    entries = json.loads((folder / "index.json").read_text("utf-8"))

    file, index = write_samples(tmp_path, plans=(plan,))

    (entry,) = json.loads(index.read_text("utf-8"))
    assert entry == next(one for one in entries if one["file"] == plan.file)
    with Image.open(file) as made, Image.open(folder / plan.file) as shipped:
        now, there = np.asarray(made), np.asarray(shipped)
    # Another encoder of JPEG may round otherwise.
    apart = np.abs(now.astype(np.int32) - there).mean()
    assert apart <= (0.5 if plan.file.endswith(".jpg") else 0.0)
