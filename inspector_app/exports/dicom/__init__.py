"""DICOM: a Structured Report (TID 1500), regions, the annotated picture, the attention as a map.

highdicom is imported with the first picture, so that others need not wait.

    report    findings, regions and measurements
    regions   segmentation, presentation state
    pictures  secondary capture, parametric map
    outline   shapes cut at the edges of the image
    identity  patients taken out (PS3.15 Basic Profile)
    burned    writing in the pixels, painted over
"""

import secrets
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector_app.domain.exchange import Annotated, Writing
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.wording import inert, tag
from inspector_app.files import write_whole
from inspector_app.imaging.overlays import Mark, annotate

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

TITLE = "DICOM (SR, segmentation, presentation state, secondary capture, parametric map)"

NAMED = (
    "the picture and its annotated copy, in whose pixels the patient may be named: "
    "paint over the writing"
)
_UNSEEN = "nothing, but writing in the pixels was not looked for and may name the patient"


def write(
    pictures: Iterable[Annotated], folder: Path, *, with_pictures: bool = True
) -> Steps[tuple[str, ...]]:
    """Write for each picture its report, and its images.

    A picture that is no DICOM file becomes a secondary capture of nobody, so that the report
    has something to point at. Where patients are hidden, UIDs are new and nothing but what is
    needed to show the image is kept of the source.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    secret = secrets.token_bytes(32)
    lost: dict[str, int] = {}
    for done, one in enumerate(pictures):
        yield Step("save", done, 0)
        with warnings.catch_warnings():
            # pydicom warns of what was odd in the source already.
            warnings.simplefilter("ignore")
            for words in _write_one(one, folder, with_pictures=with_pictures, secret=secret):
                lost[words] = lost.get(words, 0) + 1
    return tuple(f"{words} (pictures: {count})" for words, count in lost.items())


def _write_one(
    one: Annotated, folder: Path, *, with_pictures: bool, secret: bytes
) -> Iterator[str]:
    """Write the files of one picture; yields what could not be."""
    import highdicom as hd  # noqa: PLC0415  heavy

    from inspector_app.exports.dicom.pictures import (  # noqa: PLC0415  heavy
        file_bytes,
        made_bytes,
        secondary_capture,
    )
    from inspector_app.exports.dicom.report import structured_report  # noqa: PLC0415  heavy

    reference = _source(one, secret=secret)
    is_shown = with_pictures
    if reference is not None and one.is_nameless:
        words = _writing_words(one, reference)
        if words is NAMED:
            is_shown = False
        if words:
            yield words
    if reference is None:
        if one.pixels is None:
            yield "everything of a picture of which no record kept every pixel"
            return
        if one.is_nameless and one.masks is None and _was_dicom(one):
            # The file cannot be asked any more whether a name is written in it.
            is_shown = False
            yield NAMED
        reference = secondary_capture(one.pixels, None, description="Picture", series=1)
    frames = int(reference.get("NumberOfFrames", 1) or 1)
    frame = one.page if frames > 1 else None
    if is_shown:
        write_whole(folder / f"{one.name}-picture.dcm", file_bytes(reference))
    tracks = [hd.UID() for _ in one.things]
    report = structured_report(one, reference, frame=frame, tracks=tracks)
    write_whole(folder / f"{one.name}-report.dcm", made_bytes(report))
    yield from _write_regions(one, reference, folder, frame=frame, tracks=tracks)
    if with_pictures and one.filed:
        yield from _write_shown(one, reference, folder, is_shown=is_shown, frame=frame)


def _write_shown(
    one: Annotated, reference: "Dataset", folder: Path, *, is_shown: bool, frame: int | None
) -> Iterator[str]:
    """Write the annotated picture, and where the model looked; yields what could not be."""
    from inspector_app.exports.dicom.pictures import (  # noqa: PLC0415  heavy
        made_bytes,
        parametric_map,
        secondary_capture,
    )

    inspection = one.filed[-1].inspection
    if is_shown and one.pixels is not None:
        marks = [
            Mark(found.region, tag=tag(index), is_solid=found.origin == "manual")
            for index, found in enumerate(inspection.regions)
        ]
        drawn = annotate(one.pixels, marks, heat=inspection.map, frame_size=one.size)
        overlay = secondary_capture(drawn, reference, description="Annotated", series=901)
        write_whole(folder / f"{one.name}-annotated.dcm", made_bytes(overlay))
    elif is_shown:
        yield "the annotated picture, of which no record kept every pixel"
    if inspection.map is not None:
        looked = parametric_map(inspection.map, reference) if frame is None else None
        if looked is None:
            yield "the attention as a map: it lies nowhere in space, and is drawn only"
        else:
            write_whole(folder / f"{one.name}-attention.dcm", made_bytes(looked))


def _writing_words(one: Annotated, reference: "Dataset") -> str:
    """Paints over what is to be painted over; tells where writing may still be in the pixels."""
    from inspector_app.exports.dicom.burned import paint_over, writing_in  # noqa: PLC0415  heavy

    if one.masks is not None:
        try:
            paint_over(reference, one.masks)
        except ValueError:
            return NAMED
        return ""
    found = writing_in(reference)
    if found is Writing.LIKELY:
        return NAMED
    return "" if found is Writing.NONE else _UNSEEN


def _write_regions(
    one: Annotated, reference: "Dataset", folder: Path, *, frame: int | None, tracks: Sequence[str]
) -> Iterator[str]:
    """Write segmentation and presentation state; yields what could not be."""
    from inspector_app.exports.dicom.pictures import made_bytes  # noqa: PLC0415  heavy
    from inspector_app.exports.dicom.regions import (  # noqa: PLC0415  heavy
        places,
        presentation,
        segmentation,
    )

    drawn = places(one, tracks=tracks)
    window = one.filed[-1].inspection.provenance.window if one.filed else None
    shown = None
    if window is not None and window.table is None:
        shown = (window.center, window.width, window.curve)
    try:
        segments = segmentation(drawn, reference, frame=frame)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        # What a source lacks, the library says in its own ways.
        yield f"regions as a segmentation: {inert(str(error), limit=200)}"
    else:
        if segments is not None:
            write_whole(folder / f"{one.name}-segments.dcm", made_bytes(segments))
    try:
        state = presentation(drawn, reference, frame=frame, window=shown)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        yield f"regions as a presentation state: {inert(str(error), limit=200)}"
    else:
        if state is not None:
            write_whole(folder / f"{one.name}-shown.dcm", made_bytes(state))


def _was_dicom(one: Annotated) -> bool:
    return any(filed.inspection.provenance.media == "DICOM" for filed in one.filed)


def _source(one: Annotated, *, secret: bytes) -> "Dataset | None":
    """The DICOM image that the picture is, without its patient where these are hidden."""
    import pydicom  # noqa: PLC0415  heavy

    from inspector_app.exports.dicom.identity import without_patient  # noqa: PLC0415  heavy

    if one.original is None:
        return None
    try:
        # As it was opened to be looked at: some begin without the mark of the format.
        found = pydicom.dcmread(one.original, force=_was_dicom(one))
    except (OSError, pydicom.errors.InvalidDicomError):
        return None
    if (found.get("Columns"), found.get("Rows")) != one.size or "PixelData" not in found:
        return None
    return without_patient(found, secret=secret) if one.is_nameless else found
