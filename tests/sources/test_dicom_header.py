"""What a DICOM header says around the picture, against values worked out by hand."""

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inspector_app.domain.scan import Edges
from inspector_app.sources import dicom
from inspector_app.sources.dicom.header import edges_of, scan_of, slice_position, spacing_of
from tests.sources.test_dicom import HU, written


def header(**elements):
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


AXIAL, CORONAL, SAGITTAL = [1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, -1], [0, 1, 0, 0, 0, -1]
DEG_30 = (np.cos(np.pi / 6), np.sin(np.pi / 6))


@pytest.mark.parametrize(
    ("cosines", "edges"),
    [
        # Rows run to the patient's left and columns to the back: seen from the feet.
        (AXIAL, Edges("R", "L", "A", "P")),
        (CORONAL, Edges("R", "L", "H", "F")),
        (SAGITTAL, Edges("A", "P", "H", "F")),
        ([-1, 0, 0, 0, -1, 0], Edges("L", "R", "P", "A")),
        # 30 degrees about the long axis: cosine 0.87 to the left, 0.5 to the back.
        ([DEG_30[0], DEG_30[1], 0, 0, 0, -1], Edges("RA", "LP", "H", "F")),
        # 10 degrees: the sine is 0.17, all but straight.
        ([np.cos(0.1745), np.sin(0.1745), 0, 0, 0, -1], Edges("R", "L", "H", "F")),
        ([1, 0, 0, 1, 0, 0], Edges()),
        ([2, 0, 0, 0, 1, 0], Edges()),
        ([1, 0, 0], Edges()),
    ],
)
def test_edge_letters_follow_the_plane_in_space(cosines, edges):
    assert edges_of(header(ImageOrientationPatient=[float(c) for c in cosines])) == edges


@pytest.mark.parametrize(
    ("told", "edges"),
    [
        (["L", "F"], Edges("R", "L", "H", "F")),
        (["P", "FR"], Edges("A", "P", "HL", "FR")),
        (["X", "F"], Edges()),
        (["L"], Edges()),
        ("", Edges()),
    ],
)
def test_without_a_plane_the_files_own_words_count(told, edges):
    assert edges_of(header(PatientOrientation=told)) == edges


def test_the_place_of_a_slice_is_measured_along_the_normal():
    # (1,0,0) x (0,0,-1) = (0,1,0)
    coronal = header(ImageOrientationPatient=CORONAL, ImagePositionPatient=[5, -12.5, 7])

    assert slice_position(coronal) == -12.5
    assert slice_position(header(ImagePositionPatient=[5, 1, 7])) is None


@pytest.mark.parametrize(
    ("elements", "spacing", "name"),
    [
        ({"PixelSpacing": [0.5, 0.25], "Modality": "CT"}, (0.25, 0.5), "pixel spacing"),
        (
            {"PixelSpacing": [0.2, 0.2], "Modality": "DX", "ImagerPixelSpacing": [0.2, 0.2],
             "PixelSpacingCalibrationType": "FIDUCIAL"},
            (0.2, 0.2), "pixel spacing, fiducial",
        ),
        (
            {"PixelSpacing": [0.15, 0.15], "Modality": "DX", "ImagerPixelSpacing": [0.2, 0.2]},
            (0.15, 0.15), "pixel spacing, corrected",
        ),
        (
            {"PixelSpacing": [0.15, 0.15], "Modality": "CR"},
            (0.15, 0.15), "pixel spacing, perhaps at the detector",
        ),
        (
            {"ImagerPixelSpacing": [0.2, 0.1], "Modality": "MG",
             "EstimatedRadiographicMagnificationFactor": 2},
            (0.05, 0.1), "detector spacing / magnification 2",
        ),
        ({"ImagerPixelSpacing": [0.2, 0.1], "Modality": "MG"}, None, ""),
        ({"NominalScannedPixelSpacing": [0.1, 0.1]}, (0.1, 0.1), "film scanner"),
        ({}, None, ""),
    ],
)  # fmt: skip
def test_millimetres_come_with_the_name_of_who_vouches_for_them(elements, spacing, name):
    assert spacing_of(header(**elements))[:2] == (spacing, name)


def region(across, down, units=3):
    return header(
        PhysicalUnitsXDirection=units, PhysicalUnitsYDirection=units,
        PhysicalDeltaX=across, PhysicalDeltaY=down,
    )  # fmt: skip


