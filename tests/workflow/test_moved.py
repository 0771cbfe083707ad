"""Pictures that were moved are found again by their content."""

import hashlib
from pathlib import Path

import pytest

from inspector_app.domain.resume import Listed
from inspector_app.workflow import moved
from inspector_app.workflow.moved import find_file, find_moved
from tests.fakes.steps import finish


def listed(path, *, opened=True):
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest() if opened else ""
    return Listed(str(path), sha256, len(content))


def put(folder, name, content):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def test_a_file_moved_and_renamed_is_found_by_its_hash(tmp_path):
    old = put(tmp_path / "lot", "a.png", b"content of a")
    put(tmp_path / "lot" / "done", "decoy.png", b"content of b")
    known = listed(old)
    (tmp_path / "sorted" / "bad").mkdir(parents=True)
    new = old.rename(tmp_path / "sorted" / "bad" / "renamed.png")

    assert finish(find_moved([known])) == {str(old): str(new)}


def test_a_folder_that_was_renamed_is_found_with_all_its_files(tmp_path):
    files = [put(tmp_path / "lot 1", f"{at}.png", b"%d" % at * 9) for at in range(3)]
    known = [listed(file, opened=at == 0) for at, file in enumerate(files)]
    (tmp_path / "lot 1").rename(tmp_path / "lot 1 done")

    found = finish(find_moved(known))

    assert found == {str(f): str(tmp_path / "lot 1 done" / f.name) for f in files}


def test_a_file_of_the_same_size_with_another_content_is_not_the_same(tmp_path):
    old = put(tmp_path / "lot", "a.png", b"aaaa")
    known = listed(old)
    old.unlink()
    put(tmp_path / "lot", "b.png", b"bbbb")

    assert finish(find_moved([known])) == {}


def test_one_that_was_never_opened_is_found_by_name_and_size_only(tmp_path):
    old = put(tmp_path / "lot", "a.png", b"aaaa")
    known = listed(old, opened=False)
    old.unlink()
    put(tmp_path / "lot" / "x", "other.png", b"aaaa")
    assert finish(find_moved([known])) == {}

    new = put(tmp_path / "lot" / "y", "a.png", b"aaaa")

    assert finish(find_moved([known])) == {str(old): str(new)}


def test_pages_stay_pages_of_their_file(tmp_path):
    old = put(tmp_path / "lot", "a.pdf", b"aaaa")
    known = listed(old)
    page = Listed(f"{old}#3", known.sha256, known.size)
    new = old.rename(tmp_path / "lot" / "b.pdf")

    assert finish(find_moved([page])) == {f"{old}#3": f"{new}#3"}


def test_nothing_is_looked_for_where_all_is_in_its_place(tmp_path):
    known = listed(put(tmp_path / "lot", "a.png", b"aaaa"))

    assert finish(find_moved([known, Listed("rtsp://camera", "", 5)])) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a.tiff", "a.tif"),
        ("a.tif", "b.TIFF"),
        ("a.jpeg", "a.jpg"),
        ("a.jpg", "a.JPG"),
        ("a.JPE", "renamed.jfif"),
        ("slice.dcm", "slice"),
        ("IM0001", "IM0001.dcm"),
        ("slice.dcm", "1.2.840.113619.2.5"),
        ("1.2.840.113619.2.5", "1.2.840.113619.2.5.DCM"),
    ],
)
def test_a_file_whose_ending_was_written_otherwise_is_found(tmp_path, old, new):
    put(tmp_path / "lot", "decoy.tif", b"another")
    sha256 = hashlib.sha256(b"content of a").hexdigest()
    there = put(tmp_path / "lot" / "done", new, b"content of a")

    assert finish(find_file(sha256, place=tmp_path / "lot" / old)) == there


@pytest.mark.parametrize("film", ["a.mp4", "a.tif", "a.mp4.png.mkv"])
def test_files_of_another_kind_are_not_read_in_search_of_a_picture(tmp_path, film, monkeypatch):
    there = put(tmp_path / "lot", film, b"content of a")
    read = []
    monkeypatch.setattr(moved, "_hash_of", lambda path: read.append(path) or "")

    assert finish(find_file("0" * 64, place=tmp_path / "lot" / "a.png")) is None
    assert finish(find_file("0" * 64, place=tmp_path / "lot" / "IM0001")) is None

    assert read == []
    assert there.exists()


def test_what_the_kernel_shows_as_files_is_not_searched(tmp_path, monkeypatch):
    old = put(tmp_path / "lot", "a", b"content of a")
    sha256 = hashlib.sha256(old.read_bytes()).hexdigest()
    new = old.rename(put(tmp_path / "kernel", "b", b"").with_name("a"))
    places = {"place": old, "folders": [tmp_path / "kernel"]}
    assert finish(find_file(sha256, **places)) == new

    monkeypatch.setattr(moved, "_NO_DISKS", {tmp_path / "kernel"})

    assert finish(find_file(sha256, **places)) is None
    kernel = {Path("/proc/cpuinfo"), Path("/sys/kernel/notes")}
    monkeypatch.undo()
    assert not kernel & {path for path, _ in moved._files([Path("/proc"), Path("/sys")])}
