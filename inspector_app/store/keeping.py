"""Records checked, copied while the program runs, and put back.

The copies are made with SQLite's online backup: the window may go on asking meanwhile, and
what it stores during the copy is in it or not, whole.
"""

import contextlib
import datetime
import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspector_app.domain.errors import (
    CannotWrite,
    DamagedRecords,
    NewerRecord,
    UnreadableRecord,
    WrongUse,
)
from inspector_app.domain.messages import Step, Steps
from inspector_app.files import name_whole, refusal
from inspector_app.store import chain
from inspector_app.store.database import open_database, spoken_errors
from inspector_app.store.records import FILE, Store
from inspector_app.store.signing import outdated, signature_trouble
from inspector_app.store.tables import APPLICATION_ID
from inspector_app.store.trail import trail


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of all records found.

    Attributes:
        entries: Links of the chain that were walked and fit.
        head: Hash of the last of them, to write down elsewhere; `chain.ORIGIN` of an empty
            chain.
        trouble: What is wrong first, in one sentence; "" where everything fits.
        knows: Whether the hash that was asked for is one of the chain's.
        outdated: Numbers of the records that were signed for an earlier state.
        set_back: Entries that are older than what stands before them: the clock was set back.
    """

    entries: int
    head: str
    trouble: str = ""
    knows: bool = True
    outdated: tuple[int, ...] = ()
    set_back: tuple[int, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.trouble


def check(folder: Path, *, expected: str = "") -> Steps[Checked]:
    """Walk the chain from its beginning, and read every record with its maps and pictures.

    Args:
        folder: Of the records.
        expected: A hash that was written down once: it must be in the chain.

    Raises:
        CannotWrite: the file refuses.
        UnreadableRecord: it is no file of records that this program can open.
        WrongUse: there are no records there.
    """
    path = folder / FILE
    if not path.is_file():
        raise WrongUse(f"There are no records in {folder}.", hint="Check the folder.")
    store = Store(folder)
    try:
        with contextlib.closing(open_database(path, patience_ms=5000)) as connection:
            return (yield from _checked(connection, store, expected=expected))
    except sqlite3.DatabaseError as error:
        return Checked(0, chain.ORIGIN, f"The file itself is damaged: {error}.", not expected)
    finally:
        store.close()


def backup(folder: Path, destination: Path) -> None:
    """Copy the records to one new file, whole or not at all, and check the copy.

    Raises:
        CannotWrite: the destination is there already, or refuses, or its disk is full.
        UnreadableRecord: the records are damaged.
        WrongUse: there are none.
    """
    path = folder / FILE
    if not path.is_file():
        raise WrongUse(f"There are no records in {folder}.", hint="Check the folder.")
    if destination.exists():
        raise CannotWrite(
            f"{destination} is there already, and a backup never takes another's place.",
            hint="Choose a new name.",
        )
    beside = destination.with_name(f".{secrets.token_hex(8)}.part")
    try:
        # Records can name patients: nobody else on the machine needs to read them.
        os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise refusal(error, destination) from error
    try:
        with contextlib.closing(open_database(path, patience_ms=5000)) as source:
            _copy(source, beside)
        _check_backup(beside)
        name_whole(beside, destination)
    finally:
        _unlink(beside)


def restore(folder: Path, source: Path) -> Path | None:
    """Put a backup in the place of the records; these are kept beside it.

    A program that has the records open sees the restored ones from its next step on.

    Args:
        folder: Of the records.
        source: A file that `backup` made.

    Returns:
        Where the records lie that were there before; None where there were none.

    Raises:
        UnreadableRecord: `source` is damaged or no backup; nothing was changed.
        CannotWrite: the folder refuses or the disk is full; nothing was changed.
        WrongUse: there is no file `source`.
    """
    if not source.is_file():
        raise WrongUse(f"There is no file {source}.", hint="Check its name.")
    _check_backup(source)
    path, kept, is_copy = folder / FILE, None, False
    if path.exists():
        now = datetime.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        kept = folder / f"records-before-{now}-{secrets.token_hex(2)}.sqlite"
        try:
            backup(folder, kept)
            is_copy = True
        except UnreadableRecord:
            _set_aside(path, kept)
        except CannotWrite:
            _unlink(kept)
            raise
    try:
        target = open_database(path, patience_ms=5000)
        with contextlib.closing(target), _opened_read_only(source) as origin, spoken_errors(path):
            origin.backup(target)
    except BaseException:
        # The records are as they were: their copy would only lie about.
        if kept is not None and is_copy:
            _unlink(kept)
        raise
    # A backup of an older version gets the newer tables, and the settings of a live file.
    open_database(path, patience_ms=5000).close()
    return kept


def _checked(connection: sqlite3.Connection, store: Store, *, expected: str) -> Steps[Checked]:
    # One state of the file, whatever is stored meanwhile.
    connection.execute("BEGIN")
    (total,) = connection.execute("SELECT count(*) FROM chain").fetchone()
    before, count, knows = chain.ORIGIN, 0, not expected
    yield Step("verify", 0, total)
    trouble = _pages_trouble(connection)
    for entry in chain.entries(connection) if not trouble else ():
        trouble = _entry_trouble(connection, entry, before=before, number=count + 1)
        if not trouble and entry.table == "inspections":
            trouble = _record_trouble(store, entry.row)
        if not trouble and entry.table == "signatures":
            trouble = signature_trouble(connection, entry.row)
        if trouble:
            break
        before, count = entry.hash, count + 1
        knows = knows or entry.hash == expected
        yield Step("verify", count, total)
    if not trouble:
        trouble = _end_trouble(connection, count)
    if not trouble and not knows:
        trouble = "The hash that was written down is not in the chain."
    late = () if trouble else dict.fromkeys(one.record for one in outdated(connection))
    back = () if trouble else tuple(line.number for line in trail(connection) if line.is_set_back)
    return Checked(count, before, trouble, knows, tuple(late), back)


def _pages_trouble(connection: sqlite3.Connection) -> str:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if found == "ok" else f"The file itself is damaged: {found}."


def _entry_trouble(
    connection: sqlite3.Connection, entry: chain.Entry, *, before: str, number: int
) -> str:
    named = f"row {entry.row} of {entry.table}"
    if entry.number != number:
        return f"Entry {number} of the chain is missing; {named} follows."
    if entry.before != before or entry.hash != entry.expected_hash():
        return f"Entry {number} of the chain, for {named}, was changed."
    if entry.table not in chain.CONTENT:
        return f"Entry {number} of the chain is for {entry.table}, which is no table of records."
    digest = chain.digest_of(connection, entry.table, entry.row)
    if digest is None:
        return f"Entry {number} of the chain: {named} is missing."
    return "" if digest == entry.digest else f"Entry {number} of the chain: {named} was changed."


def _record_trouble(store: Store, number: int) -> str:
    """Whether document, maps and pictures are those that were saved."""
    try:
        store.open(number)
    except NewerRecord:
        # Nothing is wrong with it: a backup would not help.
        raise
    except UnreadableRecord as error:
        return str(error)
    return ""


def _end_trouble(connection: sqlite3.Connection, count: int) -> str:
    """What the walk along the chain cannot see: rows beside it, and a cut-off end."""
    for table in chain.CONTENT:
        row = connection.execute(
            f"SELECT id FROM {table} WHERE id NOT IN"
            " (SELECT row FROM chain WHERE row_table = ?) ORDER BY id LIMIT 1",
            (table,),
        ).fetchone()
        if row is not None:
            return f"Row {row[0]} of {table} is not in the chain: it was put in from outside."
    given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chain'").fetchone()
    if given is not None and given[0] != count:
        return f"The chain ends at entry {count}, but {given[0]} were written."
    return ""


def _copy(source: sqlite3.Connection, beside: Path) -> None:
    with spoken_errors(beside), contextlib.closing(sqlite3.connect(beside)) as target:
        # In one go: stretch by stretch it would begin anew with each record stored meanwhile.
        source.backup(target)
        # A single file, complete without another beside it.
        target.execute("PRAGMA journal_mode = DELETE")


def _check_backup(path: Path) -> None:
    """Whether a file is a sound copy of records.

    Raises:
        UnreadableRecord: it is not.
    """
    try:
        with _opened_read_only(path) as connection, spoken_errors(path):
            trouble = _pages_trouble(connection)
            (ours,) = connection.execute("PRAGMA application_id").fetchone()
    except DamagedRecords:
        # Not the records themselves: what that error advises would be wrong here.
        trouble, ours = "", None
    if trouble or ours != APPLICATION_ID:
        raise UnreadableRecord(
            f"{path} is no sound backup of records. {trouble}".strip(),
            hint="Take another backup.",
        )


@contextlib.contextmanager
def _opened_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    with spoken_errors(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    with contextlib.closing(connection):
        yield connection


def _set_aside(path: Path, kept: Path) -> None:
    """Move a damaged file away, with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            try:
                part.rename(kept.with_name(kept.name + suffix))
            except OSError as error:
                raise refusal(error, part) from error


def _unlink(beside: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            beside.with_name(beside.name + suffix).unlink(missing_ok=True)
