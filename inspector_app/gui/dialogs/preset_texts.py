"""Entries of a preset as text that a person types, and back.

What cannot be read is handed on as it was typed, so that the schema says at its place what is
wrong with it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Read = Callable[[str], Any]
Write = Callable[[Any], str]

_COMMAS = re.compile("[,;\u3001\uff0c\uff1b\n]")
"""Of Latin and Chinese writing."""
_ROI = re.compile(
    r"(?:(?P<name>[^:|]*):)?(?P<edges>[^:%@|]*)(?P<percent>%)?\s*(?:@(?P<angle>[^|]*))?"
    r"(?:\|(?P<question>.*))?"
)
_EXPECTED = "=>"
_UNTYPED = ("colour", "locked", "checks")
"""Entries of a region that no line of text carries."""


@dataclass(frozen=True, slots=True)
class Form:
    """How an entry is typed.

    Attributes:
        read: From text to the value that stands in the file.
        write: Back.
    """

    read: Read
    write: Write


def _as_number(text: str) -> Any:
    plain = text.strip().removesuffix(".0")
    if not plain:
        return None
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError:
        return text.strip()


def _number_words(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _as_parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _parts_words(value: Any) -> str:
    return ", ".join(_number_words(part) for part in value or ())


def _as_rois(text: str) -> list[dict[str, Any]]:
    return [_as_roi(line) for line in text.splitlines() if line.strip()]


def _as_roi(line: str) -> dict[str, Any]:
    found = _ROI.fullmatch(line.strip())
    if found is None:
        return {"box": line.strip()}
    roi = _as_outline(found["edges"])
    roi["unit"] = "percent" if found["percent"] else "pixels"
    if found["name"]:
        roi["name"] = found["name"].strip()
    if found["angle"]:
        roi["angle"] = _as_number(found["angle"])
    question, _mark, expected = (found["question"] or "").partition(_EXPECTED)
    if question.strip():
        roi["question"] = question.strip()
    if expected.strip():
        roi["expected"] = [text.strip() for text in expected.split(";") if text.strip()]
    return roi


def _as_outline(text: str) -> dict[str, Any]:
    """A box "x0, y0, x1, y1", or a polygon "x, y; x, y; x, y" with the box about it."""
    if ";" not in text:
        return {"box": [_as_number(part) for part in text.split(",")]}
    corners = [[_as_number(side) for side in pair.split(",")] for pair in text.split(";")]
    try:
        across, down = zip(*corners, strict=True)
        box = [min(across), min(down), max(across), max(down)]
    except (TypeError, ValueError):
        box = []
    return {"box": box, "corners": corners}


def _rois_words(value: Any) -> str:
    return "\n".join(_roi_words(roi) for roi in value or ())


def _roi_words(roi: Mapping[str, Any]) -> str:
    box, corners = roi.get("box"), roi.get("corners")
    edges = _parts_words(box) if isinstance(box, list | tuple) else str(box)
    if corners:
        edges = "; ".join(_parts_words(corner) for corner in corners)
    name, sign = roi.get("name") or "", " %" if roi.get("unit") == "percent" else ""
    angle = f" @{_number_words(roi['angle'])}" if roi.get("angle") else ""
    question = f" | {roi['question']}" if roi.get("question") else ""
    expected = f" {_EXPECTED} {'; '.join(roi['expected'])}" if roi.get("expected") else ""
    words = f"{edges}{sign}{angle}{question}{expected}"
    return f"{name}: {words}" if name else words


def merged_rois(typed: Any, before: Any) -> Any:
    """Typed regions with what no text carries, from those of the same name or place before."""
    if not isinstance(typed, list) or not isinstance(before, list | tuple):
        return typed
    named = {roi.get("name"): roi for roi in before if roi.get("name")}
    merged = []
    for at, roi in enumerate(typed):
        same_place: Mapping[str, Any] = before[at] if len(before) == len(typed) else {}
        old: Mapping[str, Any] = named.get(roi.get("name")) or same_place
        kept = {name: old[name] for name in _UNTYPED if old.get(name) not in (None, False)}
        merged.append({**kept, **roi})
    return merged


def _as_variables(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {name.strip(): words.strip() for name, _mark, words in pairs}


def _variables_words(value: Any) -> str:
    return "\n".join(f"{name} = {words}" for name, words in (value or {}).items())


def _as_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _lines_words(value: Any) -> str:
    return "\n".join(str(line) for line in value or ())


def _as_words(text: str) -> list[str]:
    return [word.strip() for word in _COMMAS.split(text) if word.strip()]


def _as_json(text: str) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _json_words(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _as_picture(text: str) -> Any:
    return {"picture": text.strip()} if text.strip() else None


def _picture_words(value: Any) -> str:
    return str(value.get("picture", "")) if isinstance(value, Mapping) else str(value or "")


PICTURE = Form(_as_picture, _picture_words)
TEXT = Form(str, lambda value: value or "")
NUMBER = Form(_as_number, _number_words)
NUMBERS = Form(lambda text: [_as_number(part) for part in _as_parts(text)], _parts_words)
LINES = Form(_as_lines, _lines_words)
NAMES = Form(_as_parts, _parts_words)
ROIS = Form(_as_rois, _rois_words)
VARIABLES = Form(_as_variables, _variables_words)
WORDS = Form(_as_words, lambda value: ", ".join(str(word) for word in value or ()))
JSON = Form(_as_json, _json_words)


def at(document: Mapping[str, Any], place: str) -> Any:
    """The value of an entry; None where there is none."""
    held: Any = document
    for part in place.split("."):
        if not isinstance(held, Mapping):
            return None
        held = held.get(part)
    return held


def with_value(document: Mapping[str, Any], place: str, value: Any) -> dict[str, Any]:
    """A copy of a document in which one entry has another value."""
    name, _dot, rest = place.partition(".")
    held = document.get(name)
    inner = held if isinstance(held, Mapping) else {}
    return {**document, name: with_value(inner, rest, value) if rest else value}
