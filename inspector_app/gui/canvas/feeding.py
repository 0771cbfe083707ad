"""Pieces of pictures made ready for the screen beside the window's thread.

Windowing, resampling and the conversion for the screen take milliseconds, and much longer where
other threads want the processor too. The window asks for a piece, shows the last good one
meanwhile, and paints again when the new one is there. The newest wish of each asker is met;
those it replaced are dropped.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QImage

from inspector_app.gui.picture import Pyramid, Tone


@dataclass(frozen=True, slots=True)
class Wish:
    """A part of a level of a picture.

    Attributes:
        pyramid: The picture.
        level: Of the pyramid.
        box: In the level's pixels.
        size: (width, height) of the image to make.
        scale: Device pixels per picture pixel that it is meant for.
        tone: Window and polarity.
        turn: Counts the wishes of one asker.
    """

    pyramid: Pyramid
    level: int
    box: QRect
    size: tuple[int, int]
    scale: float
    tone: Tone
    turn: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A wish and the image that was made for it."""

    wish: Wish
    image: QImage


def made(wish: Wish) -> Piece:
    """The piece that is wished for; any thread may make it."""
    image = wish.pyramid.piece(wish.level, wish.box, tone=wish.tone, size=wish.size)
    return Piece(wish, image)


class Asker(Protocol):
    """Who wishes for pieces."""

    def take(self, piece: Piece) -> None:
        """A piece that was wished for is there; called in the window's thread."""


class Feeder(QObject):
    """A thread that makes pieces; it is started by the first wish.

    Args:
        parent: Qt owner; it must call `close`.
    """

    _made = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = threading.Condition()
        self._wishes: OrderedDict[Asker, Wish] = OrderedDict()
        self._latest: dict[Asker, Piece] = {}
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self._made.connect(self._on_made, Qt.ConnectionType.QueuedConnection)

    def want(self, asker: Asker, wish: Wish) -> None:
        """Make this piece next; what the asker wished before is wanted no more."""
        with self._turn:
            if self._is_closed:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="feeder", daemon=True)
                self._thread.start()
            self._wishes[asker] = wish
            self._turn.notify_all()

    def wait_for(self, asker: Asker, wish: Wish, *, patience_s: float) -> Piece | None:
        """The piece of a wish if it is made in time, else None; it is told of all the same."""
        end = time.monotonic() + patience_s
        with self._turn:
            while not self._is_closed:
                made = self._latest.get(asker)
                if made is not None and made.wish == wish:
                    return made
                rest = end - time.monotonic()
                if rest <= 0:
                    break
                self._turn.wait(rest)
        return None

    def forget(self, asker: Asker) -> None:
        """Let go of what was made for an asker, and of what it wished."""
        with self._turn:
            self._wishes.pop(asker, None)
            self._latest.pop(asker, None)

    def close(self) -> None:
        """Send the thread home and wait for it: at most for the piece that is being made."""
        with self._turn:
            self._is_closed = True
            self._wishes.clear()
            self._latest.clear()
            self._turn.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _on_made(self, asker: Asker, piece: Piece) -> None:
        if not self._is_closed:
            asker.take(piece)

    def _work(self) -> None:
        while (next_one := self._next()) is not None:
            asker, wish = next_one
            piece = made(wish)
            with self._turn:
                self._latest[asker] = piece
                self._turn.notify_all()
            try:
                self._made.emit(asker, piece)
            except RuntimeError:
                # The window was torn down without close(): nobody is left to be told.
                return

    def _next(self) -> tuple[Asker, Wish] | None:
        with self._turn:
            while not self._wishes and not self._is_closed:
                self._turn.wait()
            return None if self._is_closed else self._wishes.popitem(last=False)
