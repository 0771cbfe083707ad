"""A check as plain JSON values, and back; as it stands in a preset's file."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from inspector_app.domain.check_kinds import (
    Check,
    Codes,
    Expected,
    Named,
    NumberRange,
    Patterns,
    YesNo,
)

KINDS: Mapping[str, Callable[..., Check]] = MappingProxyType(
    {
        "yes_no": YesNo,
        "expected": Expected,
        "number": NumberRange,
        "codes": Codes,
        "patterns": Patterns,
        "named": Named,
    }
)
"""Every kind of check by its `kind`, in the order in which people are offered them."""


def check_document(check: Check) -> dict[str, Any]:
    """All that it says, by name."""
    said = asdict(check)
    return {name: list(held) if isinstance(held, tuple) else held for name, held in said.items()}


def read_check(said: Mapping[str, Any]) -> Check:
    """The check that `check_document` was given.

    Raises:
        KeyError: no such kind.
        ValueError: it contradicts itself.
    """
    held = {name: tuple(one) if isinstance(one, list) else one for name, one in said.items()}
    return KINDS[str(said["kind"])](**held)
