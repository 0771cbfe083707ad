"""Garbage collections that the program is spared while it makes what stays anyway.

Python looks through all objects again and again while many are made. Measured from the start to
the picture that was open before: 0.5 s of 2.0 s of processor time.
"""

import contextlib
import gc
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Make many objects at once without a collection in between; they are collected as ever."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


@contextlib.contextmanager
def lasting() -> Iterator[None]:
    """Import something big: what is made meanwhile lives as long as the program.

    The garbage collector never looks at it again. A family of models brings 180,000 objects
    along; walking through them held a dragging hand for a tenth of a second now and then.
    """
    before = len(sys.modules)
    with uncollected():
        try:
            yield
        finally:
            # Models themselves are never frozen: they go when the last who uses them lets go.
            if len(sys.modules) > before:
                gc.freeze()
