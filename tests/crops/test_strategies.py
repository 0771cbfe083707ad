"""Strategies on maps with a planted place."""

import itertools

import numpy as np
import pytest

from inspector_app.crops import (
    gradient_attention,
    manual,
    pixel_gradient,
    relative_attention,
    whole,
)
from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region
from inspector_app.imaging.maps import high_pass_mask
from tests.fakes.look import fake_frame, fake_look, finish

QUESTION = Question("Is there a crack?")
SIZES = [(600, 400), (400, 600), (300, 900), (200, 200), (9000, 600), (600, 9000)]


def noisy(rows, cols, *, seed=0):
    return 1 + np.random.default_rng(seed).random((rows, cols)).astype(np.float32)


def test_a_patch_that_every_question_heats_is_not_cropped():
    asked, neutral = noisy(10, 10), noisy(10, 10)
    asked[0, 9], neutral[0, 9] = 500, 500
    asked[7, 2] = 30
    look = fake_look(asked, neutral=neutral, size=(600, 400))

    regions, found = finish(
        relative_attention.propose(fake_frame((600, 400)), QUESTION, Options(), look=look)
    )

    (scored,) = regions
    assert scored.region.covers(150, 300)
    assert not scored.region.covers(570, 20)
    assert scored.origin == found.method == "relative_attention"
    assert scored.score > 1
    assert found.values == pytest.approx(asked / neutral, rel=1e-5)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strategy", [relative_attention, gradient_attention])
def test_a_planted_peak_is_cropped_in_pictures_of_every_shape(strategy, size):
    for row, col in itertools.product([0, 4, 11], [0, 7, 11]):
        asked = noisy(12, 12, seed=row * 12 + col)
        asked[row, col] = 40
        look = fake_look(asked, size=size)

        regions, _ = finish(
            strategy.propose(fake_frame(size, level=9), QUESTION, Options(), look=look)
        )

        (scored,) = regions
        assert scored.region.covers((col + 0.5) * size[0] / 12, (row + 0.5) * size[1] / 12)
        assert scored.region.clipped(size) == scored.region


@pytest.mark.parametrize("nothing", [0.0, 1e-30])
def test_a_neutral_map_of_zeros_still_finds_the_place(nothing):
    asked = noisy(10, 10)
    asked[8, 8] = 50
    look = fake_look(asked, neutral=np.full((10, 10), nothing), size=(500, 500))

    regions, found = finish(
        relative_attention.propose(fake_frame((500, 500)), QUESTION, Options(), look=look)
    )

    assert regions[0].region.covers(425, 425)
    assert np.isfinite(found.values).all()


def test_a_single_neutral_zero_does_not_draw_the_crop():
    asked, neutral = noisy(10, 10), noisy(10, 10)
    asked[8, 8], neutral[1, 1] = 50, 0
    look = fake_look(asked, neutral=neutral, size=(500, 500))

    regions, _ = finish(
        relative_attention.propose(fake_frame((500, 500)), QUESTION, Options(), look=look)
    )

    assert regions[0].region.covers(425, 425)


@pytest.mark.parametrize("strategy", [relative_attention, gradient_attention, pixel_gradient])
@pytest.mark.parametrize("level", [0.0, 0.25])
def test_a_flat_map_gives_a_map_but_no_crop(strategy, level):
    size = (500, 300)
    look = fake_look(np.full((28, 28), level), neutral=np.full((28, 28), level), size=size)

    regions, found = finish(
        strategy.propose(fake_frame(size, level=70), QUESTION, Options(), look=look)
    )

    assert regions == ()
    assert found is not None


@pytest.mark.parametrize("strategy", [relative_attention, gradient_attention, pixel_gradient])
def test_a_picture_no_larger_than_the_model_takes_is_not_cropped(strategy):
    asked = noisy(28, 28)
    asked[3:6, 3:6] = 60
    look = fake_look(asked, size=(60, 64), input_side=64)

    regions, _ = finish(strategy.propose(fake_frame((60, 64)), QUESTION, Options(), look=look))

    assert regions == ()


def test_four_places_give_four_crops_when_asked_for():
    asked = np.ones((20, 20), np.float32)
    places = [(2, 2), (2, 17), (17, 2), (17, 17)]
    for row, col in places:
        asked[row, col] = 50
    look = fake_look(asked, size=(1000, 1000))

    regions, _ = finish(
        gradient_attention.propose(fake_frame((1000, 1000)), QUESTION, Options(count=4), look=look)
    )

    assert len(regions) == 4
    for row, col in places:
        assert any(scored.region.covers(col * 50 + 25, row * 50 + 25) for scored in regions)


def test_every_captured_layer_becomes_a_ratio_for_the_slider():
    asked, neutral = noisy(6, 6), noisy(6, 6, seed=1)
    look = fake_look(asked, neutral=neutral, size=(300, 300), layers=True)

    _, found = finish(
        relative_attention.propose(fake_frame((300, 300)), QUESTION, Options(), look=look)
    )

    assert found.layer_numbers == (2, 3)
    assert found.layers[1] == pytest.approx(asked / neutral, rel=1e-5)
    assert (found.at_layer(2) == found.values).all()


