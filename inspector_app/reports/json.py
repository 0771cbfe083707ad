"""The documented JSON of `inspector ask --json`, described by `resources/schema`."""

from pathlib import Path

from inspector_app.domain.document import to_document, to_json
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.files import write_whole

TITLE = "JSON document"
SUFFIX = ".json"


def write(
    inspection: Inspection,
    destination: Path,
    *,
    frame: Frame | None = None,  # noqa: ARG001  part of the plug-in's agreed names
    language: str = "en",  # noqa: ARG001  likewise: a document for programs has one language
) -> None:
    """Write the document beside its destination and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    write_whole(destination, to_json(to_document(inspection)).encode("utf-8"))
