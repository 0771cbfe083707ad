"""A verdict with its findings as plain JSON values, and back; see `domain.document`."""

import math
from collections.abc import Mapping
from typing import Any

from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.placement import Placement
from inspector_app.domain.region import Region
from inspector_app.domain.verdict import Outcome, Verdict


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """As `resources/schema/inspection.schema.json` describes it."""
    return {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "detail": verdict.detail,
        "flags": list(verdict.flags),
        "findings": [_finding(found) for found in verdict.findings],
    }


def read_verdict(verdict: Mapping[str, Any]) -> Verdict:
    """The verdict that `verdict_document` was given; older records know of no findings."""
    findings = tuple(
        Finding(
            type=found["type"],
            location=None if found["location"] is None else Region(*found["location"]),
            severity=Severity(found["severity"]),
            confidence=found["confidence"],
            suggestion=found["suggestion"],
            said=found["said"],
        )
        for found in verdict.get("findings", ())
    )
    flags = tuple(verdict.get("flags", ()))
    detail = verdict.get("detail", "")
    return Verdict(Outcome(verdict["outcome"]), verdict["reason"], detail, findings, flags)


def placement_document(found: Placement) -> dict[str, Any]:
    """Where a part was found, as `resources/schema/inspection.schema.json` describes it."""
    return {
        "matrix": [list(row) for row in found.matrix],
        "template_size": list(found.template_size),
        "picture_size": list(found.picture_size),
        "score": found.score,
        "error": found.error if math.isfinite(found.error) else None,
        "method": found.method,
        "points": found.points,
    }


def read_placement(found: Mapping[str, Any] | None) -> Placement | None:
    """The placement that `placement_document` was given; older records know of none."""
    if found is None:
        return None
    (a, b, tx), (c, d, ty) = found["matrix"]
    wide, high = found["template_size"]
    width, height = found["picture_size"]
    return Placement(
        matrix=((a, b, tx), (c, d, ty)),
        template_size=(wide, high),
        picture_size=(width, height),
        score=found["score"],
        error=math.inf if found["error"] is None else found["error"],
        method=found["method"],
        points=found["points"],
    )


def _finding(found: Finding) -> dict[str, Any]:
    confidence = found.confidence
    is_known = confidence is not None and math.isfinite(confidence)
    return {
        "type": found.type,
        "location": None if found.location is None else list(found.location.box),
        "severity": found.severity.value,
        "confidence": confidence if is_known else None,
        "suggestion": found.suggestion,
        "said": found.said,
    }
