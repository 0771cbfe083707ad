"""DICOM images: the picture itself where it was none, the annotated one, and the attention."""

import io
from typing import Any

import highdicom as hd
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Pixels
from inspector_app.domain.wording import NOTICE
from inspector_app.exports.dicom.report import coded, plain

_PROGRAM = "Inspector"
_MODEL = "Inspector"
_SERIAL = "0"


def secondary_capture(
    pixels: Pixels, reference: Dataset | None, *, description: str, series: int
) -> Dataset:
    """A picture of (h, w, 3) uint8 as secondary capture.

    Args:
        pixels: What is shown.
        reference: Image of the patient and study that it belongs to; None for a new study of
            nobody.
        description: Of the series.
        series: Its number.
    """
    common: dict[str, Any] = {
        "pixel_array": np.ascontiguousarray(pixels),
        "photometric_interpretation": "RGB",
        "bits_allocated": 8,
        "coordinate_system": "PATIENT",
        "series_instance_uid": hd.UID(),
        "series_number": series,
        "sop_instance_uid": hd.UID(),
        "instance_number": 1,
        "manufacturer": _PROGRAM,
        # Type 2: must be there where the picture is laid about a body, and may be unknown.
        "patient_orientation": ("L", "P"),
    }
    if reference is None:
        image = hd.sc.SCImage(study_instance_uid=hd.UID(), **common)
    else:
        image = hd.sc.SCImage.from_ref_dataset(
            reference, transfer_syntax_uid="1.2.840.10008.1.2.1", **common
        )
    image.PatientOrientation = None
    image.Laterality = ""
    image.SeriesDescription = plain(f"{description}. {NOTICE}")
    image.ConversionType = "WSD"
    return image


def parametric_map(looked: AttentionMap, reference: Dataset) -> Dataset | None:
    """Where the model looked, on the pixels of the image it was asked about.

    Returns:
        Float32 values of the map (no unit, no probability); None for an image without a place
        in space, which a parametric map needs.
    """
    if "FrameOfReferenceUID" not in reference or "ImagePositionPatient" not in reference:
        return None
    values = on_pixels(looked, size=(int(reference.Columns), int(reference.Rows)))
    peak = float(values.max())
    mapping = hd.pm.RealWorldValueMapping(
        lut_label="attention",
        lut_explanation="Where the model looked; no probability"[:64],
        unit=codes.UCUM.NoUnits,
        value_range=(0.0, max(peak, 1e-6)),
        slope=1.0,
        intercept=0.0,
        quantity_definition=coded("Attention of a model"),
    )
    image = hd.pm.ParametricMap(
        source_images=[reference],
        pixel_array=values[None],
        series_instance_uid=hd.UID(),
        series_number=902,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer=_PROGRAM,
        manufacturer_model_name=_MODEL,
        software_versions=_PROGRAM,
        device_serial_number=_SERIAL,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[mapping],
        # The other curves count whole grey levels, of which a map of parts has less than one.
        voi_lut_transformations=[
            hd.VOILUTTransformation(
                window_center=peak / 2,
                window_width=max(peak, 1e-6),
                voi_lut_function="LINEAR_EXACT",
            )
        ],
        content_label="ATTENTION",
        content_description=plain(f"Where the model looked ({looked.method})"),
        derived_pixel_contrast="NONE",
    )
    image.SeriesDescription = plain(f"Where the model looked. {NOTICE}")
    if "Laterality" not in image:
        image.Laterality = ""
    return image


def on_pixels(looked: AttentionMap, *, size: tuple[int, int]) -> NDArray[np.float32]:
    """(H, W) float32: the value of the cell that each pixel's middle lies in; 0 outside."""
    grid = looked.grid
    across, down = grid.cell
    columns = np.floor((np.arange(size[0]) + 0.5 - grid.x0) / across).astype(np.int64)
    rows = np.floor((np.arange(size[1]) + 0.5 - grid.y0) / down).astype(np.int64)
    inside = ((rows >= 0) & (rows < grid.rows))[:, None] & ((columns >= 0) & (columns < grid.cols))[
        None
    ]
    taken = looked.values[
        np.clip(rows, 0, grid.rows - 1)[:, None], np.clip(columns, 0, grid.cols - 1)[None]
    ]
    return np.where(inside, taken, np.float32(0)).astype(np.float32)


def made_bytes(dataset: Dataset) -> bytes:
    """A file of ours, whose texts may be in any script, whatever that of its source is."""
    dataset.decode()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    return file_bytes(dataset)


def file_bytes(dataset: Dataset) -> bytes:
    """A DICOM file whose first 128 bytes are zero: nothing else can hide in there."""
    written = io.BytesIO()
    dataset.preamble = b"\0" * 128
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()
