"""Where stored inspections are searched: words, and what narrows them down."""

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from inspector_app.domain.search import Search
from inspector_app.gui.parts import filter_field
from inspector_app.gui.wording.words import outcome_word

_PAUSE_MS = 250
_PERIODS = (0, 1, 7, 30)
"""Days back that can be chosen; 0 for any time."""
_VERDICTS = ("", "PASS", "FAIL", "CHECK", "none")


class SearchBar(QWidget):
    """A field for words, and under it verdict, time, preset, kind of finding and operator.

    Args:
        columns: How many fields stand side by side, 1 to 3.

    Signals:
        changed: `Search`, a moment after somebody stopped typing.
    """

    changed = Signal(object)

    def __init__(self, *, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.preset, self.label = filter_field(), filter_field(), filter_field()
        self.operator = filter_field()
        self.verdict, self.period = _chooser(), _chooser()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.changed.emit(self.search()))
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, field in enumerate((self.verdict, self.period, self.preset, self.label)):
            grid.addWidget(field, at // columns, at % columns)
        # The last takes what its line has left.
        grid.addWidget(self.operator, 4 // columns, 4 % columns, 1, columns - 4 % columns)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.words)
        layout.addLayout(grid)
        for line in (self.preset, self.label, self.operator):
            # As high as what can be chosen beside it.
            line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for line in (self.words, self.preset, self.label, self.operator):
            line.textChanged.connect(lambda _text: self._pause.start())
            line.returnPressed.connect(self.hurry)
        for chooser in (self.verdict, self.period):
            chooser.currentIndexChanged.connect(lambda _at: self._pause.start())
        self.retranslate()

    def search(self) -> Search:
        """What is asked for now."""
        days = _PERIODS[max(self.period.currentIndex(), 0)]
        since = ""
        if days:
            midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0)
            since = (midnight - timedelta(days=days - 1)).isoformat(timespec="seconds")
        return Search(
            text=self.words.text(),
            since=since,
            outcome=_VERDICTS[max(self.verdict.currentIndex(), 0)],
            preset=self.preset.text().strip(),
            label=self.label.text().strip(),
            operator=self.operator.text().strip(),
        )

    def hurry(self) -> None:
        """Search now."""
        self._pause.stop()
        self.changed.emit(self.search())

    def again(self) -> None:
        """Search a moment from now: there is something new."""
        self._pause.start()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        for line, words in (
            (self.words, self.tr("Search inspections")),
            (self.preset, self.tr("Preset")),
            (self.label, self.tr("Kind of finding")),
            (self.operator, self.tr("Operator")),
        ):
            line.setPlaceholderText(words)
            line.setAccessibleName(words)
        self.words.setToolTip(
            self.tr(
                'Words of questions, answers, findings, notes and paths; "in quotes" as a whole'
            )
        )
        self.label.setToolTip(self.tr("As it is called in the findings"))
        _fill(
            self.verdict,
            [
                self.tr("Any verdict"),
                outcome_word("PASS"),
                outcome_word("FAIL"),
                outcome_word("CHECK"),
                self.tr("No verdict"),
            ],
        )
        _fill(
            self.period,
            [
                self.tr("Any time"),
                self.tr("Today"),
                self.tr("Last 7 days"),
                self.tr("Last 30 days"),
            ],
        )
        self.verdict.setAccessibleName(self.tr("Verdict"))
        self.period.setAccessibleName(self.tr("Time"))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _chooser() -> QComboBox:
    chooser = QComboBox()
    chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return chooser


def _fill(chooser: QComboBox, words: list[str]) -> None:
    at = max(chooser.currentIndex(), 0)
    with QSignalBlocker(chooser):
        chooser.clear()
        chooser.addItems(words)
        chooser.setCurrentIndex(at)
