"""Inspections in and out of the database, exactly."""

import contextlib
import dataclasses
import datetime
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.document import (
    from_document,
    pixels_sha256,
    to_document,
    to_json,
)
from inspector_app.domain.errors import CannotWrite, DamagedRecords, UnreadableRecord
from inspector_app.domain.filing import Seal
from inspector_app.domain.gesture import Gesture
from inspector_app.domain.history import Kept, Recalled
from inspector_app.domain.inspection import Inspection, ShownView
from inspector_app.domain.measure import picture_key
from inspector_app.domain.operators import Operator
from inspector_app.domain.record_messages import RecordLine
from inspector_app.domain.search import Search
from inspector_app.domain.signature import Meaning, Signature
from inspector_app.domain.statistics import Judged
from inspector_app.imaging.png import encode_png
from inspector_app.store.chain import seal
from inspector_app.store.contents import read_document, read_maps, read_picture, within
from inspector_app.store.database import (
    open_damaged,
    open_database,
    spoken_errors,
    transaction,
)
from inspector_app.store.gestures import add_gesture, recalled
from inspector_app.store.lookup import identity_of, key_of, no_record
from inspector_app.store.search import (
    as_lines,
    is_in_step,
    judged,
    lines,
    rebuild,
    refresh,
)
from inspector_app.store.signing import add_signature, signatures_of
from inspector_app.store.writing import KeptPicture, Prepared, insert

FILE = "records.sqlite"


