"""What is searched: a line for each record, kept in step with it inside the same transaction.

Nothing here is evidence: all of it follows from records and gestures, is not sealed, and is
made anew when it is missing or damaged.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from inspector_app.domain.document import from_document
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.gesture import Marks, Verb
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.measure import picture_key
from inspector_app.domain.record_messages import RecordLine
from inspector_app.domain.search import Found, Search, seconds, short_words, terms
from inspector_app.domain.statistics import Judged
from inspector_app.store.gestures import read_among, recalled

TABLES = (
    # `readings` is a list of [who, outcome] (see `_judged`), `labels` a list of kinds of findings.
    """
    CREATE TABLE found (
        id INTEGER PRIMARY KEY REFERENCES inspections (id),
        at REAL NOT NULL,
        outcome TEXT NOT NULL,
        final TEXT NOT NULL,
        preset TEXT NOT NULL,
        operator TEXT NOT NULL,
        labels TEXT NOT NULL,
        readings TEXT NOT NULL,
        words TEXT NOT NULL,
        short TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX found_at ON found (at)",
    # Three letters each: also finds the middle of words, and Chinese.
    """
    CREATE VIRTUAL TABLE found_words
    USING fts5(words, short, content='found', content_rowid='id', tokenize='trigram')
    """,
)

_GEOMETRY = {
    Verb.DRAWN,
    Verb.MOVED,
    Verb.RESIZED,
    Verb.TURNED,
    Verb.RECOLOURED,
    Verb.LOCKED,
    Verb.UNLOCKED,
    Verb.MEASURED,
}
"""What changes nothing that is searched for."""


def add_found(connection: sqlite3.Connection, inspection: Inspection, *, number: int) -> None:
    """Make a record findable that was just written, in the same transaction."""
    marks = _marks(connection, inspection)
    _insert(connection, number, Found.of(inspection, marks, record=number))


def refresh(connection: sqlite3.Connection, picture: str, verb: Verb) -> None:
    """Make findable what a person just said of a picture, in the same transaction.

    A record of it that cannot be read stays findable as it was: what was said is kept.
    """
    if verb in _GEOMETRY:
        return
    rows = connection.execute(
        "SELECT inspections.id, document FROM inspections JOIN found USING (id)"
        " WHERE picture_sha256 = ?",
        (picture.partition("#")[0],),
    ).fetchall()
    if not rows:
        return
    marks = recalled(connection, picture).history.marks
    for number, text in rows:
        try:
            inspection = from_document(json.loads(text))
        except (ValueError, KeyError):
            continue
        source = inspection.provenance
        if picture_key(source.sha256, source.locator) == picture:
            _remove(connection, number)
            _insert(connection, number, Found.of(inspection, marks, record=number))


