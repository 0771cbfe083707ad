"""DICOM: modality values, then the file's grey window, then polarity; series and DICOMDIR.

stored   samples of one frame, by decoders that neither crash nor invent
grey     modality values, windows, padding
header   patient and study, edges, millimetres
stacks   series in slice order
"""

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut

from inspector_app.domain.errors import InspectorError, UnreadablePicture
from inspector_app.domain.frame import Frame, Pixels, Provenance, Window
from inspector_app.domain.locator import split
from inspector_app.imaging.conversion import compact, upright_from_image
from inspector_app.imaging.grey_tables import grey_of
from inspector_app.imaging.source_bytes import (
    check_number,
    check_pixels,
    damaged,
    opened_source,
    read_source,
)
from inspector_app.imaging.windowing import (
    automatic_window,
    exact_window_to_uint8,
    grey_to_rgb,
    through_table,
)
from inspector_app.sources.dicom.grey import (
    modality_values,
    padding_of,
    unit_of,
    windows_of,
    without_padding,
)
from inspector_app.sources.dicom.header import is_square, scan_of, spacing_of
from inspector_app.sources.dicom.stacks import listed_in
from inspector_app.sources.dicom.stored import check_deflated, frames_of, stored

# What a damaged file makes it say goes to the program's log, not to the user's terminal.
logging.getLogger("pydicom").addHandler(logging.NullHandler())

