"""Studies: what is measured on labelled pictures, as a table and a figure."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSaveFile, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.messages import Problem
from inspector_app.domain.studies import StudyFound, StudyKind
from inspector_app.domain.wording import inert
from inspector_app.gui.dialogs.study_choice import StudyChoice
from inspector_app.gui.dialogs.study_form import StudyForm
from inspector_app.gui.parts import caption, muted, plain
from inspector_app.gui.presets import Presets
from inspector_app.gui.session import Session
from inspector_app.gui.study_chart import StudyChart
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.problems import problem_line, problem_words
from inspector_app.gui.wording.study_words import cells_of, kind_word, place_word, time_words

_ENDINGS = ("csv", "json", "png")


class StudiesDialog(QDialog):
    """Begins a study, tells how far it is, and shows what it came to.

    Args:
        session: Runs it.
        presets: Take the choice.
        look: Colours.
        parent: The window.
    """

    def __init__(
        self, session: Session, presets: Presets, look: Look, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.found: StudyFound | None = None
        # Said anew when the language changes.
        self._words: Callable[[], str] = str
        self.form, self.choice = StudyForm(), StudyChoice(presets, session)
        self.start, self.stop = QPushButton(), QPushButton()
        self.bar, self.said = QProgressBar(), plain()
        self.about = muted()
        self.table = QTableWidget(0, 9)
        self.which, self.chart, self._legend = QComboBox(), StudyChart(look), muted()
        self.left_out = QPlainTextEdit()
        self.tabs = QTabWidget()
        self._export_label = caption()
        self.exports = {
            ending: QPushButton(f"{ending.upper()} \N{HORIZONTAL ELLIPSIS}") for ending in _ENDINGS
        }
        self._close = QPushButton()
        self._arrange()
        self._listen()
        self.retranslate()
        self.resize(1180, 700)

    def _arrange(self) -> None:
        left, chosen = QWidget(), QVBoxLayout()
        left.setLayout(chosen)
        left.setMinimumWidth(300)
        left.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        chosen.setContentsMargins(0, 0, 0, 0)
        chosen.setSpacing(8)
        runs = QHBoxLayout()
        runs.setSpacing(8)
        runs.addWidget(self.start, 1)
        runs.addWidget(self.stop)
        chosen.addWidget(self.form, 1)
        chosen.addWidget(self.bar)
        chosen.addWidget(self.said)
        chosen.addLayout(runs)
        self._arrange_pages()
        shown = QVBoxLayout()
        shown.setSpacing(8)
        shown.addWidget(self.about)
        shown.addWidget(self.tabs, 1)
        shown.addWidget(self.choice)
        both = QHBoxLayout()
        both.setSpacing(20)
        both.addWidget(left)
        both.addLayout(shown, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(both, 1)
        layout.addLayout(self._deeds())
        self.bar.setTextVisible(False)
        self.start.setDefault(True)
        for button in (self.stop, self._close, *self.exports.values()):
            button.setAutoDefault(False)

    def _arrange_pages(self) -> None:
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.left_out.setReadOnly(True)
        figure = QWidget()
        column = QVBoxLayout(figure)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.which)
        column.addWidget(self.chart, 1)
        column.addWidget(self._legend)
        for page in (self.table, figure, self.left_out):
            self.tabs.addTab(page, "")

    def _deeds(self) -> QHBoxLayout:
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.addStretch()
        deeds.addWidget(self._export_label)
        for button in self.exports.values():
            deeds.addWidget(button)
        deeds.addSpacing(16)
        deeds.addWidget(self._close)
        return deeds

    def _listen(self) -> None:
        studies = self._session.studies
        studies.began.connect(lambda _request: self._on_began())
        studies.went_on.connect(self._on_went_on)
        studies.ended.connect(self._on_ended)
        studies.failed.connect(self._on_failed)
        studies.stopped.connect(self._on_stopped)
        self.start.clicked.connect(self._begin)
        self.stop.clicked.connect(studies.stop)
        self.form.changed.connect(self._show_state)
        self.which.currentIndexChanged.connect(lambda _at: self._draw())
        self._close.clicked.connect(self.close)
        for ending, button in self.exports.items():
            button.clicked.connect(lambda _on=False, kind=ending: self._export(kind))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Studies"))
        self.form.retranslate()
        self.choice.retranslate()
        self.start.setText(self.tr("Start"))
        self.stop.setText(self.tr("Stop"))
        self._close.setText(self.tr("Close"))
        self._export_label.setText(self.tr("Save as"))
        heads = (
            self.tr("Pictures"),
            self.tr("Way of looking"),
            self.tr("Right"),
            self.tr("Share"),
            self.tr("95 %"),
            self.tr("Hit"),
            self.tr("Gap closed"),
            self.tr("Tokens"),
            self.tr("ms"),
        )
        self.table.setHorizontalHeaderLabels(heads)
        self.table.setAccessibleName(self.windowTitle())
        tips = (
            (5, self.tr("How often an enlarged part held the middle of the true box.")),
            (6, self.tr("Of the gap between the whole picture and the true box enlarged.")),
            (7, self.tr("Prompt tokens read a picture, those of the picture included.")),
        )
        for column, words in tips:
            head = self.table.horizontalHeaderItem(column)
            if head is not None:
                head.setToolTip(words)
        self.said.setText(self._words())
        self._show_found()

    # A study ----------------------------------------------------------------------------

    def _begin(self) -> None:
        chosen = self._session.settings
        self._session.studies.begin(
            self.form.request(model=chosen.model, device=chosen.device, precision=chosen.precision)
        )

    def _on_began(self) -> None:
        self.bar.setRange(0, 0)
        self._say(lambda: self.tr("Inspections wait until the study is done or stopped."))
        self._show_state()

    def _on_went_on(self, done: int, total: int, left: float | None) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._say(lambda: self._progress(done, total, left))

    def _progress(self, done: int, total: int, left: float | None) -> str:
        words = self.tr("{done} of {total} pictures").format(done=done, total=total)
        if left is None:
            return words
        more = self.tr("about {time} left").format(time=time_words(left))
        return f"{words}, {more}"

    def _on_ended(self, found: StudyFound) -> None:
        self.found = found
        self._say(lambda: self.tr("Done."))
        self._show_found()
        self.tabs.setCurrentIndex(1 if found.kind is StudyKind.LAYERS else 0)

    def _on_failed(self, problem: Problem) -> None:
        self._say(lambda: problem_line(problem))
        self._show_state()

    def _on_stopped(self) -> None:
        self._say(lambda: self.tr("Stopped; nothing of it was kept."))
        self._show_state()

    def _say(self, words: Callable[[], str]) -> None:
        self._words = words
        self.said.setText(words())

    def _show_state(self) -> None:
        is_running = self._session.studies.is_running
        self.form.setEnabled(not is_running)
        self.start.setEnabled(not is_running and self.form.is_complete)
        self.stop.setEnabled(is_running)
        self.bar.setVisible(is_running)
        for button in self.exports.values():
            button.setEnabled(self.found is not None)

    # What it came to --------------------------------------------------------------------

    def _show_found(self) -> None:
        found = self.found
        self._show_state()
        self.choice.show_found(found)
        self._name_tabs()
        if found is None:
            self.about.setText(self.tr("What a study comes to is shown here."))
            return
        self.about.setText(f"{kind_word(found.kind)}  \N{MIDDLE DOT}  {inert(found.about)}")
        self.table.setRowCount(len(found.rows))
        for at, row in enumerate(found.rows):
            for column, words in enumerate(cells_of(row)):
                item = QTableWidgetItem(inert(words))
                if column > 1:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(at, column, item)
        self.left_out.setPlainText("\n".join(problem_words(one) for one in found.skipped))
        chosen = self.which.currentIndex()
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItems([place_word(*place) for place in self._places()])
        self.which.setCurrentIndex(chosen if 0 <= chosen < self.which.count() else 0)
        self.which.blockSignals(False)
        self.which.setVisible(self.which.count() > 1)
        self._draw()

    def _name_tabs(self) -> None:
        count = len(self.found.skipped) if self.found is not None else 0
        left_out = self.tr("Left out ({count})").format(count=count)
        for at, words in enumerate((self.tr("Table"), self.tr("Figure"), left_out)):
            self.tabs.setTabText(at, words)
        self.tabs.setTabEnabled(0, self.found is None or bool(self.found.rows))
        self.tabs.setTabEnabled(2, count > 0)

    def _places(self) -> list[tuple[str, str]]:
        """(group, size) of what can be drawn."""
        if self.found is None:
            return []
        places = [(row.group, row.size_bin) for row in self.found.rows]
        places += [(curve.group, curve.size_bin) for curve in self.found.curves]
        return list(dict.fromkeys(places))

    def _draw(self) -> None:
        found, places, at = self.found, self._places(), self.which.currentIndex()
        if found is None or not 0 <= at < len(places):
            return
        if found.curves:
            curves = found.curves
            self.chart.set_curves(
                tuple(one for one in curves if (one.group, one.size_bin) == places[at])
            )
            self._legend.setText(
                self.tr(
                    "Relative attention in the true box by layer; circles: right answers, "
                    "squares: wrong ones; dashed: chance; bars: 95 %."
                )
            )
            return
        rows = tuple(one for one in found.rows if (one.group, one.size_bin) == places[at])
        self.chart.set_rows(rows)
        self._legend.setText(
            self.tr("Right answers in %, with 95 % intervals; squares are controls.")
        )

    def _export(self, ending: str) -> None:
        found = self.found
        if found is None:
            return
        title = self.tr("Save the study")
        name, _ = QFileDialog.getSaveFileName(
            self, title, f"study_{found.kind}.{ending}", f"{ending.upper()} (*.{ending})"
        )
        if not name:
            return
        name = name if name.lower().endswith(f".{ending}") else f"{name}.{ending}"
        if self._written(name, ending, found):
            self._say(lambda: self.tr("Saved as {name}.").format(name=inert(name)))
        else:
            self._say(lambda: self.tr("{name} could not be written.").format(name=inert(name)))

    def _written(self, name: str, ending: str, found: StudyFound) -> bool:
        """Written beside and renamed, so that no half of it stays."""
        file = QSaveFile(name)
        if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
            return False
        if ending == "png":
            return self.chart.grab().save(file, "PNG") and file.commit()
        text = found.csv if ending == "csv" else found.json
        content = text.encode()
        return file.write(content) == len(content) and file.commit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
