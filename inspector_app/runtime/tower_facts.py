"""What is known of exported vision towers, without torch and without reading weights."""

import importlib.metadata
import json
from pathlib import Path

from inspector_app.domain.checkpoint import Tower

FACTS = "tower.json"
_RUNTIMES = ("onnxruntime", "onnxruntime-gpu")


def read_facts(folder: Path, *, release: str) -> Tower | None:
    """What was put down in a folder; None where it is unfinished, or of another release."""
    try:
        told = Tower(**json.loads((folder / FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return told if told.release == release and told.torch_ms > 0 else None


def towers_in(cache: Path) -> dict[str, Tower]:
    """Those in the cache, by what they were made of."""
    release = installed()
    found = (read_facts(path.parent, release=release) for path in cache.glob(f"*/{FACTS}"))
    return {tower.made_of: tower for tower in found if tower is not None and tower.made_of}


def made_of(folder: Path) -> str:
    """A checkpoint's folder and its files of weights, with their sizes and times."""
    files = sorted(folder.glob("*.safetensors"))
    told = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return "; ".join([str(folder.resolve()), *told])


def installed() -> str:
    """The release of ONNX Runtime that is installed; "" where none is."""
    for name in _RUNTIMES:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return ""
