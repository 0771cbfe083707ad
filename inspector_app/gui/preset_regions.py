"""Regions drawn on a picture, as the entries of a preset's file, and kept in one."""

from collections.abc import Sequence
from typing import Any

from inspector_app.domain.check_document import check_document
from inspector_app.domain.gesture import Roi
from inspector_app.domain.shape import ShapeKind
from inspector_app.gui.dialogs.preset_texts import with_value
from inspector_app.gui.facts import MANUAL
from inspector_app.gui.presets import Presets
from inspector_app.gui.session import Session


def region_entries(
    rois: Sequence[Roi], *, size: tuple[int, int], in_pixels: bool = False
) -> list[dict[str, Any]]:
    """What a preset says of regions: shape, name, question, rule, colour, lock.

    Args:
        rois: As they are drawn; those that lie outside of the picture are left out.
        size: (width, height) of the picture.
        in_pixels: Tell places in pixels, as on a template picture, which is never scaled; else
            in per cent of the picture.
    """
    inside = (roi for roi in rois if roi.shape.bounds(size) is not None)
    return [_entry(roi, None if in_pixels else size) for roi in inside]


def keep_regions(presets: Presets, session: Session, *, name: str, follows: bool) -> bool:
    """Keep the regions of the open picture in a preset, and go on working by it.

    Args:
        presets: Where it is kept; one that is not there yet is made.
        session: With the open picture.
        name: Of the preset.
        follows: Whether the picture is kept with it, as that by which the part is found.

    Returns:
        Whether there was anything to keep.

    Raises:
        WrongUse: the name cannot be a file's name, or the preset would have faults.
        CannotWrite: the folder refuses.
    """
    picture = session.picture
    if picture is None:
        return False
    entries = region_entries(session.regions.all, size=picture.size, in_pixels=follows)
    if not entries:
        return False
    document = with_value(_document(presets, session, name), "regions.rois", entries)
    document = with_value(document, "look.strategy", MANUAL)
    kept = presets.shelf.take_picture(name, picture.locator) if follows else ""
    template = {"picture": kept} if kept else None
    presets.shelf.keep(name, with_value(document, "regions.template_picture", template))
    presets.refresh()
    presets.choose(name)
    return True


def _document(presets: Presets, session: Session, name: str) -> dict[str, Any]:
    """What a preset says now; of a new one, what is chosen in the window."""
    if (entry := presets.entry(name)) is not None:
        return dict(entry.document)
    version = next((one.document["schema_version"] for one in presets.entries), 1)
    look = {"strategy": MANUAL, "each_crop": session.options.each_crop}
    prompt = {"question": session.question.strip()}
    return {"schema_version": version, "title": name, "look": look, "prompt": prompt}


def _entry(roi: Roi, size: tuple[int, int] | None) -> dict[str, Any]:
    """A region as a preset's file has it; entries that say nothing are left out."""
    shape = roi.shape
    (x0, y0), (x1, y1) = shape.points if shape.kind is ShapeKind.RECTANGLE else _ends(shape.points)
    box = (x0, y0, x1, y1)
    if size is None and shape.kind is ShapeKind.RECTANGLE and not shape.angle:
        # An upright box in pixels has whole edges.
        box = shape.snapped().points[0] + shape.snapped().points[1]
    said: dict[str, Any] = {"box": _told(box, size), "unit": "percent" if size else "pixels"}
    if shape.kind is ShapeKind.POLYGON:
        said["corners"] = [_told(corner, size) for corner in shape.points]
    words = {
        "name": roi.name,
        "question": roi.question,
        "expected": list(roi.expected) if roi.question else [],
        "checks": [check_document(check) for check in roi.checks],
        "angle": round(shape.angle, 3),
        "locked": roi.is_locked,
    }
    return said | {name: value for name, value in words.items() if value} | {"colour": roi.colour}


def _told(sides: Sequence[float], size: tuple[int, int] | None) -> list[float]:
    """Pixels, x and y in turn; in per cent of a picture of (width, height) where one is given."""
    if size is None:
        return [round(side, 3) for side in sides]
    return [round(100 * side / size[at % 2], 4) for at, side in enumerate(sides)]


def _ends(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))
