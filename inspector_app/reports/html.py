"""One page for a browser: pictures inside, nothing fetched, no script, every text escaped."""

import base64
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from inspector_app import paths
from inspector_app.domain.filing import Book, Filed, Letterhead, Standing
from inspector_app.domain.frame import Frame, Pixels
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.statistics import Figures
from inspector_app.domain.telling import letterhead_rows, more_words, told
from inspector_app.domain.telling_figures import (
    PARETO_HEAD,
    agreement_row,
    group_row,
    override_rows,
    pareto_words,
)
from inspector_app.domain.wording import NOTICE, NOTICE_ZH, inert
from inspector_app.files import refusal, write_whole
from inspector_app.imaging.plate import (
    NO_PICTURE,
    Plate,
    crop_of,
    drawn,
    heat_bar,
    picture_of,
)
from inspector_app.imaging.png import encode_png
from inspector_app.imaging.resizing import fitted, resized
from inspector_app.tongues import Say, tongue

TITLE = "Web page"
SUFFIX = ".html"

_SIDES, _BOOK_SIDES = (900, 1600), (0, 900)
_CROP_SIDE, _MOST_CROPS = 360, 24
_SIGNS = {"PASS": "\N{CHECK MARK}", "FAIL": "\N{MULTIPLICATION SIGN}", "CHECK": "?", "": ""}
_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
_END = (
    '<footer class="notice"><span>{notice}</span><span lang="zh">{notice_zh}</span></footer>\n'
    "</body>\n</html>\n"
)
_SPOOL = 32 * 2**20


def write(
    inspection: Inspection,
    destination: Path,
    *,
    frame: Frame | None = None,
    language: str = "en",
    standing: Standing = Standing(),  # noqa: B008  frozen
    letterhead: Letterhead = Letterhead(),  # noqa: B008  frozen
) -> None:
    """Write the page beside its destination and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    say, pages = tongue(language), _environment()
    filed = Filed(inspection, frame, standing)
    words = told(filed, say=say)
    head = _head(words.title, inspection.software, letterhead, language=language, say=say)
    parts = (
        pages.get_template("page.html").render(**head, book=None),
        _article(pages, filed, sides=_SIDES, say=say, in_book=False),
        _END.format(notice=NOTICE, notice_zh=NOTICE_ZH),
    )
    write_whole(destination, "".join(parts).encode("utf-8"))


def write_book(
    book: Book,
    destination: Path,
    *,
    language: str = "en",
    letterhead: Letterhead = Letterhead(),  # noqa: B008  frozen
) -> Steps[None]:
    """Write many inspections as one page, beside its destination, and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    say, pages = tongue(language), _environment()
    try:
        # Pictures are many: what is written already does not stay in memory.
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as passing:
            parts = _book_parts(book, pages, letterhead, language=language, say=say)
            for at, part in enumerate(parts):
                # The first part is the head.
                yield Step("save", min(at, book.count), book.count)
                passing.write(part.encode("utf-8"))
            passing.seek(0)
            content = passing.read()
    except OSError as error:
        raise refusal(error, destination) from error
    write_whole(destination, content)


def _book_parts(
    book: Book, pages: Environment, letterhead: Letterhead, *, language: str, say: Say
) -> Iterator[str]:
    head = _head(book.title, "Inspector", letterhead, language=language, say=say)
    front = {"since": book.since, "until": book.until, **_figures(book.figures, say=say)}
    yield pages.get_template("page.html").render(**head, book=front)
    for filed in book.open():
        yield _article(pages, filed, sides=_BOOK_SIDES, say=say, in_book=True)
    yield _END.format(notice=NOTICE, notice_zh=NOTICE_ZH)


def _environment(loader: BaseLoader | None = None) -> Environment:
    """Templates in which every text is escaped and made inert, and a missing one is a bug."""
    return Environment(
        loader=loader or FileSystemLoader(paths.resources() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        # Runs for every value that a template shows, before it is escaped.
        finalize=lambda value: _shown(value) if isinstance(value, str) else value,
    )


def _shown(text: str) -> str:
    # Markup is what the template engine itself has escaped already.
    if hasattr(text, "__html__"):
        return text
    return "\n".join(inert(line) for line in text.split("\n"))


def _head(
    title: str, software: str, letterhead: Letterhead, *, language: str, say: Say
) -> dict[str, Any]:
    kind = _KINDS.get(letterhead.logo_suffix.lower(), "")
    logo = _uri(letterhead.logo, kind) if letterhead.logo and kind else ""
    return {
        "language": language.replace("_", "-"),
        "software": software,
        "title": title,
        "say": say,
        "letterhead": {"logo": logo, "rows": letterhead_rows(letterhead)},
    }


def _article(
    pages: Environment, filed: Filed, *, sides: tuple[int, int], say: Say, in_book: bool
) -> str:
    inspection, words = filed.inspection, told(filed, say=say)
    plate = picture_of(inspection, frame=filed.frame)
    crops = [
        (crop, _crop(inspection, index, plate=plate))
        for index, crop in enumerate(words.crops[:_MOST_CROPS])
    ]
    return pages.get_template("inspection.html").render(
        say=say,
        one=words,
        in_book=in_book,
        sign=_SIGNS[words.outcome],
        picture="" if plate is None else _picture(filed, plate, sides=sides),
        plate_note="" if plate is None or not plate.note else say(plate.note),
        heat=_uri(encode_png(heat_bar((120, 10))), "image/png"),
        crops=crops,
        more_crops=more_words(len(words.crops), shown=len(crops), say=say),
        no_picture=say(NO_PICTURE),
    )


def _picture(filed: Filed, plate: Plate, *, sides: tuple[int, int]) -> Markup:
    height, width = plate.pixels.shape[:2]
    size = fitted((width, height), longest=min(max(width, height, sides[0]), sides[1]))
    shown = Plate(resized(plate.pixels, size=size))
    return _jpeg(drawn(filed.inspection, shown, own=filed.standing.own))


def _crop(inspection: Inspection, index: int, *, plate: Plate | None) -> str:
    pixels = crop_of(inspection, index, plate=plate)
    if pixels is None:
        return ""
    size = fitted((pixels.shape[1], pixels.shape[0]), longest=_CROP_SIDE)
    return _jpeg(resized(pixels, size=size))


def _jpeg(pixels: Pixels) -> Markup:
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "JPEG", quality=92, subsampling=0)
    return _uri(packed.getvalue(), "image/jpeg")


def _uri(content: bytes, kind: str) -> Markup:
    # Nothing in it needs escaping, and it is long.
    return Markup(f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}")


def _figures(found: Figures | None, *, say: Callable[[str], str]) -> dict[str, Any]:
    if found is None:
        return {"groups": []}
    most = found.pareto[0].count if found.pareto else 1
    return {
        "groups": [group_row(each, say=say) for each in (*found.shifts, *found.presets)],
        "pareto": [
            {
                "name": say(row.name),
                "percent": f"{100 * row.count / most:.1f}",
                "words": pareto_words(row),
            }
            for row in found.pareto
        ],
        "pareto_head": say(PARETO_HEAD),
        "overrides": override_rows(found, say=say),
        "agreements": [agreement_row(one, say=say) for one in found.agreements],
    }
