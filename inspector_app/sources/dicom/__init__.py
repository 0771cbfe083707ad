"""DICOM: pictures, frames, series and DICOMDIR.

pydicom is imported with the first file that looks like DICOM, so that others need not wait.

    reading  a frame: modality values, then the file's grey window, then polarity
    stored   samples of one frame, by decoders that neither crash nor invent
    grey     modality values, windows, padding
    header   patient and study, edges, millimetres
    stacks   series in slice order
"""

from collections.abc import Sequence

from inspector_app.domain.frame import Frame
from inspector_app.domain.locator import split
from inspector_app.domain.series import Series
from inspector_app.imaging.source_bytes import beginning

TITLE = "DICOM (pictures, frames, series, DICOMDIR)"

_SUFFIXES = (".dcm", ".dicom", ".ima")
_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08")


def accepts(locator: str) -> bool:
    """Whether the file carries the DICOM mark, or a DICOM name and a plausible first tag."""
    start = beginning(locator, length=132)
    if start[128:132] == b"DICM":
        return True
    named = split(locator)[0].lower()
    return named.endswith(_SUFFIXES) and start[:2] in _GROUPS


def warm() -> None:
    """Import what the functions below need."""
    from inspector_app.sources.dicom import reading  # noqa: F401, PLC0415  heavy


def open(locator: str) -> Frame:
    """Decode one frame of a DICOM file.

    Raises:
        UnreadablePicture: missing, damaged, too large, or without such a picture.
    """
    from inspector_app.sources.dicom.reading import open_frame  # noqa: PLC0415  heavy

    return open_frame(locator)


def count(locator: str) -> int:
    """Number of frames; 0 where the file holds no picture (a report, a plan, an index).

    Raises:
        UnreadablePicture: missing or damaged.
    """
    from inspector_app.sources.dicom.reading import count_frames  # noqa: PLC0415  heavy

    return count_frames(locator)


def contents(locator: str) -> tuple[str, ...]:
    """The pictures that a DICOMDIR names, study by study in slice order; () for other files."""
    from inspector_app.sources.dicom.reading import listed  # noqa: PLC0415  heavy

    return listed(locator)


def series(locators: Sequence[str]) -> tuple[Series, ...]:
    """The scans among these files, each in the order of its slices."""
    if not locators:
        return ()
    from inspector_app.sources.dicom.stacks import series_of  # noqa: PLC0415  heavy

    return series_of(locators)
