"""Gate, tiles, verdicts, memory and nonsense: where the story of an inspection turns."""

import numpy as np
import pytest

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.preset import Options
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region
from inspector_app.domain.verdict import Outcome
from tests.fakes.model import FakeModel
from tests.workflow.conftest import PEAK, QUESTION, SEARCHES, TWO, Told, manual, whole_then

# --- the gate --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
def test_a_sure_answer_is_left_as_it_is_and_the_record_says_so(size):
    model = FakeModel(peak=PEAK, answers=whole_then("yes", sure=0.95))
    found = Told(model, size, options=Options(gate=0.9)).found

    assert (found.regions, found.zoomed) == ((), None)
    assert found.notes == ("not zoomed: the first answer was sure",)
    assert model.count("extended") == 0
    assert model.count("read") == 1


@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
@pytest.mark.parametrize("gate", [None, 0.96])
def test_without_a_gate_or_below_it_the_model_looks_closer(gate, size):
    model = FakeModel(peak=PEAK, answers=whole_then("yes", sure=0.95))
    found = Told(model, size, options=Options(gate=gate)).found

    assert found.zoomed.text == "yes"
    assert found.notes == ()


@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
def test_a_region_drawn_by_hand_is_shown_however_sure_the_answer(size):
    model = FakeModel(answers=whole_then("yes", sure=0.99))
    found = Told(model, size, **manual(TWO[0], gate=0.0)).found

    assert found.zoomed.text == "yes"
    assert found.notes == ()


def test_an_answer_without_words_is_never_sure():
    empty = Answer("", (), margin=1.0)
    found = Told(
        FakeModel(peak=PEAK, answers=lambda *asked: empty), options=Options(gate=0.0)
    ).found

    assert found.zoomed == empty
    assert found.verdict.outcome == Outcome.CHECK


def test_an_answer_without_probabilities_is_never_sure():
    untold = Answer("no", (Token("no", None),), margin=None)
    found = Told(
        FakeModel(peak=PEAK, answers=lambda *asked: untold), options=Options(gate=0.0)
    ).found

    assert found.zoomed == untold
    assert found.verdict.outcome == Outcome.CHECK


# --- large pictures --------------------------------------------------------------------------

LARGE = [
    ((900, 2000), (760.0, 1630.0)),
    ((2000, 900), (40.0, 880.0)),
    ((9000, 600), (8100.0, 130.0)),
    ((1025, 1025), (1020.0, 3.0)),
]


@pytest.mark.parametrize("strategy", SEARCHES)
@pytest.mark.parametrize(("size", "peak"), LARGE)
def test_a_large_picture_is_read_in_tiles_and_zoomed_where_one_stands_out(size, peak, strategy):
    model = FakeModel(peak=peak)
    found = Told(model, size, strategy=strategy).found

    assert found.regions[0].region.covers(*peak)
    row, col = np.unravel_index(np.argmax(found.map.values), found.map.values.shape)
    width, height = found.map.grid.cell
    assert abs((col + 0.5) * width - peak[0]) <= 1.01 * width
    assert abs((row + 0.5) * height - peak[1]) <= 1.01 * height


@pytest.mark.parametrize(("size", "peak"), LARGE)
def test_each_tile_is_read_once_for_both_questions_and_tiles_cover_the_picture(size, peak):
    model = FakeModel(peak=peak)
    Told(model, size)

    tiles = [call[1][0] for call in model.calls if call[0] == "read"][1:]
    assert len(tiles) == len(set(tiles)) > 1
    assert sum(tile.area for tile in tiles) == size[0] * size[1]
    assert max(max(tile.size) for tile in tiles) <= 1024
    for question in (QUESTION, NEUTRAL):
        asked = [call[1][0] for call in model.calls if call[0] == "attend" and call[2] == question]
        assert asked == [*tiles, Region.whole(size)]


