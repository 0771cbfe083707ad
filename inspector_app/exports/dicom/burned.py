"""Writing in the pixels: whether there may be some, and painting it over."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset

from inspector_app.domain.exchange import Writing
from inspector_app.domain.region import Region

_WRITTEN_ON = "US IVUS ES XC GM SM OP OPT OT DOC SC RF XA ECG"
"""Kinds of images on which machines and people often write names."""
_COPIED = "1.2.840.10008.5.1.4.1.1.7"
"""Secondary captures: pictures of screens, films and paper."""
_YBR_BLACK = (0, 128, 128)


def writing_in(dataset: Dataset) -> Writing:
    """What an image says of writing in its pixels, and what is usual for its kind.

    Only a clear "NO" says that there is none. Source: DICOM PS3.3 C.7.6.1, Burned In Annotation
    (0028,0301); PS3.15 E.3.1, Clean Pixel Data Option.
    """
    said = str(dataset.get("BurnedInAnnotation", "")).strip().upper()
    if said == "NO":
        return Writing.NONE
    is_copied = str(dataset.get("SOPClassUID", "")).startswith(_COPIED)
    if (
        said == "YES"
        or is_copied
        or str(dataset.get("Modality", "")).upper() in _WRITTEN_ON.split()
    ):
        return Writing.LIKELY
    return Writing.UNKNOWN


def writing_in_file(file: Path) -> Writing:
    """The same of a DICOM file; likely in one that cannot be read now."""
    try:
        # As it is opened to be looked at: some begin without the mark of the format.
        return writing_in(pydicom.dcmread(file, stop_before_pixels=True, force=True))
    except OSError:
        return Writing.LIKELY


def paint_over(dataset: Dataset, masks: Sequence[Region]) -> None:
    """Make boxes of an image black, in each of its frames; it says then that nothing is written.

    Raises:
        ValueError: its pixels cannot be changed.
    """
    boxes = [
        box
        for mask in masks
        if (box := mask.clipped((int(dataset.Columns), int(dataset.Rows)))) is not None
    ]
    if boxes:
        try:
            _blacken(dataset, boxes)
        except (AttributeError, NotImplementedError, RuntimeError, TypeError) as error:
            raise ValueError(f"the pixels cannot be painted over: {error}") from error
    dataset.BurnedInAnnotation = "NO"


def _blacken(dataset: Dataset, boxes: Sequence[Region]) -> None:
    dataset.pixel_array_options(raw=True)
    values = np.array(dataset.pixel_array)
    photometric = str(dataset.PhotometricInterpretation)
    black: Any = values.min()
    if photometric.startswith("YBR"):
        # Chroma that was stored for every other pixel comes unpacked.
        black, photometric = _YBR_BLACK, "YBR_FULL"
    elif photometric == "MONOCHROME1":
        black = values.max()
    elif photometric == "RGB":
        black = 0
    tall = -2 if dataset.SamplesPerPixel == 1 else -3
    for box in boxes:
        where: list[Any] = [slice(None)] * values.ndim
        where[tall], where[tall + 1] = slice(box.y0, box.y1), slice(box.x0, box.x1)
        values[tuple(where)] = black
    dataset.set_pixel_data(
        values, photometric, int(dataset.BitsStored), generate_instance_uid=False
    )
