"""In the line below: how far run-ahead is, and how to begin, pause and end it."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from inspector_app.gui.ahead import AheadState, Rest
from inspector_app.gui.ahead_session import AheadSession
from inspector_app.gui.theme import Look

_SIDE = 16


class AheadStrip(QWidget):
    """One button while it is off; words, pause and end while it is on.

    Args:
        session: Knows how far it is.
        look: For the icons.
    """

    def __init__(self, session: AheadSession, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self.begin, self.pause, self.end = (_button() for _ in range(3))
        self.begin.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.words = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for part in (self.begin, self.words, self.pause, self.end):
            layout.addWidget(part)
        self.begin.clicked.connect(lambda: session.set_ahead(is_on=True))
        self.end.clicked.connect(lambda: session.set_ahead(is_on=False))
        self.pause.clicked.connect(
            lambda: session.ahead.pause(is_paused=not session.ahead.is_paused)
        )
        session.ahead.changed.connect(self._show)
        look.changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.begin.setIcon(self._look.icon("ahead", colour=self._look.colours.muted))
        self.begin.setText(self.tr("Inspect ahead"))
        self.end.setIcon(self._look.icon("close", colour=self._look.colours.muted))
        _name(self.begin, self.tr("Inspect the next pictures ahead, with this question"))
        _name(self.end, self.tr("End run-ahead; what is finished stays"))
        self._show(self._session.ahead.state)

    def _show(self, state: AheadState) -> None:
        is_paused = state.rest is Rest.PAUSED
        self.begin.setVisible(not state.is_on)
        for part in (self.words, self.pause, self.end):
            part.setVisible(state.is_on)
        name = "play" if is_paused else "pause"
        self.pause.setIcon(self._look.icon(name, colour=self._look.colours.muted))
        _name(
            self.pause,
            self.tr("Go on inspecting ahead") if is_paused else self.tr("Pause run-ahead"),
        )
        self.words.setText(self.state_words(state))
        self.words.setToolTip(self._sentence(state))
        self.words.setAccessibleName(self.words.text())
        self.words.setAccessibleDescription(self.words.toolTip())

    def state_words(self, state: AheadState) -> str:
        """How far it is, and why it rests, in a few words."""
        if state.rest is Rest.QUESTION and not state.total:
            # How many there are is known once something was asked of one.
            is_open = self._session.locator is not None
            return self.tr("ahead after Enter") if is_open else self.tr("nothing ahead")
        said = self.tr("{done} of {total} ahead").format(done=state.done, total=state.total)
        words = [said if state.total else self.tr("nothing ahead")]
        if state.failed:
            words.append(self.tr("%n failed", "", state.failed))
        if rest := self._rest_words(state.rest):
            words.append(rest)
        return " · ".join(words)

    def _rest_words(self, rest: Rest) -> str:
        return {
            Rest.NONE: "",
            Rest.PAUSED: self.tr("paused"),
            Rest.ASKED: self.tr("your question first"),
            Rest.MODEL: self.tr("no model"),
            Rest.CAMERA: self.tr("camera is open"),
            Rest.OPERATOR: self.tr("operator mode"),
            Rest.QUESTION: self.tr("press Enter"),
            Rest.DRAWN: self.tr("drawn by hand"),
        }[rest]

    def _sentence(self, state: AheadState) -> str:
        return {
            Rest.NONE: self.tr(
                "So many of the next pictures have their answer already. They are asked what was"
                " asked last, and stored like every inspection."
            ),
            Rest.PAUSED: self.tr("Nothing is done ahead until you go on."),
            Rest.ASKED: self.tr("Your own question goes first; then it goes on."),
            Rest.MODEL: self.tr("It goes on when a model is loaded."),
            Rest.CAMERA: self.tr("An open camera has the model to itself."),
            Rest.OPERATOR: self.tr("An operator's parts are inspected when they come."),
            Rest.QUESTION: self.tr(
                "The question in the field was not asked yet: Enter asks it, and the next pictures"
                " follow."
            ),
            Rest.DRAWN: self.tr("Rectangles drawn by hand belong to one picture."),
        }[state.rest]

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _button() -> QToolButton:
    button = QToolButton()
    button.setObjectName("chip")
    button.setAutoRaise(True)
    button.setIconSize(QSize(_SIDE, _SIDE))
    return button


def _name(button: QToolButton, words: str) -> None:
    button.setToolTip(words)
    button.setAccessibleName(words)
