"""The fields of a preset's form: each knows its entry, and shows there what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.preset_document import Fault
from inspector_app.gui.dialogs import files, preset_texts
from inspector_app.gui.dialogs.preset_texts import Form, at, with_value
from inspector_app.gui.parts import muted, plain
from inspector_app.gui.wording.preset_words import entry_help, entry_label, fault_words

_LABEL_WIDTH = 150
_LINE_HEIGHT = 22
_CROSS = "\N{MULTIPLICATION X}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the form.

    Attributes:
        place: In the file.
        form: How it is typed; None for a switch or a choice.
        lines: Height of its field.
        is_choice: Whether it is chosen from a list.
        picks: Whether pictures can be picked for it: one, or several, a line each.
    """

    place: str
    form: Form | None = preset_texts.TEXT
    lines: int = 1
    is_choice: bool = False
    picks: bool = False


SWITCH = None

FORM: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Question",
        (
            Entry("title"),
            Entry("title_zh"),
            Entry("about", lines=3),
            Entry("about_zh", lines=2),
            Entry("trade", is_choice=True),
            Entry("prompt.question", lines=2),
            Entry("prompt.template", is_choice=True),
            Entry("prompt.language", is_choice=True),
            Entry("prompt.variables", preset_texts.VARIABLES, lines=2),
            Entry("prompt.neutral", lines=2),
        ),
    ),
    (
        "Looking",
        (
            Entry("model.name", is_choice=True),
            Entry("model.precision", is_choice=True),
            Entry("look.strategy", is_choice=True),
            Entry("look.count", preset_texts.NUMBER),
            Entry("look.gate", preset_texts.NUMBER),
            Entry("look.layer", preset_texts.NUMBER),
            Entry("look.max_tokens", preset_texts.NUMBER),
            Entry("look.each_crop", SWITCH),
            Entry("look.scales", preset_texts.NUMBERS),
            Entry("look.crop_scales", preset_texts.NUMBERS),
            Entry("look.merge_overlap", preset_texts.NUMBER),
            Entry("look.fuse_boxes", SWITCH),
            Entry("look.budget", preset_texts.NUMBER),
            Entry("look.resolution", preset_texts.NUMBER),
            Entry("look.token_budget", preset_texts.NUMBER),
            Entry("look.reweighting", preset_texts.NUMBER),
            Entry("look.reweight_by", is_choice=True),
            Entry("look.mixing", preset_texts.NUMBER),
        ),
    ),
    (
        "Regions",
        (
            Entry("regions.rois", preset_texts.ROIS, lines=5),
            Entry("windows", preset_texts.NAMES),
            Entry("regions.template_picture", preset_texts.PICTURE, picks=True),
        ),
    ),
    (
        "Operator",
        (
            Entry("operator.serial", is_choice=True),
            Entry("golden.good", preset_texts.LINES, lines=3, picks=True),
            Entry("golden.bad", preset_texts.LINES, lines=3, picks=True),
            Entry("golden.each", preset_texts.NUMBER),
            Entry("golden.every_hours", preset_texts.NUMBER),
        ),
    ),
    (
        "Aims",
        (
            Entry("targets.accuracy", preset_texts.NUMBER),
            Entry("targets.latency_ms", preset_texts.NUMBER),
            Entry("run.ahead", preset_texts.NUMBER),
            Entry("run.reading", is_choice=True),
            Entry("run.batch", preset_texts.NUMBER),
            Entry("run.reports", preset_texts.NAMES),
            Entry("run.report_after", SWITCH, is_choice=True),
            Entry("run.report_folder"),
        ),
    ),
)
"""(title, its entries) of each page, in the order of the tabs; rules have a page of their own."""

Control = QLineEdit | QPlainTextEdit | QComboBox | QCheckBox


