"""The page of a camera: live picture, how the camera is, freeze, inspect, one after the other."""

import math
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.live import Live, Liveness, Shot
from inspector_app.domain.wording import inert
from inspector_app.gui.canvas.hands import Hands
from inspector_app.gui.live_session import Judged, LiveSession, Mode
from inspector_app.gui.panels.live_picture import FilmStrip, LivePicture
from inspector_app.gui.parts import muted, plain, restyle
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.problems import problem_words
from inspector_app.gui.wording.words import outcome_word

_ICONS = {"PASS": "pass", "FAIL": "fail", "CHECK": "check"}


class CameraPage(QWidget):
    """Stands where pictures stand, while a camera is watched.

    Keys, while the picture has the focus: Space freezes and resumes, Enter inspects, T triggers.
    """

    def __init__(self, session: LiveSession, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self._live: Live | None = None
        self._judged: Judged | None = None
        self._said = ("", "")
        self._was_blind = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture = LivePicture(look)
        self.strip = FilmStrip(look)
        self.state, self.figures, self.address = QLabel(), muted(), plain(role="muted")
        self.figures.setWordWrap(False)
        self.address.setWordWrap(False)
        # The word changes many times; what stands beside it should not jump.
        self.state.setMinimumWidth(96)
        self.missed = muted()
        self.missed.setWordWrap(False)
        self.freeze, self.inspect, self.trigger = QPushButton(), QPushButton(), QPushButton()
        self.leave = QPushButton()
        self.inspect.setProperty("role", "primary")
        self.leave.setProperty("role", "flat")
        self.mode = QComboBox()
        self.mode.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for mode in Mode:
            self.mode.addItem("", mode)
        self.card = QFrame()
        self.card.setObjectName("verdict")
        self.icon, self.word, self.words = QLabel(), plain(role="word"), plain()
        self.when = muted()
        self._arrange()
        self._listen()
        self.retranslate()
        self._draw()
        self._show_mode(session.mode)
        self._show_live(None)

    def _arrange(self) -> None:
        verdict = QHBoxLayout(self.card)
        verdict.setContentsMargins(12, 8, 12, 8)
        verdict.setSpacing(10)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.word)
        said.addWidget(self.words)
        said.addWidget(self.when)
        verdict.addWidget(self.icon)
        verdict.addLayout(said, 1)
        self.card.setFixedWidth(240)
        self.below = QWidget()
        film = QHBoxLayout(self.below)
        film.setContentsMargins(8, 8, 8, 0)
        film.addWidget(self.card)
        film.addWidget(self.strip, 1)
        bar = QWidget()
        bar.setObjectName("panel")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rows = QVBoxLayout(bar)
        rows.setContentsMargins(12, 8, 12, 10)
        rows.setSpacing(8)
        top, middle, low = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (top, middle, low):
            row.setSpacing(8)
            rows.addLayout(row)
        top.addWidget(self.state)
        # Wrapped words ask for no width of their own: each of these has a row.
        top.addWidget(self.address, 1)
        top.addWidget(self.leave)
        middle.addWidget(self.figures, 1)
        middle.addWidget(self.missed)
        for part in (self.freeze, self.inspect, self.mode, self.trigger):
            low.addWidget(part)
        low.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.picture, 1)
        whole.addWidget(self.below)
        whole.addWidget(bar)
        self.below.hide()

    def _listen(self) -> None:
        self._session.settings_changed.connect(lambda _settings: self._take_hands())
        self._take_hands()
        session = self._session
        session.eye.shot_changed.connect(self._show_shot)
        session.eye.live_changed.connect(self._show_live)
        session.eye.frozen_changed.connect(lambda _is_on: self._show_state())
        session.mode_changed.connect(self._show_mode)
        session.judged.connect(self._show_judged)
        session.rejudged.connect(self._on_rejudged)
        session.missed_changed.connect(lambda _count: self._show_missed())
        session.judging_changed.connect(lambda _shot: self._show_state())
        self.freeze.clicked.connect(session.switch_frozen)
        self.inspect.clicked.connect(session.ask)
        self.trigger.clicked.connect(session.trigger)
        self.leave.clicked.connect(session.close_camera)
        self.mode.activated.connect(self._choose_mode)
        self.strip.chosen.connect(lambda path: session.open_paths([path]))
        self._look.changed.connect(self._draw)

    def _choose_mode(self, _row: int) -> None:
        self._session.set_mode(Mode(self.mode.currentData()))
        # The next key is for the camera: a foot pedal is a keyboard with one key.
        self.setFocus()

    # Showing -------------------------------------------------------------------------

    def _show_shot(self, shot: Shot | None) -> None:
        # Nobody sees a page that is hidden: it takes up the newest when it is shown again.
        if self.isVisible() or shot is None:
            self.picture.show_shot(shot)

    def _show_live(self, live: Live | None) -> None:
        if live is None:
            self._judged = None
            self.strip.clear()
            self.below.hide()
        self._live = live
        self._show_state()
        self._show_missed()

    def _show_state(self) -> None:
        eye, live = self._session.eye, self._live
        shot = self.picture.shot
        if eye.is_frozen and shot is not None:
            word, tone = self.tr("Frozen"), self._look.colours.accent
            over = self.tr("Frozen at {time}").format(time=_clock(shot))
            self.picture.show_words("", is_faded=False)
            self.figures.setText(over)
        elif live is not None:
            word, tone = self._state_word(live)
            self.picture.show_words(self._over(live), is_faded=not live.is_live)
            self.figures.setText(self._figures(live))
        else:
            word, tone = "", self._look.colours.muted
            self.picture.show_words("", is_faded=False)
            self.figures.setText("")
        self._say_state(word, tone)
        self.address.setText(inert(eye.address, limit=120))
        may_judge = eye.is_frozen or (live is not None and live.is_live)
        self.freeze.setEnabled(may_judge)
        self.inspect.setEnabled(may_judge)
        self.trigger.setEnabled(self._session.mode is Mode.TRIGGER and not eye.is_frozen)
        self._say_freeze()
        if self._is_blind != self._was_blind:
            self._show_card()

    @property
    def _is_blind(self) -> bool:
        """Whether parts are to be judged and none can be seen."""
        is_live = self._live is not None and self._live.is_live
        is_judging = self._session.mode is not Mode.HAND
        return is_judging and not is_live and not self._session.eye.is_frozen

    def _say_state(self, word: str, tone: str) -> None:
        said = f"\N{BLACK CIRCLE} {word}" if word else ""
        # A style sheet is costly, and this is called many times a second.
        if (said, tone) != self._said:
            self._said = said, tone
            self.state.setText(said)
            self.state.setStyleSheet(f"color: {tone}; font-weight: 700;")

    def _state_word(self, live: Live) -> tuple[str, str]:
        colours = self._look.colours
        return {
            Liveness.LIVE: (self.tr("Live"), colours.passed),
            Liveness.CONNECTING: (self.tr("Connecting"), colours.muted),
            Liveness.STALE: (self.tr("Stale"), colours.check),
            Liveness.WAITING: (self.tr("Lost"), colours.failed),
            Liveness.CLOSED: (self.tr("Closed"), colours.muted),
        }[live.state]

    def _over(self, live: Live) -> str:
        """What stands across the picture; nothing while a live one is there."""
        if live.state is Liveness.CONNECTING:
            return self.tr("Connecting …")
        if live.state is Liveness.STALE:
            return self.tr("STALE: the last picture is {seconds} s old").format(
                seconds=f"{live.age_s or 0:.1f}"
            )
        if live.state is Liveness.WAITING:
            again = self.tr("Reconnecting in {seconds} s").format(seconds=math.ceil(live.retry_s))
            told = (problem_words(live.text), problem_words(live.hint), again)
            return "\n".join(inert(part, limit=240) for part in told if part)
        if live.is_live and self.picture.shot is None:
            if self._session.eye.address.startswith("folder:"):
                return self.tr("Waiting for the first new picture in the folder …")
            return self.tr("Waiting for the first picture …")
        return ""

    def _figures(self, live: Live) -> str:
        if live.text and live.is_live:
            return inert(problem_words(live.text), limit=200)
        if not live.fps:
            return ""
        delay = self.picture.delay_s
        rate = self.tr("{count} pictures a second").format(count=f"{live.fps:.0f}")
        if delay is None:
            return rate
        late = self.tr("{milliseconds} ms to the screen").format(milliseconds=f"{delay * 1000:.0f}")
        return f"{rate} · {late}"

    def _show_mode(self, mode: Mode) -> None:
        self.mode.setCurrentIndex(self.mode.findData(mode))
        self._show_state()

    def _show_missed(self) -> None:
        missed = self._session.missed + (self._live.missed if self._live is not None else 0)
        self.missed.setText(self.tr("{count} missed").format(count=missed) if missed else "")

    def _show_judged(self, judged: Judged) -> None:
        self._judged = judged
        self.strip.add(judged)
        self.below.show()
        self._show_card()

    def _on_rejudged(self, path: str, outcome: str) -> None:
        self.strip.correct(path, outcome)
        if self._judged is not None and self._judged.path == path:
            self._judged = replace(self._judged, outcome=outcome)
            self._show_card()

    def _show_card(self) -> None:
        """The last verdict; but an old PASS never stands over a line that nobody sees."""
        self._was_blind = self._is_blind
        judged = self._judged
        if self._was_blind:
            self.below.show()
            self._fill_card("CHECK", self.tr("There is no live picture to judge."), "")
        elif judged is not None:
            when = self.tr("Picture of {time}").format(time=_clock(judged.shot))
            self._fill_card(judged.outcome, problem_words(judged.words), when)

    def _fill_card(self, outcome: str, words: str, when: str) -> None:
        colour = self._look.colours.outcome(outcome)
        icon = _ICONS.get(outcome, "info")
        self.icon.setPixmap(self._look.pixmap(icon, side=36, colour=colour))
        self.word.setText(outcome_word(outcome) if outcome else self.tr("Answer"))
        self.word.setStyleSheet(f"color: {colour};")
        self.words.setText(inert(words, limit=160))
        self.when.setText(when)
        self.card.setProperty("outcome", outcome)
        restyle(self.card)

    def _draw(self) -> None:
        for button, icon in (
            (self.inspect, "inspect"),
            (self.trigger, "trigger"),
            (self.leave, "close"),
        ):
            tone = self._look.colours.on_accent if button is self.inspect else None
            button.setIcon(self._look.icon(icon, colour=tone))
            button.setIconSize(QSize(16, 16))
        self._show_state()
        self._show_card()

    def _say_freeze(self) -> None:
        is_frozen = self._session.eye.is_frozen
        self.freeze.setText(self.tr("Resume") if is_frozen else self.tr("Freeze"))
        self.freeze.setIcon(self._look.icon("play" if is_frozen else "pause"))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.picture.setAccessibleName(self.tr("Live picture"))
        self.strip.setAccessibleDescription(self.tr("Last judged pictures, newest first"))
        self.freeze.setToolTip(self.tr("Let the picture stand still, or go on (Space)"))
        self.inspect.setText(self.tr("Inspect"))
        self.inspect.setToolTip(self.tr("Keep this picture and ask about it (Enter)"))
        self.trigger.setText(self.tr("Trigger"))
        self.trigger.setToolTip(self.tr("Inspect the picture of this moment (T)"))
        self.leave.setText(self.tr("Close the camera"))
        names = {
            Mode.HAND: self.tr("Inspect by hand"),
            Mode.TRIGGER: self.tr("Inspect on trigger"),
            Mode.EVERY: self.tr("Inspect continuously"),
        }
        for mode, name in names.items():
            self.mode.setItemText(self.mode.findData(mode), name)
        self.mode.setAccessibleName(self.tr("When to inspect"))
        self._show_state()
        self._show_missed()
        self._show_card()

    def _take_hands(self) -> None:
        self.picture.hands = Hands.of(dict(self._session.settings.mouse))

    # Events --------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # These keys are shortcuts of the window too; here they mean the camera.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_T)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Space:
            self._session.switch_frozen()
        elif event.key() == Qt.Key.Key_T:
            self._session.trigger()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        super().showEvent(event)
        self.picture.show_shot(self._session.eye.shot)
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _clock(shot: Shot) -> str:
    """When a picture was taken, on the clock on the wall."""
    return datetime.fromisoformat(shot.when).astimezone().strftime("%H:%M:%S")
