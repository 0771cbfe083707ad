"""Which picture is open: fetched, shown, left for the next one, and what people drew on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from inspector_app.domain.messages import Problem
from inspector_app.domain.region import Region
from inspector_app.gui.book import Book
from inspector_app.gui.choices import Choices
from inspector_app.gui.desk import Desk
from inspector_app.gui.facts import Notice
from inspector_app.gui.findings import Findings
from inspector_app.gui.order import Shown
from inspector_app.gui.picture import Picture, Reopened
from inspector_app.gui.presence import Presence
from inspector_app.gui.read_first import ReadFirst
from inspector_app.gui.regions import Regions
from inspector_app.gui.veil import Veil
from inspector_app.gui.wording import session_notices
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.worker import Bridge
from inspector_app.gui.worklist import Worklist


class Opening(Choices):
    """The opening half of the session.

    Args:
        desk: Bridge to the thread that reads and writes files and records.
        aside: Bridge to the thread for thumbnails and neighbours.
        disk: Bridge to the thread that asks the disk in which state files are.
        pen: Bridge to the thread that stores what people do to pictures.
        more: As for `Choices`.
    """

    picture_changed = Signal(object)  # Picture | None
    opening = Signal(str)  # locator
    refused = Signal(str, object)  # locator, Problem
    region_lit = Signal(int)  # index or -1
    zoom_wanted = Signal(object)  # Region

    def __init__(
        self, *, desk: Bridge, aside: Bridge, disk: Bridge, pen: Bridge, **more: Any
    ) -> None:
        super().__init__(**more)
        self.worklist = Worklist(self)
        self.veil = Veil(self, self.worklist)
        self.shown = Shown(self.worklist, self)
        self.desk = Desk(desk, aside, disk, self)
        self.book = Book(pen, self)
        self.presence = Presence(self)
        self.presence.changed.connect(lambda: self.book.be(self.presence.who))
        self.regions = Regions(self, self.book, self)
        self.findings = Findings(self, self.book, self)
        self.read_first = ReadFirst(self, self.book, self)
        self.picture: Picture | None = None
        self._awaited: Reopened | None = None
        self.is_opening = False
        self._asks_when_open = False
        self.book.refused.connect(self._on_failed)
        self.worklist.thumbnail_wanted.connect(self.desk.thumbnail)
        self.desk.thumbnail_made.connect(self.worklist.set_thumbnail)
        self.desk.opened.connect(self._on_opened)
        self.desk.refused.connect(self._on_refused)
        self.desk.listed.connect(self._on_listed)
        self.desk.failed.connect(self._on_failed)

    def open_paths(self, paths: Sequence[str]) -> None:
        """Put files and folders into the worklist and show the first of them."""
        files = [path for path in paths if not Path(path).is_dir()]
        self.worklist.add(files)
        for folder in (path for path in paths if Path(path).is_dir()):
            self.desk.list(folder)
        if files:
            self.go_to(files[0])

    def go_to(self, locator: str) -> None:
        """Show this picture."""
        self._awaited = None
        self._show_locator(locator)

    def _show_locator(self, locator: str) -> None:
        self.worklist.add((locator,))
        self.locator = locator
        self.desk.give_up(but=(locator, *self._next_to(locator)))
        self.is_opening, self._asks_when_open = True, False
        self.opening.emit(locator)
        self.shown.hold(locator)
        self.desk.open(locator)

    def go(self, by: int) -> None:
        """Show the picture `by` places further on in the worklist, as it is shown."""
        if (there := self.shown.neighbour(self.locator, by=by)) is not None:
            self.go_to(there)

    def reread(self) -> None:
        """Read the open file again."""
        if self.locator is not None:
            self.desk.forget(self.locator)
            self.go_to(self.locator)

    def clear(self) -> None:
        """Empty the worklist and show nothing."""
        self.worklist.clear()
        self.locator = None
        self.is_opening = False
        self._show(None)

    def _on_opened(self, picture: Picture) -> None:
        if picture.locator != self.locator:
            return
        self.worklist.set_trouble(picture.locator, "")
        self.is_opening = False
        self._show(picture)
        if self._asks_when_open:
            self._asks_when_open = False
            self.ask()
        self.desk.fetch(self._next_to(picture.locator))

    def _next_to(self, locator: str) -> tuple[str, ...]:
        """The pictures that are opened ahead of time, the next one first."""
        return self.shown.following(locator, 1)

    @property
    def leaves_regions(self) -> bool:
        """On a picture also where a region was taken away, or means something else now."""
        return self.regions.is_redrawn if self.picture is not None else super().leaves_regions

    def _turn_to(self, picture: Picture | None) -> None:
        self.picture = picture
        self.read_first.open(picture.locator if picture is not None else "")
        self.regions.show_size(picture.size if picture is not None else (0, 0))
        self.book.open(picture)
        self.picture_changed.emit(picture)

    def _on_refused(self, locator: str, problem: Problem) -> None:
        self.worklist.set_trouble(locator, problem_line(problem))
        if locator != self.locator:
            return
        self.is_opening = False
        if self._awaited is not None and self._awaited.kept is not None:
            self._show(self._awaited.kept)
            return
        self._awaited = None
        self._show(None)
        self.refused.emit(locator, problem)
        if problem.trace:
            self.noticed.emit(Notice.of(problem))

    def _on_listed(self, folder: str, found: tuple[str, ...]) -> None:
        if not found:
            self.noticed.emit(session_notices.no_picture_in(folder))
            return
        self.worklist.add(found)
        self.go_to(found[0])

    def light(self, index: int) -> None:
        """Point at one region, -1 for none."""
        self.region_lit.emit(index)

    def zoom_to(self, region: Region) -> None:
        """Bring a region before the eyes."""
        self.zoom_wanted.emit(region)

    def _show(self, picture: Picture | None) -> None:
        """A picture came, or there is none."""
        raise NotImplementedError

    def ask(self) -> None:
        """Inspect the chosen picture with the question there is."""
        raise NotImplementedError

    def _on_failed(self, problem: Problem) -> None:
        self.noticed.emit(Notice.of(problem))