def rebuild(connection: sqlite3.Connection) -> None:
    """Make everything anew from the records, inside a transaction of the caller's.

    A record that is damaged is left out: it is named when the records are verified.
    """
    for name in ("found_words", "found"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for statement in TABLES:
        connection.execute(statement)
    numbers = [number for (number,) in connection.execute("SELECT id FROM inspections")]
    for number in numbers:
        (text,) = connection.execute(
            "SELECT document FROM inspections WHERE id = ?", (number,)
        ).fetchone()
        try:
            inspection = from_document(json.loads(text))
        except (ValueError, KeyError):
            continue
        add_found(connection, inspection, number=number)


def is_in_step(connection: sqlite3.Connection) -> bool:
    """Whether the last record can be found."""
    try:
        last = [
            connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
            for table in ("inspections", "found")
        ]
        connection.execute("SELECT 1 FROM found_words LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        return False
    return bool(last[0] == last[1])


def lines(connection: sqlite3.Connection, search: Search) -> tuple[RecordLine, ...]:
    """The records that are searched for, newest first.

    Raises:
        WrongUse: a date cannot be read.
    """
    source, demands, values = _demanded(search)
    rows = connection.execute(
        "SELECT inspections.id, created, locator, question, answer, inspections.outcome,"
        " picture_sha256"
        f" FROM {source} CROSS JOIN inspections ON inspections.id = found.id"
        f" {demands} ORDER BY {_order(search)} DESC LIMIT ?",
        (*values, min(max(0, search.limit), 2**31)),
    ).fetchall()
    return as_lines(connection, rows)


def as_lines(connection: sqlite3.Connection, rows: Sequence[Any]) -> tuple[RecordLine, ...]:
    """Rows of (id, created, locator, question, answer, outcome, hash of the picture's file)."""
    keys = [picture_key(row[6], row[2]) for row in rows]
    read = read_among(connection, dict.fromkeys(keys))
    return tuple(
        replace(RecordLine(*row[:6]), was_read=key in read)
        for row, key in zip(rows, keys, strict=True)
    )


def judged(connection: sqlite3.Connection, search: Search) -> Iterator[tuple[int, Judged]]:
    """Number and what statistics count of each record searched for, whatever its limit.

    Raises:
        WrongUse: a date cannot be read.
    """
    source, demands, values = _demanded(search)
    rows = connection.execute(
        "SELECT found.id, created, found.outcome, labels, preset, readings"
        f" FROM {source} CROSS JOIN inspections ON inspections.id = found.id"
        f" {demands} ORDER BY {_order(search)}",
        values,
    )
    for number, created, outcome, labels, preset, readings in rows:
        # Most records have neither; reading them all must stay quick.
        yield number, _judged(created, outcome, _listed(labels), preset, _listed(readings))


def _judged(
    created: str, outcome: str, labels: list[str], preset: str, readings: list[Any]
) -> Judged:
    # [who, outcome]; a reading before the program's findings were shown has its tally as third.
    said = tuple((one[0], one[1]) for one in readings if one[1])
    first = [one for one in readings if len(one) > 2]
    blind = tuple((one[0], one[1]) for one in first if one[1])
    tally = (first[0][2][0], first[0][2][1], first[0][2][2]) if first else None
    return Judged(created, outcome, tuple(labels), preset, said, blind, tally)


def _written(found: Judged) -> list[list[Any]]:
    """As `_judged` reads it."""
    later = [list(one) for one in found.readings[len(found.blind) :]]
    if found.tally is None:
        return later
    who, what = found.blind[0] if found.blind else ("", "")
    return [[who, what, list(found.tally)], *later]


def _listed(text: str) -> list[Any]:
    found: list[Any] = [] if text == "[]" else json.loads(text)
    return found


def _order(search: Search) -> str:
    return "found_words.rowid" if terms(search.text) else "found.id"


def _demanded(search: Search) -> tuple[str, str, tuple[str | float, ...]]:
    """(tables to read, WHERE clause, its values)."""
    source, demands, values = "found", list[str](), list[str | float]()
    asked = terms(search.text)
    if asked:
        # What has the words is found first; everything else is looked at only there.
        source = "found_words CROSS JOIN found ON found.id = found_words.rowid"
        demands.append("found_words MATCH ?")
        values.append(
            " AND ".join(
                f'{"short" if is_short else "words"} : "{term.replace(chr(34), chr(34) * 2)}"'
                for term, is_short in asked
            )
        )
    for demand, moment in (("at >= ?", search.since), ("at < ?", search.until)):
        if moment:
            demands.append(demand)
            values.append(_moment(moment))
    if search.outcome:
        demands.append("final = ?")
        values.append("" if search.outcome == "none" else search.outcome)
    if search.preset:
        demands.append("substr(preset, 1, ?) = ?")
        values += [len(search.preset), search.preset]
    if search.operator:
        demands.append("operator = ?")
        values.append(search.operator)
    if search.label:
        demands.append("EXISTS (SELECT 1 FROM json_each(labels) WHERE value = ?)")
        values.append(search.label)
    where = f"WHERE {' AND '.join(demands)}" if demands else ""
    return source, where, tuple(values)


def _moment(text: str) -> float:
    found = seconds(text)
    if found is None:
        raise WrongUse(f'"{text}" is no date.', hint="Write it as 2026-03-04 or 2026-03-04T06:00.")
    return found


def _marks(connection: sqlite3.Connection, inspection: Inspection) -> Marks:
    source = inspection.provenance
    return recalled(connection, picture_key(source.sha256, source.locator)).history.marks


def _insert(connection: sqlite3.Connection, number: int, found: Found) -> None:
    short = short_words(found.words)
    connection.execute(
        "INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            found.at,
            found.judged.outcome,
            found.judged.final,
            _storable(found.judged.preset),
            _storable(found.operator),
            json.dumps(found.judged.types),
            json.dumps(_written(found.judged)),
            _storable(found.words),
            _storable(short),
        ),
    )
    connection.execute(
        "INSERT INTO found_words (rowid, words, short) SELECT id, words, short FROM found"
        " WHERE id = ?",
        (number,),
    )


def _remove(connection: sqlite3.Connection, number: int) -> None:
    # The index keeps no texts of its own: it is told which ones to forget.
    connection.execute(
        "INSERT INTO found_words (found_words, rowid, words, short)"
        " SELECT 'delete', id, words, short FROM found WHERE id = ?",
        (number,),
    )
    connection.execute("DELETE FROM found WHERE id = ?", (number,))


def _storable(text: str) -> str:
    """Text that SQLite can hold, whatever bytes a file name is made of."""
    return text.encode("utf-8", "replace").decode("utf-8")
