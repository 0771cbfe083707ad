"""Records of parts that nobody could inspect: what happened to them must not be lost."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from inspector_app.domain.answer import Answer
from inspector_app.domain.frame import Provenance
from inspector_app.domain.inspection import Inspection, ModelFacts
from inspector_app.domain.locator import split
from inspector_app.domain.messages import KeepFailure
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.workflow.inspecting import SOFTWARE

NOT_INSPECTED = "the part was not inspected"
"""The verdict's reason; what went wrong is its detail."""

_NOBODY = ModelFacts("", "", "", "", "")
_BLOCK = 2**20


def failure_record(request: KeepFailure) -> Inspection:
    """The record of a part without an answer: CHECK, with the reason, and no picture.

    Its size is said to be 1 x 1, and it has no views: nothing was shown to any model.
    """
    asked = request.request
    verdict = Verdict(Outcome.CHECK, NOT_INSPECTED, request.reason, flags=(NOT_INSPECTED,))
    source = Provenance(asked.locator, _sha256(asked.locator), "unread")
    return Inspection(
        provenance=source,
        size=(1, 1),
        model=request.model or _NOBODY,
        question=asked.question,
        prompt="",
        strategy=asked.strategy,
        options=asked.options.bare,
        whole=Answer("", (), None),
        verdict=verdict,
        notes=(*asked.notes, f"{NOT_INSPECTED}: {request.reason}"),
        timings_ms={"open": request.took_ms},
        created=datetime.now(UTC).isoformat(timespec="milliseconds"),
        software=SOFTWARE,
    )


def _sha256(locator: str) -> str:
    """Of the file as it lies there, whatever it holds; of nothing where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with Path(split(locator)[0]).open("rb") as opened:
            while block := opened.read(_BLOCK):
                digest.update(block)
    except (OSError, ValueError):
        return hashlib.sha256().hexdigest()
    return digest.hexdigest()