class Store:
    """The finished inspections of one folder. Any thread may call any method.

    Attributes:
        trouble: What is wrong with a damaged file, of which only is read what can be; else None.
    """

    def __init__(self, folder: Path, *, patience_ms: int = 5000) -> None:
        """Open the records in `folder`, making folder and file where there are none.

        Args:
            folder: Of this user, on a local disk.
            patience_ms: How long to wait for another program that is writing.

        Raises:
            CannotWrite: the folder or file refuses, or another program holds it.
            UnreadableRecord: the file is damaged, newer than this program, or not ours.
        """
        self._path = folder / FILE
        self._turn = threading.Lock()
        self.trouble: DamagedRecords | None = None
        try:
            self._connection = _opened(self._path, patience_ms=patience_ms)
        except DamagedRecords as error:
            readable = open_damaged(self._path)
            if readable is None:
                raise
            self._connection, self.trouble = readable, error
        self._file = _file_of(self._path)

    @property
    def path(self) -> Path:
        """Of the file of records."""
        return self._path

    def save(self, inspection: Inspection) -> Inspection:
        """Keep a finished inspection; when this returns, it survives a loss of power.

        Returns:
            The same inspection with its record number.

        Raises:
            CannotWrite: the disk is full or refuses; nothing of it was kept.
        """
        return self.save_all((inspection,))[0]

    def save_all(self, inspections: Sequence[Inspection]) -> tuple[Inspection, ...]:
        """Keep several finished inspections in one transaction: all of them or none.

        Returns:
            The same inspections with their record numbers.

        Raises:
            CannotWrite: the disk is full or refuses; nothing of them was kept.
        """
        prepared = [self._prepared(one) for one in inspections]
        with self.writing() as connection:
            numbers = [insert(connection, one) for one in prepared]
        return tuple(
            dataclasses.replace(one, id=number)
            for one, number in zip(inspections, numbers, strict=True)
        )

    def _prepared(self, inspection: Inspection) -> Prepared:
        document = to_document(dataclasses.replace(inspection, id=None))
        pictures = [
            self._picture(view, sha256=entry["sha256"])
            for view, entry in zip(inspection.views, document["views"], strict=True)
        ]
        return Prepared(inspection, to_json(document), tuple(pictures))

    def list(self, limit: int = 500) -> tuple[RecordLine, ...]:
        """The stored inspections in one line each, newest first.

        Raises:
            UnreadableRecord: the file is damaged.
        """
        with self.using() as connection:
            rows = connection.execute(
                "SELECT id, created, locator, question, answer, outcome, picture_sha256"
                " FROM inspections ORDER BY id DESC LIMIT ?",
                (min(max(0, limit), 2**31),),
            ).fetchall()
            return as_lines(connection, rows)

    def search(self, search: Search) -> tuple[RecordLine, ...]:
        """The stored inspections that meet all demands, newest first.

        Raises:
            UnreadableRecord: the file is damaged.
            WrongUse: a date cannot be read.
        """
        with self.using() as connection:
            return lines(connection, search)

    def judged(self, search: Search) -> tuple[tuple[int, Judged], ...]:
        """Number and what statistics count of each inspection that meets the demands.

        The newest come last; the limit of the search does not count.

        Raises:
            UnreadableRecord: the file is damaged.
            WrongUse: a date cannot be read.
        """
        with self.using() as connection:
            return tuple(judged(connection, search))

    def picture_of(self, id: int) -> str:
        """Key of the picture of a record (`domain.measure.picture_key`).

        Raises:
            UnreadableRecord: the file is damaged.
            WrongUse: there is no such record.
        """
        with self.using() as connection:
            found = identity_of(connection, id)
        if found is None:
            raise no_record(id)
        return found[1]

    def numbers_of(self, picture: str) -> tuple[int, ...]:
        """The records about a picture, oldest first.

        Raises:
            UnreadableRecord: the file is damaged.
        """
        with self.using() as connection:
            rows = connection.execute(
                "SELECT id, picture_sha256, locator FROM inspections WHERE picture_sha256 = ?"
                " ORDER BY id",
                (picture.partition("#")[0],),
            ).fetchall()
        return tuple(number for number, *source in rows if picture_key(*source) == picture)

    def seal_of(self, id: int) -> Seal | None:
        """What proves a record; None where there is no such record.

        Raises:
            UnreadableRecord: the file is damaged.
        """
        with self.using() as connection:
            row = connection.execute(
                "SELECT document_sha256, number, hash FROM inspections JOIN chain"
                " ON row_table = 'inspections' AND row = inspections.id WHERE inspections.id = ?",
                (key_of(id),),
            ).fetchone()
        return None if row is None else Seal(*row)

    def noted(self, picture_sha256: str, note: str) -> int | None:
        """The last record of a picture that carries this very note, or None.

        Raises:
            UnreadableRecord: the file is damaged.
        """
        with self.using() as connection:
            rows = connection.execute(
                "SELECT id, document FROM inspections WHERE picture_sha256 = ? ORDER BY id DESC",
                (picture_sha256,),
            ).fetchall()
        return next((number for number, text in rows if note in json.loads(text)["notes"]), None)

    def keep_calibration(self, picture_sha256: str, calibration: Calibration | None) -> None:
        """Add what a user said of a picture's scale; None takes back what was said before.

        Raises:
            CannotWrite: the disk is full or refuses.
        """
        across, down = calibration.mm_per_pixel if calibration is not None else (None, None)
        name = calibration.name if calibration is not None else ""
        created = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        with self.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO calibrations (created, picture_sha256, mm_x, mm_y, name)"
                " VALUES (?, ?, ?, ?, ?)",
                (created, picture_sha256, across, down, name),
            )
            seal(connection, "calibrations", int(cursor.lastrowid or 0))

    def keep_gesture(self, picture: str, gesture: Gesture) -> Kept:
        """Add what a person did to a picture (`domain.measure.picture_key`).

        When this returns, it survives a loss of power.

        Raises:
            CannotWrite: the disk is full or refuses; nothing of it was kept.
        """
        with self.writing() as connection:
            kept = add_gesture(connection, picture, gesture)
            refresh(connection, picture, gesture.verb)
        return kept

    def sign(self, id: int, meaning: Meaning, *, by: Operator) -> Signature:
        """Add a signature under a record as it stands now; the caller has checked who signs.

        Raises:
            CannotWrite: the disk is full or refuses; nothing of it was kept.
            WrongUse: there is no such record.
        """
        with self.writing() as connection:
            return add_signature(connection, id, meaning, by=by)

    def signatures_of(self, id: int) -> tuple[Signature, ...]:
        """The signatures under a record, oldest first.

        Raises:
            UnreadableRecord: the file is damaged.
        """
        with self.using() as connection:
            return signatures_of(connection, id)

    def gestures_of(self, picture: str) -> Recalled:
        """What people did to a picture, and what holds after it.

        Raises:
            UnreadableRecord: the file is damaged.
        """
        with self.using() as connection:
            return recalled(connection, picture)

    def calibration_of(self, picture_sha256: str) -> Calibration | None:
        """What was last said of a picture's scale by hand, or None.

        Raises:
            UnreadableRecord: the file is damaged.
        """
        with self.using() as connection:
            row = connection.execute(
                "SELECT mm_x, mm_y, name FROM calibrations WHERE picture_sha256 = ?"
                " ORDER BY id DESC LIMIT 1",
                (picture_sha256,),
            ).fetchone()
        if row is None or row[0] is None:
            return None
        return Calibration((row[0], row[1]), row[2])

    def open(self, id: int) -> Inspection:
        """One stored inspection, as it was saved, with its maps and views.

        Raises:
            WrongUse: there is no such record.
            UnreadableRecord: it is damaged.
        """
        sought = key_of(id)
        with self.using() as connection:
            row = connection.execute(
                "SELECT document, document_sha256 FROM inspections WHERE id = ?", (sought,)
            ).fetchone()
            contents = connection.execute(
                "SELECT content FROM maps WHERE inspection = ? ORDER BY position", (sought,)
            ).fetchall()
            pictures = connection.execute(
                "SELECT views.position, pictures.kept_sha256, pictures.png FROM views"
                " JOIN pictures ON pictures.id = views.picture WHERE views.inspection = ?",
                (sought,),
            ).fetchall()
        if row is None:
            raise no_record(id)
        try:
            document = read_document(row[0], sha256=row[1], number=id)
            kept = {position: read_picture(png, sha256=sha) for position, sha, png in pictures}
            read = from_document(
                document,
                maps=read_maps(document, [content for (content,) in contents]),
                views=[kept.get(position) for position in range(len(document["views"]))],
            )
        except (ValueError, KeyError) as error:
            raise UnreadableRecord(
                f"Record {id} is damaged and cannot be trusted.",
                hint=f"Put a backup in the place of {self._path}.",
            ) from error
        return dataclasses.replace(read, id=id)

    def close(self) -> None:
        """Let go of the file; the store cannot be used afterwards."""
        with self._turn, spoken_errors(self._path):
            self._connection.close()

    @contextlib.contextmanager
    def using(self) -> Iterator[sqlite3.Connection]:
        """The open file, for this room's other parts; one at a time."""
        with self._turn:
            try:
                with spoken_errors(self._path):
                    yield self._connection
            except DamagedRecords as error:
                self.trouble = error
                raise

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The open file for one transaction: all of the block or nothing.

        Raises:
            CannotWrite: the file is damaged, or the disk is full or refuses.
        """
        if self.trouble is not None:
            raise CannotWrite(f"{self.trouble} Nothing is added to it.", hint=self.trouble.hint)
        with self.using() as connection, transaction(connection):
            yield connection

    @property
    def is_current(self) -> bool:
        """Whether the file that is open is the one that has the name; a backup may have it now."""
        return self._file == _file_of(self._path)

    def _picture(self, view: ShownView, *, sha256: str | None) -> KeptPicture | None:
        """What must be kept of a view: compressed outside the transaction, once a picture."""
        if view.pixels is None or sha256 is None:
            return None
        width, height = view.size
        with self.using() as connection:
            known = connection.execute(
                "SELECT id FROM pictures WHERE sha256 = ? AND width = ? AND height = ?",
                (sha256, width, height),
            ).fetchone()
        if known is not None:
            return KeptPicture(sha256, width, height)
        kept = within(view.pixels)
        return KeptPicture(
            sha256, width, height, kept_sha256=pixels_sha256(kept), png=encode_png(kept)
        )


def _opened(path: Path, *, patience_ms: int) -> sqlite3.Connection:
    """The file, with what records are found by in step."""
    connection = open_database(path, patience_ms=patience_ms)
    try:
        with spoken_errors(path):
            if not is_in_step(connection):
                with transaction(connection):
                    rebuild(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _file_of(path: Path) -> tuple[int, int] | None:
    """What the system knows a file by, whatever its name; None where there is none."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
