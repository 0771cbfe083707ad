"""Ctrl+C in the terminal that the window was started from."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QWidget


@contextmanager
def closed_by_interrupt(window: QWidget) -> Iterator[None]:
    """Let Ctrl+C in the terminal close the window, even while Qt waits for events."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, window)
    # Qt's turn gives Python its own: the handler below is called in it. It takes nothing of
    # what the notifier tells: a handler that raises while PySide makes that would crash it.
    notifier.activated.connect(lambda: ours.recv(64))
    fd_before = signal.set_wakeup_fd(theirs.fileno())
    handler_before = signal.signal(signal.SIGINT, lambda *_told: window.close())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler_before)
        signal.set_wakeup_fd(fd_before)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()
