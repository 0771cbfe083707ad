"""The findings that are selected, field by field; a change goes to all of them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from inspector_app.domain.finding import Severity
from inspector_app.domain.gesture import OwnFinding
from inspector_app.gui.findings import Found
from inspector_app.gui.parts import caption
from inspector_app.gui.session import Session
from inspector_app.gui.wording.verdict_words import severity_word, type_meant, type_words

_TEXTS = ("text", "colour", "texture", "note")
_NO_SIZE = -1.0


class FindingForm(QWidget):
    """Label, severity, text and the finer attributes.

    Args:
        session: Stores what is changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._findings = session.findings
        self._ids: tuple[str, ...] = ()
        self.label, self.severity, self.unit = QComboBox(), QComboBox(), QComboBox()
        self.forget = QToolButton()
        self.texts = {name: QLineEdit() for name in _TEXTS}
        self.size_field = QDoubleSpinBox()
        self._captions = {name: caption() for name in ("label", *_TEXTS, "size")}
        self._build()
        self._listen()
        self.hide()

    def _build(self) -> None:
        for box in (self.label, self.severity):
            # Words of any length must not widen the panel.
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.label.setEditable(True)
        self.label.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        if (line := self.label.lineEdit()) is not None:
            line.setMaxLength(80)
            line.setProperty("takes_enter", True)
        for field in self.texts.values():
            field.setMaxLength(400)
            # Enter stores what is typed; it does not inspect.
            field.setProperty("takes_enter", True)
        self.size_field.setRange(_NO_SIZE, 1e6)
        self.size_field.setKeyboardTracking(False)
        self.unit.addItems(["px", "mm"])
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        places = {
            "label": (0, 0),
            "text": (1, 0),
            "colour": (2, 0),
            "texture": (2, 3),
            "size": (3, 0),
            "note": (4, 0),
        }
        for name, (row, column) in places.items():
            grid.addWidget(self._captions[name], row, column)
        grid.addWidget(self.label, 0, 1, 1, 2)
        grid.addWidget(self.forget, 0, 3)
        grid.addWidget(self.severity, 0, 4)
        grid.addWidget(self.texts["text"], 1, 1, 1, 4)
        grid.addWidget(self.texts["colour"], 2, 1, 1, 2)
        grid.addWidget(self.texts["texture"], 2, 4)
        grid.addWidget(self.size_field, 3, 1, 1, 2)
        grid.addWidget(self.unit, 3, 3, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.texts["note"], 4, 1, 1, 4)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(4, 1)
        for part in (*self.texts.values(), self.size_field):
            part.setMinimumWidth(60)

    def _listen(self) -> None:
        self.label.activated.connect(lambda _at: self._edit(label=self._label))
        if (line := self.label.lineEdit()) is not None:
            line.editingFinished.connect(lambda: self._edit(label=self._label))
        self.severity.activated.connect(
            lambda at: self._edit(severity=list(Severity)[at]) if at >= 0 else None
        )
        for name, field in self.texts.items():
            field.editingFinished.connect(lambda name=name, field=field: self._on_text(name, field))
        self.size_field.valueChanged.connect(lambda _value: self._on_size())
        self.unit.activated.connect(lambda _at: self._edit(unit=self.unit.currentText()))
        self.forget.clicked.connect(self._on_forget)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        words = {
            "label": (self.tr("What"), self.tr("What it is; a new word joins the list")),
            "text": (self.tr("Text"), self.tr("What is written there, or what the answer must be")),
            "colour": (self.tr("Colour"), self.tr("Colour, in words")),
            "texture": (self.tr("Texture"), self.tr("Texture, in words")),
            "size": (self.tr("Size"), self.tr("Size; empty where nobody said")),
            "note": (self.tr("Note"), self.tr("Anything else")),
        }
        fields = {**self.texts, "label": self.label, "size": self.size_field}
        for name, (short, tip) in words.items():
            self._captions[name].setText(short)
            fields[name].setToolTip(tip)
            fields[name].setAccessibleName(tip)
        self.size_field.setSpecialValueText(self.tr("not said"))
        self.unit.setAccessibleName(self.tr("Unit"))
        self.severity.setAccessibleName(self.tr("Severity"))
        self.severity.setToolTip(self.tr("How bad it is"))
        self.forget.setText("\N{MINUS SIGN}")
        self.forget.setToolTip(self.tr("Take this word out of the list"))
        self.forget.setAccessibleName(self.forget.toolTip())
        with QSignalBlocker(self.severity):
            self.severity.clear()
            for one in Severity:
                self.severity.addItem(severity_word(one), one)
        self.show_findings(self._ids)

    def show_findings(self, ids: Sequence[str]) -> None:
        """These are selected now."""
        every = [one for id in ids if (one := self._findings.get(id)) is not None]
        self._ids = tuple(ids) if every else ()
        self.setVisible(bool(every))
        if not every:
            return
        is_own = all(isinstance(one, OwnFinding) for one in every)
        for name, field in self.texts.items():
            self._fill(field, _common([_value(one, name) for one in every]))
            field.setVisible(name == "text" or is_own)
            self._captions[name].setVisible(name == "text" or is_own)
        for part in (self.size_field, self.unit, self._captions["size"]):
            part.setVisible(is_own)
        self._show_choices(every)

    @property
    def _label(self) -> str:
        """What is typed or chosen there; shipped labels are kept in English in every language."""
        return type_meant(self.label.currentText().strip())

    def _show_choices(self, every: Sequence[Found | OwnFinding]) -> None:
        label = _common([one.label for one in every])
        with QSignalBlocker(self.label):
            self.label.clear()
            self.label.addItems([type_words(one) for one in self._findings.labels])
            self.label.setCurrentText(type_words(label or ""))
        self.forget.setEnabled(label in self._session.settings.labels)
        severity = _common([str(one.severity) for one in every])
        with QSignalBlocker(self.severity):
            self.severity.setCurrentIndex(
                list(Severity).index(Severity(severity)) if severity else -1
            )
        own = [one for one in every if isinstance(one, OwnFinding)]
        sizes = {one.size for one in own}
        with QSignalBlocker(self.size_field), QSignalBlocker(self.unit):
            (size,) = sizes if len(sizes) == 1 else (None,)
            self.size_field.setValue(_NO_SIZE if size is None else size)
            # A size that nobody said yet is likely one in millimetres, where there are any.
            frame = self._session.picture.frame if self._session.picture is not None else None
            usual = "mm" if frame is not None and frame.mm_per_pixel is not None else "px"
            self.unit.setCurrentText(own[0].unit if own and size is not None else usual)

    def _fill(self, field: QLineEdit, text: str | None) -> None:
        field.setPlaceholderText(self.tr("(several)") if text is None else "")
        if field.text() != (text or ""):
            field.setText(text or "")
        field.setModified(False)

    # Doing ---------------------------------------------------------------------------

    def _edit(self, **changes: Any) -> None:
        self._findings.edit(self._ids, **changes)

    def _on_text(self, name: str, field: QLineEdit) -> None:
        # Leaving a field that shows nothing because of several values changes none of them.
        if field.isModified():
            field.setModified(False)
            self._edit(**{name: field.text().strip()})

    def _on_size(self) -> None:
        value = self.size_field.value()
        size = None if value < 0 else value
        own = [one for id in self._ids if isinstance(one := self._findings.get(id), OwnFinding)]
        if own and {one.size for one in own} != {size}:
            self._edit(size=size, unit=self.unit.currentText())

    def _on_forget(self) -> None:
        self._findings.forget(self._label)
        self.show_findings(self._ids)


def _value(one: Found | OwnFinding, name: str) -> str:
    return str(getattr(one, name, ""))


def _common(values: Sequence[str]) -> str | None:
    """What all have; None where they differ."""
    return values[0] if len(set(values)) == 1 else None
