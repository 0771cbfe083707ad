"""The inspections that are known: a line for each stored one, and the last few whole."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Problem
from inspector_app.domain.record_messages import RecordLine

_KEPT_WHOLE = 12
_KEPT_BYTES = 400 * 2**20


class Archive(QObject):
    """What was inspected.

    Signals:
        lines_changed: Tuple of `RecordLine`, newest first; also when `trouble` came.
    """

    lines_changed = Signal(tuple)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[RecordLine, ...] = ()
        self.trouble: Problem | None = None
        self._last: OrderedDict[str, Inspection] = OrderedDict()
        self._slim: dict[str, Inspection] = {}

    def last_of(self, locator: str) -> Inspection | None:
        """The last inspection of a picture in this session, while it is kept at hand."""
        return self._last.get(locator)

    def slim_of(self, locator: str) -> Inspection | None:
        """The last inspection of a picture in this session, without its pictures and maps."""
        return self._slim.get(locator)

    def forget(self, locator: str) -> None:
        """What was last said of a picture does not hold any more; its record stays."""
        self._last.pop(locator, None)
        self._slim.pop(locator, None)

    def keep(self, locator: str, inspection: Inspection) -> None:
        """Have an inspection at hand, while memory lasts."""
        self._last[locator] = inspection
        self._last.move_to_end(locator)
        while len(self._last) > 1 and (
            len(self._last) > _KEPT_WHOLE or _bytes_of(self._last.values()) > _KEPT_BYTES
        ):
            self._last.popitem(last=False)

    def add(self, locator: str, inspection: Inspection) -> None:
        """An inspection was finished."""
        self._slim[locator] = replace(inspection, map=None, views=())
        if inspection.was_made_ahead:
            # It waits elsewhere until somebody looks.
            self._last.pop(locator, None)
        else:
            self.keep(locator, inspection)
        if inspection.id is None:
            return
        line = RecordLine(
            inspection.id,
            inspection.created,
            locator,
            inspection.question,
            inspection.answer.text,
            inspection.verdict.outcome if inspection.verdict else "",
        )
        self._set_lines((line, *self.lines))

    def take(self, lines: Sequence[RecordLine]) -> None:
        """The stored ones were listed; those finished meanwhile stay on top."""
        listed = {line.id for line in lines}
        self._set_lines((*(line for line in self.lines if line.id not in listed), *lines))

    def refuse(self, problem: Problem) -> None:
        """The stored ones cannot be read."""
        self.trouble = problem
        self.lines_changed.emit(self.lines)

    def _set_lines(self, lines: tuple[RecordLine, ...]) -> None:
        self.lines = lines
        self.trouble = None
        self.lines_changed.emit(lines)


def _bytes_of(inspections: Iterable[Inspection]) -> int:
    """Memory that the pictures of inspections take."""
    views = (view.pixels for inspection in inspections for view in inspection.views)
    return sum(pixels.nbytes for pixels in views if pixels is not None)
