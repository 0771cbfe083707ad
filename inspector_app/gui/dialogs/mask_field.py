"""Where boxes are typed that are painted over in pictures; what is wrong stands below."""

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.exporting import box_words, check_masks, masks_from
from inspector_app.domain.messages import Problem
from inspector_app.domain.region import Region
from inspector_app.gui.parts import plain
from inspector_app.gui.wording.problems import problem_line

_PAUSE_MS = 400
_WIDE = str.maketrans({"\N{FULLWIDTH SEMICOLON}": ";", "\N{FULLWIDTH COMMA}": ","})
"""As Chinese keyboards write them."""


class MaskField(QWidget):
    """A line for boxes x0,y0,x1,y1 in pixels, parted by semicolons, or the word none.

    Attributes:
        take: Offers boxes that are drawn already; hidden unless a dialog shows it.

    Signals:
        typed: What stands there is other than before.
        changed: A moment after that, once its fault, if it has one, is shown.
    """

    typed = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size: tuple[int, int] | None = None
        self.line, self.take, self.words = QLineEdit(), QPushButton(), plain(role="trouble")
        self.line.setClearButtonEnabled(True)
        self.label = plain()
        self.label.setWordWrap(False)
        self.label.setBuddy(self.line)
        self.take.setAutoDefault(False)
        self.take.hide()
        self.words.hide()
        self.setFocusProxy(self.line)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.label, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.take)
        layout.addLayout(row, 0, 1)
        layout.addWidget(self.words, 1, 1)
        self.line.textChanged.connect(self._on_typed)
        self.line.returnPressed.connect(self._tell)
        self.retranslate()

    @property
    def masks(self) -> tuple[Region, ...] | None:
        """The boxes; None where nothing is typed: nobody looked for writing.

        Raises:
            WrongUse: what is typed is no box, or lies outside the picture.
        """
        found = masks_from(self.line.text().translate(_WIDE).split(";"))
        if self._size is not None:
            check_masks(found or (), size=self._size)
        return found

    @property
    def problem(self) -> Problem | None:
        """What is wrong with what is typed."""
        try:
            _ = self.masks
        except WrongUse as error:
            return Problem(str(error), error.hint)
        return None

    def set_size(self, size: tuple[int, int] | None) -> None:
        """(width, height) of the picture in which the boxes must lie; None for many pictures."""
        self._size = size

    def set_masks(self, masks: tuple[Region, ...] | None) -> None:
        """Show boxes, as if they had been typed, at once."""
        none = "" if masks is None else "none"
        self.line.setText("; ".join(map(box_words, masks or ())) or none)
        self._tell()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        paint = self.tr("Paint over")
        self.label.setText(paint)
        self.line.setAccessibleName(paint)
        self.line.setPlaceholderText(self.tr("Boxes x0,y0,x1,y1; several parted by semicolons"))
        self.take.setText(self.tr("Take the drawn regions"))
        self.take.setToolTip(
            self.tr(
                "Of the regions drawn on the picture those named “mask”; all of them where "
                "none is named so."
            )
        )
        if not self._pause.isActive():
            self._show_fault()

    def _on_typed(self, _text: str) -> None:
        # While somebody types, what is not finished is no fault.
        self.words.hide()
        self._pause.start()
        self.typed.emit()

    def _tell(self) -> None:
        self._pause.stop()
        self._show_fault()
        self.changed.emit()

    def _show_fault(self) -> None:
        problem = self.problem
        self.words.setText("" if problem is None else problem_line(problem))
        self.words.setVisible(problem is not None)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
