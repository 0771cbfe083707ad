"""What is put down and known of exported vision towers, without torch or reading weights."""

import importlib.metadata
import json
import math
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from inspector_app import files
from inspector_app.domain.checkpoint import Tower
from inspector_app.domain.foreign import parsed_json

FACTS = "tower.json"
MAKING = ".making"
"""Ends the names of folders that are not whole yet; the number of their process is before it."""
_RUNTIMES = ("onnxruntime", "onnxruntime-gpu")


def written(folder: Path, make: Callable[[Path], Tower]) -> Tower:
    """Make a tower beside its folder; what was in the folder stays until the new one is whole.

    Args:
        folder: Of the tower.
        make: Writes its files into the folder that it is given, and tells how it compared.

    Raises:
        CannotWrite: the disk refuses.
    """
    making = folder.with_name(f"{folder.name}.{os.getpid()}{MAKING}")
    files.make_folder(making)
    try:
        tower = make(making)
        files.write_whole(making / FACTS, json.dumps(asdict(tower), indent=2).encode())
        files.name_folder(making, folder)
    except OSError as error:
        raise files.refusal(error, folder) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return tower


def read_facts(folder: Path, *, release: str) -> Tower | None:
    """What was put down in a folder; None where it is unfinished, or of another release."""
    try:
        told = Tower(**parsed_json((folder / FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return told if _is_sound(told) and told.release == release else None


def _is_sound(told: Tower) -> bool:
    """Whether what was read are words and numbers that a comparison can give."""
    numbers = (told.difference, told.torch_ms, told.onnx_ms, told.threads)
    words = (told.weights_sha256, told.onnx_sha256, told.release, told.provider, told.made_of)
    return (
        all(isinstance(one, int | float) and math.isfinite(one) for one in numbers)
        and all(isinstance(one, str) for one in words)
        and told.torch_ms > 0
    )


def towers_in(cache: Path) -> dict[str, Tower]:
    """Those in the cache, by what they were made of."""
    release = installed()
    found = (read_facts(path.parent, release=release) for path in cache.glob(f"*/{FACTS}"))
    return {tower.made_of: tower for tower in found if tower is not None and tower.made_of}


def made_of(folder: Path) -> str:
    """A checkpoint's folder and its files of weights, with their sizes and times."""
    weights = sorted(folder.glob("*.safetensors"))
    told = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in weights]
    return "; ".join([str(folder.resolve()), *told])


def installed() -> str:
    """The release of ONNX Runtime that is installed; "" where none is."""
    for name in _RUNTIMES:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return ""
