"""What the pages about many inspections read; pictures pass through a folder, one at a time."""

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from inspector_app.domain.filing import Book, Filed
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.statistics import Figures
from inspector_app.domain.telling import more_words, told
from inspector_app.domain.telling_figures import (
    agreement_row,
    group_row,
    override_rows,
    pareto_words,
    share_words,
)
from inspector_app.domain.wording import inert
from inspector_app.imaging.plate import NO_PICTURE, picture_of
from inspector_app.reports.pdf.setting import forget, line
from inspector_app.reports.pdf.sheet import crop_cards, picture
from inspector_app.tongues import Say

# Sharp at the size they are printed (150 dots an inch); typst keeps all of them in memory.
_SIDE, _CROP_SIDE = 437, 154
_MOST_CROPS, _MOST_ROWS = 3, 12
_AT_A_TIME = 40
_QUALITY = 85
_LONG, _SHORT = 300, 120
Set = Callable[[str, dict[str, Any]], bytes]


def bound(
    book: Book, folder: Path, shared: dict[str, Any], *, set_pages: Set, say: Say
) -> Steps[bytes]:
    """The PDF of many inspections, set some at a time so that memory stays bounded.

    Args:
        book: The inspections.
        folder: Pictures pass through it.
        shared: What every template reads.
        set_pages: (template, what it reads) -> a PDF.
        say: Into the reader's language.
    """
    title, parts, lines = line(book.title, _SHORT), list[Path](), list[Any]()
    head = {
        **shared,
        "title": title,
        "software": "",
        "foot": "",
        "no_picture": say(NO_PICTURE),
        "heat": None,
        "footless": True,
    }
    for at, some in enumerate(_bundles(book.open())):
        entries = list[dict[str, Any]]()
        for filed in some:
            yield Step("save", len(lines), book.count)
            entry = _entry(filed, folder, name=f"r{len(entries)}", say=say)
            inspection = filed.inspection
            software = line(inspection.software, _SHORT)
            if not head["software"]:
                head["software"] = software
                foot = f"{inspection.software}  ·  {book.title}  ·  {book.since} - {book.until}"
                head["foot"] = line(foot, _LONG)
            file = Path(inspection.provenance.locator).name or say("left out")
            number = "" if inspection.id is None else str(inspection.id)
            answer = line(inspection.answer.text, _SHORT)
            lines.append((number, entry["created"], line(file, _SHORT), answer, entry["final"]))
            entries.append(entry)
        part = set_pages("entries.typ", {**head, "entries": entries, "is_first": at == 0})
        parts.append(_laid_aside(part, folder, name=f"part{at}"))
        forget()
    front = {
        **head,
        "period": line(f"{book.since} - {book.until}".replace("T", " "), _SHORT),
        "counts": _counts(book, say=say),
        "figures": None if book.figures is None else _figures(book.figures, say=say),
        "lines": lines,
    }
    parts.insert(0, _laid_aside(set_pages("book.typ", front), folder, name="front"))
    yield Step("save", book.count, book.count)
    count = sum(len(PdfReader(part).pages) for part in parts)
    feet = set_pages("feet.typ", {**head, "footless": False, "pages": count})
    whole = folder / "book.pdf"
    _join(parts, feet, whole)
    return whole.read_bytes()


def _laid_aside(part: bytes, folder: Path, *, name: str) -> Path:
    """What is not needed now lies on the disk, where it takes no memory."""
    file = folder / f"{name}.pdf"
    file.write_bytes(part)
    return file


def _bundles(filed: Iterator[Filed]) -> Iterator[list[Filed]]:
    while some := list(islice(filed, _AT_A_TIME)):
        yield some


