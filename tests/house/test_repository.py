"""The repository keeps its own promises."""

import importlib.metadata
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from inspector_app.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "inspector_app"
SHIPPED_MB = 25
TOP_LEVEL = {
    "pyproject.toml",
    "inspector_app",
    "resources",
    "models",
    "tests",
    "packaging",
    "README.md",
    "Makefile",
    "LICENSE",
}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_holds_only_what_the_user_fixed():
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_the_readme_maps_every_room():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    modules = {path.name for path in PACKAGE.glob("*.py") if path.name != "__init__.py"}

    missing = [name for name in rooms if f"`{name}/`" not in readme]
    missing += [name for name in modules if f"`{name}`" not in readme]

    assert not missing


def test_every_room_says_what_it_is_for():
    for room in PACKAGE.glob("*/__init__.py"):
        text = room.read_text(encoding="utf-8")

        assert text.startswith('"""'), f"{room.parent.name} has no docstring"


def test_every_command_in_the_readme_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?m)^\s+inspector ([a-z]+)\b", readme))

    assert named <= set(COMMANDS)


def test_ci_runs_make_test_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]

    assert commands == ["make test"]


def test_no_file_is_too_long_to_read_in_one_sitting():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }

    assert not long


def test_shipped_files_are_small_and_hold_no_pickle():
    weights = sum(path.stat().st_size for path in (ROOT / "models" / "embedded").glob("*.*"))
    samples = sum(path.stat().st_size for path in (ROOT / "resources" / "samples").glob("*.*"))

    assert weights <= SHIPPED_MB * 1e6
    assert samples <= 10e6
    assert not [path for path in tracked() if path.suffix in {".bin", ".pt", ".pth", ".pkl"}]


def test_there_is_one_opencv_without_its_own_qt():
    names = {
        (distribution.metadata["Name"] or "").lower()
        for distribution in importlib.metadata.distributions()
    }

    assert {name for name in names if name.startswith("opencv-")} == {"opencv-python-headless"}


def test_lint_and_types_have_no_list_of_exempt_modules():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]

    assert settings["mypy"]["strict"] is True
    assert all("ignore_errors" not in section for section in settings["mypy"]["overrides"])
    assert set(settings["ruff"]["lint"]["per-file-ignores"]) == {"tests/**"}
    assert all("ignore_imports" not in one for one in settings["importlinter"]["contracts"])


def test_the_licence_is_apache_2():
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
