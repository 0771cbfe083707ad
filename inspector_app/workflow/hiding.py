"""Records as they are told to people who are not to know whose picture it is."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.exchange import Writing
from inspector_app.domain.exporting import KnownMasks, box_words, check_masks
from inspector_app.domain.frame import Frame, Pixels, Provenance, Values
from inspector_app.domain.inspection import (
    BOXES_PAINTED_OVER,
    PAINTED_OVER,
    PIXELS_LEFT_OUT,
    WRITING_PAINTED_OVER,
    Inspection,
    ShownView,
    nameless,
)
from inspector_app.domain.locator import split
from inspector_app.domain.measure import picture_key
from inspector_app.domain.region import Region
from inspector_app.imaging import windowing
from inspector_app.imaging.writing import lines_of_writing
from inspector_app.store.records import Store
from inspector_app.workflow.open import open_picture

LEAST_LETTERS = 3
"""A shorter line names nobody."""


def as_told(
    inspection: Inspection,
    frame: Frame | None,
    *,
    hides_patient: bool,
    masks: Sequence[Region] | None,
) -> tuple[Inspection, Frame | None]:
    """A record and its picture as a report tells of them: names left out, boxes painted over.

    What was done to them is said in the notes of the record.
    """
    if hides_patient:
        return hidden(inspection, frame, masks=masks)
    if not (masks := masks_in(inspection.size, masks)):
        return inspection, frame
    found, frame = painted_over(inspection, frame, masks=masks)
    return replace(found, notes=(*found.notes, BOXES_PAINTED_OVER)), frame


def hidden(
    inspection: Inspection, frame: Frame | None, *, masks: Sequence[Region] | None = None
) -> tuple[Inspection, Frame | None]:
    """A record and its picture without what tells who the patient is.

    Pixels in which a name is likely to be written are left out, and in others what looks like
    writing is painted over, unless somebody looked and said where there is some.

    Args:
        inspection: The record.
        frame: The picture, or None where its file is gone.
        masks: Boxes that are painted over in Frame pixels; None where nobody looked for writing,
            nor did who names only boxes outside of it.
    """
    note = PAINTED_OVER
    masks = masks_in(inspection.size, masks)
    if masks is None:
        source, note = inspection.provenance, WRITING_PAINTED_OVER
        # Only what can say something is read from the disk.
        file = original_of(source) if source.media == "DICOM" else None
        said = writing_said_of(source.media, file)
        if said is Writing.LIKELY:
            views = tuple(replace(view, pixels=None) for view in inspection.views)
            return replace(nameless(inspection, note=PIXELS_LEFT_OUT), views=views), None
        masks = tuple(_writing(inspection, frame)) if said is Writing.UNKNOWN else ()
    if not masks:
        return nameless(inspection), frame
    found, frame = painted_over(inspection, frame, masks=masks)
    return nameless(found, note=note), frame


def masks_in(size: tuple[int, int], masks: Sequence[Region] | None) -> tuple[Region, ...] | None:
    """What somebody who looked at several pictures said of one of (width, height).

    Returns:
        The boxes that lie in it, cut at its edges; None where all lie outside: of this picture
        nothing was said then.
    """
    if not masks:
        return None if masks is None else ()
    return tuple(box for mask in masks if (box := mask.clipped(size)) is not None) or None


def masks_of(
    inspection: Inspection, masks: Sequence[Region] | None, *, known: KnownMasks
) -> tuple[Region, ...] | None:
    """What somebody said of the picture of a record, of it alone or of several.

    Args:
        inspection: The record.
        masks: Said of several pictures, in Frame pixels; None where nobody looked.
        known: Said of single ones.

    Returns:
        All boxes that lie in it; None where nobody looked for writing in this one.
    """
    source = inspection.provenance
    own = dict(known).get(picture_key(source.sha256, source.locator))
    told = masks_in(inspection.size, masks)
    if own is None:
        return told
    return tuple(dict.fromkeys((*own, *(told or ()))))


def check_masks_of(store: Store, numbers: Sequence[int], masks: Sequence[Region] | None) -> None:
    """Refuse a box that lies in none of the pictures: nothing would be painted over.

    Args:
        store: Of the records.
        numbers: Of the records; no more of them are opened than it takes to know.
        masks: Boxes in Frame pixels.

    Raises:
        WrongUse: there is one, or no such record.
        UnreadableRecord: a record is damaged.
    """
    left = tuple(masks or ())
    for number in numbers:
        if not left:
            return
        size = store.open(number).size
        if len(numbers) == 1:
            check_masks(left, size=size)
        left = tuple(box for box in left if box.clipped(size) is None)
    if left:
        raise WrongUse(
            f'"{box_words(left[0])}" lies outside of all these pictures.',
            hint="Write x0,y0,x1,y1 in their pixels.",
        )


def painted_over(
    inspection: Inspection, frame: Frame | None, *, masks: Sequence[Region]
) -> tuple[Inspection, Frame | None]:
    """A record and its picture with boxes of the Frame made black wherever they are shown."""
    views = tuple(_painted_view(view, masks) for view in inspection.views)
    if frame is not None:
        pixels = _painted(frame.pixels, frame.region, masks=masks)
        frame = replace(frame, pixels=pixels, values=None)
    return replace(inspection, views=views), frame


def writing_said_of(media: str, file: Path | None) -> Writing:
    """Whether there is writing in the pixels of a picture, by what its DICOM file says.

    Of other formats nothing is known. Source: DICOM PS3.15 E.3.1, Clean Pixel Data Option.

    Args:
        media: Short name of the picture's format.
        file: The very file, or None where it is gone or has changed: it cannot be asked, so
            writing is likely.
    """
    if media != "DICOM":
        return Writing.UNKNOWN
    if file is None:
        return Writing.LIKELY
    from inspector_app.exports.dicom.burned import writing_in_file  # noqa: PLC0415  heavy

    return writing_in_file(file)


def _writing(inspection: Inspection, frame: Frame | None) -> Iterator[Region]:
    """Boxes of the Frame in which something looks like a line of letters."""
    for pixels, region in _searched(inspection, frame):
        across, down = region.width / pixels.shape[1], region.height / pixels.shape[0]
        for line in lines_of_writing(pixels):
            if line.letters < LEAST_LETTERS:
                continue
            # Ends of a line may be too faint to be seen as such.
            more, box = line.box.height // 2, line.box
            yield Region(
                region.x0 + math.floor(max(0, box.x0 - more) * across),
                region.y0 + math.floor(max(0, box.y0 - more) * down),
                region.x0 + math.ceil((box.x1 + more) * across),
                region.y0 + math.ceil((box.y1 + more) * down),
            )


def _searched(inspection: Inspection, frame: Frame | None) -> list[tuple[Pixels, Region]]:
    """Pixels in which writing is looked for, and what of the Frame they show.

    Source values are searched over all of their range: a narrow window turns the noise of soft
    tissue into something like letters and would have anatomy painted over, and lets writing vanish
    in bone that it shows white, too.
    """
    values = _values_of(inspection, frame)
    if values is not None:
        whole = windowing.shown(values, windowing.automatic_window(values))
        return [(windowing.grey_to_rgb(whole), Region(0, 0, *inspection.size))]
    found = [(view.pixels, view.region) for view in inspection.views if view.pixels is not None]
    return found if frame is None else [*found, (frame.pixels, frame.region)]


def _values_of(inspection: Inspection, frame: Frame | None) -> Values | None:
    """The (H, W) source values, from the picture's own file where they are not at hand."""
    if frame is not None and frame.values is not None:
        return frame.values
    source = inspection.provenance
    # Only what was shown through a window has values of its own.
    if source.window is None or original_of(source) is None:
        return None
    try:
        values = open_picture(source.locator).values
    except InspectorError:
        return None
    width, height = inspection.size
    return values if values is not None and values.shape == (height, width) else None


