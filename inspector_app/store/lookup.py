"""Records found by their number."""

import sqlite3

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.measure import picture_key


def key_of(number: int) -> int:
    """A record's number as the database can be asked for it.

    SQLite numbers end at 64 bits; 0 is no record.
    """
    return number if 0 < number < 2**63 else 0


def no_record(number: int) -> WrongUse:
    """What is said where there is no such record."""
    return WrongUse(f"There is no record {number}.", hint="Choose one from the list of records.")


def identity_of(connection: sqlite3.Connection, number: int) -> tuple[str, str] | None:
    """SHA-256 of a record's document and key of its picture; None where there is no such record."""
    row = connection.execute(
        "SELECT document_sha256, picture_sha256, locator FROM inspections WHERE id = ?",
        (key_of(number),),
    ).fetchone()
    return None if row is None else (row[0], picture_key(row[1], row[2]))
