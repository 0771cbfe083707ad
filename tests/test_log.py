"""The log helps to mend the program and tells nothing about people."""

import logging
import traceback

import pytest

from inspector_app.log import discreet, start_log, stop_log

pytestmark = pytest.mark.usefixtures("expected_warnings")
LOGGER = logging.getLogger("inspector_app.workflow")


@pytest.fixture
def log(tmp_path):
    path = start_log(tmp_path / "log")
    yield path
    stop_log()


def test_nothing_is_set_up_before_the_call():
    assert logging.getLogger("inspector_app").handlers == []


def test_messages_are_one_line_each(log):
    LOGGER.info("loaded %s in %d ms", "embedded", 412)
    LOGGER.info("two\nlines and \x1b[31mcolour")

    lines = log.read_text("utf-8").splitlines()
    assert "INFO inspector_app.workflow" in lines[0]
    assert lines[0].endswith("loaded embedded in 412 ms")
    assert len(lines) == 2
    assert "\x1b" not in lines[1]


def test_debug_messages_are_not_held(log):
    LOGGER.debug("the question was: is ZZTEST ill?")

    assert log.read_text("utf-8") == ""


@pytest.mark.parametrize(
    "path",
    [
        "/home/anna/ZZTEST 王小明/scan.dcm",
        "C:\\Users\\anna\\ZZTEST.dcm",
        "\\\\server\\share\\ZZTEST.dcm",
        "~/ZZTEST.png",
        "file:///data/ZZTEST.png",
    ],
)
def test_paths_are_masked(log, path):
    LOGGER.warning("cannot open '%s' of size (10, 20)", path)

    written = log.read_text("utf-8")
    assert "ZZTEST" not in written
    assert "<path>" in written
    assert "of size (10, 20)" in written


def test_rates_and_fractions_are_no_paths(log):
    LOGGER.info("3/4 done at 12 ms/token and/or more")

    assert "3/4 done at 12 ms/token and/or more" in log.read_text("utf-8")


def test_of_an_error_the_kind_and_the_place_are_kept_but_not_its_words(log):
    try:
        raise KeyError("ZZTEST^王小明")
    except KeyError:
        LOGGER.exception("a job failed")

    written = log.read_text("utf-8")
    assert "KeyError" in written
    assert "test_log.py" in written
    assert "test_of_an_error" in written
    assert "ZZTEST" not in written


def test_the_file_is_rotated_and_old_ones_are_few(log):
    for _ in range(70):
        LOGGER.info("x" * 120_000)

    files = sorted(path.name for path in log.parent.iterdir())
    assert len(files) == 6
    assert all(path.stat().st_size <= 1_000_000 for path in log.parent.iterdir())


def test_a_folder_that_refuses_leaves_the_program_without_a_log(tmp_path):
    (tmp_path / "log").write_bytes(b"")

    assert start_log(tmp_path / "log") is None


def test_starting_again_replaces_the_file(log, tmp_path):
    second = start_log(tmp_path / "other")
    LOGGER.info("here")

    assert "here" in second.read_text("utf-8")
    assert log.read_text("utf-8") == ""


def test_a_crash_that_is_copied_names_no_file_of_the_user_and_quotes_nothing(tmp_path):
    missing, patient = tmp_path / "Qacanary Ada" / "scan 1.dcm", "Zacanary^Ada"
    try:
        try:
            missing.read_bytes()
        except OSError as error:
            raise KeyError(patient) from error
    except KeyError:
        trace = traceback.format_exc()
    assert trace.lower().count("canary") >= 2

    told = discreet(trace)

    assert "canary" not in told.lower()
    assert "FileNotFoundError: [Errno 2] No such file or directory: <left out>" in told
    assert "KeyError: <left out>" in told
    assert '"test_log.py"' in told
    assert (
        discreet("IndexError: index 5 is out of bounds") == "IndexError: index 5 is out of bounds"
    )


def test_of_our_own_files_the_place_inside_the_program_is_kept():
    line = (
        '  File "/home/ada/venv/lib/python3.11/site-packages/inspector_app/gui/x.py", line 7, in f'
    )

    assert discreet(line) == '  File "site-packages/inspector_app/gui/x.py", line 7, in f'
