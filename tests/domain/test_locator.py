"""Naming one picture of a file that holds several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.locator import join, split


@pytest.mark.parametrize(
    ("locator", "parts"),
    [
        ("/a/b.tif", ("/a/b.tif", None)),
        ("/a/b.tif#1", ("/a/b.tif", 1)),
        ("/a/b.tif#12", ("/a/b.tif", 12)),
        ("/a/b#2.tif#12", ("/a/b#2.tif", 12)),
        ("/a/b.tif#0", ("/a/b.tif#0", None)),
        ("/a/b.tif#-1", ("/a/b.tif#-1", None)),
        ("/a/b.tif#1x", ("/a/b.tif#1x", None)),
        ("/a/b.tif#１", ("/a/b.tif#１", None)),
        ("#3", ("#3", None)),
        ("", ("", None)),
        ("rtsp://camera/live#2", ("rtsp://camera/live#2", None)),
        ("/a\nb.gif#7", ("/a\nb.gif", 7)),
    ],
)
def test_a_number_after_a_hash_names_a_picture_in_the_file(locator, parts):
    assert split(locator) == parts


def test_a_file_that_really_is_named_so_wins(tmp_path):
    (tmp_path / "a.png#2").write_bytes(b"x")

    assert split(str(tmp_path / "a.png#2")) == (str(tmp_path / "a.png#2"), None)
    assert split(str(tmp_path / "a.png#3")) == (str(tmp_path / "a.png"), 3)


def test_a_file_of_one_picture_is_its_own_locator():
    assert join("a.tif", None) == "a.tif"


@given(st.text(min_size=1).filter(lambda name: "://" not in name), st.integers(1, 999_999_999))
def test_what_was_joined_is_split_again(path, number):
    assert split(join(path, number)) == (path, number)


def test_pictures_are_counted_from_one():
    with pytest.raises(ValueError, match="from 1"):
        join("a.tif", 0)
