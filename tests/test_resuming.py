"""What was open is read back as it was left; what is damaged is as if it were not there."""

import json
import stat
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app import paths
from inspector_app.domain.frame import Window
from inspector_app.domain.resume import LastSession, Listed
from inspector_app.resuming import FILE, Keeper, read_last

numbers = st.floats(-1e5, 1e5)
words = st.text(max_size=20)
LAST = LastSession(
    (Listed("/a/b.png", "ab" * 32, 17, "FAIL"), Listed("/a/c.png", size=3)), "/a/b.png"
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    listed=st.lists(
        st.builds(Listed, words, words, st.integers(0, 10**12), st.none() | words), max_size=3
    ),
    last=st.builds(
        LastSession,
        locator=words,
        record=st.none() | st.integers(1, 10**9),
        question=words,
        center=st.none() | st.tuples(numbers, numbers),
        scale=st.floats(0, 64),
        quarters=st.integers(0, 3),
        is_flipped=st.booleans(),
        window=st.none() | st.builds(Window, numbers, st.floats(1, 1e4), words),
        is_inverted=st.booleans(),
        chosen=words,
        words=words,
        is_paused=st.booleans(),
    ),
)
def test_a_session_is_read_as_it_was_written(listed, last):
    whole = replace(last, worklist=tuple(listed))

    Keeper().keep(whole)

    assert read_last() == whole


def test_sizes_of_files_are_noted(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"12345")

    Keeper().keep(LastSession((Listed(str(file)),)))

    assert read_last().worklist == (Listed(str(file), size=5),)


def test_nobody_else_reads_the_names_of_files():
    Keeper().keep(LAST)

    assert stat.S_IMODE((paths.data() / FILE).stat().st_mode) == 0o600


def test_without_a_file_there_is_no_session():
    assert read_last() is None


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"center": [1]},
        {"center": ["x", 1]},
        {"scale": 1e300},
        {"worklist": [["a"]]},
        {"worklist": None},
        {"window": [0, -1, "", "LINEAR"]},
        {"window": [0, 10, "", "TABLE"]},
        {"window": [0, 10, "", "CURLY"]},
        {"record": "x"},
    ],
)
def test_a_damaged_session_is_none(change):
    Keeper().keep(LAST)
    path = paths.data() / FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    assert read_last() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'"x"', b"{}"])
def test_what_is_no_session_is_none(content):
    paths.data().mkdir(parents=True)
    (paths.data() / FILE).write_bytes(content)

    assert read_last() is None
