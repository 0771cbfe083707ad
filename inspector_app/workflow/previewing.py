"""A report looked at before it is kept: what is seen is made of the very bytes that are written."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from inspector_app import files
from inspector_app.domain.filing import Preview
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.record_messages import KeepPreview, PreviewReport, WriteReport
from inspector_app.files import refusal
from inspector_app.store.records import Store
from inspector_app.workflow.delivering import check_file
from inspector_app.workflow.reporting import written

_DOTS_PER_INCH = 120
_MOST_PAGES = 40


def previewed(
    store: Store, request: PreviewReport, *, frame_of: Callable[[Inspection], Frame | None]
) -> Steps[Preview]:
    """The PDF of a stored inspection, and its pages as pictures.

    Raises:
        WrongUse: there is no such record.
        UnreadableRecord: it is damaged.
        CannotWrite: the disk is full, or a site's own template is wrong.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="inspector-") as folder:
            place = Path(folder) / "report.pdf"
            wanted = WriteReport(
                request.id,
                "pdf",
                str(place),
                request.language,
                hides_patient=request.hides_patient,
                masks=request.masks,
            )
            yield from written(store, wanted, frame_of=frame_of)
            content = place.read_bytes()
    except OSError as error:
        raise refusal(error, Path("report.pdf")) from error
    return Preview(content, tuple(pages_of(content)))


def kept(request: KeepPreview) -> Steps[str]:
    """Write the bytes that were looked at."""
    yield Step("save", 0, 1)
    destination = Path(request.destination)
    check_file(destination, source="")
    files.write_whole(destination, request.content)
    return request.destination


def pages_of(content: bytes) -> list[NDArray[np.uint8]]:
    """(h, w, 3) uint8 RGB of each page of a PDF, as a reader of PDF draws it."""
    document = pypdfium2.PdfDocument(content)
    try:
        found = []
        for number in range(min(len(document), _MOST_PAGES)):
            page = document[number].render(scale=_DOTS_PER_INCH / 72, rev_byteorder=True)
            found.append(np.array(page.to_numpy()[..., :3]))
        return found
    finally:
        document.close()
