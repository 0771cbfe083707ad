"""Reports that a preset wants written without anybody asking for them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from inspector_app import files, paths
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.locator import split
from inspector_app.domain.messages import Steps
from inspector_app.domain.preset import PresetReports
from inspector_app.domain.preset_messages import FileReports
from inspector_app.domain.record_messages import WriteReport
from inspector_app.store.records import Store
from inspector_app.workflow.hiding import masks_of
from inspector_app.workflow.reporting import report, written

FramesOf = Callable[[Inspection], Frame | None]

_NO_STEM = "inspection"


def folder_of(wanted: PresetReports) -> Path:
    """Where a preset's reports go."""
    return Path(wanted.folder).expanduser() if wanted.folder else paths.data() / "reports"


def filed_reports(
    store: Store, request: FileReports, *, frame_of: FramesOf
) -> Steps[tuple[str, ...]]:
    """Write what is wanted about these inspections; the paths of what was written.

    Raises:
        WrongUse: there is no such record or format, or the format holds only one.
        CannotWrite: the folder refuses, or the disk is full; reports written before stay.
    """
    wanted, folder = request.reports, folder_of(request.reports)
    files.make_folder(folder)
    if wanted.after == "batch":
        return (yield from _one_of_all(store, request, folder))
    told: list[str] = []
    for number in request.ids:
        # Files are named after patients; a report called as one would be, too.
        hides = request.hides_patient
        record = store.open(number)
        stem = _NO_STEM if hides else _stem(record.provenance.locator)
        for name in wanted.formats:
            # The record's number tells pictures of one name apart, and a second look.
            place = str(folder / f"{stem}-{number}.{name}")
            each = WriteReport(
                number,
                name,
                place,
                request.language,
                hides_patient=hides,
                masks=masks_of(record, None, known=request.known_masks),
            )
            told.append((yield from written(store, each, frame_of=frame_of)))
    return tuple(told)


def _one_of_all(store: Store, request: FileReports, folder: Path) -> Steps[tuple[str, ...]]:
    """One report in each format about all of them."""
    told = []
    numbers = request.ids
    for name in request.reports.formats:
        span = f"{min(numbers)}-{max(numbers)}" if len(numbers) > 1 else f"{numbers[0]}"
        place = yield from report(
            store,
            numbers,
            name,
            folder / f"inspections-{span}.{name}",
            language=request.language,
            hides_patient=request.hides_patient,
            known_masks=request.known_masks,
        )
        told.append(str(place))
    return tuple(told)


def _stem(locator: str) -> str:
    """A picture's name as a part of a report's name; short, and without what paths forbid."""
    name = Path(split(locator)[0]).stem
    kept = "".join(letter if letter.isalnum() or letter in "-_. " else "-" for letter in name)
    return kept.strip(" .")[:80] or _NO_STEM


def numbers_in(lines: Sequence[dict[str, object]]) -> tuple[int, ...]:
    """The stored inspections that a batch's lines tell of, oldest first."""
    found = (line.get("record") for line in lines)
    return tuple(sorted({number for number in found if isinstance(number, int)}))
