"""Whichever call to the system fails, a file is the old one or the new one, and it is said."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
COMPILER = shutil.which("cc") or shutil.which("gcc")
LIGHT = (
    *("settings", "preset", "template", "last session", "figures", "preview", "trail", "shot"),
    *("batch line", "log", "backup", "restore", "record", "gesture", "signature", "account"),
    *("report json", "report csv", "report html", "report png", "book json", "book csv"),
    *("book html", "export coco", "export yolo", "export voc", "export label_studio"),
    *("export conversations", "pull", "pull again", "tower"),
)
HEAVY = ("report pdf", "book pdf", "export dicom")

pytestmark = pytest.mark.skipif(
    COMPILER is None or not sys.platform.startswith("linux"),
    reason="the failing disk is a library that must be compiled, for Linux",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What every writer left behind on a disk that failed."""
    folder = tmp_path_factory.mktemp("faults")
    library = folder / "disk.so"
    command = [COMPILER, "-shared", "-fPIC", "-O1", "-o", library, HERE / "disk.c", "-ldl"]
    subprocess.run(command, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.writers", str(folder)],
        env={**os.environ, "LD_PRELOAD": str(library)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", [*LIGHT, *HEAVY])
def test_what_fails_leaves_the_old_file_or_the_new_one_and_says_so(told, name):
    rows = told[name]

    assert len(rows) >= 2
    for number, error, said, stands, names in rows:
        where = f"{name}: call {number}, {error}: {said}, {names}"
        # A log that cannot be written loses its line, and stops nobody's work.
        assert stands in {"old", "new"} or (name == "log" and said is None), where
        assert not any(".part" in one for one in names), where
        if said is None:
            continue
        kind, sentence, hint = said
        assert kind == "CannotWrite", where
        assert sentence.endswith("."), where
        assert "\n" not in sentence, where
        assert hint, where


def test_every_writer_is_tried(told):
    assert set(told) == {*LIGHT, *HEAVY}
