"""A file is replaced whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from inspector_app.domain.errors import CannotWrite
from inspector_app.files import make_folder, name_folder, set_aside, write_whole

CALLS = ("stat", "open", "write", "fsync", "close", "replace")
OLD, NEW = b"old" * 1000, b"new" * 5000


class FaultyDisk:
    """Makes the n-th call to the system fail, as a full or dying disk would."""

    def __init__(self, monkeypatch, *, fails_at, error):
        self.left, self.error = fails_at, error
        for name in CALLS:
            monkeypatch.setattr(os, name, self._guard(getattr(os, name), name))

    def _guard(self, real, name):
        def call(*args, **kwargs):
            self.left -= 1
            if self.left == 0:
                if name == "close":
                    real(*args, **kwargs)
                raise OSError(self.error, os.strerror(self.error))
            # A system may write less than it was given.
            if name == "write":
                return real(args[0], bytes(args[1])[:4096])
            return real(*args, **kwargs)

        return call

    @property
    def was_hit(self):
        return self.left <= 0


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def refusal_of(path):
    try:
        write_whole(path, NEW)
    except CannotWrite as refused:
        return refused
    return None


def test_a_new_file_holds_what_was_written(tmp_path):
    write_whole(tmp_path / "报告 é.pdf", NEW)

    assert (tmp_path / "报告 é.pdf").read_bytes() == NEW
    assert names_in(tmp_path) == ["报告 é.pdf"]


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path):
    old = tmp_path / "settings.toml"
    old.write_bytes(OLD)
    old.chmod(0o640)

    write_whole(old, NEW)

    assert old.read_bytes() == NEW
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.json").write_bytes(OLD)
    (tmp_path / "link.json").symlink_to("real.json")

    write_whole(tmp_path / "link.json", NEW)

    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == NEW


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_whichever_call_fails_the_file_is_old_or_new_and_nothing_is_left(tmp_path, error):
    for number in range(1, 200):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.pdf").write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            disk = FaultyDisk(patch, fails_at=number, error=error)
            refused = refusal_of(folder / "a.pdf")

        assert names_in(folder) == ["a.pdf"]
        assert (folder / "a.pdf").read_bytes() in ({OLD, NEW} if refused else {NEW})
        if not disk.was_hit:
            break
        assert refused.hint
        assert str(refused).endswith(".")
    assert number > 8


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    FaultyDisk(monkeypatch, fails_at=3, error=errno.ENOSPC)

    with pytest.raises(CannotWrite, match=r"no room left on the disk for a\.pdf"):
        write_whole(tmp_path / "a.pdf", NEW)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CannotWrite, match="There is no folder"):
        write_whole(tmp_path / "missing" / "a.pdf", NEW)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(CannotWrite, match="There is no folder"):
        write_whole(tmp_path / "file" / "a.pdf", NEW)


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(CannotWrite, match="is a folder"):
        write_whole(tmp_path, NEW)


def test_a_device_is_never_replaced():
    with pytest.raises(CannotWrite, match="is a device"):
        write_whole(Path(os.devnull), NEW)


@pytest.mark.parametrize("name", ["x" * 300 + ".pdf", "a\0b.pdf"])
def test_an_impossible_name_is_refused(tmp_path, name):
    with pytest.raises(CannotWrite):
        write_whole(tmp_path / name, NEW)


def test_a_name_as_long_as_the_system_takes_is_fine(tmp_path):
    write_whole(tmp_path / ("x" * 251 + ".pdf"), NEW)

    assert len(names_in(tmp_path)) == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user who can be refused")
def test_a_folder_that_refuses_is_named(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(CannotWrite, match="does not let this program write"):
        write_whole(tmp_path / "a.pdf", NEW)


def test_folders_are_made_with_their_parents(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("below", ["file", "file/inside"])
def test_a_folder_cannot_be_made_where_a_file_is(tmp_path, below):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(CannotWrite) as refused:
        make_folder(tmp_path / below)

    assert refused.value.hint


def test_what_is_set_aside_keeps_its_content_and_the_older_ones(tmp_path):
    for content in (b"1", b"2"):
        (tmp_path / "a.json").write_bytes(content)
        set_aside(tmp_path / "a.json")

    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert kept == {"a.damaged-1.json": b"1", "a.damaged-2.json": b"2"}


def test_what_is_not_there_cannot_be_set_aside(tmp_path):
    assert set_aside(tmp_path / "gone.json") is None


def test_a_scanner_that_holds_the_new_file_for_a_moment_is_waited_for(tmp_path, monkeypatch):
    held, pauses, real = [1, 2], [], os.replace

    def busy(beside, final):
        if held:
            held.pop()
            raise PermissionError(13, "held by a scanner")
        real(beside, final)

    monkeypatch.setattr("inspector_app.files.IS_WINDOWS", True)
    monkeypatch.setattr("inspector_app.files.time.sleep", pauses.append)
    monkeypatch.setattr(os, "replace", busy)

    write_whole(tmp_path / "a.pdf", NEW)

    assert (tmp_path / "a.pdf").read_bytes() == NEW
    assert pauses == [0.05, 0.1]


def filled(folder, word):
    folder.mkdir(parents=True)
    (folder / "word").write_text(word)
    return folder


def test_a_folder_takes_the_place_of_the_one_of_its_name(tmp_path):
    made, place = filled(tmp_path / "in" / "a", "new"), filled(tmp_path / "a", "old")
    filled(tmp_path / "in" / "a.0123abcd.old", "left by a kill")
    other = filled(tmp_path / "in" / "a.b.0123abcd.old", "of another folder")

    name_folder(made, place)

    assert (place / "word").read_text() == "new"
    assert list((tmp_path / "in").iterdir()) == [other]


def test_a_folder_that_cannot_take_its_name_leaves_the_old_one(tmp_path):
    place = filled(tmp_path / "a", "old")

    with pytest.raises(CannotWrite):
        name_folder(tmp_path / "nothing", place)

    assert (place / "word").read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]