def test_a_second_question_about_a_large_picture_asks_nothing_neutral():
    model = FakeModel(peak=(760.0, 1630.0))
    first = Told(model, (900, 2000))
    before = model.count("attend", NEUTRAL)
    second = Told(model, opened=first.opened, question="Is a screw missing?")

    assert model.count("attend", NEUTRAL) == before
    assert second.found.neutral_prompt
    assert second.found.regions == first.found.regions


@pytest.mark.parametrize("strategy", SEARCHES)
def test_pictures_of_1024_pixels_are_read_whole_by_a_model_that_takes_in_336(strategy):
    model = FakeModel(peak=(1000.0, 1000.0), input_side=336)
    Told(model, (1024, 1024), strategy=strategy)

    assert model.count("read") == 1


@pytest.mark.parametrize(
    ("side", "size", "longest"),
    [(140, (560, 560), 560), (140, (600, 500), 560), (200, (1000, 1000), 800)],
)
def test_attention_is_read_in_tiles_of_four_times_what_the_model_takes_in(side, size, longest):
    model = FakeModel(peak=(300.0, 300.0), input_side=side)
    Told(model, size)

    tiles = [call[1][0] for call in model.calls if call[0] == "read"][1:]
    assert all(max(tile.size) <= longest for tile in tiles)
    assert (len(tiles) > 0) == (max(size) > longest)


@pytest.mark.parametrize("strategy", ["gradient_attention", "pixel_gradient"])
def test_what_has_no_neutral_twin_is_read_whole_up_to_1024_pixels(strategy):
    model = FakeModel(peak=(300.0, 300.0), input_side=140)
    Told(model, (1024, 900), strategy=strategy)

    assert model.count("read") == 1


def test_a_huge_picture_is_not_cut_into_more_tiles_than_can_be_waited_for():
    model = FakeModel(peak=(3000.0, 2000.0), input_side=140)
    Told(model, (4000, 3000))

    assert 12 < model.count("read") - 1 <= 30


@pytest.mark.parametrize(
    ("strategy", "size", "power"),
    [("relative_attention", (600, 600), 0.5), ("gradient_attention", (1200, 1200), 1.0)],
)
def test_the_map_of_tiles_is_multiplied_with_a_power_of_the_whole_pictures(strategy, size, power):
    model = FakeModel(peak=(10.0, 10.0))
    found = Told(model, size, strategy=strategy).found

    # 2 x 2 tiles of 8 x 8 cells; the whole picture's 8 x 8 cells are twice as large.
    hot, mean = 1.0, (63 * 0.01 + 1.0) / 64
    near, far = (hot / mean) ** power, (0.01 / mean) ** power
    values = found.map.values
    assert values.shape == (16, 16)
    # The neutral map is flat in the tiles and in the whole: the ratio only scales it.
    scale = 100.0 if strategy == "relative_attention" else 1.0
    assert values[0, 0] == pytest.approx(scale * 1.0 * near, rel=1e-4)
    assert values[0, 1] == pytest.approx(scale * 0.01 * near, rel=1e-4)
    assert values[9, 9] == pytest.approx(scale * 0.01 * far, rel=1e-4)


def test_gradient_attention_asks_a_tile_nothing_neutral():
    model = FakeModel(peak=(760.0, 1630.0))
    Told(model, (900, 2000), strategy="gradient_attention")

    assert model.count("gradient", NEUTRAL) == 0


# --- verdicts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "zoomed", "sure", "outcome"),
    [
        ("no", "no", 0.9, Outcome.PASS),
        ("Yes", "yes.", 0.9, Outcome.FAIL),
        ("no", "yes", 0.9, Outcome.CHECK),
        ("yes", "no", 0.9, Outcome.CHECK),
        ("no", "no", 0.6, Outcome.CHECK),
        ("perhaps", "perhaps", 0.9, Outcome.CHECK),
        ("no", "a scratch", 0.9, Outcome.CHECK),
        ("", "", 0.9, Outcome.CHECK),
    ],
)
def test_only_sure_and_equal_answers_decide(whole, zoomed, sure, outcome):
    model = FakeModel(peak=PEAK, answers=whole_then(zoomed, whole=whole, sure=sure))

    assert Told(model).found.verdict.outcome == outcome


