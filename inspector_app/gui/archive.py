"""The inspections that are known: a line for each stored one, and the last few whole."""

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Problem, RecordLine

_KEPT_WHOLE = 12


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

    def last_of(self, locator: str) -> Inspection | None:
        """The last inspection of a picture in this session, while it is kept at hand."""
        return self._last.get(locator)

    def add(self, locator: str, inspection: Inspection) -> None:
        """An inspection was finished."""
        self._last[locator] = inspection
        self._last.move_to_end(locator)
        while len(self._last) > _KEPT_WHOLE:
            self._last.popitem(last=False)
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
