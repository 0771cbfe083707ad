"""A job that a dialog hands to the desk: what is told of it, how far it is, how it is stopped."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector_app.domain.exporting import Exporting, SendFiles
from inspector_app.domain.messages import (
    Cancelled,
    Failed,
    Finished,
    Message,
    Problem,
    Progressed,
)
from inspector_app.domain.record_messages import WriteBook
from inspector_app.gui.papers import Papers
from inspector_app.gui.parts import plain
from inspector_app.gui.wording.problems import problem_line


class Handing(QWidget):
    """One job at a time; it takes no room while there is nothing to tell.

    Args:
        desk: Does the work, and hears of failures that are bugs.

    Signals:
        running: Whether a job runs now; sent before `finished`.
        finished: What a job came to.
    """

    running = Signal(bool)
    finished = Signal(object)

    def __init__(self, desk: Papers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._job: int | None = None
        self._keeps_part = False
        self.told, self.progress, self.stop = plain(), QProgressBar(), QPushButton()
        self.progress.setTextVisible(False)
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self._stop)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.progress, 1)
        line.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.told)
        layout.addLayout(line)
        self.retranslate()
        self._show()

    @property
    def is_running(self) -> bool:
        """Whether there is something to wait for."""
        return self._job is not None

    def begin(self, wanted: Exporting | WriteBook) -> None:
        """Hand a job over; there must be none running."""
        # Stored files cannot be called back; anything else comes together, or not at all.
        self._keeps_part = isinstance(wanted, SendFiles)
        self.progress.setRange(0, 0)
        self._job = self._desk.hand_over(wanted, self._hear)
        self.tell(self.tr("Working …"))
        self.running.emit(True)

    def tell(self, words: str) -> None:
        """Say what came of it; "" for nothing."""
        self.told.setText(words)
        self._show()

    def tell_problem(self, problem: Problem) -> None:
        """Say what went wrong; of a bug more is told elsewhere."""
        self.tell(problem_line(problem))
        if problem.trace:
            self._desk.failed.emit(problem)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.stop.setText(self.tr("Stop"))
        self.progress.setAccessibleName(self.tr("Progress"))

    def _stop(self) -> None:
        if self._job is not None:
            self._desk.stop_handing(self._job)

    def _hear(self, message: Message) -> None:
        if isinstance(message, Progressed):
            self.progress.setRange(0, message.step.total)
            self.progress.setValue(message.step.done)
            return
        self._job = None
        match message:
            case Finished():
                self.tell("")
            case Failed(problem=problem):
                self.tell_problem(problem)
            case Cancelled():
                stays = self.tr("Stopped. What is there already stays.")
                none = self.tr("Stopped. Nothing was written.")
                self.tell(stays if self._keeps_part else none)
        self.running.emit(False)
        if isinstance(message, Finished):
            self.finished.emit(message.value)

    def _show(self) -> None:
        self.progress.setVisible(self.is_running)
        self.stop.setVisible(self.is_running)
        self.told.setVisible(bool(self.told.text()))
        self.setVisible(self.is_running or bool(self.told.text()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
