"""Which files belong together, and in which order they lie in the body."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset

from inspector_app.domain.locator import join, split
from inspector_app.domain.scan import Scan
from inspector_app.domain.series import Series
from inspector_app.sources.dicom.header import orientation_of, scan_of
from inspector_app.sources.dicom.stored import frames_of, number

MOST_LISTED = 10_000
_KEYWORDS = [
    "SOPClassUID", "StudyInstanceUID", "SeriesInstanceUID", "SeriesNumber", "SeriesDescription",
    "StudyDate", "StudyDescription", "PatientName", "PatientID", "Modality", "InstanceNumber",
    "ImagePositionPatient", "ImageOrientationPatient", "NumberOfFrames", "Rows", "Columns",
    "SliceThickness", "SpecificCharacterSet",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Slice:
    locator: str
    scan: Scan
    frames: int
    plane: tuple[float, ...] | None
    number: float

    @property
    def locators(self) -> tuple[str, ...]:
        if self.frames == 1 or split(self.locator)[1] is not None:
            return (self.locator,)
        most = min(self.frames, MOST_LISTED)
        return tuple(join(self.locator, at) for at in range(1, most + 1))


def series_of(locators: Sequence[str]) -> tuple[Series, ...]:
    """The pictures among these files, study by study and series by series.

    Within a series the order is that along the normal of the slices, then that of their
    numbers; files that cannot be read or hold no picture are left out.
    """
    slices = [found for locator in locators if (found := _read(locator)) is not None]
    slices.sort(key=_belonging)
    made = []
    for _, group in groupby(slices, key=lambda one: (one.scan.study_uid, one.scan.series_uid)):
        ordered = _in_space(list(group))
        scan = ordered[0].scan
        pictures = tuple(name for one in ordered for name in one.locators)
        made.append(Series(_title(scan), _study(scan), scan.study_uid, scan.series_uid, pictures))
    return tuple(made)


def listed_in(path: str, dataset: Dataset) -> tuple[str, ...]:
    """The picture files that a DICOMDIR names and that are there, in slice order.

    A name that leads out of the DICOMDIR's own folder is not followed.
    """
    folder = Path(path).parent
    found = []
    for record in dataset.get("DirectoryRecordSequence") or ():
        if str(record.get("DirectoryRecordType", "")) != "IMAGE":
            continue
        named = record.get("ReferencedFileID")
        parts = [str(named)] if isinstance(named, str) else [str(part) for part in named or ()]
        file = _inside(folder, parts)
        if file is not None:
            found.append(str(file))
    return tuple(name for one in series_of(found) for name in one.locators)


def _inside(folder: Path, parts: Sequence[str]) -> Path | None:
    """The file in the folder; discs copied elsewhere often have their names in small letters."""
    if not parts or any(part in {"", ".", ".."} or set(part) & set("/\\:\0") for part in parts):
        return None
    for spelled in (parts, [part.lower() for part in parts]):
        file = folder.joinpath(*spelled)
        if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
            return file
    return None


def _read(locator: str) -> _Slice | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            path = split(locator)[0]
            head = pydicom.dcmread(
                path, stop_before_pixels=True, force=True, specific_tags=_KEYWORDS
            )
            if "Rows" not in head or "Columns" not in head:
                return None
            axes = orientation_of(head)
            plane = None if axes is None else tuple(round(float(c), 2) for c in axes.ravel())
            number_ = number(head.get("InstanceNumber"))
            last = float("inf") if number_ is None else number_
            return _Slice(locator, scan_of(head), frames_of(head), plane, last)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:  # noqa: BLE001  damaged headers raise whatever they like
        return None


def _belonging(one: _Slice) -> tuple[Any, ...]:
    scan = one.scan
    known = scan.series_number.lstrip("-").isdecimal()
    number_ = int(scan.series_number) if known else 1 << 40
    return (scan.study_date, scan.study_uid, number_, scan.series_uid)


def _in_space(slices: list[_Slice]) -> list[_Slice]:
    """Along the normal where all slices are parallel, else by their numbers."""
    planes = {one.plane for one in slices}
    if len(planes) == 1 and all(one.scan.slice_mm is not None for one in slices):
        # Positions in files are rounded: a hundredth of a millimetre is the same place.
        return sorted(slices, key=lambda one: (round(one.scan.slice_mm or 0.0, 2), one.number))
    return sorted(slices, key=lambda one: one.number)


def _title(scan: Scan) -> str:
    said = " ".join(filter(None, (scan.modality, scan.series_number, scan.series)))
    return said or "Series"


def _study(scan: Scan) -> str:
    return " · ".join(filter(None, (scan.patient, scan.study_date, scan.study)))