def test_ultrasound_regions_own_their_scale():
    one = header(SequenceOfUltrasoundRegions=Sequence([region(0.02, 0.03)]))
    two = header(SequenceOfUltrasoundRegions=Sequence([region(0.02, 0.03), region(0.05, 0.05)]))
    time = header(SequenceOfUltrasoundRegions=Sequence([region(0.02, 0.03, units=4)]))

    assert spacing_of(one)[:2] == ((0.2, 0.3), "ultrasound region")
    assert spacing_of(two)[0] is None
    assert spacing_of(time)[0] is None


def test_patient_and_study_are_told_as_people_read_them(tmp_path):
    told = {
        "SpecificCharacterSet": "ISO_IR 192", "PatientName": "Wang^XiaoDong=王^小东",
        "PatientID": " 42 ", "PatientSex": "M", "PatientAge": "063Y",
        "PatientBirthDate": "19600102", "StudyDate": "20240131",
        "StudyDescription": "Thorax\nnativ", "Modality": "CT", "Manufacturer": "Acme",
        "ManufacturerModelName": "X 1", "KVP": 120, "Exposure": 55, "SeriesNumber": 3,
        "InstanceNumber": 7, "InstitutionName": "Ward", "BodyPartExamined": "CHEST",
        "SliceThickness": 1.5, "ImageType": ["DERIVED", "PRIMARY"],
        "LossyImageCompression": "01", "LossyImageCompressionRatio": 12.5,
        "BurnedInAnnotation": "NO",
    }  # fmt: skip
    path = written(tmp_path / "a.dcm", HU, **told)

    scan = dicom.open(path).scan

    assert scan.patient == "王 小东 (Wang XiaoDong)"
    assert (scan.patient_id, scan.sex, scan.age, scan.birth_date) == ("42", "M", "063Y", "19600102")
    assert (scan.study, scan.study_date, scan.institution) == ("Thorax nativ", "20240131", "Ward")
    assert (scan.scanner, scan.exposure) == ("Acme X 1", "120 kV, 55 mAs")
    assert (scan.series_number, scan.instance_number, scan.thickness_mm) == ("3", "7", 1.5)
    assert (scan.is_lossy, scan.lossy_ratio, scan.is_derived) == (True, 12.5, True)
    assert scan.has_burned_in is False
    assert (scan.photometric, scan.bits) == ("MONOCHROME2", 16)


@pytest.mark.parametrize(
    ("elements", "laterality", "is_needed"),
    [
        ({"ImageLaterality": "R", "BodyPartExamined": "BREAST"}, "R", True),
        ({"Laterality": "L", "BodyPartExamined": "KNEE"}, "L", True),
        ({"ImageLaterality": "U", "Modality": "OP"}, "", True),
        ({"BodyPartExamined": "CHEST", "Modality": "DX"}, "", False),
        ({"Modality": "DX"}, "", True),
        ({"Modality": "CT"}, "", False),
    ],
)
def test_a_side_that_is_not_told_is_unknown_and_never_guessed(elements, laterality, is_needed):
    scan = scan_of(header(**elements))

    assert (scan.laterality, scan.needs_laterality) == (laterality, is_needed)


def test_a_header_of_nonsense_is_told_as_silence():
    nonsense = header(PixelSpacing=None, ImageType="", PatientName="")

    scan = scan_of(nonsense)

    assert (scan.patient, scan.slice_mm, scan.lossy_ratio) == ("", None, None)
    assert scan.edges == Edges()


def test_overlays_that_are_not_shown_are_named():
    path = pydicom.data.get_testdata_file("examples_overlay.dcm", download=False)

    frame = dicom.open(path)

    assert "overlay graphics of the file are not shown" in frame.provenance.notes


@pytest.mark.parametrize(
    ("more", "is_said"),
    [
        ({"PixelSpacing": [0.5, 0.25]}, True),
        ({"PixelSpacing": [0.5, 0.501]}, False),
        ({"ImagerPixelSpacing": [0.2, 0.1]}, True),
        ({"PixelAspectRatio": ["4", "3"]}, True),
        ({"PixelAspectRatio": ["1", "1"]}, False),
        ({}, False),
    ],
)
def test_pixels_that_are_not_square_are_said_to_be_so(tmp_path, more, is_said):
    notes = dicom.open(written(tmp_path / "a.dcm", HU, **more)).provenance.notes

    assert ("pixels are not square" in notes) == is_said
