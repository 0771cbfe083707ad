"""What the stored inspections come to: shares, a control chart, findings, people's verdicts."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.record_messages import WriteBook
from inspector_app.domain.search import Search
from inspector_app.domain.statistics import Figures, Group
from inspector_app.domain.telling_figures import (
    agreement_row,
    group_row,
    override_rows,
    share_words,
)
from inspector_app.domain.wording import inert
from inspector_app.gui.charts import ParetoChart, ShareChart
from inspector_app.gui.dialogs.handing import Handing
from inspector_app.gui.dialogs.mask_field import MaskField
from inspector_app.gui.language import Language
from inspector_app.gui.parts import caption, let_enter_be, muted, plain
from inspector_app.gui.search_bar import SearchBar
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.words import outcome_word

_CONTEXT = "statistics"
# What `domain.telling_figures` says.
_WORDS = (
    QT_TRANSLATE_NOOP("statistics", "without a preset"),
    QT_TRANSLATE_NOOP("statistics", "Called good after FAIL"),
    QT_TRANSLATE_NOOP("statistics", "Called bad after PASS"),
    QT_TRANSLATE_NOOP("statistics", "Decided after CHECK"),
    QT_TRANSLATE_NOOP("statistics", "Read before the program's findings were shown"),
    QT_TRANSLATE_NOOP("statistics", "Found by both"),
    QT_TRANSLATE_NOOP("statistics", "Found only by the reader"),
    QT_TRANSLATE_NOOP("statistics", "Found only by the program"),
    QT_TRANSLATE_NOOP("statistics", "program"),
    QT_TRANSLATE_NOOP("statistics", "not defined"),
    QT_TRANSLATE_NOOP("statistics", "{kappa} over {count} inspections"),
)
_FORMATS = ("pdf", "html", "csv", "json")


def _say(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


class StatisticsDialog(QDialog):
    """Figures of all stored inspections, or of those searched for."""

    def __init__(
        self, session: Session, look: Look, language: Language, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._language = language
        self._figures: Figures | None = None
        self._counting: int | None = None
        self.bar = SearchBar(columns=3)
        self.total = plain(role="title")
        self.chart, self.pareto = ShareChart(look), ParetoChart(look)
        self._chart_title, self._pareto_title = caption(), caption()
        self._chart_words = muted()
        self.shifts, self.presets, self.people = _table(7), _table(7), _table(2)
        self.tabs = QTabWidget()
        for table in (self.shifts, self.presets, self.people):
            self.tabs.addTab(table, "")
        self.job, self.report = Handing(session.desk), QPushButton()
        self.masks = MaskField()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.addButton(self.report, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.rejected.connect(self.close)
        let_enter_be(self._buttons)
        self._arrange()
        self._on_settings()
        session.settings_changed.connect(lambda _settings: self._on_settings())
        self.masks.typed.connect(self._show_abilities)
        self.bar.changed.connect(self._count)
        self.report.clicked.connect(self._write)
        self.job.running.connect(lambda _is_running: self._show_abilities())
        self.job.finished.connect(lambda path: self._on_written(str(path)))
        session.archive.lines_changed.connect(self._on_lines)
        session.read_first.changed.connect(self._on_hidden)
        self.retranslate()
        self.resize(980, 720)

    def _arrange(self) -> None:
        charts = QSplitter(Qt.Orientation.Horizontal)
        for title, chart, words in (
            (self._chart_title, self.chart, self._chart_words),
            (self._pareto_title, self.pareto, None),
        ):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(6)
            column.addWidget(title)
            column.addWidget(chart, 1)
            if isinstance(words, QLabel):
                column.addWidget(words)
            charts.addWidget(side)
        charts.setChildrenCollapsible(False)
        charts.setSizes([560, 400])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.bar)
        layout.addWidget(self.total)
        layout.addWidget(charts, 3)
        layout.addWidget(self.tabs, 2)
        layout.addWidget(self.masks)
        layout.addWidget(self.job)
        layout.addWidget(self._buttons)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Statistics"))
        self._chart_title.setText(self.tr("Failed by shift, %"))
        self._pareto_title.setText(self.tr("Most frequent findings"))
        self._chart_words.setText(
            self.tr(
                "Dashed: three standard deviations about the share of all. A square lies outside."
            )
        )
        tables = (self.shifts, self.presets, self.people)
        for at, words in enumerate(
            (self.tr("Shifts"), self.tr("Presets"), self.tr("People and the program"))
        ):
            self.tabs.setTabText(at, words)
            tables[at].setAccessibleName(words)
        heads = [
            self.tr("Inspected"),
            *(outcome_word(name) for name in ("PASS", "FAIL", "CHECK")),
            self.tr("No verdict"),
            self.tr("Passed of all judged"),
        ]
        self.shifts.setHorizontalHeaderLabels([self.tr("Shift"), *heads])
        self.presets.setHorizontalHeaderLabels([self.tr("Preset"), *heads])
        self.people.setHorizontalHeaderLabels([self.tr("What"), self.tr("How often")])
        self.report.setText(self.tr("Save a report about these …"))
        self.masks.line.setToolTip(
            self.tr(
                "In each picture of the report, beside the boxes typed in the preview of a "
                "single one. Write none where you looked and there is no "
                "writing in the pixels; without either, what looks like writing is painted over, "
                "and pictures that may name a patient are left out."
            )
        )
        self._show()

    def _count(self, search: Search) -> None:
        self._counting = self._session.desk.count(
            search, self._on_counted, instead_of=self._counting
        )

    def _on_lines(self, _lines: object) -> None:
        if self.isVisible():
            self.bar.again()

    def _on_hidden(self) -> None:
        """Figures of a few pictures tell what was found in each."""
        if self._session.read_first.is_hiding:
            self.close()

    def _on_counted(self, found: Figures) -> None:
        self._figures = found
        self._show()

    def _show(self) -> None:
        found = self._figures
        self._show_abilities()
        if found is None:
            self.total.setText("")
            return
        count = sum(found.total.counts)
        words = self.tr("%n inspections", "", count)
        if found.total.passed.of:
            passed = self.tr("passed {share}").format(share=share_words(found.total.passed))
            words = f"{words}  ·  {passed}"
        self.total.setText(words)
        self.chart.set_chart(found.chart)
        self.pareto.set_rows(found.pareto)
        _fill_groups(self.shifts, found.shifts[::-1])
        _fill_groups(self.presets, found.presets)
        rows: list[tuple[str, ...]] = [*override_rows(found, say=_say)]
        for one in found.agreements:
            readers, kappa = agreement_row(one, say=_say)
            rows.append((self.tr("kappa of {readers}").format(readers=readers), kappa))
        _fill(self.people, rows)

    def _write(self) -> None:
        kinds = ";;".join(f"{name.upper()} (*.{name})" for name in _FORMATS)
        proposal, title = self.tr("inspections.pdf"), self.tr("Save a report")
        name, kind = QFileDialog.getSaveFileName(self, title, proposal, kinds)
        if not name:
            return
        ending = next((one for one in _FORMATS if name.lower().endswith(f".{one}")), "")
        if not ending:
            ending = kind.partition(" ")[0].lower() or _FORMATS[0]
            name = f"{name}.{ending}"
        hides = self._session.settings.hide_patient
        wanted = WriteBook(
            self.bar.search(),
            ending,
            name,
            self._language.code,
            hides_patient=hides,
            masks=self.masks.masks if hides else None,
            known_masks=self._session.known_masks,
        )
        self.job.begin(wanted)

    def _on_written(self, path: str) -> None:
        # The window behind tells it, too, and this one may cover that.
        text = self.tr("Saved {name}.").format(name=Path(path).name)
        self.job.tell(self._session.veil.words(text))
        self._session.report_written.emit(path)

    def _show_abilities(self) -> None:
        count = 0 if self._figures is None else sum(self._figures.total.counts)
        is_wrong = not self.masks.isHidden() and self.masks.problem is not None
        self.report.setEnabled(not self.job.is_running and count > 0 and not is_wrong)

    def _on_settings(self) -> None:
        """Boxes are painted over where names are left out."""
        self.masks.setVisible(self._session.settings.hide_patient)
        self._show_abilities()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        super().showEvent(event)
        self.bar.hurry()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _table(columns: int) -> QTableWidget:
    table = QTableWidget(0, columns)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    head = table.horizontalHeader()
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def _fill_groups(table: QTableWidget, groups: tuple[Group, ...]) -> None:
    _fill(table, [group_row(group, say=_say) for group in groups])


def _fill(table: QTableWidget, rows: list[tuple[str, ...]]) -> None:
    table.setRowCount(len(rows))
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            item = QTableWidgetItem(inert(words, limit=120))
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            table.setItem(at, column, item)
