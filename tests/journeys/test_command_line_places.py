"""Places that cannot be written: found early if at all, and never at the cost of the answer."""

import errno
import os
import sqlite3

import pytest

from tests.fakes.records import stored_records

WRONG, UNREADABLE, MODEL, UNWRITTEN = 2, 3, 4, 5


@pytest.mark.parametrize(
    ("option", "place", "words"),
    [
        ("--json", "nowhere/found.json", "no folder"),
        ("--report", "nowhere/found.pdf", "no folder"),
        ("--json", "folder", "is a folder"),
        ("--report", "folder.pdf", "is a folder"),
        ("--json", "file/found.json", "no folder"),
        ("--maps", "file", "is a file"),
        ("--views", "file", "is a file"),
        ("--maps", "file/maps", ""),
        ("--views", "file/views", ""),
    ],
)
def test_a_place_that_cannot_be_written_is_found_before_the_model_runs(
    ask, photo, tmp_path, option, place, words
):
    for folder in ("folder", "folder.pdf"):
        (tmp_path / folder).mkdir()
    (tmp_path / "file").write_text("mine")

    ended = ask(photo, option, tmp_path / place)

    ended.refused(UNWRITTEN, words)
    assert "load" not in ended.err.split()
    assert (tmp_path / "file").read_text() == "mine"
    assert len(stored_records()) == 0


@pytest.mark.parametrize("option", ["--json", "--report"])
def test_nothing_takes_the_place_of_the_picture(ask, photo, tmp_path, option):
    before = photo.read_bytes()
    (tmp_path / "link.png").symlink_to(photo)

    for place in (photo, tmp_path / "link.png", f"{tmp_path}/../{tmp_path.name}/photo.png"):
        ended = ask(photo, option, place)
        ended.refused(UNWRITTEN, "inspected picture itself")
        assert "load" not in ended.err.split()

    assert photo.read_bytes() == before


def test_views_do_not_take_the_place_of_the_picture(ask, photo):
    before = photo.read_bytes()
    picture = photo.rename(photo.with_name("view-0.png"))

    ask(picture, "--views", picture.parent).refused(UNWRITTEN, "inspected picture itself")

    assert picture.read_bytes() == before


def test_nothing_is_made_when_another_place_is_wrong(ask, photo, tmp_path):
    ask(photo, "--maps", tmp_path / "maps", "--report", "x.docx").refused(WRONG)
    ask(photo, "--maps", tmp_path / "maps", "--json", tmp_path).refused(UNWRITTEN)

    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]


@pytest.fixture
def full_disk(monkeypatch):
    """From now on, the disk takes the beginning of a file and no more."""
    real = os.write

    def write(handle, content):
        if handle > 2:
            real(handle, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, content)

    monkeypatch.setattr(os, "write", write)


@pytest.mark.parametrize(
    "option", ["--json found.json", "--report found.pdf", "--maps maps", "--views views"]
)
def test_a_full_disk_leaves_no_half_file_and_the_answer_is_not_lost(
    ask, photo, tmp_path, full_disk, option
):
    name, place = option.split()

    sentence = ask(photo, name, tmp_path / place).refused(UNWRITTEN, "no room left on the disk")

    assert "is kept as record 1" in sentence
    assert len(stored_records()) == 1
    left = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert left == ["photo.png"]


def test_a_folder_that_refuses_is_said(ask, photo, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("inspector_app.files._write_through", refuse)

    sentence = ask(photo, "--report", tmp_path / "found.pdf", "--no-store").refused(
        UNWRITTEN, "does not let this program write"
    )

    assert "The answer was" in sentence
    assert "record" not in sentence


def test_an_old_report_survives_a_full_disk(ask, photo, tmp_path, full_disk):
    (tmp_path / "found.json").write_text("old")

    ask(photo, "--json", tmp_path / "found.json").refused(UNWRITTEN)

    assert (tmp_path / "found.json").read_text() == "old"


@pytest.mark.parametrize("obstacle", ["a file for a folder", "no database"])
def test_records_that_cannot_be_written_cost_the_record_and_not_the_answer(
    ask, photo, home, obstacle
):
    if obstacle == "a file for a folder":
        (home / "data").write_text("in the way")
    else:
        (home / "data").mkdir()
        (home / "data" / "records.sqlite").write_text("no database " * 100)

    ended = ask(photo, "--quiet")

    assert ended.code == UNWRITTEN
    assert ended.out.startswith("Whole")
    assert "Record" not in ended.out
    assert "not stored" in ended.last
    assert "--no-store" in ended.last
    assert ended.err.count("\n") == 1


def test_records_that_another_program_holds_are_said(ask, run, photo, home):
    assert ask(photo, "--quiet").code == 0
    holder = sqlite3.connect(home / "data" / "records.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        ended = run("records")
    finally:
        holder.close()

    assert ended.code in {0, UNREADABLE, UNWRITTEN}
    assert "Traceback" not in ended.err
