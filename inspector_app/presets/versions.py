"""From what any version of the program wrote to the form of today.

A new form gets the next number, a function from the one before it in `_STEPS`, and a file of
the old form in `tests/presets/`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from inspector_app.presets.schema import VERSION

Document = dict[str, Any]
"""What stands in a preset's file, as JSON has it."""


class NewerPreset(ValueError):
    """The file comes from a later version of the program; it is as it should be there."""


def brought_up(document: Any) -> Document:
    """The same preset in the form of today; the document itself is left alone.

    Raises:
        NewerPreset: it comes from a later version.
        ValueError: it is no preset of any version.
    """
    if not isinstance(document, dict):
        raise ValueError("it is not one object with entries")
    version = document.get("schema_version", 1)
    if type(version) is not int or version < 1:
        raise ValueError(f"schema_version: {version!r} is no version")
    if version > VERSION:
        raise NewerPreset(
            f"it has version {version}, and this program knows versions up to {VERSION}"
        )
    brought = dict(document)
    for step in range(version, VERSION):
        brought = _STEPS[step](brought)
    return brought


def _from_1(old: Document) -> Document:
    """Version 1 was flat and left out what it did not know."""
    options = old.get("options", {})
    if not isinstance(options, dict):
        raise ValueError("options: they are not one object with entries")
    rois = options.get("rois") or []
    if not isinstance(rois, list | tuple):
        raise ValueError("options.rois: they are no list")
    kept = ("count", "gate", "layer", "each_crop", "max_tokens")
    look = {name: options[name] for name in kept if name in options}
    new: Document = {"schema_version": 2, "look": look, "prompt": {}, "regions": {}}
    if "title" in old:
        new["title"] = old["title"]
    if "strategy" in old:
        look["strategy"] = old["strategy"]
    if "question" in old:
        new["prompt"]["question"] = old["question"]
    # Version 1 kept boxes with any strategy; only the manual one ever looked at them.
    if rois and old.get("strategy") == "manual":
        new["regions"]["rois"] = [{"box": box} for box in rois]
    return new


_STEPS: Mapping[int, Callable[[Document], Document]] = MappingProxyType({1: _from_1})
