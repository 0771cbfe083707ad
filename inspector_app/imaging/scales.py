"""The same places shown at several scales, boxes that come to the same made one."""

from collections.abc import Sequence
from dataclasses import replace

from inspector_app.domain.region import Region, ScoredRegion

LEAST_SIDE = 32
"""Boxes with a shorter side, in pixels, show too little to be worth a crop."""


def at_scales(
    found: Sequence[ScoredRegion], scales: Sequence[float], *, overlap: float, most: int
) -> tuple[ScoredRegion, ...]:
    """The places that were found, each also cut closer.

    The places come first and none is dropped: what belongs to a region drawn by hand is told
    by its number. Cuts about their middles follow, those of the best place first, without any
    that overlaps a box before it too much: greedy non-maximum suppression in that order.

    Args:
        found: Best first.
        scales: How many times larger each is shown; 1 is the place itself.
        overlap: Intersection over union above which two boxes are one.
        most: So many boxes at most; places are kept even where they are more.
    """
    shown = list(found)
    for scale in sorted({scale for scale in scales if scale > 1}):
        for one in found:
            box = _closer(one.region, scale)
            if box is None or len(shown) >= most:
                continue
            if all(box.iou(other.region) <= overlap for other in shown):
                shown.append(replace(one, region=box, score=None))
    return tuple(shown)


def _closer(place: Region, scale: float) -> Region | None:
    """The middle of a place, its sides divided by `scale`; None where that is too small."""
    width, height = round(place.width / scale), round(place.height / scale)
    if min(width, height) < LEAST_SIDE:
        return None
    left = place.x0 + (place.width - width) // 2
    top = place.y0 + (place.height - height) // 2
    return Region(left, top, left + width, top + height)
