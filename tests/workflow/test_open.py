"""Opening whatever a user may point at, and listing folders the way people count."""

import os
import shutil
import socket
from pathlib import Path

import numpy as np
import pydicom
import pytest
import tifffile
from PIL import Image

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.workflow.open import (
    list_pictures,
    natural_order,
    open_picture,
    open_thumbnail,
    pictures_in,
    series_in,
)
from tests.sources.test_dicom import FOLDER, HU, written

NAMES = [
    "a.png",
    "螺丝 裂纹.png",
    "naïve é.png",
    "🔍 crack #1 & 100 %.png",
    " spaced .png",
    "x" * 200 + ".png",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["plain", "中文 目录"])
def test_every_name_opens(tmp_path, folder, name):
    (tmp_path / folder).mkdir()
    path = tmp_path / folder / name
    Image.new("RGB", (3, 2), "red").save(path)

    frame = open_picture(str(path))

    assert frame.size == (3, 2)
    assert frame.provenance.locator == str(path)


def test_each_kind_goes_to_the_source_that_knows_it_whatever_its_name(tmp_path):
    Image.new("RGB", (3, 2)).save(tmp_path / "a.txt", "PNG")
    tifffile.imwrite(tmp_path / "b", np.zeros((2, 3), np.uint16))
    written(tmp_path / "c.jpg", HU)

    assert open_picture(str(tmp_path / "a.txt")).provenance.media == "PNG"
    assert open_picture(str(tmp_path / "b")).provenance.media == "TIFF"
    assert open_picture(str(tmp_path / "c.jpg")).provenance.media == "DICOM"


@pytest.mark.parametrize("name", ["none.png", "none/none.png", "a.png/b.png", "\0", "", "n" * 300])
def test_what_is_not_there_is_named(tmp_path, name):
    Image.new("RGB", (3, 2)).save(tmp_path / "a.png")

    with pytest.raises(UnreadablePicture) as refusal:
        open_picture(str(tmp_path / name) if name else "")

    assert refusal.value.hint
    assert refusal.value.exit_code == 3


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(UnreadablePicture, match="is a folder"):
        open_picture(str(tmp_path))


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")

    with pytest.raises(UnreadablePicture, match=r"a\.png is empty"):
        open_picture(str(tmp_path / "a.png"))


@pytest.mark.parametrize("content", [b"x", b"hello world" * 99, b"\x7fELF ...", bytes(5000)])
def test_other_files_are_said_to_be_no_picture(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)

    with pytest.raises(UnreadablePicture, match="not a picture"):
        open_picture(str(tmp_path / "a.png"))


def test_a_queue_or_a_device_is_refused_and_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "queue.png")
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(str(tmp_path / "s"))

        for name in ("queue.png", "s"):
            with pytest.raises(UnreadablePicture, match="not a file"):
                open_picture(str(tmp_path / name))
    assert list_pictures(str(tmp_path)) == ()


def test_a_file_that_may_not_be_read_is_said_to_be_so(tmp_path, monkeypatch):
    Image.new("RGB", (3, 2)).save(tmp_path / "a.png")
    whole = Path.open

    def refuse(self, *args, **kwargs):
        # The tests may run as root, whom no permission stops.
        if self.name == "a.png":
            raise PermissionError(13, "Permission denied")
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(UnreadablePicture, match="may not read"):
        open_picture(str(tmp_path / "a.png"))
    assert list_pictures(str(tmp_path)) == ()


def test_a_folder_is_listed_as_people_count(tmp_path):
    for name in ["part 10.png", "part 9.png", "Part 1.png", "a.png", ".hidden.png", "B.png"]:
        Image.new("RGB", (2, 2)).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "part 2.png").mkdir()

    listed = [Path(found).name for found in list_pictures(str(tmp_path))]

    assert listed == ["a.png", "B.png", "Part 1.png", "part 9.png", "part 10.png"]


def stacked(path, *, position, number, series="1.2.3.1", **more):
    """One slice of a series; the normal of its plane runs from front to back."""
    return written(
        path, HU, StudyInstanceUID="1.2.3", SeriesInstanceUID=series, InstanceNumber=number,
        ImageOrientationPatient=[1, 0, 0, 0, 0, -1], ImagePositionPatient=[0, position, 0], **more,
    )  # fmt: skip


