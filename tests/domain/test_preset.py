"""Regions of a preset on pictures of any size."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.preset import FixedRegion, Options, Preset
from inspector_app.domain.region import Region

SIDES = st.integers(1, 20_000)
SHARES = st.floats(0, 100, allow_nan=False)


def test_a_region_in_pixels_is_the_same_on_every_picture():
    assert FixedRegion((1, 2, 30, 40)).on((5, 5)) == Region(1, 2, 30, 40)


@pytest.mark.parametrize(
    ("box", "size", "region"),
    [
        ((0, 0, 100, 100), (640, 480), Region(0, 0, 640, 480)),
        ((25, 50, 75, 100), (640, 480), Region(160, 240, 480, 480)),
        ((0, 0, 0.001, 0.001), (640, 480), Region(0, 0, 1, 1)),
        ((99.999, 99.999, 100, 100), (3, 3), Region(2, 2, 3, 3)),
    ],
)
def test_a_region_in_per_cent_follows_the_picture(box, size, region):
    assert FixedRegion(box, unit="percent").on(size) == region


@given(SIDES, SIDES, SHARES, SHARES, SHARES, SHARES)
def test_a_region_in_per_cent_never_leaves_the_picture(width, height, x0, y0, x1, y1):
    if x0 >= x1 or y0 >= y1:
        return
    region = FixedRegion((x0, y0, x1, y1), unit="percent").on((width, height))

    assert region.clipped((width, height)) == region


def test_grey_windows_are_for_pictures_of_more_than_8_bits():
    preset = Preset("p", "P", "whole", Options(windows=("lung",)))

    assert preset.options_for((9, 9), is_deep=True).windows == ("lung",)
    assert preset.options_for((9, 9), is_deep=False).windows == ()


def test_a_record_says_which_preset_in_which_version_and_whether_it_was_left():
    preset = Preset("p", "P", "whole", Options(count=2), version="0a1b2c3d")
    laid = Options(count=2, rois=(Region(0, 0, 5, 5),), windows=("lung",))

    assert preset.note(strategy="whole", options=laid) == "preset p 0a1b2c3d"
    assert preset.note(strategy="manual", options=laid) == "preset p 0a1b2c3d, changed"
    assert preset.note(strategy="whole", options=Options()) == "preset p 0a1b2c3d, changed"
    # A preset without regions is used as it is meant where a person draws some.
    assert preset.note(strategy="whole", options=laid, is_redrawn=True) == "preset p 0a1b2c3d"
    fixed = replace(preset, rois=(FixedRegion((0, 0, 5, 5)),))
    assert fixed.note(strategy="whole", options=laid) == "preset p 0a1b2c3d"
    assert (
        fixed.note(strategy="whole", options=laid, is_redrawn=True) == "preset p 0a1b2c3d, changed"
    )
