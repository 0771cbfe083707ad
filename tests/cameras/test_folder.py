"""A watched folder: complete files only, the newest wins."""

import os

import pytest

from inspector_app.cameras import folder
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.live import Arrival


@pytest.fixture
def watched(tmp_path):
    (tmp_path / "old.png").write_bytes(b"old")
    return folder.FolderStream(tmp_path, pause=lambda _seconds: None)


def put(path, content, *, at):
    path.write_bytes(content)
    os.utime(path, ns=(at, at))


def test_what_lay_there_before_is_not_taken(watched):
    assert [watched.read() for _ in range(3)] == [None, None, None]


def test_a_file_is_taken_once_it_no_longer_grows(watched, tmp_path):
    put(tmp_path / "a.png", b"half", at=10)
    growing = [watched.read()]
    put(tmp_path / "a.png", b"half and half", at=11)
    growing.append(watched.read())

    taken = watched.read()

    assert growing == [None, None]
    assert taken.path == str(tmp_path / "a.png")
    assert watched.read() is None


def test_an_empty_file_is_not_complete(watched, tmp_path):
    put(tmp_path / "a.png", b"", at=10)

    assert [watched.read() for _ in range(3)] == [None, None, None]


def test_a_file_that_is_renamed_into_place_is_taken(watched, tmp_path):
    put(tmp_path / "a.part", b"whole", at=10)
    assert [watched.read() for _ in range(3)] == [None, None, None]
    (tmp_path / "a.part").rename(tmp_path / "a.png")

    taken = [watched.read() for _ in range(2)][-1]

    assert taken.path == str(tmp_path / "a.png")


def test_the_newest_of_several_wins_and_the_others_are_counted(watched, tmp_path):
    for name, at in (("c.png", 30), ("a.png", 50), ("b.png", 40)):
        put(tmp_path / name, b"whole", at=at)
    watched.read()

    taken = watched.read()

    assert (taken.path, taken.missed) == (str(tmp_path / "a.png"), 2)
    assert watched.read() is None


def test_a_file_written_anew_under_its_name_is_another_picture(watched, tmp_path):
    put(tmp_path / "old.png", b"new", at=99)

    taken = [watched.read() for _ in range(2)][-1]

    assert isinstance(taken, Arrival)
    assert taken.path == str(tmp_path / "old.png")


@pytest.mark.parametrize("name", [".a.png", "~a.png", "a.png.crdownload", "a.TMP"])
def test_files_that_others_are_still_writing_are_left_alone(watched, tmp_path, name):
    put(tmp_path / name, b"whole", at=10)

    assert [watched.read() for _ in range(3)] == [None, None, None]


def test_a_folder_that_goes_away_is_one_sentence(watched, tmp_path):
    (tmp_path / "old.png").unlink()
    tmp_path.rmdir()

    with pytest.raises(UnreadablePicture, match="cannot be watched"):
        watched.read()
    tmp_path.mkdir()


@pytest.mark.parametrize("name", ["", "none", "file.png"])
def test_what_is_no_folder_is_refused(tmp_path, name):
    (tmp_path / "file.png").write_bytes(b"x")
    address = f"folder:{tmp_path / name}" if name else "folder:"

    with pytest.raises(UnreadablePicture, match="cannot be watched"):
        folder.open(address)


def test_a_folder_with_chinese_letters_is_watched(tmp_path):
    (tmp_path / "相机").mkdir()

    folder.open(f"folder:{tmp_path / '相机'}").close()
