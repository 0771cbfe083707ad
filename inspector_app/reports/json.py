"""The documented JSON of `inspector ask --json`, described by `resources/schema`."""

import dataclasses
from pathlib import Path

from inspector_app.domain.document import to_document, to_json
from inspector_app.domain.filing import Book, Letterhead, Standing
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.wording import NOTICE
from inspector_app.files import write_whole

TITLE = "JSON document"
SUFFIX = ".json"


def write(
    inspection: Inspection,
    destination: Path,
    *,
    frame: Frame | None = None,  # noqa: ARG001  part of the plug-in's agreed names
    language: str = "en",  # noqa: ARG001  likewise: a document for programs has one language
    standing: Standing = Standing(),  # noqa: B008  frozen
    letterhead: Letterhead = Letterhead(),  # noqa: ARG001, B008  a document has no head
) -> None:
    """Write the document beside its destination and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    document = to_document(inspection)
    if standing.first_reading is not None:
        document["first_reading"] = standing.first_reading
    if standing.signatures:
        document["signatures"] = [dataclasses.asdict(one) for one in standing.signatures]
    write_whole(destination, to_json(document).encode("utf-8"))


def write_book(
    book: Book,
    destination: Path,
    *,
    language: str = "en",  # noqa: ARG001  likewise
    letterhead: Letterhead = Letterhead(),  # noqa: ARG001, B008  likewise
) -> Steps[None]:
    """Write the documents of many inspections, each with its seal, as one.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    documents = []
    for at, filed in enumerate(book.open()):
        yield Step("save", at, book.count)
        seal = filed.standing.seal
        document = to_document(filed.inspection)
        document["seal"] = None if seal is None else dataclasses.asdict(seal)
        document["remarks"] = list(filed.standing.remarks)
        document["first_reading"] = filed.standing.first_reading
        document["signatures"] = [dataclasses.asdict(one) for one in filed.standing.signatures]
        documents.append(document)
    whole = {
        "title": book.title,
        "since": book.since,
        "until": book.until,
        "notice": NOTICE,
        "inspections": documents,
    }
    write_whole(destination, to_json(whole).encode("utf-8"))
