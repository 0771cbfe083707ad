"""Where things lie: shipped files, and the user's own folders."""

import getpass
import os
from pathlib import Path

import platformdirs

APP = "inspector"


def _bundle() -> Path:
    """The folder that holds `resources` and `models`: the checkout, or the wheel's bundle."""
    package = Path(__file__).resolve().parent
    installed = package / "bundle"
    return installed if installed.is_dir() else package.parent


def resources() -> Path:
    """Icons, style, templates, sample pictures: shipped and read-only."""
    return _bundle() / "resources"


def shipped_models() -> Path:
    """Model folders that come with the program."""
    return _bundle() / "models"


def user_models() -> Path:
    """Model folders that the user added."""
    return data() / "models"


def model_names() -> tuple[str, ...]:
    """The models there are: every folder with a card, the user's own first."""
    found = [
        card.parent.name
        for place in (user_models(), shipped_models())
        for card in sorted(place.glob("*/card.toml"))
    ]
    return tuple(dict.fromkeys(found))


def data() -> Path:
    """Records and pictures. `INSPECTOR_HOME` moves data, settings and log into one folder."""
    home = os.environ.get("INSPECTOR_HOME")
    return Path(home) / "data" if home else Path(platformdirs.user_data_dir(APP, APP))


def user_name() -> str:
    """What the system calls whoever uses the program; "" where it does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def camera() -> Path:
    """Pictures taken of cameras when they were inspected."""
    return data() / "camera"


def towers() -> Path:
    """Vision towers that were exported on this computer; they can be made again."""
    home = os.environ.get("INSPECTOR_HOME")
    cache = Path(home) / "cache" if home else Path(platformdirs.user_cache_dir(APP, APP))
    return cache / "towers"


def config() -> Path:
    """Settings and presets."""
    home = os.environ.get("INSPECTOR_HOME")
    return Path(home) / "config" if home else Path(platformdirs.user_config_dir(APP, APP))


def logs() -> Path:
    """Log files."""
    home = os.environ.get("INSPECTOR_HOME")
    return Path(home) / "log" if home else Path(platformdirs.user_log_dir(APP, APP))
