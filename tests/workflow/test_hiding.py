"""Whose picture it is shows in no report that hides it, not even in the pixels."""

import dataclasses
import hashlib
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.inspection import ShownView
from inspector_app.domain.measure import picture_key
from inspector_app.domain.preset import PresetReports
from inspector_app.domain.preset_messages import FileReports
from inspector_app.domain.record_messages import WriteBook, WriteReport
from inspector_app.domain.region import Region
from inspector_app.domain.search import Search
from inspector_app.imaging.plate import crop_of, picture_of
from inspector_app.imaging.windowing import window_to_uint8
from inspector_app.store.records import Store
from inspector_app.tongues import tongue
from inspector_app.workflow import exchange, reporting
from inspector_app.workflow.filing import filed_reports
from inspector_app.workflow.hiding import hidden, masks_of
from inspector_app.workflow.open import open_picture
from tests.fakes.records import make_frame, make_inspection
from tests.fakes.steps import finish, walk

MASK = Region(10, 5, 20, 15)


def record_of(file, *, media="DICOM", size=(40, 30)):
    """A record of a file, and its picture."""
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    frame = make_frame(size)
    source = dataclasses.replace(frame.provenance, locator=str(file), sha256=sha256, media=media)
    frame = dataclasses.replace(frame, provenance=source)
    return make_inspection(frame, regions=((5, 5, 25, 25),)), frame


@pytest.fixture
def scan(tmp_path):
    """A slice that says whether a name is written in it."""

    def made(said):
        dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
        dataset.BurnedInAnnotation = said
        dataset.save_as(tmp_path / "scan.dcm")
        return tmp_path / "scan.dcm"

    return made


def key_of(record):
    return picture_key(record.provenance.sha256, record.provenance.locator)


def shows(inspection, frame):
    """Whether a reader of a report would see the picture, and the crop."""
    plate = picture_of(inspection, frame=frame)
    return plate is not None, crop_of(inspection, 0, plate=plate) is not None


def test_a_picture_in_which_a_name_may_be_written_is_left_out_and_this_is_said(scan):
    told = hidden(*record_of(scan("YES")))

    assert shows(*told) == (False, False)
    assert "a name may be written in it" in told[0].notes[-1]
    assert "姓名" in tongue("zh_CN")(told[0].notes[-1])


def test_a_slice_that_says_that_nothing_is_written_in_it_is_shown(scan):
    assert shows(*hidden(*record_of(scan("NO")))) == (True, True)


def test_a_slice_that_cannot_be_asked_any_more_is_left_out(scan):
    record, frame = record_of(scan("NO"))
    scan("YES")

    assert shows(*hidden(record, frame)) == (False, False)


@pytest.mark.parametrize("media", ["PNG", "DICOM"])
def test_what_looks_like_writing_is_painted_over_where_nothing_is_known(scan, tmp_path, media):
    file = scan("") if media == "DICOM" else tmp_path / "a.png"
    file.touch()
    record, frame = record_of(file, media=media, size=(640, 480))
    smooth = np.full((480, 640, 3), 40, np.uint8)
    written = cv2.putText(smooth.copy(), "MEIER^ADA 4711", (60, 200), 0, 0.9, (230,) * 3, 2)
    frame = dataclasses.replace(frame, pixels=written)
    whole = ShownView(written, frame.region)
    upper = Region(0, 100, 400, 400)
    record = dataclasses.replace(record, views=(whole, ShownView(frame.cut(upper), upper)))

    told, shown = hidden(record, frame)

    assert (written.max(axis=2) > 60).any()
    for pixels in (shown.pixels, told.views[0].pixels, told.views[1].pixels):
        assert not (pixels.max(axis=2) > 60).any()
        # Nothing else is touched.
        assert (pixels[-100:] == 40).all()
    assert "looks like writing" in told.notes[-1]
    assert "文字" in tongue("zh_CN")(told.notes[-1])


def slice_of_noise(text=""):
    """(512, 512) values of a soft-tissue disc with scanner noise in air, in HU, and some ink."""
    y, x = np.mgrid[:512, :512]
    body = ((x - 256) / 230) ** 2 + ((y - 256) / 170) ** 2 < 1
    noise = np.random.default_rng(1).normal(0, 20, (512, 512))
    values = np.where(body, 40.0, -1000.0) + noise
    values[((x - 256) / 25) ** 2 + ((y - 370) / 25) ** 2 < 1] += 600
    ink = cv2.putText(np.zeros((512, 512), np.uint8), text, (150, 200), 0, 0.8, (1,), 2)
    values[ink > 0] = 600
    return values.round().astype(np.int16)


@pytest.mark.parametrize(("text", "is_painted"), [("", False), ("MEIER^ADA 4711", True)])
def test_noise_in_a_narrow_window_is_not_painted_over_and_writing_is(scan, text, is_painted):
    values = slice_of_noise(text)
    record, frame = record_of(scan(""), size=(512, 512))
    narrow = window_to_uint8(values, center=40, width=80)
    frame = dataclasses.replace(frame, pixels=np.dstack([narrow] * 3), values=values)
    record = dataclasses.replace(record, views=(ShownView(frame.pixels, frame.region),))

    told, shown = hidden(record, frame)

    is_changed = (shown.pixels != frame.pixels).any(axis=2)
    assert is_changed.any() == is_painted
    # All of the line is black, and nothing far from it was touched.
    assert (shown.pixels[184:200, 152:350] == 0).all() == is_painted
    assert not is_changed[300:].any()
    assert ("looks like writing" in told.notes[-1]) == is_painted


