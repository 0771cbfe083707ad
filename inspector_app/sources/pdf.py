"""Pages of PDF files, drawn as they would be printed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from inspector_app.domain.errors import InspectorError, UnreadablePicture
from inspector_app.domain.frame import Frame, Pixels, Provenance
from inspector_app.domain.locator import split
from inspector_app.imaging.resizing import thumbnail
from inspector_app.imaging.source_bytes import (
    SourceBytes,
    beginning,
    check_number,
    check_pixels,
    read_source,
)

TITLE = "PDF pages"

_POINTS_PER_INCH = 72
_DPI = 200
"""8-point print is then 22 pixels high."""
_MOST_DPI = 600
_SHORTEST, _LONGEST = 1600, 8000
"""Pixels on the longest side: a small receipt is drawn finer, a wall chart coarser."""
_BLANKS = b"\x00\t\n\x0c\r \xef\xbb\xbf"

# PDFium may be called from one thread at a time only.
_ALONE = threading.Lock()


def accepts(locator: str) -> bool:
    """Whether the file begins like a PDF."""
    return beginning(locator, length=1024).lstrip(_BLANKS).startswith(b"%PDF-")


def count(locator: str) -> int:
    """How many pages the file has.

    Raises:
        UnreadablePicture: as `open`.
    """
    with _opened(read_source(locator)) as document:
        return len(document)


def open(locator: str) -> Frame:
    """Draw one page on white, with what was filled into its forms and noted on it.

    Raises:
        UnreadablePicture: missing, damaged, locked with a password, or no such page.
    """
    source = read_source(locator)
    pixels, number, held, dpi = _page(source, locator)
    notes = (f"page {number} of {held}", f"drawn at {dpi:.0f} dpi")
    return Frame(pixels, Provenance(locator, source.sha256, "PDF", notes=notes))


def preview(locator: str, *, side: int) -> Pixels:
    """A small copy of the page, drawn coarsely from the start.

    Raises:
        UnreadablePicture: as `open`.
    """
    pixels, *_ = _page(read_source(locator), locator, longest=2 * side)
    return thumbnail(pixels, longest=side)


def _page(
    source: SourceBytes, locator: str, *, longest: int | None = None
) -> tuple[Pixels, int, int, float]:
    """(pixels, number of the page, pages in all, dpi)."""
    number = split(locator)[1] or 1
    name = source.path.name
    with _opened(source) as document:
        held = len(document)
        check_number(number, held=held, name=name)
        document.init_forms()
        page = document[number - 1]
        width, height = page.get_size()
        dpi = _resolution(max(width, height), longest=longest)
        scale = dpi / _POINTS_PER_INCH
        check_pixels((round(width * scale), round(height * scale)), name=name)
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        pixels = _rgb(bitmap.to_numpy())
    return pixels, number, held, dpi


def _resolution(side: float, *, longest: int | None) -> float:
    """Dots per inch at which a page whose longest side is `side` points is drawn."""
    inches = max(side, 1.0) / _POINTS_PER_INCH
    if longest is not None:
        return min(longest / inches, _MOST_DPI)
    fine = min(max(_DPI, _SHORTEST / inches), _MOST_DPI)
    return min(fine, _LONGEST / inches)


def _rgb(drawn: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Pixels:
    """A copy of its own, since the page's memory goes with the page."""
    if drawn.ndim == 2:
        drawn = drawn[:, :, np.newaxis]
    if drawn.shape[2] == 1:
        drawn = np.repeat(drawn, 3, axis=2)
    return np.array(drawn[:, :, :3], dtype=np.uint8, order="C", copy=True)


@contextmanager
def _opened(source: SourceBytes) -> Iterator[pdfium.PdfDocument]:
    """The opened file; whatever PDFium makes of it becomes words for the user."""
    name = source.path.name
    with _ALONE:
        try:
            document = pdfium.PdfDocument(source.content)
            try:
                if len(document) < 1:
                    raise UnreadablePicture(
                        f"{name} has no pages.", hint="Export it again from where it came from."
                    )
                yield document
            finally:
                document.close()
        except InspectorError:
            raise
        except Exception as error:  # damaged files fail in many ways
            raise _trouble(name, error) from error


def _trouble(name: str, error: Exception) -> UnreadablePicture:
    code = getattr(error, "err_code", None)
    if code == pdfium_c.FPDF_ERR_PASSWORD:
        return UnreadablePicture(
            f"{name} is locked with a password.",
            hint="Open it in a PDF program and save a copy without password.",
        )
    if code == pdfium_c.FPDF_ERR_SECURITY:
        return UnreadablePicture(
            f"{name} is protected in a way that this program cannot open.",
            hint="Ask whoever made it for a copy without protection.",
        )
    return UnreadablePicture(
        f"{name} is damaged or incomplete, or no PDF.",
        hint="Copy it again from its origin, or print it into a new PDF.",
    )
