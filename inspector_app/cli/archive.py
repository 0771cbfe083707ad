"""`inspector records report|search|statistics`: many stored inspections at once."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from inspector_app import files, paths
from inspector_app.cli.access import acting
from inspector_app.cli.terminal import Quiet, add, finish, say, say_table
from inspector_app.domain.document import to_json
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.exporting import masks_from
from inspector_app.domain.operators import Right
from inspector_app.domain.record_messages import RecordLine
from inspector_app.domain.search import Search
from inspector_app.domain.statistics import SHIFT_STARTS, figures
from inspector_app.domain.telling_figures import (
    agreement_row,
    group_row,
    override_rows,
    share_words,
)

LANGUAGES = {"en": "en", "zh": "zh_CN", "zh_CN": "zh_CN"}
OUTCOMES = ("PASS", "FAIL", "CHECK", "none")

if TYPE_CHECKING:
    from inspector_app.store.records import Store

Numbers = Annotated[
    list[str] | None,
    typer.Argument(help="Numbers of records; 12-40 for all of these.", show_default=False),
]
Text = Annotated[str, typer.Option(help="Only with these words.")]
Since = Annotated[str, typer.Option(help="Not older: 2026-03-04 or 2026-03-04T06:00.")]
Until = Annotated[str, typer.Option(help="Older than this moment.")]
Verdict = Annotated[str, typer.Option("--verdict", help="PASS, FAIL, CHECK, or none.")]
OfPreset = Annotated[str, typer.Option("--preset", help="How the preset's name begins.")]
Operator = Annotated[str, typer.Option(help="Who worked with the program.")]
Label = Annotated[str, typer.Option(help="A kind of finding that still stands.")]
Language = Annotated[str, typer.Option(help="en or zh.")]
NoNames = Annotated[
    bool, typer.Option("--no-names", help="Leave out the pictures' names and folders.")
]
NamelessReport = Annotated[
    bool,
    typer.Option(
        "--no-names",
        help="Leave out the pictures' names and folders, and pixels in which a name is likely to "
        "be written; paint over what looks like writing in others, unless --mask says where it is.",
    ),
]
NamelessExport = Annotated[
    bool,
    typer.Option(
        "--no-names",
        help="Leave out the pictures' names and folders, and pixels in which a name is likely to "
        "be written, unless --mask says where.",
    ),
]
Masks = Annotated[
    list[str] | None,
    typer.Option(
        "--mask",
        help="x0,y0,x1,y1: paint this over in each picture; "
        '"none" where you looked and there is no writing.',
        show_default=False,
    ),
]


def search_records(  # noqa: PLR0913, PLR0917  one parameter an option
    text: Annotated[str, typer.Argument(help='Words; "a phrase" in quotes as a whole.')] = "",
    since: Since = "",
    until: Until = "",
    verdict: Verdict = "",
    preset: OfPreset = "",
    operator: Operator = "",
    label: Label = "",
    limit: Annotated[int, typer.Option(help="At most so many, newest first.", min=1)] = 50,
) -> None:
    """Find stored inspections by their words, by what people said of them, by date and verdict."""
    from inspector_app.store.records import Store  # noqa: PLC0415  only here

    wanted = Search(text, since, until, outcome(verdict), preset, operator, label, limit)
    with closing(Store(paths.data())) as store:
        found = store.search(wanted)
    say_lines(found)


def say_lines(lines: Sequence[RecordLine]) -> None:
    """A row for each stored inspection."""
    table = Table("id", "when", "picture", "question", "answer", "verdict")
    for line in lines:
        # In a narrow table folders and seconds would leave no room for what differs.
        when = line.created[:16].replace("T", " ")
        name = Path(line.locator).name or line.locator
        add(table, str(line.id), when, name, line.question, line.answer, line.outcome)
    say_table(table)


def _meant(store: "Store", numbers: list[str] | None, search: Search) -> tuple[int, ...]:
    """The inspections that are named by number, else those searched for."""
    from inspector_app.workflow.reporting import numbers_of  # noqa: PLC0415  reads OpenCV

    return numbers_of(store, numbers_from(numbers or []), search if search != Search() else None)


def report_records(  # noqa: PLR0913, PLR0917  one parameter an option
    out: Annotated[Path, typer.Option("--out", help="The file; its ending tells the format.")],
    numbers: Numbers = None,
    text: Text = "",
    since: Since = "",
    until: Until = "",
    verdict: Verdict = "",
    preset: OfPreset = "",
    operator: Operator = "",
    label: Label = "",
    format_name: Annotated[
        str, typer.Option("--format", help="pdf, html, csv, json or png; else as --out ends.")
    ] = "",
    language: Language = "en",
    title: Annotated[str, typer.Option(help="Of a report about several.")] = "",
    no_names: NamelessReport = False,
    mask: Masks = None,
    quiet: Quiet = False,
) -> None:
    """Write a report about one stored inspection, a batch or a shift."""
    from inspector_app.store.records import Store  # noqa: PLC0415  only here
    from inspector_app.workflow import reporting  # noqa: PLC0415  reads OpenCV
    from inspector_app.workflow.delivering import report_format  # noqa: PLC0415  likewise

    search = Search(text, since, until, outcome(verdict), preset, operator, label)
    spoken = language_named(language)
    chosen = format_name or report_format(out)
    with closing(Store(paths.data())) as store:
        meant = _meant(store, numbers, search)
        steps = reporting.report(
            store,
            meant,
            chosen,
            out,
            language=spoken,
            title=title,
            hides_patient=no_names,
            masks=masks_from(mask or []),
        )
        finish(steps, quiet=quiet)
    say(f"{len(meant)} inspection{'s' if len(meant) > 1 else ''} in {out}.")


def count_records(  # noqa: PLR0913, PLR0917  one parameter an option
    text: Text = "",
    since: Since = "",
    until: Until = "",
    verdict: Verdict = "",
    preset: OfPreset = "",
    operator: Operator = "",
    label: Label = "",
    shifts: Annotated[
        str, typer.Option(help="Hours at which shifts begin, such as 6,14,22.")
    ] = ",".join(map(str, SHIFT_STARTS)),
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures.")] = None,
) -> None:
    """Count verdicts, findings, and how often people said otherwise."""
    from inspector_app.store.records import Store  # noqa: PLC0415  only here

    search = Search(text, since, until, outcome(verdict), preset, operator, label)
    with closing(Store(paths.data())) as store:
        rows = [row for _, row in store.judged(search)]
    try:
        found = figures(rows, starts=[int(hour) for hour in shifts.split(",")])
    except ValueError as error:
        raise WrongUse(f'"{shifts}" are no hours.', hint="Write them as 6,14,22.") from error
    heads = ("inspected", "PASS", "FAIL", "CHECK", "no verdict", "passed")
    for name, groups in (("shift", found.shifts), ("preset", found.presets)):
        table = Table(name, *heads)
        for group in groups:
            add(table, *group_row(group))
        say_table(table)
    say(f"Passed of all judged: {share_words(found.total.passed)}")
    out = [point.name for point in found.chart.points if point.is_out]
    say(f"Failed: {100 * found.chart.center:.1f} %; out of control: {', '.join(out) or 'none'}")
    for row in found.pareto[:20]:
        say(f"{row.count:6}  {row.name}  ({100 * row.cumulative:.0f} % so far)")
    for name, words in override_rows(found):
        say(f"{name}: {words}")
    for one in found.agreements:
        readers, words = agreement_row(one)
        say(f"kappa of {readers}: {words}")
    if json_file is not None:
        files.write_whole(json_file, to_json(asdict(found)).encode("utf-8"))


def export_records(  # noqa: PLR0913, PLR0917  one parameter an option
    out: Annotated[Path, typer.Option("--out", help="A new or empty folder.")],
    format_name: Annotated[str, typer.Option("--format", help="coco, yolo, voc, ...")],
    numbers: Numbers = None,
    text: Text = "",
    since: Since = "",
    until: Until = "",
    verdict: Verdict = "",
    preset: OfPreset = "",
    operator: Operator = "",
    label: Label = "",
    pictures: Annotated[bool, typer.Option(help="Write the pictures, too.")] = True,
    no_names: NamelessExport = False,
    mask: Masks = None,
    quiet: Quiet = False,
) -> None:
    """Write what was found as the files of other programs; what these cannot hold is said."""
    from inspector_app.store.records import Store  # noqa: PLC0415  only here
    from inspector_app.workflow import exchange  # noqa: PLC0415  reads OpenCV

    search = Search(text, since, until, outcome(verdict), preset, operator, label)
    with closing(Store(paths.data())) as store:
        meant = _meant(store, numbers, search)
        steps = exchange.write_export(
            store,
            meant,
            format_name,
            out,
            with_pictures=pictures,
            hides_patient=no_names,
            masks=masks_from(mask or []),
        )
        done = finish(steps, quiet=quiet)
    say(f"{done.pictures} picture{'s' if done.pictures > 1 else ''} in {out}.")
    for words in done.lost:
        say(f"Lost: {words}.")


def import_records(
    place: Annotated[Path, typer.Argument(help="File or folder of the other program.")],
    format_name: Annotated[str, typer.Option("--format", help="coco, yolo, voc, ...")],
    pictures: Annotated[
        Path | None, typer.Option(help="Folder of its pictures; else beside it.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Add what another program found to the pictures; nothing that is there is changed."""
    by = acting(Right.CORRECT)
    from inspector_app.store.records import Store  # noqa: PLC0415  only here
    from inspector_app.workflow import exchange  # noqa: PLC0415  reads OpenCV

    with closing(Store(paths.data())) as store:
        done = finish(
            exchange.read_import(store, place, format_name, pictures=pictures, by=by), quiet=quiet
        )
    say(f"Added {done.things} findings to {done.pictures} pictures; known already: {done.known}.")
    for words in done.left:
        say(f"Left out: {words}.")