def test_other_questions_get_no_verdict():
    assert Told(FakeModel(peak=PEAK), question="What colour is it?").found.verdict is None


# --- out of memory ---------------------------------------------------------------------------

FOUR = (*TWO, Region(100, 100, 140, 140), Region(200, 20, 240, 60))


@pytest.mark.parametrize(
    ("most", "kept", "note"),
    [(2, 2, "stepped down to 2 crops"), (1, 1, "stepped down to 1 crop:")],
)
def test_fewer_crops_are_shown_where_memory_ends_and_the_record_says_so(most, kept, note):
    model = FakeModel(full_at=lambda call: call[0] == "extended" and len(call[1]) > most + 1)
    found = Told(model, **manual(*FOUR)).found

    assert [scored.region for scored in found.regions] == list(FOUR[:kept])
    assert len(found.views) == kept + 1
    assert found.notes[-1].startswith(note)
    assert all("out of memory" in said_so for said_so in found.notes)


def test_memory_that_ends_while_the_crops_are_asked_steps_down_too():
    model = FakeModel(full_at=lambda call: call[0] == "ask" and len(call[1]) > 3)
    found = Told(model, **manual(*FOUR)).found

    assert len(found.regions) == 2
    assert found.zoomed.text == "no"


@pytest.mark.parametrize("what", ["extended", "ask", "attend", "gradient", "pixel_gradient"])
def test_when_nothing_fits_the_inspection_says_so(what):
    strategy = {"gradient": "gradient_attention", "pixel_gradient": "pixel_gradient"}.get(
        what, "relative_attention"
    )
    model = FakeModel(peak=PEAK, full_at=lambda call: call[0] == what)

    with pytest.raises(OutOfMemory):
        Told(model, strategy=strategy)


# --- requests that make no sense -------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "  ", "\n\t"])
def test_a_question_without_words_is_wrong_use(question):
    with pytest.raises(WrongUse, match="question is empty"):
        Told(FakeModel(), question=question)


def test_a_question_of_broken_bytes_is_wrong_use():
    with pytest.raises(WrongUse, match="no text"):
        Told(FakeModel(), question="Is there a \udce9?")


def test_an_unknown_strategy_lists_those_there_are():
    with pytest.raises(WrongUse, match='"magic"') as refusal:
        Told(FakeModel(), strategy="magic")

    assert "relative_attention" in refusal.value.hint


@pytest.mark.parametrize("strategy", SEARCHES)
def test_a_model_that_shows_nothing_of_itself_cannot_serve_a_search(strategy):
    closed = FakeModel(can_attend=False, can_backpropagate=False)

    with pytest.raises(WrongUse, match="see inside the model") as refusal:
        Told(closed, strategy=strategy)

    assert "manual" in refusal.value.hint


def test_a_refusal_names_exactly_what_the_model_can_serve():
    looks = FakeModel(can_backpropagate=False)

    with pytest.raises(WrongUse) as refusal:
        Told(looks, strategy="gradient_attention")

    named = refusal.value.hint.removesuffix(".").partition(": ")[2].split(", ")
    assert {"manual", "whole", "relative_attention"} <= set(named)
    assert not {"gradient_attention", "pixel_gradient"} & set(named)
    for name in set(named) - {"manual"}:
        assert Told(looks, strategy=name).found.whole.text == "no"


@pytest.mark.parametrize("request_", [{"strategy": "whole"}, manual(TWO[0])])
def test_a_model_that_shows_nothing_of_itself_still_answers(request_):
    closed = FakeModel(can_attend=False, can_backpropagate=False)

    assert Told(closed, **request_).found.answer.text == "no"


MANY = tuple(Region(at, at, at + 9, at + 9) for at in range(33))


@pytest.mark.parametrize("boxes", [(), (Region(0, 0, 401, 10),), MANY])
def test_drawn_regions_must_be_one_to_thirty_two_inside_the_picture(boxes):
    with pytest.raises(WrongUse):
        Told(FakeModel(), **manual(*boxes))
