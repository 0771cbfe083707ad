"""How many crops are shown: scales, and a budget of tokens."""

from dataclasses import dataclass

from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.workflow.cropping import crops_shown, most_crops, room_for_crops
from tests.fakes.model import FakeModel
from tests.workflow.conftest import PEAK, Told, manual

PLACES = tuple(ScoredRegion(Region(at, 0, at + 100, 100), "manual") for at in (0, 200))


@dataclass
class Sized:
    picture_tokens: int = 100


def test_a_budget_leaves_out_what_does_not_fit_and_says_so():
    options = Options(crop_scales=(1.0, 2.0), token_budget=350)

    shown, notes = crops_shown(PLACES, options, model=Sized(), views=1)

    # The whole picture takes 100 of 350: two more fit.
    assert shown == PLACES
    assert notes == ("fewer crops: the token budget has room for 2",)
    assert room_for_crops(options, model=Sized(), views=2) == 0


def test_without_a_budget_or_a_known_size_nothing_is_left_out():
    options = Options(crop_scales=(1.0, 2.0))

    assert len(crops_shown(PLACES, options, model=Sized(), views=1)[0]) == 4
    assert room_for_crops(Options(token_budget=1), model=object(), views=1) is None


def test_as_many_crops_are_foreseen_as_are_shown():
    assert most_crops(2, Options(crop_scales=(1.0, 2.0))) == 4
    assert most_crops(3, Options(crop_scales=(1.0, 2.0))) == 4
    assert most_crops(3, Options()) == 3
    assert most_crops(9, Options(crop_scales=(2.0,))) == 9


def test_drawn_regions_are_shown_at_two_scales_in_an_inspection():
    box = Region(100, 100, 200, 180)

    told = Told(FakeModel(), **manual(box, crop_scales=(1.0, 2.0)))

    assert [view.region for view in told.found.views[1:]] == [box, Region(125, 120, 175, 160)]
    assert len(told.found.crop_answers) == 2


def test_searched_places_are_shown_at_two_scales_too():
    options = Options(count=1, crop_scales=(1.0, 2.0))
    once = Told(FakeModel(peak=PEAK), size=(1000, 800), options=Options(count=1))
    twice = Told(FakeModel(peak=PEAK), size=(1000, 800), options=options)

    (place,) = [one.region for one in once.found.regions]
    first, closer = (one.region for one in twice.found.regions)
    assert first == place
    assert closer.center == place.center
