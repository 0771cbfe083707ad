"""`inspector caches`: what can be made again, and what was logged, seen and taken away."""

import shutil
from pathlib import Path

import typer
from rich.table import Table

from inspector_app import log, paths
from inspector_app.cli.terminal import add, say, say_table
from inspector_app.files import refusal

caches = typer.Typer(
    help="What can be made again. Pictures that are looked at are kept in memory alone."
)


def _places() -> dict[str, Path]:
    return {"exported vision towers": paths.towers(), "log files": paths.logs()}


@caches.callback(invoke_without_command=True)
def list_caches(context: typer.Context) -> None:
    """List what is kept and can be made again, with its size."""
    if context.invoked_subcommand is not None:
        return
    table = Table("what", "folder", "files", "MB")
    for name, place in _places().items():
        found = _files(place)
        size = sum(file.stat().st_size for file in found) / 1e6
        add(table, name, str(place), str(len(found)), f"{size:.1f}")
    say_table(table)


@caches.command("wipe")
def wipe_caches() -> None:
    """Take all of it away; records, settings, presets and models stay."""
    log.stop_log()
    count = 0
    for place in _places().values():
        count += len(_files(place))
        if place.is_dir():
            try:
                shutil.rmtree(place)
            except OSError as error:
                raise refusal(error, place) from error
    say(f"{count} file{'' if count == 1 else 's'} taken away.")


def _files(place: Path) -> list[Path]:
    return [file for file in sorted(place.rglob("*")) if file.is_file()]
