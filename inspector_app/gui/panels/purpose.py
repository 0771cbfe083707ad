"""What the program is not for: always on the screen, shorter where there is less room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_PADDING = 12


class Purpose(QLabel):
    """At the right end of the toolbar; all of it stands in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "muted")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._whole = self._short = ""

    def say(self, whole: str, *, short: str) -> None:
        """In the language of the moment."""
        self._whole, self._short = whole, short
        self.setToolTip(whole)
        self.setAccessibleName(whole)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width() - _PADDING
        fits = self.fontMetrics().horizontalAdvance(self._whole) <= room
        self.setText(self._whole if fits else self._short)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        # A toolbar leaves out what does not fit: only the short words are asked for.
        width = self.fontMetrics().horizontalAdvance(self._short) + _PADDING
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        self._fit()
