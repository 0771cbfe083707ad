"""What people did to the measurements of pictures: rows are added, never changed."""

import datetime
import sqlite3

from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.measure import (
    MeasureDeed,
    MeasureHistory,
    measures_from_json,
    measures_to_json,
)
from inspector_app.store.chain import seal


def add_deed(connection: sqlite3.Connection, picture: str, deed: MeasureDeed) -> None:
    """Add and seal a deed, inside a transaction of the caller's."""
    cursor = connection.execute(
        "INSERT INTO measures (created, picture, deed, measures) VALUES (?, ?, ?, ?)",
        (
            datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
            picture,
            deed.deed,
            measures_to_json(deed.measures),
        ),
    )
    seal(connection, "measures", int(cursor.lastrowid or 0))


def history_of(connection: sqlite3.Connection, picture: str) -> MeasureHistory:
    """All deeds of a picture, done one after the other.

    Raises:
        UnreadableRecord: one of them is damaged.
    """
    rows = connection.execute(
        "SELECT deed, measures FROM measures WHERE picture = ? ORDER BY id", (picture,)
    ).fetchall()
    try:
        return MeasureHistory.of(MeasureDeed(deed, measures_from_json(text)) for deed, text in rows)
    except ValueError as error:
        raise UnreadableRecord(
            "The stored measurements of this picture are damaged.",
            hint="Put a backup of the records in their place.",
        ) from error
