"""`inspector presets golden`: right and wrong samples, an event each time, and what is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from inspector_app import paths
from inspector_app.domain.golden import LINE
from inspector_app.families import llava
from inspector_app.store.records import Store
from tests.fakes import command
from tests.fakes.model import FakeModel, said
from tests.workflow.conftest import CARD


@pytest.fixture
def line(tmp_path, home, monkeypatch):
    """A preset's file with a light good sample and a dark bad one; a model that sees light."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "card.toml").write_text(CARD, encoding="utf-8")
    for name, low in (("good.png", 150), ("bad.png", 0)):
        noise = np.random.default_rng(low).integers(low, low + 100, (120, 160, 3), np.uint8)
        Image.fromarray(noise).save(tmp_path / name)
    document = {
        "schema_version": 2,
        "title": "Line",
        "model": {"name": str(folder)},
        "look": {"strategy": "whole"},
        "prompt": {"question": "Is there a crack?"},
        "golden": {"good": ["good.png"], "bad": ["bad.png"]},
    }
    (tmp_path / "line.json").write_text(json.dumps(document))
    verdicts = iter(("no", "yes"))
    model = FakeModel(answers=lambda boxes, question: said(next(verdicts), sure=0.97))
    monkeypatch.setattr(llava, "load", lambda folder, *, device, precision: model)
    return tmp_path / "line.json"


def checks():
    store = Store(paths.data())
    try:
        return store.gestures_of(LINE).history.marks.checks
    finally:
        store.close()


@pytest.fixture
def run(capfd):
    return lambda *arguments: command.run(capfd, "presets", *map(str, arguments))


def test_right_verdicts_end_well_and_are_an_event(line, run):
    ended = run("golden", line, "--quiet")

    assert ended.code == 0
    assert "all are right" in ended.out
    (check,) = checks()
    assert check.is_passed
    assert [(one.name, str(one.outcome)) for one in check.seen] == [
        ("good.png", "PASS"),
        ("bad.png", "FAIL"),
    ]


def test_a_wrong_verdict_is_told_and_is_an_event_too(line, run):
    verdicts = iter(("yes", "no"))
    llava.load("", device="", precision="").answers = lambda boxes, question: said(
        next(verdicts), sure=0.97
    )

    ended = run("golden", line, "--quiet")

    assert ended.code == 10
    assert "2 of 2 are wrong" in ended.out
    assert not checks()[0].is_passed


def test_a_missing_sample_is_told(line, run):
    (line.parent / "bad.png").unlink()

    ended = run("golden", line, "--quiet")

    assert ended.code == 3
    assert "bad.png" in ended.err


def test_a_preset_without_samples_has_nothing_to_judge(run):
    ended = run("golden", "text")

    assert ended.code == 2
    assert "names no golden samples" in ended.err


def test_a_preset_is_exported_with_its_pictures_and_imported_under_another_name(line, run):
    assert run("export", line, line.parent).code == 0
    (line.parent / "bad.png").unlink()

    assert run("import", line.with_suffix(".zip"), "--name", "boxed").code == 0

    assert run("golden", "boxed", "--quiet").code == 0
