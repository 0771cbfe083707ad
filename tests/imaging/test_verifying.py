"""Where a window shows a thing, and when that has to be looked at once more."""

import numpy as np
import pytest

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.verifying import checked, settled
from tests.fakes.look import finish
from tests.fakes.oracle import CELLS, Oracle

ASKED = "Is there a label?"
SIZE = (900, 700)
WINDOW = Region(400, 300, 520, 420)


class Exact(Oracle):
    """It looks at every cell that a thing covers, not at its middle alone."""

    def _heat(self, part, *, idle):
        grid = TokenGrid(CELLS, CELLS, *map(float, part.box))
        values = np.ones((CELLS, CELLS), np.float32)
        wide, high = grid.cell
        for row, col in np.ndindex(values.shape):
            x, y = part.x0 + (col + 0.5) * wide, part.y0 + (row + 0.5) * high
            if not idle and any(thing.covers(x, y) for thing in self.things):
                values[row, col] = 30.0
        return AttentionMap(values, grid, "attention", layer=self.layer)


def look_at(*things, window=WINDOW, input_side=140):
    """The place that is cut in the end, and how many parts were asked about."""
    look = Exact(SIZE, *things, input_side=input_side)
    heard = finish(checked([window], ASKED, size=SIZE, look=look, enough=1))
    (place,) = finish(settled(heard, ASKED, size=SIZE, look=look))
    return place, len(look.asked)


def test_what_lies_whole_in_a_window_seen_pixel_by_pixel_is_asked_about_once():
    thing = Region(436, 340, 476, 368)

    place, asked = look_at(thing)

    assert asked == 1
    # As close as any search cuts: 0.7 of the 140 pixels that the model takes, about the thing.
    assert place.size == (98, 98)
    assert abs(place.center[0] - 456) <= 12
    assert abs(place.center[1] - 354) <= 12


def test_what_reaches_from_edge_to_edge_is_looked_at_in_a_larger_part():
    thing = Region(380, 340, 560, 390)

    place, asked = look_at(thing)

    assert asked > 1
    assert place.intersection(thing) == thing


@pytest.mark.parametrize("corner", [(0, 0), (780, 580)])
def test_a_place_at_the_edge_of_the_picture_stays_inside(corner):
    x, y = corner
    thing = Region(x + 12, y + 12, x + 60, y + 48)

    place, asked = look_at(thing, window=Region(x, y, x + 120, y + 120))

    assert asked == 1
    assert place.clipped(SIZE) == place
    assert place.intersection(thing) == thing


def test_a_window_that_is_seen_smaller_than_it_is_is_searched_as_before():
    thing = Region(436, 340, 476, 368)

    place, asked = look_at(thing, window=Region(300, 200, 620, 520))

    assert asked == 1
    assert place.covers(*thing.center)
    assert place.size == (98, 98)


def test_a_flat_map_tells_nothing_about_where_it_ends():
    look = Exact(SIZE, input_side=140)

    (one,) = finish(checked([WINDOW], ASKED, size=SIZE, look=look, enough=1))

    assert one.region == WINDOW
    assert one.fills
