"""The pictures to go through, as a Qt list model: names, thumbnails, verdicts."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

from inspector_app.domain.locator import split
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import plain_tip

THUMBNAIL_SIDE = 192
"""Longest side of thumbnails in pixels: sharp in the list on a doubled screen."""

_KEPT = 600


class Role(IntEnum):
    """What the list can be asked beside the name."""

    LOCATOR = Qt.ItemDataRole.UserRole + 1
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2
    OUTCOME = Qt.ItemDataRole.UserRole + 3
    TROUBLE = Qt.ItemDataRole.UserRole + 4
    IS_ASKED = Qt.ItemDataRole.UserRole + 5
    IS_RUNNING = Qt.ItemDataRole.UserRole + 6
    STANDING = Qt.ItemDataRole.UserRole + 7
    FAILURE = Qt.ItemDataRole.UserRole + 8


class Standing(StrEnum):
    """What became of a picture, what needs eyes first."""

    FAIL = "FAIL"
    CHECK = "CHECK"
    TROUBLE = "trouble"  # it cannot be read, or inspecting it failed
    PASS = "PASS"
    ASKED = "asked"  # about something that has no verdict
    UNASKED = "unasked"


Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Worklist(QAbstractListModel):
    """The pictures in order, and what is known of each.

    Signals:
        thumbnail_wanted: A locator whose thumbnail is about to be painted for the first time.
        grown: How many pictures there are now.
    """

    thumbnail_wanted = Signal(str)
    grown = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._locators: list[str] = []
        self._rows: dict[str, int] = {}
        self._thumbnails: OrderedDict[str, QImage] = OrderedDict()
        self._wanted: set[str] = set()
        self._outcomes: dict[str, str] = {}
        self._troubles: dict[str, str] = {}
        self._failures: dict[str, str] = {}
        self._dates: dict[str, int] = {}
        self._running: tuple[str | None, str | None] = (None, None)
        self._numbered: Callable[[int], str] | None = None
        self._hides: Callable[[str], bool] = lambda _locator: False

    @property
    def locators(self) -> tuple[str, ...]:
        """All pictures in order."""
        return tuple(self._locators)

    def at(self, row: int) -> str:
        """The picture in a row."""
        return self._locators[row]

    def standing(self, locator: str) -> Standing:
        """What became of a picture of the list."""
        outcome = self._outcomes.get(locator)
        if outcome is not None and self._hides(locator):
            return Standing.ASKED
        if outcome:
            return Standing(outcome)
        if locator in self._troubles or locator in self._failures:
            return Standing.TROUBLE
        return Standing.UNASKED if outcome is None else Standing.ASKED

    def is_unreadable(self, locator: str) -> bool:
        """Whether a picture was tried and cannot be opened."""
        return locator in self._troubles

    def outcome_of(self, locator: str) -> str | None:
        """What a picture was judged; "" without a verdict, None where it was not asked about."""
        return self._outcomes.get(locator)

    def date_of(self, locator: str) -> int:
        """When its file was changed last, in nanoseconds since 1970; 0 while unknown."""
        return self._dates.get(locator, 0)

    @property
    def undated(self) -> tuple[str, ...]:
        """The pictures whose dates are not known yet."""
        return tuple(name for name in self._locators if name not in self._dates)

    def row_of(self, locator: str) -> int:
        """Its row, or that of the file it is a part of, or -1."""
        row = self._rows.get(locator, -1)
        if row < 0 and locator.rpartition("#")[0] in self._rows:
            # Only now is the disk asked whether a file really has a number in its name.
            row = self._rows.get(split(locator)[0], -1)
        return row

    def add(self, locators: Sequence[str]) -> None:
        """Append those that are not in the list yet, alone or with the whole of their file.

        A film is leafed through frame by frame: the list shows the file once.
        """
        self._append([name for name in dict.fromkeys(locators) if self.row_of(name) < 0])

    def _append(self, fresh: Sequence[str]) -> None:
        if not fresh:
            return
        start = len(self._locators)
        self.beginInsertRows(QModelIndex(), start, start + len(fresh) - 1)
        self._locators.extend(fresh)
        self._rows.update({name: start + at for at, name in enumerate(fresh)})
        self.endInsertRows()
        self.grown.emit(len(self._locators))

    def rename(self, old: str, new: str) -> None:
        """A picture lies somewhere else now; what is known of it stays known."""
        row = self._rows.pop(old, -1)
        if row < 0 or new in self._rows:
            return
        self._locators[row] = new
        self._rows[new] = row
        for known in (self._outcomes, self._failures):
            if old in known:
                known[new] = known.pop(old)
        self._troubles.pop(old, None)
        self._wanted.discard(old)
        self.touch(new)

    def clear(self) -> None:
        """Forget all pictures; what was found out about them stays in the records."""
        self.beginResetModel()
        self._locators.clear()
        self._rows.clear()
        self._wanted.clear()
        self._troubles.clear()
        self._failures.clear()
        self._dates.clear()
        self.endResetModel()
        self.grown.emit(0)

    def set_thumbnail(self, locator: str, image: QImage) -> None:
        """Keep a thumbnail; the oldest are forgotten where there are very many."""
        self._thumbnails[locator] = image
        while len(self._thumbnails) > _KEPT:
            forgotten, _ = self._thumbnails.popitem(last=False)
            self._wanted.discard(forgotten)
        # What the proxies sort and filter by stays as it was.
        self.touch(locator, Role.THUMBNAIL)

    def set_outcome(self, locator: str, outcome: str) -> None:
        """Mark a picture as asked about: "PASS", "FAIL", "CHECK", or "" for no verdict.

        A frame or page of a file gets a row of its own now: there is something to come back to.
        """
        if locator not in self._rows and self.row_of(locator) >= 0:
            self._append([locator])
        self._outcomes[locator] = outcome
        self._failures.pop(locator, None)
        self.touch(locator)

    def correct_outcome(self, locator: str, outcome: str) -> None:
        """A person says otherwise, or no longer does, of a picture that was asked about."""
        if self._outcomes.get(locator, outcome) != outcome:
            self.set_outcome(locator, outcome)

    def take_back(self, locator: str) -> None:
        """What was found out about a picture does not hold any more."""
        self._outcomes.pop(locator, None)
        self._failures.pop(locator, None)
        self.touch(locator)

    def set_failure(self, locator: str, sentence: str, *, outcome: str | None) -> None:
        """Say why a picture could not be inspected, and what that means for its verdict."""
        self._failures[locator] = sentence
        if outcome is not None:
            self._outcomes[locator] = outcome
        self.touch(locator)

    def set_dates(self, dates: Mapping[str, int]) -> None:
        """When files were changed last, in nanoseconds since 1970."""
        self._dates.update(dates)

    def set_trouble(self, locator: str, sentence: str) -> None:
        """Mark a picture as not readable; "" takes the mark away."""
        if sentence:
            self._troubles[locator] = sentence
        else:
            self._troubles.pop(locator, None)
        self.touch(locator)

    def set_running(self, locator: str | None) -> None:
        """Mark the picture that is being inspected because the user asked."""
        self._mark(locator, self._running[1])

    def set_ahead(self, locator: str | None) -> None:
        """Mark the picture that is being inspected ahead of the user."""
        self._mark(self._running[0], locator)

    def _mark(self, *running: str | None) -> None:
        before, self._running = self._running, (running[0], running[1])
        for name in {*before, *running}:
            if name is not None:
                self.touch(name)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802  Qt's name
        return 0 if parent.isValid() else len(self._locators)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._locators):
            return None
        name = self._locators[index.row()]
        trouble, failure = self._troubles.get(name, ""), self._failures.get(name, "")
        if role == Role.THUMBNAIL:
            return self._thumbnail(name)
        if self._hides(name):
            failure = ""
        known: dict[int, Any] = {
            Qt.ItemDataRole.DisplayRole: self._name(index.row()),
            Qt.ItemDataRole.ToolTipRole: self._tip(index.row(), trouble, failure),
            Role.LOCATOR: name,
            Role.OUTCOME: "" if self._hides(name) else self._outcomes.get(name, ""),
            Role.TROUBLE: trouble,
            Role.IS_ASKED: name in self._outcomes,
            Role.IS_RUNNING: name in self._running,
            Role.STANDING: self.standing(name),
            Role.FAILURE: failure,
        }
        return known.get(role)

    def hide_names(self, numbered: Callable[[int], str] | Literal[False]) -> None:
        """Show `numbered(row)` in the place of names; False shows the names again."""
        self._numbered = numbered or None
        if self._locators:
            self.dataChanged.emit(self.index(0), self.index(len(self._locators) - 1))

    def hide_outcomes(self, hides: Callable[[str], bool]) -> None:
        """Tell nothing of what was found in these pictures; to be called again when they change."""
        self._hides = hides
        if self._locators:
            self.dataChanged.emit(self.index(0), self.index(len(self._locators) - 1))

    def _name(self, row: int) -> str:
        if self._numbered is not None:
            return self._numbered(row)
        return Path(self._locators[row]).name or self._locators[row]

    def _tip(self, row: int, *troubles: str) -> str:
        name = self._locators[row]
        if self._numbered is None:
            return plain_tip("\n".join(filter(None, (inert(name), *troubles))))
        # A sentence of trouble may name the file: the place of the picture tells it.
        return self._numbered(row)

    def _thumbnail(self, name: str) -> QImage | None:
        image = self._thumbnails.get(name)
        if image is None and name not in self._wanted:
            self._wanted.add(name)
            self.thumbnail_wanted.emit(name)
        return image

    def touch(self, locator: str, *roles: Role) -> None:
        """Something about a picture may be another now; all of it where no roles are named."""
        row = self.row_of(locator)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row), list(roles))