def original_of(source: Provenance) -> Path | None:
    """The very file that was inspected, or None."""
    file = Path(split(source.locator)[0])
    try:
        return file if file.is_file() and sha256_of(file) == source.sha256 else None
    except (OSError, ValueError):
        return None


def sha256_of(file: Path) -> str:
    """Of the bytes of a file, lower-case hex.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _painted_view(view: ShownView, masks: Sequence[Region]) -> ShownView:
    if view.pixels is None:
        return view
    return replace(view, pixels=_painted(view.pixels, view.region, masks=masks))


def _painted(pixels: Pixels, shown: Region, *, masks: Sequence[Region]) -> Pixels:
    """(h, w, 3) pixels of a region, at any scale, with boxes of the Frame made black."""
    height, width = pixels.shape[:2]
    across, down = width / shown.width, height / shown.height
    found: Pixels = np.array(pixels)
    for mask in masks:
        box = mask.intersection(shown)
        if box is None:
            continue
        x0, x1 = (box.x0 - shown.x0) * across, (box.x1 - shown.x0) * across
        y0, y1 = (box.y0 - shown.y0) * down, (box.y1 - shown.y0) * down
        # Rather a pixel too much than half a letter, which resampling may have moved.
        rows = slice(max(0, int(y0) - 1), int(np.ceil(y1)) + 1)
        found[rows, max(0, int(x0) - 1) : int(np.ceil(x1)) + 1] = 0
    found.flags.writeable = False
    return found
