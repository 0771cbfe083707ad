"""What a header says around the picture: who, where, how large, which way round."""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.valuerep import PersonName

from inspector_app.domain.scan import Edges, Scan
from inspector_app.sources.dicom.stored import number, numbers

_MOST_TEXT = 100
_OBLIQUE = 0.25
"""Cosines below this add no letter: the slice is all but straight."""
_OPPOSITE = {"R": "L", "L": "R", "A": "P", "P": "A", "H": "F", "F": "H"}
_SECONDARY = "1.2.840.10008.5.1.4.1.1.7"
# Here PixelSpacing may be measured at the detector, where everything is larger than it is.
_PROJECTIONS = {"CR", "DX", "MG", "XA", "RF", "PX", "IO", "RG"}
_PAIRED = {
    "ANKLE", "ARM", "BREAST", "CALCANEUS", "CLAVICLE", "EAR", "ELBOW", "EXTREMITY", "EYE",
    "FEMUR", "FINGER", "FOOT", "FOREARM", "HAND", "HIP", "HUMERUS", "KIDNEY", "KNEE", "LEG",
    "OPTICCANAL", "PATELLA", "RADIUS", "SCAPULA", "SHOULDER", "THIGH", "THUMB", "TOE", "ULNA",
    "UPRARM", "LOWLEG", "WRIST", "ZYGOMA",
}  # fmt: skip
_EYES_AND_BREASTS = {"MG", "OP", "OPT", "OPM", "OAM", "OPV"}
_CENTIMETRES = 3
_SQUARE = 0.01
"""Sides that differ by less are told as equal."""


def scan_of(dataset: Dataset) -> Scan:
    """Everything that a viewer writes into the corners."""
    part = _text(dataset, "BodyPartExamined").upper()
    modality = _text(dataset, "Modality").upper()
    kind = [str(word).strip().upper() for word in _several(dataset.get("ImageType"))]
    is_secondary = str(dataset.get("SOPClassUID", "")).startswith(_SECONDARY)
    burned = {"YES": True, "NO": False}.get(_text(dataset, "BurnedInAnnotation").upper())
    return Scan(
        patient=_person(dataset.get("PatientName")),
        patient_id=_text(dataset, "PatientID"),
        birth_date=_text(dataset, "PatientBirthDate"),
        sex=_text(dataset, "PatientSex"),
        age=_text(dataset, "PatientAge"),
        institution=_text(dataset, "InstitutionName"),
        study_date=_text(dataset, "StudyDate"),
        study=_text(dataset, "StudyDescription"),
        series=_text(dataset, "SeriesDescription"),
        modality=modality,
        body_part=part,
        view=_text(dataset, "ViewPosition"),
        scanner=" ".join(
            filter(None, (_text(dataset, "Manufacturer"), _text(dataset, "ManufacturerModelName")))
        ),
        exposure=_exposure(dataset),
        series_number=_text(dataset, "SeriesNumber"),
        instance_number=_text(dataset, "InstanceNumber"),
        slice_mm=slice_position(dataset),
        thickness_mm=number(dataset.get("SliceThickness")),
        study_uid=_text(dataset, "StudyInstanceUID"),
        series_uid=_text(dataset, "SeriesInstanceUID"),
        edges=edges_of(dataset),
        laterality=_laterality(dataset),
        needs_laterality=(
            modality in _EYES_AND_BREASTS
            or part in _PAIRED
            or (not part and modality in _PROJECTIONS)
        ),
        is_lossy=_text(dataset, "LossyImageCompression") == "01",
        lossy_ratio=number(dataset.get("LossyImageCompressionRatio")),
        is_derived="DERIVED" in kind[:1] or is_secondary,
        is_secondary=is_secondary,
        has_burned_in=burned,
        photometric=_text(dataset, "PhotometricInterpretation"),
        bits=int(number(dataset.get("BitsStored")) or 8),
        detector_mm=_detector(dataset),
    )


def edges_of(dataset: Dataset) -> Edges:
    """Letters for the four edges, from the plane in space, else as the file words them."""
    axes = orientation_of(dataset)
    if axes is not None:
        right, bottom = (_letters(axis) for axis in axes)
        return _edges(right, bottom)
    told = [str(word).strip().upper() for word in _several(dataset.get("PatientOrientation"))]
    if len(told) == 2 and all(word and set(word) <= set(_OPPOSITE) for word in told):
        return _edges(told[0][:3], told[1][:3])
    return Edges()


def orientation_of(dataset: Dataset) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """(2, 3) unit vectors along a row and down a column; None where there are no such two.

    Source: PS3.3 C.7.6.2.1.1; x runs to the patient's left, y to the back, z to the head.
    """
    cosines = numbers(dataset.get("ImageOrientationPatient"))
    if len(cosines) != 6:
        return None
    axes = np.array(cosines).reshape(2, 3)
    lengths = np.linalg.norm(axes, axis=1)
    if (np.abs(lengths - 1) > 0.01).any() or abs(float(axes[0] @ axes[1])) > 0.01:
        return None
    return np.asarray(axes / lengths[:, None])


