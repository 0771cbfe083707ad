"""A4 pages: one that tells an inspection at a glance, and behind it what proves it."""

import datetime
import tempfile
from functools import partial
from pathlib import Path

from inspector_app.domain.filing import Book, Filed, Letterhead, Standing
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Steps
from inspector_app.files import refusal, write_whole
from inspector_app.reports.pdf.setting import common, pages
from inspector_app.reports.pdf.sheet import sheet
from inspector_app.reports.pdf.volume import bound
from inspector_app.tongues import tongue

TITLE = "PDF pages"
SUFFIX = ".pdf"


def write(
    inspection: Inspection,
    destination: Path,
    *,
    frame: Frame | None = None,
    language: str = "en",
    standing: Standing = Standing(),  # noqa: B008  frozen
    letterhead: Letterhead = Letterhead(),  # noqa: B008  frozen
) -> None:
    """Write the pages beside their destination and rename them.

    Raises:
        CannotWrite: the folder refuses, the disk is full, or a site's own template is wrong.
    """
    filed, say = Filed(inspection, frame, standing), tongue(language)
    try:
        with tempfile.TemporaryDirectory(prefix="inspector-") as name:
            folder = Path(name)
            record = {
                **common(letterhead, folder, language=language, say=say),
                **sheet(filed, folder, say=say),
            }
            made = pages(
                "inspection.typ",
                record,
                folder,
                own=letterhead.templates,
                instant=_instant(inspection.created),
            )
    except OSError as error:
        raise refusal(error, destination) from error
    write_whole(destination, made)


def write_book(
    book: Book,
    destination: Path,
    *,
    language: str = "en",
    letterhead: Letterhead = Letterhead(),  # noqa: B008  frozen
) -> Steps[None]:
    """Write many inspections in one file, beside its destination, and rename it.

    Raises:
        CannotWrite: the folder refuses, the disk is full, or a site's own template is wrong.
    """
    say = tongue(language)
    try:
        with tempfile.TemporaryDirectory(prefix="inspector-") as name:
            folder = Path(name)
            shared = common(letterhead, folder, language=language, say=say)
            set_pages = partial(
                pages, folder=folder, own=letterhead.templates, instant=_instant(book.until)
            )
            made = yield from bound(book, folder, shared, set_pages=set_pages, say=say)
    except OSError as error:
        raise refusal(error, destination) from error
    write_whole(destination, made)


def _instant(created: str) -> int | None:
    try:
        return int(datetime.datetime.fromisoformat(created).timestamp())
    except (ValueError, OverflowError, OSError):
        return None
