"""Choices that outlive a session; each is in force as soon as it is made.

Which there are, and what they may be, is told by `domain.settings.rows()`; here stands only
how a kind of value is shown.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import Problem
from inspector_app.domain.settings import SettingRow, Settings, rows
from inspector_app.domain.wording import inert
from inspector_app.gui.facts import MANUAL
from inspector_app.gui.parts import caption, hairline, muted, plain
from inspector_app.gui.session import Session
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.wording.setting_words import GROUPS, setting_word
from inspector_app.gui.wording.words import strategy_title
from inspector_app.imaging.overlays import COLOUR_MAPS

Field = QComboBox | QCheckBox | QSpinBox
_LABEL_WIDTH = 110
_WIDTH = 800
_LEFT = 3
"""So many groups stand in the left column."""


class SettingsDialog(QDialog):
    """One field for each setting, in groups.

    Signals:
        chooser_wanted: The list of the models.
    """

    chooser_wanted = Signal()

    def __init__(
        self, session: Session, *, models: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._models = tuple(models)
        self._rows = {row.name: row for row in rows()}
        self.fields: dict[str, Field] = {row.name: self._field(row) for row in rows()}
        self._labels = {name: QLabel() for name in self.fields}
        self._titles = {title: caption() for title, _names in GROUPS}
        self.folder, self.chooser = QPushButton(), QPushButton()
        self.in_use = plain(role="muted")
        self._note = muted()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._arrange()
        self.retranslate()
        self._listen()
        self._make_room()

    def _field(self, row: SettingRow) -> Field:
        """The kind of field that shows a setting's kind of value."""
        if isinstance(row.default, bool):
            switch = QCheckBox()
            switch.toggled.connect(lambda is_on: self._choose(row.name, is_on))
            return switch
        if row.low is not None and row.high is not None:
            number = QSpinBox()
            # Shares are shown as percent; 0 % of a heat map would look like a missing one.
            is_share = isinstance(row.default, float)
            low, high = (5, 100 * row.high) if is_share else (row.low, row.high)
            number.setRange(round(low), round(high))
            number.setSingleStep(5 if is_share else 1)
            number.setSuffix(" %" if is_share else "")
            number.setAlignment(Qt.AlignmentFlag.AlignCenter)
            number.valueChanged.connect(
                lambda value: self._choose(row.name, value / 100 if is_share else value)
            )
            return number
        choice = QComboBox()
        # Its words change with the language.
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        choice.activated.connect(lambda at: self._choose(row.name, choice.itemData(at)))
        return choice

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(16)
        # Side by side, so that the whole fits on a screen of 800 lines.
        columns = QHBoxLayout()
        columns.setSpacing(32)
        for groups in (GROUPS[:_LEFT], GROUPS[_LEFT:]):
            column = QVBoxLayout()
            column.setSpacing(12)
            for at, (title, names) in enumerate(groups):
                if at:
                    column.addWidget(hairline())
                self._add_group(column, title, names)
            column.addStretch()
            columns.addLayout(column)
        layout.addLayout(columns)
        layout.addWidget(self._note)
        layout.addWidget(self._buttons)

    def _add_group(self, column: QVBoxLayout, title: str, names: Sequence[str]) -> None:
        column.addWidget(self._titles[title])
        column.addLayout(self._form(names))
        if "model" in names:
            column.addWidget(self.in_use)

    def _form(self, names: Sequence[str]) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name in names:
            label, field = self._labels[name], self.fields[name]
            label.setBuddy(field)
            label.setMinimumWidth(_LABEL_WIDTH)
            if isinstance(field, QCheckBox):
                # Its own words stand beside the tick.
                space = QLabel()
                space.setMinimumWidth(_LABEL_WIDTH)
                form.addRow(space, field)
            elif name == "model":
                chosen = QHBoxLayout()
                chosen.setSpacing(8)
                chosen.addWidget(field, 1)
                chosen.addWidget(self.folder)
                chosen.addWidget(self.chooser)
                form.addRow(label, chosen)
            else:
                form.addRow(label, field)
        return form

    def _listen(self) -> None:
        self.folder.clicked.connect(self._choose_folder)
        self.chooser.clicked.connect(self.chooser_wanted)
        self._buttons.rejected.connect(self.close)
        self._session.asking.model_changed.connect(self._show_in_use)
        self._session.asking.model_failed.connect(self._show_trouble)
        self._session.settings_changed.connect(self._show)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Settings"))
        for title, label in self._titles.items():
            label.setText(setting_word(title))
        for name, field in self.fields.items():
            row = self._rows[name]
            words, explained = setting_word(row.label), setting_word(row.help)
            self._labels[name].setText(words)
            field.setAccessibleName(words)
            for part in (field, self._labels[name]):
                part.setToolTip(explained)
            if isinstance(field, QCheckBox):
                field.setText(words)
        self.folder.setText(self.tr("Folder …"))
        self.chooser.setText(self.tr("Models …"))
        self.chooser.setToolTip(self.tr("What is on this computer, and pulling more."))
        self._note.setText(
            self.tr("Changes hold at once. A change of the model loads it again in the background.")
        )
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        self._show(self._session.settings)
        self._show_in_use(self._session.model)
        self._make_room()

    def _show(self, settings: Settings) -> None:
        for name, field in self.fields.items():
            value = getattr(settings, name)
            with QSignalBlocker(field):
                if isinstance(field, QCheckBox):
                    field.setChecked(value)
                elif isinstance(field, QSpinBox):
                    field.setValue(round(100 * value) if isinstance(value, float) else value)
                else:
                    _fill(field, self._choices(name, chosen=value), chosen=str(value))

    def _choices(self, name: str, *, chosen: str) -> list[tuple[str, str]]:
        """(value, words) of what may be chosen."""
        row = self._rows[name]
        if row.choices:
            return [(str(value), setting_word(words)) for value, words in row.choices]
        if name == "strategy":
            return [
                (one.name, strategy_title(one.name, otherwise=one.title))
                for one in self._session.strategies
                if one.name != MANUAL
            ]
        known = {"model": self._models, "colour_map": COLOUR_MAPS}.get(name, ())
        return [(value, value) for value in dict.fromkeys((*known, chosen))]

    def _choose(self, name: str, value: Any) -> None:
        self._session.choose(name, value)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder of a model"))
        if folder:
            self._choose("model", folder)

    def _show_in_use(self, facts: ModelFacts | None) -> None:
        if facts is None:
            self.in_use.setText(self.tr("Loading …"))
            return
        words = self.tr("In use: {name} on {device} with {dtype}").format(
            name=facts.name, device=facts.device, dtype=facts.dtype
        )
        # The card's own words: whoever trusts an answer must be able to find them.
        self.in_use.setText(f"{words}\n\n{inert(facts.limits, limit=1200)}".strip())
        self._make_room()

    def _make_room(self) -> None:
        """As tall as the wrapped words need: a dialog takes no note of them by itself."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            layout.activate()
            width = max(layout.sizeHint().width(), _WIDTH)
            self.setMinimumWidth(width)
            self.setMinimumHeight(layout.totalHeightForWidth(max(self.width(), width)))

    def _show_trouble(self, problem: Problem) -> None:
        self.in_use.setText(problem_line(problem))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _fill(field: QComboBox, choices: Sequence[tuple[str, str]], *, chosen: str) -> None:
    with QSignalBlocker(field):
        field.clear()
        for value, words in choices:
            field.addItem(words, value)
        field.setCurrentIndex(field.findData(chosen))
