"""A camera whose pictures a test gives, and what is seen and asked of it."""

import numpy as np

from inspector_app.domain.live import Live, Liveness, Shot
from inspector_app.domain.messages import Inspect


class Watched:
    """A camera whose mailbox the test fills."""

    def __init__(self, address):
        self.address = address
        self.shot = None
        self.now = Live(Liveness.CONNECTING)
        self.is_closed = False

    def newest(self):
        return self.shot

    def live(self):
        return self.now

    def close(self, **_patience):
        self.is_closed = True
        return True

    def give(self, number, *, path=""):
        """A new picture, fresh."""
        pixels = np.full((48, 64, 3), number * 10 % 256, np.uint8)
        when = f"2026-11-21T05:00:{number % 60:02d}.000+00:00"
        self.shot = Shot(number, 0.0, when, self.address, pixels, path)
        self.now = Live(Liveness.LIVE, 0.02, 25.0)

    def go_stale(self):
        self.now = Live(Liveness.STALE, 3.2)


def page_of(window):
    """What stands in the middle of the window."""
    return window.stack.currentWidget()


def inspected(stage):
    """The inspections that were asked for, in order."""
    return [request for request in stage.script.asked if isinstance(request, Inspect)]
