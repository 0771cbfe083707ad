"""The worklist as it is shown: which pictures, in which order. Next and previous follow it."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt, Signal

from inspector_app.domain.locator import natural_order
from inspector_app.gui.worklist import Index, Role, Standing, Worklist


class Order(StrEnum):
    """In which order pictures are shown."""

    OPENED = "opened"
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"
    VERDICT = "verdict"


class Which(StrEnum):
    """Which pictures are shown."""

    ALL = "all"
    FAIL = "fail"
    CHECK = "check"
    PASS = "pass"
    ANSWERED = "answered"
    UNASKED = "unasked"
    TROUBLE = "trouble"


_STANDINGS = {
    Which.FAIL: (Standing.FAIL,),
    Which.CHECK: (Standing.CHECK,),
    Which.PASS: (Standing.PASS,),
    Which.ANSWERED: (Standing.ASKED, Standing.FAIL, Standing.CHECK, Standing.PASS),
    Which.UNASKED: (Standing.UNASKED,),
    Which.TROUBLE: (Standing.TROUBLE,),
}


class Shown(QSortFilterProxyModel):
    """What is left of the worklist by a part of the name and a verdict, sorted.

    The picture on the screen keeps its row until the user leaves it: one that is asked about
    while only the unasked are shown does not vanish under the eyes.

    Args:
        worklist: All pictures.

    Signals:
        rearranged: Other pictures are shown, or in another order.
        dates_wanted: The order needs the dates of the files.
    """

    rearranged = Signal()
    dates_wanted = Signal()

    def __init__(self, worklist: Worklist, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worklist = worklist
        self._words = ""
        self._keys: dict[str, tuple[Any, ...]] = {}
        self._held: tuple[str, Standing] | None = None
        self.order = Order.OPENED
        self.which = Which.ALL
        # What a row is sorted and filtered by: a thumbnail that comes moves nothing.
        self.setSortRole(Role.STANDING)
        self.setFilterRole(Role.STANDING)
        self.setSourceModel(worklist)
        for signal in (self.rowsInserted, self.rowsRemoved, self.rowsMoved):
            signal.connect(lambda *_where: self.rearranged.emit())
        self.layoutChanged.connect(lambda *_parents: self.rearranged.emit())
        self.modelReset.connect(self.rearranged)

    @property
    def locators(self) -> tuple[str, ...]:
        """The pictures that are shown, in the order they are shown in."""
        return tuple(self._at(row) for row in range(self.rowCount()))

    def _at(self, row: int) -> str:
        return self._worklist.at(self.mapToSource(self.index(row, 0)).row())

    def set_words(self, text: str) -> None:
        """Show only pictures whose name contains this, in whatever case."""
        self._words = text.casefold()
        self._settle()

    def set_which(self, which: Which) -> None:
        """Show only pictures of this standing."""
        self.which = which
        self._settle()

    def set_order(self, order: Order) -> None:
        """Sort."""
        self.order = order
        if self.needs_dates:
            self.dates_wanted.emit()
        self._settle()

    @property
    def needs_dates(self) -> bool:
        """Whether the order is by date and some dates are not known yet."""
        return self.order in {Order.NEWEST, Order.OLDEST} and bool(self._worklist.undated)

    def dates_came(self) -> None:
        """The worklist knows dates that it did not know."""
        if self.order in {Order.NEWEST, Order.OLDEST}:
            self._settle()

    def hold(self, locator: str) -> None:
        """The picture on the screen is another one, and the list has it as its current row."""
        row = self._worklist.row_of(locator)
        name = self._worklist.at(row) if row >= 0 else ""
        left, self._held = self._held, (name, self._worklist.standing(name)) if name else None
        for one in {name, left[0] if left is not None else ""} - {""}:
            self._worklist.touch(one, Role.STANDING)

    def row_of(self, locator: str | None) -> int:
        """The row a picture is shown in, or -1."""
        row = self._worklist.row_of(locator) if locator else -1
        return self.mapFromSource(self._worklist.index(row)).row() if row >= 0 else -1

    def neighbour(self, locator: str | None, *, by: int) -> str | None:
        """The picture `by` rows further on, at most the last; None where that is no other.

        From a picture that is not shown it goes to the one that was opened next to it.
        """
        count = self.rowCount()
        if not count:
            return None
        here = self.row_of(locator)
        if here < 0 and locator is not None:
            return self._nearest(self._worklist.row_of(locator), by=by)
        there = min(max(here + by, 0), count - 1)
        return self._at(there) if there != here else None

    def following(self, locator: str | None, count: int) -> tuple[str, ...]:
        """At most `count` pictures that come after this one."""
        here = self.row_of(locator)
        if here < 0:
            return ()
        rows = range(here + 1, min(here + 1 + count, self.rowCount()))
        return tuple(self._worklist.at(self.mapToSource(self.index(row, 0)).row()) for row in rows)

    def _nearest(self, row: int, *, by: int) -> str:
        names = self.locators
        rows = {name: self._worklist.row_of(name) for name in names}
        if by > 0:
            beyond = [name for name in names if rows[name] > row]
            return min(beyond, key=rows.__getitem__) if beyond else max(names, key=rows.__getitem__)
        before = [name for name in names if rows[name] < row]
        return max(before, key=rows.__getitem__) if before else min(names, key=rows.__getitem__)

    def _settle(self) -> None:
        """What the user chose just now holds for the picture on the screen too."""
        if self._held is not None:
            self._held = (self._held[0], self._worklist.standing(self._held[0]))
        self._rearrange()

    def _rearrange(self) -> None:
        # -1 is the order of the source.
        self.sort(-1 if self.order is Order.OPENED else 0, Qt.SortOrder.AscendingOrder)
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: ARG002, N802  Qt's name
        name = self._worklist.at(row)
        if self._words and self._words not in (Path(name).name or name).casefold():
            return False
        return self.which is Which.ALL or self._standing(name) in _STANDINGS[self.which]

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802  Qt's name
        return self._key(left.row()) < self._key(right.row())

    def _standing(self, name: str) -> Standing:
        if self._held is not None and self._held[0] == name:
            return self._held[1]
        return self._worklist.standing(name)

    def _key(self, row: int) -> tuple[Any, ...]:
        name = self._worklist.at(row)
        match self.order:
            case Order.NAME:
                if name not in self._keys:
                    self._keys[name] = natural_order(Path(name).name)
                return (self._keys[name], row)
            case Order.NEWEST:
                return (-self._worklist.date_of(name), row)
            case Order.OLDEST:
                return (self._worklist.date_of(name), row)
            case Order.VERDICT:
                return (list(Standing).index(self._standing(name)), row)
        return (row,)
