"""What a medical file says around its picture, as plain texts and flags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edges:
    """Which way the body lies: letters for the four edges of the upright Frame.

    Attributes:
        left: What lies at the left edge: "R", "L", "A", "P", "H" or "F", or two or three of
            these for oblique slices, the strongest first; "" where the file does not say.
        right: At the right edge.
        top: At the upper edge.
        bottom: At the lower edge.

    Source: DICOM PS3.3 C.7.6.1.1.1, from Patient Orientation (0020,0020) or from Image
    Orientation (Patient) (0020,0037).
    """

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """The header of a medical picture; "" or None where the file is silent.

    Attributes:
        patient: Name as people read it. This and the next four tell who the patient is.
        patient_id: Number in the hospital.
        birth_date: As in the file, YYYYMMDD.
        sex: "M", "F", "O".
        age: As in the file: "063Y".
        institution: Where it was made.
        study_date: YYYYMMDD.
        study: Description of the study.
        series: Description of the series.
        modality: "CT", "MR", "DX", ...
        body_part: As in the file.
        view: View position: "AP", "PA", "MLO", ...
        scanner: Maker and model.
        exposure: kV, mAs and the like, in words.
        series_number: As in the file.
        instance_number: As in the file.
        slice_mm: Where the slice lies along the stack's normal, in millimetres.
        thickness_mm: Of the slice.
        study_uid: Study Instance UID.
        series_uid: Series Instance UID.
        edges: Letters at the edges.
        laterality: "R", "L" or "B"; "" means unknown and must be shown as that.
        needs_laterality: Whether the body part is one of a pair, or may be.
        is_lossy: Whether it was ever compressed with loss.
        lossy_ratio: How many times smaller, where the file says.
        is_derived: Not as the machine took it: derived or a secondary capture.
        is_secondary: A secondary capture.
        has_burned_in: Whether the pixels hold texts: True, False, or None where unknown.
        photometric: Photometric interpretation: "MONOCHROME2", "RGB", ...
        bits: Bits stored per sample.
        detector_mm: (x, y) spacing at the detector, where everything is larger than it is;
            never a measure of the body.
    """

    patient: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    age: str = ""
    institution: str = ""
    study_date: str = ""
    study: str = ""
    series: str = ""
    modality: str = ""
    body_part: str = ""
    view: str = ""
    scanner: str = ""
    exposure: str = ""
    series_number: str = ""
    instance_number: str = ""
    slice_mm: float | None = None
    thickness_mm: float | None = None
    study_uid: str = ""
    series_uid: str = ""
    edges: Edges = Edges()
    laterality: str = ""
    needs_laterality: bool = False
    is_lossy: bool = False
    lossy_ratio: float | None = None
    is_derived: bool = False
    is_secondary: bool = False
    has_burned_in: bool | None = None
    photometric: str = ""
    bits: int = 8
    detector_mm: tuple[float, float] | None = None
