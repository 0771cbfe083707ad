"""How many crops are shown: scales, and a budget of tokens."""

from dataclasses import dataclass

import numpy as np
import pytest

from inspector_app.domain.frame import View
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.workflow.cropping import (
    Intake,
    crops_shown,
    legible,
    most_crops,
    room_for_crops,
    shown_region,
)
from inspector_app.workflow.looking import ModelLook
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeModel
from tests.fakes.steps import walk
from tests.workflow.conftest import PEAK, SEARCHES, TWO, Told, manual

PLACES = tuple(ScoredRegion(Region(at, 0, at + 100, 100), "manual") for at in (0, 200))


@dataclass
class Sized:
    picture_tokens: int = 100


class Keeping(FakeModel):
    """Neither squashes nor cuts what it is shown."""

    keeps_shape = True


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

    assert legible(thin, intake=Intake(1024)).pixels is thin.pixels
    assert legible(small, intake=Intake(1024)).size == (512, 256)


SHAPES = Intake(1024, keeps_shape=True)


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        ((100, 100, 200, 120), (100, 98, 200, 123)),  # 5 : 1, widened to 4 : 1
        ((100, 100, 180, 120), (100, 100, 180, 120)),
        ((100, 0, 110, 100), (93, 0, 118, 100)),
        ((0, 40, 400, 60), (0, 0, 400, 100)),
        ((10, 10, 50, 50), (10, 10, 50, 50)),
    ],
)
def test_where_shapes_are_kept_a_line_of_text_stays_a_line(box, shown):
    found = shown_region(Region(*box), size=(400, 300), intake=SHAPES)

    assert found.box == shown


def test_where_shapes_are_kept_a_part_gets_the_pixels_of_the_least_square():
    def enlarged(width, height):
        part = View(np.zeros((height, width, 3), np.uint8), Region(0, 0, width, height))
        return legible(part, intake=SHAPES).size

    # 512 x 512 = 1024 x 256.
    assert enlarged(400, 100) == (1024, 256)
    assert enlarged(30, 30) == (512, 512)
    assert enlarged(100, 200) == (362, 724)
    # Strips at the edge of a picture end at the longer side; what is large enough stays.
    assert enlarged(1000, 1) == (1024, 1)
    assert enlarged(1200, 240) == (1200, 240)
    assert enlarged(600, 500) == (600, 500)


def test_a_model_that_does_not_tell_is_taken_to_squash():
    assert Intake.of(FakeModel(input_side=700)) == Intake(700)
    assert Intake.of(Keeping(input_side=700)) == Intake(700, keeps_shape=True)


def test_a_drawn_line_of_text_is_shown_as_a_line_where_shapes_are_kept():
    wide = Region(100, 100, 200, 125)

    shown = [
        Told(kind(input_side=1024), size=(1200, 900), **manual(wide)).found.views[1]
        for kind in (FakeModel, Keeping)
    ]

    assert [view.region.box for view in shown] == [(100, 63, 200, 163), wide.box]
    assert [view.size for view in shown] == [(512, 512), (1024, 256)]
