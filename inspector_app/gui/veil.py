"""What may be read of files and folders while patients are hidden: they are named after them."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from inspector_app.domain.locator import split
from inspector_app.domain.messages import Problem
from inspector_app.domain.record_messages import RecordLine
from inspector_app.gui.choices import Choices
from inspector_app.gui.facts import Notice
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.worklist import Worklist

_CONTEXT = "veil"
_PICTURE = QT_TRANSLATE_NOOP("veil", "Picture {number}")
_NAMELESS = QT_TRANSLATE_NOOP("veil", "Picture")
_RECORD = QT_TRANSLATE_NOOP("veil", "Record {number}")
_SHORTEST = 3
"""Shorter names stand in other words by chance."""


class Veil(QObject):
    """Says names, or numbers in their place. The setting holds over restarts.

    Args:
        choices: Where the setting is.
        worklist: Where the pictures have their numbers; it hides its names with this.

    Signals:
        moved: Whether names are hidden now.
    """

    moved = Signal(bool)

    def __init__(self, choices: Choices, worklist: Worklist) -> None:
        super().__init__(choices)
        self._choices = choices
        self._worklist = worklist
        self._was_down = self.is_down
        worklist.hide_names(self._was_down and self._numbered)
        choices.settings_changed.connect(lambda _settings: self._follow())

    @property
    def is_down(self) -> bool:
        """Whether names are hidden."""
        return self._choices.settings.hide_patient

    def _follow(self) -> None:
        if self.is_down != self._was_down:
            self._was_down = self.is_down
            self._worklist.hide_names(self.is_down and self._numbered)
            self.moved.emit(self.is_down)

    def _numbered(self, row: int) -> str:
        return say(_PICTURE).format(number=row + 1)

    def name(self, locator: str) -> str:
        """Of a picture: its file's name, or its number in the worklist."""
        if not self.is_down:
            return Path(locator).name or locator
        row = self._worklist.row_of(locator)
        return self._numbered(row) if row >= 0 else say(_NAMELESS)

    def record_name(self, line: RecordLine) -> str:
        """Of a stored inspection: its picture's name, or its own number."""
        if self.is_down:
            return say(_RECORD).format(number=line.id)
        return Path(line.locator).name

    def words(self, text: str) -> str:
        """A sentence in which the pictures of the worklist are not named."""
        if not self.is_down or not text:
            return text
        known: Iterable[str] = self._worklist.locators
        here = self._choices.locator
        for locator in (*known, *([here] if here else [])):
            text = without_name(text, locator, name=self.name)
        return text

    def notice(self, notice: Notice) -> Notice:
        """The same for a notice."""
        if not self.is_down:
            return notice
        return replace(
            notice,
            text=self.words(notice.text),
            hint=self.words(notice.hint),
            trace=self.words(notice.trace),
        )

    def problem(self, problem: Problem) -> Problem:
        """The same for what went wrong."""
        if not self.is_down:
            return problem
        return replace(problem, text=self.words(problem.text), hint=self.words(problem.hint))


def without_name(text: str, locator: str, *, name: object) -> str:
    """A text without a picture's path, file and folder; `name(locator)` stands for them."""
    path = Path(split(locator)[0])
    if path.name not in text and str(path.parent) not in text:
        return text
    instead = name(locator) if callable(name) else str(name)
    for part in (locator, str(path), path.name):
        if len(part) >= _SHORTEST:
            text = text.replace(part, instead)
    folder = str(path.parent)
    return text.replace(folder, "…") if len(folder) > _SHORTEST else text


def say(text: str) -> str:
    """A text of this module in the language of the moment."""
    return QCoreApplication.translate(_CONTEXT, text)