_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
# Enhanced objects keep these facts one level down, shared or frame by frame.
_MACROS = {
    "PixelMeasuresSequence": ("PixelSpacing", "SliceThickness"),
    "FrameVOILUTSequence": (
        "WindowCenter",
        "WindowWidth",
        "VOILUTFunction",
        "WindowCenterWidthExplanation",
    ),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept", "RescaleType"),
    "PlanePositionSequence": ("ImagePositionPatient",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "FrameAnatomySequence": ("FrameLaterality",),
}


def count_frames(locator: str) -> int:
    """Number of frames; 0 where the file holds no picture (a report, a plan, an index).

    Raises:
        UnreadablePicture: missing or damaged.
    """
    with opened_source(locator) as file, _reading(locator):
        head = pydicom.dcmread(
            file,
            stop_before_pixels=True,
            force=True,
            specific_tags=["Rows", "Columns", "NumberOfFrames"],
        )
        return frames_of(head) if "Rows" in head and "Columns" in head else 0


def listed(locator: str) -> tuple[str, ...]:
    """The pictures that a DICOMDIR names, study by study in slice order; () for other files."""
    try:
        with opened_source(locator) as file, _reading(locator):
            tags = ["DirectoryRecordSequence"]
            index = pydicom.dcmread(file, stop_before_pixels=True, force=True, specific_tags=tags)
            return listed_in(split(locator)[0], index)
    except UnreadablePicture:
        return ()


def open_frame(locator: str) -> Frame:
    """Decode one frame of a DICOM file.

    Raises:
        UnreadablePicture: missing, damaged, too large, or without such a picture.
    """
    source = read_source(locator)
    name, number = source.path.name, split(locator)[1] or 1
    with _reading(locator):
        check_deflated(source.content, name=name)
        dataset = pydicom.dcmread(io.BytesIO(source.content), force=True)
        _check(dataset, name=name)
        held = frames_of(dataset)
        check_number(number, held=held, name=name)
        _lift_macros(dataset, index=number - 1)
        spacing, calibration, notes = spacing_of(dataset)
        scan = scan_of(dataset)
        facts = (
            *((f"frame {number} of {held}",) if held > 1 else ()),
            *(("lossy compressed",) if scan.is_lossy else ()),
            *(() if is_square(dataset) else ("pixels are not square",)),
            *(("overlay graphics of the file are not shown",) if _has_overlay(dataset) else ()),
            *notes,
        )
        provenance = Provenance(locator, source.sha256, "DICOM", notes=facts)
        samples = stored(dataset, index=number - 1, name=name)
        made = _frame(samples, dataset, provenance)
    return replace(made, mm_per_pixel=spacing, calibration=calibration, scan=scan)


@contextmanager
def _reading(locator: str) -> Iterator[None]:
    """Whatever is raised over a damaged file becomes words for the user."""
    try:
        with warnings.catch_warnings():
            # Files in the field bend the standard everywhere; what matters is checked here.
            warnings.simplefilter("ignore")
            yield
    except (InspectorError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # Every kind of error has been seen here: recursion, and the panics of decoders
        # written in Rust, which are no Exception.
        name = split(locator)[0].replace("\\", "/").rsplit("/", 1)[-1]
        raise damaged(name, error) from error


def _check(dataset: Dataset, *, name: str) -> None:
    if not any(keyword in dataset for keyword in _PIXELS) or "Rows" not in dataset:
        if not len(dataset) and not len(getattr(dataset, "file_meta", ())):
            raise ValueError("no element at all")
        is_index = "DirectoryRecordSequence" in dataset
        raise UnreadablePicture(
            f"{name} is a DICOM file without a picture.",
            hint="Open the folder it lies in: it is an index of what is there."
            if is_index
            else "Choose an image of the series, not its report, index or plan.",
        )
    check_pixels((int(dataset.Columns), int(dataset.Rows)), name=name)


def _lift_macros(dataset: Dataset, *, index: int) -> None:
    """Copy a frame's facts of an enhanced object to where simple objects keep them."""
    shared = (dataset.get("SharedFunctionalGroupsSequence") or [])[:1]
    own = (dataset.get("PerFrameFunctionalGroupsSequence") or [])[index : index + 1]
    for group in (*shared, *own):
        for macro, keywords in _MACROS.items():
            for item in (group.get(macro) or [])[:1]:
                for keyword in keywords:
                    if keyword in item:
                        dataset[keyword] = item[keyword]


def _has_overlay(dataset: Dataset) -> bool:
    return any((group, 0x3000) in dataset for group in range(0x6000, 0x6020, 2))


def _frame(samples: NDArray[Any], dataset: Dataset, provenance: Provenance) -> Frame:
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        return Frame(_eight_bits(apply_color_lut(samples, dataset), bits=None), provenance)
    if samples.ndim == 3:
        if samples.shape[2] < 3:
            raise ValueError(f"{samples.shape[2]} samples per pixel")
        return _colour(_eight_bits(samples, bits=int(dataset.BitsStored)), dataset, provenance)
    return _grey(modality_values(samples, dataset), dataset, provenance)


def _grey(values: NDArray[Any], dataset: Dataset, provenance: Provenance) -> Frame:
    """Modality values through the file's first window, or through an automatic one.

    Eight bits or fewer without a window are grey already: then there is no window.
    """
    # Polarity comes after the window, never before. Source: PS3.3 C.7.6.3.1.2.
    is_inverted = dataset.get("PhotometricInterpretation") == "MONOCHROME1"
    offered = windows_of(dataset, is_signed=values.min() < 0)
    if not offered and values.dtype == np.uint8:
        most = 2 ** int(dataset.BitsStored) - 1
        grey = exact_window_to_uint8(values, center=most / 2, width=most)
        return Frame(grey_to_rgb(255 - grey if is_inverted else grey), provenance)
    padding, notes = padding_of(dataset), provenance.notes
    if offered:
        window = offered[0]
        if window.curve == "TABLE":
            notes = (*notes, "grey by the file's own table")
    else:
        window = automatic_window(without_padding(values, padding))
        notes = (*notes, "the file has no valid grey window: an automatic one is shown")
    kept = compact(values)
    deep = kept.astype(np.uint16) if kept.dtype == np.uint8 else kept
    return Frame(
        grey_to_rgb(_through(values, window, is_inverted=is_inverted)),
        replace(provenance, window=window, notes=notes),
        values=deep,
        windows=offered,
        is_inverted=is_inverted,
        padding=padding,
        unit=unit_of(dataset),
    )


def _through(values: NDArray[Any], window: Window, *, is_inverted: bool) -> NDArray[np.uint8]:
    if values.dtype.kind not in "iu":
        return grey_of(values, window, is_inverted=is_inverted)
    return through_table(values, lambda levels: grey_of(levels, window, is_inverted=is_inverted))


def _colour(pixels: Pixels, dataset: Dataset, provenance: Provenance) -> Frame:
    """RGB, through its colour profile where it has one. Source: PS3.3 C.11.15."""
    profile = dataset.get("ICCProfile")
    if not isinstance(profile, bytes):
        return Frame(pixels, provenance)
    image = Image.fromarray(pixels)
    image.info["icc_profile"] = profile
    upright = upright_from_image(image, orientation=1)
    return Frame(upright.pixels, replace(provenance, notes=(*provenance.notes, *upright.notes)))


def _eight_bits(colour: NDArray[Any], *, bits: int | None) -> Pixels:
    """(H, W, 3) of any depth to 8 bits; the depth of the type where `bits` is None."""
    if colour.dtype == np.uint8:
        return np.ascontiguousarray(colour[:, :, :3])
    most = 2 ** (bits or 8 * colour.dtype.itemsize) - 1
    scaled = np.rint(colour[:, :, :3].astype(np.float32) * (255 / most))
    pixels: Pixels = np.clip(scaled, 0, 255).astype(np.uint8)
    return pixels
