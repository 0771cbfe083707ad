"""The study of layers: 1 on an even map, a planted peak exact, right and wrong apart."""

import csv
import io
import json
import math
from xml.etree import ElementTree

import numpy as np
import pytest

from inspector_app.cli import run as command
from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.region import Region
from inspector_app.workflow.bench import layers as bench_layers
from inspector_app.workflow.bench.drawing import write_drawing
from inspector_app.workflow.bench.layers import ratio_of
from inspector_app.workflow.bench.layers_table import Ratios, Studied, svg
from inspector_app.workflow.bench.size import Pictures
from tests.fakes.steps import finish

GRID = TokenGrid(10, 10, 0.0, 0.0, 200.0, 100.0)


@pytest.mark.parametrize(
    "box", [Region(0, 0, 9, 9), Region(35, 12, 121, 77), Region(0, 0, 200, 100)]
)
def test_an_even_map_has_a_ratio_of_one(box):
    assert ratio_of(np.full((10, 10), 0.3), grid=GRID, box=box) == pytest.approx(1)


def test_a_planted_cell_is_told_exactly():
    values = np.zeros((10, 10))
    values[3, 4] = 1
    # One cell of a hundred holds it all.
    assert ratio_of(values, grid=GRID, box=Region(80, 30, 100, 40)) == pytest.approx(100)
    # 2 x 2 cells: 81 places, of which four hold it.
    assert ratio_of(values, grid=GRID, box=Region(70, 25, 100, 40)) == pytest.approx(81 / 4)
    assert ratio_of(values, grid=GRID, box=Region(120, 30, 140, 40)) == 0


def test_the_ratio_is_that_of_brute_force():
    rng = np.random.default_rng(3)
    values = rng.random((7, 9))
    grid = TokenGrid(7, 9, 10.0, -5.0, 100.0, 65.0)
    box = Region(31, 11, 55, 42)
    # Cells of 10 x 10: columns 2 to 4 (31..55 less 10), rows 1 to 4 (11..42 plus 5).
    sums = [values[row : row + 4, col : col + 3].sum() for row in range(4) for col in range(7)]
    wanted = values[1:5, 2:5].sum() / np.mean(sums)
    assert ratio_of(values, grid=grid, box=box) == pytest.approx(wanted)


def test_a_box_that_was_not_shown_and_an_empty_map_have_no_ratio():
    part = TokenGrid(4, 4, 50.0, 0.0, 90.0, 40.0)
    assert math.isnan(ratio_of(np.ones((4, 4)), grid=part, box=Region(0, 0, 40, 40)))
    assert math.isnan(ratio_of(np.zeros((10, 10)), grid=GRID, box=Region(0, 0, 40, 40)))


@pytest.fixture(scope="module")
def studied():
    """A few scenes with the shipped model."""
    pictures = Pictures(scenes=3, bins=("small", "medium"), seed=5)
    return finish(bench_layers.run(pictures))


def test_the_shipped_model_looks_at_the_place_at_the_layer_of_its_card(studied):
    counted = sum(len(one.values) for one in studied.ratios if one.group != "all")
    assert counted == 3 * 2 * 3
    every = [one for one in studied.ratios if one.group == "all"]
    assert {one.values.shape[1] for one in studied.ratios} == {5}
    assert sum(len(one.values) for one in every) == counted
    pooled = np.concatenate([one.values for one in every])
    assert pooled[:, 2].mean() > 3
    assert pooled[:, 0].mean() < 2


def test_all_cases_together_are_the_cases_of_every_group(studied):
    for is_right in (True, False):
        parts = [one for one in studied.ratios if one.is_right is is_right]
        every = [one.values for one in parts if one.group == "all"]
        others = [one.values for one in parts if one.group != "all"]
        if every:
            assert np.array_equal(
                np.sort(every[0], axis=0), np.sort(np.concatenate(others), axis=0)
            )


def ratios(values, *, is_right=True, model="a"):
    return Ratios(model, "study", "small", is_right, 1, np.asarray(values, float))


def test_intervals_hold_the_mean_and_narrow_with_more_cases():
    rng = np.random.default_rng(0)
    few, many = (ratios(rng.normal(4, 1, (count, 2))) for count in (20, 2000))
    for one in (few, many):
        low, high = one.interval
        assert (low < one.mean).all()
        assert (one.mean < high).all()
    # 1.96 standard errors.
    assert np.ptp(many.interval, axis=0) == pytest.approx(2 * 1.96 / math.sqrt(2000), rel=0.15)
    assert np.isnan(ratios([[1.0, 2.0]]).interval).all()


def test_the_best_layer_is_chosen_on_half_and_told_of_the_other():
    # Even cases speak for layer 0, odd ones against it.
    assert ratios([[9, 1], [2, 5], [9, 1], [4, 5]]).best == (0, 3.0)


def test_table_json_and_figure_tell_the_same(tmp_path):
    made = Studied(
        (ratios([[1, 2], [3, 4]]), ratios([[0.5, 0.25]], is_right=False)), "m", "s.json", 4
    )
    rows = list(csv.DictReader(io.StringIO(made.as_csv())))
    assert [(row["answer"], row["layer"], row["ratio"]) for row in rows] == [
        ("right", "0", "2.0"), ("right", "1", "3.0"), ("wrong", "0", "0.5"), ("wrong", "1", "0.25"),
    ]  # fmt: skip
    document = json.loads(json.dumps(made.as_json(), allow_nan=False))
    assert [row["ratio"] for row in document["ratios"]] == [2.0, 3.0, 0.5, 0.25]
    assert document["ratios"][2]["low"] is None
    assert any("3.00* (" in line for line in made.lines())

    drawn = ElementTree.fromstring(svg(made))
    name = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{name}circle")) == 2 + 1
    write_drawing(svg(made), tmp_path / "f.pdf")
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(WrongUse, match="figure cannot be written"):
        write_drawing(svg(made), tmp_path / "f.doc")


def test_a_study_of_ones_own_needs_boxes(tmp_path):
    (tmp_path / "study.json").write_text(
        json.dumps([{"image": "none.png", "question": "What?", "answers": ["a"]}])
    )
    with pytest.raises(WrongUse, match="Not one picture could be measured"):
        finish(bench_layers.run(Pictures(study=tmp_path / "study.json")))


def test_the_command_writes_all_three(tmp_path, capsys):
    paths = [tmp_path / name for name in ("a.csv", "a.json", "a.svg")]
    options = ["--csv", str(paths[0]), "--json", str(paths[1]), "--figure", str(paths[2])]
    code = command(["bench", "layers", "--scenes", "1", "--bin", "small", "--quiet", *options])
    assert code == 0
    assert all(path.stat().st_size > 100 for path in paths)
    assert "layer 4" in capsys.readouterr().out
