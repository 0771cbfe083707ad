"""Regions drawn on a picture, as the entries of a preset's file."""

from collections.abc import Sequence
from typing import Any

from inspector_app.domain.check_document import check_document
from inspector_app.domain.gesture import Roi
from inspector_app.domain.shape import ShapeKind


def region_entries(rois: Sequence[Roi], *, size: tuple[int, int]) -> list[dict[str, Any]]:
    """What a preset says of regions: shape, name, question, rule, colour, lock.

    Args:
        rois: As they are drawn; those that lie outside of the picture are left out.
        size: (width, height) of the picture: places are told in per cent of it.
    """
    return [_entry(roi, size) for roi in rois if roi.shape.bounds(size) is not None]


def _entry(roi: Roi, size: tuple[int, int]) -> dict[str, Any]:
    """A region as a preset's file has it; entries that say nothing are left out."""
    shape = roi.shape
    (x0, y0), (x1, y1) = shape.points if shape.kind is ShapeKind.RECTANGLE else _ends(shape.points)
    said: dict[str, Any] = {"box": _percent((x0, y0, x1, y1), size), "unit": "percent"}
    if shape.kind is ShapeKind.POLYGON:
        said["corners"] = [_percent(corner, size) for corner in shape.points]
    words = {
        "name": roi.name,
        "question": roi.question,
        "expected": list(roi.expected) if roi.question else [],
        "checks": [check_document(check) for check in roi.checks],
        "angle": round(shape.angle, 3),
        "locked": roi.is_locked,
    }
    return said | {name: value for name, value in words.items() if value} | {"colour": roi.colour}


def _percent(sides: Sequence[float], size: tuple[int, int]) -> list[float]:
    """Pixels, x and y in turn, in per cent of a picture of (width, height)."""
    return [round(100 * side / size[at % 2], 4) for at, side in enumerate(sides)]


def _ends(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))
