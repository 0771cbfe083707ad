"""Gestures as plain text, and back. The store keeps this text, sealed."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from inspector_app.domain.check_document import check_document, read_check
from inspector_app.domain.finding import Severity
from inspector_app.domain.gesture import (
    Correction,
    FirstReading,
    Gesture,
    Judgement,
    Mark,
    Measurements,
    Note,
    OwnFinding,
    Roi,
    Stand,
    Verb,
)
from inspector_app.domain.golden import GoldenCheck, SampleSeen
from inspector_app.domain.measure import Measure, MeasureKind
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.verdict import Outcome

Document = dict[str, Any]


def gesture_to_json(gesture: Gesture) -> str:
    """As plain text, to be read by `gesture_from_json`."""
    document: Document = {
        "marks": [mark_document(mark) for mark in gesture.marks],
        "removed": list(gesture.removed),
    }
    if gesture.by:
        document["by"] = gesture.by
    return json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def gesture_from_json(verb: str, text: str) -> Gesture:
    """The gesture in a text.

    Raises:
        ValueError: the text is damaged.
    """
    try:
        document = json.loads(text)
        marks = tuple(read_mark(entry) for entry in document["marks"])
        removed = tuple(str(id) for id in document["removed"])
        return Gesture(Verb(verb), marks, removed, str(document.get("by", "")))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no gesture: {error}") from error


def mark_document(mark: Mark) -> Document:
    """A mark as plain JSON values; `is` tells its kind."""
    match mark:
        case Roi():
            return {
                "is": "region",
                "id": mark.id,
                "shape": shape_document(mark.shape),
                "name": mark.name,
                "colour": mark.colour,
                "locked": mark.is_locked,
                "question": mark.question,
                "expected": list(mark.expected),
                "checks": [check_document(check) for check in mark.checks],
            }
        case OwnFinding():
            return _own_document(mark)
        case Correction():
            return {
                "is": "correction",
                "record": mark.record,
                "index": mark.index,
                "stand": str(mark.stand),
                "reason": mark.reason,
                "label": mark.label,
                "text": mark.text,
                "shape": None if mark.shape is None else shape_document(mark.shape),
                "severity": None if mark.severity is None else str(mark.severity),
            }
        case Judgement():
            said = {
                "is": "verdict",
                "record": mark.record,
                "outcome": str(mark.outcome),
                "reason": mark.reason,
            }
            return said | {"by": mark.by} if mark.by else said
        case GoldenCheck():
            return _check_document(mark)
        case Note() | Measurements() | FirstReading():
            return _whole_document(mark)


def _whole_document(mark: Note | Measurements | FirstReading) -> Document:
    """Of what there is once of a picture."""
    match mark:
        case Note():
            return {"is": "note", "text": mark.text}
        case Measurements():
            return {"is": "measurements", "measures": [_measure(one) for one in mark.measures]}
        case FirstReading():
            return _reading_document(mark)


def read_mark(entry: Mapping[str, Any]) -> Mark:
    """The mark that `mark_document` was given.

    Raises:
        ValueError: it is none.
        KeyError: something is missing.
        TypeError: something is of another type.
    """
    readers: dict[str, Callable[[Mapping[str, Any]], Mark]] = {
        "region": _read_roi,
        "finding": _read_own,
        "correction": _read_correction,
        "verdict": lambda one: Judgement(
            int(one["record"]),
            Outcome(one["outcome"]),
            str(one["reason"]),
            str(one.get("by", "")),
        ),
        "note": lambda one: Note(str(one["text"])),
        "first-reading": _read_reading,
        "golden": _read_check,
        "measurements": lambda one: Measurements(
            tuple(
                Measure(MeasureKind(kind), tuple((float(x), float(y)) for x, y in points))
                for kind, points in one["measures"]
            )
        ),
    }
    return readers[entry["is"]](entry)


def shape_document(shape: Shape) -> Document:
    """A shape as plain JSON values, in Frame pixels."""
    return {
        "kind": str(shape.kind),
        "points": [list(point) for point in shape.points],
        "angle": shape.angle,
    }


def read_shape(entry: Mapping[str, Any]) -> Shape:
    """The shape that `shape_document` was given; raises like `read_mark`."""
    points = tuple((float(x), float(y)) for x, y in entry["points"])
    return Shape(ShapeKind(entry["kind"]), points, float(entry["angle"]))


def _measure(one: Measure) -> list[Any]:
    return [str(one.kind), [list(point) for point in one.points]]


def _own_document(mark: OwnFinding) -> Document:
    return {
        "is": "finding",
        "id": mark.id,
        "shape": shape_document(mark.shape),
        "label": mark.label,
        "severity": str(mark.severity),
        "text": mark.text,
        "colour": mark.colour,
        "texture": mark.texture,
        "size": mark.size,
        "unit": mark.unit,
        "note": mark.note,
    }


def _reading_document(mark: FirstReading) -> Document:
    return {
        "is": "first-reading",
        "locked": mark.is_locked,
        "outcome": None if mark.outcome is None else str(mark.outcome),
        "findings": [_own_document(one) for one in mark.findings],
        "record": mark.record,
        "blind": mark.is_blind,
        "by": mark.by,
    }


def _read_reading(entry: Mapping[str, Any]) -> FirstReading:
    outcome, record = entry["outcome"], entry["record"]
    return FirstReading(
        is_locked=bool(entry["locked"]),
        outcome=None if outcome is None else Outcome(outcome),
        findings=tuple(_read_own(one) for one in entry["findings"]),
        record=None if record is None else int(record),
        is_blind=bool(entry["blind"]),
        by=str(entry["by"]),
    )


def _check_document(mark: GoldenCheck) -> Document:
    return {
        "is": "golden",
        "id": mark.id,
        "operator": mark.operator,
        "preset": mark.preset,
        "model": mark.model,
        "passed": mark.is_passed,
        "trouble": mark.trouble,
        "seen": [
            {
                "name": one.name,
                "sha256": one.sha256,
                "expected": str(one.expected),
                "outcome": str(one.outcome),
                "words": one.words,
            }
            for one in mark.seen
        ],
    }


def _read_check(entry: Mapping[str, Any]) -> GoldenCheck:
    seen = tuple(
        SampleSeen(
            name=str(one["name"]),
            sha256=str(one["sha256"]),
            expected=Outcome(one["expected"]),
            outcome=Outcome(one["outcome"]),
            words=str(one["words"]),
        )
        for one in entry["seen"]
    )
    return GoldenCheck(
        id=str(entry["id"]),
        operator=str(entry["operator"]),
        preset=str(entry["preset"]),
        model=str(entry["model"]),
        seen=seen,
        trouble=str(entry["trouble"]),
    )


def _read_roi(entry: Mapping[str, Any]) -> Roi:
    return Roi(
        id=str(entry["id"]),
        shape=read_shape(entry["shape"]),
        name=str(entry["name"]),
        colour=int(entry["colour"]),
        is_locked=bool(entry["locked"]),
        question=str(entry["question"]),
        expected=tuple(str(text) for text in entry["expected"]),
        # Regions of older versions knew of none.
        checks=tuple(read_check(check) for check in entry.get("checks", ())),
    )


def _read_own(entry: Mapping[str, Any]) -> OwnFinding:
    size = entry["size"]
    return OwnFinding(
        id=str(entry["id"]),
        shape=read_shape(entry["shape"]),
        label=str(entry["label"]),
        severity=Severity(entry["severity"]),
        text=str(entry["text"]),
        colour=str(entry["colour"]),
        texture=str(entry["texture"]),
        size=None if size is None else float(size),
        unit=str(entry["unit"]),
        note=str(entry["note"]),
    )


def _read_correction(entry: Mapping[str, Any]) -> Correction:
    label, text, shape, severity = (entry[name] for name in ("label", "text", "shape", "severity"))
    return Correction(
        record=int(entry["record"]),
        index=int(entry["index"]),
        stand=Stand(entry["stand"]),
        reason=str(entry["reason"]),
        label=None if label is None else str(label),
        text=None if text is None else str(text),
        shape=None if shape is None else read_shape(shape),
        severity=None if severity is None else Severity(severity),
    )
