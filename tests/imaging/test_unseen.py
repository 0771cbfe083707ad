"""The next part to look at is the one that shows most of what no part has shown."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.region import Region
from inspector_app.imaging.quarters import scaled_tiles
from inspector_app.imaging.unseen import unseen_first

SIZE = (480, 120)
LEFT, MIDDLE, RIGHT = (Region(x, 0, x + 240, 120) for x in (0, 120, 240))


def heat(*rows):
    values = np.array(rows, np.float32)
    grid = TokenGrid(*values.shape, 0, 0, *map(float, SIZE))
    return AttentionMap(values, grid, "attention", layer=0)


def order(*, refused=(), found=None, parts=(LEFT, MIDDLE, RIGHT)):
    return unseen_first(parts, refused=refused, found=found, size=SIZE)


def test_what_overlaps_comes_after_what_does_not():
    assert order() == (LEFT, RIGHT, MIDDLE)


def test_parts_that_were_refused_are_not_shown_again_first():
    assert order(refused=[LEFT]) == (RIGHT, LEFT, MIDDLE)
    # 60 pixels of the left and 180 of the middle one are new, all of the right one is.
    assert order(refused=[Region(0, 0, 180, 120)]) == (RIGHT, LEFT, MIDDLE)


def test_the_map_draws_the_order_to_where_it_is_hot():
    assert order(found=heat([0, 0, 0, 9])) == (RIGHT, LEFT, MIDDLE)
    assert order(found=heat([0, 9, 9, 0]))[0] == MIDDLE


def test_heat_under_refused_parts_counts_no_more():
    hot = heat([9, 0, 0, 0])

    assert order(found=hot)[0] == LEFT
    assert order(found=hot, refused=[Region(0, 0, 120, 120)])[0] == MIDDLE


def test_a_map_that_says_nothing_changes_nothing():
    for found in (heat([0, 0, 0, 0]), heat([5, 5, 5, 5])):
        assert order(found=found) == order()


def test_each_next_part_holds_most_pixels_that_none_before_it_held():
    size = (240, 240)
    parts = scaled_tiles(size, scale=3)
    refused = [Region(40, 40, 120, 120)]
    seen = np.zeros((240, 240), bool)
    seen[40:120, 40:120] = True

    found = unseen_first(parts, refused=refused, found=None, size=size)

    for at, part in enumerate(found):
        new = [(~seen[one.y0 : one.y1, one.x0 : one.x1]).sum() for one in found[at:]]
        assert new[0] >= max(new) - 1e-6, (at, part)
        seen[part.y0 : part.y1, part.x0 : part.x1] = True
    assert len(found) == len(parts)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 80)), max_size=5),
    st.integers(0, 3),
)
def test_every_part_comes_exactly_once(spans, refused):
    parts = [Region(x, 0, x + wide, 100) for x, wide in spans]

    found = order(parts=parts, refused=parts[:refused], found=heat([1, 4, 0, 2]))

    assert sorted(found, key=lambda one: one.box) == sorted(parts, key=lambda one: one.box)
    assert all(one in itertools.chain(parts) for one in found)
