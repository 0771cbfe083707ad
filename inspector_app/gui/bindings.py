"""Which keys call which action: the usual ones, or those the user chose; never twice."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from inspector_app.gui.action_table import TABLE

BARE = "bare"
"""Not an action but a key that is held: the picture alone."""

_BARE_KEYS = ("Tab", "X")
_BETWEEN = "  "


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things want one key.

    Attributes:
        keys: Which, as text.
        other: The action that has it.
    """

    keys: str
    other: str


def names() -> tuple[str, ...]:
    """Everything that has keys, in the order of the menus."""
    return (*TABLE, BARE)


def usual(name: str) -> tuple[str, ...]:
    """The keys of a new user, as portable text."""
    return _BARE_KEYS if name == BARE else TABLE[name][1]


def bindings(chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The keys of every action.

    Args:
        chosen: Stored text by action where it is not the usual; what is unknown, empty of
            sense or taken already is left out.
    """
    made = {name: usual(name) for name in names() if name not in chosen}
    for name, text in chosen.items():
        if name in TABLE or name == BARE:
            taken = {_canonical(key) for keys in made.values() for key in keys}
            keys = (_canonical(key) for key in text.split(_BETWEEN))
            made[name] = tuple(dict.fromkeys(key for key in keys if key and key not in taken))
    return {name: made[name] for name in names()}


def stored(bound: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """(action, keys as text) of all that differ from the usual."""
    return tuple(
        (name, _BETWEEN.join(keys))
        for name, keys in bound.items()
        if tuple(map(_canonical, keys)) != tuple(map(_canonical, usual(name)))
    )


def clash(bound: Mapping[str, tuple[str, ...]], name: str, keys: tuple[str, ...]) -> Clash | None:
    """Who else has one of these keys, or None where they are free."""
    wanted = {_canonical(key): key for key in keys}
    for other, theirs in bound.items():
        if other != name:
            for key in theirs:
                if _canonical(key) in wanted:
                    return Clash(wanted[_canonical(key)], other)
    return None


def _canonical(key: str) -> str:
    """The same text for the same key, however it was written."""
    return QKeySequence(key.strip()).toString(QKeySequence.SequenceFormat.PortableText)