class Field(QWidget):
    """A control for one entry, with words below it when something is wrong.

    Signals:
        edited: A person changed it.
    """

    edited = Signal()

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._shown: Any = None
        self._original: Any = None
        self.label = QLabel()
        self.label.setMinimumWidth(_LABEL_WIDTH)
        self.control = self._control()
        # Level with the first line of what stands beside it.
        above = 2 if isinstance(self.control, QCheckBox) else 7
        self.label.setContentsMargins(0, above, 0, 0)
        self.label.setBuddy(self.control)
        self.note = muted()
        # The cross before the words says without colour that they are about trouble.
        self.fault = plain(role="trouble")
        self.fault.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.control)
        self.pick: QPushButton | None = None
        if entry.picks:
            self.pick = QPushButton()
            self.pick.setAutoDefault(False)
            self.pick.clicked.connect(self._pick)
            layout.addWidget(self.pick, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.note)
        layout.addWidget(self.fault)

    def _control(self) -> Control:
        entry = self.entry
        if entry.is_choice:
            choice = QComboBox()
            choice.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choice.activated.connect(lambda _at: self.edited.emit())
            return choice
        if entry.form is None:
            switch = QCheckBox()
            switch.toggled.connect(lambda _is_on: self.edited.emit())
            return switch
        if entry.lines > 1:
            page = QPlainTextEdit()
            page.setTabChangesFocus(True)
            page.setMinimumHeight(entry.lines * _LINE_HEIGHT + 14)
            page.setMaximumHeight(entry.lines * _LINE_HEIGHT + 14)
            page.textChanged.connect(self.edited)
            return page
        line = QLineEdit()
        line.textEdited.connect(lambda _text: self.edited.emit())
        return line

    def _pick(self) -> None:
        """Put the files that are picked into the field; several are added to what is there."""
        control = self.control
        picked = files.pictures(self)
        if not picked:
            return
        if isinstance(control, QPlainTextEdit):
            lines = [*control.toPlainText().splitlines(), *picked]
            control.setPlainText("\n".join(dict.fromkeys(line for line in lines if line.strip())))
        elif isinstance(control, QLineEdit):
            control.setText(picked[0])
            self.edited.emit()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """(value, words) of what can be chosen."""
        if isinstance(self.control, QComboBox):
            chosen = self.control.currentData()
            with QSignalBlocker(self.control):
                self.control.clear()
                for value, words in choices:
                    self.control.addItem(words, value)
            self._choose(chosen)

    def show_value(self, value: Any) -> None:
        """Show what stands in the document."""
        control, form = self.control, self.entry.form
        with QSignalBlocker(control):
            if isinstance(control, QCheckBox):
                control.setChecked(bool(value))
            elif isinstance(control, QComboBox):
                self._choose(value)
            elif form is not None:
                words = form.write(value)
                if isinstance(control, QLineEdit):
                    control.setText(words)
                else:
                    control.setPlainText(words)
        self._shown, self._original = self.value, value

    def _choose(self, value: Any) -> None:
        control = self.control
        if not isinstance(control, QComboBox):
            return
        with QSignalBlocker(control):
            if control.findData(value) < 0 and value is not None:
                # What is not offered here is shown all the same, with its fault below.
                control.addItem(str(value), value)
            control.setCurrentIndex(control.findData(value))

    @property
    def taken(self) -> Any:
        """What stands in the document now; what was not touched stays to the letter."""
        if self.value == self._shown:
            return self._original
        if self.entry.form is preset_texts.ROIS:
            return preset_texts.merged_rois(self.value, self._original)
        return self.value

    @property
    def value(self) -> Any:
        """What would stand in the document."""
        control, form = self.control, self.entry.form
        if isinstance(control, QCheckBox):
            return control.isChecked()
        if isinstance(control, QComboBox):
            return control.currentData() or ""
        text = control.text() if isinstance(control, QLineEdit) else control.toPlainText()
        return form.read(text) if form is not None else text

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Say below the field what is wrong with its entry."""
        place = self.entry.place
        own = [one for one in faults if one.place == place or one.place.startswith(f"{place}.")]
        words = [f"{_CROSS} {fault_words(one, at=place)}" for one in own[:3]]
        self.fault.setText("\n".join(words))
        self.fault.setVisible(bool(words))
        self.control.setAccessibleDescription(" ".join(words))

    def tell(self, words: str) -> None:
        """Say something of its value below it, in the place of what it may hold."""
        self.note.setText(words or entry_help(self.entry.place))
        self.note.setVisible(bool(self.note.text()))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        place = self.entry.place
        words, help_words = entry_label(place), entry_help(place)
        self.label.setText(words)
        self.control.setAccessibleName(words)
        if self.pick is not None:
            is_one = place == "regions.template_picture"
            words_one, words_many = self.tr("Choose a picture …"), self.tr("Choose pictures …")
            self.pick.setText(words_one if is_one else words_many)
            self.pick.setAccessibleName(f"{words}: {self.pick.text()}")
        self.note.setText(help_words)
        self.note.setVisible(bool(help_words))


def scrolled(page: QWidget) -> QScrollArea:
    """A page that may be longer than there is room."""
    area = QScrollArea()
    area.setObjectName("panel")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(page)
    return area


class Page(QWidget):
    """One page of fields.

    Signals:
        edited: A person changed one of them.
    """

    edited = Signal()

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = {entry.place: Field(entry) for entry in entries}
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 14, 16, 14)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(self.fields.values()):
            grid.addWidget(field.label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, row, 1)
            field.edited.connect(self.edited)
        grid.setRowStretch(len(self.fields), 1)

    def show_document(self, document: dict[str, Any]) -> None:
        """Fill every field."""
        for place, field in self.fields.items():
            field.show_value(at(document, place))

    def taken(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document with what was typed."""
        for place, field in self.fields.items():
            document = with_value(document, place, field.taken)
        return document
