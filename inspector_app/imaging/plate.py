"""The picture of a record, drawn from what the record holds: heat, boxes and letters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspector_app.domain.frame import Frame, Pixels
from inspector_app.domain.gesture import OwnFinding
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.region import Region
from inspector_app.domain.wording import tag
from inspector_app.imaging.overlays import Mark, Outline, annotate, heat_rgba, outlined

NO_PICTURE = "The record kept no picture and its file is gone or has changed."


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A picture to draw on.

    Attributes:
        pixels: (h, w, 3) uint8 RGB; all of the Frame, at its size or smaller.
        note: What a reader must know about where the pixels came from; "" where they are
            exactly those of the picture.
    """

    pixels: Pixels
    note: str = ""


def picture_of(inspection: Inspection, *, frame: Frame | None) -> Plate | None:
    """The whole picture: from the record where it kept every pixel, else from the file.

    Returns:
        None where the record kept no picture and the file is gone or has changed.
    """
    whole = next(
        (view for view in inspection.views if view.region == Region.whole(inspection.size)), None
    )
    kept = None if whole is None else whole.pixels
    if kept is not None and kept.shape[1::-1] == inspection.size:
        return Plate(kept)
    is_same = (
        frame is not None
        and frame.provenance.sha256 == inspection.provenance.sha256
        and frame.size == inspection.size
    )
    if frame is not None and is_same:
        return Plate(frame.pixels)
    if kept is None:
        return None
    changed = "" if frame is None else "The file has changed since. "
    return Plate(kept, f"{changed}Drawn on the smaller copy that the record kept.")


def crop_of(inspection: Inspection, index: int, *, plate: Plate | None) -> Pixels | None:
    """(h, w, 3) pixels that the model was shown for the region at `index`.

    Cut from `plate` where the record kept none; None where there is no plate either.
    """
    # The whole picture comes first; a long thin region is shown with its surroundings.
    shown = inspection.view_of(index)
    if shown is not None and shown.pixels is not None:
        return shown.pixels
    if plate is None:
        return None
    region = inspection.regions[index].region if shown is None else shown.region
    height, width = plate.pixels.shape[:2]
    x, y = width / inspection.size[0], height / inspection.size[1]
    x0, y0 = min(int(region.x0 * x), width - 1), min(int(region.y0 * y), height - 1)
    x1, y1 = max(x0 + 1, round(region.x1 * x)), max(y0 + 1, round(region.y1 * y))
    return plate.pixels[y0:y1, x0:x1]


def outlines(own: Sequence[OwnFinding]) -> list[Outline]:
    """What people found, numbered in the order in which reports tell of it."""
    return [
        Outline(one.shape.outline, is_closed=one.shape.has_area, tag=str(number))
        for number, one in enumerate(own, start=1)
    ]


def drawn(inspection: Inspection, plate: Plate, *, own: Sequence[OwnFinding] = ()) -> Pixels:
    """(h, w, 3): the plate with heat, the lettered boxes of the record, and what people found."""
    marks = [
        Mark(found.region, tag=tag(index), is_solid=found.origin == "manual")
        for index, found in enumerate(inspection.regions)
    ]
    shown = annotate(plate.pixels, marks, heat=inspection.map, frame_size=inspection.size)
    return outlined(shown, outlines(own), frame_size=inspection.size)


def heat_bar(size: tuple[int, int]) -> Pixels:
    """(h, w, 3): the colours of the heat from little on the left to much on the right."""
    ramp = np.linspace(0, 1, size[0], dtype=np.float32)[None]
    return np.ascontiguousarray(heat_rgba(ramp, size=size, smooth=False)[..., :3])
