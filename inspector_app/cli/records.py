"""`inspector records`: list, show, check, repeat, copy and put back what is stored."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from inspector_app import paths
from inspector_app.cli.access import As, acting, credentials
from inspector_app.cli.archive import (
    NoNames,
    Operator,
    Since,
    Until,
    count_records,
    export_records,
    import_records,
    report_records,
    say_lines,
    search_records,
    send_records,
)
from inspector_app.cli.terminal import ModelName, Quiet, add, finish, say, say_table, warn
from inspector_app.domain.errors import ModelTrouble, UnreadableRecord, WrongUse
from inspector_app.domain.operators import Right

records = typer.Typer(help="The stored inspections.", invoke_without_command=True)
records.command("search")(search_records)
records.command("report")(report_records)
records.command("statistics")(count_records)
records.command("export")(export_records)
records.command("import")(import_records)
records.command("send")(send_records)

Number = Annotated[int, typer.Argument(help="Number of the record.", show_default=False)]
Limit = Annotated[int, typer.Option(help="At most so many, newest first.", min=1)]


@records.callback()
def top(context: typer.Context, limit: Limit = 50) -> None:
    """List the stored inspections, newest first, or do one of the commands."""
    if context.invoked_subcommand is None:
        list_records(limit)


@records.command("list")
def list_records(limit: Limit = 50) -> None:
    """List the stored inspections, newest first."""
    from inspector_app.store.records import Store  # noqa: PLC0415  only here

    with closing(Store(paths.data())) as store:
        found = store.list(limit)
    say_lines(found)


@records.command()
def show(
    number: Number,
    as_json: Annotated[bool, typer.Option("--json", help="The whole document.")] = False,
) -> None:
    """Tell what a record says, and what people said of it since."""
    from inspector_app.domain.document import to_document, to_json  # noqa: PLC0415  only here
    from inspector_app.domain.measure import picture_key  # noqa: PLC0415  only here
    from inspector_app.domain.remarks import remarks  # noqa: PLC0415  only here
    from inspector_app.domain.signature import signature_words  # noqa: PLC0415  only here
    from inspector_app.store.records import Store  # noqa: PLC0415  only here
    from inspector_app.workflow.delivering import answer_lines  # noqa: PLC0415  reads OpenCV

    with closing(Store(paths.data())) as store:
        found = store.open(number)
        source = found.provenance
        marks = store.gestures_of(picture_key(source.sha256, source.locator)).history.marks
        signed = store.signatures_of(number)
    if as_json:
        say(to_json(to_document(found)))
        return
    since = [f"Since   {remark}" for remark in remarks(found, marks)]
    picture = f"Picture {source.locator}"
    under = [f"Signed  {signature_words(one)}" for one in signed]
    say("\n".join([picture, f"Asked   {found.question}", *answer_lines(found), *since, *under]))


@records.command()
def verify(
    expected: Annotated[
        str, typer.Option("--expect", help="A hash that an earlier check printed.")
    ] = "",
    quiet: Quiet = False,
) -> None:
    """Check that no record was changed, taken out or put in behind the program's back."""
    from inspector_app.store import keeping  # noqa: PLC0415  only here

    found = finish(keeping.check(paths.data(), expected=expected), quiet=quiet)
    if not found.is_sound:
        raise UnreadableRecord(
            found.trouble,
            hint=f"Sound before it: {found.entries}. "
            "A backup is put back with: inspector records restore FILE.",
        )
    for number in found.outdated:
        warn(f"Record {number} was signed for an earlier state.")
    for number in found.set_back:
        warn(f"The clock was set back before entry {number}.")
    say(f"All sound: {found.entries}. Write this hash down to compare with later:")
    say(found.head)


@records.command()
def sign(
    number: Number,
    meaning: Annotated[str, typer.Option(help="reviewed or approved.")],
    as_name: As = "",
) -> None:
    """Sign a record as it stands now, with name and password; it helps meet 21 CFR Part 11."""
    from inspector_app.domain.access import SignRecord  # noqa: PLC0415  only here
    from inspector_app.domain.signature import Meaning, signature_words  # noqa: PLC0415  only here
    from inspector_app.store.records import Store  # noqa: PLC0415  only here
    from inspector_app.workflow import accounts  # noqa: PLC0415  only here

    if meaning not in list(Meaning):
        raise WrongUse(f'"{meaning}" is no meaning.', hint="Choose reviewed or approved.")
    with closing(Store(paths.data())) as store:
        wish = SignRecord(number, Meaning(meaning), *credentials(as_name))
        for one in accounts.sign(store, wish):
            say(f"Record {number}: {signature_words(one)}")


@records.command()
def trail(
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write a table.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write a document.")] = None,
    since: Since = "",
    until: Until = "",
    operator: Operator = "",
    no_names: NoNames = False,
) -> None:
    """Who did what and when: everything that was ever stored, in its order."""
    from inspector_app.store.records import Store  # noqa: PLC0415  only here
    from inspector_app.workflow import trails  # noqa: PLC0415  only here

    with closing(Store(paths.data())) as store:
        wanted = trails.Wanted(since, until, operator)
        found = trails.lines(store, wanted, hides_patient=no_names)
    for place, ending in ((csv_file, ".csv"), (json_file, ".json")):
        if place is not None:
            trails.write_trail(found, place, ending=ending)
            say(f"{len(found)} entries in {place}.")
    if csv_file is None and json_file is None:
        table = Table("entry", "when", "who", "what", "record", "details")
        for line in found:
            record = "" if line.record is None else str(line.record)
            add(table, str(line.number), line.created, line.who, line.what, record, line.details)
        say_table(table)


@records.command()
def replay(
    number: Number,
    model: ModelName = "",
    pictures: Annotated[
        list[Path] | None,
        typer.Option(
            help="Look here, too, for a picture that is not in its place.", show_default=False
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make an inspection again with the same picture and model, and compare.

    A picture that was moved is looked for by its content, around its old place.
    """
    from inspector_app.workflow.decoder import Decoder  # noqa: PLC0415  only here

    with Decoder(most=1) as decoder:
        decoder.start()
        from inspector_app.workflow import replaying  # noqa: PLC0415  reads torch
        from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  reads torch

        workbench = Workbench(pictures=decoder)
        try:
            steps = replaying.replay(workbench, number, model=model, folders=pictures or ())
            found = finish(steps, quiet=quiet)
        finally:
            workbench.close()
    if found.moved_to:
        warn(f"The picture of record {number} is now {found.moved_to}.")
    if found.differences:
        raise ModelTrouble(
            f"Record {number} does not come out the same: {'; '.join(found.differences)}.",
            hint="The record itself is unchanged.",
        )
    say(f'Record {number} comes out the same: "{found.again.answer.text}".')


@records.command()
def backup(
    destination: Annotated[Path, typer.Argument(help="A new file.", show_default=False)],
) -> None:
    """Copy all records to a new file, also while the window is open."""
    from inspector_app.store import keeping  # noqa: PLC0415  only here

    keeping.backup(paths.data(), destination)
    say(f"The records are copied to {destination}. Pictures stay where they are.")


@records.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A backup.", show_default=False)],
) -> None:
    """Put a backup in the place of the records; these are kept beside it."""
    from inspector_app.store import keeping  # noqa: PLC0415  only here

    acting(Right.USERS)
    kept = keeping.restore(paths.data(), source)
    say(f"The records are those of {source}.")
    if kept is not None:
        say(f"The ones before are kept in {kept}.")
