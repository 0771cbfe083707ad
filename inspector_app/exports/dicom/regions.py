"""Regions of a DICOM image: as pixels (Segmentation), and drawn over it (presentation state)."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highdicom as hd
import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import SecondaryCaptureImageStorage

from inspector_app.domain.exchange import Annotated
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape, ShapeKind, inside
from inspector_app.domain.wording import NOTICE, tag
from inspector_app.exports.dicom.outline import outline_on
from inspector_app.exports.dicom.report import coded, plain

_PROGRAM = "Inspector"
_SERIAL = "0"
_MOST_VALUES = 2**28
"""Pixels of all frames times segments: what is more than this is not held in memory."""
_MOST_LETTERS = 200
_FOUND, _DRAWN, _ZOOMED = "FINDINGS", "REGIONS", "ENLARGED"
_LAYERS = {
    _FOUND: ("What was found", hd.color.CIELabColor(62.0, 62.0, 56.0)),
    _DRAWN: ("Regions drawn by a person", hd.color.CIELabColor(85.0, -20.0, 60.0)),
    _ZOOMED: ("What the model was shown larger", hd.color.CIELabColor(75.0, -25.0, -25.0)),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Something that lies somewhere on an image.

    Attributes:
        kind: A layer: found, drawn, or enlarged.
        label: What it is.
        shape: Where.
        is_persons: Whether a person drew it.
        track: UID and name under which the report speaks of it; None where it does not.
    """

    kind: str
    label: str
    shape: Shape
    is_persons: bool
    track: tuple[str, str] | None = None


def places(one: Annotated, *, tracks: Sequence[str]) -> tuple[Place, ...]:
    """All that lies somewhere: what was found, what was drawn by hand, what was enlarged.

    Args:
        one: The picture.
        tracks: A UID for each of its things, as in the report.
    """
    found = [
        Place(_FOUND, thing.label, thing.shape, thing.is_persons, (uid, f"Finding {at}"))
        for at, (thing, uid) in enumerate(zip(one.things, tracks, strict=True), start=1)
        if thing.shape is not None
    ]
    if not one.filed:
        return tuple(found)
    last = one.filed[-1].inspection
    for index, roi in enumerate(last.options.rois):
        cut = last.options.cut_of(index)
        shape = Shape(ShapeKind.POLYGON, cut.outline) if cut.outline else Shape.of(roi)
        found.append(Place(_DRAWN, cut.name or f"Region {index + 1}", shape, True))
    for index, zoomed in enumerate(last.regions):
        is_drawn = zoomed.origin == "manual"
        found.append(Place(_ZOOMED, tag(index), Shape.of(zoomed.region), is_drawn))
    return tuple(found)


def segmentation(
    all_places: Sequence[Place], reference: Dataset, *, frame: int | None
) -> Dataset | None:
    """Findings and drawn regions that have an area, each a segment on the image's own pixels.

    A pixel belongs to a shape where its middle lies inside. Segments may overlap.

    Args:
        all_places: See `places`.
        reference: The image.
        frame: Number of the frame in it, from 1; None for a single one.

    Returns:
        None where nothing has a pixel.

    Raises:
        ValueError: the image has too many frames, or is of a kind that cannot be segmented.
    """
    size = int(reference.Columns), int(reference.Rows)
    drawn = [
        (place, mask)
        for place in all_places
        if place.kind != _ZOOMED and (mask := mask_of(place.shape, size=size)) is not None
    ]
    if not drawn:
        return None
    frames = int(reference.get("NumberOfFrames", 1) or 1)
    source, at_frame = reference, frame or 1
    if frames > 1 and "FrameOfReferenceUID" not in reference:
        # A film lies nowhere in space: its frame is segmented as a picture of its own.
        source, frames, at_frame = _still(reference), 1, 1
    if frames * size[0] * size[1] * len(drawn) > _MOST_VALUES:
        raise ValueError(f"an image of {frames} frames is too large to be segmented")
    values = np.zeros((frames, size[1], size[0], len(drawn)), np.uint8)
    for at, (_, mask) in enumerate(drawn):
        values[at_frame - 1, :, :, at] = mask
    image = hd.seg.Segmentation(
        source_images=[source],
        pixel_array=values,
        segmentation_type="BINARY",
        segment_descriptions=[
            _segment(place, number) for number, (place, _) in enumerate(drawn, start=1)
        ],
        series_number=903,
        content_label="REGIONS",
        content_description="What was found and drawn"[:64],
        manufacturer_model_name=_PROGRAM,
        device_serial_number=_SERIAL,
        software_versions=_PROGRAM,
        **_common(),
    )
    if source is not reference:
        _point_back(image, reference, frame=frame or 1)
    image.SeriesDescription = plain(f"Regions. {NOTICE}")
    if "ImageOrientationPatient" not in reference and "PatientOrientation" not in image:
        # Type 2C: of what lies nowhere in space.
        image.PatientOrientation = None
    return image


def mask_of(shape: Shape, *, size: tuple[int, int]) -> NDArray[np.bool_] | None:
    """(H, W) of an image of (width, height): which pixels have their middle inside the shape.

    Returns:
        None where the shape has no area, or no pixel of the image lies in it.
    """
    if not shape.has_area:
        return None
    mask = inside(shape.outline, Region.whole(size))
    return mask if mask.any() else None


