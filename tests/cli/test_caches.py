"""What can be made again is listed and taken away; what cannot stays."""

import pytest

from inspector_app import paths
from tests.fakes.command import run as run_command


@pytest.fixture
def run(capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    for place in (paths.towers() / "a", paths.logs(), paths.data(), paths.config()):
        place.mkdir(parents=True)
        (place / "file.bin").write_bytes(bytes(1_500_000))
    return lambda *arguments: run_command(capfd, *arguments)


def test_what_is_kept_is_listed_with_its_size(run):
    told = run("caches").out

    assert told.count("1.5") == 2
    assert str(paths.towers()) in told.replace("\n", "")


def test_wiping_leaves_records_and_settings(run):
    # The command's own log is the third.
    assert "3 files taken away" in run("caches", "wipe").out

    assert not paths.towers().exists()
    assert (paths.data() / "file.bin").exists()
    assert (paths.config() / "file.bin").exists()
    assert not (paths.logs() / "file.bin").exists()
