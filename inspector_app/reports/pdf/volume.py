"""What the pages about many inspections read; pictures pass through a folder, one at a time."""

from pathlib import Path
from typing import Any

from inspector_app.domain.filing import Book, Filed
from inspector_app.domain.statistics import Figures
from inspector_app.domain.telling import told
from inspector_app.domain.telling_figures import (
    agreement_row,
    group_row,
    override_rows,
    share_words,
)
from inspector_app.domain.wording import inert
from inspector_app.imaging.plate import NO_PICTURE, picture_of
from inspector_app.reports.pdf.setting import line
from inspector_app.reports.pdf.sheet import crop_cards, picture
from inspector_app.tongues import Say

_SIDE, _CROP_SIDE, _MOST_CROPS, _MOST_ROWS = 800, 240, 3, 12
_LONG, _SHORT = 300, 120


def volume(book: Book, folder: Path, *, say: Say) -> dict[str, Any]:
    """All that `book.typ` reads of many inspections."""
    entries, lines, software = [], [], ""
    for at, filed in enumerate(book.open()):
        entry = _entry(filed, folder, name=f"r{at}", say=say)
        inspection = filed.inspection
        software = inspection.software
        file = Path(inspection.provenance.locator).name or say("left out")
        number = "" if inspection.id is None else str(inspection.id)
        answer = line(inspection.answer.text, _SHORT)
        lines.append((number, entry["created"], line(file, _SHORT), answer, entry["outcome"]))
        entries.append(entry)
    title = line(book.title, _SHORT)
    return {
        "title": title,
        "software": line(software, _SHORT),
        "period": line(f"{book.since} - {book.until}".replace("T", " "), _SHORT),
        "foot": line(f"{software}  ·  {title}  ·  {book.since} - {book.until}", 200),
        "counts": _counts(book, say=say),
        "figures": None if book.figures is None else _figures(book.figures, say=say),
        "lines": lines,
        "entries": entries,
        "no_picture": say(NO_PICTURE),
        "heat": None,
    }


def _entry(filed: Filed, folder: Path, *, name: str, say: Say) -> dict[str, Any]:
    inspection, words = filed.inspection, told(filed, say=say)
    plate = picture_of(inspection, frame=filed.frame)
    crops = crop_cards(inspection, plate, folder, words=words, name=name, side=_CROP_SIDE)
    proof = [row for row in (*words.fingerprint[-3:], *words.seal) if row[1]]
    return {
        "title": words.title,
        "created": line(words.created.replace("T", " "), _SHORT),
        "outcome": words.outcome,
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
        "remarks": [line(remark, _LONG) for remark in words.remarks[:_MOST_ROWS]],
        "caption": words.caption,
        "picture": picture(inspection, plate, folder / f"{name}.jpg", sides=(0, _SIDE)),
        "crops": [
            {
                **crop,
                "before": line(crop["before"], 40),
                "after": line(crop["after"], 40),
            }
            for crop in crops[:_MOST_CROPS]
        ],
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
                "words": f"{row.count} ({row.cumulative:.0%})".replace("%", " %"),
            }
            for row in found.pareto[:_MOST_ROWS]
        ],
        "passed": share_words(found.total.passed),
        "overrides": override_rows(found, say=say),
        "agreements": [
            (line(readers, 80), words)
            for readers, words in (agreement_row(one, say=say) for one in found.agreements)
        ],
    }
