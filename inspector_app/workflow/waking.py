"""Read torch from the disk in pieces that let another thread breathe.

Importing torch in one go holds the interpreter for a third of a second at a time, and a window
in the same process stands still meanwhile. Loading a shared library by its name through libc
leaves the interpreter free, which the import statement does not; and a garbage collection in
the middle of a million new objects would hold it for a fifth of a second.
"""

import contextlib
import ctypes
import importlib
import importlib.util
import os
import sys
from pathlib import Path

from inspector_app.domain.messages import Step, Steps
from inspector_app.lasting import lasting

_LIBRARIES = ("libc10.so", "libgomp.so.1", "libtorch_cpu.so")
# Calls the interpreter while it is loaded, so it is only fetched from the disk beforehand.
_FETCHED = (*_LIBRARIES, "libtorch_python.so")
_MODULES = ("torch", "transformers")


def read_torch() -> Steps[None]:
    """Import what every model needs; at once where it is there already."""
    if all(name in sys.modules for name in _MODULES):
        return
    for library in _libraries(_FETCHED):
        _fetch(library)
    for library in _libraries(_LIBRARIES):
        yield Step("load", 0, 0)
        _load_freely(library)
    with lasting():
        for name in _MODULES:
            yield Step("load", 0, 0)
            importlib.import_module(name)
    yield Step("load", 0, 0)


def _libraries(names: tuple[str, ...]) -> list[Path]:
    found = importlib.util.find_spec("torch")
    if found is None or not found.submodule_search_locations:
        return []
    folder = Path(found.submodule_search_locations[0]) / "lib"
    return [folder / name for name in names if (folder / name).is_file()]


def _fetch(library: Path) -> None:
    """Ask the system to have a file in memory soon; it is only advice."""
    if not hasattr(os, "posix_fadvise"):
        return
    with contextlib.suppress(OSError), library.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)


def _load_freely(library: Path) -> None:
    """Map a library without holding the interpreter; a failure is left to the import."""
    if not sys.platform.startswith("linux"):
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    dlopen(os.fsencode(library), os.RTLD_NOW | os.RTLD_GLOBAL)
