"""Segments have exactly the pixels of the regions; what is drawn lies where it was drawn."""

import dataclasses
import math
import shutil
import subprocess
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from inspector_app.domain.exchange import Annotated, Thing, rectangle
from inspector_app.domain.filing import Filed
from inspector_app.domain.frame import Window
from inspector_app.domain.preset import Cut, Options
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.exports.dicom.outline import outline_on
from tests.exports.test_dicom import annotated, items, valid, written
from tests.exports.test_round_trips import ALL, BOX, POLYGON, RICH
from tests.fakes.records import make_frame, make_inspection

CT = get_testdata_file("CT_small.dcm")
OVER = Thing("over", Shape(ShapeKind.RECTANGLE, ((-5.0, 118.0), (20.0, 140.0)), 30.0))


def turned_mask(shape, size):
    """Pixels whose middle, turned back, lies in the upright rectangle."""
    (x0, y0), (x1, y1) = shape.points
    middle, turn = ((x0 + x1) / 2, (y0 + y1) / 2), math.radians(-shape.angle)
    mask = np.zeros(size[::-1], bool)
    for row in range(size[1]):
        for column in range(size[0]):
            dx, dy = column + 0.5 - middle[0], row + 0.5 - middle[1]
            x = middle[0] + dx * math.cos(turn) - dy * math.sin(turn)
            y = middle[1] + dx * math.sin(turn) + dy * math.cos(turn)
            mask[row, column] = x0 < x < x1 and y0 < y < y1
    return mask


def winding_mask(points, size):
    """(pixels about whose middle a polygon winds, by the sum of the angles; those on its edge)."""
    ys, xs = np.mgrid[0 : size[1], 0 : size[0]] + 0.5
    total, on_edge = np.zeros(size[::-1]), np.zeros(size[::-1], bool)
    for (ax, ay), (bx, by) in zip(points, (*points[1:], points[0]), strict=True):
        a, b = np.arctan2(ay - ys, ax - xs), np.arctan2(by - ys, bx - xs)
        total += (b - a + np.pi) % (2 * np.pi) - np.pi
        across = (bx - ax) * (ys - ay) - (by - ay) * (xs - ax)
        is_beside = (np.minimum(ax, bx) <= xs) & (xs <= np.maximum(ax, bx))
        on_edge |= (np.abs(across) < 1e-9) & is_beside
    return (np.abs(total) > np.pi) & ~on_edge, on_edge


