"""Who works with the program, and who may do what."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

LONGEST_NAME = 60
"""Characters of an operator's name."""
TRIES = 5
"""So many wrong passwords, one after the other, lock an account."""
LOCKED_S = 15 * 60
"""Seconds for which it is locked."""


class Role(StrEnum):
    """What a person is at this site; each may do what those before it may."""

    OPERATOR = "operator"
    TECHNICIAN = "technician"
    ENGINEER = "engineer"
    ADMIN = "admin"


class Right(StrEnum):
    """What needs a right."""

    INSPECT = "inspect"
    CORRECT = "correct verdicts and findings"
    REVIEW = "sign as reviewed"
    SETTINGS = "change settings"
    APPROVE = "sign as approved"
    PRESETS = "change presets"
    USERS = "look after users"


_OPERATOR = frozenset({Right.INSPECT, Right.CORRECT})
_TECHNICIAN = _OPERATOR | {Right.REVIEW, Right.SETTINGS}
_ENGINEER = _TECHNICIAN | {Right.APPROVE, Right.PRESETS}

RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.OPERATOR: _OPERATOR,
        Role.TECHNICIAN: _TECHNICIAN,
        Role.ENGINEER: _ENGINEER,
        Role.ADMIN: frozenset(Right),
    }
)
"""Who may do what; the window and the command line both ask this table."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A person with an account.

    Attributes:
        name: As it stands in every record.
        role: What the person is here.
        is_retired: Gone; the name stays taken, so that it never means somebody else.
        is_locked: Shut out for a while after wrong passwords.
        seen: ISO 8601 of the last time the person signed in; "" for never.
    """

    name: str
    role: Role
    is_retired: bool = False
    is_locked: bool = False
    seen: str = ""

    def may(self, right: Right) -> bool:
        """Whether this person may do something."""
        return not self.is_retired and right in RIGHTS[self.role]


def first_with(right: Right) -> Role:
    """The lowest role that may do something."""
    return next(role for role in Role if right in RIGHTS[role])


def shortest(role: Role) -> int:
    """Fewest characters of a password: whoever looks after users needs more than a PIN."""
    return 8 if role is Role.ADMIN else 4


def clean_name(typed: str) -> str:
    """A name as it is stored.

    Raises:
        ValueError: it is empty, too long, or holds what cannot be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"A name has 1 to {LONGEST_NAME} letters.")
    if name.casefold() in {"program", "person"}:
        raise ValueError(f'"{name}" means somebody else in the statistics.')
    if any(unicodedata.category(letter)[0] == "C" for letter in name):
        raise ValueError("A name holds no letters that cannot be seen.")
    return name


def name_from(known: str) -> str:
    """What the system calls a person, as a name; "" where it is none."""
    try:
        return clean_name(known[:LONGEST_NAME])
    except ValueError:
        return ""
