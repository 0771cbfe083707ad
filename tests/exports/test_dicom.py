"""DICOM objects, read again by pydicom and looked at by a validator where one is installed."""

import dataclasses
import shutil
import subprocess

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from inspector_app.domain.exchange import Annotated, Asked, Thing, rectangle
from inspector_app.domain.filing import Filed
from inspector_app.domain.finding import Severity
from inspector_app.domain.measure import Measure, Measured, MeasureKind
from inspector_app.domain.running import end_of
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.exports import dicom
from inspector_app.exports.dicom.identity import new_uid, without_patient
from tests.exports.test_round_trips import ALL, HOSTILE
from tests.fakes.records import make_frame, make_inspection

MEASURES = (
    Measured(Measure(MeasureKind.LENGTH, ((1, 2), (4, 6))), (5.0,), "px", ""),
    Measured(Measure(MeasureKind.SIZE, ((1, 2), (4, 6), (2, 2), (3, 3))), (5.0, 2.5), "mm", "CT"),
    Measured(Measure(MeasureKind.ANGLE, ((1, 2), (4, 6), (7, 2))), (45.0,), "deg", ""),
)
CANARIES = ("ZZTEST", "王小明", "19700131", "CANARY-77", "zz.secret.clinic")
PLANTED = """
    PatientID PatientComments PatientAddress OtherPatientNames ReferringPhysicianName
    InstitutionName InstitutionAddress StationName PerformingPhysicianName OperatorsName
    StudyDescription SeriesDescription AccessionNumber StudyID DeviceSerialNumber ProtocolName
    AdditionalPatientHistory Allergies MedicalRecordLocator ImageComments RequestingPhysician
    RequestedProcedureDescription CurrentPatientLocation Occupation EthnicGroup
    PatientTelephoneNumbers AdmissionID IssuerOfPatientID InstitutionalDepartmentName
    PhysiciansOfRecord NameOfPhysiciansReadingStudy PatientMotherBirthName
    DerivationDescription AcquisitionComments Manufacturer
"""


@pytest.fixture
def scan(tmp_path):
    """A CT slice in which a patient is named in many places."""
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "ZZTEST^王小明"
    dataset.PatientBirthDate = dataset.StudyDate = dataset.SeriesDate = "19700131"
    dataset.ContentDate = dataset.AcquisitionDate = "19700131"
    for name in PLANTED.split():
        setattr(dataset, name, "CANARY-77")
    inner = Dataset()
    inner.ScheduledProcedureStepDescription = "CANARY-77"
    inner.PatientName = "ZZTEST"
    dataset.RequestAttributesSequence = [inner]
    dataset.private_block(0x0009, "zz.secret.clinic", create=True).add_new(1, "LO", "ZZTEST")
    dataset.BurnedInAnnotation = "NO"
    file = tmp_path / "scan.dcm"
    dataset.preamble = b"MZ" + b"\x90" * 126
    dataset.save_as(file)
    return file


def annotated(file, *things, nameless=False, pixels=True):
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    frame = make_frame((dataset.Columns, dataset.Rows))
    record = make_inspection(frame, regions=((5, 5, 20, 20),), id=1, measures=MEASURES)
    return Annotated(
        "inspection-1", str(file), "a" * 64, 1, frame.size, things, (),
        frame.pixels if pixels else None, (Filed(record),), file, nameless,
    )  # fmt: skip


def written(folder, one, **more):
    folder.mkdir()
    lost = end_of(dicom.write(iter([one]), folder, **more))
    files = {file.stem.rpartition("-")[2]: file for file in sorted(folder.glob("*.dcm"))}
    return {name: pydicom.dcmread(file) for name, file in files.items()}, lost


def items(node, found=None):
    """Every content item of a report, by the meaning of its concept."""
    found = {} if found is None else found
    for item in node.get("ContentSequence", []):
        name = (
            item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else ""
        )
        found.setdefault(name, []).append(item)
        items(item, found)
    return found