def with_regions(file, *things, window=None):
    """A picture on which a person had also drawn a region, and one was enlarged."""
    one = annotated(file, *things)
    (record,) = one.filed
    source = record.inspection.provenance
    options = Options(
        rois=(Region(40, 40, 60, 70), Region(10, 80, 30, 90)),
        cuts=(Cut(((40.2, 40.1), (59.7, 45.4), (50.3, 69.6)), "weld"), Cut()),
    )
    inspection = dataclasses.replace(
        record.inspection, options=options, provenance=dataclasses.replace(source, window=window)
    )
    return dataclasses.replace(one, filed=(Filed(inspection),))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All files of a slice with each kind of shape."""
    folder = tmp_path_factory.mktemp("made") / "a"
    found, lost = written(
        folder,
        with_regions(CT, *ALL, OVER, window=Window(40.0, 350.5, "soft", "LINEAR_EXACT")),
    )
    assert not [words for words in lost if "regions" in words]
    return folder, found


def masks(segments):
    """{label: (H, W) bool} as highdicom reads them, each on the geometry of the source."""
    image = hd.seg.Segmentation.from_dataset(segments)
    source = pydicom.dcmread(CT)
    (uids,) = {tuple(uid) for uid in image.get_source_image_uids()}
    assert uids == (source.StudyInstanceUID, source.SeriesInstanceUID, source.SOPInstanceUID)
    stacked = image.get_pixels_by_source_instance([source.SOPInstanceUID])[0]
    names = [one.SegmentLabel for one in segments.SegmentSequence]
    return {name: stacked[:, :, at].astype(bool) for at, name in enumerate(names)}


def test_each_segment_has_exactly_the_pixels_of_its_region(made):
    _, found = made
    size = (128, 128)
    wanted = {
        "crack": np.zeros((128, 128), bool),
        "裂纹": turned_mask(RICH.shape, size),
        "dent": winding_mask(POLYGON.shape.points, size)[0],
        "over": turned_mask(OVER.shape, size),
        "weld": winding_mask(((40.2, 40.1), (59.7, 45.4), (50.3, 69.6)), size)[0],
        "Region 2": np.zeros((128, 128), bool),
    }
    wanted["crack"][4:11, 3:20] = True
    wanted["Region 2"][80:90, 10:30] = True

    got = masks(found["segments"])

    assert list(got) == list(wanted)
    ties = winding_mask(POLYGON.shape.points, size)[1]
    assert 0 < ties.sum() < 10
    wanted["dent"][ties] = got["dent"][ties]
    for name, mask in wanted.items():
        assert mask.any()
        assert (got[name] == mask).all(), name


def test_segments_lie_where_the_source_lies(made):
    _, found = made
    segments, source = found["segments"], pydicom.dcmread(CT)

    shared = segments.SharedFunctionalGroupsSequence[0]
    assert segments.FrameOfReferenceUID == source.FrameOfReferenceUID
    assert shared.PixelMeasuresSequence[0].PixelSpacing == source.PixelSpacing
    orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    assert orientation == source.ImageOrientationPatient
    for frame in segments.PerFrameFunctionalGroupsSequence:
        place = frame.PlanePositionSequence[0].ImagePositionPatient
        assert place == source.ImagePositionPatient


def test_a_segment_says_who_found_it_and_has_the_name_it_has_in_the_report(made):
    _, found = made

    segments = found["segments"].SegmentSequence
    kinds = {one.SegmentLabel: one.SegmentAlgorithmType for one in segments}
    assert kinds["crack"] == "AUTOMATIC"
    assert kinds["裂纹"] == kinds["weld"] == "MANUAL"
    told = {one.UID for one in items(found["report"])["Tracking Unique Identifier"]}
    tracked = {one.TrackingUID for one in segments if one.TrackingID.startswith("Finding")}
    assert len(tracked) == 4
    assert tracked <= told


def test_what_is_drawn_over_the_image_lies_where_it_was_drawn(made):
    _, found = made
    state = found["shown"]

    drawn = {}
    for note in state.GraphicAnnotationSequence:
        (graphic,), (text,) = note.GraphicObjectSequence, note.TextObjectSequence
        assert graphic.GraphicAnnotationUnits == "PIXEL"
        assert note.ReferencedImageSequence[0].ReferencedSOPInstanceUID == (
            pydicom.dcmread(CT).SOPInstanceUID
        )
        points = np.array(graphic.GraphicData).reshape(-1, 2)
        drawn[note.GraphicLayer, text.UnformattedTextValue] = graphic.GraphicType, points
    assert set(drawn) == {
        *(("FINDINGS", name) for name in ("crack", "裂纹", "dent", "scratch", "dot", "over")),
        ("REGIONS", "weld"), ("REGIONS", "Region 2"), ("ENLARGED", "A"),
    }  # fmt: skip
    kind, points = drawn["FINDINGS", "crack"]
    assert kind == "POLYLINE"
    assert points.tolist() == [[3, 4], [20, 4], [20, 11], [3, 11], [3, 4]]
    assert drawn["FINDINGS", "dot"][0] == "POINT"
    assert drawn["FINDINGS", "dot"][1].tolist() == [[7.5, 8.25]]
    assert drawn["ENLARGED", "A"][1][2].tolist() == [20, 20]
    over = drawn["FINDINGS", "over"][1]
    assert over.min() >= 0
    assert over.max() <= 128


def test_the_window_of_the_inspection_is_the_one_that_is_shown(made):
    _, found = made

    (window,) = found["shown"].SoftcopyVOILUTSequence
    assert (window.WindowCenter, window.WindowWidth) == (40.0, 350.5)
    assert window.VOILUTFunction == "LINEAR_EXACT"


def test_a_validator_finds_no_error_in_any_kind_of_object(made):
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (dicom3tools) is not installed")
    folder, found = made
    assert set(found) == {"picture", "report", "segments", "shown", "annotated", "attention"}

    valid(folder)


@pytest.mark.skipif(shutil.which("dcmpschk") is None, reason="DCMTK is not installed")
def test_dcmtk_takes_the_presentation_state(tmp_path):
    written(tmp_path / "a", with_regions(CT, BOX, POLYGON))

    told = subprocess.run(
        ["dcmpschk", str(tmp_path / "a" / "inspection-1-shown.dcm")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Test passed" in told.stdout + told.stderr


@pytest.mark.parametrize("name", ["SC_rgb_rle.dcm", "examples_palette.dcm"])
def test_colour_palettes_and_odd_kinds_are_valid_too(name, tmp_path):
    file = get_testdata_file(name)
    source = pydicom.dcmread(file)
    size = (source.Columns, source.Rows)
    frame = make_frame(size)
    record = make_inspection(frame, regions=((5, 5, 20, 20),), id=1)
    one = Annotated(
        "inspection-1", name, "a" * 64, 1, size, (BOX,), (), frame.pixels, (Filed(record),),
        Path(file), False,
    )  # fmt: skip

    found, lost = written(tmp_path / "a", one)

    assert {"segments", "shown"} <= set(found), lost
    mask = found["segments"].pixel_array.reshape(-1, *size[::-1])[0]
    assert mask[4:11, 3:20].all()
    assert mask.sum() == 7 * 17
    if shutil.which("dciodvfy") is not None:
        (tmp_path / "a" / "inspection-1-picture.dcm").unlink()
        valid(tmp_path / "a")


def test_an_image_whose_high_values_are_dark_is_shown_so(tmp_path):
    source = pydicom.dcmread(CT)
    source.PhotometricInterpretation = "MONOCHROME1"
    source.save_as(tmp_path / "x.dcm")

    found, _ = written(tmp_path / "a", annotated(tmp_path / "x.dcm", BOX))

    assert found["shown"].PresentationLUTShape == "INVERSE"


def test_where_nothing_has_an_area_there_is_no_segmentation(tmp_path):
    point = Thing("dot", Shape(ShapeKind.POINT, ((7.5, 8.25),)))
    one = annotated(CT, point)
    bare = dataclasses.replace(one.filed[0].inspection, options=Options(), regions=())

    found, lost = written(tmp_path / "a", dataclasses.replace(one, filed=(Filed(bare),)))

    assert "segments" not in found
    assert "shown" in found
    assert not [words for words in lost if "regions" in words]


def test_labels_in_any_script_survive_a_source_of_western_letters(made):
    _, found = made
    assert pydicom.dcmread(CT).SpecificCharacterSet == "ISO_IR 100"

    labels = [one.ConceptCodeSequence[0].CodeMeaning for one in items(found["report"])["Finding"]]

    assert "裂纹" in labels
    assert found["report"].PatientName == pydicom.dcmread(CT).PatientName


def test_an_outline_is_cut_at_the_edges_not_bent():
    # A diamond about the corner: what remains is the triangle between the axes.
    diamond = Shape(ShapeKind.POLYGON, ((0.0, -4.0), (4.0, 0.0), (0.0, 4.0), (-4.0, 0.0)))
    line = Shape(ShapeKind.LINE, ((-10.0, 5.0), (30.0, 5.0)))
    steep = Shape(ShapeKind.LINE, ((5.0, -5.0), (15.0, 15.0)))
    outside = Shape.of(Region(30, 30, 40, 40))

    assert set(outline_on(diamond, size=(20, 10))) == {(0.0, 0.0), (4.0, 0.0), (0.0, 4.0)}
    assert outline_on(line, size=(20, 10)) == ((0.0, 5.0), (20.0, 5.0))
    assert outline_on(steep, size=(20, 10)) == ((7.5, 0.0), (12.5, 10.0))
    assert outline_on(outside, size=(20, 10)) == ()
    assert outline_on(rectangle(0, 0, 20, 10), size=(20, 10)) == (
        (0.0, 0.0), (20.0, 0.0), (20.0, 10.0), (0.0, 10.0), (0.0, 0.0),
    )  # fmt: skip
