"""The chain, line by line, in words: who did what and when."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.gesture_document import gesture_from_json
from inspector_app.domain.search import seconds
from inspector_app.domain.trail import TrailLine, gesture_words, record_of
from inspector_app.store import chain
from inspector_app.store.signing import outdating

_TOLERANCE_S = 120.0
"""An inspection is dated when it ends, and may be stored after what was done meanwhile."""
_Told = tuple[str, str, str, int | None, str, str]
"""(when, who, what, record, picture, details)."""


def trail(connection: sqlite3.Connection) -> Iterator[TrailLine]:
    """Every sealed row from the beginning; a damaged one is told by its table and number."""
    latest = 0.0
    pictures = _Pictures(connection)
    for entry in chain.entries(connection):
        told = _told(connection, entry, pictures)
        created, who, what, record, picture, details = told
        line = TrailLine(entry.number, created, who, what, record, picture, details, entry.hash)
        at = seconds(created) or latest
        yield replace(line, is_set_back=True) if at < latest - _TOLERANCE_S else line
        latest = max(latest, at)


class _Pictures:
    """What is known of pictures by the key that gestures know them by."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, str] = {}
        self._ended: dict[str, dict[int, tuple[int, ...]]] = {}

    def __getitem__(self, key: str) -> str:
        if key not in self._known:
            found = self._connection.execute(
                "SELECT locator FROM inspections WHERE picture_sha256 = ? ORDER BY id LIMIT 1",
                (key.partition("#")[0],),
            ).fetchone()
            self._known[key] = key if found is None else found[0]
        return self._known[key]

    def ended(self, key: str, gesture: int) -> tuple[int, ...]:
        """The signatures that a gesture on this picture made ones for an earlier state."""
        if key not in self._ended:
            try:
                self._ended[key] = outdating(self._connection, key)
            except UnreadableRecord:
                # Told where the damaged row stands.
                self._ended[key] = {}
        return self._ended[key].get(gesture, ())


def _told(connection: sqlite3.Connection, entry: chain.Entry, pictures: _Pictures) -> _Told:
    teller = _TELLERS.get(entry.table)
    try:
        told = None if teller is None else teller(connection, entry.row, pictures)
    except (ValueError, KeyError):
        told = None
    return told or ("", "", "damaged", None, "", f"row {entry.row} of {entry.table}")


def _inspection(connection: sqlite3.Connection, row: int, _pictures: _Pictures) -> _Told | None:
    found = connection.execute(
        "SELECT created, coalesce(operator, ''), locator, question, answer, inspections.outcome"
        " FROM inspections LEFT JOIN found USING (id) WHERE inspections.id = ?",
        (row,),
    ).fetchone()
    if found is None:
        return None
    created, who, locator, question, answer, outcome = found
    details = "; ".join(part for part in (question, answer, outcome) if part)
    return created, who, "inspected", row, locator, details


def _gesture(connection: sqlite3.Connection, row: int, pictures: _Pictures) -> _Told | None:
    found = connection.execute(
        "SELECT created, picture, verb, content FROM gestures WHERE id = ?", (row,)
    ).fetchone()
    if found is None:
        return None
    created, picture, verb, content = found
    gesture = gesture_from_json(verb, content)
    ended = (
        f"signature {one} is for an earlier state since" for one in pictures.ended(picture, row)
    )
    words = "; ".join(part for part in (gesture_words(gesture), *ended) if part)
    return created, gesture.by, verb, record_of(gesture), pictures[picture], words


def _calibration(connection: sqlite3.Connection, row: int, pictures: _Pictures) -> _Told | None:
    found = connection.execute(
        "SELECT created, picture_sha256, mm_x, mm_y FROM calibrations WHERE id = ?", (row,)
    ).fetchone()
    if found is None:
        return None
    created, picture, across, down = found
    words = "taken back" if across is None else f"{across:.6g} x {down:.6g} mm"
    return created, "", "calibrated", None, pictures[picture], words


def _measure(connection: sqlite3.Connection, row: int, pictures: _Pictures) -> _Told | None:
    found = connection.execute(
        "SELECT created, picture, deed FROM measures WHERE id = ?", (row,)
    ).fetchone()
    return found and (found[0], "", "measured", None, pictures[found[1]], found[2])


def _account(connection: sqlite3.Connection, row: int, _pictures: _Pictures) -> _Told | None:
    found = connection.execute(
        "SELECT created, operator, name, deed, content FROM accounts WHERE id = ?", (row,)
    ).fetchone()
    if found is None:
        return None
    created, who, name, deed, content = found
    role = json.loads(content).get("role", "")
    return created, who, f"user {deed}", None, "", f"{name}, {role}" if role else name


def _signature(connection: sqlite3.Connection, row: int, _pictures: _Pictures) -> _Told | None:
    found = connection.execute(
        "SELECT signatures.created, name, meaning, record, coalesce(locator, ''), role,"
        " signatures.document_sha256 FROM signatures LEFT JOIN inspections"
        " ON inspections.id = record WHERE signatures.id = ?",
        (row,),
    ).fetchone()
    if found is None:
        return None
    created, who, meaning, record, locator, role, sha256 = found
    return created, who, f"signed: {meaning}", record, locator, f"{role}; document {sha256}"


_TELLERS: Mapping[str, Callable[[sqlite3.Connection, int, _Pictures], _Told | None]] = (
    MappingProxyType(
        {
            "inspections": _inspection,
            "gestures": _gesture,
            "calibrations": _calibration,
            "measures": _measure,
            "accounts": _account,
            "signatures": _signature,
        }
    )
)
