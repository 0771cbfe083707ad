"""The trail as a file: for spreadsheets, or for programs."""

import csv
import dataclasses
import io
import json
from collections.abc import Iterable
from pathlib import Path

from inspector_app import __version__
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.search import seconds
from inspector_app.domain.trail import PURPOSE, TrailLine
from inspector_app.files import write_whole
from inspector_app.reports.csv import safe
from inspector_app.store.records import Store
from inspector_app.store.trail import trail

COLUMNS = (
    "entry",
    "when",
    "who",
    "what",
    "record",
    "picture",
    "details",
    "clock set back",
    "entry sha256",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the trail.

    Attributes:
        since: ISO 8601, included; "" for all.
        until: ISO 8601, not included; "" for all.
        who: By whom; "" for anybody.
    """

    since: str = ""
    until: str = ""
    who: str = ""

    def takes(self, line: TrailLine) -> bool:
        """Whether a line is wanted."""
        at = seconds(line.created) or 0.0
        return (
            (not self.since or at >= _moment(self.since))
            and (not self.until or at < _moment(self.until))
            and (not self.who or line.who == self.who)
        )


def lines(
    store: Store, wanted: Wanted | None = None, *, hides_patient: bool = False
) -> tuple[TrailLine, ...]:
    """The lines that are wanted, oldest first.

    Raises:
        WrongUse: a date cannot be read.
        UnreadableRecord: the records are damaged.
    """
    asked = wanted or Wanted()
    with store.using() as connection:
        found = tuple(line for line in trail(connection) if asked.takes(line))
    if hides_patient:
        return tuple(dataclasses.replace(line, picture="") for line in found)
    return found


def write_trail(found: Iterable[TrailLine], destination: Path, *, ending: str = "") -> None:
    """Write a trail beside its destination and rename it.

    Args:
        found: Its lines.
        destination: The file.
        ending: ".csv" or ".json"; "" for that of the file.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
        WrongUse: the name ends neither in .csv nor in .json.
    """
    kinds = {".csv": _csv, ".json": _json}
    kind = kinds.get(ending or destination.suffix.lower())
    if kind is None:
        raise WrongUse(
            f"{destination.name} tells no format of a trail.", hint="End it in .csv or .json."
        )
    write_whole(destination, kind(found))


def _csv(found: Iterable[TrailLine]) -> bytes:
    written = io.StringIO()
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for line in found:
        cells = (
            str(line.number),
            line.created,
            line.who,
            line.what,
            "" if line.record is None else str(line.record),
            line.picture,
            line.details,
            "yes" if line.is_set_back else "",
            line.sha256,
        )
        rows.writerow([safe(cell) for cell in cells])
    rows.writerow([safe(PURPOSE)])
    return written.getvalue().encode("utf-8-sig", "replace")


def _json(found: Iterable[TrailLine]) -> bytes:
    whole = {
        "program": f"Inspector {__version__}",
        "purpose": PURPOSE,
        "entries": [dataclasses.asdict(line) for line in found],
    }
    return json.dumps(whole, indent=1, ensure_ascii=True).encode("ascii")


def _moment(text: str) -> float:
    found = seconds(text)
    if found is None:
        raise WrongUse(f'"{text}" is no date.', hint="Write it as 2026-03-04 or 2026-03-04T06:00.")
    return found