def slice_position(dataset: Dataset) -> float | None:
    """Where the picture lies along its normal, in mm; None where the file does not say."""
    axes, corner = orientation_of(dataset), numbers(dataset.get("ImagePositionPatient"))
    if axes is None or len(corner) != 3:
        return None
    return float(np.cross(axes[0], axes[1]) @ np.array(corner))


def spacing_of(dataset: Dataset) -> tuple[tuple[float, float] | None, str, tuple[str, ...]]:
    """Millimetres per pixel as (x, y) only where the file vouches for them, by which name, notes.

    Source: PS3.3 10.7.1.3 and C.8.5.5.
    """
    spacing, detector = _pair(dataset.get("PixelSpacing")), _detector(dataset)
    kind = _text(dataset, "PixelSpacingCalibrationType").lower()
    if spacing is not None:
        is_projection = _text(dataset, "Modality") in _PROJECTIONS
        if not is_projection or kind:
            return spacing, f"pixel spacing, {kind}" if kind else "pixel spacing", ()
        if detector != spacing:
            where = "corrected" if detector else "perhaps at the detector"
            return spacing, f"pixel spacing, {where}", ()
    if detector is not None:
        larger = number(dataset.get("EstimatedRadiographicMagnificationFactor"))
        if larger is not None and 1 <= larger < 100:
            x, y = detector[0] / larger, detector[1] / larger
            return (x, y), f"detector spacing / magnification {larger:g}", ()
        said = "pixel spacing is that of the detector" if spacing else None
        said = said or "only the detector's pixel spacing is known"
        return None, "", (f"{said}: no millimetres",)
    ultrasound = _ultrasound(dataset)
    if ultrasound is not None:
        return ultrasound, "ultrasound region", ()
    scanned = _pair(dataset.get("NominalScannedPixelSpacing"))
    return scanned, "film scanner" if scanned else "", ()


def is_square(dataset: Dataset) -> bool:
    """Whether pixels are as wide as they are high, as far as the file says."""
    sides = (
        _pair(dataset.get("PixelSpacing"))
        or _detector(dataset)
        or _pair(dataset.get("PixelAspectRatio"))
    )
    return sides is None or abs(sides[0] / sides[1] - 1) < _SQUARE


def _detector(dataset: Dataset) -> tuple[float, float] | None:
    return _pair(dataset.get("ImagerPixelSpacing"))


def _pair(entry: Any) -> tuple[float, float] | None:
    """(x, y); the file names the distance between rows (y) first."""
    found = numbers(entry)
    if len(found) != 2 or not all(0 < side < 1e4 for side in found):
        return None
    return found[1], found[0]


def _ultrasound(dataset: Dataset) -> tuple[float, float] | None:
    """The scale that all regions in space share; None where they differ or measure time."""
    scales = set()
    for region in dataset.get("SequenceOfUltrasoundRegions") or ():
        units = {region.get("PhysicalUnitsXDirection"), region.get("PhysicalUnitsYDirection")}
        across, down = number(region.get("PhysicalDeltaX")), number(region.get("PhysicalDeltaY"))
        if units != {_CENTIMETRES} or not across or not down:
            return None
        scales.add((round(abs(across) * 10, 9), round(abs(down) * 10, 9)))
    return scales.pop() if len(scales) == 1 else None


def _letters(axis: Any) -> str:
    """Towards which side of the body an axis runs, the strongest first."""
    named = zip(axis, ("LR", "PA", "HF"), strict=True)
    strong = sorted(((abs(along), along, pair) for along, pair in named), reverse=True)
    return "".join(
        pair[0] if along > 0 else pair[1] for size, along, pair in strong if size >= _OBLIQUE
    )


def _edges(right: str, bottom: str) -> Edges:
    left, top = ("".join(_OPPOSITE[letter] for letter in side) for side in (right, bottom))
    return Edges(left, right, top, bottom)


def _laterality(dataset: Dataset) -> str:
    for keyword in ("ImageLaterality", "FrameLaterality", "Laterality"):
        found = _text(dataset, keyword).upper()
        if found in {"R", "L", "B"}:
            return found
    return ""


def _exposure(dataset: Dataset) -> str:
    parts = (("KVP", "kV"), ("XRayTubeCurrent", "mA"), ("Exposure", "mAs"), ("EchoTime", "ms TE"))
    said = ((number(dataset.get(keyword)), unit) for keyword, unit in parts)
    return ", ".join(f"{amount:g} {unit}" for amount, unit in said if amount)


def _several(entry: Any) -> list[Any]:
    if entry is None:
        return []
    return [entry] if isinstance(entry, str) else list(entry)


def _person(name: Any) -> str:
    """A name as people read it: in their own writing, then in Latin letters."""
    if not isinstance(name, PersonName):
        return _clean(str(name or ""))
    latin, own = (
        _clean(str(part).replace("^", " ")) for part in (name.alphabetic, name.ideographic)
    )
    return f"{own} ({latin})" if own and latin else own or latin


def _text(dataset: Dataset, keyword: str) -> str:
    entry = dataset.get(keyword)
    return "" if entry is None else _clean(str(entry))


def _clean(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_MOST_TEXT]
