"""What is to be studied: kind, pictures, how many."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.studies import RunStudy, StudyKind
from inspector_app.gui.parts import muted
from inspector_app.gui.wording.study_words import kind_help, kind_word


class StudyForm(QWidget):
    """The choices of a study.

    Signals:
        changed: Anything was chosen otherwise.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.help = QComboBox(), muted()
        for _ in StudyKind:
            self.kind.addItem("")
        self.drawn, self.own = QRadioButton(), QRadioButton()
        self._source = QButtonGroup(self)
        for button in (self.drawn, self.own):
            self._source.addButton(button)
        self.file, self.browse = QLineEdit(), QPushButton()
        self.boxes = QComboBox()
        self.boxes.addItems(["x0, y0, x1, y1", "x, y, width, height"])
        self.scenes, self.count = QSpinBox(), QSpinBox()
        self.scenes.setRange(1, 300)
        self.scenes.setValue(10)
        self.count.setRange(1, 4)
        for number in (self.scenes, self.count):
            # Style sheets do not keep the number from the edge of its box.
            number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._kind_label, self._boxes_label = QLabel(), QLabel()
        self._scenes_label, self._count_label = QLabel(), QLabel()
        self._layout_words = muted()
        self.drawn.setChecked(True)
        self._arrange()
        self.kind.currentIndexChanged.connect(lambda _at: self._show())
        self._source.buttonToggled.connect(lambda _button, _on: self._show())
        self.file.textChanged.connect(lambda _text: self._show())
        self.browse.clicked.connect(self._choose)
        self._show()

    def _arrange(self) -> None:
        picked = QHBoxLayout()
        picked.setSpacing(6)
        picked.addWidget(self.file, 1)
        picked.addWidget(self.browse)
        rows = QFormLayout()
        rows.setSpacing(8)
        rows.addRow(self._scenes_label, self.scenes)
        rows.addRow(self._count_label, self.count)
        written = QHBoxLayout()
        written.setSpacing(8)
        written.addWidget(self._boxes_label)
        written.addWidget(self.boxes, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._kind_label)
        column.addWidget(self.kind)
        column.addWidget(self.help)
        column.addSpacing(6)
        column.addWidget(self.drawn)
        column.addWidget(self.own)
        column.addLayout(picked)
        column.addWidget(self._layout_words)
        column.addLayout(written)
        column.addSpacing(6)
        column.addLayout(rows)
        column.addStretch()
        self.browse.setAutoDefault(False)
        for label, field in (
            (self._kind_label, self.kind),
            (self._boxes_label, self.boxes),
            (self._scenes_label, self.scenes),
            (self._count_label, self.count),
        ):
            label.setBuddy(field)
        # Their words change with the language.
        for chooser in (self.kind, self.boxes):
            chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._kind_label.setText(self.tr("What is measured"))
        for at, kind in enumerate(StudyKind):
            self.kind.setItemText(at, kind_word(kind))
        self.drawn.setText(self.tr("Scenes that are drawn"))
        self.own.setText(self.tr("Labelled pictures of your own"))
        self.file.setPlaceholderText(self.tr("A JSON file"))
        self.file.setAccessibleName(self.tr("A JSON file"))
        self.browse.setText(self.tr("Choose …"))
        self._layout_words.setText(
            self.tr("A list of image, question, answers and box, as in TextVQA_GT_bbox.")
        )
        self._boxes_label.setText(self.tr("Boxes are"))
        self._scenes_label.setText(self.tr("Scenes per trade and size"))
        self._count_label.setText(self.tr("Most crops"))
        self._show()

    @property
    def chosen_kind(self) -> StudyKind:
        """What is measured."""
        return list(StudyKind)[max(0, self.kind.currentIndex())]

    @property
    def is_complete(self) -> bool:
        """Whether it can begin."""
        return self.drawn.isChecked() or bool(self.file.text().strip())

    def request(self, *, model: str, device: str, precision: str) -> RunStudy:
        """The study that is chosen, for a model."""
        return RunStudy(
            self.chosen_kind,
            model=model,
            device=device,
            precision=precision,
            file="" if self.drawn.isChecked() else self.file.text().strip(),
            is_width_height=self.boxes.currentIndex() == 1,
            scenes=self.scenes.value(),
            count=self.count.value(),
        )

    def _show(self) -> None:
        self.help.setText(kind_help(self.chosen_kind))
        is_own = self.own.isChecked()
        of_own: tuple[QWidget, ...] = (self.file, self.browse, self.boxes, self._boxes_label)
        for widget in (*of_own, self._layout_words):
            widget.setEnabled(is_own)
        self.scenes.setEnabled(not is_own)
        self._scenes_label.setEnabled(not is_own)
        # Tuning tries several counts by itself, and layers are read without crops.
        self.count.setVisible(self.chosen_kind is StudyKind.SIZE)
        self._count_label.setVisible(self.chosen_kind is StudyKind.SIZE)
        self.changed.emit()

    def _choose(self) -> None:
        title = self.tr("Labelled pictures")
        name, _ = QFileDialog.getOpenFileName(self, title, self.file.text(), "JSON (*.json)")
        if name:
            self.file.setText(name)
            self.own.setChecked(True)
