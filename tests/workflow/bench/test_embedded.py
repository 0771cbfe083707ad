"""The benchmark of the embedded model: its arithmetic by hand, and a run on a few scenes."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest

from inspector_app.domain.region import Region
from inspector_app.training.scene_parts import TRADES
from inspector_app.training.scenes import make_scene
from inspector_app.workflow.bench.embedded import (
    BINS,
    GATE,
    METHODS,
    Cell,
    EmbeddedBench,
    Tally,
    _measure,
    run,
    scene_of,
)
from tests.fakes.model import FakeModel, said
from tests.fakes.steps import walk

ARMS = ("whole", *METHODS, "true_box", "random_crop")


def tally(right, asked):
    return Tally(right=right, asked=asked)


@pytest.mark.parametrize(
    ("right", "asked", "low", "high"),
    [
        # Tabulated values of the Wilson score interval.
        (0, 10, 0.0000, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (9, 10, 0.5958, 0.9821),
        (10, 10, 0.7225, 1.0000),
        (81, 263, 0.2553, 0.3662),
        (270, 300, 0.86084, 0.92905),
    ],
)
def test_the_interval_is_wilsons(right, asked, low, high):
    found = tally(right, asked).interval

    assert found == pytest.approx((low, high), abs=5e-5)


def test_the_interval_solves_wilsons_equation():
    low, high = tally(37, 300).interval

    # Both ends p are where (share - p)^2 = z^2 p (1 - p) / n.
    for edge in (low, high):
        assert (37 / 300 - edge) ** 2 == pytest.approx(
            1.959964**2 * edge * (1 - edge) / 300, rel=1e-9
        )


def test_nothing_asked_is_no_rate():
    assert math.isnan(Tally().rate)
    assert all(math.isnan(edge) for edge in Tally().interval)


def test_answers_are_counted():
    counted = Tally()
    for is_right in (True, False, True, True):
        counted.add(is_right=is_right)

    assert (counted.right, counted.asked, counted.rate) == (3, 4, 0.75)


def test_recovery_is_the_part_of_the_gap_that_closes():
    cell = Cell("text", "small")
    cell.arms.update(whole=tally(120, 300), true_box=tally(270, 300), random_crop=tally(105, 300))
    cell.arms["relative_attention"] = tally(240, 300)

    assert cell.recovered("relative_attention") == pytest.approx(float(Fraction(120, 150)))
    assert cell.recovered("random_crop") == pytest.approx(-0.1)
    assert cell.recovered("true_box") == pytest.approx(1)


@pytest.mark.parametrize("true_box", [30, 20])
def test_without_a_gap_nothing_is_recovered(true_box):
    cell = Cell("text", "large")
    cell.arms.update({arm: tally(30, 30) for arm in ARMS})
    cell.arms["true_box"] = tally(true_box, 30)
    cell.hits.update({name: tally(1, 30) for name in METHODS})

    bench = EmbeddedBench("m", "here", 30, 0, (cell,))

    assert math.isnan(cell.recovered("relative_attention"))
    assert bench.lines()[-1].endswith("| - / - / - |")
    assert "nan" not in "".join(bench.lines())


@pytest.fixture(scope="module")
def measured(tiny_folder):
    """One scene a trade of the large bin, with a network that knows nothing."""
    return walk(run(scenes=1, model=str(tiny_folder), bins=("large",), seed=4))


def test_every_trade_and_arm_is_measured(measured):
    _, bench = measured

    assert [(cell.trade, cell.size_bin) for cell in bench.cells] == [
        (trade, "large") for trade in TRADES
    ]
    for cell in bench.cells:
        assert set(cell.arms) == {
            *ARMS, "larger", "relative_attention gated", "gradient_attention gated",
        }  # fmt: skip
        assert {one.asked for one in (*cell.arms.values(), *cell.hits.values())} == {1}
        assert set(cell.hits) == set(METHODS)


def test_progress_counts_the_scenes(measured):
    steps, _ = measured

    assert [(step.done, step.total) for step in steps if step.stage == "measure"] == [
        (0, 3), (1, 3), (2, 3),
    ]  # fmt: skip


def test_the_lines_are_a_markdown_table(measured):
    _, bench = measured
    title, blank, *rows = bench.lines()

    assert "tiny" in title
    assert "1 held-out scenes per cell" in title
    assert str(GATE) in title
    assert blank == ""
    assert len(rows) == 2 + len(TRADES)
    assert len({row.count("|") for row in rows}) == 1
    assert all(row.startswith("| ") and row.endswith(" |") for row in rows)


def test_the_figures_are_json_with_finite_numbers(measured):
    _, bench = measured
    text = json.dumps(bench.as_json(), allow_nan=False)

    first = json.loads(text)["cells"][0]["arms"]["whole"]
    assert set(first) == {"right", "asked", "rate", "interval"}
    assert first["asked"] == 1


def test_the_same_seed_draws_the_same_scenes(measured, tiny_folder):
    _, bench = measured

    _, again = walk(run(scenes=1, model=str(tiny_folder), bins=("large",), seed=4))

    assert again.as_json() == bench.as_json()


def test_the_bins_meet_without_overlap():
    small, medium, large = BINS.values()

    assert (small[0], large[1]) == (0.0005, 0.2)
    assert small[1] == medium[0] == 0.005
    assert medium[1] == large[0] == 0.05


# --- what each arm is shown ------------------------------------------------------------------


def test_only_crops_that_hold_the_target_help_a_model_that_needs_them():
    scene = make_scene("plate", seed=5, share=0.001, held_out=True)
    middle = scene.box.center

    def needs_a_crop(boxes, question):
        is_shown = any(box.covers(*middle) for box in boxes[1:])
        return said(scene.answer if is_shown else "elsewhere", sure=0.99)

    model = FakeModel(answers=needs_a_crop, peak=middle)
    cell = Cell("plate", "small")

    _measure(cell, scene, model=model, rng=np.random.default_rng(0))

    right = {arm: one.right for arm, one in cell.arms.items()}
    assert right["whole"] == 0
    assert right["true_box"] == right["relative_attention"] == right["gradient_attention"] == 1
    # Sure of its wrong answer, it is left alone by the gate.
    assert right["relative_attention gated"] == right["gradient_attention gated"] == 0
    assert "larger" not in right
    assert cell.hits["relative_attention"].right == 1


def test_the_true_box_is_shown_as_the_smallest_square_about_it():
    scene = make_scene("plate", seed=6, share=0.01, held_out=True)
    model = FakeModel(peak=None)

    _measure(Cell("plate", "medium"), scene, model=model, rng=np.random.default_rng(0))

    shown = [call[1][1] for call in model.calls if call[0] == "extended"]
    square = Region.square_at(scene.box.center, side=max(scene.box.size), within=scene.size)
    assert square in shown
    assert square.intersection(scene.box) == scene.box
    assert all(region.clipped(scene.size) == region for region in shown)


def test_scenes_are_of_their_bin_and_held_out():
    rng = np.random.default_rng(1)
    for name, (low, high) in BINS.items():
        scene = scene_of("plate", name, rng)
        assert scene.held_out
        assert scene.box is not None
        assert low * 0.5 <= scene.box.share_of(scene.size) <= high * 1.5
