"""What happens to accounts, and what follows from it for what people do."""

import sqlite3
from enum import StrEnum


class Deed(StrEnum):
    """What happened to an account."""

    ADDED = "added"
    ROLE = "role"
    PASSWORD = "password"
    RETIRED = "retired"
    RETURNED = "returned"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    REFUSED = "refused"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    CONFIRMED = "confirmed"
    SWITCHED_ON = "sign-in required"
    SWITCHED_OFF = "sign-in not required"


def last_deed(connection: sqlite3.Connection, *deeds: Deed, name: str | None = None) -> Deed | None:
    """Which of these happened last, to one account or to any; None where none did."""
    marks = ", ".join("?" * len(deeds))
    whose = "" if name is None else " AND name = ?"
    found = connection.execute(
        f"SELECT deed FROM accounts WHERE deed IN ({marks}){whose} ORDER BY id DESC LIMIT 1",
        [*map(str, deeds), *(() if name is None else (name,))],
    ).fetchone()
    return None if found is None else Deed(found[0])


def is_gone(connection: sqlite3.Connection, name: str) -> bool:
    """Whether everybody has to sign in, and this person was retired meanwhile."""
    if (
        not name
        or last_deed(connection, Deed.RETIRED, Deed.RETURNED, name=name) is not Deed.RETIRED
    ):
        return False
    return last_deed(connection, Deed.SWITCHED_ON, Deed.SWITCHED_OFF) is Deed.SWITCHED_ON