def test_noise_is_not_painted_over_either_where_only_the_file_has_the_values(scan):
    file, values = scan(""), slice_of_noise()
    dataset = pydicom.dcmread(file)
    dataset.Rows, dataset.Columns = values.shape
    dataset.PixelData, dataset.RescaleIntercept = values.tobytes(), 0
    dataset.WindowCenter, dataset.WindowWidth = 40, 80
    dataset.save_as(file)
    frame = open_picture(str(file))
    record = make_inspection(frame, regions=())
    record = dataclasses.replace(record, views=(ShownView(frame.pixels, frame.region),))

    told, _ = hidden(record, None)

    assert np.array_equal(told.views[0].pixels, frame.pixels)
    assert "looks like writing" not in " ".join(told.notes)


def test_a_slice_whose_file_begins_without_a_mark_is_asked_too(scan):
    file = scan("YES")
    dataset = pydicom.dcmread(file)
    dataset.preamble = None
    pydicom.dcmwrite(file, dataset, enforce_file_format=False)
    assert file.read_bytes()[128:132] != b"DICM"
    frame = open_picture(str(file))
    assert frame.provenance.media == "DICOM"
    record = make_inspection(frame, regions=((5, 5, 25, 25),))

    assert shows(*hidden(record, frame)) == (False, False)


@pytest.mark.parametrize("kind", ["gone", "unmarked"])
def test_dicom_without_names_holds_no_pixels_of_a_file_that_cannot_be_asked_or_says_yes(
    scan, tmp_path, kind
):
    file = scan("YES")
    dataset = pydicom.dcmread(file)
    dataset.preamble = None
    pydicom.dcmwrite(file, dataset, enforce_file_format=False)
    frame = open_picture(str(file))
    with closing(Store(tmp_path / "data")) as store:
        number = store.save(make_inspection(frame, regions=((5, 5, 25, 25),))).id
        if kind == "gone":
            file.unlink()
        made = {}
        for masks in (None, (MASK,)):
            out = tmp_path / str(len(made))
            wishes = {"hides_patient": True, "masks": masks}
            done = finish(exchange.write_export(store, [number], "dicom", out, **wishes))
            made[masks] = {path.name.rpartition("-")[2] for path in out.iterdir()}, done.lost

    hidden_files, lost = made[None]
    assert "report.dcm" in hidden_files
    assert not {"picture.dcm", "annotated.dcm"} & hidden_files
    assert any("may be named" in words for words in lost)
    assert {"picture.dcm", "annotated.dcm"} <= made[MASK,][0]


