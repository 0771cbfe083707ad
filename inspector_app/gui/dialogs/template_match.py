"""Two prompt templates asked of the same labelled pictures, and whether one is right more often."""

from PySide6.QtCore import QEvent, QLocale
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.comparison import Compared
from inspector_app.domain.messages import (
    Failed,
    Finished,
    Message,
    Progressed,
)
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.preset_messages import CompareTemplates
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import muted, plain
from inspector_app.gui.presets import Presets, title_of
from inspector_app.gui.session import Session
from inspector_app.gui.wording.problems import problem_line

_LANGUAGES = (("en", "English"), ("zh_CN", "简体中文"))
_WIDTH = 620


class TemplateMatch(QDialog):
    """Chooses templates and labels, and tells what came of it.

    Args:
        presets: The library; the preset in use says everything but the template.
        session: Asks, with the model that is loaded.
    """

    def __init__(self, presets: Presets, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets, self._session = presets, session
        self._job: int | None = None
        self.language, self.a, self.b = QComboBox(), QComboBox(), QComboBox()
        self.labels, self.browse = QLineEdit(), QPushButton()
        self.start, self.stop = QPushButton(), QPushButton()
        self.start.setProperty("role", "primary")
        self.bar = QProgressBar()
        self.bar.hide()
        self.lead, self.told, self.base = muted(), plain(), muted()
        self._captions = {name: QLabel() for name in ("language", "a", "b", "labels")}
        self._arrange()
        self.browse.clicked.connect(self._browse)
        self.start.clicked.connect(self._begin)
        self.stop.clicked.connect(self._leave)
        self.language.activated.connect(lambda _at: self._offer())
        self.labels.textChanged.connect(lambda _text: self._show_abilities())
        presets.shown.connect(self._show_base)
        self.retranslate()

    def _arrange(self) -> None:
        for button in (self.browse, self.start, self.stop):
            button.setAutoDefault(False)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        file = QHBoxLayout()
        file.setSpacing(8)
        file.addWidget(self.labels, 1)
        file.addWidget(self.browse)
        controls = {"language": self.language, "a": self.a, "b": self.b, "labels": self.labels}
        for row, (name, control) in enumerate(controls.items()):
            self._captions[name].setBuddy(control)
            grid.addWidget(self._captions[name], row, 0)
            if name == "labels":
                grid.addLayout(file, row, 1)
            else:
                grid.addWidget(control, row, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.bar, 1)
        buttons.addStretch()
        buttons.addWidget(self.stop)
        buttons.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.lead)
        layout.addLayout(grid)
        layout.addWidget(self.base)
        layout.addWidget(self.told)
        layout.addStretch()
        layout.addLayout(buttons)
        self.resize(_WIDTH, 380)

    @property
    def _preset(self) -> Preset:
        """Everything but the template: the preset in use, or what is chosen without one."""
        session = self._session
        return self._presets.current or Preset("", "", session.strategy, Options())

    def _offer(self) -> None:
        language = self.language.currentData()
        fitting = [one for one in self._presets.shelf.templates() if one.language == language]
        for box, usual in ((self.a, 0), (self.b, 1)):
            chosen = box.currentData()
            box.clear()
            box.addItem(self.tr("The question as it stands"), "")
            for one in fitting:
                box.addItem(inert(one.title, limit=60), one.name)
            at = box.findData(chosen) if chosen is not None else -1
            box.setCurrentIndex(at if at >= 0 else min(usual, box.count() - 1))

    def _browse(self) -> None:
        title = self.tr("Labelled pictures")
        name = QFileDialog.getOpenFileName(self, title, self.labels.text(), "CSV (*.csv)")[0]
        if name:
            self.labels.setText(name)

    def _show_base(self) -> None:
        preset = self._presets.current
        if preset is None:
            self.base.setText(self.tr("No preset is in use: only the strategy chosen now counts."))
        else:
            words = self.tr("Everything else as in the preset in use: {title}.")
            self.base.setText(words.format(title=inert(title_of(preset), limit=60)))

    def _show_abilities(self) -> None:
        is_running = self._job is not None
        self.start.setEnabled(not is_running and bool(self.labels.text().strip()))
        self.stop.setVisible(is_running)
        self.bar.setVisible(is_running)

    # Doing ---------------------------------------------------------------------------

    def _begin(self) -> None:
        settings = self._session.settings
        self.told.clear()
        self.bar.setRange(0, 0)
        self._job = self._session.asking.beside(
            CompareTemplates(
                self.labels.text().strip(),
                self._preset,
                self.a.currentData(),
                self.b.currentData(),
                self.language.currentData(),
                # The model that is loaded: comparing must not exchange it.
                settings.model,
                settings.device,
                settings.precision,
            ),
            tell=self._on_message,
        )
        self._show_abilities()

    def _leave(self) -> None:
        """Nobody waits any more; nothing was stored."""
        if self._job is not None:
            self._session.asking.leave(self._job)
            self._end(self.tr("Stopped: nothing is claimed."))

    def _on_message(self, message: Message) -> None:
        if isinstance(message, Progressed):
            if message.step.total and message.step.stage == "ask":
                self.bar.setRange(0, message.step.total)
                self.bar.setValue(message.step.done)
        elif isinstance(message, Finished):
            self._end(self._words(message.value))
        elif isinstance(message, Failed):
            self._end(problem_line(message.problem))
        else:
            self._end(self.tr("Stopped: nothing is claimed."))

    def _end(self, words: str) -> None:
        self._job = None
        self.told.setText(words)
        self._show_abilities()

    def _words(self, told: Compared) -> str:
        found = told.found
        lines = [
            self.tr("%n question(s)", "", found.count),
            self.tr("A is right {count} times, alone {alone} times").format(
                count=found.both + found.only_a, alone=found.only_a
            ),
            self.tr("B is right {count} times, alone {alone} times").format(
                count=found.both + found.only_b, alone=found.only_b
            ),
            self.tr("McNemar's exact test: p = {p:.3g}").format(p=found.p),
        ]
        if found.better:
            words = self.tr("{name} is right more often; chance alone would rarely show this.")
            lines.append(words.format(name=found.better))
        else:
            lines.append(self.tr("The difference may be chance: no claim."))
        if told.unreadable:
            lines.append(self.tr("%n picture(s) could not be opened", "", len(told.unreadable)))
            lines += [inert(name, limit=120) for name in told.unreadable[:3]]
        return "\n".join(lines)

    # Events --------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Compare two prompt templates"))
        self.lead.setText(
            self.tr(
                "Both are asked about the same labelled pictures. The labels are a CSV file with "
                "the columns picture, question, expected. Nothing is stored."
            )
        )
        words = {
            "language": self.tr("Language of both"),
            "a": self.tr("Template A"),
            "b": self.tr("Template B"),
            "labels": self.tr("Labels"),
        }
        controls = {"language": self.language, "a": self.a, "b": self.b, "labels": self.labels}
        for name, said in words.items():
            self._captions[name].setText(said)
            controls[name].setAccessibleName(said)
        self.browse.setText(self.tr("Browse …"))
        self.start.setText(self.tr("Compare"))
        self.stop.setText(self.tr("Stop"))
        if not self.language.count():
            for value, name in _LANGUAGES:
                self.language.addItem(name, value)
            is_chinese = QLocale().language() == QLocale.Language.Chinese
            self.language.setCurrentIndex(int(is_chinese))
        self._offer()
        self._show_base()
        self._show_abilities()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        self._leave()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
