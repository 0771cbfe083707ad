"""The tour: a few steps through the window on the samples, each pointing at the real thing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.panels.coach import Coach


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One stop of the tour.

    Attributes:
        target: The widget it points at.
        title: Few words.
        words: What it is for, and what to do there.
        begin: Done on arriving, such as bringing a panel to the front.
    """

    target: Callable[[], QWidget]
    title: str
    words: str
    begin: Callable[[], object] = lambda: None


class Tour(QObject):
    """Shown once by itself, and again from the Help menu; the window can be used meanwhile.

    Args:
        window: Where it leads through.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._at = -1
        self._focus: QWidget | None = None
        self.coach = Coach(window.look, window)
        self.coach.next_wanted.connect(lambda: self._go(1))
        self.coach.back_wanted.connect(lambda: self._go(-1))
        self.coach.skip_wanted.connect(self.end)
        self._say(self.steps()[0], of=len(self.steps()))
        window.installEventFilter(self)

    @property
    def at(self) -> int:
        """Number of the step that is shown, from 0; -1 while there is none."""
        return self._at

    def begin(self) -> None:
        """Start at the first step; from now on it never comes by itself."""
        session = self._window.session
        session.change_settings(replace(session.settings, tour_seen=True))
        # Whoever leaves the program in its middle has seen it, too.
        session.keep_settings()
        self._focus = self._window.focusWidget()
        self._at = 0
        self._show()

    def begin_once(self) -> None:
        """Start it for somebody who never saw it."""
        if not self._window.session.settings.tour_seen:
            self.begin()

    def end(self) -> None:
        """Leave it; the focus goes back where it was."""
        self._at = -1
        self.coach.close_up()
        (self._focus or self._window.canvas.view).setFocus()
        self._focus = None

    def steps(self) -> tuple[Step, ...]:
        """In the language of the moment."""
        window = self._window
        docks = window.docks
        return (
            Step(
                lambda: docks.pictures,
                self.tr("Pictures"),
                self.tr(
                    "Here stand the pictures you open; these are the samples. N or Space goes to"
                    " the next one, P back."
                ),
                self._open_samples,
            ),
            Step(
                lambda: window.ask.question,
                self.tr("Ask"),
                self.tr(
                    "Type what you want to know, in English or Chinese. A sample brings a"
                    " question of its own."
                ),
                docks.right["question"].show,
            ),
            Step(
                lambda: window.ask.inspect,
                self.tr("Inspect"),
                self.tr(
                    "Press Enter in the question, or this. The model reads the whole picture,"
                    " finds where to look closer, and is asked again. Try it now."
                ),
            ),
            Step(
                lambda: docks.right["answer"],
                self.tr("The answer"),
                self.tr(
                    "First the verdict, then what was said before and after zooming, then each"
                    " enlarged part. Where the two disagree: look for yourself."
                ),
                lambda: self._bring("answer"),
            ),
            Step(
                lambda: window.stack,
                self.tr("Where the model looked"),
                self.tr(
                    "Colours show where the model looked, not how sure it is; dashed boxes what it"
                    " was shown enlarged. Hold Tab for the bare picture."
                ),
            ),
            Step(
                lambda: docks.right["findings"],
                self.tr("You decide"),
                self.tr(
                    "Y accepts a finding, Shift+Y rejects it, D marks one of your own. Everything"
                    " is stored at once; Ctrl+Z takes it back."
                ),
                lambda: self._bring("findings"),
            ),
            Step(
                window.menuBar,
                self.tr("Help"),
                self.tr(
                    "F1 opens the help at the panel you are in. This tour is in the Help menu, too."
                ),
                docks.right["answer"].raise_,
            ),
        )

    def _bring(self, panel: str) -> None:
        dock = self._window.docks.right[panel]
        dock.show()
        dock.raise_()

    def _open_samples(self) -> None:
        session = self._window.session
        self._window.docks.pictures.show()
        if session.picture is None and not session.is_opening and not session.worklist.rowCount():
            self._window.actions_by_name["samples"].trigger()

    def _go(self, by: int) -> None:
        at = self._at + by
        if at >= len(self.steps()):
            self.end()
        elif at >= 0:
            self._at = at
            self._show()

    def _show(self) -> None:
        if self._at < 0:
            return
        steps = self.steps()
        step = steps[self._at]
        step.begin()
        self._say(step, of=len(steps))
        self.coach.point_at(step.target())

    def _say(self, step: Step, *, of: int) -> None:
        coach, is_last = self.coach, self._at == of - 1
        coach.count.setText(self.tr("{at} of {count}").format(at=self._at + 1, count=of))
        coach.title.setText(step.title)
        coach.words.setText(step.words)
        coach.back.setText(self.tr("Back"))
        coach.back.setEnabled(self._at > 0)
        coach.next.setText(self.tr("Done") if is_last else self.tr("Next"))
        coach.skip.setText(self.tr("Skip the tour"))
        coach.skip.setVisible(not is_last)
        coach.setAccessibleName(f"{step.title}. {step.words}")
        # The focus stands on this button: that is what a screen reader says.
        coach.next.setAccessibleDescription(f"{coach.count.text()}. {step.title}. {step.words}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            steps = self.steps()
            # Also while it is not shown: its buttons have names at any time.
            self._say(steps[max(self._at, 0)], of=len(steps))
            self._show()
        return super().eventFilter(watched, event)
