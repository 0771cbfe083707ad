"""Put an inspection where it was asked for: maps, pictures, a report, the JSON document."""

import contextlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inspector_app import files, plugins, reports
from inspector_app.domain.answer import Answer
from inspector_app.domain.document import maps_of, to_document, to_json
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.filing import Letterhead, Standing
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.locator import split
from inspector_app.domain.record_messages import WriteReport
from inspector_app.domain.region import Region
from inspector_app.domain.summary import (
    agreement_words,
    crop_words,
    finding_words,
    measured_words,
    time_words,
    trial_words,
    verdict_words,
    window_words,
)
from inspector_app.domain.verdict import Outcome
from inspector_app.domain.wording import NOTICE, inert, percent, tag
from inspector_app.imaging.plate import drawn, picture_of
from inspector_app.imaging.png import encode_png
from inspector_app.workflow.hiding import as_told

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where the parts of an inspection go; None for nowhere.

    Attributes:
        json: File for the document, "-" for stdout (returned, not written).
        maps: Folder for maps.
        views: Folder for the pictures the model was given.
        report: File of a report; its suffix tells the format.
        hides_patient: The report leaves out the picture's name and folder, and what in its
            pixels may name the patient.
    """

    json: str | None = None
    maps: Path | None = None
    views: Path | None = None
    report: Path | None = None
    hides_patient: bool = False

    def check(self, *, source: str) -> None:
        """Find out before the model runs what could not be written after.

        Args:
            source: The picture that will be asked about; nothing may take its place.

        Raises:
            CannotWrite: a folder is missing, or is a file, or a file is a folder or `source`.
            WrongUse: no report has that suffix.
        """
        if self.report is not None:
            report_format(self.report)
        named = None if self.json in {None, STDOUT} else Path(str(self.json))
        for file in (named, self.report):
            if file is not None:
                check_file(file, source=source)
        for folder in (self.maps, self.views):
            if folder is not None:
                files.make_folder(folder)

    def report_of(self, found: Inspection) -> WriteReport | None:
        """What is asked for where a report about this inspection is wished for.

        Raises:
            WrongUse: no report has that suffix.
        """
        if self.report is None:
            return None
        return WriteReport(
            found.id,
            report_format(self.report),
            str(self.report),
            inspection=found if found.id is None else None,
            hides_patient=self.hides_patient,
        )


def deliver(found: Inspection, wishes: Wishes, *, frame: Frame | None) -> str:
    """Write the maps, the pictures and the document that were wished for.

    Args:
        found: The inspection.
        wishes: What goes where.
        frame: Its picture, or None where the file is gone.

    Returns:
        The JSON document, in which the written maps and views are named.

    Raises:
        CannotWrite: the disk is full or a folder refuses; files written before stay.
    """
    map_files = _write_maps(found, wishes.maps, frame=frame) if wishes.maps else []
    view_files = _write_views(found, wishes.views) if wishes.views else []
    text = to_json(to_document(found, map_files=map_files, view_files=view_files))
    if wishes.json not in {None, STDOUT}:
        _write(Path(str(wishes.json)), text.encode(), found=found)
    return text


def write_report(  # noqa: PLR0913  what a report may need
    inspection: Inspection,
    format_name: str,
    destination: Path,
    *,
    frame: Frame | None,
    language: str = "en",
    hides_patient: bool = False,
    masks: Sequence[Region] | None = None,
    standing: Standing = Standing(),  # noqa: B008  frozen
    letterhead: Letterhead = Letterhead(),  # noqa: B008  frozen
) -> None:
    """Write an inspection with one of the formats in `reports/`.

    Args:
        inspection: The record.
        format_name: Of the plug-in.
        destination: Path of the file.
        frame: The picture, or None where its file is gone.
        language: "en" or "zh_CN".
        hides_patient: Leave out the picture's name and folder: they may name the patient; and
            a picture in which a name may be written.
        masks: Boxes of the Frame that are painted over instead; None where nobody looked.
        standing: What proves the record, and what people said of it.
        letterhead: What the site puts on its paper.

    Raises:
        WrongUse: no such format.
        CannotWrite: the destination is a folder or the picture, or cannot be written.
    """
    check_file(destination, source=inspection.provenance.locator)
    inspection, frame = as_told(inspection, frame, hides_patient=hides_patient, masks=masks)
    plugins.load(reports, format_name).write(
        inspection,
        destination,
        frame=frame,
        language=language,
        standing=standing,
        letterhead=letterhead,
    )


def _write(place: Path, content: bytes, *, found: Inspection) -> None:
    check_file(place, source=found.provenance.locator)
    files.write_whole(place, content)


def check_file(destination: Path, *, source: str) -> None:
    """Find out before anything is made what could not be written after.

    Raises:
        CannotWrite: the destination is a folder, or in none, or `source` itself.
    """
    with contextlib.suppress(OSError, ValueError):
        if destination.samefile(split(source)[0]):
            raise CannotWrite(
                f"{destination} is the inspected picture itself, which is never changed.",
                hint="Choose another name or folder.",
            )
    if destination.is_dir():
        raise CannotWrite(
            f"{destination} is a folder.", hint="Give the name of a file in that folder."
        )
    if not destination.absolute().parent.is_dir():
        raise CannotWrite(
            f"There is no folder {destination.absolute().parent}.",
            hint="Make it first, or give another place.",
        )


def report_format(destination: Path) -> str:
    """The format whose suffix a file name has.

    Raises:
        WrongUse: none has; the hint lists them.
    """
    known = {plugins.load(reports, name).SUFFIX: name for name in plugins.names(reports)}
    if destination.suffix.lower() not in known:
        raise WrongUse(
            f'No report is written as "{destination.suffix or destination.name}".',
            hint=f"End the name in one of: {', '.join(sorted(known))}.",
        )
    return known[destination.suffix.lower()]


def verdict_code(found: Inspection) -> int:
    """0 for PASS, 10 for FAIL, 11 for CHECK; a missing verdict is no PASS."""
    codes = {Outcome.PASS: 0, Outcome.FAIL: 10, Outcome.CHECK: 11}
    return codes[Outcome.CHECK if found.verdict is None else found.verdict.outcome]


def answer_lines(found: Inspection) -> list[str]:
    """The inspection in a few lines for a terminal."""
    lines = [f"Whole   {_told(found.whole)}"]
    if found.zoomed is not None:
        lines += [f"Zoomed  {_told(found.zoomed)}", f"        {agreement_words(found)}"]
    lines += [f"Trial   {_told(one.answer)}  {trial_words(one)}" for one in found.trials]
    if found.verdict is not None:
        lines.append(f"Verdict {found.verdict.outcome}: {verdict_words(found.verdict)}")
        lines += [f"Found   {finding_words(one)}" for one in found.verdict.findings]
        lines += [f"Flag    {flag}" for flag in found.verdict.flags if flag != found.verdict.reason]
    for index in range(len(found.regions)):
        lines.append(f"Box {tag(index)}   {crop_words(found, index)}")
    if found.windows:
        lines.append(f"Windows {window_words(found)}")
    if found.provenance.camera:
        lines.append(f"Camera  {found.provenance.camera}, {found.provenance.taken}")
    if found.measures:
        lines.append(f"Measured {measured_words(found)}")
    lines += [f"Note    {note}" for note in found.notes]
    lines.append(f"Model   {found.model.name} on {found.model.device}, {found.model.dtype}")
    lines.append(f"Time    {time_words(found)}")
    if found.id is not None:
        lines.append(f"Record  {found.id}")
    return [inert(line) for line in (*lines, NOTICE)]


def kept_words(found: Inspection) -> str:
    """What is not lost when a file could not be written."""
    kept = "" if found.id is None else f" and is kept as record {found.id}"
    return f'The answer was "{found.answer.text}"{kept}.'


def _told(answer: Answer) -> str:
    known = "" if answer.logprob is None else f"  ({percent(math.exp(min(answer.logprob, 0.0)))})"
    return f'"{answer.text}"{known}'


def _write_maps(found: Inspection, folder: Path, *, frame: Frame | None) -> list[str | None]:
    """Each map as float32 .npy on the token grid, the one used also as a PNG overlay."""
    written: list[str | None] = []
    for entry, values in zip(to_document(found)["maps"], maps_of(found), strict=True):
        layer = "" if entry["layer"] is None else f"-layer{entry['layer']}"
        place = folder / f"map-{entry['method']}{layer}.npy"
        memory = io.BytesIO()
        np.save(memory, values, allow_pickle=False)
        _write(place, memory.getvalue(), found=found)
        written.append(str(place))
    plate = picture_of(found, frame=frame)
    if found.map is not None and plate is not None:
        place = folder / f"map-{found.map.method}.png"
        _write(place, encode_png(drawn(found, plate)), found=found)
    return written


def _write_views(found: Inspection, folder: Path) -> list[str | None]:
    """Each picture exactly as it was given to the network's processor, in order."""
    written: list[str | None] = []
    for index, view in enumerate(found.views):
        place = folder / f"view-{index}.png"
        if view.pixels is not None:
            _write(place, encode_png(view.pixels), found=found)
        written.append(str(place) if view.pixels is not None else None)
    return written
