"""Two habits of PySide6 that a program with a big library beside it cannot afford."""

import ctypes
import sys

import PySide6

_ENOUGH = 1 << 40
_IMMORTAL_FROM = (3, 12)
_MISCOUNTS_FROM = (6, 12)


def steady_singletons() -> None:
    """Give None, True and False more references than a program can ever lose.

    PySide6 6.12.0 counts on their being immortal, which they are from Python 3.12 on: every
    call that returns nothing, and every `emit`, gives back a reference it never took. Under
    Python 3.11 the interpreter then ends the process with "deallocating None". Measured:
    200 calls of `QWidget.update` lose 200 references; with PySide6 6.11.3 none is lost.
    """
    version = tuple(int(part) for part in PySide6.__version__.split(".")[:2])
    if sys.version_info >= _IMMORTAL_FROM or version < _MISCOUNTS_FROM:
        return
    if sys.implementation.name != "cpython" or sys.getrefcount(None) > _ENOUGH:
        return
    for singleton in (None, True, False):
        # The count is the first word of an object.
        ctypes.c_ssize_t.from_address(id(singleton)).value += _ENOUGH


def spare_imports() -> None:
    """Stop PySide6 from reading the source of every module that is imported after it.

    It looks there for its own name, to know whether `from __feature__ import ...` may be meant;
    nothing here uses that. Measured with torch and transformers: 2,331 files read and
    52 MB of source kept; without, their import takes 5.2 s instead of 7.5 s.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        vars(feature)["_mod_uses_pyside"] = _uses_no_feature


def _uses_no_feature(_module: object) -> bool:
    return False
