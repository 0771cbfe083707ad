"""`inspector caches`: what can be made again, and what was logged, seen and taken away."""

import typer
from rich.table import Table

from inspector_app.cli.terminal import add, say, say_table
from inspector_app.workflow.caches import files_in, places, wipe

caches = typer.Typer(
    help="What can be made again. Pictures that are looked at are kept in memory alone."
)


@caches.callback(invoke_without_command=True)
def list_caches(context: typer.Context) -> None:
    """List what is kept and can be made again, with its size."""
    if context.invoked_subcommand is not None:
        return
    table = Table("what", "folder", "files", "MB")
    for name, place in places().items():
        found = files_in(place)
        size = sum(file.stat().st_size for file in found) / 1e6
        add(table, name, str(place), str(len(found)), f"{size:.1f}")
    say_table(table)


@caches.command("wipe")
def wipe_caches() -> None:
    """Take all of it away; records, settings, presets and models stay."""
    count = wipe()
    say(f"{count} file{'' if count == 1 else 's'} taken away.")
