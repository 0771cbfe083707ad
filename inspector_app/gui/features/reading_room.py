"""Read first, then AI, in the window: its actions, its chip, and the AI's work meanwhile."""

from PySide6.QtCore import QObject, QTimer

from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.panels.reading import ReadingChip
from inspector_app.gui.session import Session

_SOON_MS = 300
"""A picture that was just opened is on the screen, and run-ahead had its turn."""


class ReadingRoom(QObject):
    """Lives as long as the window.

    Args:
        window: Gets a chip in its status bar.
        session: Hides and shows.
    """

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._session = session
        self._actions = window.actions_by_name
        self._asked: set[tuple[str, str]] = set()
        self.chip = ReadingChip(session, window.look)
        window.status.add(self.chip)
        self._actions.on("read_first", session.read_first.switch)
        self._actions.on("end_reading", session.end_reading)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._begin_unseen)
        session.read_first.changed.connect(self._show)
        for signal in (
            session.picture_changed,
            session.asking.model_changed,
            session.preset_changed,
            session.read_first.changed,
        ):
            signal.connect(lambda *_values: self._soon.start())
        self._show()

    def _show(self) -> None:
        self._actions["read_first"].setChecked(self._session.read_first.is_on)
        self._actions.show_abilities(self._session)

    def _begin_unseen(self) -> None:
        """The AI inspects while the reader reads: nobody has to wait afterwards."""
        session, picture = self._session, self._session.picture
        if picture is None or not session.read_first.is_hiding or session.known is not None:
            return
        wish = (picture.locator, session.question.strip())
        is_busy = session.is_opening or session.is_inspecting(picture.locator)
        if is_busy or session.model is None or wish in self._asked:
            return
        if session.why_no_question("") is None:
            self._asked.add(wish)
            session.ask()
