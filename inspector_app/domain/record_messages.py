"""What the window asks about stored inspections and reports; part of `messages.Request`."""

from dataclasses import dataclass

from inspector_app.domain.exporting import KnownMasks
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.region import Region
from inspector_app.domain.search import Search


@dataclass(frozen=True, slots=True)
class ListRecords:
    """The stored inspections, newest first. Finished carries a tuple of `RecordLine`."""

    limit: int = 500


@dataclass(frozen=True, slots=True)
class SearchRecords:
    """The stored inspections that are searched for. Finished carries a tuple of `RecordLine`."""

    search: Search


@dataclass(frozen=True, slots=True)
class CountRecords:
    """What the inspections searched for come to. Finished carries `statistics.Figures`."""

    search: Search


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """One stored inspection. Finished carries an `Inspection` with its views."""

    id: int


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A stored inspection in one line of the history.

    Attributes:
        id: Record number.
        created: ISO 8601.
        locator: Of the picture.
        question: The user's words.
        answer: Last word.
        outcome: "PASS", "FAIL", "CHECK" or "".
        was_read: Whether a first reading of this very picture was ended.
    """

    id: int
    created: str
    locator: str
    question: str
    answer: str
    outcome: str
    was_read: bool = False


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Write an inspection to a file. Finished carries the path.

    Attributes:
        id: The stored inspection; None for one that could not be stored.
        format: A plug-in of `reports/`: "pdf", "html", "png", "csv", "json".
        destination: Path of the file.
        language: Of what the program itself says in it: "en", "zh_CN".
        inspection: The one that could not be stored.
        hides_patient: Leave out the picture's name and folder.
        masks: Boxes that are painted over in its pixels; None where nobody looked for writing.
    """

    id: int | None
    format: str
    destination: str
    language: str = "en"
    inspection: Inspection | None = None
    hides_patient: bool = False
    masks: tuple[Region, ...] | None = None


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """Make the PDF of a stored inspection to look at. Finished carries a `filing.Preview`.

    `hides_patient` and `masks` as for `WriteReport`.
    """

    id: int
    language: str = "en"
    hides_patient: bool = False
    masks: tuple[Region, ...] | None = None


@dataclass(frozen=True, slots=True)
class KeepPreview:
    """Write a report that was looked at, byte by byte. Finished carries the path."""

    content: bytes
    destination: str


@dataclass(frozen=True, slots=True)
class WriteBook:
    """Write a report about all inspections searched for. Finished carries the path.

    Attributes:
        search: Which; its limit does not count.
        format: A plug-in of `reports/` that can hold several: "pdf", "html", "csv", "json".
        destination: Path of the file.
        language: Of what the program itself says in it: "en", "zh_CN".
        hides_patient: Leave out the pictures' names and folders.
        masks: Boxes that are painted over in each picture; None where nobody looked for writing.
        known_masks: Boxes said of single pictures, which are painted over beside those.
    """

    search: Search
    format: str
    destination: str
    language: str = "en"
    hides_patient: bool = False
    masks: tuple[Region, ...] | None = None
    known_masks: KnownMasks = ()


RecordRequest = (
    ListRecords
    | SearchRecords
    | CountRecords
    | OpenRecord
    | WriteReport
    | PreviewReport
    | KeepPreview
    | WriteBook
)
