"""Reports about what is stored: one inspection, a batch, a shift."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector_app import paths, plugins, reports
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.exporting import KnownMasks
from inspector_app.domain.filing import Book, Filed, Letterhead, Standing
from inspector_app.domain.first_reading import reading_document
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.measure import picture_key
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.record_messages import (
    CountRecords,
    RecordLine,
    SearchRecords,
    WriteBook,
    WriteReport,
)
from inspector_app.domain.region import Region
from inspector_app.domain.remarks import remarks
from inspector_app.domain.search import Search
from inspector_app.domain.statistics import SHIFT_STARTS, Figures, figures
from inspector_app.store.records import Store
from inspector_app.tongues import Say, tongue
from inspector_app.workflow.delivering import check_file, write_report
from inspector_app.workflow.hiding import as_told, check_masks_of, masks_of

SITE = "site.json"
"""In the folder `report` of the settings: {"name", "logo", "fields": [[name, words], ...]}."""
_LOGOS = {".png", ".jpg", ".jpeg", ".svg"}
_LARGEST_LOGO = 5 * 2**20
MOST = 100_000
"""So many records fit into one book of rows; formats with pictures get large long before."""


def letterhead(folder: Path | None = None) -> Letterhead:
    """What this site puts on its reports; nothing where it never said so.

    Args:
        folder: Holds `site.json`, the logo and the site's own typst templates; None for the
            folder `report` of the settings.

    Raises:
        WrongUse: the file or the logo cannot be used.
    """
    place = folder or paths.config() / "report"
    templates = place if any(place.glob("*.typ")) else None
    file = place / SITE
    if not file.is_file():
        return Letterhead(templates=templates)
    hint = 'It holds {"name": "...", "logo": "logo.png", "fields": [["Line", "3"]]}.'
    try:
        said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        name, logo = str(said.get("name", "")), str(said.get("logo", ""))
        fields = tuple((str(field), str(words)) for field, words in said.get("fields", []))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise WrongUse(f"{file} cannot be read: {error}.", hint=hint) from error
    content = _logo(place / logo) if logo else b""
    suffix = Path(logo).suffix.lower() if logo else ""
    return Letterhead(name, fields, content, suffix, templates)


def standing_of(store: Store, inspection: Inspection, *, say: Say) -> Standing:
    """What proves a stored inspection, and what people said of it since."""
    if inspection.id is None:
        return Standing()
    source = inspection.provenance
    marks = store.gestures_of(picture_key(source.sha256, source.locator)).history.marks
    return Standing(
        store.seal_of(inspection.id),
        remarks(inspection, marks, say=say),
        reading_document(inspection, marks),
        store.signatures_of(inspection.id),
        marks.judgement_of(inspection.id),
        marks.findings,
    )


def filed(
    store: Store,
    number: int,
    *,
    language: str = "en",
    hides_patient: bool = False,
    masks: tuple[Region, ...] | None = None,
    known_masks: KnownMasks = (),
) -> Filed:
    """A stored inspection as reports and exports take it.

    Raises:
        WrongUse: there is no such record.
        UnreadableRecord: it is damaged.
    """
    inspection = store.open(number)
    standing = standing_of(store, inspection, say=tongue(language))
    masks = masks_of(inspection, masks, known=known_masks)
    inspection, _ = as_told(inspection, None, hides_patient=hides_patient, masks=masks)
    return Filed(inspection, None, standing)


def numbers_of(store: Store, chosen: Sequence[int], search: Search | None) -> tuple[int, ...]:
    """The records that are meant, oldest first.

    Args:
        store: Of the records.
        chosen: By number; empty for those of `search`.
        search: Used where none is chosen by number.

    Raises:
        WrongUse: nothing is meant, or nothing found.
    """
    if chosen and search is not None:
        raise WrongUse("Give numbers of records or a search, not both.", hint="Leave one out.")
    if chosen:
        return tuple(dict.fromkeys(chosen))
    if search is None:
        raise WrongUse(
            "Which inspections?", hint="Give their numbers, or --since, --preset, --text, ..."
        )
    found = tuple(line.id for line in store.search(replace(search, limit=MOST)))
    if not found:
        raise WrongUse("No stored inspection is like that.", hint="Ask for less.")
    return found[::-1]


def book(  # noqa: PLR0913  what a book may need
    store: Store,
    numbers: Sequence[int],
    *,
    language: str = "en",
    title: str = "",
    hides_patient: bool = False,
    masks: tuple[Region, ...] | None = None,
    known_masks: KnownMasks = (),
    starts: Sequence[int] = SHIFT_STARTS,
) -> Book:
    """Many stored inspections as reports take them, opened one at a time.

    Args:
        store: Of the records.
        numbers: At least one.
        language: Of what the program says.
        title: "" for the shift, or the first and last number.
        hides_patient: Leave out the pictures' names and folders, and pictures in which a name
            is likely to be written; in others what looks like writing is painted over.
        masks: Boxes that are painted over instead; None where nobody looked for writing.
        known_masks: Boxes said of single pictures, which are painted over beside those.
        starts: Hours of the day at which shifts begin.
    """
    say = tongue(language)
    wanted = set(numbers)
    rows = [row for number, row in store.judged(Search()) if number in wanted]
    times = sorted(row.created for row in rows) or [""]
    found = figures(rows, starts=starts)
    if not title and len(found.shifts) == 1 and found.shifts[0].name:
        title = say("Shift of {day}").format(day=found.shifts[0].name)
    if not title:
        words = say("Inspections {first} to {last}")
        title = words.format(first=min(numbers), last=max(numbers))

    def opened() -> Iterator[Filed]:
        for number in numbers:
            yield filed(
                store,
                number,
                language=language,
                hides_patient=hides_patient,
                masks=masks,
                known_masks=known_masks,
            )

    return Book(title, times[0], times[-1], len(numbers), opened, found)


def report(  # noqa: PLR0913  what a report may need
    store: Store,
    numbers: Sequence[int],
    format_name: str,
    destination: Path,
    *,
    language: str = "en",
    title: str = "",
    hides_patient: bool = False,
    masks: tuple[Region, ...] | None = None,
    known_masks: KnownMasks = (),
) -> Steps[Path]:
    """Write one stored inspection, or a book of several.

    Raises:
        WrongUse: there is no such record or format, the format holds only one, or a box of
            `masks` lies in none of the pictures.
        CannotWrite: the destination refuses.
        UnreadableRecord: a record is damaged.
    """
    yield Step("open", 0, 2)
    plug_in, paper = plugins.load(reports, format_name), letterhead()
    check_file(destination, source="")
    check_masks_of(store, numbers, masks)
    if len(numbers) == 1 and not title:
        one = filed(
            store,
            numbers[0],
            language=language,
            hides_patient=hides_patient,
            masks=masks,
            known_masks=known_masks,
        )
        check_file(destination, source=one.inspection.provenance.locator)
        yield Step("save", 1, 2)
        plug_in.write(
            one.inspection,
            destination,
            frame=None,
            language=language,
            standing=one.standing,
            letterhead=paper,
        )
        return destination
    if not hasattr(plug_in, "write_book"):
        raise WrongUse(
            f'A report as "{format_name}" is about one inspection.',
            hint="Choose pdf, html, csv or json for several.",
        )
    bound = book(
        store,
        numbers,
        language=language,
        title=title,
        hides_patient=hides_patient,
        masks=masks,
        known_masks=known_masks,
    )
    yield from plug_in.write_book(bound, destination, language=language, letterhead=paper)
    return destination


def searched(store: Store, request: SearchRecords) -> Steps[tuple[RecordLine, ...]]:
    """The stored inspections that are searched for, newest first."""
    yield Step("open", 0, 1)
    return store.search(request.search)


def counted(store: Store, request: CountRecords) -> Steps[Figures]:
    """What the inspections searched for come to."""
    yield Step("open", 0, 1)
    return figures(row for _, row in store.judged(request.search))


def write_book(store: Store, request: WriteBook) -> Steps[str]:
    """Write a report about all inspections that are searched for."""
    numbers = numbers_of(store, (), request.search)
    written = yield from report(
        store,
        numbers,
        request.format,
        Path(request.destination),
        language=request.language,
        # Also a single one is told as what was found, with its figures.
        title="" if len(numbers) > 1 else _one_title(request.language),
        hides_patient=request.hides_patient,
        masks=request.masks,
        known_masks=request.known_masks,
    )
    return str(written)


def written(
    store: Store | None,
    request: WriteReport,
    *,
    frame_of: Callable[[Inspection], Frame | None],
) -> Steps[str]:
    """Write a report about one inspection, stored or not.

    Args:
        store: Of the stored one; None for one that could not be stored.
        request: What is wished for.
        frame_of: The very picture of a record, or None where its file is gone or another now.
    """
    yield Step("open", 0, 2)
    inspection, standing = request.inspection, Standing()
    if store is not None and request.id is not None:
        inspection = store.open(request.id)
        standing = standing_of(store, inspection, say=tongue(request.language))
    if inspection is None:
        raise ValueError("a report needs a stored inspection or one that could not be stored")
    yield Step("save", 1, 2)
    write_report(
        inspection,
        request.format,
        Path(request.destination),
        frame=frame_of(inspection),
        language=request.language,
        hides_patient=request.hides_patient,
        masks=request.masks,
        standing=standing,
        letterhead=letterhead(),
    )
    return request.destination


def _one_title(language: str) -> str:
    return tongue(language)("{count} inspections").format(count=1)


def _logo(file: Path) -> bytes:
    if file.suffix.lower() not in _LOGOS:
        raise WrongUse(f"The logo {file} is no PNG, JPEG or SVG.", hint="Save it as PNG.")
    try:
        if file.stat().st_size > _LARGEST_LOGO:
            raise WrongUse(f"The logo {file} is larger than 5 MB.", hint="Save it smaller.")
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(f"The logo {file} cannot be read.", hint="Check its name.") from error
