"""How many crops are shown: scales, and a budget of tokens."""

from dataclasses import dataclass

import numpy as np
import pytest

from inspector_app.domain.frame import View
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.workflow.cropping import crops_shown, legible, most_crops, room_for_crops
from inspector_app.workflow.looking import ModelLook
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeModel
from tests.fakes.steps import walk
from tests.workflow.conftest import PEAK, SEARCHES, TWO, Told, manual

PLACES = tuple(ScoredRegion(Region(at, 0, at + 100, 100), "manual") for at in (0, 200))


@dataclass
class Sized:
    picture_tokens: int = 100


class Noting(FakeModel):
    """Keeps the shapes (H, W) of what it is shown."""

    def __init__(self, **changes):
        super().__init__(**changes)
        self.shapes = []

    def read(self, views):
        self.shapes += [view.pixels.shape[:2] for view in views]
        return super().read(views)


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


@pytest.mark.parametrize("way", [manual(*TWO), {"strategy": SEARCHES[0]}], ids=["drawn", "found"])
def test_small_crops_are_shown_with_512_pixels_where_the_network_takes_that_much_in(way):
    told = Told(FakeModel(peak=PEAK, input_side=512), size=(1200, 900), **way)

    shown = told.found.views[1:]
    assert shown
    for view in shown:
        assert max(view.pixels.shape[:2]) == 512
        # Their pixels are those of their region, only more of them.
        part = told.opened.frame.cut(view.region).mean(axis=(0, 1))
        assert view.pixels.mean(axis=(0, 1)) == pytest.approx(part, abs=2)


def test_networks_that_take_in_less_get_crops_at_the_pictures_own_scale():
    told = Told(FakeModel(input_side=511), **manual(*TWO))

    for view in told.found.views[1:]:
        assert np.array_equal(view.pixels, told.opened.frame.cut(view.region))


def test_large_crops_keep_their_pixels():
    wide = Region(0, 0, 512, 500)

    told = Told(FakeModel(input_side=1024), size=(1200, 900), **manual(wide))

    assert np.array_equal(told.found.views[1].pixels, told.opened.frame.cut(wide))


def test_parts_that_a_search_asks_about_are_enlarged_alike():
    model = Noting(input_side=1024)
    frame = fake_frame((1200, 900))
    look = ModelLook(frame, model, model.read([View.of(frame)]), neutral="Describe.", layer=1)

    walk(look.ask("Is there a crack?", part=Region(10, 20, 110, 70)))

    assert model.shapes == [(900, 1200), (256, 512)]


def test_shapes_are_kept_and_thin_parts_stay_pictures():
    thin = View(np.zeros((1, 4000, 3), np.uint8), Region(0, 0, 4000, 1))
    small = View(np.zeros((20, 40, 3), np.uint8), Region(0, 0, 40, 20))

    assert legible(thin, input_side=1024).pixels is thin.pixels
    assert legible(small, input_side=1024).size == (512, 256)
