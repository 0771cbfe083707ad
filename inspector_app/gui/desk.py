"""What is fetched and written beside the model: pictures, thumbnails, records, reports."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from inspector_app.domain.measure import picture_key
from inspector_app.domain.messages import (
    FindMoved,
    ListFolder,
    ListStamps,
    MakeThumbnail,
    OpenPicture,
    Problem,
)
from inspector_app.domain.region import Region
from inspector_app.domain.resume import Listed
from inspector_app.domain.stamp import FileStamp
from inspector_app.gui.papers import Papers, ending
from inspector_app.gui.picture import Picture
from inspector_app.gui.worker import Bridge
from inspector_app.gui.worklist import THUMBNAIL_SIDE

_KEPT_BYTES = 600 * 2**20
"""Memory that open and neighbouring pictures may take together."""

_AHEAD_BYTES = 400 * 2**20
"""Once pictures that nobody looks at yet take so much, no more are opened ahead of time."""

_BREATH_MS = 60
_AT_ONCE, _SOON, _LATER = -1, 0, 5


class Desk(Papers):
    """The workers for everything that needs no model.

    Args:
        bridge: Does what the user waits for.
        aside: Makes thumbnails and opens neighbours ahead of time; nobody waits behind it.
        disk: Asks in which state files are, whatever the others are busy with.

    Signals:
        opened: A `Picture` that was asked for.
        refused: (locator, `Problem`) of a picture that could not be opened.
        listed: (folder, tuple of locators).
        kept: Locator of a picture that is at hand now, shown or not.
        thumbnail_made: (locator, QImage).
    """

    opened = Signal(object)
    refused = Signal(str, object)
    listed = Signal(str, tuple)
    kept = Signal(str)
    thumbnail_made = Signal(str, object)

    def __init__(
        self, bridge: Bridge, aside: Bridge, disk: Bridge, parent: QObject | None = None
    ) -> None:
        super().__init__(bridge, aside, parent)
        self._disk = disk
        self._checking: int | None = None
        self._beside: int | None = None
        self._wanted: tuple[str, ...] = ()
        self._failed: set[str] = set()
        self._sizes: dict[str, tuple[int, int]] = {}
        self._keys: dict[str, str] = {}
        # The picture that was just opened is painted first.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_BREATH_MS)
        self._soon.timeout.connect(self._fetch_next)
        self._awaited: str | None = None
        self._opening: int | None = None
        self._opening_of: str | None = None
        self._thumbnails_due: set[str] = set()
        self._fetching: dict[str, int] = {}
        self._kept: OrderedDict[str, Picture] = OrderedDict()

    def open(self, locator: str) -> None:
        """Open a picture; one that was asked for before and has not come is forgotten.

        One that is kept is shown as it is, if its file is still in the state it was read in.
        """
        if self._opening is not None:
            self._bridge.drop(self._opening)
            self._opening = None
            self._given_up(self._opening_of)
        if self._checking is not None:
            self._disk.drop(self._checking)
            self._checking = None
        self._opening_of = None
        self._awaited = None
        if (kept := self._kept.get(locator)) is not None:
            self._check(kept)
            return
        if locator in self._fetching:
            # It is on its way already: reading it twice would only take longer.
            self._awaited = locator
            return
        self._submit_opening(locator)

    def _check(self, kept: Picture) -> None:
        locator = kept.locator

        def on_stamp(stamps: Sequence[FileStamp]) -> None:
            self._checking = None
            if kept.frame is not None and kept.frame.stamp == stamps[0]:
                if locator in self._kept:
                    self._kept.move_to_end(locator)
                self.opened.emit(kept)
            else:
                self.forget(locator)
                self._submit_opening(locator)

        self._checking = self._disk.submit(
            ListStamps((locator,)),
            tell=ending(on_stamp, lambda _problem: self._submit_opening(locator)),
            urgency=_AT_ONCE,
        )

    def find_dates(
        self, locators: Sequence[str], tell: Callable[[Mapping[str, int]], None]
    ) -> None:
        """When files were changed last, in nanoseconds since 1970; 0 where they are missing."""
        self._disk.submit(
            ListStamps(tuple(locators)),
            tell=ending(
                lambda stamps: tell({stamp.locator: stamp.date_ns for stamp in stamps}),
                self.failed.emit,
            ),
        )

    def open_beside(
        self,
        locator: str,
        *,
        opened: Callable[[Picture], None],
        refused: Callable[[Problem], None],
    ) -> None:
        """Open a picture that is not the one asked about; one wished before it is forgotten."""
        if self._beside is not None:
            self._bridge.drop(self._beside)

        def on_opened(picture: Picture) -> None:
            self._beside = None
            self._keep(picture)
            opened(picture)

        # Its state is compared with the file's where it is kept: a changed file is read again.
        self._beside = self._bridge.submit(
            OpenPicture(locator), tell=ending(on_opened, refused), urgency=_SOON
        )

    def _submit_opening(self, locator: str) -> None:
        self._opening_of = locator
        self._opening = self._bridge.submit(
            OpenPicture(locator),
            tell=ending(
                self._on_opened,
                lambda problem: self._on_refused(locator, problem),
            ),
            urgency=_SOON,
        )

    def forget(self, locator: str) -> None:
        """Read the file again the next time."""
        self._kept.pop(locator, None)

    def fetch(self, locators: Sequence[str]) -> None:
        """Open pictures ahead of time, one after the other, when nothing else is to be done.

        The first is opened in any case, the others while memory lasts.
        """
        self._wanted = tuple(locators)
        self._failed.clear()
        self._soon.start()

    @property
    def is_fetching(self) -> bool:
        """Whether a picture is being opened ahead of time."""
        return bool(self._fetching) or self._soon.isActive()

    def size_of(self, locator: str) -> tuple[int, int] | None:
        """(width, height) of a picture when it was opened last; None where it never was."""
        return self._sizes.get(locator)

    def key_of(self, locator: str) -> str:
        """The `picture_key` of a picture when it was opened last; "" where it never was."""
        return self._keys.get(locator, "")

    def _fetch_next(self) -> None:
        # One that the user waits for is being opened already.
        there = {*self._kept, *self._failed, self._opening_of}
        waiting = [name for name in self._wanted if name not in there]
        if not waiting or self._fetching:
            return
        held = sum(self._kept[name].nbytes for name in self._wanted if name in self._kept)
        if waiting[0] == self._wanted[0] or held < _AHEAD_BYTES:
            self._fetch(waiting[0])

    def _fetch(self, locator: str) -> None:
        def on_end(picture: Picture | None) -> None:
            self._fetching.pop(locator, None)
            is_awaited = self._awaited == locator
            if is_awaited:
                self._awaited = None
            if picture is not None:
                self._keep(picture)
            else:
                self._failed.add(locator)
                self._thumbnails_due.discard(locator)
            if is_awaited and picture is not None:
                self.opened.emit(picture)
            elif is_awaited:
                # The proper way tells what is wrong with it.
                self._submit_opening(locator)
            self._fetch_next()

        self._fetching[locator] = self._aside.submit(
            OpenPicture(locator),
            tell=ending(on_end, lambda _problem: on_end(None), lambda: on_end(None)),
            urgency=_SOON,
        )

    def give_up(self, *, but: Sequence[str]) -> None:
        """The neighbours changed: those still being fetched are not wanted, but for these."""
        self._wanted = tuple(name for name in self._wanted if name in but)
        for locator, job in list(self._fetching.items()):
            if locator not in but:
                self._aside.drop(job)
                del self._fetching[locator]
                self._given_up(locator)

    def thumbnail(self, locator: str) -> None:
        """Make a thumbnail; the newest wish is met first, for that one is on the screen.

        A picture that is open or on its way is not read a second time for it.
        """
        if (kept := self._kept.get(locator)) is not None:
            self._thumbnail_of(kept)
            return
        if locator in (self._opening_of, *self._fetching):
            self._thumbnails_due.add(locator)
            return
        self._read_thumbnail(locator)

    def _given_up(self, locator: str | None) -> None:
        """A picture is not fetched after all: its thumbnail is, where one was wished."""
        if locator is not None and locator in self._thumbnails_due:
            self._thumbnails_due.discard(locator)
            self._read_thumbnail(locator)

    def _read_thumbnail(self, locator: str) -> None:
        self._aside.submit(
            MakeThumbnail(locator, THUMBNAIL_SIDE),
            tell=ending(
                lambda image: self.thumbnail_made.emit(locator, image),
                # A picture without thumbnail says why when it is opened.
                lambda _problem: None,
            ),
            urgency=_LATER,
            newest_first=True,
        )

    def list(self, folder: str) -> None:
        """Find the pictures in a folder."""
        self._bridge.submit(
            ListFolder(folder),
            tell=ending(lambda found: self.listed.emit(folder, tuple(found)), self.failed.emit),
        )

    def find_moved(self, listed: Sequence[Listed], tell: Callable[[dict[str, str]], None]) -> None:
        """Where pictures are now that are not where they were."""
        self._aside.submit(
            FindMoved(tuple(listed)), tell=ending(tell, lambda _problem: None), urgency=_LATER
        )

    def _thumbnail_of(self, picture: Picture) -> None:
        whole = Region.whole(picture.size)
        image = picture.pyramid.portrait(whole, side=min(THUMBNAIL_SIDE, max(picture.size)))
        # Not at once: whoever asked is in the middle of painting.
        QTimer.singleShot(0, self, lambda: self.thumbnail_made.emit(picture.locator, image))

    def _on_opened(self, picture: Picture) -> None:
        self._opening_of = None
        self._opening = None
        self._keep(picture)
        self.opened.emit(picture)

    def _on_refused(self, locator: str, problem: Problem) -> None:
        self._opening_of = None
        self._thumbnails_due.discard(locator)
        self._opening = None
        self.refused.emit(locator, problem)

    def _keep(self, picture: Picture) -> None:
        self._kept[picture.locator] = picture
        self._sizes[picture.locator] = picture.size
        key = picture_key(picture.provenance.sha256, picture.locator)
        self._keys[picture.locator] = key
        if picture.locator in self._thumbnails_due:
            self._thumbnails_due.discard(picture.locator)
            self._thumbnail_of(picture)
        self._kept.move_to_end(picture.locator)
        while len(self._kept) > 1 and sum(p.nbytes for p in self._kept.values()) > _KEPT_BYTES:
            self._kept.popitem(last=False)
        self.kept.emit(picture.locator)
