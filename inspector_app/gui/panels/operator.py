"""The operator's page: the whole screen, one verdict, few large buttons, and no choices."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector_app.domain.live import Shot
from inspector_app.domain.region import Region
from inspector_app.domain.shift import Part, Shift, Wedge
from inspector_app.domain.verdict import Outcome
from inspector_app.domain.wording import inert
from inspector_app.gui.dialogs.reason import ReasonDialog
from inspector_app.gui.dialogs.serial import SerialDialog
from inspector_app.gui.golden import Gate
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.operating import Operating, Phase
from inspector_app.gui.panels.live_picture import LivePicture
from inspector_app.gui.panels.part_film import PartFilm
from inspector_app.gui.panels.still import Still
from inspector_app.gui.panels.verdict_board import VerdictBoard
from inspector_app.gui.parts import muted, plain
from inspector_app.gui.picture import Picture
from inspector_app.gui.presets import title_of
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.golden_words import GATE_CLOSED, gate_title, gate_words

_SIDE = 1600
_USUAL, _MOST_SCALE = (1280, 800), 3.0
_LETTERS, _HIGH = 20, 58


class OperatorPage(QWidget):
    """A window of its own over the whole screen.

    Keys: Space inspects the next part; a scanner that types gives its serial number; Esc stops.

    Signals:
        left: It was closed.
    """

    left = Signal()

    def __init__(self, session: LiveSession, operating: Operating, look: Look) -> None:
        super().__init__()
        self._session, self._operating, self._look = session, operating, look
        self._wedge = Wedge()
        self.dialog: ReasonDialog | None = None
        self.which: SerialDialog | None = None
        self._scale = 0.0
        self.setObjectName("operator")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.board, self.film = VerdictBoard(look), PartFilm(operating, look)
        self.live, self.still = LivePicture(look), Still()
        self.who, self.preset, self.serial = plain(), plain(), plain()
        self.tally, self.cycle, self.message = plain(), plain(), muted()
        self.next, self.leave = QPushButton(), QPushButton()
        self.to_pass, self.to_fail = QPushButton(), QPushButton()
        for button in (self.next, self.to_pass, self.to_fail, self.leave):
            # 19 mm high at 96 dpi, for a glove.
            button.setProperty("role", "touch primary" if button is self.next else "touch")
            # Space is for the next part, whatever was touched last.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._arrange()
        self._listen()
        self.retranslate()

    def _arrange(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        for label in (self.who, self.preset, self.serial):
            head.addWidget(label, 1)
        for label in (self.who, self.preset, self.serial, self.tally, self.cycle):
            label.setProperty("role", "word")
        facts = QHBoxLayout()
        facts.addWidget(self.tally, 3)
        facts.addWidget(self.cycle, 2)
        foot.setSpacing(20)
        foot.addWidget(self.next, 3)
        foot.addWidget(self.to_pass, 2)
        foot.addWidget(self.to_fail, 2)
        foot.addStretch(1)
        foot.addWidget(self.leave, 1)
        middle = QGridLayout()
        middle.setSpacing(16)
        middle.setColumnStretch(0, 1)
        middle.setColumnStretch(1, 1)
        middle.addWidget(self.live, 0, 0)
        middle.addWidget(self.still, 0, 0)
        middle.addWidget(self.board, 0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addLayout(middle, 1)
        whole.addWidget(self.message)
        whole.addLayout(facts)
        whole.addWidget(self.film)
        whole.addLayout(foot)
        self._middle = middle

    def _listen(self) -> None:
        operating, session = self._operating, self._session
        operating.phase_changed.connect(lambda _phase: self._show())
        operating.shift_changed.connect(self._show_shift)
        operating.serial_changed.connect(lambda _serial: self._show_next())
        operating.told.connect(self._say)
        operating.gate.changed.connect(self._show)
        operating.serial_wanted.connect(self._ask_which)
        session.noticed.connect(lambda notice: self._say(f"{notice.text} {notice.hint}"))
        session.picture_changed.connect(self._show_picture)
        session.eye.shot_changed.connect(self._show_shot)
        session.missed_changed.connect(self._show_missed)
        session.shown_changed.connect(lambda _is_on: self._show_place())
        session.preset_changed.connect(lambda _preset: self._show_head())
        self.next.clicked.connect(self._inspect)
        self.to_pass.clicked.connect(lambda: self._ask_why(Outcome.PASS))
        self.to_fail.clicked.connect(lambda: self._ask_why(Outcome.FAIL))
        self.leave.clicked.connect(self.close)

    def open_up(self) -> None:
        """Take the whole screen."""
        self.message.setText("")
        self._show_place()
        self._show_picture(self._session.picture)
        self.showFullScreen()
        self.setFocus()

    # Showing -------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Operator"))
        self.to_pass.setText(self.tr("It is OK …"))
        self.to_fail.setText(self.tr("It is NG …"))
        self.leave.setText(self.tr("Leave"))
        self.to_pass.setToolTip(self.tr("Overrule the verdict of the last part, with a reason."))
        self.to_fail.setToolTip(self.to_pass.toolTip())
        self._show()
        self._show_head()
        self._show_shift(self._operating.shift)

    def _show(self) -> None:
        operating, last = self._operating, self._operating.last
        # A camera's next part is counted as missed rather than not noticed.
        is_live = self._session.is_live_shown
        state = operating.gate.state
        is_shown = state is Gate.SHOWN
        is_busy = operating.phase in {Phase.BUSY, Phase.WHICH}
        self.next.setEnabled((is_live or not is_busy) and not is_shown)
        self.next.setText(self._next_words(state))
        if state in GATE_CLOSED and not is_busy:
            self.board.show_bar(gate_title(operating.gate), words=gate_words(operating.gate))
        elif operating.phase is Phase.WHICH:
            self.board.show_outcome(None, idle=self.tr("Which part?"))
        elif operating.phase is Phase.BUSY:
            self.board.show_outcome(None, idle=self.tr("Inspecting …"))
        elif last is None or operating.serial:
            # The next part is named already: no verdict of another one stands beside that.
            self.board.show_outcome(None, idle=self.tr("Ready"))
        else:
            words = last.words
            if last.overruled is not None:
                words = self.tr("Overruled by {operator}: {reason}").format(
                    operator=operating.shift.operator, reason=last.reason
                )
            self.board.show_outcome(last.final, words=self._told_of(last, words))
        self._show_found(last if not operating.serial else None)
        is_told = operating.phase is Phase.TOLD and last is not None
        final = last.final if last is not None else None
        self.to_pass.setEnabled(is_told and final is not Outcome.PASS)
        self.to_fail.setEnabled(is_told and final is not Outcome.FAIL)

    def _told_of(self, part: Part, words: str) -> str:
        """Whose verdict it is: a camera shows the next part by then."""
        text = self.tr("Part {number} ({serial}): {words}")
        if not part.serial:
            text = self.tr("Part {number}: {words}")
        serial = inert(part.serial, limit=60)
        return text.format(number=part.number, serial=serial, words=words)

    def _show_next(self) -> None:
        self._show_head()
        self._show()

    def _show_found(self, last: Part | None) -> None:
        """Where the last part has what was found in it, as long as its picture is in sight."""
        seen, picture = self._operating.seen, self._session.picture
        is_there = picture is not None and last is not None and picture.locator == last.picture
        if seen is None or last is None or not is_there or self._operating.phase is not Phase.TOLD:
            self.still.show_boxes((), of=(0, 0), colour="")
            return
        found = seen.verdict.findings if seen.verdict is not None else ()
        places = [one.location for one in found if one.location is not None]
        colour = self._look.colours.outcome(last.final)
        self.still.show_boxes(places, of=seen.size, colour=colour)

    def _next_words(self, state: Gate) -> str:
        if state in {Gate.DUE, Gate.SHOWN}:
            return self.tr("Show the golden samples (Space)")
        if state is Gate.WRONG:
            return self.tr("Try again (Space)")
        return self.tr("Next part (Space)")

    def _show_head(self) -> None:
        preset, operating = self._session.preset, self._operating
        self.who.setText(inert(operating.shift.operator, limit=60))
        title = title_of(preset) if preset is not None else self.tr("No preset")
        version = preset.version if preset is not None else ""
        words, asked = f"{title} {version}".strip(), self._session.question.strip()
        if preset is None or asked != preset.question.strip():
            # Otherwise a verdict on something else would stand below the preset's name.
            words = f"{words} \N{MIDDLE DOT} {asked}"
        self.preset.setText(inert(words, limit=90))
        self.serial.setText(self._part_words())

    def _part_words(self) -> str:
        """Which part it is, or was; while nothing is known, where its number will come from."""
        operating, preset, last = self._operating, self._session.preset, self._operating.last
        if operating.serial:
            serial = operating.serial
        elif operating.phase is Phase.TOLD and last is not None and last.serial:
            return self.tr("Last part: {serial}").format(serial=inert(last.serial, limit=60))
        elif preset is not None and preset.serial != "scanner":
            is_code = preset.serial == "code"
            serial = self.tr("by its code") if is_code else self.tr("by its file's name")
        else:
            serial = self.tr("none scanned")
        return self.tr("Part: {serial}").format(serial=inert(serial, limit=60))

    def _show_shift(self, shift: Shift) -> None:
        rate = shift.pass_rate
        told = "\N{EN DASH}" if rate is None else f"{100 * rate:.1f} %"
        self.tally.setText(
            self.tr(
                "%n part(s), {failed} NG, {checks} to check, {rate} passed", "", len(shift.parts)
            ).format(
                failed=shift.count(Outcome.FAIL),
                checks=shift.count(Outcome.CHECK),
                rate=told,
            )
        )
        self._show_cycle(shift.parts)
        self.film.update()
        self._show()
        self._show_head()

    def _show_cycle(self, parts: Sequence[Part]) -> None:
        preset = self._session.preset
        target = preset.targets.latency_ms if preset is not None else None
        if not parts:
            self.cycle.setText("")
            return
        took = f"{parts[-1].took_ms:.0f} ms"
        if target is None:
            self.cycle.setText(self.tr("Cycle {took}").format(took=took))
            return
        words = (
            self.tr("Cycle {took}, within {target} ms")
            if parts[-1].took_ms <= target
            else self.tr("Cycle {took}, over {target} ms")
        )
        self.cycle.setText(words.format(took=took, target=f"{target:.0f}"))

    def _show_place(self) -> None:
        is_live = self._session.is_live_shown
        self.live.setVisible(is_live)
        self.still.setVisible(not is_live)

    def _show_shot(self, shot: Shot | None) -> None:
        if self.isVisible() and self._session.is_live_shown:
            self.live.show_shot(shot)

    def _show_picture(self, picture: Picture | None) -> None:
        if picture is None:
            self.still.show_image(QImage())
        else:
            side = min(_SIDE, max(picture.size))
            image = picture.pyramid.portrait(Region.whole(picture.size), side=side)
            self.still.show_image(image)

    def _show_missed(self, count: int) -> None:
        if count:
            self._say(self.tr("Parts missed: {count}").format(count=count))

    def _say(self, words: str) -> None:
        self.message.setText(inert(words.strip(), limit=300))

    # Hands ---------------------------------------------------------------------------

    def _ask_which(self, found: tuple[str, ...]) -> None:
        self.which = SerialDialog(found, self)
        self.which.given.connect(self._operating.give_serial)
        self.which.rejected.connect(self._operating.give_up_serial)
        self.which.open()

    def _ask_why(self, outcome: Outcome) -> None:
        last = self._operating.last
        if last is None:
            return
        title = self.tr("Overrule: OK") if outcome is Outcome.PASS else self.tr("Overrule: NG")
        usual = (
            [self.tr("dust or reflection"), self.tr("within the limits"), self.tr("wrong place")]
            if outcome is Outcome.PASS
            else [self.tr("a defect was not seen"), self.tr("wrong part"), self.tr("not clean")]
        )
        question = self.tr("Why does the verdict on part {number} not hold?")
        self.dialog = ReasonDialog(
            title, question=question.format(number=last.number), reasons=usual, parent=self
        )
        number = last.number
        self.dialog.told.connect(lambda reason: self._operating.overrule(number, outcome, reason))
        self.dialog.open()

    def _inspect(self) -> None:
        self.message.setText("")
        self._operating.inspect()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """A scanner types; Space goes on; Esc stops."""
        now = int(event.timestamp())
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if serial := self._wedge.enter(now):
                self._operating.scan(serial)
        elif key == Qt.Key.Key_Escape:
            self._operating.stop()
        elif key == Qt.Key.Key_Space and not self._wedge.is_typing(now):
            if not event.isAutoRepeat():
                self._inspect()
        else:
            self._wedge.key(event.text(), now)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        # A quarter of the screen belongs to the verdict, whatever the picture asks for.
        self.board.setMinimumWidth(self.width() // 2)
        self._enlarge(min(self.width() / _USUAL[0], self.height() / _USUAL[1]))

    def _enlarge(self, scale: float) -> None:
        """Words and buttons grow with the screen: they are read from as far away."""
        scale = max(1.0, round(4 * min(scale, _MOST_SCALE)) / 4)
        if scale != self._scale:
            self._scale = scale
            letters, high = int(_LETTERS * scale), int(_HIGH * scale)
            self.setStyleSheet(
                f'QLabel[role="word"] {{ font-size: {letters}px; }}'
                f"QPushButton {{ font-size: {letters}px; min-height: {high}px; }}"
                f"QLineEdit#serial {{ font-size: {letters}px; min-height: {high * 2 // 3}px; }}"
            )
            self.film.set_scale(scale)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        super().closeEvent(event)
        if self.which is not None:
            self.which.close()
        self.left.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
