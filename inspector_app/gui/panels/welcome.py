"""What stands where the picture would: samples, a place to drop, or what went wrong."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QImage, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector_app.domain.messages import Problem
from inspector_app.domain.wording import inert
from inspector_app.gui.facts import Sample
from inspector_app.gui.parts import caption, muted, plain, restyle
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.problems import problem_line, problem_words
from inspector_app.gui.wording.words import trade_word

_PICTURE = QSize(180, 128)


class SampleCard(QFrame):
    """A sample picture to begin with.

    Signals:
        chosen: A click, or Enter while it has the focus.
    """

    chosen = Signal()

    def __init__(self, sample: Sample, look: Look) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(_PICTURE.width() + 24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("takes_enter", True)
        self.sample = sample
        self._look = look
        self._picture = QLabel()
        self._picture.setFixedSize(_PICTURE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._trade = caption()
        self._question = plain(sample.questions[0] if sample.questions else sample.title)
        self._question.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(6)
        layout.addWidget(self._picture)
        layout.addWidget(self._trade)
        layout.addWidget(self._question)
        layout.addStretch()
        self.retranslate()

    def show_thumbnail(self, image: QImage) -> None:
        """The picture, as large as there is room."""
        ratio = self.devicePixelRatioF()
        scaled = QPixmap.fromImage(image).scaled(
            _PICTURE * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self._picture.setPixmap(scaled)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._trade.setText(trade_word(self.sample.trade))
        self.setAccessibleName(f"{self._trade.text()}: {self._question.text()}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: ARG002, N802  Qt's name
        self.setProperty("lit", True)
        restyle(self)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002, N802  Qt's name
        self.setProperty("lit", False)
        restyle(self)


class Welcome(QWidget):
    """The empty window teaches.

    Signals:
        open_wanted: The user wants to choose files.
        folder_wanted: The user wants to choose a folder.
    """

    open_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self.title, self.words = plain(role="title"), muted()
        self._samples_title = caption()
        self.open_button, self.folder_button = QPushButton(), QPushButton()
        self.cards = [SampleCard(sample, look) for sample in one_a_trade(session.samples)]
        self._arrange()
        self.open_button.clicked.connect(self.open_wanted)
        self.folder_button.clicked.connect(self.folder_wanted)
        session.desk.thumbnail_made.connect(self._on_thumbnail)
        for card in self.cards:
            card.chosen.connect(lambda sample=card.sample: self._choose(sample))
        look.changed.connect(self._draw)
        self._draw()
        self.retranslate()

    def _arrange(self) -> None:
        target = QFrame()
        target.setObjectName("drop")
        target.setMaximumWidth(660)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.folder_button)
        buttons.addStretch()
        inside = QVBoxLayout(target)
        inside.setContentsMargins(24, 24, 24, 24)
        inside.setSpacing(12)
        for label in (self.title, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        inside.addLayout(buttons)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch()
        for card in self.cards:
            row.addWidget(card)
        row.addStretch()
        self._samples_title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._samples_title.setVisible(bool(self.cards))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(target, 8)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addWidget(self._samples_title)
        layout.addLayout(row)
        layout.addStretch(3)
        self.drop = target

    def showEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        super().showEvent(event)  # type: ignore[arg-type]
        for card in self.cards:
            self._session.desk.thumbnail(card.sample.path)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.title.setText(self.tr("Drop pictures here"))
        self.words.setText(
            self.tr("Then ask about something small, and see where the model looked.")
        )
        self.open_button.setText(self.tr("Open pictures …"))
        self.folder_button.setText(self.tr("Open a folder …"))
        self._samples_title.setText(self.tr("Or begin with a sample"))
        for card in self.cards:
            card.retranslate()

    def set_over(self, *, is_over: bool) -> None:
        """Pictures are held above the window."""
        self.drop.setProperty("over", is_over)
        restyle(self.drop)

    def _draw(self) -> None:
        self.open_button.setIcon(self._look.icon("picture"))
        self.folder_button.setIcon(self._look.icon("folder"))

    def _on_thumbnail(self, locator: str, image: QImage) -> None:
        for card in self.cards:
            if card.sample.path == locator:
                card.show_thumbnail(image)

    def _choose(self, sample: Sample) -> None:
        """All samples go into the worklist, for a first walk; the chosen one is shown."""
        self._session.worklist.add([known.path for known in self._session.samples])
        self._session.go_to(sample.path)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class Refusal(QWidget):
    """Stands where the picture would have been, with the reason and a way out.

    Signals:
        open_wanted: The user wants to choose another file.
    """

    open_wanted = Signal()

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._veil = session.veil
        self._problem: Problem | None = None
        self._symbol = QLabel()
        self._symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text, self.hint = plain(role="answer"), muted()
        self.again, self.other = QPushButton(), QPushButton()
        column = QWidget()
        column.setMaximumWidth(560)
        words = QVBoxLayout(column)
        words.setSpacing(10)
        for label in (self.text, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.addWidget(label)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column, 8)
        middle.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.again)
        buttons.addWidget(self.other)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(self._symbol)
        layout.addLayout(middle)
        layout.addLayout(buttons)
        layout.addStretch(3)
        self.again.clicked.connect(session.reread)
        session.veil.moved.connect(lambda _is_down: self.retranslate())
        self.other.clicked.connect(self.open_wanted)
        look.changed.connect(self._draw)
        self._draw()
        self.retranslate()

    def show_problem(self, problem: Problem) -> None:
        """Say why there is no picture."""
        self._problem = problem
        problem = self._veil.problem(problem)
        self.text.setText(inert(problem_words(problem.text), limit=400))
        self.hint.setText(inert(problem_words(problem.hint), limit=400))
        self.hint.setVisible(bool(problem.hint))
        self.setAccessibleName(problem_line(problem))

    def _draw(self) -> None:
        colour = self._look.colours.trouble
        self._symbol.setPixmap(self._look.pixmap("trouble", side=48, colour=colour))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.again.setText(self.tr("Try again"))
        self.other.setText(self.tr("Open another …"))
        if self._problem is not None:
            self.show_problem(self._problem)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def one_a_trade(samples: tuple[Sample, ...]) -> list[Sample]:
    """The first sample of each trade, in the order they come."""
    first: dict[str, Sample] = {}
    for sample in samples:
        first.setdefault(sample.trade, sample)
    return list(first.values())
