"""The tables, version by version."""

import sqlite3
from collections.abc import Callable

from inspector_app.store.chain import seal_all
from inspector_app.store.gestures import take_over_measures
from inspector_app.store.search import rebuild

Change = str | Callable[[sqlite3.Connection], None]

APPLICATION_ID = 0x496E7370  # "Insp": says whose file it is to anyone who looks

_FIRST = (
    """
    CREATE TABLE inspections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created TEXT NOT NULL,
        locator TEXT NOT NULL,
        picture_sha256 TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        outcome TEXT NOT NULL,
        document_sha256 TEXT NOT NULL,
        document TEXT NOT NULL
    ) STRICT
    """,
    # `sha256`, `width` and `height` are of what the model was given; `kept_sha256` is of
    # the pixels inside `png`, which are the same unless the picture was too large.
    """
    CREATE TABLE pictures (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        kept_sha256 TEXT NOT NULL,
        png BLOB NOT NULL,
        UNIQUE (sha256, width, height)
    ) STRICT
    """,
    """
    CREATE TABLE views (
        inspection INTEGER NOT NULL REFERENCES inspections (id),
        position INTEGER NOT NULL,
        picture INTEGER NOT NULL REFERENCES pictures (id),
        PRIMARY KEY (inspection, position)
    ) STRICT
    """,
    # Little-endian float32, row by row.
    """
    CREATE TABLE maps (
        inspection INTEGER NOT NULL REFERENCES inspections (id),
        position INTEGER NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (inspection, position)
    ) STRICT
    """,
    "CREATE INDEX inspections_by_picture ON inspections (picture_sha256)",
    *(
        f"""
        CREATE TRIGGER {table}_refuse_{deed.lower()} BEFORE {deed} ON {table}
        BEGIN SELECT RAISE(ABORT, 'records are never changed'); END
        """
        for table in ("inspections", "pictures", "views", "maps")
        for deed in ("UPDATE", "DELETE")
    ),
)

# What users said a pixel of a picture measures; the newest row of a picture holds, and one
# without lengths takes it back.
_SECOND = (
    """
    CREATE TABLE calibrations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created TEXT NOT NULL,
        picture_sha256 TEXT NOT NULL,
        mm_x REAL,
        mm_y REAL,
        name TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX calibrations_by_picture ON calibrations (picture_sha256)",
    *(
        f"""
        CREATE TRIGGER calibrations_refuse_{deed.lower()} BEFORE {deed} ON calibrations
        BEGIN SELECT RAISE(ABORT, 'records are never changed'); END
        """
        for deed in ("UPDATE", "DELETE")
    ),
)

# One entry for each row of the tables that `chain.CONTENT` names; see there.
_THIRD: tuple[Change, ...] = (
    """
    CREATE TABLE chain (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        row_table TEXT NOT NULL,
        row INTEGER NOT NULL,
        digest TEXT NOT NULL,
        before TEXT NOT NULL UNIQUE,
        hash TEXT NOT NULL UNIQUE,
        UNIQUE (row_table, row)
    ) STRICT
    """,
    *(
        f"""
        CREATE TRIGGER chain_refuse_{deed.lower()} BEFORE {deed} ON chain
        BEGIN SELECT RAISE(ABORT, 'records are never changed'); END
        """
        for deed in ("UPDATE", "DELETE")
    ),
    seal_all,
)

# What people did to the measurements of a picture ("set", "undo", "redo"), see `domain.measure`.
_FOURTH: tuple[Change, ...] = (
    """
    CREATE TABLE measures (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created TEXT NOT NULL,
        picture TEXT NOT NULL,
        deed TEXT NOT NULL,
        measures TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX measures_by_picture ON measures (picture)",
    *(
        f"""
        CREATE TRIGGER measures_refuse_{deed.lower()} BEFORE {deed} ON measures
        BEGIN SELECT RAISE(ABORT, 'records are never changed'); END
        """
        for deed in ("UPDATE", "DELETE")
    ),
)

# What people did to a picture, see `domain.gesture`. Measurements are among it now: what the table
# before knows of them is told once more here, and that table is only kept.
_FIFTH: tuple[Change, ...] = (
    """
    CREATE TABLE gestures (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created TEXT NOT NULL,
        picture TEXT NOT NULL,
        verb TEXT NOT NULL,
        content TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX gestures_by_picture ON gestures (picture)",
    *(
        f"""
        CREATE TRIGGER gestures_refuse_{deed.lower()} BEFORE {deed} ON gestures
        BEGIN SELECT RAISE(ABORT, 'records are never changed'); END
        """
        for deed in ("UPDATE", "DELETE")
    ),
    take_over_measures,
)

# What records are found by, made from those that are there; see `search`.
_SIXTH: tuple[Change, ...] = (rebuild,)

# Who may work here, see `accounts`; and who signed which record for what, see `signing`.
_SEVENTH: tuple[Change, ...] = (
    """
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created TEXT NOT NULL,
        operator TEXT NOT NULL,
        name TEXT NOT NULL,
        deed TEXT NOT NULL,
        content TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX accounts_by_name ON accounts (name)",
    # `state_sha256` is of what people had said of the record up to the gesture of that number.
    """
    CREATE TABLE signatures (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created TEXT NOT NULL,
        record INTEGER NOT NULL REFERENCES inspections (id),
        meaning TEXT NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        document_sha256 TEXT NOT NULL,
        state_sha256 TEXT NOT NULL,
        gesture INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX signatures_by_record ON signatures (record)",
    *(
        f"""
        CREATE TRIGGER {table}_refuse_{deed.lower()} BEFORE {deed} ON {table}
        BEGIN SELECT RAISE(ABORT, 'records are never changed'); END
        """
        for table in ("accounts", "signatures")
        for deed in ("UPDATE", "DELETE")
    ),
)

MIGRATIONS: tuple[tuple[Change, ...], ...] = (
    _FIRST,
    _SECOND,
    _THIRD,
    _FOURTH,
    _FIFTH,
    _SIXTH,
    _SEVENTH,
)
"""What leads from version n to n + 1: statements and functions; old records are never changed."""

NEWEST = len(MIGRATIONS)
