"""The size study: its bins and sums by hand, and a run on a few pictures."""

import csv
import io
import json

import numpy as np
import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.inspection import Passes
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.families import llava
from inspector_app.imaging.png import encode_png
from inspector_app.workflow.bench import arms as bench_arms
from inspector_app.workflow.bench.arms import ArmTally, Tried
from inspector_app.workflow.bench.chart import svg
from inspector_app.workflow.bench.drawing import write_drawing
from inspector_app.workflow.bench.embedded import Tally
from inspector_app.workflow.bench.size import Pictures, bin_of, run
from inspector_app.workflow.bench.size_table import SizeBench, SizeCell
from inspector_app.workflow.study import StudyCase
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeModel, said
from tests.fakes.steps import walk


@pytest.mark.parametrize(
    ("share", "name"),
    [(0.0, "small"), (0.004999, "small"), (0.005, "medium"), (0.049999, "medium"),
     (0.05, "large"), (1.0, "large")],
)  # fmt: skip
def test_the_bins_are_exact_at_their_edges(share, name):
    assert bin_of(share) == name


def tally(right, asked, *, tokens=0):
    return ArmTally(Tally(right, asked), Tally(right, asked), tokens=tokens, ms=[1.0] * asked)


def made_bench():
    cell = SizeCell("text", "small")
    cell.arms.update(
        whole=tally(0, 100, tokens=100),
        tiles=tally(90, 100, tokens=4000),
        auto=tally(90, 100, tokens=400),
        true_box=tally(100, 100, tokens=200),
        larger=tally(10, 100, tokens=200),
    )
    return SizeBench("m 1", "here", "scenes", 0, tuple(cell.arms), (cell,), ("entry 1: gone.",))


def test_the_best_is_the_one_with_most_right_and_of_equals_the_cheapest():
    (cell,) = made_bench().cells

    assert cell.best() == "auto"
    assert cell.recovered("auto") == pytest.approx(0.9)
    assert cell.beats("auto", "larger")
    assert not cell.beats("auto", "true_box")
    assert not cell.beats("auto", "larger_most")


def test_the_lines_name_the_best_what_it_beats_and_what_was_left_out():
    text = "\n".join(made_bench().lines())

    assert "Best: auto, which recovers 90% of the gap to the true box" in text
    assert "beyond the interval of: larger, same tokens as whole and crop" in text
    assert "Left out: entry 1: gone." in text
    rows = [line for line in made_bench().lines() if line.startswith("|")]
    assert len({row.count("|") for row in rows}) == 1


def test_the_csv_has_a_line_for_every_arm():
    rows = list(csv.DictReader(io.StringIO(made_bench().as_csv())))

    assert [row["arm"] for row in rows] == ["whole", "tiles", "auto", "true_box", "larger"]
    assert (rows[2]["accuracy"], rows[2]["tokens"]) == ("0.9", "4.0")
    # Of controls it is no question whether they point.
    assert rows[0]["hit_rate"] == ""


def test_the_figure_is_well_formed_and_shows_every_arm(tmp_path):
    from xml.etree import ElementTree  # noqa: PLC0415  our own drawing

    drawn = svg(made_bench())

    root = ElementTree.fromstring(drawn)
    shapes = [child.tag.rpartition("}")[2] for child in root]
    assert shapes.count("circle") == 2  # strategies
    assert shapes.count("rect") == 1 + 3  # paper and controls
    for ending, magic in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        write_drawing(svg(made_bench()), tmp_path / f"figure{ending}")
        assert (tmp_path / f"figure{ending}").read_bytes().startswith(magic)
    with pytest.raises(WrongUse, match=r"\.gif"):
        write_drawing(svg(made_bench()), tmp_path / "figure.gif")


# --- arms ------------------------------------------------------------------------------------

BOX = Region(300, 200, 320, 220)
CASE = StudyCase("x", fake_frame((400, 300)), "Which code?", ("K4",), BOX)


def needs_a_crop(boxes, question):
    is_shown = any(box.covers(*BOX.center) and max(box.size) < 200 for box in boxes[1:])
    return said("K4" if is_shown else "elsewhere", sure=0.6)


def test_every_arm_is_charged_with_everything_it_takes():
    model = FakeModel(answers=needs_a_crop, peak=BOX.center, passes=Passes(7, 7, 7))

    whole = bench_arms.by_strategy(model, CASE, strategy="whole")
    zoomed = bench_arms.by_strategy(model, CASE, strategy="relative_attention")

    assert whole.passes == Passes(1, 1, 10)
    # The whole picture and the crop are read; both are asked about.
    assert zoomed.passes == Passes(2, 2, 20)
    assert (whole.answer.text, zoomed.answer.text) == ("elsewhere", "K4")
    assert zoomed.hits(BOX)
    assert not whole.hits(BOX)


def test_the_true_box_is_the_smallest_square_about_it():
    model = FakeModel(answers=needs_a_crop)
    wide = StudyCase("x", CASE.frame, CASE.question, CASE.answers, Region(300, 200, 330, 210))

    tried = bench_arms.true_box(model, wide)

    assert tried.regions == (Region(300, 190, 330, 220),)
    assert bench_arms.true_box(model, StudyCase("x", CASE.frame, "Q?", ("a",))) is None