def valid(folder):
    if shutil.which("dciodvfy") is None:
        return
    for file in folder.glob("*.dcm"):
        told = subprocess.run(
            ["dciodvfy", "-new", str(file)], capture_output=True, text=True, check=False
        ).stderr
        assert not [line for line in told.splitlines() if line.startswith("Error")], (file, told)


def test_a_report_holds_findings_regions_and_measurements_of_the_scans_patient(scan, tmp_path):
    found, lost = written(tmp_path / "a", annotated(scan, *ALL))

    report, source = found["report"], pydicom.dcmread(scan)
    assert report.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.33"
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert report.PatientName == source.PatientName
    assert report.StudyInstanceUID == source.StudyInstanceUID
    named = items(report)
    labels = [item.ConceptCodeSequence[0].CodeMeaning for item in named["Finding"]]
    assert labels == [thing.label for thing in ALL]
    # Of the five things that lie somewhere, and of the three that were measured.
    coordinates = [one for name in named for one in named[name] if one.ValueType == "SCOORD"]
    assert len(coordinates) >= 5
    box = next(one for one in coordinates if len(one.GraphicData) == 10)
    assert [round(side, 3) for side in box.GraphicData] == [3, 4, 20, 4, 20, 11, 3, 11, 3, 4]
    values = {
        (name, float(one.MeasuredValueSequence[0].NumericValue),
         one.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue)
        for name in named for one in named[name] if one.ValueType == "NUM"
    }  # fmt: skip
    assert {("Length", 5.0, "{pixels}"), ("Long axis", 5.0, "mm"), ("Angle", 45.0, "deg")} <= values
    assert ("Length", 1.5, "mm") in values
    said = [item.ConceptCodeSequence[0].CodeMeaning for item in named["Severity"]]
    assert said.count("critical") == 1
    assert lost == ()
    valid(tmp_path / "a")


def test_a_picture_without_findings_has_a_report_that_says_so(scan, tmp_path):
    one = dataclasses.replace(annotated(scan), asked=(Asked("裂纹?", "no", "PASS", True, 1),))

    found, _ = written(tmp_path / "a", one)

    named = items(found["report"])
    said = {
        name: named[name][0].ConceptCodeSequence[0].CodeMeaning
        for name in ("Findings", "Question", "Answer", "Verdict")
    }
    assert said == {"Findings": "0", "Question": "裂纹?", "Answer": "no", "Verdict": "PASS"}
    valid(tmp_path / "a")


def test_the_attention_is_a_map_on_the_scans_own_pixels(scan, tmp_path):
    one = annotated(scan)
    found, _ = written(tmp_path / "a", one)

    looked, source = found["attention"], pydicom.dcmread(scan)
    values = np.frombuffer(looked.FloatPixelData, "<f4").reshape(looked.Rows, looked.Columns)
    assert values.shape == (source.Rows, source.Columns)
    assert looked.FrameOfReferenceUID == source.FrameOfReferenceUID
    own = one.filed[0].inspection.map
    # The cell under a pixel's middle, counted by hand for a few pixels.
    for x, y in ((0, 0), (64, 64), (127, 3), (40, 127)):
        row = int((y + 0.5 - own.grid.y0) / ((own.grid.y1 - own.grid.y0) / own.grid.rows))
        column = int((x + 0.5 - own.grid.x0) / ((own.grid.x1 - own.grid.x0) / own.grid.cols))
        assert values[y, x] == own.values[row, column]


def test_the_annotated_picture_is_a_secondary_capture_of_the_same_study(scan, tmp_path):
    found, _ = written(tmp_path / "a", annotated(scan))

    drawn = found["annotated"]
    assert drawn.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7"
    assert drawn.StudyInstanceUID == pydicom.dcmread(scan).StudyInstanceUID
    assert drawn.pixel_array.shape == (128, 128, 3)


def test_no_file_begins_with_anything_but_zeros(scan, tmp_path):
    assert scan.read_bytes().startswith(b"MZ")

    written(tmp_path / "a", annotated(scan, *ALL))

    for file in (tmp_path / "a").glob("*.dcm"):
        assert file.read_bytes()[:132] == b"\0" * 128 + b"DICM"