def test_a_folder_lists_scans_series_by_series_in_slice_order(tmp_path):
    Image.new("RGB", (2, 2)).save(tmp_path / "a.png")
    stacked(tmp_path / "b9.dcm", position=5, number=1, series="1.2.3.2", SeriesNumber=7)
    stacked(tmp_path / "c1.dcm", position=30, number=1, SeriesNumber=2)
    stacked(tmp_path / "c2.dcm", position=-10.5, number=2, SeriesNumber=2)
    stacked(tmp_path / "c3.dcm", position=4, number=3, SeriesNumber=2)
    Image.new("RGB", (2, 2)).save(tmp_path / "z.png")

    listed = [Path(found).name for found in list_pictures(str(tmp_path))]

    # The normal is (1, 0, 0) x (0, 0, -1) = (0, 1, 0): by the second coordinate.
    assert listed == ["a.png", "c2.dcm", "c3.dcm", "c1.dcm", "b9.dcm", "z.png"]
    first, second = series_in([str(path) for path in tmp_path.iterdir()])
    assert [Path(name).name for name in first.locators] == ["c2.dcm", "c3.dcm", "c1.dcm"]
    assert (second.uid, second.study_uid) == ("1.2.3.2", "1.2.3")


def test_pages_and_frames_are_listed_one_by_one(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((3, 4, 5), np.uint8), photometric="minisblack")
    frames = [Image.new("L", (3, 3), level) for level in (0, 100, 200)]
    frames[0].save(tmp_path / "b.gif", save_all=True, append_images=frames[1:])
    written(tmp_path / "c.dcm", np.stack([HU, HU]), NumberOfFrames=2)
    Image.new("L", (3, 3)).save(tmp_path / "d.png")

    listed = [Path(found).name for found in list_pictures(str(tmp_path))]

    assert listed == [
        "a.tif#1", "a.tif#2", "a.tif#3", "b.gif#1", "b.gif#2", "b.gif#3",
        "c.dcm#1", "c.dcm#2", "d.png",
    ]  # fmt: skip
    assert open_picture(str(tmp_path / "b.gif#2")).pixels[0, 0, 0] == 100


def test_a_file_that_holds_one_picture_or_cannot_be_read_is_itself(tmp_path):
    Image.new("L", (3, 3)).save(tmp_path / "a.png")
    (tmp_path / "b.tif").write_bytes(b"II*\0 damaged")

    for name in ("a.png", "b.tif", "none.tif", "a.png#1"):
        assert pictures_in(str(tmp_path / name)) == (str(tmp_path / name),)


def test_a_medical_file_without_a_picture_is_left_out_of_lists(tmp_path):
    path = written(tmp_path / "report.dcm", HU)
    dataset = pydicom.dcmread(path)
    del dataset.PixelData, dataset.Rows
    dataset.save_as(path)
    written(tmp_path / "scan.dcm", HU)

    assert list_pictures(str(tmp_path)) == (str(tmp_path / "scan.dcm"),)
    assert pictures_in(path) == (path,)


def test_a_disc_is_listed_by_its_index(tmp_path):
    shutil.copytree(FOLDER / "dicomdirtests", tmp_path / "disc")

    listed = list_pictures(str(tmp_path / "disc"))
    named = pictures_in(str(tmp_path / "disc" / "DICOMDIR"))

    assert set(listed) == set(named)
    # By hand: 31 IMAGE records in the index that pydicom ships.
    assert len(named) == 31
    assert all(Path(name).is_file() for name in named)


def test_natural_order_takes_numbers_as_numbers():
    names = ["x2y", "x10y", "x1", "2", "10", "", "²", "x02y"]

    assert sorted(names, key=natural_order)[:3] == ["", "2", "10"]
    assert sorted(["x10y", "x2y", "x1"], key=natural_order) == ["x1", "x2y", "x10y"]


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_what_is_no_folder_cannot_be_listed(tmp_path, kind):
    Image.new("RGB", (2, 2)).save(tmp_path / "file", "PNG")

    with pytest.raises(UnreadablePicture, match="folder"):
        list_pictures(str(tmp_path / kind))


def test_a_thumbnail_is_small_and_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 300), "blue").save(tmp_path / "a.jpg", exif=exif)

    small = open_thumbnail(str(tmp_path / "a.jpg"), side=96)

    assert small.shape == (96, 48, 3)
    assert small[40, 20, 2] > 200
