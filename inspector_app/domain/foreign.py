"""Reading what others wrote: every kind of nonsense is a ValueError, and nothing else is."""

import json
from typing import Any


def parsed_json(content: str | bytes) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: it is none, in no encoding of JSON, or nested deeper than can be read.
    """
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def whole_number(value: Any, *, least: int | None = None) -> int:
    """A whole number, however it was written: 5, 5.0 or "5".

    Args:
        value: Anything.
        least: The smallest that makes sense; None allows any.

    Raises:
        ValueError: it is none, infinite, or too small.
    """
    try:
        number = int(value)
    except (TypeError, OverflowError) as error:
        raise ValueError("no whole number") from error
    if isinstance(value, bool) or (isinstance(value, float) and number != value):
        raise ValueError("no whole number")
    if least is not None and number < least:
        raise ValueError(f"less than {least}")
    return number
