"""Open pictures, kept between jobs; several threads ask for them at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.stamp import FileStamp
from inspector_app.workflow.decoder import Pictures

_KEPT = 4
_BUDGET = 600_000_000


class Frames:
    """The last few pictures, and every other one that is still in use somewhere.

    A picture that two ask for at the same time is read once, and one that the window still
    shows is not read again for the model.

    Args:
        pictures: Opens them.
    """

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._lock = threading.Lock()
        self._kept: OrderedDict[FileStamp, Frame] = OrderedDict()
        self._alive: WeakValueDictionary[FileStamp, Frame] = WeakValueDictionary()
        self._turns: dict[FileStamp, threading.Lock] = {}

    def __len__(self) -> int:
        """How many are held here."""
        return len(self._kept)

    def open(self, locator: str) -> Frame:
        """The picture in the state its file is in now.

        Raises:
            UnreadablePicture: see `workflow.open`.
        """
        stamp = FileStamp.of(locator)
        with self._lock:
            if (known := self._known(stamp)) is not None:
                return known
            turn = self._turns.setdefault(stamp, threading.Lock())
        with turn:
            with self._lock:
                if (known := self._known(stamp)) is not None:
                    return known
            try:
                frame = replace(self._pictures.open_picture(locator), stamp=stamp)
                with self._lock:
                    self._keep(stamp, frame)
                return frame
            finally:
                with self._lock:
                    self._turns.pop(stamp, None)

    def clear(self) -> None:
        """Hold none any more."""
        with self._lock:
            self._kept.clear()

    def _known(self, stamp: FileStamp) -> Frame | None:
        # A file that is not there may be a device: it has no state to be known by.
        frame = self._alive.get(stamp) if stamp.size >= 0 else None
        if frame is not None:
            self._keep(stamp, frame)
        return frame

    def _keep(self, stamp: FileStamp, frame: Frame) -> None:
        self._alive[stamp] = self._kept[stamp] = frame
        self._kept.move_to_end(stamp)
        while len(self._kept) > 1 and (
            len(self._kept) > _KEPT
            or sum(kept.pixels.nbytes for kept in self._kept.values()) > _BUDGET
        ):
            self._kept.popitem(last=False)


def at_once(call: Callable[[Any], Any]) -> Callable[[Any], Steps[Any]]:
    """A story of one step: what `call` makes of a request."""

    def story(request: Any) -> Steps[Any]:
        yield Step("open", 0, 1)
        return call(request)

    return story


def stamps_of(locators: Sequence[str]) -> Steps[tuple[FileStamp, ...]]:
    """The state of each picture's file."""
    stamps = []
    for at, locator in enumerate(locators):
        yield Step("open", at, len(locators))
        stamps.append(FileStamp.of(locator))
    return tuple(stamps)
