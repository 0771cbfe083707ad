"""Read first, then AI: what there is to do, who found what, and the chip in the line below."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector_app.domain.first_reading import Tally
from inspector_app.gui.parts import muted
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.words import outcome_word


class ReadingBar(QWidget):
    """Asks for the reader's own findings, and ends the first reading; gone where none is due."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.words = muted()
        self.end = QPushButton()
        self.end.setProperty("role", "primary")
        self.end.clicked.connect(session.end_reading)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.words)
        layout.addWidget(self.end, 0, Qt.AlignmentFlag.AlignLeft)
        for signal in (session.read_first.changed, session.findings.changed):
            signal.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        is_due = self._session.read_first.is_hiding
        tally = Tally.of(self._session.findings.matches)
        known = self._session.known
        is_told = self._session.findings.reading.is_locked and known is not None
        self.setVisible(is_due or is_told)
        self.end.setVisible(is_due)
        self.end.setText(self.tr("Show the AI's findings"))
        self.end.setToolTip(
            self.tr("Ends your first reading and stores it; that is never taken back (Ctrl+R).")
        )
        if is_due:
            self.words.setText(
                self.tr(
                    "Read first: mark what you find (D box, S point, Shift+D polygon) and give"
                    " your verdict under Findings. What the AI finds is hidden until then."
                )
            )
        elif known is not None and known.verdict is None:
            self.words.setText(
                self.tr("Your reading is stored; this question has no findings to compare.")
            )
        else:
            said = self.tr("Found by both: {both} · only by you: {reader} · only by the AI: {ai}")
            lines = [said.format(both=tally.both, reader=tally.reader, ai=tally.program)]
            outcome = self._session.findings.reading.outcome
            if known is not None and known.verdict is not None and outcome is not None:
                both = self.tr("Your first verdict: {reader} · the AI's: {ai}")
                ai = outcome_word(known.verdict.outcome)
                lines.append(both.format(reader=outcome_word(outcome), ai=ai))
            self.words.setText("\n".join(lines))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class ReadingChip(QToolButton):
    """In the line below while readers read first: whose turn it is."""

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self.setObjectName("chip")
        self.setAutoRaise(True)
        self.setIconSize(QSize(16, 16))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(session.end_reading)
        session.read_first.changed.connect(self.retranslate)
        look.changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        reading = self._session.read_first
        self.setVisible(reading.is_on)
        colour = self._look.colours.accent if reading.is_hiding else self._look.colours.muted
        self.setIcon(self._look.icon("veil" if reading.is_hiding else "views", colour=colour))
        if reading.is_hiding:
            words = self.tr("Read first: AI hidden")
            told = self.tr("Mark what you find; then a click here shows the AI's findings.")
        else:
            words = self.tr("Read first")
            told = self.tr("The AI's findings in a picture are hidden until you have read it.")
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(told)
        self.setAccessibleDescription(told)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
