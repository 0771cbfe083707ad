"""What is kept in writing: records, reports, calibrations, and what belongs together."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.code import Code
from inspector_app.domain.exporting import Exporting
from inspector_app.domain.filing import Preview
from inspector_app.domain.golden import Golden, GoldenSample
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import (
    Failed,
    FindCalibration,
    FindGolden,
    Finished,
    KeepCalibration,
    KeepFailure,
    ListPictures,
    ListSeries,
    Message,
    Problem,
    ReadCodes,
)
from inspector_app.domain.preset_messages import FileReports
from inspector_app.domain.record_messages import (
    CountRecords,
    KeepPreview,
    ListRecords,
    OpenRecord,
    PreviewReport,
    RecordLine,
    SearchRecords,
    WriteBook,
    WriteReport,
)
from inspector_app.domain.search import Search
from inspector_app.domain.statistics import Figures
from inspector_app.gui.worker import Bridge


class Papers(QObject):
    """The part of the desk that reads and writes records and reports.

    Args:
        bridge: Does what the user waits for.
        aside: Does what nobody waits for.

    Signals:
        records_listed: Tuple of `RecordLine`, newest first.
        record_opened: `Reopened`.
        report_written: Path of the file.
        records_refused: `Problem`: the history cannot be read.
        failed: `Problem` of any other job.
    """

    records_listed = Signal(tuple)
    records_refused = Signal(object)
    record_opened = Signal(object)
    report_written = Signal(str)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, aside: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._aside = aside
        self._reopening: int | None = None
        self._searching: int | None = None
        self._previewing: int | None = None

    def find(
        self, request: ListPictures | ListSeries, tell: Callable[[tuple[Any, ...]], None]
    ) -> None:
        """What belongs together; nobody waits for it, and what is unknown is not missed."""
        self._aside.submit(
            request,
            tell=ending(lambda found: tell(tuple(found)), lambda _problem: None),
        )

    def keep_calibration(self, picture_sha256: str, calibration: Calibration | None) -> None:
        """Store what the user says a pixel measures."""
        self._bridge.submit(
            KeepCalibration(picture_sha256, calibration),
            tell=ending(lambda _none: None, self.failed.emit),
        )

    def find_calibration(
        self, picture_sha256: str, tell: Callable[[Calibration | None], None]
    ) -> None:
        """What the user said of a picture's scale before."""
        self._bridge.submit(
            FindCalibration(picture_sha256), tell=ending(tell, lambda _problem: None)
        )

    def keep_failure(
        self,
        wanted: KeepFailure,
        *,
        tell: Callable[[Inspection], None],
        refused: Callable[[Problem], None],
    ) -> None:
        """Store that a part could not be inspected."""
        self._aside.submit(wanted, tell=ending(tell, refused), urgency=-1)

    def read_codes(
        self,
        locator: str,
        *,
        tell: Callable[[tuple[Code, ...]], None],
        refused: Callable[[Problem], None],
    ) -> None:
        """Read the codes in a picture."""
        self._bridge.submit(
            ReadCodes(locator), tell=ending(lambda found: tell(tuple(found)), refused)
        )

    def find_golden(
        self,
        golden: Golden,
        *,
        tell: Callable[[tuple[GoldenSample, ...]], None],
        refused: Callable[[Problem], None],
    ) -> None:
        """Open the golden samples that a preset demands."""
        self._aside.submit(
            FindGolden(golden), tell=ending(lambda found: tell(tuple(found)), refused), urgency=-1
        )

    def list_records(self) -> None:
        """Fetch the history."""
        self._bridge.submit(
            ListRecords(),
            tell=ending(
                lambda lines: self.records_listed.emit(tuple(lines)), self.records_refused.emit
            ),
            urgency=1,
        )

    def search(self, search: Search, tell: Callable[[tuple[RecordLine, ...]], None]) -> None:
        """Find stored inspections; an older search is given up."""
        if self._searching is not None:
            self._bridge.drop(self._searching)
        self._searching = self._bridge.submit(
            SearchRecords(search),
            tell=ending(lambda lines: tell(tuple(lines)), self.records_refused.emit),
        )

    def count(
        self, search: Search, tell: Callable[[Figures], None], *, instead_of: int | None
    ) -> int:
        """What stored inspections come to; returns the number of the job.

        Args:
            search: Which inspections.
            tell: Gets the figures.
            instead_of: An older count of whoever asks, which is given up.
        """
        if instead_of is not None:
            self._aside.drop(instead_of)
        return self._aside.submit(CountRecords(search), tell=ending(tell, self.failed.emit))

    def file_reports(self, wanted: FileReports) -> None:
        """Write what a preset wants; nobody waits for it, but trouble is told."""
        self._aside.submit(wanted, tell=ending(lambda _paths: None, self.failed.emit))

    def hand_over(self, wanted: Exporting | WriteBook, tell: Callable[[Message], None]) -> int:
        """Export inspections, send files, or write a book; returns the number of the job."""
        return self._aside.submit(wanted, tell=tell)

    def stop_handing(self, number: int) -> None:
        """Ask it to stop at its next file or inspection."""
        self._aside.cancel(number)

    def preview(self, wanted: PreviewReport, tell: Callable[[Preview], None]) -> None:
        """Make a report to look at; an older one is given up."""
        if self._previewing is not None:
            self._bridge.drop(self._previewing)
        self._previewing = self._bridge.submit(wanted, tell=ending(tell, self.failed.emit))

    def keep_preview(self, content: bytes, destination: str) -> None:
        """Write a report that was looked at."""
        self._bridge.submit(
            KeepPreview(content, destination),
            tell=ending(lambda path: self.report_written.emit(str(path)), self.failed.emit),
        )

    def open_record(self, number: int) -> None:
        """Open one stored inspection."""
        if self._reopening is not None:
            self._bridge.drop(self._reopening)
        self._reopening = self._bridge.submit(
            OpenRecord(number), tell=ending(self.record_opened.emit, self.failed.emit)
        )

    def recall(self, number: int, tell: Callable[[Inspection], None]) -> None:
        """Fetch one stored inspection; one that cannot be read is not missed."""
        self._bridge.submit(
            OpenRecord(number),
            tell=ending(lambda reopened: tell(reopened.inspection), lambda _problem: None),
        )

    def write(self, inspection: Inspection, wanted: WriteReport) -> None:
        """Write an inspection to a file; one that could not be stored goes along whole."""
        unstored = inspection if inspection.id is None else None
        self._bridge.submit(
            replace(wanted, inspection=unstored),
            tell=ending(lambda path: self.report_written.emit(str(path)), self.failed.emit),
        )


def ending(
    good: Callable[[Any], None],
    bad: Callable[[Problem], None],
    stopped: Callable[[], None] = lambda: None,
) -> Callable[[Message], None]:
    """A listener that only cares how a job ends."""

    def tell(message: Message) -> None:
        match message:
            case Finished(value=value):
                good(value)
            case Failed(problem=problem):
                bad(problem)
            case _ if not hasattr(message, "step"):
                stopped()

    return tell