def presentation(
    all_places: Sequence[Place],
    reference: Dataset,
    *,
    frame: int | None,
    window: tuple[float, float, str] | None,
) -> Dataset | None:
    """How the image is to be shown: its window as it was inspected, and all places over it.

    Args:
        all_places: See `places`.
        reference: The image.
        frame: Number of the frame in it, from 1; None for a single one.
        window: (center, width, DICOM's name of the curve); None for the image's own.

    Returns:
        None where nothing lies anywhere.

    Raises:
        ValueError: the image is of a kind that no presentation state is for.
    """
    drawn = [place for place in all_places if _objects(place, reference)[0]]
    if not drawn:
        return None
    layers = {
        kind: hd.pr.GraphicLayer(kind, order, description=words, display_color=colour)
        for order, (kind, (words, colour)) in enumerate(_LAYERS.items(), start=1)
        if any(place.kind == kind for place in drawn)
    }
    notes = []
    for place in drawn:
        graphics, texts = _objects(place, reference)
        notes.append(
            hd.pr.GraphicAnnotation(
                referenced_images=[reference],
                graphic_layer=layers[place.kind],
                referenced_frame_number=frame,
                graphic_objects=graphics,
                text_objects=texts,
            )
        )
    more: dict[str, Any] = {}
    kind: Any = hd.pr.GrayscaleSoftcopyPresentationState
    if reference.SamplesPerPixel > 1:
        kind = hd.pr.ColorSoftcopyPresentationState
        # What says nothing of its colours is looked at as sRGB.
        more["icc_profile"] = _input_profile(reference.get("ICCProfile") or _srgb())
    elif window is not None:
        center, width, curve = window
        more["voi_lut_transformations"] = [
            hd.pr.SoftcopyVOILUTTransformation(
                window_center=center, window_width=width, voi_lut_function=curve
            )
        ]
    state: Dataset = kind(
        referenced_images=[reference],
        series_number=904,
        manufacturer_model_name=_PROGRAM,
        device_serial_number=_SERIAL,
        software_versions=_PROGRAM,
        content_label="REGIONS",
        content_description="Findings and regions",
        concept_name=coded("Findings and regions"),
        graphic_annotations=notes,
        graphic_layers=list(layers.values()),
        **_common(),
        **more,
    )
    if reference.get("PhotometricInterpretation") == "MONOCHROME1":
        # A presentation state ignores that high values of its image are dark. Source: PS3.3 C.11.6.
        state.PresentationLUTShape = "INVERSE"
    state.Laterality = reference.get("Laterality", "")
    state.SeriesDescription = plain(f"Findings and regions. {NOTICE}")
    return state


def _still(film: Dataset) -> Dataset:
    """A frame of a film as if it were a picture of its own."""
    still = copy.copy(film)
    still.NumberOfFrames = 1
    still.SOPClassUID = SecondaryCaptureImageStorage
    return still


def _point_back(node: Dataset, film: Dataset, *, frame: int) -> None:
    """Say that what was made of a `_still` is of a frame of the film."""
    element: Any
    for element in node:
        if element.VR == "SQ":
            for item in element.value:
                _point_back(item, film, frame=frame)
    if node.get("ReferencedSOPInstanceUID") == film.SOPInstanceUID:
        node.ReferencedSOPClassUID = film.SOPClassUID
        if "PurposeOfReferenceCodeSequence" in node:
            node.ReferencedFrameNumber = frame


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _input_profile(profile: bytes) -> bytes:
    """A display's profile as one of a camera, which DICOM asks for: tables and rules are the same.

    Source: ICC.1:2022, 8.3.3 and 8.4.3 (matrix profiles); DICOM PS3.3 C.11.15.
    """
    return profile[:12] + b"scnr" + profile[16:] if profile[12:16] == b"mntr" else profile


def _objects(place: Place, reference: Dataset) -> tuple[list[Any], list[Any]]:
    """(graphics, texts) of a place; nothing where it lies outside the image."""
    points = outline_on(place.shape, size=(int(reference.Columns), int(reference.Rows)))
    if not points:
        return [], []
    graphic = "POINT" if place.shape.kind is ShapeKind.POINT else "POLYLINE"
    uid, name = place.track or (None, None)
    drawn = hd.pr.GraphicObject(
        graphic_type=graphic,
        graphic_data=np.array(points, dtype=np.float64),
        units="PIXEL",
        tracking_id=name,
        tracking_uid=uid,
    )
    text = hd.pr.TextObject(
        text_value=plain(place.label, limit=_MOST_LETTERS),
        units="PIXEL",
        anchor_point=points[0],
        anchor_point_visible=False,
        tracking_id=name,
        tracking_uid=uid,
    )
    return [drawn], [text]


def _segment(place: Place, number: int) -> hd.seg.SegmentDescription:
    uid, name = place.track or (hd.UID(), f"Region {number}")
    is_found = place.kind == _FOUND
    algorithm = hd.AlgorithmIdentificationSequence(
        name=_PROGRAM, version="1", family=codes.DCM.ArtificialIntelligence
    )
    return hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=plain(place.label),
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure
        if is_found
        else codes.SCT.SpatialAndRelationalConcept,
        segmented_property_type=coded(place.label if is_found else "Region to be inspected"),
        algorithm_type="MANUAL" if place.is_persons else "AUTOMATIC",
        algorithm_identification=None if place.is_persons else algorithm,
        tracking_uid=uid,
        tracking_id=name,
        display_color=_LAYERS[place.kind][1],
    )


def _common() -> dict[str, Any]:
    return {
        "series_instance_uid": hd.UID(),
        "sop_instance_uid": hd.UID(),
        "instance_number": 1,
        "manufacturer": _PROGRAM,
    }
