"""The help text: short sections in each language, read from `resources/help`.

A section begins with `## name | Title`; `[[action]]` stands for the keys of an action, whatever
they are at the moment.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from inspector_app import paths

START = "start"
_PLACES = {
    "question": "question",
    "answer": "answer",
    "findings": "findings",
    "regions": "regions",
    "heat": "heat",
    "pictures": "pictures",
    "stage": "canvas",
    "CameraPage": "camera",
    "operator": "operator",
    "StatisticsDialog": "reports",
    "PreviewDialog": "reports",
    "PresetEditor": "presets",
    "ModelsDialog": "models",
    "KeysDialog": "keys",
    "SettingsDialog": "start",
    "ViewsDialog": "answer",
    "ExportDialog": "reports",
    "UsersDialog": "users",
    "NewUserDialog": "users",
    "SignDialog": "users",
}
"""Section by the object name or class of a widget that has the focus somewhere in it."""


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the help.

    Attributes:
        name: Same in all languages.
        title: For people.
        text: Markdown.
    """

    name: str
    title: str
    text: str

    def holds(self, words: str) -> bool:
        """Whether each of the words occurs in it, in whatever case."""
        whole = f"{self.title}\n{self.text}".casefold()
        return all(word in whole for word in words.casefold().split())


def sections(language: str, *, keys_of: Callable[[str], str]) -> tuple[Section, ...]:
    """All sections in a language, in their order; English where there is no other.

    Args:
        language: "en" or "zh_CN".
        keys_of: Keys of an action by its name, as people read them; "" for none.
    """
    folder = paths.resources() / "help"
    file = folder / f"{language}.md"
    text = (file if file.is_file() else folder / "en.md").read_text(encoding="utf-8")
    found = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        name, _, title = head.partition(" | ")
        found.append(Section(name.strip(), title.strip(), _with_keys(body.strip(), keys_of)))
    return tuple(found)


def section_of(widget: QWidget | None) -> str:
    """The section about what a widget belongs to."""
    while widget is not None:
        for name in (widget.objectName(), type(widget).__name__):
            if name in _PLACES:
                return _PLACES[name]
        widget = widget.parentWidget()
    return START


def names_in(found: Sequence[Section], words: str) -> tuple[str, ...]:
    """Names of the sections that have all words."""
    return tuple(one.name for one in found if one.holds(words))


def _with_keys(text: str, keys_of: Callable[[str], str]) -> str:
    return re.sub(r"\[\[(\w+)\]\]", lambda found: f"**{keys_of(found[1]) or '-'}**", text)
