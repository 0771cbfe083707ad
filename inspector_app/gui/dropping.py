"""Files and folders that are dropped on the window."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class DropTarget(QObject):
    """Lets a widget take files from other programs.

    Signals:
        over_changed: Whether files are held above it.
        dropped: List of paths.
    """

    over_changed = Signal(bool)
    dropped = Signal(list)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self.over_changed.emit(False)
        # A drop is a kind of event of its own, of which entering and moving are kinds too.
        if kind not in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            return super().eventFilter(watched, event)
        if not isinstance(event, QDragEnterEvent | QDropEvent):
            return False
        names = local_paths(event.mimeData().urls())
        if names:
            event.acceptProposedAction()
        self.over_changed.emit(bool(names) and kind == QEvent.Type.DragEnter)
        if names and kind == QEvent.Type.Drop:
            self.dropped.emit(names)
        return True


def local_paths(urls: Sequence[QUrl]) -> list[str]:
    """Of those that are files of this machine."""
    return [url.toLocalFile() for url in urls if url.isLocalFile()]
