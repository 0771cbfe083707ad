"""Paint code never raises: an error in it would take the whole program down.

Qt calls it in the middle of drawing the window; an exception that leaves it, or a painter that
it leaves open, ends in a crash. Here a mistake becomes a crash card and a part left out.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget


@contextmanager
def painter_on(widget: QWidget) -> Iterator[QPainter]:
    """A painter for a `paintEvent`, closed whatever happens."""
    painter = QPainter(widget)
    try:
        yield painter
    except Exception:  # noqa: BLE001  a bug of ours: the card says so, the window lives
        sys.excepthook(*sys.exc_info())
    finally:
        painter.end()


@contextmanager
def unharmed(painter: QPainter) -> Iterator[None]:
    """Give a painter back as it was, whatever happens."""
    painter.save()
    try:
        yield
    except Exception:  # noqa: BLE001  as above
        sys.excepthook(*sys.exc_info())
    finally:
        painter.restore()
