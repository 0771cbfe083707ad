"""Signatures under records: rows are added, never changed, and say for which state they hold."""

import datetime
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.operators import Operator
from inspector_app.domain.signature import Meaning, Signature, state_of
from inspector_app.store.chain import seal
from inspector_app.store.gestures import gestures_after, last_of, recalled
from inspector_app.store.lookup import identity_of, key_of, no_record

_COLUMNS = (
    "id, record, meaning, name, role, created, document_sha256, state_sha256, gesture"
    " FROM signatures"
)


def add_signature(
    connection: sqlite3.Connection, record: int, meaning: Meaning, *, by: Operator
) -> Signature:
    """Sign a record as it stands now, inside a transaction of the caller's.

    Raises:
        WrongUse: there is no such record.
    """
    found = identity_of(connection, record)
    if found is None:
        raise no_record(record)
    document, picture = found
    created = datetime.datetime.now().astimezone().isoformat(timespec="milliseconds")
    state = state_of(recalled(connection, picture).history.marks, record)
    last = last_of(connection, picture)
    cursor = connection.execute(
        "INSERT INTO signatures (created, record, meaning, name, role, document_sha256,"
        " state_sha256, gesture) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (created, record, str(meaning), by.name, str(by.role), document, state, last),
    )
    number = int(cursor.lastrowid or 0)
    seal(connection, "signatures", number)
    role = str(by.role)
    return Signature(number, record, meaning, by.name, role, created, document, state, last)


def signatures_of(connection: sqlite3.Connection, record: int) -> tuple[Signature, ...]:
    """The signatures under a record, oldest first, and whether each holds yet.

    A signature is bound to what was signed (21 CFR 11.70): whatever people say of the record
    afterwards ends it for good. To undo that is one more change, and brings no signature back.

    Raises:
        UnreadableRecord: one of them is damaged.
    """
    rows = connection.execute(
        f"SELECT {_COLUMNS} WHERE record = ? ORDER BY id", (key_of(record),)
    ).fetchall()
    if not rows:
        return ()
    now = identity_of(connection, record)
    first = min(row[8] for row in rows)
    states = [] if now is None else _states(connection, now[1], record, since=first)

    def holds(row: Sequence[Any]) -> bool:
        later = (state for number, state in states if number >= row[8])
        return now is not None and row[6] == now[0] and all(state == row[7] for state in later)

    return tuple(_signature(row, is_current=holds(row)) for row in rows)


def outdating(connection: sqlite3.Connection, picture: str) -> dict[int, tuple[int, ...]]:
    """By number of a gesture on a picture, the signatures that it made ones for an earlier state.

    Raises:
        UnreadableRecord: a gesture is damaged.
    """
    rows = connection.execute(
        f"SELECT {_COLUMNS} WHERE record IN (SELECT id FROM inspections WHERE picture_sha256 = ?)",
        (picture.partition("#")[0],),
    ).fetchall()
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        now = identity_of(connection, row[1])
        if now is None or now[1] != picture:
            continue
        for number, state in _states(connection, picture, row[1], since=row[8]):
            if number >= row[8] and state != row[7]:
                found[number] = (*found.get(number, ()), row[0])
                break
    return found


def signature_trouble(connection: sqlite3.Connection, number: int) -> str:
    """What is wrong with a signature, in one sentence: "" where it was given for what was there."""
    row = connection.execute(f"SELECT {_COLUMNS} WHERE id = ?", (number,)).fetchone()
    one = _signature(row)
    found = identity_of(connection, one.record)
    if found is None or found[0] != one.document_sha256:
        return f"Signature {number} is not for record {one.record} as it is stored."
    marks = recalled(connection, found[1], until=one.gesture).history.marks
    if state_of(marks, one.record) != one.state_sha256:
        return f"Signature {number} is not for what people had said of record {one.record}."
    return ""


def outdated(connection: sqlite3.Connection) -> Iterator[Signature]:
    """Signatures that were given for an earlier state than the one there is now."""
    rows = connection.execute("SELECT DISTINCT record FROM signatures ORDER BY record").fetchall()
    for (record,) in rows:
        yield from (one for one in signatures_of(connection, record) if not one.is_current)


def _states(
    connection: sqlite3.Connection, picture: str, record: int, *, since: int
) -> list[tuple[int, str]]:
    """(number, what people said of the record after it) of every gesture from one on."""
    history = recalled(connection, picture, until=since).history
    found = [(since, state_of(history.marks, record))]
    for number, gesture in gestures_after(connection, picture, since):
        history = history.after(gesture)
        found.append((number, state_of(history.marks, record)))
    return found


def _signature(row: Sequence[Any], *, is_current: bool = True) -> Signature:
    try:
        one = Signature(row[0], row[1], Meaning(row[2]), *row[3:])
    except ValueError as error:
        raise UnreadableRecord(
            f"Signature {row[0]} is damaged in the records.",
            hint="Put a backup of the records in their place.",
        ) from error
    return one if is_current else replace(one, is_current=False)
