"""The SQLite file: opened so that a commit is on the disk, and its errors put into words."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from inspector_app.domain.errors import (
    CannotWrite,
    DamagedRecords,
    InspectorError,
    UnreadableRecord,
)
from inspector_app.files import make_folder, refusal
from inspector_app.store.tables import APPLICATION_ID, MIGRATIONS, NEWEST

_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_REFUSED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")


def open_database(path: Path, *, patience_ms: int) -> sqlite3.Connection:
    """Open the file, making or migrating it as needed.

    The connection may be used from any thread, one at a time.

    Raises:
        CannotWrite: the folder or file refuses, or another program holds it.
        UnreadableRecord: the file is damaged, newer than this program, or not ours.
    """
    make_folder(path.parent)
    try:
        # Records can name patients: nobody else on the machine needs to read them.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise refusal(error, path) from error
    with spoken_errors(path):
        connection = sqlite3.connect(
            path, timeout=patience_ms / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            _settle(connection)
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def open_damaged(path: Path) -> sqlite3.Connection | None:
    """Open a damaged file to read what can be read of it; None where that is nothing."""
    for way in ("mode=ro", "mode=ro&immutable=1"):
        with contextlib.suppress(sqlite3.Error):
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{way}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                connection.execute("SELECT id, document FROM inspections LIMIT 1").fetchone()
            except sqlite3.Error:
                connection.close()
                continue
            return connection
    return None


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block or nothing; on the disk when the block is left without an error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk can end the transaction before we do.
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def spoken_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the world into words for the user."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", None)
        if name is None:
            # Raised by the Python module, not by the library: our misuse.
            raise
        raise _in_words(name, path) from error


def _in_words(name: str, path: Path) -> InspectorError:
    if name.startswith(_DAMAGED):
        return DamagedRecords(
            f"The file of records {path} is damaged.",
            hint="Put a backup in its place, or move it away to begin a new one.",
        )
    if name.startswith(_LOCKED):
        return CannotWrite(
            f"Another program holds the file of records {path}.",
            hint="Close it and try again.",
        )
    if name.startswith(_REFUSED):
        return CannotWrite(
            f"The file of records {path} may not be written.",
            hint="Ask for the right to write there, or set INSPECTOR_HOME to another folder.",
        )
    if name.startswith("SQLITE_FULL"):
        return CannotWrite(
            f"There is no room left on the disk for the record in {path}.",
            hint="Free some space and ask again.",
        )
    return CannotWrite(
        f"The disk refused to work on the file of records {path} ({name}).",
        hint="Check the disk, then ask again.",
    )


def _settle(connection: sqlite3.Connection) -> None:
    # Full: a commit that was acknowledged survives a loss of power.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Otherwise REPLACE would delete behind the triggers' back.
    connection.execute("PRAGMA recursive_triggers = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA journal_size_limit = 67108864")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == NEWEST:
        return
    with transaction(connection):
        # Asked again inside: another program may just have done it.
        version = _version(connection)
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version > NEWEST:
            raise UnreadableRecord(
                f"The records in {path} were written by a newer version of this program.",
                hint="Install the newer version, or set INSPECTOR_HOME to another folder.",
            )
        if version == 0 and tables:
            raise UnreadableRecord(
                f"{path} is a database of another program.",
                hint="Move it away, or set INSPECTOR_HOME to another folder.",
            )
        for changes in MIGRATIONS[version:]:
            for change in changes:
                if isinstance(change, str):
                    connection.execute(change)
                else:
                    change(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {NEWEST}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
