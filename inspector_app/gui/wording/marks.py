"""Marks a text for translation where it is written, long before it is said."""

from collections.abc import Callable
from typing import cast

from PySide6 import QtCore

# PySide types the result as object; it is the text itself, unchanged.
QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)
"""(context, text) -> text. The name is the one that the translation tools look for."""
