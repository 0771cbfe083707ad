"""What can be made again, and what was logged: found, and taken away."""

import shutil
from pathlib import Path

from inspector_app import log, paths
from inspector_app.files import refusal


def places() -> dict[str, Path]:
    """Folders by what they hold. Pictures that are looked at are kept in memory alone."""
    return {"exported vision towers": paths.towers(), "log files": paths.logs()}


def files_in(place: Path) -> list[Path]:
    """All files below a folder; none where there is no folder."""
    return [file for file in sorted(place.rglob("*")) if file.is_file()]


def wipe() -> int:
    """Take all of it away; how many files went. Records, settings, presets and models stay.

    The log is closed; whoever goes on working begins a new one.

    Raises:
        CannotWrite: a folder refuses; what was taken away before is gone.
    """
    log.stop_log()
    count = 0
    for place in places().values():
        there = len(files_in(place))
        if place.is_dir():
            try:
                shutil.rmtree(place)
            except OSError as error:
                raise refusal(error, place) from error
        count += there
    return count


def wipe_and_go_on() -> int:
    """The same in a program that stays open: it logs into a new file, whatever came of it."""
    was_logging = log.is_logging()
    try:
        return wipe()
    finally:
        if was_logging:
            log.start_log(paths.logs())
