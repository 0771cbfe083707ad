"""Parts of parts cover everything, and small things lie whole in one of them."""

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.region import Region
from inspector_app.imaging.quarters import quarters, scaled_tiles

SIDES = st.integers(1, 400)


def covered(parts, whole):
    edges_x = sorted({edge for part in parts for edge in (part.x0, part.x1)} | {whole.x0, whole.x1})
    edges_y = sorted({edge for part in parts for edge in (part.y0, part.y1)} | {whole.y0, whole.y1})
    return all(
        any(part.covers(x, y) for part in parts)
        for x in edges_x[:-1]
        for y in edges_y[:-1]
        if whole.covers(x, y)
    )


@given(SIDES, SIDES)
def test_quarters_cover_the_part_and_stay_inside(width, height):
    whole = Region.whole((width, height))

    parts = quarters(whole, within=(width, height))

    assert covered(parts, whole)
    assert all(part.clipped((width, height)) == part for part in parts)
    assert 1 <= len(parts) <= 4


def test_quarters_are_smaller_than_what_they_divide():
    part, count = Region.whole((4000, 3000)), 0
    while max(part.size) > 140:
        children = quarters(part, within=(4000, 3000))
        assert all(child.area < part.area for child in children)
        part, count = children[0], count + 1

    assert count <= 8


def test_long_parts_are_cut_into_a_row_of_four():
    wide = quarters(Region(0, 0, 800, 400), within=(800, 400), margin=0)
    high = quarters(Region(0, 0, 400, 800), within=(400, 800), margin=0)
    square = quarters(Region(0, 0, 799, 400), within=(800, 400), margin=0)

    assert [part.box for part in wide] == [
        (0, 0, 200, 400), (200, 0, 400, 400), (400, 0, 600, 400), (600, 0, 800, 400),
    ]  # fmt: skip
    assert {part.size for part in high} == {(400, 200)}
    assert [part.y0 for part in square] == [0, 0, 200, 200]


@given(SIDES, SIDES, st.sampled_from([1.0, 1.5, 2.0, 3.0, 4.0, 8.0]), st.data())
def test_what_is_small_lies_whole_in_a_tile(width, height, scale, data):
    tiles = scaled_tiles((width, height), scale=scale, overlap=0.25)

    assert covered(tiles, Region.whole((width, height)))
    assert len({tile.size for tile in tiles}) == 1
    # Rounding may take a pixel of the overlap.
    least = [max(1, int(side * 0.25) - 1) for side in tiles[0].size]
    small_wide, small_high = min(least[0], width), min(least[1], height)
    x = data.draw(st.integers(0, width - small_wide))
    y = data.draw(st.integers(0, height - small_high))
    small = Region(x, y, x + small_wide, y + small_high)
    assert any(tile.intersection(small) == small for tile in tiles)


def test_the_first_scale_is_the_whole_picture():
    assert scaled_tiles((300, 200), scale=1) == (Region(0, 0, 300, 200),)
    assert len(scaled_tiles((4000, 4000), scale=2)) == 9
    assert len(scaled_tiles((4000, 4000), scale=4)) == 25