def send_records(
    place: Annotated[Path, typer.Argument(help="A DICOM file, or a folder of them.")],
    to: Annotated[str, typer.Option("--to", help="TITLE@host:port, or http(s)://host/dicom-web.")],
    user: Annotated[
        str, typer.Option(help="Name for an archive on the web; its password is asked for.")
    ] = "",
    certificate: Annotated[
        Path | None, typer.Option(help="PEM file with your site's certificates, for https.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Send exported DICOM files to an archive (C-STORE, or DICOMweb STOW-RS)."""
    from inspector_app.workflow import sending  # noqa: PLC0415  only here

    found = sending.dicom_files(place)
    sending.archive_of(to, user=user, certificate=certificate)
    password = typer.prompt("Password", hide_input=True, err=True) if user else ""
    archive = sending.archive_of(to, user=user, password=password, certificate=certificate)
    count = finish(sending.send(found, archive), quiet=quiet)
    say(f"The archive {to} has stored {count} file{'s' if count > 1 else ''}.")


def numbers_from(texts: list[str]) -> tuple[int, ...]:
    """Numbers and spans of numbers, as typed.

    Raises:
        WrongUse: one of them is neither.
    """
    found: list[int] = []
    for text in texts:
        first, dash, last = text.partition("-")
        try:
            low, high = int(first), int(last if dash else first)
        except ValueError:
            low, high = 1, 0
        if not 0 < low <= high < 2**63 or high - low >= 1_000_000:
            raise WrongUse(f'"{text}" is no number of a record.', hint="Write 12, or 12-40.")
        found += range(low, high + 1)
    return tuple(found)


def outcome(typed: str) -> str:
    """A verdict as it was typed.

    Raises:
        WrongUse: there is no such verdict.
    """
    known = {name.lower(): name for name in OUTCOMES}
    if typed and typed.lower() not in known:
        raise WrongUse(f'There is no verdict "{typed}".', hint=f"One of: {', '.join(OUTCOMES)}.")
    return known.get(typed.lower(), "")


def language_named(typed: str) -> str:
    """A language as it was typed.

    Raises:
        WrongUse: no report is written in it.
    """
    if typed not in LANGUAGES:
        raise WrongUse(f'No report is written in "{typed}".', hint="Choose en or zh.")
    return LANGUAGES[typed]
