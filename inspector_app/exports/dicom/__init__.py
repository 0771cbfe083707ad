"""DICOM: a Structured Report (TID 1500), the annotated picture, and the attention as a map.

highdicom is imported with the first picture, so that others need not wait.

    report    findings, regions and measurements
    pictures  secondary capture, parametric map
    identity  patients taken out (PS3.15 Basic Profile)
"""

import secrets
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from inspector_app.domain.exchange import Annotated
from inspector_app.domain.wording import tag
from inspector_app.files import write_whole
from inspector_app.imaging.overlays import Mark, annotate

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

TITLE = "DICOM (SR, secondary capture, parametric map)"


def write(
    pictures: Iterable[Annotated], folder: Path, *, with_pictures: bool = True
) -> tuple[str, ...]:
    """Write for each picture its report, and its images.

    A picture that is no DICOM file becomes a secondary capture of nobody, so that the report
    has something to point at. Where patients are hidden, UIDs are new and nothing but what is
    needed to show the image is kept of the source.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    secret = secrets.token_bytes(32)
    lost: dict[str, int] = {}
    for one in pictures:
        with warnings.catch_warnings():
            # pydicom warns of what was odd in the source already.
            warnings.simplefilter("ignore")
            for words in _write_one(one, folder, with_pictures=with_pictures, secret=secret):
                lost[words] = lost.get(words, 0) + 1
    return tuple(f"{words} ({count} pictures)" for words, count in lost.items())


def _write_one(
    one: Annotated, folder: Path, *, with_pictures: bool, secret: bytes
) -> Iterator[str]:
    """Write the files of one picture; yields what could not be."""
    from inspector_app.exports.dicom.identity import can_show_patient  # noqa: PLC0415  heavy
    from inspector_app.exports.dicom.pictures import (  # noqa: PLC0415  heavy
        file_bytes,
        parametric_map,
        secondary_capture,
    )
    from inspector_app.exports.dicom.report import structured_report  # noqa: PLC0415  heavy

    reference = _source(one, secret=secret)
    if reference is not None and one.is_nameless and can_show_patient(reference):
        yield "nothing, but writing in the pixels was not looked for and may name the patient"
    if reference is None:
        if one.pixels is None:
            yield "everything of a picture of which no record kept every pixel"
            return
        reference = secondary_capture(one.pixels, None, description="Picture", series=1)
    frames = int(reference.get("NumberOfFrames", 1) or 1)
    frame = one.page if frames > 1 else None
    if with_pictures:
        write_whole(folder / f"{one.name}-picture.dcm", file_bytes(reference))
    report = structured_report(one, reference, frame=frame)
    write_whole(folder / f"{one.name}-report.dcm", file_bytes(report))
    if not with_pictures or not one.filed:
        return
    inspection = one.filed[-1].inspection
    if one.pixels is not None:
        marks = [
            Mark(found.region, tag=tag(index), is_solid=found.origin == "manual")
            for index, found in enumerate(inspection.regions)
        ]
        drawn = annotate(one.pixels, marks, heat=inspection.map, frame_size=one.size)
        overlay = secondary_capture(drawn, reference, description="Annotated", series=901)
        write_whole(folder / f"{one.name}-annotated.dcm", file_bytes(overlay))
    else:
        yield "the annotated picture, of which no record kept every pixel"
    if inspection.map is not None:
        looked = parametric_map(inspection.map, reference) if frame is None else None
        if looked is None:
            yield "the attention as a map: it lies nowhere in space, and is drawn only"
        else:
            write_whole(folder / f"{one.name}-attention.dcm", file_bytes(looked))


def _source(one: Annotated, *, secret: bytes) -> "Dataset | None":
    """The DICOM image that the picture is, without its patient where these are hidden."""
    import pydicom  # noqa: PLC0415  heavy

    from inspector_app.exports.dicom.identity import without_patient  # noqa: PLC0415  heavy

    if one.original is None:
        return None
    try:
        found = pydicom.dcmread(one.original)
    except (OSError, pydicom.errors.InvalidDicomError):
        return None
    if (found.get("Columns"), found.get("Rows")) != one.size or "PixelData" not in found:
        return None
    return without_patient(found, secret=secret) if one.is_nameless else found
