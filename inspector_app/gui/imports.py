"""A habit of PySide6 that a program with a big library beside it cannot afford."""

import sys


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
