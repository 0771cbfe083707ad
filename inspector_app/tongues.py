"""What the program writes into files, in the reader's language.

English sentences are the keys; `resources/report/<language>.json` holds what they are in
another language, with the same {places}. What is not in the table stays English.
"""

import json
import re
from collections.abc import Callable

from inspector_app import paths

Say = Callable[[str], str]
"""English -> the reader's language, places left open."""

LANGUAGES = ("en", "zh_CN")


def english(text: str) -> str:
    """As it is."""
    return text


def tongue(language: str) -> Say:
    """What says English sentences in a language; an unknown language is English.

    A sentence whose places are filled already is found by its template.
    """
    table = phrases(language)
    templates = [(_pattern(key), said) for key, said in table.items() if "{" in key]

    def say(text: str) -> str:
        if text in table:
            return table[text]
        for pattern, said in templates:
            found = pattern.fullmatch(text)
            # The open template of another sentence must not swallow this one's places.
            if found is not None and "{" not in text:
                return said.format(**found.groupdict())
        return text

    return say if table else english


def phrases(language: str) -> dict[str, str]:
    """English -> the language; empty where there is no table."""
    if language not in LANGUAGES or language == "en":
        return {}
    file = paths.resources() / "report" / f"{language}.json"
    table: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return table


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    pattern = "".join(
        f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )
    return re.compile(pattern, flags=re.DOTALL)
