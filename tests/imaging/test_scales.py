"""Places shown at several scales: boxes computed by hand."""

from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.imaging.scales import at_scales


def found(*boxes):
    return tuple(ScoredRegion(Region(*box), "manual", 0.5) for box in boxes)


def boxes(shown):
    return [one.region.box for one in shown]


def test_at_scale_one_nothing_is_added():
    places = found((0, 0, 100, 80))

    assert at_scales(places, (1.0,), overlap=0.5, most=4) == places


def test_the_middle_is_added_cut_twice_as_close():
    shown = at_scales(found((0, 0, 100, 80)), (1.0, 2.0), overlap=0.5, most=4)

    assert boxes(shown) == [(0, 0, 100, 80), (25, 20, 75, 60)]
    assert [one.score for one in shown] == [0.5, None]


def test_a_box_that_is_nearly_there_already_is_not_added():
    # The second place is the middle of the first: its box has an overlap of 1 with it.
    places = found((0, 0, 100, 80), (25, 20, 75, 60))

    shown = at_scales(places, (2.0,), overlap=0.5, most=4)

    assert boxes(shown) == [(0, 0, 100, 80), (25, 20, 75, 60)]


def test_what_overlaps_too_much_depends_on_the_limit():
    # 64 x 64 within 80 x 80: intersection over union 0.64.
    places = found((0, 0, 80, 80))

    assert len(at_scales(places, (1.25,), overlap=0.63, most=4)) == 1
    assert len(at_scales(places, (1.25,), overlap=0.65, most=4)) == 2


def test_places_are_never_dropped_and_closer_cuts_fill_the_room_best_first():
    places = found((0, 0, 100, 100), (200, 0, 300, 100), (400, 0, 500, 100))

    assert boxes(at_scales(places, (2.0,), overlap=0.5, most=4))[3:] == [(25, 25, 75, 75)]
    assert at_scales(places, (2.0,), overlap=0.5, most=2) == places


def test_a_cut_too_small_to_show_anything_is_left_out():
    assert len(at_scales(found((0, 0, 100, 60)), (2.0,), overlap=0.5, most=4)) == 1
