"""What a record tells of its file where patients are hidden."""

import dataclasses

from inspector_app.domain.inspection import NAME_LEFT_OUT, nameless
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.tongues import tongue
from tests.fakes.records import make_inspection


def test_what_went_wrong_with_a_file_does_not_name_it():
    source = dataclasses.replace(
        make_inspection().provenance, locator="/wards/Ada Zz/scan 1.dcm#3", notes=("scan 1.dcm, 3",)
    )
    said = "There is no file /wards/Ada Zz/scan 1.dcm."
    record = make_inspection(
        provenance=source,
        verdict=Verdict(Outcome.CHECK, "the part was not inspected", said, (), (said,)),
        notes=(said, "This program may not look into /wards/Ada Zz.", "scan 1.dcm is empty."),
    )

    told = nameless(record)

    assert "Ada" not in repr(told)
    assert "scan 1" not in repr(told)
    assert told.verdict.detail == "There is no file …."
    assert told.notes[-1] == NAME_LEFT_OUT


def test_a_record_of_a_camera_or_of_nothing_is_left_as_it_is():
    for locator in ("", "usb:0"):
        source = dataclasses.replace(make_inspection().provenance, locator=locator)
        record = make_inspection(provenance=source, notes=("usb is slow.",))

        assert nameless(record).notes == ("usb is slow.", NAME_LEFT_OUT)


def test_a_nameless_record_says_that_writing_in_the_pixels_is_still_there():
    assert "in its pixels is still there" in nameless(make_inspection()).notes[-1]
    assert "像素" in tongue("zh_CN")(NAME_LEFT_OUT)
