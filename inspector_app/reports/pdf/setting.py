"""Pages set by typst from a template and data, as PDF/A."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite
from inspector_app.domain.filing import Letterhead
from inspector_app.domain.telling import letterhead_rows
from inspector_app.domain.wording import NOTICE, NOTICE_ZH, inert
from inspector_app.reports.pdf.letters import drawable, spelt
from inspector_app.tongues import Say

STANDARD = "a-2b"
"""Archivable PDF: all fonts inside, nothing outside. Source: ISO 19005-2, level B."""

_LABELS = (
    "Question",
    "What it was shown larger",
    "Model",
    "Picture",
    "Prompt, exactly as given (↵ is a line break)",
    "Notes",
    "less",
    "more",
    "no picture",
    "none",
    " … (continued in JSON)",
    "Page {page} of {pages}",
    "Findings",
    "Finding",
    "Box",
    "Severity",
    "Where",
    "Probability",
    "What to do",
    "Before",
    "After",
    "Doubts",
    "Measured",
    "What people said of it",
    "Signed",
    "What it rests on",
    "Verdict",
    "Answer",
    "When",
    "All inspections",
    "Each inspection",
    "Figures",
    "Shift",
    "Preset",
    "Inspected",
    "Passed",
    "Passed of all judged",
    "Failed by shift",
    "Most frequent findings",
    "Count (cumulative share)",
    "People against the program",
    "Called good after FAIL",
    "Called bad after PASS",
    "Decided after CHECK",
    "Agreement beyond chance (kappa)",
    "without a preset",
    "no verdict",
    "PASS",
    "FAIL",
    "CHECK",
)
"""What the templates themselves say, by its English words."""
BREAK = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"
"""Stands for a line break of a prompt, which would be lost in a table."""


def line(text: str, limit: int) -> str:
    """Inert text in which even a word without end can be broken."""
    words = re.sub(r"(\S{16})(?=\S{8})", "\\1\u200b", inert(text, limit=limit))
    return words.replace(BREAK, f"{BREAK}\u200b")


def common(letterhead: Letterhead, folder: Path, *, language: str, say: Say) -> dict[str, Any]:
    """What the shared part of the templates reads; the logo is put into `folder`."""
    logo = ""
    if letterhead.logo:
        logo = f"logo{letterhead.logo_suffix}"
        (folder / logo).write_bytes(letterhead.logo)
    rows = [(line(name, 80), line(words, 160)) for name, words in letterhead_rows(letterhead)]
    return {
        "labels": {label: say(label) for label in _LABELS},
        "language": language.partition("_")[0],
        "notice": [NOTICE, NOTICE_ZH],
        "keywords": [say("not for diagnosis")],
        "letterhead": {"logo": logo, "rows": rows},
    }


def pages(
    template: str, record: dict[str, Any], folder: Path, *, own: Path | None, instant: int | None
) -> bytes:
    """The PDF's bytes.

    Args:
        template: Name of the typst file.
        record: What it reads as `record.json`.
        folder: Holds the pictures; all that typst may read.
        own: A site's templates; those that are there stand in for the shipped ones.
        instant: Seconds since 1970, so that the same record makes the same bytes.

    Raises:
        CannotWrite: a site's own template or logo cannot be set.
    """
    shipped = paths.resources() / "report"
    owned = {file.name: file for file in sorted(own.glob("*.typ"))} if own is not None else {}
    for file in (*shipped.glob("*.typ"), *owned.values()):
        (folder / file.name).write_bytes(file.read_bytes())
    try:
        return _set(folder / template, record, instant=instant)
    except typst.TypstError as error:
        if not owned and not record["letterhead"]["logo"]:
            raise
        raise CannotWrite(
            f"The site's own template or logo cannot be set: {inert(str(error), limit=200)}.",
            hint=f"Mend or move away the files in {own or 'the folder of reports'}.",
        ) from error


def forget() -> None:
    """Let typst give back what it keeps for the next time: it forgets after ten compilations."""
    for _ in range(12):
        typst.compile(b"", format="pdf", ignore_system_fonts=True)


def _set(template: Path, record: dict[str, Any], *, instant: int | None) -> bytes:
    try:
        return _compiled(template, record, instant=instant)
    except typst.TypstError as error:
        # No archive without its letters: what no font here has is written as its number.
        if "could not be displayed" not in str(error):
            raise
    known = drawable(_fonts() / "InspectorSans-Regular.otf")
    return _compiled(template, spelt(record, known=known), instant=instant)


def _compiled(template: Path, record: dict[str, Any], *, instant: int | None) -> bytes:
    (template.parent / "record.json").write_bytes(json.dumps(record).encode("ascii"))
    standards: Sequence[Any] = [STANDARD]
    page = typst.compile(
        template,
        root=template.parent,
        font_paths=[_fonts()],
        format="pdf",
        pdf_standards=list(standards),
        timestamp=instant,
    )
    if not isinstance(page, bytes):
        raise TypeError("typst gave no page")
    return page


def _fonts() -> Path:
    return paths.resources() / "report" / "fonts"