def test_a_model_of_one_size_has_no_larger_picture():
    assert bench_arms.larger(FakeModel(), CASE, tokens=200) is None


def test_the_gate_keeps_a_sure_whole_answer():
    whole, zoomed = (
        Tried(said("a", sure=0.8), said("a"), (), Passes(1), 1.0),
        Tried(said("b", sure=0.5), said("a"), (BOX,), Passes(3), 3.0),
    )

    assert bench_arms.gated(zoomed, whole=whole, gate=0.8) is whole
    assert bench_arms.gated(zoomed, whole=whole, gate=0.81).answer.text == "b"


@pytest.mark.parametrize("name", ["whole", "manual", "nonsense"])
def test_only_searches_that_are_there_can_be_measured(name):
    with pytest.raises(WrongUse, match=name) as refusal:
        bench_arms.check([name], model=FakeModel())

    assert "relative_attention" in refusal.value.hint


def test_a_model_that_only_answers_is_measured_by_what_it_can_serve():
    closed = FakeModel(can_attend=False, can_backpropagate=False)

    assert set(bench_arms.searches(closed)) == {
        "auto", "region_marks", "tiles", "zoom_refine", "zoom_tree",
    }  # fmt: skip


# --- a run -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def measured(tiny_folder):
    pictures = Pictures(scenes=1, bins=("small",), seed=2)
    strategies = ("gradient_attention", "value_cache", "auto")
    return walk(run(pictures, model=str(tiny_folder), strategies=strategies))


def test_an_experiment_is_charged_with_everything_before_it(tiny_folder):
    model = llava.load(tiny_folder, device="cpu", precision="float32")
    case = StudyCase("a", fake_frame((400, 300)), "Is there a crack?", ("no",))
    options = Options(rois=(Region(40, 40, 90, 90),), reweighting=1.8, reweight_by="regions")

    tried = bench_arms.by_trial(model, case, strategy="manual", options=options)
    shown = bench_arms.by_boxes(model, case, options.rois)

    assert tried.whole == shown.whole
    assert tried.passes.vision == shown.passes.vision == 2
    assert tried.passes.tokens_prefilled > shown.passes.tokens_prefilled


def test_a_model_that_cannot_try_has_no_such_arm():
    case = StudyCase("a", fake_frame((400, 300)), "Is there a crack?", ("no",))
    options = Options(mixing=0.5)

    assert bench_arms.by_trial(FakeModel(), case, strategy="whole", options=options) is None


def test_every_trade_and_arm_is_measured(measured):
    _, bench = measured

    assert [(cell.group, cell.size_bin) for cell in bench.cells] == [
        ("text", "small"), ("plate", "small"), ("tissue", "small"),
    ]  # fmt: skip
    for cell in bench.cells:
        assert {"whole", "gradient_attention", "value_cache", "auto", "true_box", "random_crop",
                "larger"} <= set(cell.arms)  # fmt: skip
        assert all(arm.answers.asked == 1 for arm in cell.arms.values())
        assert cell.arms["true_box"].vision == 2
        assert cell.arms["larger"].vision == 1
    json.dumps(bench.as_json(), allow_nan=False)
    assert "nan" not in bench.as_csv()


def test_progress_counts_the_scenes(measured):
    steps, _ = measured

    told = [(step.done, step.total) for step in steps if step.stage == "measure"]
    assert told[0] == (0, 3)
    assert told[-1] == (2, 3)
    assert told == sorted(told)


def test_a_study_of_ones_own_is_measured_and_what_is_wrong_is_named(tiny_folder, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    (tmp_path / "a.png").write_bytes(encode_png(noise))
    entries = [
        {"image": "a.png", "question": "Which code?", "answers": ["x"], "box": [0, 0, 20, 20]},
        {"image": "a.png", "question": "Which code?", "answers": ["x"]},
        {"image": "gone.png", "question": "Which code?", "answers": ["x"]},
        {"image": "a.png", "question": "Which code?"},
        {"image": "a.png", "question": "word " * 5000, "answers": ["x"]},
    ]
    path = tmp_path / "study.json"
    path.write_text(json.dumps(entries), encoding="utf-8")

    _, bench = walk(
        run(Pictures(study=path), model=str(tiny_folder), strategies=("gradient_attention",))
    )

    assert {(cell.group, cell.size_bin) for cell in bench.cells} == {
        ("study", "small"), ("study", "no box"),
    }  # fmt: skip
    assert len(bench.skipped) == 3
    assert any("gone.png" in reason for reason in bench.skipped)
    assert any("no answer" in reason for reason in bench.skipped)
    assert any("too long" in reason for reason in bench.skipped)
    unboxed = next(cell for cell in bench.cells if cell.size_bin == "no box")
    assert "true_box" not in unboxed.arms
    assert bench.lines()


def test_a_study_of_which_nothing_can_be_measured_is_refused(tiny_folder, tmp_path):
    path = tmp_path / "study.json"
    path.write_text('[{"image": "gone.png", "question": "Q?", "answers": ["x"]}]')

    with pytest.raises(WrongUse, match="Not one of 1 pictures could be measured"):
        walk(run(Pictures(study=path), model=str(tiny_folder), strategies=("auto",)))
