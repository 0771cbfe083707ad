"""Writing a record: all its rows, inside a transaction of the caller's."""

import dataclasses
import hashlib
import sqlite3

import numpy as np

from inspector_app.domain.document import maps_of
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.wording import inert
from inspector_app.store.chain import seal
from inspector_app.store.search import add_found

LINE = 300


@dataclasses.dataclass(frozen=True, slots=True)
class KeptPicture:
    """A row of `pictures`; without `png` where it is already there."""

    sha256: str
    width: int
    height: int
    kept_sha256: str = ""
    png: bytes | None = None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """An inspection with what must be written of it, made outside the transaction."""

    inspection: Inspection
    text: str
    pictures: tuple[KeptPicture | None, ...]


def insert(connection: sqlite3.Connection, one: Prepared) -> int:
    """All rows of a record, sealed; its number."""
    number = _insert_inspection(connection, one.inspection, one.text)
    for position, values in enumerate(maps_of(one.inspection)):
        content = np.ascontiguousarray(values, dtype="<f4").tobytes()
        connection.execute("INSERT INTO maps VALUES (?, ?, ?)", (number, position, content))
    for position, picture in enumerate(one.pictures):
        if picture is not None:
            connection.execute(
                "INSERT INTO views VALUES (?, ?, ?)",
                (number, position, _insert_picture(connection, picture)),
            )
    add_found(connection, one.inspection, number=number)
    seal(connection, "inspections", number)
    return number


def _insert_inspection(connection: sqlite3.Connection, inspection: Inspection, text: str) -> int:
    verdict = inspection.verdict
    cursor = connection.execute(
        "INSERT INTO inspections (created, locator, picture_sha256, question, answer, outcome,"
        " document_sha256, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            inspection.created,
            storable(inspection.provenance.locator),
            inspection.provenance.sha256,
            storable(inert(inspection.question, limit=LINE)),
            storable(inert(inspection.answer.text, limit=LINE)),
            "" if verdict is None else verdict.outcome.value,
            hashlib.sha256(text.encode("utf-8")).hexdigest(),
            text,
        ),
    )
    return int(cursor.lastrowid or 0)


def _insert_picture(connection: sqlite3.Connection, picture: KeptPicture) -> int:
    key = (picture.sha256, picture.width, picture.height)
    if picture.png is not None:
        connection.execute(
            "INSERT OR IGNORE INTO pictures (sha256, width, height, kept_sha256, png)"
            " VALUES (?, ?, ?, ?, ?)",
            (*key, picture.kept_sha256, picture.png),
        )
    (number,) = connection.execute(
        "SELECT id FROM pictures WHERE sha256 = ? AND width = ? AND height = ?", key
    ).fetchone()
    return int(number)


def storable(text: str) -> str:
    """Text that SQLite can hold: a file name's undecodable bytes become visible escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
