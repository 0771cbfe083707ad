"""A camera that gives what a test feeds it, and a watch over it on a clock of the test's own."""

import queue
import threading

import numpy as np

from inspector_app.domain.live import Arrival
from inspector_app.workflow.watching import Watch

PATIENCE_S = 20


def grey(value, *, size=(8, 6), late_s=0.0):
    """A picture of one grey."""
    return Arrival(np.full((size[1], size[0], 3), value, np.uint8), late_s=late_s)


class FakeCamera:
    """A plug-in of `cameras/` and its stream in one.

    Attributes:
        opened: How often it was opened.
        closed: How often its stream was closed.
        refusal: Raised by `open` while set.
    """

    TITLE = "Fake"

    def __init__(self, *, is_steady=True):
        self.IS_STEADY = is_steady
        self.fed = queue.Queue()
        self.asked = threading.Semaphore(0)
        self.opened = self.closed = 0
        self.refusal = None

    def accepts(self, _address):
        return True

    def found(self):
        return ()

    def open(self, _address):
        self.opened += 1
        if self.refusal is not None:
            raise self.refusal
        return self

    def read(self):
        self.asked.release()
        given = self.fed.get(timeout=PATIENCE_S)
        if isinstance(given, BaseException):
            raise given
        return given

    def close(self):
        self.closed += 1

    def feed(self, *given):
        """Give these one after the other, and wait until the next one is asked for."""
        for one in given:
            assert self.asked.acquire(timeout=PATIENCE_S)
            self.fed.put(one)
        assert self.asked.acquire(timeout=PATIENCE_S)
        self.asked.release()

    def give(self, one):
        """Give this, without waiting for what comes of it."""
        assert self.asked.acquire(timeout=PATIENCE_S)
        self.fed.put(one)


class Staged:
    """A watch whose clock and waits are the test's.

    Attributes:
        now: What the clock says.
        delays: The waits before connecting again, in order.
        go: Set to let a wait end.
    """

    def __init__(self, camera, *, chance=1.0, **more):
        self.now = 100.0
        self.delays = queue.Queue()
        self.go = threading.Semaphore(0)
        self.camera = camera
        self.watch = Watch(
            "rtsp://user:secret@host/1",
            find=lambda _address: camera,
            clock=lambda: self.now,
            wait=self._wait,
            chance=lambda: chance,
            **more,
        )

    def _wait(self, stop, delay_s):
        self.delays.put(delay_s)
        self.go.acquire(timeout=PATIENCE_S)
        return stop.is_set()

    def lost(self):
        """Wait until it waits to connect again; the delay."""
        return self.delays.get(timeout=PATIENCE_S)

    def end(self):
        """Close the watch; its thread must go home."""
        self.watch.close()
        self.go.release()
        self.camera.fed.put(None)
        assert self.watch.close(patience_s=PATIENCE_S)