def test_a_grid_over_the_middle_crops_what_it_really_covers():
    asked = noisy(10, 10)
    asked[5, 0] = 40
    look = fake_look(asked, grid=TokenGrid(10, 10, 300, 0, 900, 600))

    regions, _ = finish(
        relative_attention.propose(fake_frame((1200, 600), level=5), QUESTION, Options(), look=look)
    )

    assert regions[0].region.covers(330, 330)


def test_the_question_and_its_neutral_twin_are_asked_once_each():
    look = fake_look(noisy(6, 6), size=(300, 300))

    finish(relative_attention.propose(fake_frame((300, 300)), QUESTION, Options(), look=look))

    assert look.calls == [("attention", QUESTION.text), ("attention", QUESTION.neutral)]


def test_the_gradient_needs_no_neutral_question():
    look = fake_look(noisy(6, 6), size=(300, 300))

    finish(gradient_attention.propose(fake_frame((300, 300)), QUESTION, Options(), look=look))

    assert look.calls == [("gradient", QUESTION.text)]


def test_pixel_gradients_are_the_masked_ratio_in_blocks():
    size = (280, 280)
    frame = fake_frame(size, seed=3)
    asked, neutral = noisy(140, 140, seed=1), noisy(140, 140, seed=2)
    asked[70:84, 98:112] = 300
    look = fake_look(asked, neutral=neutral, size=size)

    regions, found = finish(pixel_gradient.propose(frame, QUESTION, Options(), look=look))

    mask = high_pass_mask(frame.pixels, grid=look.grid)
    wanted = (asked / neutral * mask).reshape(10, 14, 10, 14).mean(axis=(1, 3))
    assert (found.grid.rows, found.grid.cols) == (10, 10)
    assert found.values == pytest.approx(wanted, rel=1e-4)
    assert found.layer is None
    assert regions[0].region.covers(7.5 * 28, 5.5 * 28)


def test_regions_drawn_by_hand_are_taken_as_they_are():
    rois = (Region(10, 20, 30, 90), Region(0, 0, 100, 100))
    look = fake_look(noisy(4, 4), size=(100, 100))

    regions, found = finish(
        manual.propose(fake_frame((100, 100)), QUESTION, Options(rois=rois), look=look)
    )

    assert tuple(scored.region for scored in regions) == rois
    assert {scored.origin for scored in regions} == {"manual"}
    assert found is None
    assert look.calls == []


@pytest.mark.parametrize(
    ("rois", "said"),
    [
        ((), "No region"),
        ((Region(0, 0, 101, 10),), "0,0,101,10 reaches outside"),
        ((Region(-1, 0, 10, 10),), "outside"),
        ((Region(0, 0, 5, 5),) * 33, "can have 32"),
    ],
)
def test_regions_that_cannot_be_cropped_are_refused_with_a_way_out(rois, said):
    look = fake_look(noisy(4, 4), size=(100, 100))

    with pytest.raises(WrongUse, match=said) as refusal:
        finish(manual.propose(fake_frame((100, 100)), QUESTION, Options(rois=rois), look=look))

    assert refusal.value.hint


def test_the_whole_picture_is_neither_cropped_nor_looked_at():
    look = fake_look(noisy(4, 4), size=(100, 100))

    assert finish(whole.propose(fake_frame((100, 100)), QUESTION, Options(), look=look)) == (
        (),
        None,
    )
    assert look.calls == []


def test_a_sink_that_a_ratio_leaves_hot_draws_no_crop():
    asked, neutral = noisy(10, 10), noisy(10, 10)
    # It moved a little: its ratio is 40, that of the place 20.
    asked[4, 9], neutral[4, 9] = 4000, 100
    asked[7, 2] = 20
    look = fake_look(asked, neutral=neutral, size=(600, 400))

    regions, found = finish(
        relative_attention.propose(fake_frame((600, 400)), QUESTION, Options(), look=look)
    )

    assert regions[0].region.covers(150, 300)
    assert found.values[4, 9] < 3


@pytest.mark.parametrize("strategy", [relative_attention, gradient_attention])
@pytest.mark.parametrize("edge", [(0, 0), (0, 11), (11, 0), (11, 11), (5, 0), (11, 6)])
def test_a_peak_on_the_edge_is_cropped_inside_the_picture(strategy, edge):
    asked = noisy(12, 12)
    asked[edge] = 60
    look = fake_look(asked, size=(1200, 900))

    (scored,), _ = finish(strategy.propose(fake_frame((1200, 900)), QUESTION, Options(), look=look))

    assert scored.region.covers((edge[1] + 0.5) * 100, (edge[0] + 0.5) * 75)
    assert scored.region.clipped((1200, 900)) == scored.region
    assert scored.region.width == scored.region.height


def test_numbers_that_are_none_do_not_count():
    asked, neutral = noisy(10, 10), noisy(10, 10)
    asked[2, 2], neutral[2, 2] = 50, np.nan
    neutral[8, 8] = np.inf
    with pytest.raises(ValueError, match="finite"):
        finish(fake_look(neutral, size=(500, 500)).attention("x"))

    look = fake_look(asked, neutral=np.nan_to_num(neutral, posinf=0), size=(500, 500))
    regions, _ = finish(
        relative_attention.propose(fake_frame((500, 500)), QUESTION, Options(), look=look)
    )

    assert regions[0].region.covers(125, 125)