def test_a_picture_that_is_no_dicom_becomes_one_of_nobody(tmp_path):
    found, lost = written(tmp_path / "a", annotated(None, *ALL))

    assert set(found) == {"picture", "report", "segments", "shown", "annotated"}
    assert str(found["picture"].PatientName or "") == ""
    assert (found["picture"].pixel_array == make_frame((128, 128)).pixels).all()
    assert any("attention" in words for words in lost)
    references = found["report"].CurrentRequestedProcedureEvidenceSequence[0]
    told = references.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert told.ReferencedSOPInstanceUID == found["picture"].SOPInstanceUID
    valid(tmp_path / "a")


def test_without_pixels_and_without_a_file_nothing_is_written_and_that_is_said(tmp_path):
    found, lost = written(tmp_path / "a", annotated(None, pixels=False))

    assert found == {}
    assert "everything" in lost[0]


def test_only_words_and_regions_are_written_where_pictures_are_not_wanted(scan, tmp_path):
    found, _ = written(tmp_path / "a", annotated(scan, *ALL), with_pictures=False)

    assert set(found) == {"report", "segments", "shown"}


def test_nothing_planted_about_the_patient_is_found_in_any_file(scan, tmp_path):
    source = pydicom.dcmread(scan)

    found, lost = written(tmp_path / "a", annotated(scan, *ALL, nameless=True))

    uids = [str(source[name].value) for name in ("StudyInstanceUID", "SOPInstanceUID")]
    for file in (tmp_path / "a").glob("*.dcm"):
        content = file.read_bytes()
        for planted in (*CANARIES, *uids):
            assert planted.encode() not in content, (file.name, planted)
    picture = found["picture"]
    assert picture.PatientIdentityRemoved == "YES"
    assert picture.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert (picture.pixel_array == source.pixel_array).all()
    assert picture.PixelSpacing == source.PixelSpacing
    # They still belong together.
    assert len({one.StudyInstanceUID for one in found.values()}) == 1
    assert found["attention"].FrameOfReferenceUID == picture.FrameOfReferenceUID
    assert lost == ()
    valid(tmp_path / "a")


def test_writing_in_the_pixels_is_said_unless_the_file_rules_it_out(scan, tmp_path):
    dataset = pydicom.dcmread(scan)
    del dataset.BurnedInAnnotation
    dataset.save_as(scan)

    _, lost = written(tmp_path / "a", annotated(scan, nameless=True))

    assert any("pixels" in words for words in lost)


def test_new_uids_are_the_same_for_one_secret_and_others_for_another(scan):
    source = pydicom.dcmread(scan)

    assert new_uid("1.2.3", secret=b"a") == new_uid("1.2.3", secret=b"a")
    assert new_uid("1.2.3", secret=b"a") != new_uid("1.2.3", secret=b"b")
    assert new_uid("1.2.3", secret=b"a").is_valid
    before = source.to_json()
    without_patient(source, secret=b"a")
    assert source.to_json() == before


def test_hostile_labels_are_data(scan, tmp_path):
    thing = Thing(HOSTILE, rectangle(1, 2, 9, 9), Severity.MINOR, note="a\\b" + "x" * 300)

    found, _ = written(tmp_path / "a", annotated(scan, thing))

    (label,) = items(found["report"])["Finding"]
    meaning = label.ConceptCodeSequence[0].CodeMeaning
    assert meaning.startswith("<script>")
    assert "\\" not in meaning
    assert len(meaning) <= 64


def test_a_shape_that_reaches_over_the_edge_is_cut_there(scan, tmp_path):
    thing = Thing("x", Shape(ShapeKind.RECTANGLE, ((-5.0, 120.0), (10.0, 140.0))))

    found, _ = written(tmp_path / "a", annotated(scan, thing))

    named = items(found["report"])
    (box,) = [one for name in named for one in named[name] if len(one.get("GraphicData", [])) == 10]
    corners = list(zip(box.GraphicData[::2], box.GraphicData[1::2], strict=True))
    assert set(corners) == {(0, 120), (10, 120), (10, 128), (0, 128)}
    assert corners[0] == corners[-1]
