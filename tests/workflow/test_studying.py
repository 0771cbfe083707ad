"""Studies as the window asks for them, with a real network, tiny and of random weights."""

import json

import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.studies import RunStudy, StudyKind
from inspector_app.workflow.workbench import Workbench
from tests.fakes.steps import finish
from tests.workflow.conftest import write_picture


@pytest.fixture(scope="module")
def bench():
    made = Workbench()
    yield made
    made.close()


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Two pictures that can be used, and four entries that cannot."""
    folder = tmp_path_factory.mktemp("study")
    for name in ("a.png", "b.png"):
        write_picture(folder / name, size=(120, 90), seed=len(name))
    good = {"question": "Is there a crack?", "answers": ["yes"], "box": [10, 10, 60, 50]}
    entries = [
        {"image": "a.png", **good},
        {"image": "b.png", **good},
        {"image": "none.png", **good},
        {"image": "a.png", **good, "box": [500, 10, 600, 50]},
        {"image": "a.png", "question": "Is there a crack?"},
        "nonsense",
    ]
    path = folder / "study.json"
    path.write_text(json.dumps(entries))
    return str(path)


@pytest.fixture
def asked(labelled, tiny_folder):
    def request(kind, **more):
        chosen = {"file": labelled, "strategies": ("relative_attention",), **more}
        return RunStudy(kind, model=str(tiny_folder), **chosen)

    return request


def test_accuracy_by_size_is_told_of_every_way_and_what_is_left_out(bench, asked):
    found = finish(bench.perform(asked(StudyKind.SIZE)))

    ways = {row.way: row for row in found.rows}
    assert {"whole", "relative_attention", "true_box", "random_crop", "larger"} <= ways.keys()
    assert {row.asked for row in found.rows} == {2}
    assert [row.is_control for row in found.rows if row.way == "relative_attention"] == [False]
    assert len(found.skipped) == 4
    assert found.csv.count("\n") == 1 + len(found.rows)
    assert json.loads(found.json)["cells"]


def test_tuning_chooses_and_tells_every_choice(bench, asked):
    found = finish(bench.perform(asked(StudyKind.TUNE)))

    assert found.choice is not None
    assert found.choice.words in {row.way for row in found.rows}
    assert any("resolution x1.5" in row.way for row in found.rows)
    assert found.unseen is None
    assert found.csv.count("\n") == 1 + len(found.rows)


def test_attention_is_told_layer_by_layer(bench, asked):
    found = finish(bench.perform(asked(StudyKind.LAYERS)))

    assert found.curves
    assert {len(curve.values) for curve in found.curves} == {bench.model_in_use().layers}
    assert sum(curve.count for curve in found.curves) == 2


def test_a_file_that_is_none_is_refused(bench, asked):
    with pytest.raises(WrongUse, match="cannot be read"):
        finish(bench.perform(asked(StudyKind.SIZE, file="/none.json")))
