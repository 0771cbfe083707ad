"""Stored inspections for other programs, and files for an archive, as requests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.region import Region
from inspector_app.domain.search import Search
from inspector_app.domain.wording import inert

KnownMasks = tuple[tuple[str, tuple[Region, ...]], ...]
"""Boxes to be painted over that somebody said of single pictures, by `measure.picture_key`; no
boxes where somebody looked and found no writing."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        pictures: How many.
        lost: What the format could not take, in words.
    """

    pictures: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportRecords:
    """Write all inspections searched for as another program's files. Finished: `Exported`.

    Attributes:
        search: Which; its limit does not count.
        format: A plug-in of `exports/`: "coco", "dicom", ...
        destination: Path of a new or empty folder.
        with_pictures: Whether the pictures are written, too.
        hides_patient: Leave out who the patient is, and the pictures' names and folders.
        masks: Boxes that are painted over in each picture; None where nobody looked for writing.
    """

    search: Search
    format: str
    destination: str
    with_pictures: bool = True
    hides_patient: bool = False
    masks: tuple[Region, ...] | None = None


@dataclass(frozen=True, slots=True)
class SendFiles:
    """Send the DICOM files of a folder to an archive. Finished carries how many it stored.

    Attributes:
        folder: Path.
        address: "TITLE@host:port", or "http://host:8042/dicom-web".
        user: Name for an archive on the web, or "".
        password: That belongs to it; it is kept nowhere.
        certificate: Path of the site's own certificates, or "".
    """

    folder: str
    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    certificate: str = ""


Exporting = ExportRecords | SendFiles


def masks_from(texts: Sequence[str]) -> tuple[Region, ...] | None:
    """Boxes to be painted over, as typed: "x0,y0,x1,y1", or "none" for none at all.

    Returns:
        None where nothing was typed: nobody looked for writing.

    Raises:
        WrongUse: one of them is no box.
    """
    typed = [text.strip() for text in texts if text.strip()]
    if not typed:
        return None
    found = []
    for text in typed:
        if text.lower() == "none":
            continue
        try:
            x0, y0, x1, y1 = (int(side) for side in text.split(","))
            found.append(Region(x0, y0, x1, y1))
        except ValueError as error:
            raise WrongUse(
                f'"{inert(text)}" is no box.', hint="Write x0,y0,x1,y1 in pixels, or none."
            ) from error
    return tuple(found)


def box_words(box: Region) -> str:
    """A box as it is typed."""
    return ",".join(map(str, box.box))


def check_masks(masks: Sequence[Region], *, size: tuple[int, int]) -> None:
    """Refuse boxes that lie outside a picture of (width, height): they would hide nothing.

    Raises:
        WrongUse: one of them does.
    """
    width, height = size
    for box in masks:
        if box.clipped(size) is None:
            raise WrongUse(
                f'"{box_words(box)}" lies outside the picture.',
                hint=f"It is {width} pixels wide and {height} high.",
            )
