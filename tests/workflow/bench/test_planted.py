"""Planted things in large scenes: what counts as found, and as told twice."""

import pytest

from inspector_app.domain.region import Region
from inspector_app.workflow.bench.planted import Found, run
from tests.fakes.steps import finish


def test_a_thing_is_found_where_a_box_holds_its_middle():
    found = Found("plate")
    target = Region(40, 40, 60, 60)

    found.add([Region(0, 0, 40, 40), Region(45, 45, 100, 100)], target, ms=1.0)
    found.add([Region(0, 0, 49, 100)], target, ms=1.0)
    found.add([], target, ms=1.0)

    assert (found.things.right, found.things.asked) == (1, 3)
    assert found.boxes == [2, 1, 0]


def test_the_largest_overlap_of_two_boxes_is_kept():
    found = Found("plate")
    boxes = [Region(0, 0, 10, 10), Region(5, 0, 15, 10), Region(100, 100, 110, 110)]

    found.add(boxes, Region(0, 0, 4, 4), ms=1.0)

    # Half of each is shared: 50 of 150 pixels.
    assert found.overlaps == [pytest.approx(1 / 3)]


def test_every_scene_is_searched_in_tiles(tiny_folder):
    told = finish(run(scenes=1, model=str(tiny_folder), trades=("plate",), side=600))

    (of_plates,) = told.found
    assert of_plates.things.asked == len(of_plates.boxes) == 1
    assert told.overlap <= 0.5
    assert any("Found:" in line for line in told.lines())
    assert told.as_json()["trades"][0]["planted"] == 1
