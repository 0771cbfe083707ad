"""A table for spreadsheets: one row an inspection, no cell of which can be a formula."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from inspector_app.domain.filing import Book, Filed, Letterhead, Standing
from inspector_app.domain.first_reading import Who
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.signature import signature_words
from inspector_app.domain.summary import finding_words, measured_words
from inspector_app.domain.telling import preset_in, settings_sha256
from inspector_app.domain.wording import NOTICE, inert
from inspector_app.files import write_whole
from inspector_app.tongues import Say, tongue

TITLE = "CSV table"
SUFFIX = ".csv"

Row = tuple[str, ...]
COLUMNS = (
    "id",
    "created",
    "picture",
    "picture_sha256",
    "width",
    "height",
    "question",
    "answer_whole",
    "answer_zoomed",
    "verdict",
    "reason",
    "findings",
    "remarks",
    "first_reading",
    "signatures",
    "boxes",
    "measured",
    "preset",
    "model",
    "weights_sha256",
    "settings_sha256",
    "record_sha256",
    "chain_sha256",
    "notice",
)
_FORMULA = (
    *"=+-@\t\r|%",
    "\N{FULLWIDTH EQUALS SIGN}",
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
    "\N{MINUS SIGN}",
)
# Spreadsheets take no more in one cell.
_MOST = 32_000


def write(
    inspection: Inspection,
    destination: Path,
    *,
    frame: Frame | None = None,
    language: str = "en",
    standing: Standing = Standing(),  # noqa: B008  frozen
    letterhead: Letterhead = Letterhead(),  # noqa: ARG001, B008  a table has no head
) -> None:
    """Write a table of one row beside its destination and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    filed = Filed(inspection, frame, standing)
    write_whole(destination, _table([tuple(_cells(filed, say=tongue(language)))]))


def write_book(
    book: Book,
    destination: Path,
    *,
    language: str = "en",
    letterhead: Letterhead = Letterhead(),  # noqa: ARG001, B008  likewise
) -> Steps[None]:
    """Write a row for each inspection, beside the destination, and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    say, rows = tongue(language), list[Row]()
    for at, filed in enumerate(book.open()):
        yield Step("save", at, book.count)
        rows.append(tuple(_cells(filed, say=say)))
    write_whole(destination, _table(rows))


def safe(text: str) -> str:
    """One inert line that no spreadsheet takes for a formula.

    Source: OWASP, CSV Injection: an apostrophe before what would begin one.
    """
    plain = inert(text, limit=_MOST)
    return f"'{plain}" if plain.lstrip(" '\"").startswith(_FORMULA) else plain


def _table(rows: Iterable[Row]) -> bytes:
    written = io.StringIO()
    # Quoted all: no separator of any country can split a cell.
    lines = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for row in rows:
        lines.writerow([safe(cell) for cell in row])
    # With the mark without which spreadsheets read UTF-8 as something else.
    return written.getvalue().encode("utf-8-sig")


def _cells(filed: Filed, *, say: Say) -> Iterator[str]:
    inspection, seal = filed.inspection, filed.standing.seal
    source, verdict = inspection.provenance, inspection.verdict
    yield "" if inspection.id is None else str(inspection.id)
    yield inspection.created
    yield source.locator
    yield source.sha256
    yield str(inspection.size[0])
    yield str(inspection.size[1])
    yield inspection.question
    yield inspection.whole.text
    yield "" if inspection.zoomed is None else inspection.zoomed.text
    yield "" if verdict is None else verdict.outcome.value
    yield "" if verdict is None else say(verdict.reason)
    yield (
        ""
        if verdict is None
        else "; ".join(finding_words(found, say=say) for found in verdict.findings)
    )
    yield "; ".join(filed.standing.remarks)
    yield _first_words(filed.standing.first_reading)
    yield "; ".join(signature_words(one, say=say) for one in filed.standing.signatures)
    yield "; ".join(" ".join(map(str, found.region.box)) for found in inspection.regions)
    yield measured_words(inspection, say=say)
    yield preset_in(inspection)
    yield inspection.model.name
    yield inspection.model.weights_sha256
    yield settings_sha256(inspection)
    yield "" if seal is None else seal.document_sha256
    yield "" if seal is None else seal.chain_sha256
    yield NOTICE


def _first_words(reading: dict[str, Any] | None) -> str:
    """The verdict before the program's findings were shown, and who found how many things."""
    if reading is None:
        return ""
    found = Counter(one["found_by"] for one in reading["findings"])
    always = {Who.BOTH, Who.READER, Who.PROGRAM} if not found[Who.BEFORE.value] else set()
    counts = [f"{who.value} {found[who.value]}" for who in Who if found[who.value] or who in always]
    words = [reading["verdict"] or "-", *counts]
    return "; ".join(words if reading["blind"] else [*words, "not blind"])