def test_other_files_without_writing_are_shown_as_they_are(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")

    assert shows(*hidden(*record_of(tmp_path / "a.png", media="PNG"))) == (True, True)


def test_boxes_are_painted_over_in_the_picture_and_in_crops_at_their_scale(scan):
    record, frame = record_of(scan("YES"))
    whole, crop = record.views
    doubled = np.ascontiguousarray(crop.pixels.repeat(2, axis=0).repeat(2, axis=1))
    larger = ShownView(doubled, crop.region)
    record = dataclasses.replace(record, views=(whole, larger))

    told, shown = hidden(record, frame, masks=(MASK,))

    for pixels in (shown.pixels, told.views[0].pixels):
        assert not pixels[5:15, 10:20].any()
        # A pixel's breadth around them, no more.
        assert np.array_equal(pixels[17:], frame.pixels[17:])
        assert np.array_equal(pixels[:, 22:], frame.pixels[:, 22:])
    # The crop begins at (5, 5) and shows each pixel as 2 x 2.
    assert not told.views[1].pixels[0:20, 10:30].any()
    assert np.array_equal(told.views[1].pixels[24:], doubled[24:])
    assert "painted over" in told.notes[-1]
    assert frame.pixels[5:15, 10:20].any()


def test_who_looked_and_found_no_writing_gets_the_picture(scan):
    told = hidden(*record_of(scan("YES")), masks=())

    assert shows(*told) == (True, True)
    assert "painted over" not in told[0].notes[-1]


def test_boxes_outside_of_a_picture_say_nothing_of_it(scan):
    record, frame = record_of(scan("YES"))
    elsewhere = Region(40, 0, 80, 30)

    assert shows(*hidden(record, frame, masks=(elsewhere,))) == (False, False)
    told, _ = hidden(record, frame, masks=(elsewhere, MASK))
    assert "painted over" in told.notes[-1]


@pytest.mark.parametrize("count", [1, 2])
def test_a_box_that_lies_in_no_picture_is_refused_before_anything_is_written(scan, tmp_path, count):
    record, _ = record_of(scan("YES"))
    out = tmp_path / "out.html"
    words = "outside the picture" if count == 1 else "outside of all these pictures"
    with closing(Store(tmp_path / "data")) as store:
        numbers = [store.save(record).id for _ in range(count)]
        wishes = {"hides_patient": True, "masks": (MASK, Region(40, 0, 80, 30))}
        with pytest.raises(WrongUse, match=words):
            walk(reporting.report(store, numbers, "html", out, **wishes))

    assert not out.exists()


def test_a_book_hides_a_picture_in_which_no_box_lies_and_paints_over_in_others(scan, tmp_path):
    small, _ = record_of(scan("YES"))
    large, _ = record_of(scan("YES"), size=(80, 60))
    counts = []
    with closing(Store(tmp_path / "data")) as store:
        numbers = [store.save(record).id for record in (large, small)]
        for masks in ((Region(50, 40, 60, 50),), (MASK,)):
            out = tmp_path / "out.html"
            wishes = {"hides_patient": True, "masks": masks}
            walk(reporting.report(store, numbers, "html", out, **wishes))
            counts.append(out.read_text("utf-8").count("data:image"))

    assert 0 < counts[0] < counts[1]


@pytest.mark.parametrize(
    ("masks", "own", "told"),
    [
        (None, None, None),
        (None, (), ()),
        (None, (MASK,), (MASK,)),
        ((), (MASK,), (MASK,)),
        ((MASK,), (), (MASK,)),
        ((MASK,), (Region(0, 0, 4, 4), MASK), (Region(0, 0, 4, 4), MASK)),
        ((Region(50, 40, 60, 50),), None, None),
        ((Region(50, 40, 60, 50),), (MASK,), (MASK,)),
    ],
)
def test_boxes_of_one_picture_and_of_all_are_painted_over_together(tmp_path, masks, own, told):
    (tmp_path / "a.png").write_bytes(b"a")
    record, _ = record_of(tmp_path / "a.png", media="PNG")
    known = (("another", (Region(0, 0, 9, 9),)),)
    known += () if own is None else ((key_of(record), own),)

    assert masks_of(record, masks, known=known) == told


def test_a_book_paints_over_what_was_typed_for_one_of_its_pictures(scan, tmp_path):
    hidden_one, _ = record_of(scan("YES"))
    (tmp_path / "other.dcm").write_bytes(scan("YES").read_bytes() + b"  ")
    looked_at, _ = record_of(tmp_path / "other.dcm")
    out = str(tmp_path / "out.html")
    counts = []
    with closing(Store(tmp_path / "data")) as store:
        for record in (hidden_one, looked_at):
            store.save(record)
        for records in ((), (looked_at,), (looked_at, hidden_one)):
            known = tuple((key_of(record), (MASK,)) for record in records)
            wanted = WriteBook(Search(), "html", out, hides_patient=True, known_masks=known)
            walk(reporting.write_book(store, wanted))
            counts.append(Path(out).read_text("utf-8").count("data:image"))

    assert 0 == counts[0] < counts[1] < counts[2]


def test_a_report_without_names_holds_no_pixel_of_such_a_picture(scan, tmp_path):
    record, _ = record_of(scan("YES"))
    pages = {}
    with closing(Store(tmp_path / "data")) as store:
        number = store.save(record).id
        for name, wishes in {
            "named": {},
            "hidden": {"hides_patient": True},
            "painted": {"hides_patient": True, "masks": (MASK,)},
            "named, painted": {"masks": (MASK,)},
        }.items():
            walk(reporting.report(store, [number], "html", tmp_path / name, **wishes))
            pages[name] = (tmp_path / name).read_text("utf-8")

    said = "boxes were painted over in the picture&#39;s pixels"
    assert {name: said in page for name, page in pages.items()} == {
        "named": False, "hidden": False, "painted": False, "named, painted": True,
    }  # fmt: skip
    assert pages["named"].count("data:image") == pages["painted"].count("data:image") > 0
    assert pages["hidden"].count("data:image") == 0


@pytest.mark.parametrize("kind", ["one", "book", "inspection", "batch"])
def test_what_the_window_asks_for_is_painted_over_too(scan, tmp_path, kind):
    record, frame = record_of(scan("YES"))
    counts = []
    with closing(Store(tmp_path / "data")) as store:
        number = store.save(record).id
        for masks in (None, (MASK,)):
            out = str(tmp_path / "out.html")
            if kind == "one":
                wanted = WriteReport(number, "html", out, hides_patient=True, masks=masks)
                walk(reporting.written(store, wanted, frame_of=lambda _record: frame))
            elif kind == "book":
                wanted = WriteBook(Search(), "html", out, hides_patient=True, masks=masks)
                walk(reporting.write_book(store, wanted))
            else:
                reports = PresetReports(("html",), kind, str(tmp_path / "filed"))
                known = ((key_of(record), masks),) if masks else ()
                wanted = FileReports((number,), reports, hides_patient=True, known_masks=known)
                (out,) = finish(filed_reports(store, wanted, frame_of=lambda _record: frame))
            counts.append(Path(out).read_text("utf-8").count("data:image"))

    assert counts[0] == 0
    assert counts[1] > 0
