"""Strategies that ask: what they find, what they pay, and when they stop."""

import itertools
from dataclasses import replace

import pytest

from inspector_app.crops import auto, tiles, value_cache, zoom_refine, zoom_tree
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region
from tests.fakes.look import fake_frame, finish
from tests.fakes.oracle import Oracle

QUESTION = Question("What is the code on the red label?")
ASKED = "Is there a red label?"
SIZE = (1600, 1200)
THING = Region(1210, 310, 1250, 340)
SEARCHES = (value_cache, zoom_tree, tiles, auto)


def look_for(strategy, oracle, *, options=None, size=SIZE):
    frame = fake_frame(size, level=9)
    return finish(strategy.propose(frame, QUESTION, options or Options(), look=oracle))


@pytest.mark.parametrize("size", [(1600, 1200), (600, 1800), (2400, 500)])
@pytest.mark.parametrize("strategy", SEARCHES)
def test_a_planted_thing_is_found_wherever_it_lies(strategy, size):
    for across, down in itertools.product((0.02, 0.31, 0.5, 0.97), (0.03, 0.5, 0.74, 0.97)):
        thing = Region.rectangle_at((across * size[0], down * size[1]), size=(40, 30), within=size)
        oracle = Oracle(size, thing)

        regions, _ = look_for(strategy, oracle, size=size)

        assert regions[0].region.covers(*thing.center), (across, down, regions)
        assert regions[0].region.share_of(size) < 0.25
        assert regions[0].region.clipped(size) == regions[0].region
        assert {question for question, _ in oracle.asked} <= {ASKED, QUESTION.text}


@pytest.mark.parametrize("strategy", SEARCHES)
def test_models_that_only_answer_are_served_too(strategy):
    oracle = Oracle(SIZE, THING, is_open=False)
    if strategy is value_cache:
        assert "attend" in strategy.NEEDS
        return

    regions, found = look_for(strategy, oracle)

    assert regions[0].region.covers(*THING.center)
    assert found is None


@pytest.mark.parametrize("budget", [1, 2, 3, 7])
@pytest.mark.parametrize("strategy", SEARCHES)
def test_no_question_about_parts_is_asked_beyond_the_budget(strategy, budget):
    oracle = Oracle(SIZE, THING, seen_from=1)

    look_for(strategy, oracle, options=Options(budget=budget))

    # A search that already found the thing may look at it once more, in a larger part.
    assert len([part for _, part in oracle.asked if part is not None]) <= budget + 2


def test_a_budget_of_nothing_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="budget of at least 1 question, not 0"):
        Options(budget=0)


@pytest.mark.parametrize("strategy", [value_cache, auto])
def test_a_sure_window_ends_the_search(strategy):
    oracle = Oracle(SIZE, THING)

    look_for(strategy, oracle)

    assert len(oracle.asked) <= 3


@pytest.mark.parametrize("strategy", [zoom_tree, tiles])
def test_where_nothing_is_there_nothing_is_cropped(strategy):
    regions, _ = look_for(strategy, Oracle(SIZE))

    assert regions == ()


@pytest.mark.parametrize("strategy", [value_cache, auto])
def test_flat_maps_lead_nowhere_by_themselves(strategy):
    oracle = Oracle(SIZE)

    regions, found = look_for(strategy, oracle)

    if strategy is value_cache:
        assert (regions, oracle.asked) == ((), [])
        assert found.is_flat
    else:
        # Tiles are still asked; where all say a sure no, that is believed.
        assert 0 < len(oracle.asked) <= auto.BUDGET
        assert regions == ()


def test_a_doubtful_no_is_looked_at_all_the_same():
    oracle = Oracle(SIZE, THING, seen_from=0.1, error=0.3)

    for strategy in (value_cache, auto):
        (scored,), _ = look_for(strategy, oracle)

        assert -0.9 < scored.score < 0


@pytest.mark.parametrize("strategy", SEARCHES)
@pytest.mark.parametrize("says", ["", "a label", "42"])
def test_a_model_that_says_neither_yes_nor_no_raises_nothing(strategy, says):
    regions, _ = look_for(strategy, Oracle(SIZE, THING, says=says))

    assert len(regions) <= 1


