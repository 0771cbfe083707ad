"""What people did to pictures: rows are added, never changed."""

import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from inspector_app.domain.errors import NotAllowed, UnreadableRecord
from inspector_app.domain.gesture import Gesture, Verb
from inspector_app.domain.gesture_document import gesture_from_json, gesture_to_json
from inspector_app.domain.history import History, Kept, Recalled
from inspector_app.store.chain import seal
from inspector_app.store.deeds import is_gone

_LAST = 2**62


def add_gesture(connection: sqlite3.Connection, picture: str, gesture: Gesture) -> Kept:
    """Add and seal a gesture, inside a transaction of the caller's.

    Raises:
        NotAllowed: whoever does it was retired while the window stood open.
    """
    if is_gone(connection, gesture.by):
        raise NotAllowed(f"{gesture.by} works here no more.", hint="Let somebody else sign in.")
    before = last_of(connection, picture)
    created = datetime.datetime.now().astimezone().isoformat(timespec="milliseconds")
    number = _insert(connection, created, picture, str(gesture.verb), gesture_to_json(gesture))
    return Kept(number, before)


def recalled(connection: sqlite3.Connection, picture: str, *, until: int | None = None) -> Recalled:
    """All gestures of a picture, done one after the other.

    Args:
        connection: To the records.
        picture: See `domain.measure.picture_key`.
        until: Only as they stood after the gesture of this number.

    Raises:
        UnreadableRecord: one of them is damaged.
    """
    last = _LAST if until is None else until
    history = History.of(gesture for _, gesture in _between(connection, picture, 0, last))
    return Recalled(history, last_of(connection, picture))


def gestures_after(
    connection: sqlite3.Connection, picture: str, number: int
) -> Iterator[tuple[int, Gesture]]:
    """(number, gesture) of all that came after one of them, oldest first.

    Raises:
        UnreadableRecord: one of them is damaged.
    """
    return _between(connection, picture, number, _LAST)


def _between(
    connection: sqlite3.Connection, picture: str, after: int, until: int
) -> Iterator[tuple[int, Gesture]]:
    rows = connection.execute(
        "SELECT id, verb, content FROM gestures WHERE picture = ? AND id > ? AND id <= ?"
        " ORDER BY id",
        (picture, after, until),
    ).fetchall()
    try:
        for number, verb, text in rows:
            yield number, gesture_from_json(verb, text)
    except ValueError as error:
        raise UnreadableRecord(
            "What was drawn and corrected on this picture is damaged in the records.",
            hint="Put a backup of the records in their place.",
        ) from error


def last_of(connection: sqlite3.Connection, picture: str) -> int:
    """Number of the last gesture on a picture; 0 where there is none."""
    (number,) = connection.execute(
        "SELECT coalesce(max(id), 0) FROM gestures WHERE picture = ?", (picture,)
    ).fetchone()
    return int(number)


def read_among(connection: sqlite3.Connection, pictures: Iterable[str]) -> set[str]:
    """Those pictures of which a first reading was ended."""
    rows = connection.execute(
        "SELECT DISTINCT picture FROM gestures"
        " WHERE picture IN (SELECT value FROM json_each(?)) AND verb = ?",
        (json.dumps(list(pictures)), str(Verb.READ)),
    )
    return {picture for (picture,) in rows}


def take_over_measures(connection: sqlite3.Connection) -> None:
    """Tell once more, as gestures, what an older version kept of measurements alone."""
    rows = connection.execute("SELECT created, picture, deed, measures FROM measures ORDER BY id")
    for created, picture, deed, text in rows.fetchall():
        # The older tables wrote the very list that a mark of measurements holds. What is damaged
        # there is carried over as it is, and said to be so when that picture is opened.
        verb = "measured" if deed == "set" else deed
        marks: list[dict[str, Any]] = []
        if deed == "set":
            try:
                marks = [{"is": "measurements", "measures": json.loads(text)}]
            except ValueError:
                marks = [{"is": "measurements", "measures": None}]
        content = json.dumps({"marks": marks, "removed": []}, separators=(",", ":"))
        _insert(connection, created, picture, verb, content)


def _insert(
    connection: sqlite3.Connection, created: str, picture: str, verb: str, content: str
) -> int:
    cursor = connection.execute(
        "INSERT INTO gestures (created, picture, verb, content) VALUES (?, ?, ?, ?)",
        (created, picture, verb, content),
    )
    number = int(cursor.lastrowid or 0)
    seal(connection, "gestures", number)
    return number
