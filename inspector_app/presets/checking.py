"""What is wrong with a preset, place by place, and what differs between two."""

import json
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from inspector_app.domain.check_kinds import Check
from inspector_app.domain.preset_document import Change, Fault
from inspector_app.presets.schema import PresetFile
from inspector_app.presets.versions import brought_up

_NOTHING = '""'
_KINDS = frozenset(kind.__name__ for kind in get_args(Check))
"""What pydantic calls the kinds of checks, of which an entry may be any."""


def faults(document: Any) -> tuple[Fault, ...]:
    """What is wrong with what would stand in a file; nothing where it may be kept."""
    try:
        PresetFile.model_validate(brought_up(document))
    except ValidationError as error:
        return told_faults(error)
    except ValueError as error:
        return (Fault("", str(error)),)
    return ()


def told_faults(error: ValidationError) -> tuple[Fault, ...]:
    """The faults that pydantic found, in the words of this program."""
    found = error.errors()
    # A check fits none of its kinds: only what keeps it from its own kind is of interest.
    others = {
        _kind_place(one["loc"])
        for one in found
        if one["type"] == "literal_error" and one["loc"][-1] == "kind"
    }
    meant = {_kind_place(one["loc"]) for one in found} - others
    listed = {place[:-1] for place in meant if place}
    return tuple(
        dict.fromkeys(
            Fault(_place((*place[:-1], "kind")), "there is no such kind of check")
            if (place := _kind_place(one["loc"])) and place[:-1] not in listed
            else Fault(_place(one["loc"]), _words(one))
            for one in found
            if not (place := _kind_place(one["loc"])) or place in meant or place[:-1] not in listed
        )
    )


def _kind_place(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The way to a kind of check, with its class; empty where the way leads through none."""
    return next((loc[: at + 1] for at, part in enumerate(loc) if part in _KINDS), ())


def entries(content: PresetFile) -> tuple[tuple[str, str], ...]:
    """(place, value as JSON) of everything a preset says, in the order of the file."""
    return tuple(_flat(content).items())


def changes(before: PresetFile, after: PresetFile) -> tuple[Change, ...]:
    """What stands otherwise in `after`, in the order of the file."""
    old, new = _flat(before), _flat(after)
    return tuple(
        Change(place, old.get(place, ""), new.get(place, ""))
        for place in dict.fromkeys([*old, *new])
        if old.get(place) != new.get(place)
    )


def _flat(content: PresetFile) -> dict[str, str]:
    """Place -> value as JSON, for every entry that holds no others."""
    document = content.model_dump(mode="json", exclude={"schema_version"})
    return dict(_leaves(document, at=""))


def _leaves(value: Any, *, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, held in value.items():
            yield from _leaves(held, at=f"{at}.{name}" if at else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, held in enumerate(value):
            yield from _leaves(held, at=f"{at}.{number}")
    else:
        yield at, json.dumps(value, ensure_ascii=False)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc if part != "[key]" and part not in _KINDS)


_SENTENCES = {
    "missing": "this entry is missing",
    "extra_forbidden": "there is no such entry",
    "unexpected_keyword_argument": "there is no such entry",
    "string_too_short": "it may not be empty",
    "string_too_long": "at most {max_length} characters",
    "int_type": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "finite_number": "it must be a finite number",
    "string_type": "it must be a text",
    "tuple_type": "it must be a list",
    "model_type": "it must be one object with entries",
    "dict_type": "it must be one object with entries",
    "dataclass_type": "it must be one object with entries",
    "string_unicode": "it holds half a character",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be at most {le}",
    "literal_error": "choose one of {expected}",
    "enum": "choose one of {expected}",
    "int_parsing": "it must be a whole number",
    "too_long": "at most {max_length} entries",
    "too_short": "at least {min_length} entries",
    "string_pattern_mismatch": "it is no such name",
}


def _words(one: ErrorDetails) -> str:
    """Short words for a field; whoever shows them names the place beside them."""
    context = {name: _number(value) for name, value in one.get("ctx", {}).items()}
    if one["type"] == "value_error":
        return str(one.get("ctx", {}).get("error", one["msg"]))
    if one["type"] == "missing" and isinstance(one["loc"][-1], int):
        return "too few numbers"
    sentence = _SENTENCES.get(one["type"])
    return sentence.format(**context) if sentence else one["msg"]


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
