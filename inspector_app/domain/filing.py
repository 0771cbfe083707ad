"""What goes into a report beside the inspection: its seal, its picture, whose paper it is on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector_app.domain.frame import Frame, Pixels
from inspector_app.domain.gesture import Judgement, OwnFinding
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.signature import Signature
from inspector_app.domain.statistics import Figures


@dataclass(frozen=True, slots=True)
class Seal:
    """What proves that a record is still the one that was stored.

    Attributes:
        document_sha256: Of the stored document, lower-case hex.
        link: Number of its entry in the chain of all records.
        chain_sha256: Hash of that entry, which covers every record before it.
    """

    document_sha256: str
    link: int
    chain_sha256: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a site puts on its reports.

    Attributes:
        name: Of the site; "" for none.
        fields: (name, words) on the head of every report: line, ward, contact.
        logo: Content of a PNG, JPEG or SVG file; empty for none.
        logo_suffix: Of that file, with its dot.
        templates: Folder whose typst files stand in for the shipped ones of the same name;
            None for none.
    """

    name: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    logo: bytes = b""
    logo_suffix: str = ""
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a record beside what it says.

    Attributes:
        seal: None for an inspection that is not stored.
        remarks: What people said of it since, one sentence each, in the order they said it.
        first_reading: See `first_reading.reading_document`; None where nobody read first.
        signatures: Who signed it, oldest first.
        judgement: The verdict of a person that holds; None where nobody gave one.
        own: What people found on the picture, in the order of its marks.
    """

    seal: Seal | None = None
    remarks: tuple[str, ...] = ()
    first_reading: dict[str, Any] | None = None
    signatures: tuple[Signature, ...] = ()
    judgement: Judgement | None = None
    own: tuple[OwnFinding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """An inspection as a report takes it.

    Attributes:
        inspection: From the store.
        frame: The picture opened again, or None where its file is gone or has changed.
        standing: Its seal, and what people said of it.
    """

    inspection: Inspection
    frame: Frame | None = None
    standing: Standing = Standing()


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Many inspections in one report: a batch, or a shift.

    Attributes:
        title: For people.
        since: ISO 8601 of the first inspection.
        until: Of the last one.
        count: How many inspections there are.
        open: Opens them one after the other, oldest first; may be asked for more than once,
            so that nobody needs all of them in memory.
        figures: What they come to.
    """

    title: str
    since: str
    until: str
    count: int
    open: Callable[[], Iterator[Filed]]
    figures: Figures | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A report before it is kept.

    Attributes:
        content: The very file.
        pages: (h, w, 3) uint8 RGB of its first pages.
    """

    content: bytes
    pages: tuple[Pixels, ...]
