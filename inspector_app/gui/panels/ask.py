"""What is asked, and how it is looked at."""

import html

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.preset import Options
from inspector_app.domain.wording import inert
from inspector_app.gui.choices import GATE
from inspector_app.gui.facts import MANUAL, WHOLE, Progress
from inspector_app.gui.panels.experiments import ExperimentGroup
from inspector_app.gui.panels.windows import WindowChooser
from inspector_app.gui.parts import muted
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.words import strategy_help, strategy_title


class QuestionField(QComboBox):
    """A line for the question, with earlier ones to choose from.

    Signals:
        entered: The user pressed Enter.
    """

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        # What is asked is what was typed: no completion changes it on the way.
        self.setCompleter(None)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
            return
        super().keyPressEvent(event)


class AskPanel(QWidget):
    """Question, strategy, number of crops, gate, and the one primary button."""

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._session = session
        self._look = look
        self.question = QuestionField()
        self.strategy = QComboBox()
        self.strategy.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.strategy.setMinimumContentsLength(10)
        self.unserved = muted()
        self.foreign = muted()
        self.count = QSpinBox()
        self.count.setRange(1, 4)
        self.count.setFixedWidth(96)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.gate = QCheckBox()
        self.windows = WindowChooser(session)
        self.experiments = ExperimentGroup(session)
        self.inspect = QPushButton()
        self.inspect.setProperty("role", "primary")
        self.stop = QPushButton()
        self._arrange()
        self.retranslate()
        self._listen()
        self._show_all()

    def _arrange(self) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(self.strategy, 1)
        ways.addWidget(self.count)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.inspect, 1)
        buttons.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.question)
        layout.addWidget(self.foreign)
        layout.addLayout(ways)
        layout.addWidget(self.unserved)
        layout.addWidget(self.gate)
        layout.addWidget(self.windows)
        layout.addWidget(self.experiments)
        layout.addLayout(buttons)

    def _listen(self) -> None:
        session = self._session
        self.question.editTextChanged.connect(session.set_question)
        session.asking.running_changed.connect(lambda _locator: self._show_beginning())
        self.strategy.activated.connect(self._on_strategy_chosen)
        self.count.valueChanged.connect(session.set_count)
        self.gate.toggled.connect(lambda is_on: session.set_gate(is_on=is_on))
        self.inspect.clicked.connect(session.ask)
        self.stop.clicked.connect(session.stop)
        session.question_changed.connect(self._show_question)
        session.question_changed.connect(lambda _text: self._show_whole_question())
        session.question_changed.connect(lambda _text: self._show_foreign())
        session.picture_changed.connect(lambda _picture: self._show_suggestions())
        session.settings_changed.connect(lambda _settings: self._show_suggestions())
        session.strategy_changed.connect(self._show_strategy)
        session.asking.model_changed.connect(lambda _facts: self._show_served())
        session.asking.model_changed.connect(lambda _facts: self._show_foreign())
        session.options_changed.connect(self._show_options)
        session.asking.progressed.connect(self._show_progress)
        session.working_changed.connect(lambda: self._show_progress(session.asking.progress))
        session.picture_changed.connect(
            lambda _picture: self._show_progress(session.asking.progress)
        )
        self._look.changed.connect(self._show_icons)

    def _show_all(self) -> None:
        self._show_suggestions()
        self._show_question(self._session.question)
        self._show_options(self._session.options)
        self._show_progress(self._session.asking.progress)
        self._show_icons()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        line = self.question.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("What do you want to know?"))
            line.setAccessibleName(self.tr("Question"))
        self.question.setAccessibleName(self.tr("Question"))
        self._show_whole_question()
        self._show_foreign()
        self.strategy.setAccessibleName(self.tr("Where to look closer"))
        self.count.setAccessibleName(self.tr("Number of crops"))
        self.count.setToolTip(self.tr("At most so many places are shown enlarged, 1 to 4."))
        self.gate.setText(self.tr("Zoom only in doubt"))
        self.gate.setToolTip(
            self.tr(
                "Leave the picture unzoomed when every word of the first answer has a"
                " probability of at least {share} %."
            ).format(share=round(GATE * 100))
        )
        self.inspect.setText(self.tr("Inspect"))
        self.inspect.setToolTip(self.tr("Ask about this picture (Enter)"))
        self.stop.setText(self.tr("Stop"))
        self.stop.setToolTip(self.tr("Stop the running inspection (Esc)"))
        self._show_strategies()
        self._show_count()

    def _show_count(self) -> None:
        # The number stands in the field already: only the word is taken from the plural.
        words = self.tr("%n crop(s)", "", self.count.value())
        self.count.setSuffix(words.removeprefix(str(self.count.value())))

    def _show_icons(self) -> None:
        self.inspect.setIcon(self._look.icon("inspect", colour=self._look.colours.on_accent))
        self.stop.setIcon(self._look.icon("stop"))

    def _show_strategies(self) -> None:
        with QSignalBlocker(self.strategy):
            self.strategy.clear()
            for one in self._session.strategies:
                self.strategy.addItem(strategy_title(one.name, otherwise=one.title), one.name)
        self._show_served()

    def _show_served(self) -> None:
        """A strategy that the model cannot serve stays in the list, grey, and says why."""
        model = self._session.model
        entries = self.strategy.model()
        for at, one in enumerate(self._session.strategies):
            is_served = one.is_served_by(model)
            if isinstance(entries, QStandardItemModel):
                entries.item(at).setEnabled(is_served)
            words = strategy_help(one.name)
            if not is_served:
                words = f"{words}\n{self._unserved_words()}".strip()
            self.strategy.setItemData(at, words, Qt.ItemDataRole.ToolTipRole)
        self._show_strategy(self._session.strategy)

    def _unserved_words(self) -> str:
        model = self._session.model
        return self.tr('"{model}" does not let this program see where it looks.').format(
            model=model.name if model is not None else ""
        )

    def _show_foreign(self) -> None:
        """Told before anything is asked: an answer would look like any other."""
        model, question = self._session.model, self._session.question
        is_foreign = model is not None and not model.understands(question)
        self.foreign.setVisible(is_foreign)
        knows_english = model is None or "en" in model.languages
        words = (
            self.tr('"{model}" understands questions in English only.')
            if knows_english
            else self.tr('"{model}" understands questions in Chinese only.')
        )
        self.foreign.setText(words.format(model=model.name if model is not None else ""))

    def _show_strategy(self, name: str) -> None:
        with QSignalBlocker(self.strategy):
            self.strategy.setCurrentIndex(self.strategy.findData(name))
        lead = self.tr("Where to look closer")
        is_served = self._session.can_serve(name)
        words = f"{lead}: {strategy_help(name)}" if is_served else self._unserved_words()
        self.strategy.setToolTip(words)
        self.unserved.setText("" if is_served else self._unserved_words())
        self.unserved.setVisible(not is_served)
        # What is drawn by hand is always shown, all of it.
        searches = name not in (WHOLE, MANUAL)
        self.count.setEnabled(searches)
        self.gate.setEnabled(searches)

    def _on_strategy_chosen(self, index: int) -> None:
        self._session.set_strategy(self.strategy.itemData(index))

    def _show_suggestions(self) -> None:
        wanted = list(self._session.suggestions())
        if wanted == [self.question.itemText(at) for at in range(self.question.count())]:
            return
        with QSignalBlocker(self.question):
            self.question.clear()
            self.question.addItems(wanted)
            self.question.setEditText(self._session.question)

    def _show_question(self, text: str) -> None:
        if self.question.currentText() != text:
            with QSignalBlocker(self.question):
                self.question.setEditText(text)
            self._show_beginning()

    def _show_whole_question(self) -> None:
        """A question longer than its field can be read whole in the tooltip."""
        words = self.tr("Enter asks. The arrow shows earlier questions.")
        line, text = self.question.lineEdit(), self._session.question
        room = line.width() if line is not None else 0
        if text and self.question.fontMetrics().horizontalAdvance(text) > room:
            words = f"{inert(text, limit=1000)}\n\n{words}"
        # As markup the words of a question could be read as tags.
        self.question.setToolTip(f"<p>{html.escape(words)}</p>".replace("\n", "<br>"))

    def _show_beginning(self) -> None:
        """A long question is read from its first word."""
        line = self.question.lineEdit()
        if line is not None and not line.hasFocus():
            line.setCursorPosition(0)

    def _show_options(self, options: Options) -> None:
        with QSignalBlocker(self.count), QSignalBlocker(self.gate):
            self.count.setValue(options.count)
            self._show_count()
            self.gate.setChecked(options.gate is not None)

    def _show_progress(self, progress: Progress | None) -> None:
        is_stopping = progress is not None and progress.is_stopping
        self.stop.setEnabled(self._session.is_working and not is_stopping)
        self.inspect.setEnabled(self._session.picture is not None)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
