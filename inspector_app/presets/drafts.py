"""What was typed into the editor of presets and not kept yet; it outlives the program."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector_app import paths
from inspector_app.files import make_folder, refusal, set_aside, write_whole
from inspector_app.presets.versions import brought_up

Drafts = dict[str, dict[str, Any]]
"""Preset's name -> what stands in the editor; it may have faults."""


def read() -> Drafts:
    """The drafts there are; a file that holds none is set aside."""
    try:
        held = json.loads(_file().read_bytes())
    except OSError:
        return {}
    except (ValueError, RecursionError):
        set_aside(_file())
        return {}
    found: Drafts = {}
    for name, document in held.items() if isinstance(held, dict) else ():
        # One of another version is no draft of this editor.
        with contextlib.suppress(ValueError):
            found[name] = brought_up(document)
    return found


def write(drafts: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep these in the place of those there were.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    if drafts:
        make_folder(_file().parent)
        # As ASCII, half characters that were typed are no trouble.
        write_whole(_file(), json.dumps(drafts, indent=1).encode())
        return
    try:
        _file().unlink(missing_ok=True)
    except OSError as error:
        raise refusal(error, _file()) from error


def _file() -> Path:
    return paths.config() / "preset-drafts.json"
