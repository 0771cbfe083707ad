"""What an admin decided for everybody: it stands in the records, where no file can overrule it."""

import contextlib
import sqlite3
from pathlib import Path

from inspector_app.store.deeds import Deed, last_deed
from inspector_app.store.records import FILE


def sign_in_required(folder: Path, *, said: bool) -> bool:
    """Whether everybody has to sign in, as an admin decided last.

    Looking makes no file, and opens no more than it must: this stands before the window.

    Args:
        folder: With the records.
        said: What the settings say. It holds where nothing was ever decided, as long as there
            is an admin who can let anybody in, and where the records cannot be read.
    """
    if not (folder / FILE).is_file():
        return False
    try:
        with contextlib.closing(_connection(folder / FILE)) as connection:
            deed = last_deed(connection, Deed.SWITCHED_ON, Deed.SWITCHED_OFF)
            has_admin = bool(last_deed(connection, Deed.ADDED))
    except sqlite3.Error:
        return said
    return said and has_admin if deed is None else deed is Deed.SWITCHED_ON


def _connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
