"""Which pictures of the worklist are leafed through as one stack: slices, pages, frames."""

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.locator import split
from inspector_app.domain.messages import ListPictures, ListSeries
from inspector_app.domain.series import Series
from inspector_app.gui.desk import Desk
from inspector_app.gui.picture import Picture
from inspector_app.gui.worklist import Worklist


class Stacks(QObject):
    """Finds out, beside the window, what belongs together.

    Args:
        desk: Whom to ask.
        worklist: What is there.

    Signals:
        changed: More is known.
    """

    changed = Signal()

    def __init__(self, desk: Desk, worklist: Worklist, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._worklist = worklist
        self._series: dict[str, tuple[str, ...]] = {}
        self._pages: dict[str, tuple[str, ...]] = {}
        self._asked_of = 0

    def of(self, picture: Picture) -> tuple[str, ...]:
        """The stack that a picture lies in, in order; the picture alone where there is none.

        What is not known yet is asked for; `changed` tells when it is.
        """
        name = picture.locator
        if name in self._series:
            return self._series[name]
        path, number = split(name)
        if path in self._pages:
            pages = self._pages[path]
            # A file that was opened by its bare name shows its first picture.
            return (name, *pages[1:]) if number is None else pages
        self._ask(picture, path)
        return (name,)

    def _ask(self, picture: Picture, path: str) -> None:
        if picture.frame is None:
            return
        scan = picture.frame.scan
        if scan is not None and scan.series_uid and self._asked_of != self._worklist.rowCount():
            self._asked_of = self._worklist.rowCount()
            names = self._worklist.locators
            self._desk.find(ListSeries(names), self._on_series)
        self._pages[path] = (picture.locator,)
        self._desk.find(ListPictures(path), lambda found: self._on_pages(path, found))

    def _on_series(self, found: tuple[Series, ...]) -> None:
        for series in found:
            for name in series.locators:
                self._series[name] = series.locators
        self.changed.emit()

    def _on_pages(self, path: str, found: tuple[str, ...]) -> None:
        if len(found) > 1:
            self._pages[path] = found
            self.changed.emit()