@pytest.mark.parametrize("strategy", [zoom_tree, zoom_refine, auto])
def test_pictures_as_small_as_the_model_takes_are_not_searched(strategy):
    size = (60, 64)
    oracle = Oracle(size, Region(5, 5, 20, 20), named="[0, 0, 1000, 1000]")

    regions, _ = look_for(strategy, oracle, size=size)

    assert regions == ()


def test_the_tree_stops_as_soon_as_the_question_can_be_answered():
    near = Oracle(SIZE, Region(100, 100, 700, 600), seen_from=40, read_from=4)

    regions, _ = look_for(zoom_tree, near)

    # Four quarters, and the first of them that holds it answers.
    assert len(near.asked) == 5
    assert near.asked[-1][0] == QUESTION.text
    assert len(regions) == 1


def test_the_tree_goes_down_to_the_leaf_without_probabilities():
    oracle = Oracle(SIZE, THING, has_logprobs=False, is_open=False)

    regions, _ = look_for(zoom_tree, oracle)

    assert regions[0].region.covers(*THING.center)
    assert max(regions[0].region.size) < 400
    # Asking the question itself tells nothing without them: it is tried once.
    assert sum(question == QUESTION.text for question, _ in oracle.asked) == 1


def test_several_things_give_several_crops_that_do_not_meet():
    things = [Region(100, 100, 140, 130), Region(1400, 1000, 1440, 1030)]

    for strategy in (value_cache, tiles, auto):
        regions, _ = look_for(strategy, Oracle(SIZE, *things), options=Options(count=2))

        assert len(regions) == 2
        first, second = (one.region for one in regions)
        assert first.intersection(second) is None
        assert all(any(one.region.covers(*thing.center) for one in regions) for thing in things)


def test_no_two_boxes_of_tiles_overlap_beyond_what_is_merged():
    frame = fake_frame(SIZE, level=9)
    for is_fused in (False, True):
        options = Options(fuse_boxes=is_fused, merge_overlap=0.5)
        found = finish(tiles.boxes(frame, QUESTION, options, look=Oracle(SIZE, THING)))

        assert found
        for first, second in itertools.combinations(found, 2):
            assert first.region.iou(second.region) <= 0.5


class Doubting(Oracle):
    """Too far away it says no and is not sure of it, though it looks at the right place."""

    def ask(self, question, *, part=None, max_tokens=None):
        glance = yield from super().ask(question, part=part, max_tokens=max_tokens)
        return replace(glance, map=self._heat(part, idle=False) if self.can_attend else None)


def test_where_every_tile_says_a_doubtful_no_the_place_it_looked_at_is_asked_about_enlarged():
    oracle = Doubting(SIZE, THING, seen_from=8, error=0.2)
    options = Options(scales=(1.0, 2.0))

    regions, _ = look_for(tiles, oracle, options=options)

    assert regions[0].region.covers(*THING.center)
    sides = [max(part.size) for _, part in oracle.asked]
    again = [side for side in sides if side not in {1600, 800}]
    assert 0 < len(again) <= tiles.AGAIN
    # Twice what was seen, and nothing as large as the tile it was seen in.
    assert max(again) < 800
    assert sides == [*sides[: -len(again)], *again]


@pytest.mark.parametrize("more", [{"error": 0.01}, {"error": 0.2, "is_open": False}])
def test_a_sure_no_and_a_no_without_a_map_are_not_asked_about_again(more):
    oracle = Doubting(SIZE, THING, seen_from=8, **more)

    regions, _ = look_for(tiles, oracle, options=Options(scales=(1.0, 2.0)))

    assert regions == ()
    assert len(oracle.asked) == 1 + 9


def test_doubts_are_not_looked_into_beyond_the_budget():
    oracle = Doubting(SIZE, THING, seen_from=8, error=0.2)

    look_for(tiles, oracle, options=Options(scales=(1.0, 2.0), budget=11))

    assert len(oracle.asked) == 11


def test_tiles_are_searched_at_the_scales_of_the_options():
    oracle = Oracle(SIZE)

    look_for(tiles, oracle, options=Options(scales=(1.0, 2.0)))

    assert len(oracle.asked) == 1 + 9
    assert oracle.asked[0][1] == Region.whole(SIZE)


def test_the_models_own_box_is_cropped_with_some_surroundings():
    # 1210..1250 of 1600 and 310..340 of 1200, in thousandths.
    oracle = Oracle(SIZE, THING, named='{"bbox_2d": [756, 258, 781, 283]}')

    regions, found = look_for(zoom_refine, oracle)

    assert regions[0].region.intersection(THING) == THING
    assert min(regions[0].region.size) >= 32
    assert found is None
    (asked, part) = oracle.asked[0]
    assert part is None
    assert "from 0 to 1000" in asked


