"""Boxes as models write them: exact to half a bin, and no text is too odd."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector_app.domain.coordinates import Coordinates, boxes_in, regions_in, written
from inspector_app.domain.region import Region

SIZE = (1920, 1080)
SHOWN = (1036, 588)


@st.composite
def pictures_with_boxes(draw):
    width, height = draw(st.integers(1, 9000)), draw(st.integers(1, 9000))
    x0, y0 = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    x1, y1 = draw(st.integers(x0 + 1, width)), draw(st.integers(y0 + 1, height))
    shown = draw(st.integers(28, 2000)), draw(st.integers(28, 2000))
    return (width, height), Region(x0, y0, x1, y1), shown


@settings(max_examples=300, deadline=None)
@given(pictures_with_boxes(), st.sampled_from(list(Coordinates)))
def test_what_is_written_reads_back_to_half_a_bin(drawn, how):
    size, region, shown = drawn

    found = boxes_in(
        written(region, how=how, size=size, shown=shown), how=how, size=size, shown=shown
    )

    # A box thinner than a bin may vanish: both edges are then the same number.
    bins = {
        Coordinates.ABSOLUTE: shown,
        Coordinates.THOUSAND: (1000, 1000),
        Coordinates.UNIT: (1000, 1000),
        Coordinates.BINS: (999, 999),
    }[how]
    half = [size[0] / bins[0] / 2, size[1] / bins[1] / 2] * 2
    if not found:
        assert region.width <= 2 * half[0] or region.height <= 2 * half[1]
        return
    for edge, true, most in zip(found[0], region.box, half, strict=True):
        assert abs(edge - true) <= most * (1 + 1e-9) + 1e-9


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.sampled_from(list(Coordinates)))
def test_no_text_raises(text, how):
    for region in regions_in(text, how=how, size=SIZE, shown=SHOWN):
        assert region.clipped(SIZE) == region


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="[](){}<>,.:;-+eEbin_xy0123456789 \"'|\n\u0663", max_size=120),
    st.sampled_from(list(Coordinates)),
)
def test_no_nearly_right_text_raises(text, how):
    for region in regions_in(text, how=how, size=SIZE, shown=SHOWN):
        assert region.clipped(SIZE) == region


def test_text_of_any_length_is_read_in_time():
    for text in ("[" * 100_000, "1 " * 100_000, "1," * 100_000, "<bin_1>" * 50_000, "x_" * 90_000):
        for how in Coordinates:
            regions_in(text, how=how, size=SIZE, shown=SHOWN)


@pytest.mark.parametrize(
    ("text", "how", "region"),
    [
        ("[100, 200, 300, 400]", Coordinates.THOUSAND, Region(192, 216, 576, 432)),
        ('{"bbox_2d": [100, 200, 300, 400], "label": "a"}', Coordinates.THOUSAND,
         Region(192, 216, 576, 432)),
        ("<|box_start|>(100,200),(300,400)<|box_end|>", Coordinates.THOUSAND,
         Region(192, 216, 576, 432)),
        ("<box>100 200 300 400</box>", Coordinates.THOUSAND, Region(192, 216, 576, 432)),
        ('{"x0": 100, "y0": 200, "x1": 300, "y1": 400}', Coordinates.THOUSAND,
         Region(192, 216, 576, 432)),
        ("The box is [0.1, 0.2, 0.3, 0.4].", Coordinates.UNIT, Region(192, 216, 576, 432)),
        ("[.1,.2,.3,.4]", Coordinates.UNIT, Region(192, 216, 576, 432)),
        ("[518, 294, 1036, 588]", Coordinates.ABSOLUTE, Region(960, 540, 1920, 1080)),
        ("<bin_0> <bin_0> <bin_999> <bin_999>", Coordinates.BINS, Region(0, 0, 1920, 1080)),
        # Corners in the other order, and outside of the picture.
        ("[300, 400, 100, 200]", Coordinates.THOUSAND, Region(192, 216, 576, 432)),
        ("[-50, 500, 2000, 600]", Coordinates.THOUSAND, Region(0, 540, 1920, 648)),
    ],
)  # fmt: skip
def test_the_usual_ways_of_writing_are_understood(text, how, region):
    assert regions_in(text, how=how, size=SIZE, shown=SHOWN) == (region,)


@pytest.mark.parametrize(
    "text",
    [
        "", "I cannot see it.", "[1, 2, 3]", "[nan, 1, 2, 3]", "[1e999, 2, 3, 4e5]",
        "[500, 500, 500, 500]", "{}", "[[[[", "\u0661 \u0662 \u0663 \u0664", "9" * 500,
    ],
)  # fmt: skip
def test_text_without_a_box_gives_none(text):
    assert regions_in(text, how=Coordinates.THOUSAND, size=SIZE, shown=SHOWN) == ()


def test_several_boxes_come_in_order_and_once():
    text = "[0, 0, 100, 100], [500, 500, 600, 600] and again [0, 0, 100, 100]"

    assert regions_in(text, how=Coordinates.THOUSAND, size=(1000, 1000), shown=SHOWN) == (
        Region(0, 0, 100, 100),
        Region(500, 500, 600, 600),
    )


def test_boxes_over_padding_are_moved_to_where_they_lie():
    # A 1000 x 500 picture, padded to a square above and below.
    found = regions_in(
        "[0, 500, 1000, 750]",
        how=Coordinates.THOUSAND,
        size=(1000, 500),
        shown=(336, 336),
        over=(0.0, -250.0, 1000.0, 750.0),
    )

    assert found == (Region(0, 250, 1000, 500),)
