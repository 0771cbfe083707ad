"""Single DICOM pictures: modality values, then the file's grey window, then polarity."""

import io
import logging
import warnings
from dataclasses import dataclass
from math import isfinite
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, pixel_array
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from inspector_app.domain.errors import InspectorError, UnreadablePicture
from inspector_app.domain.frame import Frame, Pixels, Provenance, Values, Window
from inspector_app.imaging.conversion import compact
from inspector_app.imaging.source_bytes import beginning, check_pixels, damaged, read_source
from inspector_app.imaging.windowing import (
    Grey,
    automatic_window,
    exact_window_to_uint8,
    grey_to_rgb,
    shown,
    sigmoid_window_to_uint8,
    through_table,
    window_to_uint8,
)

TITLE = "DICOM (single pictures)"

# What a damaged file makes it say goes to the program's log, not to the user's terminal.
logging.getLogger("pydicom").addHandler(logging.NullHandler())

_SUFFIXES = (".dcm", ".dicom", ".ima")
_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08")
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_WINDOWS = {
    "LINEAR": window_to_uint8,
    "LINEAR_EXACT": exact_window_to_uint8,
    "SIGMOID": sigmoid_window_to_uint8,
}
# Named one by one, so that GDCM is never chosen: damaged JPEG ends the whole program in it.
# The quicker RLE decoder panics over damaged segments.
_DECODERS = {
    JPEGBaseline8Bit: "pillow",
    JPEGExtended12Bit: "pillow",
    JPEGLSLossless: "pyjpegls",
    JPEGLSNearLossless: "pyjpegls",
    JPEG2000Lossless: "pylibjpeg",
    JPEG2000: "pylibjpeg",
    HTJ2KLossless: "pylibjpeg",
    HTJ2KLosslessRPCL: "pylibjpeg",
    HTJ2K: "pylibjpeg",
    RLELossless: "pydicom",
}
_LOSSLESS = (JPEGLossless, JPEGLosslessSV1)
# Enhanced objects keep these facts one level down, shared or frame by frame.
_MACROS = {
    "PixelMeasuresSequence": ("PixelSpacing",),
    "FrameVOILUTSequence": ("WindowCenter", "WindowWidth", "VOILUTFunction"),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept"),
}
# Here PixelSpacing may be measured at the detector, where everything is larger than it is.
_PROJECTIONS = {"CR", "DX", "MG", "XA", "RF", "PX", "IO", "RG"}


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    pixels: Pixels
    values: Values | None = None
    window: Window | None = None
    notes: tuple[str, ...] = ()


def accepts(locator: str) -> bool:
    """Whether the file carries the DICOM mark, or a DICOM name and a plausible first tag."""
    start = beginning(locator, length=132)
    if start[128:132] == b"DICM":
        return True
    return locator.lower().endswith(_SUFFIXES) and start[:2] in _GROUPS