def _lay(foot: PageObject, page: PageObject, writer: PdfWriter) -> None:
    """Draw one page over another; its names of fonts stay its own."""
    form = DecodedStreamObject()
    content = foot.get_contents()
    form.set_data(b"" if content is None else content.get_data())
    form[NameObject("/Type")], form[NameObject("/Subtype")] = (
        NameObject("/XObject"),
        NameObject("/Form"),
    )
    form[NameObject("/BBox")] = ArrayObject(foot.mediabox)
    form[NameObject("/Resources")] = foot["/Resources"].clone(writer)
    draw = DecodedStreamObject()
    draw.set_data(b"q /Foot Do Q")
    resources = DictionaryObject(cast("DictionaryObject", page["/Resources"].get_object()))
    pictures = resources.get("/XObject", DictionaryObject()).get_object()
    named = DictionaryObject(cast("DictionaryObject", pictures))
    named[NameObject("/Foot")] = writer._add_object(form.flate_encode())
    resources[NameObject("/XObject")] = named
    page[NameObject("/Resources")] = resources
    before = page.get("/Contents")
    old = before.get_object() if before is not None else ArrayObject()
    streams = list(old) if isinstance(old, ArrayObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject([*streams, writer._add_object(draw)])


def _join(parts: Sequence[Path], feet: bytes, whole: Path) -> None:
    """Write one PDF/A of several, with the feet laid over its pages.

    What makes the first one archivable (fonts inside, colour profile, metadata) holds for all:
    they are set in the same way.
    """
    first = PdfReader(parts[0])
    writer = PdfWriter(clone_from=first)
    for part in parts[1:]:
        for page in PdfReader(part).pages:
            writer.add_page(page)
    for page, foot in zip(writer.pages, PdfReader(io.BytesIO(feet)).pages, strict=True):
        _lay(foot, page, writer)
        # The tree of headings and paragraphs is the first part's alone.
        page.pop("/StructParents", None)
    for name in ("/StructTreeRoot", "/MarkInfo"):
        writer.root_object.pop(name, None)
    writer.metadata = first.metadata
    with whole.open("wb") as written:
        writer.write(written)


def _entry(filed: Filed, folder: Path, *, name: str, say: Say) -> dict[str, Any]:
    inspection, words = filed.inspection, told(filed, say=say)
    plate = picture_of(inspection, frame=filed.frame)
    crops = crop_cards(inspection, plate, folder, words=words, name=name, side=_CROP_SIDE)
    # The verdict that holds stands above them already.
    remarks = [remark for remark in words.remarks if remark != words.ruling]
    proof = [row for row in (*words.fingerprint[-3:], *words.seal) if row[1]]
    return {
        "title": words.title,
        "created": line(words.created.replace("T", " "), _SHORT),
        "outcome": words.outcome,
        "final": words.final,
        "ruling": line(words.ruling, _LONG),
        "reason": line(words.reason, _SHORT),
        "question": line(words.question, _LONG),
        "answers": [
            {"title": title, "text": line(text, _SHORT), "weight": line(weight, _SHORT)}
            for title, text, weight in words.answers
        ],
        "findings": [
            {
                "letter": row.letter,
                "type": line(row.type, _SHORT),
                "severity": row.severity,
                "where": row.where,
                "suggestion": line(row.suggestion, _SHORT),
            }
            for row in words.findings[:_MOST_ROWS]
        ],
        "remarks": [line(remark, _LONG) for remark in remarks[:_MOST_ROWS]],
        "signatures": [line(one, _LONG) for one in words.signatures[:_MOST_ROWS]],
        "caption": words.caption,
        "picture": picture(
            filed, plate, folder / f"{name}.jpg", sides=(0, _SIDE), quality=_QUALITY
        ),
        "crops": [
            {
                **crop,
                "before": line(crop["before"], 40),
                "after": line(crop["after"], 40),
            }
            for crop in crops[:_MOST_CROPS]
        ],
        "more": {
            name: more_words(count, shown=min(count, most), say=say)
            for name, count, most in (
                ("findings", len(words.findings), _MOST_ROWS),
                ("remarks", len(remarks), _MOST_ROWS),
                ("signatures", len(words.signatures), _MOST_ROWS),
                ("crops", len(words.crops), _MOST_CROPS),
            )
        },
        "proof": [(title, inert(sha256, limit=64)) for title, sha256 in proof],
    }


def _counts(book: Book, *, say: Say) -> list[tuple[str, str, str]]:
    counted = [(say("Inspected"), str(book.count), "")]
    if book.figures is not None:
        for outcome, count in zip(
            ("PASS", "FAIL", "CHECK", ""), book.figures.total.counts, strict=True
        ):
            counted.append((say(outcome or "no verdict"), str(count), outcome))
    return counted


def _more_kinds(left: int, *, say: Say) -> str:
    return say("Rarer kinds not listed: {count}").format(count=left) if left > 0 else ""


def _figures(found: Figures, *, say: Say) -> dict[str, Any]:
    most = found.pareto[0].count if found.pareto else 1
    return {
        "shifts": [group_row(group, say=say) for group in found.shifts],
        "presets": [
            [line(cell, 80) for cell in group_row(group, say=say)] for group in found.presets
        ],
        "chart": {
            "center": found.chart.center,
            "points": [
                {
                    "share": point.share,
                    "low": point.low,
                    "high": point.high,
                    "out": point.is_out,
                }
                for point in found.chart.points
            ],
        },
        "pareto": [
            {
                "name": line(say(row.name), 60),
                "part": row.count / most,
                "words": pareto_words(row),
            }
            for row in found.pareto[:_MOST_ROWS]
        ],
        "more_kinds": _more_kinds(len(found.pareto) - _MOST_ROWS, say=say),
        "passed": share_words(found.total.passed),
        "overrides": override_rows(found, say=say),
        "agreements": [
            (line(readers, 80), words)
            for readers, words in (agreement_row(one, say=say) for one in found.agreements)
        ],
    }
