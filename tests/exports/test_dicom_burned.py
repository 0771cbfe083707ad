"""Writing in the pixels: pictures that may name a patient stay here until somebody looked."""

import dataclasses

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.exchange import Writing
from inspector_app.domain.exporting import masks_from
from inspector_app.domain.region import Region
from inspector_app.exports.dicom.burned import paint_over, writing_in
from tests.exports.test_dicom import annotated, written

BOX = Region(5, 2, 40, 12)


def test_only_a_clear_no_rules_writing_out():
    scan = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    copied = pydicom.dcmread(get_testdata_file("SC_rgb_rle.dcm"))
    sound = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    sound.Modality = "US"

    assert writing_in(scan) is Writing.UNKNOWN
    assert writing_in(copied) is writing_in(sound) is Writing.LIKELY
    for said, wanted in (("YES", Writing.LIKELY), ("NO", Writing.NONE)):
        for one in (scan, copied, sound):
            one.BurnedInAnnotation = said
            assert writing_in(one) is wanted


@pytest.mark.parametrize(
    ("name", "black"),
    [("SC_rgb_rle.dcm", 0), ("SC_rgb_jpeg_dcmtk.dcm", 0), ("SC_ybr_full_422_uncompressed.dcm", 0),
     ("CT_small.dcm", None)],
)  # fmt: skip
def test_what_is_painted_over_is_black_and_nothing_else_changes(name, black, tmp_path):
    dataset = pydicom.dcmread(get_testdata_file(name))
    before = pydicom.pixels.pixel_array(get_testdata_file(name))
    uid = dataset.SOPInstanceUID

    paint_over(dataset, [BOX, Region(900, 900, 950, 950)])
    dataset.save_as(tmp_path / "a.dcm")

    after = pydicom.pixels.pixel_array(tmp_path / "a.dcm")
    inside = after[2:12, 5:40]
    assert (inside == (before.min() if black is None else black)).all()
    outside = np.ones(after.shape[:2], bool)
    outside[2:12, 5:40] = False
    assert (after[outside] == before[outside]).all()
    read = pydicom.dcmread(tmp_path / "a.dcm")
    assert read.BurnedInAnnotation == "NO"
    assert read.SOPInstanceUID == uid


def test_high_values_that_are_shown_dark_are_painted_dark():
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    dataset.PhotometricInterpretation = "MONOCHROME1"
    most = dataset.pixel_array.max()

    paint_over(dataset, [BOX])

    assert (dataset.pixel_array[2:12, 5:40] == most).all()


def test_an_image_that_may_name_its_patient_stays_here_until_somebody_looked(tmp_path):
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    dataset.BurnedInAnnotation = "YES"
    dataset.save_as(tmp_path / "x.dcm")
    one = annotated(tmp_path / "x.dcm", nameless=True)

    refused, lost = written(tmp_path / "a", one)
    looked, _ = written(tmp_path / "b", dataclasses.replace(one, masks=()))
    painted, said = written(tmp_path / "c", dataclasses.replace(one, masks=(BOX,)))

    assert "paint over" in lost[0]
    assert set(refused) == {"report", "segments", "shown", "attention"}
    assert {"picture", "annotated"} <= set(looked)
    assert (looked["picture"].pixel_array == dataset.pixel_array).all()
    assert (painted["picture"].pixel_array[2:12, 5:40] == dataset.pixel_array.min()).all()
    assert not [words for words in said if "pixels" in words]


def test_boxes_to_paint_over_are_read_as_typed():
    assert masks_from(["", " "]) is None
    assert masks_from(["none"]) == ()
    assert masks_from(["5,2,40,12", " 1, 2, 3, 4 "]) == (BOX, Region(1, 2, 3, 4))
    for typed in ("5,2", "a,b,c,d", "5,5,5,5", "x"):
        with pytest.raises(WrongUse, match="is no box"):
            masks_from([typed])