@pytest.mark.parametrize(
    "named", ["I cannot.", "[0, 0, 1000, 1000]", "[5, 5, 5, 5]", "[1e400, 2, 3, 4", ""]
)
def test_a_model_that_names_no_place_is_not_zoomed(named):
    assert look_for(zoom_refine, Oracle(SIZE, named=named)) == ((), None)


def test_several_boxes_are_cropped_in_the_order_they_were_named():
    named = "[100, 100, 150, 150], [105, 105, 160, 160], [800, 800, 850, 850]"

    regions, _ = look_for(zoom_refine, Oracle(SIZE, named=named), options=Options(count=3))

    assert len(regions) == 2
    assert regions[0].region.covers(200, 150)
    assert regions[1].region.covers(1320, 990)


def test_automatic_asks_a_closed_model_for_the_place_and_else_for_tiles():
    telling = Oracle(SIZE, THING, is_open=False, named="[750, 250, 790, 290]")
    silent = Oracle(SIZE, THING, is_open=False)

    told, _ = look_for(auto, telling)
    found, _ = look_for(auto, silent)

    assert len(telling.asked) == 1
    assert told[0].region.covers(*THING.center)
    assert found[0].region.covers(*THING.center)


class Noted(Oracle):
    """It notes which maps were asked for; words resemble what lies at `like`."""

    def __init__(self, *args, like=None, **more):
        super().__init__(*args, **more)
        self.like, self.mapped = like, []

    def attention(self, question, *, is_whole=False):
        self.mapped.append(question)
        return (yield from super().attention(question, is_whole=is_whole))

    def resemblance(self, question, *, words):
        self.mapped.append(question)
        if self.like is None:
            return (yield from super().resemblance(question, words=words))
        return (yield from Oracle(self.size, self.like).resemblance(question, words=words))


def test_automatic_asks_a_neutral_question_only_where_both_maps_disagree():
    agreeing = Noted(SIZE, THING)
    apart = Noted(SIZE, THING, like=Region(200, 900, 240, 930))

    for oracle in (agreeing, apart):
        regions, _ = look_for(auto, oracle)
        assert regions[0].region.covers(*THING.center)

    assert agreeing.mapped == [QUESTION.text, QUESTION.text]
    assert apart.mapped == [QUESTION.text, QUESTION.text, QUESTION.neutral]


def test_words_that_the_question_does_not_hold_are_compared_in_one_that_does():
    oracle = Noted(SIZE, THING)
    frame = fake_frame(SIZE, level=9)

    finish(auto.propose(frame, Question("What is wrong here?"), Options(), look=oracle))

    assert oracle.mapped[:2] == ["What is wrong here?", "Is there a defect?"]


def test_tiles_that_show_what_no_window_showed_come_first():
    misled = Noted(SIZE, THING, seen_from=20, like=Region(150, 150, 180, 180), is_open=True)
    misled._heat = lambda part, *, idle: Oracle(SIZE, misled.like)._heat(part, idle=idle)

    look_for(auto, misled)

    windows = [part for _, part in misled.asked if part.share_of(SIZE) < 1 / 9]
    tiles_asked = [part for _, part in misled.asked if part.share_of(SIZE) >= 1 / 9]
    assert windows
    assert tiles_asked
    assert tiles_asked[0].intersection(windows[0]) is None


def test_what_fills_its_window_is_looked_at_in_a_larger_part():
    large = Region(300, 300, 900, 800)

    regions, _ = look_for(auto, Oracle(SIZE, large))

    assert regions[0].region.covers(*large.center)


@pytest.mark.parametrize("strategy", [*SEARCHES, zoom_refine])
def test_a_search_needs_at_least_to_ask(strategy):
    assert "ask" in strategy.NEEDS
    assert strategy.BUDGET >= 0


def test_options_refuse_scales_and_overlaps_that_mean_nothing():
    for wrong in ({"scales": ()}, {"scales": (0.0,)}, {"scales": (9.0,)}, {"merge_overlap": 1.5}):
        with pytest.raises(ValueError, match=r"scales|overlap"):
            Options(**wrong)
