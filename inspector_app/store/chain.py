"""Every stored row, sealed into one chain: what was changed behind the program's back shows.

Each entry holds the SHA-256 of what its row says and the hash of the entry before it. A row
that is altered, taken out or put in between no longer fits, and neither does any entry after
it. The hash of the last entry, written down elsewhere (`inspector records verify` prints it),
also proves that nothing was cut off or made anew since.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

ORIGIN = "0" * 64
"""What stands before the first entry."""

CONTENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # The document's hash covers the maps and the pictures as they were given to the model;
        # what is kept of a picture may be a reduced copy.
        "inspections": (
            "SELECT id, created, locator, picture_sha256, question, answer, outcome,"
            " document_sha256 FROM inspections WHERE id = ?",
            "SELECT views.position, sha256, width, height, kept_sha256 FROM views"
            " JOIN pictures ON pictures.id = views.picture WHERE views.inspection = ?"
            " ORDER BY views.position",
        ),
        "calibrations": (
            "SELECT id, created, picture_sha256, mm_x, mm_y, name FROM calibrations WHERE id = ?",
        ),
        "measures": ("SELECT id, created, picture, deed, measures FROM measures WHERE id = ?",),
        "gestures": ("SELECT id, created, picture, verb, content FROM gestures WHERE id = ?",),
        "accounts": (
            "SELECT id, created, operator, name, deed, content FROM accounts WHERE id = ?",
        ),
        "signatures": (
            "SELECT id, created, record, meaning, name, role, document_sha256, state_sha256,"
            " gesture FROM signatures WHERE id = ?",
        ),
    }
)
"""What a row of each sealed table says: queries that take its number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One link.

    Attributes:
        number: From 1, without gaps.
        table: Where the sealed row is.
        row: Its number.
        digest: SHA-256 of what it says.
        before: Hash of the entry before.
        hash: Of this entry.
    """

    number: int
    table: str
    row: int
    digest: str
    before: str
    hash: str

    def expected_hash(self) -> str:
        """What `hash` must be."""
        return _sha256([self.number, self.table, self.row, self.digest, self.before])


def seal(connection: sqlite3.Connection, table: str, row: int) -> None:
    """Add a row that was just written, in the same transaction."""
    last = connection.execute("SELECT number, hash FROM chain ORDER BY number DESC LIMIT 1")
    number, before = last.fetchone() or (0, ORIGIN)
    digest = digest_of(connection, table, row)
    if digest is None:
        raise ValueError(f"there is no row {row} in {table} to seal")
    entry = Entry(number + 1, table, row, digest, before, "")
    connection.execute(
        "INSERT INTO chain (number, row_table, row, digest, before, hash)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (entry.number, table, row, digest, before, entry.expected_hash()),
    )


def seal_all(connection: sqlite3.Connection) -> None:
    """Seal rows of a version of the tables that had no chain, in the order of their numbers."""
    for table in ("inspections", "calibrations"):
        rows = connection.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()
        for (row,) in rows:
            seal(connection, table, row)


def digest_of(connection: sqlite3.Connection, table: str, row: int) -> str | None:
    """SHA-256 of what a row says now, or None where there is no such row."""
    found = [connection.execute(query, (row,)).fetchall() for query in CONTENT[table]]
    return _sha256(found) if found[0] else None


def entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """The chain from its beginning."""
    rows = connection.execute(
        "SELECT number, row_table, row, digest, before, hash FROM chain ORDER BY number"
    )
    return (Entry(*row) for row in rows)


def _sha256(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