def open(locator: str) -> Frame:
    """Decode the first picture of a DICOM file.

    Raises:
        UnreadablePicture: missing, damaged, too large, or without a picture.
    """
    source = read_source(locator)
    name = source.path.name
    try:
        with warnings.catch_warnings():
            # Files in the field bend the standard everywhere; what matters is checked here.
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(io.BytesIO(source.content), force=True)
            _check(dataset, name=name)
            _lift_macros(dataset)
            picture = _shown(dataset)
            spacing, spacing_notes = _spacing(dataset)
            notes = (*_facts(dataset), *spacing_notes, *picture.notes)
    except (InspectorError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # Every kind of error has been seen here: recursion, and the panics of decoders
        # written in Rust, which are no Exception.
        raise damaged(name, error) from error
    provenance = Provenance(locator, source.sha256, "DICOM", window=picture.window, notes=notes)
    return Frame(picture.pixels, provenance, values=picture.values, mm_per_pixel=spacing)


def _check(dataset: Dataset, *, name: str) -> None:
    if not any(keyword in dataset for keyword in _PIXELS) or "Rows" not in dataset:
        if not len(dataset) and not len(getattr(dataset, "file_meta", ())):
            raise ValueError("no element at all")
        raise UnreadablePicture(
            f"{name} is a DICOM file without a picture.",
            hint="Choose an image of the series, not its report, index or plan.",
        )
    check_pixels((int(dataset.Columns), int(dataset.Rows)), name=name)


def _lift_macros(dataset: Dataset) -> None:
    """Copy the first frame's facts of an enhanced object to where simple objects keep them."""
    for groups in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for group in (dataset.get(groups) or [])[:1]:
            for macro, keywords in _MACROS.items():
                for item in (group.get(macro) or [])[:1]:
                    for keyword in keywords:
                        if keyword in item:
                            dataset[keyword] = item[keyword]


def _shown(dataset: Dataset) -> _Shown:
    stored = _stored(dataset)
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        return _Shown(_eight_bits(apply_color_lut(stored, dataset), bits=None))
    if stored.ndim == 3:
        if stored.shape[2] < 3:
            raise ValueError(f"{stored.shape[2]} samples per pixel")
        return _Shown(_eight_bits(stored[:, :, :3], bits=int(dataset.BitsStored)))
    values = _modality(stored, dataset)
    grey, window, notes = _grey(values, dataset)
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        # Polarity comes after the window, never before. Source: PS3.3 C.7.6.3.1.2.
        grey = 255 - grey
    if window is None:
        return _Shown(grey_to_rgb(grey))
    kept = compact(_whole(values))
    deep = kept.astype(np.uint16) if kept.dtype == np.uint8 else kept
    return _Shown(grey_to_rgb(grey), deep, window, notes)


def _stored(dataset: Dataset) -> NDArray[Any]:
    """The first frame as stored: (H, W), or (H, W, 3) RGB."""
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", "")
    is_deep = int(dataset.get("BitsStored", 8)) > 8
    if syntax in _LOSSLESS or (syntax == JPEGExtended12Bit and is_deep):
        return _by_libjpeg(dataset)
    return pixel_array(dataset, index=0, decoding_plugin=_DECODERS.get(syntax, ""))


def _by_libjpeg(dataset: Dataset) -> NDArray[Any]:
    """Lossless and 12-bit JPEG, for which pydicom would need a decoder that crashes."""
    count = int(_first(dataset.get("NumberOfFrames")) or 1)
    frame = get_frame(dataset.PixelData or b"", 0, number_of_frames=count)
    photometric = str(dataset.PhotometricInterpretation)
    if photometric.startswith("MONOCHROME"):
        decoded = imagecodecs.jpeg8_decode(frame)
    else:
        given = "rgb" if photometric == "RGB" else "ycbcr"
        decoded = imagecodecs.jpeg8_decode(frame, colorspace=given, outcolorspace="rgb")
    if decoded.shape[:2] != (dataset.Rows, dataset.Columns):
        raise ValueError(f"the frame is {decoded.shape}, the header says otherwise")
    if not dataset.PixelRepresentation:
        return np.asarray(decoded)
    # Two's complement in as many bits as are stored.
    sign = 1 << (int(dataset.BitsStored) - 1)
    values = decoded.astype(np.int32) & (2 * sign - 1)
    return np.asarray((values ^ sign) - sign, dtype=np.int16)


def _modality(stored: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    """Stored values to those of the modality (HU for CT). Source: PS3.3 C.11.1."""
    if stored.dtype.kind not in "iu":
        return apply_modality_lut(stored, dataset)
    return through_table(stored, lambda levels: apply_modality_lut(levels, dataset))


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """Floating numbers that are all whole (HU, mostly) as int32; others as they are."""
    if values.dtype.kind != "f" or not np.isfinite(values).all():
        return values
    is_whole = bool((values == np.rint(values)).all()) and bool((np.abs(values) < 2**31).all())
    return values.astype(np.int32) if is_whole else values


def _grey(values: NDArray[Any], dataset: Dataset) -> tuple[Grey, Window | None, tuple[str, ...]]:
    """Modality values through the file's table or window, or through an automatic one.

    Eight bits or fewer without a window are grey already: then there is no window.
    """
    if dataset.get("VOILUTSequence"):
        return _through_file_table(values, dataset)
    window = _file_window(dataset)
    function = str(dataset.get("VOILUTFunction") or "LINEAR").strip().upper()
    mapping = _WINDOWS.get(function)
    if window is not None and mapping is not None and (function != "LINEAR" or window.width >= 1):
        return mapping(values, center=window.center, width=window.width), window, ()
    if values.dtype == np.uint8:
        most = 2 ** int(dataset.BitsStored) - 1
        return exact_window_to_uint8(values, center=most / 2, width=most), None, ()
    automatic = automatic_window(_without_padding(values, dataset))
    note = "the file has no valid grey window: an automatic one is shown"
    return shown(values, automatic), automatic, (note,)


def _through_file_table(
    values: NDArray[Any], dataset: Dataset
) -> tuple[Grey, Window, tuple[str, ...]]:
    tables: Any = dataset.VOILUTSequence
    count, first, bits = (int(entry) for entry in tables[0].LUTDescriptor)
    if values.dtype.kind == "f":
        # The table is entered with whole numbers.
        values = np.rint(values).astype(np.int64)
    looked_up = apply_voi(values, dataset)
    grey = np.rint(looked_up.astype(np.float64) * (255 / (2**bits - 1)))
    entries = count or 2**16
    if first >= 2**15 and values.min() < 0:
        first -= 2**16
    window = Window(first + entries / 2, float(entries), "file")
    return np.clip(grey, 0, 255).astype(np.uint8), window, ("grey by the file's own table",)


def _file_window(dataset: Dataset) -> Window | None:
    """The first window in the file, if it makes sense."""
    center, width = (_first(dataset.get(key)) for key in ("WindowCenter", "WindowWidth"))
    if center is None or width is None or width <= 0:
        return None
    return Window(center, width, "file")


def _first(entry: Any) -> float | None:
    """The first of one or several numbers; None where it is none."""
    try:
        found = float(entry if isinstance(entry, str | int | float) else entry[0])
    except (TypeError, ValueError, IndexError):
        try:
            found = float(entry)
        except (TypeError, ValueError):
            return None
    return found if isfinite(found) else None


def _without_padding(values: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    """What lies outside the scanned circle would stretch an automatic window."""
    padding = _first(dataset.get("PixelPaddingValue"))
    if padding is None:
        return values
    slope = _first(dataset.get("RescaleSlope"))
    intercept = _first(dataset.get("RescaleIntercept"))
    rescaled = padding * (1.0 if slope is None else slope) + (intercept or 0.0)
    inside = values[values != rescaled]
    return inside if inside.size else values


def _eight_bits(colour: NDArray[Any], *, bits: int | None) -> Pixels:
    """(H, W, 3) of any depth to 8 bits; the depth of the type where `bits` is None."""
    if colour.dtype == np.uint8:
        return np.ascontiguousarray(colour[:, :, :3])
    most = 2 ** (bits or 8 * colour.dtype.itemsize) - 1
    scaled = np.rint(colour[:, :, :3].astype(np.float32) * (255 / most))
    pixels: Pixels = np.clip(scaled, 0, 255).astype(np.uint8)
    return pixels


def _spacing(dataset: Dataset) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    """Millimetres per pixel as (x, y), only where the file vouches for them."""
    spacing = _pair(dataset.get("PixelSpacing"))
    detector = _pair(dataset.get("ImagerPixelSpacing"))
    if spacing is None:
        missing = "only the detector's pixel spacing is known: no millimetres"
        return None, ((missing,) if detector else ())
    is_projection = str(dataset.get("Modality", "")) in _PROJECTIONS
    is_calibrated = bool(dataset.get("PixelSpacingCalibrationType"))
    if is_projection and not is_calibrated and detector == spacing:
        return None, ("pixel spacing is that of the detector: no millimetres",)
    # The file names the distance between rows (y) first.
    return (spacing[1], spacing[0]), ()


def _pair(entry: Any) -> tuple[float, float] | None:
    try:
        first, second = (float(number) for number in entry)
    except (TypeError, ValueError):
        return None
    return (first, second) if 0 < first < 1e4 and 0 < second < 1e4 else None


def _facts(dataset: Dataset) -> tuple[str, ...]:
    count = _first(dataset.get("NumberOfFrames")) or 1
    is_lossy = str(dataset.get("LossyImageCompression", "")).strip() == "01"
    return (
        *((f"frame 1 of {int(count)}",) if count > 1 else ()),
        *(("lossy compressed",) if is_lossy else ()),
    )
